//! The blocking transport, on `ureq`.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use ureq::Agent;

use crate::body::{self, Limit};
use crate::config::TransportConfig;
use crate::error::{TransportError, TransportErrorKind, kind_of_io};
use crate::proxy::{self, ResolvedProxy};
use crate::traits::BlockingTransport;

/// The backend adds times to the clock's and panics where that has an end; nobody waits for longer than 136 years.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// The blocking transport, on `ureq`. Clones share their connections.
#[derive(Debug, Clone)]
pub struct UreqTransport {
    agent: Agent,
    /// The agent's, where it is ours.
    proxy: Option<ResolvedProxy>,
    config: TransportConfig,
    /// Whether the agent was built elsewhere, and so does not know the user agent by itself.
    is_given: bool,
}

impl UreqTransport {
    /// A transport made from a configuration.
    ///
    /// # Errors
    /// Where the proxy cannot be used or, without the feature `rustls`, no TLS provider is installed.
    pub fn new(config: TransportConfig) -> Result<Self, TransportError> {
        // The backend would write it into the request to a proxy as it is, line breaks and all.
        config.user_agent_value()?;
        let proxy = ResolvedProxy::of(&config.proxy)?;
        let of_agent = proxy.as_ref().map(|proxy| ureq::Proxy::new(&proxy.url)).transpose();
        let builder = Agent::config_builder()
            .timeout_connect(Some(config.connect_timeout.min(LONGEST)))
            // What a proxy is told too.
            .user_agent(&config.user_agent)
            .proxy(of_agent.map_err(explain)?);
        #[cfg(feature = "rustls-no-provider")]
        let builder = builder.tls_config(tls_config(&config)?);
        Ok(Self { agent: builder.build().new_agent(), proxy, config, is_given: false })
    }

    /// A transport over an agent of one's own: its connections, resolver, TLS and proxy. What the contract of
    /// [`BlockingTransport`] demands (no redirects, no status as an error, times and limits) is set for every request.
    pub fn with_agent(agent: &Agent, config: TransportConfig) -> Self {
        Self { agent: agent.clone(), proxy: None, config, is_given: true }
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

impl BlockingTransport for UreqTransport {
    fn send(&self, mut request: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, TransportError> {
        if self.is_given && !request.headers().contains_key(header::USER_AGENT) {
            request.headers_mut().insert(header::USER_AGENT, self.config.user_agent_value()?);
        }
        body::ask_for_gzip(request.headers_mut());
        let is_carried = self.proxy.as_ref().is_some_and(|proxy| proxy.carries(request.uri()));
        let (parts, body) = request.into_parts();
        let response = if body.is_empty() {
            self.run(Request::from_parts(parts, ()), is_carried, within)
        } else {
            self.run(Request::from_parts(parts, &*body), is_carried, within)
        };
        let blame = |error| if is_carried { proxy::blame(error) } else { error };
        let (mut parts, body) = response.map_err(|error| blame(explain(error)))?.into_parts();
        let limit = Limit::new(parts.status, self.config.max_body_bytes);
        let hint = body.content_length();
        let body = limit.read(body.into_reader(), hint, |error| explain(ureq::Error::from(error)))?;
        let body = body::unpack(&mut parts.headers, body, limit)?;
        Ok(Response::from_parts(parts, body))
    }
}

impl UreqTransport {
    fn run<S: ureq::AsSendBody>(
        &self,
        request: Request<S>,
        is_carried: bool,
        within: Duration,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let is_plain = request.uri().scheme() == Some(&http::uri::Scheme::HTTP);
        let mut configured = self
            .agent
            .configure_request(request)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(within.min(LONGEST)));
        // An agent of somebody's own has its own proxy, which must not see a credential in clear either.
        if is_plain || (self.proxy.is_some() && !is_carried) {
            configured = configured.proxy(None);
        }
        self.agent.run(configured.build())
    }
}

/// The backend undoes gzip where another crate of the program has turned that on, and has an error for it only then: so it is
/// told apart by what it says, and is of the kind that `body` would have found.
fn kind_of_unpacking(said: &str) -> TransportErrorKind {
    match said.split_once("decompression failed: ") {
        Some((_, "incomplete deflate stream" | "unexpected end of file" | "failed to fill whole buffer")) => {
            TransportErrorKind::Interrupted
        }
        Some(_) => TransportErrorKind::Decompress,
        None => TransportErrorKind::Other,
    }
}

/// Our kind for each of the backend's errors, of which some have no source and show a URL.
fn explain(error: ureq::Error) -> TransportError {
    use TransportErrorKind as Kind;
    let kind = match &error {
        ureq::Error::Timeout(ureq::Timeout::Connect) => return TransportError::connect_timeout(),
        ureq::Error::Timeout(ureq::Timeout::Global) => return Kind::Timeout.into(),
        ureq::Error::Timeout(_) => Kind::Timeout,
        ureq::Error::HostNotFound => Kind::Resolve,
        ureq::Error::ConnectionFailed => Kind::Connect,
        ureq::Error::InvalidProxyUrl => return TransportError::new(Kind::Proxy, "its URL cannot be used"),
        ureq::Error::ConnectProxyFailed(why) => {
            return TransportError::new(Kind::Proxy, proxy::in_words(why));
        }
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
        #[cfg(feature = "rustls-no-provider")]
        ureq::Error::Rustls(tls) => return TransportError::new(Kind::Tls, crate::tls::in_words(tls)),
        _ => kind_of_unpacking(&error.to_string()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ProxyChoice;
    use crate::told::one_user_agent;

    #[test]
    fn the_user_agent_is_sent_once_whoever_built_the_agent() {
        let named = |name: &str| TransportConfig::new().proxy(ProxyChoice::Direct).user_agent(name);
        let ours = UreqTransport::new(named("ours")).unwrap();
        let given = UreqTransport::with_agent(&ours.agent, named("given"));
        for (transport, name) in [(ours, "ours"), (given, "given")] {
            one_user_agent(name, |request| {
                let sent = BlockingTransport::send(&transport, request, Duration::from_secs(20));
                assert_eq!(sent.unwrap().status(), 204);
            });
        }
    }

    #[test]
    fn a_time_that_no_clock_can_reach_is_as_good_as_any_other() {
        let seconds = [1 << 32, i64::MAX.unsigned_abs(), 10_000_000_000_000_000_000, u64::MAX];
        for time in seconds.map(Duration::from_secs).into_iter().chain([Duration::MAX]) {
            let config = TransportConfig::new().proxy(ProxyChoice::Direct).user_agent("ours");
            let transport = UreqTransport::new(config.connect_timeout(time)).unwrap();
            one_user_agent("ours", |request| {
                assert_eq!(BlockingTransport::send(&transport, request, time).unwrap().status(), 204);
            });
        }
    }
}
