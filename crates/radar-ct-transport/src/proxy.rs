//! The proxy rule: which proxy is used, and which requests go through it.
//!
//! One rule for both backends, since their own rules differ: one matches the subdomains of an entry in
//! `NO_PROXY`, the other does not; neither knows ports; and one of them silently ignores a proxy that it
//! cannot use.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;

use http::Uri;
use http::uri::Scheme;

use crate::config::ProxyChoice;
use crate::error::{TransportError, TransportErrorKind};
use crate::internal::{check_host_and_port, env_text};
use crate::no_proxy;

/// The variables that name a proxy; the first one that is set counts. `HTTP_PROXY` is not among them:
/// requests over plain `http` take no proxy.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy, and the hosts that are reached without it.
#[derive(Clone)]
pub(crate) struct ResolvedProxy {
    /// The URL, which may hold a password.
    pub(crate) url: String,
    /// The value of `NO_PROXY`.
    no_proxy: String,
}

impl fmt::Debug for ResolvedProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolvedProxy").field("no_proxy", &self.no_proxy).finish_non_exhaustive()
    }
}

impl ResolvedProxy {
    /// Resolves the choice, if necessary by the environment. `None` means no proxy.
    pub(crate) fn resolve(choice: &ProxyChoice) -> Result<Option<Self>, TransportError> {
        Self::resolve_with(choice, |name| std::env::var_os(name))
    }

    fn resolve_with(
        choice: &ProxyChoice,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Option<Self>, TransportError> {
        let first_set = |names: &[&'static str]| {
            let mut set = names.iter().filter_map(|name| {
                let text = env_text(name, variable(name)).map_err(invalid).transpose()?;
                Some(text.map(|text| (*name, text)))
            });
            set.next().transpose()
        };
        match choice {
            ProxyChoice::Direct => Ok(None),
            ProxyChoice::Url(url) => {
                let url = parse(&url.to_string()).map_err(|why| invalid(format!("the proxy URL {why}")))?;
                Ok(Some(Self { url, no_proxy: String::new() }))
            }
            ProxyChoice::Environment => {
                let Some((name, url)) = first_set(&PROXY_VARIABLES)? else { return Ok(None) };
                let url = parse(&url).map_err(|why| invalid(format!("the proxy URL in {name} {why}")))?;
                let no_proxy = first_set(&NO_PROXY_VARIABLES)?.map(|(_, hosts)| hosts).unwrap_or_default();
                Ok(Some(Self { url, no_proxy }))
            }
        }
    }

    /// Returns whether a request to this URL goes through the proxy. Plain `http` never does, since the proxy
    /// would see the credentials.
    pub(crate) fn applies_to(&self, target: &Uri) -> bool {
        let Some(host) = target.host().filter(|_| target.scheme() == Some(&Scheme::HTTPS)) else {
            return false;
        };
        !no_proxy::excludes(&self.no_proxy, host, target.port_u16().unwrap_or(443))
    }
}

/// Reports a failed connection as the proxy's: a request through a proxy connects to nothing else.
pub(crate) fn attribute_to_proxy(error: TransportError) -> TransportError {
    match error.kind() {
        TransportErrorKind::Resolve | TransportErrorKind::Connect => {
            error.with_kind(TransportErrorKind::Proxy)
        }
        _ => error,
    }
}

/// Describes the refusal of a proxy in the same words for both backends. Only one of them reports the status.
pub(crate) fn describe_refusal(message: &str) -> String {
    if message.contains("responded 407") || message.contains("proxy authorization required") {
        return "it requires a user name and a password, or rejected those in its URL".to_owned();
    }
    if message.contains("did not respond") || message.contains("tunnel error: unexpected end of file") {
        return "it closed the connection".to_owned();
    }
    let refused = "it refused to connect to the host";
    match message.split_once("responded ").and_then(|(_, status)| status.split_once('/')) {
        Some((status, _)) => format!("{refused}: status {status}"),
        None if message.contains("tunnel error: unsuccessful") => refused.to_owned(),
        None => message.to_owned(),
    }
}

fn invalid(reason: String) -> TransportError {
    TransportError::new(TransportErrorKind::InvalidRequest, reason)
}

/// Parses the URL of a proxy and adds a missing scheme. The error never repeats the text, which may hold a
/// password.
fn parse(text: &str) -> Result<String, Cow<'static, str>> {
    let text = text.trim();
    let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let malformed = "is malformed: write it as http://host:port";
    let url: Uri = text.parse().map_err(|_| malformed)?;
    match url.scheme_str() {
        Some("http" | "https") => {}
        // `://host` has the empty scheme.
        None | Some("") => return Err(malformed.into()),
        Some(scheme) => {
            let scheme = scheme.escape_debug();
            return Err(format!("has the scheme `{scheme}`: use a proxy over http or https").into());
        }
    }
    let authority = url.authority().ok_or(malformed)?;
    check_host_and_port(authority)?;
    // ureq would refuse it, reqwest would send something else.
    if !is_utf8_when_unescaped(authority.as_str()) {
        return Err("has percent-encoded bytes that are not UTF-8 in its user name or password".into());
    }
    Ok(text)
}

