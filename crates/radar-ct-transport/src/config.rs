//! What both transports are made from.

use std::time::Duration;

use http::Uri;

#[cfg(any(feature = "ureq", feature = "reqwest"))]
use crate::error::{TransportError, TransportErrorKind};

/// What both transports are made from. The defaults are safe; change what you must.
///
/// ```
/// use std::time::Duration;
/// use radar_ct_transport::TransportConfig;
/// let config = TransportConfig::new().connect_timeout(Duration::from_secs(3)).max_body_bytes(1 << 20);
/// # let _ = config;
/// ```
#[derive(Debug, Clone)]
pub struct TransportConfig {
    pub(crate) connect_timeout: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) proxy: ProxyChoice,
    pub(crate) user_agent: String,
    #[cfg(feature = "rustls-no-provider")]
    pub(crate) only_roots: Option<Vec<rustls::pki_types::CertificateDer<'static>>>,
}

/// Which proxy carries requests. Plain `http`, which is for loopback only, never goes through one: a credential would
/// travel in clear.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyChoice {
    /// The one that `HTTPS_PROXY` or `ALL_PROXY` names, in either case, except for hosts in `NO_PROXY`: names with all
    /// that lies below them, addresses, networks such as `10.0.0.0/8`, each with a port or without, or `*`.
    Environment,
    /// None.
    Direct,
    /// This one, for every host. It is reached over `http`, which is meant where there is no scheme, or over `https`.
    Url(Uri),
}

/// The URL of a proxy may hold a password, so only its host is shown.
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
            only_roots: None,
        }
    }
}

impl TransportConfig {
    /// The defaults: 10 seconds to connect, bodies of at most 64 MiB, the proxy of the environment.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long connecting may take, TLS included. The time for a whole attempt comes with each request.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How large a body may be, after decompression.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Which proxy carries requests.
    pub fn proxy(mut self, proxy: ProxyChoice) -> Self {
        self.proxy = proxy;
        self
    }

    /// The `User-Agent` of requests that have none.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Trusts the certificates in a PEM text, and no others, instead of the bundled roots.
    ///
    /// # Errors
    /// Where the text holds no certificate, or a broken one.
    #[cfg(feature = "rustls-no-provider")]
    pub fn trust_only_pem(mut self, pem: &[u8]) -> Result<Self, crate::TransportError> {
        self.only_roots = Some(crate::tls::read_roots(pem)?);
        Ok(self)
    }

    /// The `User-Agent`, for a request that has none.
    #[cfg(any(feature = "ureq", feature = "reqwest"))]
    pub(crate) fn user_agent_value(&self) -> Result<http::HeaderValue, TransportError> {
        http::HeaderValue::from_str(&self.user_agent)
            .map_err(|error| TransportError::new(TransportErrorKind::InvalidRequest, error))
    }
}
