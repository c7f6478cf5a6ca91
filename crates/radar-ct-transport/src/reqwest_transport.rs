//! The async transport on `reqwest` and Tokio.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, PathAndQuery};
use http::{Request, Response, Uri, header};

use crate::body::{self, BodyLimit, Chunks};
use crate::config::TransportConfig;
use crate::error::{TransportError, TransportErrorKind, find_cause, kind_of_io};
use crate::proxy::{self, ResolvedProxy};
use crate::traits::AsyncTransport;

/// The async transport on `reqwest`, which needs a Tokio runtime. Clones share their connections.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    direct: reqwest::Client,
    /// The client for requests through the proxy.
    proxied: Option<(ResolvedProxy, reqwest::Client)>,
    config: TransportConfig,
    /// The client is the user's, so the user agent is set for each request.
    is_custom: bool,
}

impl ReqwestTransport {
    /// Creates a transport from a configuration.
    ///
    /// # Errors
    /// Returns an error if the proxy or the user agent is invalid or, without the feature `rustls`, if no TLS
    /// provider is installed.
    pub fn new(config: TransportConfig) -> Result<Self, TransportError> {
        let direct = builder(&config)?.build().map_err(to_transport_error)?;
        let proxied = match ResolvedProxy::resolve(&config.proxy)? {
            Some(proxy) => {
                let client_proxy = reqwest::Proxy::all(&proxy.url).map_err(to_transport_error)?;
                Some((proxy, builder(&config)?.proxy(client_proxy).build().map_err(to_transport_error)?))
            }
            None => None,
        };
        Ok(Self { direct, proxied, config, is_custom: false })
    }

    /// Creates a transport on your own client, with its connections, resolver, TLS and proxy.
    ///
    /// The contract of [`AsyncTransport`] requires settings that only the builder of the client has: build it
    /// with `redirect(Policy::none())` and `retry(reqwest::retry::never())`. Requests over plain `http`,
    /// which go to loopback, would use the client's proxy too: build it with `no_proxy()`, or with a
    /// `Proxy::https` only.
    pub fn with_client(client: reqwest::Client, config: TransportConfig) -> Self {
        Self { direct: client, proxied: None, config, is_custom: true }
    }
}

fn builder(config: &TransportConfig) -> Result<reqwest::ClientBuilder, TransportError> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // See `body`: this crate decompresses. Another crate in the program may enable the feature of
        // reqwest.
        .no_gzip()
        .no_proxy()
        // A proxy receives it as well.
        .user_agent(config.user_agent_value()?)
        .connect_timeout(config.connect_timeout);
    #[cfg(feature = "rustls-no-provider")]
    let builder = builder.tls_backend_preconfigured(crate::tls::client_config(config.tls_roots.as_deref())?);
    Ok(builder)
}

