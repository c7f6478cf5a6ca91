//! The base URL of the API.

use std::fmt::{self, Write};
use std::net::IpAddr;

use http::Uri;
use radar_ct_model::Endpoint;
use radar_ct_transport::internal::check_host_and_port;

use crate::environment::env_text;
use crate::error::Error;

/// The base URL of the API. Plain `http` is for loopback only, so that credentials are never sent
/// unencrypted.
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
    /// The environment variable of the base URL, for an emulator or a gateway: `CLOUDFLARE_BASE_URL`.
    pub const VARIABLE: &str = "CLOUDFLARE_BASE_URL";

    /// Parses a base URL. A trailing `/` is ignored.
    ///
    /// # Errors
    /// Returns an error unless the URL is `https`, or `http` to a loopback address, without user, query and
    /// fragment.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        // A URL may contain a password, so the error repeats nothing but the host.
        let invalid = |reason: String| Err(Error::configuration(format!("the base URL {reason}")));
        if text.contains('#') {
            return invalid("has a fragment: remove it".to_owned());
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return invalid("is malformed: write it as https://host/path".to_owned());
        };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return invalid("needs a scheme and a host, as in https://host/path".to_owned());
        };
        if authority.as_str().contains('@') {
            return invalid("contains a user name or password: remove it".to_owned());
        }
        if uri.query().is_some() {
            return invalid("has a query: remove it".to_owned());
        }
        if let Err(reason) = check_host_and_port(authority) {
            return invalid(reason.to_owned());
        }
        let host = authority.host();
        match scheme {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => {
                return invalid(format!(
                    "is plain http to `{}`, which is not a loopback address: use https, so that the \
                     credentials are encrypted",
                    host.escape_debug()
                ));
            }
            other => return invalid(format!("has the scheme `{}`: use https", other.escape_debug())),
        }
        Ok(Self(format!("{scheme}://{authority}{}", uri.path().trim_end_matches('/'))))
    }

    /// Reads the base URL from [`VARIABLE`](Self::VARIABLE). Returns the default if that is unset or empty.
    ///
    /// # Errors
    /// Returns an error if the value is invalid.
    pub fn from_env() -> Result<Self, Error> {
        match env_text(Self::VARIABLE, |name| std::env::var_os(name))? {
            Some(text) => {
                Self::parse(&text).map_err(|error| error.with_hint(format!("correct {}", Self::VARIABLE)))
            }
            None => Ok(Self::default()),
        }
    }

    /// Returns the URL, without a trailing `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Validates the parameters of an endpoint, and returns the URL of its request.
    ///
    /// ```
    /// use radar_ct::{BaseUrl, Csv, TimeseriesParams};
    /// let params = TimeseriesParams::new().tld("de");
    /// let url = BaseUrl::default().url_for(&Csv(&params))?;
    /// assert_eq!(url, "https://api.cloudflare.com/client/v4/radar/ct/timeseries?tld=de&format=CSV");
    /// # Ok::<(), radar_ct::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if a parameter breaks a documented rule.
    pub fn url_for(&self, endpoint: &impl Endpoint) -> Result<String, Error> {
        let query = endpoint.prepare()?;
        let path = endpoint.path();
        // Large enough for most queries, so that there is one allocation.
        let mut url = String::with_capacity(self.0.len() + path.len() + 128);
        url.push_str(&self.0);
        url.push_str(&path);
        if !query.is_empty() {
            // Writing to a string never fails.
            let _ = write!(url, "?{query}");
        }
        Ok(url)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Returns whether a host is a loopback address or `localhost`. Other names are not resolved.
fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_allowed_for_loopback_only() {
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
