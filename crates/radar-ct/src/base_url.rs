//! Where the API is.

use std::fmt::{self, Write};
use std::net::IpAddr;

use http::Uri;
use radar_ct_model::{Csv, Endpoint};

use crate::environment::text_of;
use crate::error::Error;

/// The environment variable that moves the API, for an emulator or a gateway.
pub(crate) const BASE_URL_VARIABLE: &str = "CLOUDFLARE_BASE_URL";

/// Where the API is. Plain `http` is for loopback only, so that credentials never travel in clear.
///
/// ```
/// use radar_ct::BaseUrl;
/// assert_eq!(BaseUrl::default().as_str(), "https://api.cloudflare.com/client/v4");
/// assert!(BaseUrl::parse("http://127.0.0.1:8787/client/v4/").is_ok());
/// assert!(BaseUrl::parse("http://example.com/client/v4").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl Default for BaseUrl {
    fn default() -> Self {
        Self("https://api.cloudflare.com/client/v4".to_owned())
    }
}

impl BaseUrl {
    /// Reads a base URL; a `/` at its end makes no difference.
    ///
    /// # Errors
    /// Unless it is `https`, or `http` to a loopback address, without user, query and fragment.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        // A URL can hold a password, so nothing of a refused one is repeated but its host.
        let refused = |why: String| Err(Error::configuration(format!("the base URL {why}")));
        if text.contains('#') {
            return refused("has a fragment: leave it out".to_owned());
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return refused("cannot be read: it looks like https://host/path".to_owned());
        };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return refused("needs a scheme and a host, as in https://host/path".to_owned());
        };
        if authority.as_str().contains('@') {
            return refused("holds a user name or password: leave it out".to_owned());
        }
        if uri.query().is_some() {
            return refused("has a query: leave it out".to_owned());
        }
        let host = authority.host();
        // `Uri` takes `host:` and `host:x` for a host without a port.
        let after_host = authority.as_str().strip_prefix(host).unwrap_or_default();
        if host.is_empty() || (!after_host.is_empty() && authority.port_u16().is_none()) {
            return refused("has no host, or a port that is no number".to_owned());
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => {
                return refused(format!(
                    "is plain http to `{}`, which is not a loopback address: use https, so that the credentials do not travel in clear",
                    host.escape_debug()
                ));
            }
            other => return refused(format!("has the scheme `{}`: use https", other.escape_debug())),
        }
        Ok(Self(format!("{scheme}://{authority}{}", uri.path().trim_end_matches('/'))))
    }

    /// From `CLOUDFLARE_BASE_URL`, where it is set and not empty; otherwise the API's own.
    ///
    /// # Errors
    /// Where what is set cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        match text_of(BASE_URL_VARIABLE, |name| std::env::var_os(name))? {
            Some(text) => {
                Self::parse(&text).map_err(|error| error.with_hint(format!("correct {BASE_URL_VARIABLE}")))
            }
            None => Ok(Self::default()),
        }
    }

    /// The URL, without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole URL of a call that decodes JSON, once its parameters have been checked.
    ///
    /// # Errors
    /// Where a parameter breaks a documented rule, or the URL is longer than one can be.
    pub fn url_of(&self, endpoint: &impl Endpoint) -> Result<String, Error> {
        let query = endpoint.prepare().map_err(Error::parameter)?;
        let path = endpoint.path();
        // Room for most queries, so that it is written once.
        let mut url = String::with_capacity(self.0.len() + path.len() + 128);
        url.push_str(&self.0);
        url.push_str(&path);
        if !query.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(url, "?{query}");
        }
        Ok(url)
    }

    /// As [`url_of`](Self::url_of), for a call that ends in CSV.
    ///
    /// # Errors
    /// As [`url_of`](Self::url_of).
    pub fn csv_url_of(&self, endpoint: &impl Endpoint) -> Result<String, Error> {
        self.url_of(&Csv(endpoint))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether the host is this machine by its very writing: no name but `localhost` is looked up to find out.
fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_may_be_plain_and_nothing_else() {
        for good in [
            "https://api.cloudflare.com/client/v4",
            "http://localhost:1/x/",
            "http://LOCALHOST",
            "http://127.8.9.1:80",
            "http://[::1]:8787/client/v4",
            "https://gateway.example:8443",
        ] {
            let url = BaseUrl::parse(good).unwrap();
            assert!(!url.as_str().ends_with('/'), "{url}");
        }
        for bad in [
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://2130706433",
            "http://user:pw@127.0.0.1",
            "https://user@api.cloudflare.com",
            "ftp://127.0.0.1",
            "127.0.0.1:80",
            "https://",
            "https://h/?a=b",
            "https://h/#f",
            "",
            "https://h:port/",
            "http://[::2]",
            "http://0.0.0.0",
            "https://h o/",
        ] {
            let error = BaseUrl::parse(bad).unwrap_err();
            assert!(error.is_usage() && !error.to_string().contains("pw"), "{bad}: {error}");
        }
    }
}
