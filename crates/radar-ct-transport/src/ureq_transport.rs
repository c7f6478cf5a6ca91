//! The blocking transport, on `ureq`.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use ureq::Agent;

use crate::body::{self, Limit};
use crate::config::{ResolvedProxy, TransportConfig};
use crate::error::{TransportError, TransportErrorKind, kind_of_io};
use crate::traits::BlockingTransport;

/// The blocking transport, on `ureq`. Clones share their connections.
#[derive(Debug, Clone)]
pub struct UreqTransport {
    agent: Agent,
    config: TransportConfig,
}

impl UreqTransport {
    /// A transport made from a configuration.
    ///
    /// # Errors
    /// Where the proxy cannot be used or, without the feature `rustls`, no TLS provider is installed.
    pub fn new(config: TransportConfig) -> Result<Self, TransportError> {
        let builder = Agent::config_builder()
            .timeout_connect(Some(config.connect_timeout))
            .proxy(config.resolve_proxy()?.map(proxy).transpose()?);
        #[cfg(feature = "rustls-no-provider")]
        let builder = builder.tls_config(tls_config(&config)?);
        Ok(Self::with_agent(&builder.build().new_agent(), config))
    }

    /// A transport over an agent of one's own: its connections, resolver, TLS and proxy. What the contract of
    /// [`BlockingTransport`] demands (no redirects, no status as an error, times and limits) is set for every request.
    pub fn with_agent(agent: &Agent, config: TransportConfig) -> Self {
        Self { agent: agent.clone(), config }
    }
}

#[cfg(feature = "rustls-no-provider")]
fn tls_config(config: &TransportConfig) -> Result<ureq::tls::TlsConfig, TransportError> {
    use ureq::tls::{Certificate, RootCerts, TlsConfig};

    let provider = crate::tls::provider()?;
    let roots = match &config.only_roots {
        None => RootCerts::WebPki,
        Some(only) => only.iter().map(|root| Certificate::from_der(root).to_owned()).into(),
    };
    Ok(TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build())
}

fn proxy(resolved: ResolvedProxy) -> Result<ureq::Proxy, TransportError> {
    // The URL may hold a password, so the error does not repeat it.
    let refused = |_| TransportError::new(TransportErrorKind::Proxy, "its URL cannot be used");
    let plain = ureq::Proxy::new(&resolved.url).map_err(refused)?;
    let Some(except) = resolved.except else { return Ok(plain) };
    let mut builder = ureq::Proxy::builder(plain.protocol()).host(plain.host()).port(plain.port());
    if let Some(username) = plain.username() {
        builder = builder.username(username);
    }
    if let Some(password) = plain.password() {
        builder = builder.password(password);
    }
    for host in except.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        builder = builder.no_proxy(host);
    }
    builder.build().map_err(refused)
}

impl BlockingTransport for UreqTransport {
    fn send(&self, mut request: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, TransportError> {
        if !request.headers().contains_key(header::USER_AGENT) {
            request.headers_mut().insert(header::USER_AGENT, self.config.user_agent_value()?);
        }
        let is_plain = request.uri().scheme() == Some(&http::uri::Scheme::HTTP);
        let (parts, body) = request.into_parts();
        let response = if body.is_empty() {
            self.run(Request::from_parts(parts, ()), is_plain, within)
        } else {
            self.run(Request::from_parts(parts, &*body), is_plain, within)
        };
        let (mut parts, body) = response.map_err(explain)?.into_parts();
        let limit = Limit::new(parts.status, self.config.max_body_bytes);
        let hint = body.content_length();
        let body = limit.read(body.into_reader(), hint, |error| explain(ureq::Error::from(error)))?;
        // The one spelling that the backend undoes by itself.
        let is_unpacked =
            parts.headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
        let body = if is_unpacked {
            body::forget_encoding(&mut parts.headers);
            body
        } else {
            body::unpack(&mut parts.headers, body, limit)?
        };
        Ok(Response::from_parts(parts, body.into()))
    }
}

impl UreqTransport {
    fn run<S: ureq::AsSendBody>(
        &self,
        request: Request<S>,
        is_plain: bool,
        within: Duration,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let mut configured = self
            .agent
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(within));
        if is_plain {
            configured = configured.proxy(None);
        }
        self.agent.run(configured.build())
    }
}

/// Our kind for each of the backend's errors, of which some have no source and show a URL.
fn explain(error: ureq::Error) -> TransportError {
    use TransportErrorKind as Kind;
    let kind = match &error {
        ureq::Error::Timeout(_) => Kind::Timeout,
        ureq::Error::HostNotFound => Kind::Resolve,
        ureq::Error::ConnectionFailed => Kind::Connect,
        ureq::Error::InvalidProxyUrl => return TransportError::new(Kind::Proxy, "its URL cannot be used"),
        ureq::Error::ConnectProxyFailed(_) => Kind::Proxy,
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => Kind::Tls,
        ureq::Error::LargeResponseHeader(..) | ureq::Error::BodyExceedsLimit(_) => Kind::TooLarge,
        // The protocol's own errors are not in the public interface, so this one is told apart by what it says.
        ureq::Error::Protocol(error) if error.to_string().contains("too many headers") => Kind::TooLarge,
        ureq::Error::Protocol(_) | ureq::Error::BodyStalled => Kind::Protocol,
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => {
            return TransportError::new(Kind::InvalidRequest, "the URL cannot be used");
        }
        ureq::Error::Http(_) => Kind::InvalidRequest,
        ureq::Error::Io(io) => kind_of_io(io),
        // A compressed body that breaks off is a response that is not complete; one that is wrong is wrong.
        ureq::Error::Decompress(_, io) if io.kind() == std::io::ErrorKind::UnexpectedEof => Kind::Interrupted,
        ureq::Error::Decompress(..) => Kind::Decompress,
        #[cfg(feature = "rustls-no-provider")]
        ureq::Error::Rustls(tls) => return TransportError::new(Kind::Tls, crate::tls::in_words(tls)),
        _ => Kind::Other,
    };
    match error {
        #[cfg(feature = "rustls-no-provider")]
        ureq::Error::Io(io) => match crate::error::find_cause::<rustls::Error>(&io) {
            Some(tls) => TransportError::new(kind, crate::tls::in_words(tls)),
            None => TransportError::new(kind, io),
        },
        #[cfg(not(feature = "rustls-no-provider"))]
        ureq::Error::Io(io) => TransportError::new(kind, io),
        other => TransportError::new(kind, other),
    }
}