impl AsyncTransport for ReqwestTransport {
    async fn send(
        &self,
        request: Request<Bytes>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, TransportError> {
        if tokio::runtime::Handle::try_current().is_err() {
            let reason = "this transport needs a Tokio runtime, and none is running";
            return Err(TransportError::new(TransportErrorKind::InvalidRequest, reason));
        }
        let (response, is_proxied) = self.start(request)?;
        tokio::time::timeout(timeout, read_response(response, self.config.max_body_bytes))
            .await
            .unwrap_or_else(|_| Err(TransportErrorKind::Timeout.into()))
            .map_err(|error| if is_proxied { proxy::attribute_to_proxy(error) } else { error })
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

impl ReqwestTransport {
    /// Hands a request to the backend. Returns the future of the response, and whether the request goes
    /// through the proxy.
    ///
    /// Not part of `send`, whose future would otherwise reserve space for these variables while it waits.
    fn start(
        &self,
        mut request: Request<Bytes>,
    ) -> Result<(impl Future<Output = reqwest::Result<reqwest::Response>> + use<>, bool), TransportError>
    {
        if self.is_custom && !request.headers().contains_key(header::USER_AGENT) {
            request.headers_mut().insert(header::USER_AGENT, self.config.user_agent_value()?);
        }
        body::accept_gzip(request.headers_mut());
        let proxied = self.proxied.as_ref().filter(|(proxy, _)| proxy.applies_to(request.uri()));
        let client = proxied.map_or(&self.direct, |(_, client)| client);
        Ok((client.execute(to_reqwest(request)?), proxied.is_some()))
    }
}

/// Converts a request. Unlike reqwest's own conversion, it allocates the text of the URL once, and drops
/// extensions, of which reqwest reads only its own.
fn to_reqwest(request: Request<Bytes>) -> Result<reqwest::Request, TransportError> {
    let (head, body) = request.into_parts();
    let url = reqwest::Url::parse(&uri_text(&head.uri))
        .map_err(|error| TransportError::new(TransportErrorKind::InvalidRequest, error))?;
    let mut request = reqwest::Request::new(head.method, url);
    *request.headers_mut() = head.headers;
    *request.version_mut() = head.version;
    *request.body_mut() = Some(body.into());
    Ok(request)
}

/// Returns the text of a URI, as `Display` would write it, with one allocation.
fn uri_text(uri: &Uri) -> String {
    let parts = [
        uri.scheme_str().unwrap_or_default(),
        if uri.scheme().is_some() { "://" } else { "" },
        uri.authority().map_or("", Authority::as_str),
        uri.path_and_query().map_or("", PathAndQuery::as_str),
    ];
    parts.concat()
}

async fn read_response(
    response: impl Future<Output = reqwest::Result<reqwest::Response>>,
    max_body_bytes: usize,
) -> Result<Response<Bytes>, TransportError> {
    let mut response = response.await.map_err(to_transport_error)?;
    let (status, version) = (response.status(), response.version());
    let mut headers = std::mem::take(response.headers_mut());
    let limit = BodyLimit::new(status, max_body_bytes);
    let mut body = Chunks::default();
    while body.len() <= limit.bytes {
        match response.chunk().await.map_err(to_transport_error) {
            Ok(Some(chunk)) => body.push(chunk),
            Ok(None) => break,
            Err(error) if limit.ignores(&error) => break,
            Err(error) => return Err(error),
        }
    }
    let body = body::decompress(&mut headers, limit.apply(body.into_body())?, limit)?;
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.version_mut() = version;
    *response.headers_mut() = headers;
    Ok(response)
}

/// Converts reqwest's error. The kind is found by its causes, and its URL is removed.
fn to_transport_error(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    #[cfg(feature = "rustls-no-provider")]
    if let Some(tls) = find_cause::<rustls::Error>(&error) {
        return TransportError::new(TransportErrorKind::Tls, crate::tls::describe(tls));
    }
    if error.is_connect() {
        if error.is_timeout() {
            return TransportError::connect_timeout();
        }
        // The words of the blocking transport.
        if innermost_io(&error).is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof) {
            return TransportError::from_io(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let kind = kind_of(&error);
    // The outer errors only name the phase; the root cause says what happened.
    match root_cause(&error) {
        Some(cause) if kind == TransportErrorKind::Proxy => {
            TransportError::new(kind, proxy::describe_refusal(&cause))
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

/// Returns the kind for an error of hyper. Its type is not public in reqwest, so its message has to do.
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

/// Returns the innermost I/O error: TLS wraps one in another, and the outer one is generic.
fn innermost_io(error: &reqwest::Error) -> Option<&io::Error> {
    let mut found = find_cause::<io::Error>(error)?;
    while let Some(inner) = found.get_ref().and_then(|wrapped| find_cause(wrapped)) {
        found = inner;
    }
    Some(found)
}

fn causes<'e>(error: &'e reqwest::Error) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'e (dyn Error + 'static)| (*cause).source())
}

fn mentions(error: &reqwest::Error, text: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(text))
}

/// Returns the text of the last error in the chain of causes.
fn root_cause(error: &reqwest::Error) -> Option<String> {
    causes(error).last().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uri_text_equals_display() {
        for text in ["https://h.example:8443/a/b?c=d%20e&f", "http://[::1]", "http://h/?", "/a?b", "h:1", "*"]
        {
            let uri: Uri = text.parse().unwrap();
            assert_eq!(uri_text(&uri), uri.to_string());
        }
    }
}
