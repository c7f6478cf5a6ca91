//! The error of a transport: no complete response arrived.

use std::error::Error;
use std::fmt;
use std::io;

/// The error of a transport: no complete response arrived. It has a kind and mostly a source.
///
/// Its text names neither URL nor header, so that it holds no secret, and it does not repeat its
/// [`source`](Error::source).
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a [`TransportError`], which decides whether the request is retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request or the configuration is invalid. Nothing was sent; not retried.
    InvalidRequest,
    /// The name of the host cannot be resolved. Nothing was sent; retried.
    Resolve,
    /// The connection to the host failed. Nothing was sent; retried.
    Connect,
    /// The proxy refused the connection or cannot be reached. Nothing was sent; retried.
    Proxy,
    /// The TLS handshake failed: the server is not trusted, or has no TLS version in common. Nothing was
    /// sent; not retried.
    Tls,
    /// The timeout expired before the response was complete. The request may have been sent; retried.
    Timeout,
    /// The connection ended before the response was complete. The request may have been sent; retried.
    Interrupted,
    /// The response is not valid HTTP. The request may have been sent; retried.
    Protocol,
    /// The headers or the body exceed their limit. The request was sent; not retried.
    TooLarge,
    /// The body cannot be decompressed. The request was sent; not retried.
    Decompress,
    /// Any other failure. The request may have been sent; not retried.
    Other,
}

impl TransportErrorKind {
    /// Returns whether the request may have reached the server.
    pub fn may_have_been_sent(self) -> bool {
        !matches!(self, Self::InvalidRequest | Self::Resolve | Self::Connect | Self::Proxy | Self::Tls)
    }

    /// Returns whether the same request is worth a retry.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Resolve | Self::Connect | Self::Proxy | Self::Timeout | Self::Interrupted | Self::Protocol
        )
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InvalidRequest => "the request cannot be sent",
            Self::Resolve => "the host name cannot be resolved",
            Self::Connect => "no connection to the host",
            Self::Proxy => "the proxy cannot be used",
            Self::Tls => "no trusted TLS connection to the host",
            Self::Timeout => "timed out before the response was complete",
            Self::Interrupted => "the connection ended before the response was complete",
            Self::Protocol => "the response is not valid HTTP",
            Self::TooLarge => "the response is larger than allowed",
            Self::Decompress => "the response cannot be decompressed",
            Self::Other => "the request failed",
        })
    }
}

impl TransportError {
    /// Creates an error of a kind, with its cause.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// Creates the error for a connect timeout, in the same words for both backends.
    #[cfg(any(feature = "ureq", feature = "reqwest"))]
    pub(crate) fn connect_timeout() -> Self {
        Self::new(TransportErrorKind::Timeout, "connecting took too long")
    }

    /// Returns the same error under another kind.
    #[cfg(any(feature = "ureq", feature = "reqwest"))]
    pub(crate) fn with_kind(self, kind: TransportErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// Returns the kind.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Creates an error from an I/O error. The kind is found by its causes and its `io::ErrorKind`.
    pub fn from_io(error: io::Error) -> Self {
        Self::new(kind_of_io(&error), error)
    }
}

impl From<TransportErrorKind> for TransportError {
    fn from(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// Returns the first error of type `T` in the chain of causes, which begins with the error itself.
#[cfg(any(feature = "reqwest", feature = "rustls-no-provider"))]
pub(crate) fn find_cause<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<T>() {
            return Some(found);
        }
        // `io::Error::source` skips the wrapped error and returns that error's source.
        let wrapped = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => current.source(),
        };
    }
    None
}

/// Returns the kind for an I/O error.
pub(crate) fn kind_of_io(error: &io::Error) -> TransportErrorKind {
    #[cfg(feature = "rustls-no-provider")]
    if find_cause::<rustls::Error>(error).is_some() {
        return TransportErrorKind::Tls;
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportErrorKind::Timeout,
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => TransportErrorKind::Connect,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => TransportErrorKind::Interrupted,
        // hyper reports a chunk with a malformed size as `InvalidInput`.
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => TransportErrorKind::Protocol,
        _ if is_name_resolution(error) => TransportErrorKind::Resolve,
        _ => TransportErrorKind::Other,
    }
}

/// Returns whether an error comes from name resolution, for which the standard library has no `ErrorKind`.
fn is_name_resolution(error: &io::Error) -> bool {
    (cfg!(windows) && matches!(error.raw_os_error(), Some(11001..=11004)))
        || error.to_string().starts_with("failed to lookup address information")
}
