//! Helpers that `radar-ct` shares with this crate, so that both read environment variables and URLs alike.
//!
//! Hidden, since it is no part of the public API: it may change in any release.

use std::ffi::OsString;

use http::uri::Authority;

/// Returns the text of an environment variable. An empty variable counts as unset.
///
/// # Errors
/// Returns the message for the user if the value is not UTF-8.
pub fn env_text(name: &str, value: Option<OsString>) -> Result<Option<String>, String> {
    match value.filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) => match value.into_string() {
            Ok(text) => Ok(Some(text)),
            // A lossy conversion could send a credential to another host.
            Err(_) => Err(format!("the environment variable {name} is not UTF-8")),
        },
    }
}

/// Checks that an authority names a host, and a port only if that is valid: `Uri` also parses `host:` and
/// `host:x`, and then reports no port.
///
/// # Errors
/// Returns what is wrong, as the rest of a sentence about the URL.
pub fn check_host_and_port(authority: &Authority) -> Result<(), &'static str> {
    let without_user = authority.as_str().rsplit('@').next().unwrap_or_default();
    let host = authority.host();
    if bare_host(host).is_empty() || (without_user != host && authority.port_u16().is_none()) {
        return Err("has no host, or an invalid port");
    }
    Ok(())
}

/// Returns a host without the brackets of an IPv6 address, and without the dot that may end a fully qualified
/// name.
pub fn bare_host(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_text_ignores_unset_and_empty_variables() {
        assert_eq!(env_text("A", None), Ok(None));
        assert_eq!(env_text("A", Some("".into())), Ok(None));
        assert_eq!(env_text("A", Some("b".into())), Ok(Some("b".to_owned())));
    }

    #[cfg(unix)]
    #[test]
    fn env_text_refuses_values_that_are_not_utf8() {
        use std::os::unix::ffi::OsStringExt;

        let refused = env_text("A_NAME", Some(OsString::from_vec(b"http://h/\xFF".to_vec())));
        assert_eq!(refused, Err("the environment variable A_NAME is not UTF-8".to_owned()));
    }

    #[test]
    fn check_host_and_port_refuses_invalid_ports() {
        for good in ["h", "h:1", "[::1]:65535", "u:p@h", "u@[::1]"] {
            assert_eq!(check_host_and_port(&good.parse().unwrap()), Ok(()), "{good}");
        }
        for bad in ["h:", "h:x", "h:65536", "u:p@h:x", "u@:1", "."] {
            assert!(bad.parse().is_ok_and(|bad| check_host_and_port(&bad).is_err()), "{bad}");
        }
    }
}