fn is_utf8_when_unescaped(escaped: &str) -> bool {
    let mut parts = escaped.split('%');
    let mut unescaped = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.split_at_checked(2).map(|(digits, rest)| (u8::from_str_radix(digits, 16), rest)) {
            Some((Ok(byte), rest)) => {
                unescaped.push(byte);
                unescaped.extend(rest.bytes());
            }
            _ => unescaped.extend(part.bytes()),
        }
    }
    std::str::from_utf8(&unescaped).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variables of an environment.
    type Variables<'a> = &'a [(&'a str, &'a str)];

    fn resolve(pairs: Variables<'_>) -> Result<Option<ResolvedProxy>, TransportError> {
        ResolvedProxy::resolve_with(&ProxyChoice::Environment, |name| {
            pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).into())
        })
    }

    fn reason(result: Result<Option<ResolvedProxy>, TransportError>) -> String {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
        std::error::Error::source(&error).unwrap().to_string()
    }

    #[test]
    fn first_non_empty_variable_names_the_proxy() {
        let table: [(Variables<'_>, Option<&str>); 9] = [
            (&[], None),
            (&[("HTTP_PROXY", "http://a:1"), ("http_proxy", "http://a:1")], None),
            (&[("HTTPS_PROXY", "http://a:1"), ("https_proxy", "b"), ("ALL_PROXY", "c")], Some("http://a:1")),
            (&[("HTTPS_PROXY", ""), ("https_proxy", "b"), ("ALL_PROXY", "c")], Some("http://b")),
            (&[("ALL_PROXY", "c:3128"), ("all_proxy", "d")], Some("http://c:3128")),
            (&[("all_proxy", " https://u:p@d/ ")], Some("https://u:p@d/")),
            (&[("all_proxy", "[::1]:3128")], Some("http://[::1]:3128")),
            (&[("all_proxy", "http://%C3%9F:100%@h")], Some("http://%C3%9F:100%@h")),
            (&[("HTTPS_PROXY", ""), ("NO_PROXY", "*")], None),
        ];
        for (pairs, url) in table {
            assert_eq!(resolve(pairs).unwrap().map(|proxy| proxy.url).as_deref(), url, "{pairs:?}");
        }
    }

    #[test]
    fn unusable_proxies_are_errors() {
        for (url, expected) in [
            ("socks5://u:pw@h:1080", "the scheme `socks5`"),
            ("socks5h://h", "the scheme `socks5h`"),
            ("ftp://h", "the scheme `ftp`"),
            ("http://", "is malformed"),
            ("://pw", "is malformed"),
            ("http://pw h", "is malformed"),
            ("http:///pw", "is malformed"),
            ("  ", "is malformed"),
            ("h:port", "an invalid port"),
            ("http://u:pw@h:", "an invalid port"),
            ("http://u:pw@h:99999", "an invalid port"),
            ("http://u:pw@:80", "no host"),
            ("http://[]:80", "no host"),
            ("http://pw:%df@h", "not UTF-8"),
            ("http://pw:%C3x%9F@h", "not UTF-8"),
        ] {
            let message = reason(resolve(&[("ALL_PROXY", url)]));
            assert!(
                message.contains(expected) && message.contains("ALL_PROXY") && !message.contains("pw"),
                "{url}: {message}"
            );
            // The same holds for `ProxyChoice::Url`, if the text is a URL.
            if let Ok(url) = url.parse::<Uri>() {
                let message = reason(ResolvedProxy::resolve_with(&ProxyChoice::Url(url.clone()), |_| None));
                assert!(message.contains(expected) && !message.contains("pw"), "{url}: {message}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn variables_that_are_not_utf8_are_errors() {
        use std::os::unix::ffi::OsStringExt;
        let bad = OsString::from_vec(vec![b'h', 0xff]);
        for bad_name in ["HTTPS_PROXY", "NO_PROXY"] {
            let message = reason(ResolvedProxy::resolve_with(&ProxyChoice::Environment, |name| match name {
                _ if name == bad_name => Some(bad.clone()),
                "HTTPS_PROXY" => Some("http://h".into()),
                _ => None,
            }));
            assert_eq!(message, format!("the environment variable {bad_name} is not UTF-8"));
        }
    }

    #[test]
    fn hosts_in_no_proxy_are_reached_without_the_proxy() {
        let proxy = resolve(&[("ALL_PROXY", "p"), ("no_proxy", "a.example:8, [::1]")]).unwrap().unwrap();
        for (url, applies) in [
            ("https://a.example:8", false),
            ("https://a.example", true),
            ("https://[::1]", false),
            ("https://b.example", true),
        ] {
            assert_eq!(proxy.applies_to(&url.parse().unwrap()), applies, "{url}");
        }
    }

    #[test]
    fn plain_http_never_uses_a_proxy() {
        let proxy = ResolvedProxy::resolve_with(&ProxyChoice::Url(Uri::from_static("p:3128")), |_| None);
        let proxy = proxy.unwrap().unwrap();
        assert!(proxy.applies_to(&Uri::from_static("https://localhost")));
        assert!(!proxy.applies_to(&Uri::from_static("http://localhost")));
        assert!(!proxy.applies_to(&Uri::from_static("http://example.com")));
    }

    #[test]
    fn debug_output_hides_the_password() {
        let choice = ProxyChoice::Url(Uri::from_static("http://user:s3cr3t@p"));
        let proxy = ResolvedProxy::resolve_with(&choice, |_| None).unwrap();
        assert!(!format!("{choice:?} {proxy:?}").contains("s3cr3t"));
    }
}
