//! The blocking transport on `ureq`.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use ureq::Agent;

use crate::body::{self, BodyLimit};
use crate::config::TransportConfig;
use crate::error::{TransportError, TransportErrorKind, kind_of_io};
use crate::proxy::{self, ResolvedProxy};
use crate::traits::BlockingTransport;

/// The longest timeout, 136 years: ureq adds timeouts to the clock and would panic on overflow.
const MAX_TIMEOUT: Duration = Duration::from_secs(u32::MAX as u64);

/// The blocking transport on `ureq`. Clones share their connections.
#[derive(Debug, Clone)]
pub struct UreqTransport {
    agent: Agent,
    /// The proxy of the agent, unless the agent is the user's.
    proxy: Option<ResolvedProxy>,
    config: TransportConfig,
    /// The agent is the user's, so the user agent is set for each request.
    is_custom: bool,
}

impl UreqTransport {
    /// Creates a transport from a configuration.
    ///
    /// # Errors
    /// Returns an error if the proxy or the user agent is invalid or, without the feature `rustls`, if no TLS
    /// provider is installed.
    pub fn new(config: TransportConfig) -> Result<Self, TransportError> {
        // ureq would write an invalid value into its request to a proxy, line breaks included.
        config.user_agent_value()?;
        let proxy = ResolvedProxy::resolve(&config.proxy)?;
        let agent_proxy = proxy.as_ref().map(|proxy| ureq::Proxy::new(&proxy.url)).transpose();
        let builder = Agent::config_builder()
            .timeout_connect(Some(config.connect_timeout.min(MAX_TIMEOUT)))
            // A proxy receives it as well.
            .user_agent(&config.user_agent)
            .proxy(agent_proxy.map_err(to_transport_error)?);
        #[cfg(feature = "rustls-no-provider")]
        let builder = builder.tls_config(tls_config(&config)?);
        Ok(Self { agent: builder.build().new_agent(), proxy, config, is_custom: false })
    }

    /// Creates a transport on your own agent, with its connections, resolver, TLS and proxy.
    ///
    /// The settings that the contract of [`BlockingTransport`] requires (no redirects, no status as an error,
    /// timeouts and limits) are made for each request.
    pub fn with_agent(agent: &Agent, config: TransportConfig) -> Self {
        Self { agent: agent.clone(), proxy: None, config, is_custom: true }
    }
}

#[cfg(feature = "rustls-no-provider")]
fn tls_config(config: &TransportConfig) -> Result<ureq::tls::TlsConfig, TransportError> {
    use ureq::tls::{Certificate, RootCerts, TlsConfig};

    let provider = crate::tls::provider()?;
    let roots = match &config.tls_roots {
        None => RootCerts::WebPki,
        Some(custom) => custom.iter().map(|root| Certificate::from_der(root).to_owned()).into(),
    };
    Ok(TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build())
}

impl BlockingTransport for UreqTransport {
    fn send(
        &self,
        mut request: Request<Bytes>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, TransportError> {
        if self.is_custom && !request.headers().contains_key(header::USER_AGENT) {
            request.headers_mut().insert(header::USER_AGENT, self.config.user_agent_value()?);
        }
        body::accept_gzip(request.headers_mut());
        let is_proxied = self.proxy.as_ref().is_some_and(|proxy| proxy.applies_to(request.uri()));
        let (parts, body) = request.into_parts();
        let response = if body.is_empty() {
            self.run(Request::from_parts(parts, ()), is_proxied, timeout)
        } else {
            self.run(Request::from_parts(parts, &*body), is_proxied, timeout)
        };
        let attribute = |error| if is_proxied { proxy::attribute_to_proxy(error) } else { error };
        let (mut parts, body) = response.map_err(|error| attribute(to_transport_error(error)))?.into_parts();
        let limit = BodyLimit::new(parts.status, self.config.max_body_bytes);
        let length = body.content_length();
        let body =
            limit.read(body.into_reader(), length, |error| to_transport_error(ureq::Error::from(error)))?;
        let body = body::decompress(&mut parts.headers, body, limit)?;
        Ok(Response::from_parts(parts, body))
    }
}

impl UreqTransport {
    fn run<S: ureq::AsSendBody>(
        &self,
        request: Request<S>,
        is_proxied: bool,
        timeout: Duration,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let is_plain = request.uri().scheme() == Some(&http::uri::Scheme::HTTP);
        let mut configured = self
            .agent
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout.min(MAX_TIMEOUT)));
        // The user's agent may have a proxy of its own, which must not see credentials over plain http
        // either.
        if is_plain || (self.proxy.is_some() && !is_proxied) {
            configured = configured.proxy(None);
        }
        self.agent.run(configured.build())
    }
}

/// Returns the kind for an error of ureq's own decompressor, which works only if another crate enables it.
/// The error variant exists only then, so its message has to do. The kinds are those of `body`.
fn kind_of_decompression(message: &str) -> TransportErrorKind {
    match message.split_once("decompression failed: ") {
        Some((_, "incomplete deflate stream" | "unexpected end of file" | "failed to fill whole buffer")) => {
            TransportErrorKind::Interrupted
        }
        Some(_) => TransportErrorKind::Decompress,
        None => TransportErrorKind::Other,
    }
}

/// Converts ureq's error. Those that show a URL or have no source get a text of our own.
fn to_transport_error(error: ureq::Error) -> TransportError {
    use TransportErrorKind as Kind;
    let kind = match &error {
        ureq::Error::Timeout(ureq::Timeout::Connect) => return TransportError::connect_timeout(),
        ureq::Error::Timeout(ureq::Timeout::Global) => return Kind::Timeout.into(),
        ureq::Error::Timeout(_) => Kind::Timeout,
        ureq::Error::HostNotFound => Kind::Resolve,
        ureq::Error::ConnectionFailed => Kind::Connect,
        ureq::Error::InvalidProxyUrl => return TransportError::new(Kind::Proxy, "its URL is invalid"),
        ureq::Error::ConnectProxyFailed(message) => {
            return TransportError::new(Kind::Proxy, proxy::describe_refusal(message));
        }
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => Kind::Tls,
        ureq::Error::LargeResponseHeader(..) | ureq::Error::BodyExceedsLimit(_) => Kind::TooLarge,
        // The type of this error is not public, so its message has to do.
        ureq::Error::Protocol(error) if error.to_string().contains("too many headers") => Kind::TooLarge,
        ureq::Error::Protocol(_) | ureq::Error::BodyStalled => Kind::Protocol,
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => {
            return TransportError::new(Kind::InvalidRequest, "the URL is invalid");
        }
        ureq::Error::Http(_) => Kind::InvalidRequest,
        ureq::Error::Io(io) => kind_of_io(io),
        #[cfg(feature = "rustls-no-provider")]
        ureq::Error::Rustls(tls) => return TransportError::new(Kind::Tls, crate::tls::describe(tls)),
        _ => kind_of_decompression(&error.to_string()),
    };
    match error {
        #[cfg(feature = "rustls-no-provider")]
        ureq::Error::Io(io) => match crate::error::find_cause::<rustls::Error>(&io) {
            Some(tls) => TransportError::new(kind, crate::tls::describe(tls)),
            None => TransportError::new(kind, io),
        },
        #[cfg(not(feature = "rustls-no-provider"))]
        ureq::Error::Io(io) => TransportError::new(kind, io),
        other => TransportError::new(kind, other),
    }
}
