//! The syntax of `NO_PROXY`: the hosts that are reached without the proxy.

use std::net::IpAddr;

use crate::internal::bare_host;

/// Returns whether a list of entries, as in `NO_PROXY`, excludes a host and port from the proxy.
pub(crate) fn excludes(no_proxy: &str, host: &str, port: u16) -> bool {
    let host = bare_host(host);
    no_proxy.split(|c: char| c == ',' || c.is_whitespace()).any(|entry| matches(entry, host, port))
}

/// Returns whether an entry of `NO_PROXY` matches a host and port.
///
/// An entry is `*`, an address, a network, or a domain name, which includes its subdomains, with or without a
/// dot before it. All but `*` may end with a port.
fn matches(entry: &str, host: &str, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    let entry = match entry.rsplit_once(':') {
        // The last part of an IPv6 address without brackets is not a port.
        Some((name, only)) if name.ends_with(']') || !name.contains(':') => {
            if only.parse() != Ok(port) {
                return false;
            }
            name
        }
        _ => entry,
    };
    match host.parse() {
        Ok(address) => is_in_network(bare_host(entry), address),
        Err(_) => is_in_domain(bare_host(entry), host),
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
    use http::Uri;

    use super::*;

    #[test]
    fn entries_match_domains_addresses_networks_and_ports() {
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
        for (no_proxy, direct, proxied) in table {
            let is_excluded = |url: &str| {
                let url: Uri = url.parse().unwrap();
                excludes(no_proxy, url.host().unwrap(), url.port_u16().unwrap_or(443))
            };
            for url in direct {
                assert!(is_excluded(url), "{no_proxy:?} does not exclude {url}");
            }
            for url in proxied {
                assert!(!is_excluded(url), "{no_proxy:?} excludes {url}");
            }
        }
    }
}
