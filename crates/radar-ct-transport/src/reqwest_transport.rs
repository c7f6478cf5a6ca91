//! The async transport, on `reqwest` and Tokio.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, PathAndQuery};
use http::{Request, Response, Uri, header};

use crate::body::{self, Limit, Pieces};
use crate::config::TransportConfig;
use crate::error::{TransportError, TransportErrorKind, find_cause, kind_of_io};
use crate::proxy::{self, ResolvedProxy};
use crate::traits::AsyncTransport;

/// The async transport, on `reqwest`; runs on Tokio. Clones share their connections.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    direct: reqwest::Client,
    /// The same with the proxy, for what it carries.
    proxied: Option<(ResolvedProxy, reqwest::Client)>,
    config: TransportConfig,
    /// Whether the client was built elsewhere, and so does not know the user agent by itself.
    is_given: bool,
}

impl ReqwestTransport {
    /// A transport made from a configuration.
    ///
    /// # Errors
    /// Where the proxy cannot be used or, without the feature `rustls`, no TLS provider is installed.
    pub fn new(config: TransportConfig) -> Result<Self, TransportError> {
        let direct = builder(&config)?.build().map_err(explain)?;
        let proxied = match ResolvedProxy::of(&config.proxy)? {
            Some(proxy) => {
                let of_client = reqwest::Proxy::all(&proxy.url).map_err(explain)?;
                Some((proxy, builder(&config)?.proxy(of_client).build().map_err(explain)?))
            }
            None => None,
        };
        Ok(Self { direct, proxied, config, is_given: false })
    }

    /// A transport over a client of one's own: its connections, resolver, TLS and proxy.
    ///
    /// Some of what the contract of [`AsyncTransport`] demands can only be set where the client is built: build it
    /// with `redirect(Policy::none())` and `retry(reqwest::retry::never())`. Plain `http`, which is for loopback, takes
    /// the client's proxy too: build it with `no_proxy()`, or with a `Proxy::https` alone.
    pub fn with_client(client: reqwest::Client, config: TransportConfig) -> Self {
        Self { direct: client, proxied: None, config, is_given: true }
    }
}

fn builder(config: &TransportConfig) -> Result<reqwest::ClientBuilder, TransportError> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // Ours: see `body`. Another crate in the program may turn the backend's own on.
        .no_gzip()
        .no_proxy()
        // What a proxy is told too.
        .user_agent(config.user_agent_value()?)
        .connect_timeout(config.connect_timeout);
    #[cfg(feature = "rustls-no-provider")]
    let builder = builder.tls_backend_preconfigured(crate::tls::client_config(config.only_roots.as_deref())?);
    Ok(builder)
}

impl AsyncTransport for ReqwestTransport {
    async fn send(
        &self,
        request: Request<Bytes>,
        within: Duration,
    ) -> Result<Response<Bytes>, TransportError> {
        if tokio::runtime::Handle::try_current().is_err() {
            let reason = "this transport runs on Tokio, and no Tokio runtime is running here";
            return Err(TransportError::new(TransportErrorKind::InvalidRequest, reason));
        }
        let (answer, by_proxy) = self.begin(request)?;
        tokio::time::timeout(within, exchange(answer, self.config.max_body_bytes))
            .await
            .unwrap_or_else(|_| Err(TransportErrorKind::Timeout.into()))
            .map_err(|error| if by_proxy { proxy::blame(error) } else { error })
    }

    async fn sleep(&self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }
}

impl ReqwestTransport {
    /// Gives a request to the backend: its answer, once that is awaited, and whether a proxy carries it. Apart from the
    /// waiting, so that the future of a call has no room for what is gone by then.
    fn begin(
        &self,
        mut request: Request<Bytes>,
    ) -> Result<(impl Future<Output = reqwest::Result<reqwest::Response>> + use<>, bool), TransportError>
    {
        if self.is_given && !request.headers().contains_key(header::USER_AGENT) {
            request.headers_mut().insert(header::USER_AGENT, self.config.user_agent_value()?);
        }
        body::ask_for_gzip(request.headers_mut());
        let carrier = self.proxied.as_ref().filter(|(proxy, _)| proxy.carries(request.uri()));
        let client = carrier.map_or(&self.direct, |(_, client)| client);
        Ok((client.execute(for_backend(request)?), carrier.is_some()))
    }
}

/// As the backend's own conversion, whose text of the URL grows piece by piece. That one passes extensions on too, of which
/// the backend reads none but its own.
fn for_backend(request: Request<Bytes>) -> Result<reqwest::Request, TransportError> {
    let (head, body) = request.into_parts();
    let url = reqwest::Url::parse(&text_of(&head.uri))
        .map_err(|error| TransportError::new(TransportErrorKind::InvalidRequest, error))?;
    let mut request = reqwest::Request::new(head.method, url);
    *request.headers_mut() = head.headers;
    *request.version_mut() = head.version;
    *request.body_mut() = Some(body.into());
    Ok(request)
}

