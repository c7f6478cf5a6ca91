//! Which request takes which proxy.
//!
//! Decided here for both backends, since their own rules differ: one takes `example.com` in `NO_PROXY` for the domains
//! below it too, the other does not; neither knows ports; and a proxy that it cannot use one of them silently does without.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;

use crate::config::ProxyChoice;
use crate::error::{TransportError, TransportErrorKind};

/// `HTTP_PROXY` is not among them: plain `http` takes no proxy.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPT_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy, and the hosts that go without it.
#[derive(Clone)]
pub(crate) struct ResolvedProxy {
    /// May hold a password.
    pub(crate) url: String,
    except: String,
}

impl fmt::Debug for ResolvedProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolvedProxy").field("except", &self.except).finish_non_exhaustive()
    }
}

impl ResolvedProxy {
    /// The proxy that is chosen, once the environment has been asked.
    pub(crate) fn of(choice: &ProxyChoice) -> Result<Option<Self>, TransportError> {
        Self::choose(choice, |name| std::env::var_os(name))
    }

    fn choose(
        choice: &ProxyChoice,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Option<Self>, TransportError> {
        let first = |names: &[&'static str]| {
            let set = |name: &&'static str| Some((*name, variable(name).filter(|value| !value.is_empty())?));
            let Some((name, value)) = names.iter().find_map(set) else { return Ok(None) };
            match value.into_string() {
                Ok(value) => Ok(Some((name, value))),
                Err(_) => Err(refused(format!("the environment variable {name} is not UTF-8"))),
            }
        };
        match choice {
            ProxyChoice::Direct => Ok(None),
            ProxyChoice::Url(url) => {
                let url = read(&url.to_string()).map_err(|why| refused(format!("the proxy's URL {why}")))?;
                Ok(Some(Self { url, except: String::new() }))
            }
            ProxyChoice::Environment => {
                let Some((name, url)) = first(&PROXY_VARIABLES)? else { return Ok(None) };
                let url = read(&url).map_err(|why| refused(format!("the proxy's URL in {name} {why}")))?;
                let except = first(&EXCEPT_VARIABLES)?.map(|(_, hosts)| hosts).unwrap_or_default();
                Ok(Some(Self { url, except }))
            }
        }
    }

    /// Whether a request to this URL goes through the proxy. In plain `http` none does, since the credential in it would
    /// travel in clear.
    pub(crate) fn carries(&self, target: &Uri) -> bool {
        let Some(host) = target.host().filter(|_| target.scheme() == Some(&Scheme::HTTPS)) else {
            return false;
        };
        let host = bare(host);
        let port = target.port_u16().unwrap_or(443);
        let mut entries = self.except.split(|c: char| c == ',' || c.is_whitespace());
        !entries.any(|entry| is_exception(entry, host, port))
    }
}

/// Between here and a proxy there is nobody else to be blamed for a connection that fails.
pub(crate) fn blame(error: TransportError) -> TransportError {
    match error.kind() {
        TransportErrorKind::Resolve | TransportErrorKind::Connect => {
            error.with_kind(TransportErrorKind::Proxy)
        }
        _ => error,
    }
}

/// What a backend says of a proxy's answer, in the same words for both. Of the status one of them says nothing.
pub(crate) fn in_words(said: &str) -> String {
    if said.contains("responded 407") || said.contains("proxy authorization required") {
        return "it asks for a user name and a password, or for other ones".to_owned();
    }
    if said.contains("did not respond") || said.contains("tunnel error: unexpected end of file") {
        return "it ended the connection".to_owned();
    }
    let refused = "it refused to connect to the host";
    match said.split_once("responded ").and_then(|(_, status)| status.split_once('/')) {
        Some((status, _)) => format!("{refused}: status {status}"),
        None if said.contains("tunnel error: unsuccessful") => refused.to_owned(),
        None => said.to_owned(),
    }
}

fn refused(reason: String) -> TransportError {
    TransportError::new(TransportErrorKind::InvalidRequest, reason)
}

/// The URL of a proxy, with its scheme; otherwise what is wrong with it, without repeating what may be a password.
fn read(text: &str) -> Result<String, Cow<'static, str>> {
    let text = text.trim();
    let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let unreadable = "cannot be read: it looks like http://host:port";
    let url: Uri = text.parse().map_err(|_| unreadable)?;
    match url.scheme_str() {
        Some("http" | "https") => {}
        // The empty one is what is left of `://host`.
        None | Some("") => return Err(unreadable.into()),
        Some(scheme) => {
            let scheme = scheme.escape_debug();
            return Err(format!("has the scheme `{scheme}`: a proxy is used over http or https").into());
        }
    }
    let authority = url.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    let host = url.host().unwrap_or_default();
    // `Uri` takes `host:` and `host:x` for a host without a port.
    let is_whole = place == host || url.port_u16().is_some();
    if bare(host).is_empty() || !is_whole {
        return Err("has no host, or a port that is no number".into());
    }
    // One backend would refuse it, the other would send something else.
    if !is_text_unescaped(authority) {
        return Err("has escapes that are no UTF-8 in its user name or password".into());
    }
    Ok(text)
}

