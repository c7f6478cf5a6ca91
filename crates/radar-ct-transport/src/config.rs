//! Settings that both transports share.

use std::time::Duration;

use http::Uri;

#[cfg(any(feature = "ureq", feature = "reqwest", feature = "rustls-no-provider"))]
use crate::error::TransportError;
#[cfg(any(feature = "ureq", feature = "reqwest"))]
use crate::error::TransportErrorKind;

/// Settings that both transports share. The defaults are safe: 10 seconds to connect, bodies of at most 64
/// MiB, the proxy of the environment, the bundled TLS roots.
///
/// ```
/// use std::time::Duration;
/// use radar_ct_transport::TransportConfig;
/// let config = TransportConfig::new().connect_timeout(Duration::from_secs(3)).max_body_bytes(1 << 20);
/// # let _ = config;
/// ```
#[derive(Debug, Clone)]
#[must_use = "a configuration does nothing until a transport or a client is built from it"]
pub struct TransportConfig {
    pub(crate) connect_timeout: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) proxy: ProxyChoice,
    pub(crate) user_agent: String,
    #[cfg(feature = "rustls-no-provider")]
    pub(crate) tls_roots: Option<Vec<rustls::pki_types::CertificateDer<'static>>>,
}

/// The proxy that carries requests.
///
/// Requests over plain `http` never use a proxy. They go to loopback only, and a proxy would see their
/// credentials.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyChoice {
    /// The proxy in `HTTPS_PROXY` or `ALL_PROXY`, in upper or lower case, except for the hosts in `NO_PROXY`.
    ///
    /// An entry of `NO_PROXY` is a domain name, which includes its subdomains, an address, or a network such
    /// as `10.0.0.0/8`, each with an optional port; or `*` for all hosts.
    Environment,
    /// No proxy.
    Direct,
    /// This proxy, for all hosts. The scheme is `http` or `https`; a URL without a scheme means `http`.
    Url(Uri),
}

/// Shows only the host of a proxy, since its URL may hold a password.
impl std::fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => f.write_str("Environment"),
            Self::Direct => f.write_str("Direct"),
            Self::Url(url) => f.debug_tuple("Url").field(&url.host().unwrap_or_default()).finish(),
        }
    }
}

impl Default for TransportConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            max_body_bytes: 64 << 20,
            proxy: ProxyChoice::Environment,
            user_agent: concat!("radar-ct/", env!("CARGO_PKG_VERSION")).to_owned(),
            #[cfg(feature = "rustls-no-provider")]
            tls_roots: None,
        }
    }
}

impl TransportConfig {
    /// Creates the default configuration.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout for connecting, TLS handshake included. The timeout of a whole attempt comes with
    /// each request.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the body limit: the largest body that is accepted, after decompression.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sets the proxy.
    pub fn proxy(mut self, proxy: ProxyChoice) -> Self {
        self.proxy = proxy;
        self
    }

    /// Sets the `User-Agent` of requests that have none.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Replaces the bundled TLS roots: only servers with a certificate from this PEM text, or signed by one,
    /// are trusted.
    ///
    /// # Errors
    /// Returns an error if the text holds no certificate, or one that cannot be parsed.
    #[cfg(feature = "rustls-no-provider")]
    pub fn trust_only_pem(mut self, pem: &[u8]) -> Result<Self, TransportError> {
        self.tls_roots = Some(crate::tls::parse_roots(pem)?);
        Ok(self)
    }

    /// Returns the `User-Agent` as a header value.
    #[cfg(any(feature = "ureq", feature = "reqwest"))]
    pub(crate) fn user_agent_value(&self) -> Result<http::HeaderValue, TransportError> {
        http::HeaderValue::from_str(&self.user_agent)
            .map_err(|error| TransportError::new(TransportErrorKind::InvalidRequest, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_that_the_documentation_names() {
        let config = TransportConfig::new();
        assert_eq!(config.connect_timeout, Duration::from_secs(10));
        assert_eq!(config.max_body_bytes, 64 * 1024 * 1024);
    }
}