/// The URI as it is shown, written into one piece of memory.
fn text_of(uri: &Uri) -> String {
    let parts = [
        uri.scheme_str().unwrap_or_default(),
        if uri.scheme().is_some() { "://" } else { "" },
        uri.authority().map_or("", Authority::as_str),
        uri.path_and_query().map_or("", PathAndQuery::as_str),
    ];
    parts.concat()
}

async fn exchange(
    answer: impl Future<Output = reqwest::Result<reqwest::Response>>,
    most: usize,
) -> Result<Response<Bytes>, TransportError> {
    let mut response = answer.await.map_err(explain)?;
    let (status, version) = (response.status(), response.version());
    let mut headers = std::mem::take(response.headers_mut());
    let limit = Limit::new(status, most);
    let mut body = Pieces::default();
    while body.len() <= limit.bytes {
        match response.chunk().await.map_err(explain) {
            Ok(Some(chunk)) => body.push(chunk),
            Ok(None) => break,
            Err(error) if limit.forgives(&error) => break,
            Err(error) => return Err(error),
        }
    }
    let body = body::unpack(&mut headers, limit.keep(body.into_body())?, limit)?;
    let mut whole = Response::new(body);
    *whole.status_mut() = status;
    *whole.version_mut() = version;
    *whole.headers_mut() = headers;
    Ok(whole)
}

/// Our kind for the backend's error, found by walking its causes; its URL is left out.
fn explain(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    #[cfg(feature = "rustls-no-provider")]
    if let Some(tls) = find_cause::<rustls::Error>(&error) {
        return TransportError::new(TransportErrorKind::Tls, crate::tls::in_words(tls));
    }
    if error.is_connect() {
        if error.is_timeout() {
            return TransportError::connect_timeout();
        }
        // As the blocking backend says it.
        if innermost_io(&error).is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof) {
            return TransportError::from_io(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let kind = kind_of(&error);
    // The outermost error only says which phase it was, so what lies beneath is kept instead.
    match deepest(&error) {
        Some(cause) if kind == TransportErrorKind::Proxy => {
            TransportError::new(kind, proxy::in_words(&cause))
        }
        Some(cause) => TransportError::new(kind, cause),
        None => TransportError::new(kind, error),
    }
}

fn kind_of(error: &reqwest::Error) -> TransportErrorKind {
    use TransportErrorKind as Kind;
    if error.is_timeout() {
        return Kind::Timeout;
    }
    if error.is_builder() {
        return Kind::InvalidRequest;
    }
    let io = innermost_io(error).map(kind_of_io);
    if error.is_connect() {
        return match io {
            _ if error.is_dns() => Kind::Resolve,
            Some(kind @ (Kind::Timeout | Kind::Interrupted)) => kind,
            _ if mentions(error, "tunnel") || mentions(error, "proxy") => Kind::Proxy,
            _ => Kind::Connect,
        };
    }
    match io {
        Some(kind) if kind != Kind::Other => kind,
        _ => kind_of_hyper(error),
    }
}

/// hyper's own errors are not in the public interface of reqwest, so they are told apart by what they say.
fn kind_of_hyper(error: &reqwest::Error) -> TransportErrorKind {
    if mentions(error, "message head is too large") {
        TransportErrorKind::TooLarge
    } else if mentions(error, "before message completed")
        || mentions(error, "end of file")
        || mentions(error, "connection closed")
        || mentions(error, "channel closed")
    {
        TransportErrorKind::Interrupted
    } else if error.is_request() || error.is_body() || error.is_decode() {
        TransportErrorKind::Protocol
    } else {
        TransportErrorKind::Other
    }
}

/// TLS wraps one I/O error in another, and the outer one says nothing.
fn innermost_io(error: &reqwest::Error) -> Option<&io::Error> {
    let mut found = find_cause::<io::Error>(error)?;
    while let Some(beneath) = found.get_ref().and_then(|wrapped| find_cause(wrapped)) {
        found = beneath;
    }
    Some(found)
}

fn causes<'e>(error: &'e reqwest::Error) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'e (dyn Error + 'static)| (*cause).source())
}

fn mentions(error: &reqwest::Error, words: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(words))
}

/// The text of the deepest cause.
fn deepest(error: &reqwest::Error) -> Option<String> {
    causes(error).last().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ProxyChoice;
    use crate::told::one_user_agent;

    #[test]
    fn the_user_agent_is_sent_once_whoever_built_the_client() {
        let named = |name: &str| TransportConfig::new().proxy(ProxyChoice::Direct).user_agent(name);
        let ours = ReqwestTransport::new(named("ours")).unwrap();
        let given = ReqwestTransport::with_client(ours.direct.clone(), named("given"));
        for (transport, name) in [(ours, "ours"), (given, "given")] {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            one_user_agent(name, |request| {
                let sent = AsyncTransport::send(&transport, request, Duration::from_secs(20));
                assert_eq!(runtime.block_on(sent).unwrap().status(), 204);
            });
        }
    }

    #[test]
    fn the_text_of_a_uri_is_what_it_shows() {
        for text in ["https://h.example:8443/a/b?c=d%20e&f", "http://[::1]", "http://h/?", "/a?b", "h:1", "*"]
        {
            let uri: Uri = text.parse().unwrap();
            assert_eq!(text_of(&uri), uri.to_string());
        }
    }
}