/// Whether it is UTF-8 once its escapes are undone.
fn is_text_unescaped(escaped: &str) -> bool {
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

/// A host without what surrounds it in a URL, and without the dot that ends a name that is complete.
fn bare(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Whether an entry of `NO_PROXY` means this host: `*`, an address or a network, or a name, which means what lies below it
/// too, with a dot before it or without; after each of the latter there may be a port.
fn is_exception(entry: &str, host: &str, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    let entry = match entry.rsplit_once(':') {
        // Of an address without brackets the last part is no port.
        Some((name, only)) if name.ends_with(']') || !name.contains(':') => {
            if only.parse() != Ok(port) {
                return false;
            }
            name
        }
        _ => entry,
    };
    match host.parse() {
        Ok(address) => is_in_network(bare(entry), address),
        Err(_) => is_in_domain(bare(entry), host),
    }
}

fn is_in_network(network: &str, address: IpAddr) -> bool {
    let (base, bits) = match network.split_once('/') {
        Some((base, bits)) => (base, bits.parse().ok()),
        None => (network, Some(if address.is_ipv4() { 32 } else { 128 })),
    };
    let same_bits = match (base.parse(), address) {
        (Ok(IpAddr::V4(base)), IpAddr::V4(address)) => (u32::from(base) ^ u32::from(address)).leading_zeros(),
        (Ok(IpAddr::V6(base)), IpAddr::V6(address)) => {
            (u128::from(base) ^ u128::from(address)).leading_zeros()
        }
        _ => return false,
    };
    bits.is_some_and(|bits: u32| same_bits >= bits)
}

fn is_in_domain(domain: &str, host: &str) -> bool {
    let domain = domain.strip_prefix('*').unwrap_or(domain);
    let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    match host.strip_suffix(&domain) {
        Some(below) => !domain.is_empty() && (below.is_empty() || below.ends_with('.')),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and values, as of an environment.
    type Variables<'a> = &'a [(&'a str, &'a str)];

    fn choose(pairs: Variables<'_>) -> Result<Option<ResolvedProxy>, TransportError> {
        ResolvedProxy::choose(&ProxyChoice::Environment, |name| {
            pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).into())
        })
    }

    fn why(refused: Result<Option<ResolvedProxy>, TransportError>) -> String {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
        std::error::Error::source(&error).unwrap().to_string()
    }

    #[test]
    fn the_first_variable_that_is_not_empty_names_the_proxy() {
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
            assert_eq!(choose(pairs).unwrap().map(|proxy| proxy.url).as_deref(), url, "{pairs:?}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_refused_and_not_gone_without() {
        for (url, words) in [
            ("socks5://u:pw@h:1080", "the scheme `socks5`"),
            ("socks5h://h", "the scheme `socks5h`"),
            ("ftp://h", "the scheme `ftp`"),
            ("http://", "cannot be read"),
            ("://pw", "cannot be read"),
            ("http://pw h", "cannot be read"),
            ("http:///pw", "cannot be read"),
            ("  ", "cannot be read"),
            ("h:port", "a port that is no number"),
            ("http://u:pw@h:", "a port that is no number"),
            ("http://u:pw@h:99999", "a port that is no number"),
            ("http://u:pw@:80", "no host"),
            ("http://[]:80", "no host"),
            ("http://pw:%df@h", "no UTF-8"),
            ("http://pw:%C3x%9F@h", "no UTF-8"),
        ] {
            let said = why(choose(&[("ALL_PROXY", url)]));
            assert!(
                said.contains(words) && said.contains("ALL_PROXY") && !said.contains("pw"),
                "{url}: {said}"
            );
            // As configuration it is the same, where it is a URL at all.
            if let Ok(url) = url.parse::<Uri>() {
                let said = why(ResolvedProxy::choose(&ProxyChoice::Url(url.clone()), |_| None));
                assert!(said.contains(words) && !said.contains("pw"), "{url}: {said}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_unicode_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(vec![b'h', 0xff]);
        for odd_one in ["HTTPS_PROXY", "NO_PROXY"] {
            let said = why(ResolvedProxy::choose(&ProxyChoice::Environment, |name| match name {
                _ if name == odd_one => Some(odd.clone()),
                "HTTPS_PROXY" => Some("http://h".into()),
                _ => None,
            }));
            assert_eq!(said, format!("the environment variable {odd_one} is not UTF-8"));
        }
    }

    #[test]
    fn hosts_go_without_the_proxy_as_no_proxy_says() {
        let table: [(&str, &[&str], &[&str]); 14] = [
            ("", &[], &["https://example.com"]),
            ("*", &["https://example.com", "https://[::1]:8", "https://10.0.0.1"], &[]),
            (" , ,.,*.,:443", &[], &["https://example.com", "https://10.0.0.1"]),
            (
                "example.com",
                &[
                    "https://example.com",
                    "https://EXAMPLE.com:8",
                    "https://a.b.example.com",
                    "https://example.com.",
                ],
                &["https://notexample.com", "https://example.com.net", "https://example.org", "https://com"],
            ),
            (".Example.com", &["https://example.com", "https://a.example.com"], &["https://notexample.com"]),
            (
                "*.example.com.",
                &["https://example.com", "https://a.example.com"],
                &["https://notexample.com"],
            ),
            (
                "a.example,b.example  c.example",
                &["https://a.example", "https://b.example", "https://c.example"],
                &[],
            ),
            (
                "example.com:8443",
                &["https://a.example.com:8443"],
                &["https://example.com", "https://example.com:84"],
            ),
            ("example.com:443", &["https://example.com"], &["https://example.com:8443"]),
            ("example.com:x,example.com:", &[], &["https://example.com"]),
            (
                "127.0.0.1,::1",
                &["https://127.0.0.1:8", "https://[::1]"],
                &["https://127.0.0.2", "https://[::2]"],
            ),
            (
                "127.0.0.1:8,[::1]:8",
                &["https://127.0.0.1:8", "https://[::1]:8"],
                &["https://127.0.0.1", "https://[::1]"],
            ),
            (
                "10.0.0.0/8,fd00::/8",
                &["https://10.9.8.7", "https://[fd12::1]"],
                &["https://11.0.0.1", "https://[fe00::1]", "https://10.example"],
            ),
            ("0.0.0.1", &[], &["https://10.0.0.1", "https://1.0.0.0.1.example"]),
        ];
        for (except, direct, carried) in table {
            let proxy = choose(&[("ALL_PROXY", "p"), ("no_proxy", except)]).unwrap().unwrap();
            for url in direct {
                assert!(!proxy.carries(&url.parse().unwrap()), "{except:?} does not except {url}");
            }
            for url in carried {
                assert!(proxy.carries(&url.parse().unwrap()), "{except:?} excepts {url}");
            }
        }
    }

    #[test]
    fn plain_http_takes_no_proxy_whatever_is_chosen() {
        let proxy = ResolvedProxy::choose(&ProxyChoice::Url(Uri::from_static("p:3128")), |_| None);
        let proxy = proxy.unwrap().unwrap();
        assert!(proxy.carries(&Uri::from_static("https://localhost")));
        assert!(!proxy.carries(&Uri::from_static("http://localhost")));
        assert!(!proxy.carries(&Uri::from_static("http://example.com")));
    }

    #[test]
    fn the_password_is_not_shown() {
        let choice = ProxyChoice::Url(Uri::from_static("http://user:s3cr3t@p"));
        let proxy = ResolvedProxy::choose(&choice, |_| None).unwrap();
        assert!(!format!("{choice:?} {proxy:?}").contains("s3cr3t"));
    }
}
