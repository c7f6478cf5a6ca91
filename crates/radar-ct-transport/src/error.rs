//! Why no complete response arrived.

use std::error::Error;
use std::fmt;
use std::io;

/// No complete response arrived: what kind of failure it is, and what lies beneath.
///
/// Its text names no URL, no header and so no secret, and does not repeat its [`source`](Error::source).
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of failure a [`TransportError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request or the configuration cannot be used. Nothing was sent; not worth a retry.
    InvalidRequest,
    /// The host's name has no address. Nothing was sent; retried.
    Resolve,
    /// No connection to the host. Nothing was sent; retried.
    Connect,
    /// The proxy refused or cannot be used. Nothing was sent; retried.
    Proxy,
    /// The peer could not prove who it is, or speaks no TLS that we speak. Nothing was sent; not worth a retry.
    Tls,
    /// The time was over before the response was complete. May have been sent; retried.
    Timeout,
    /// The connection ended before the response did. May have been sent; retried.
    Interrupted,
    /// The response is not HTTP, or breaks off. May have been sent; retried.
    Protocol,
    /// The head or the body is larger than allowed. Was sent; not worth a retry.
    TooLarge,
    /// The body cannot be decompressed. Was sent; not worth a retry.
    Decompress,
    /// Something else. May have been sent; not worth a retry.
    Other,
}

impl TransportErrorKind {
    /// Whether the request may have reached the server.
    pub fn may_have_been_sent(self) -> bool {
        !matches!(self, Self::InvalidRequest | Self::Resolve | Self::Connect | Self::Proxy | Self::Tls)
    }

    /// Whether the same request may fare better.
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
            Self::Resolve => "the host's name cannot be resolved",
            Self::Connect => "no connection to the host",
            Self::Proxy => "the proxy cannot be used",
            Self::Tls => "no trusted TLS connection to the host",
            Self::Timeout => "no complete response in time",
            Self::Interrupted => "the connection ended before the response did",
            Self::Protocol => "the response is not valid HTTP",
            Self::TooLarge => "the response is larger than allowed",
            Self::Decompress => "the response cannot be decompressed",
            Self::Other => "the request failed",
        })
    }
}

impl TransportError {
    /// An error of a kind, with what caused it.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// The time was over while there was no connection yet.
    #[cfg(any(feature = "ureq", feature = "reqwest"))]
    pub(crate) fn connect_timeout() -> Self {
        Self::new(TransportErrorKind::Timeout, "connecting took too long")
    }

    /// The same cause under another kind.
    #[cfg(any(feature = "ureq", feature = "reqwest"))]
    pub(crate) fn with_kind(self, kind: TransportErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// The kind.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// From an I/O error, whatever a backend has wrapped in it.
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

/// The first cause in the chain that is a `T`, the error itself included.
#[cfg(any(feature = "reqwest", feature = "rustls-no-provider"))]
pub(crate) fn find_cause<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<T>() {
            return Some(found);
        }
        // An `io::Error` hides what it wraps from `source`, and gives the source of that instead.
        let wrapped = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => current.source(),
        };
    }
    None
}

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
        // The latter is what hyper calls a chunk whose size cannot be read.
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => TransportErrorKind::Protocol,
        _ if is_lookup(error) => TransportErrorKind::Resolve,
        _ => TransportErrorKind::Other,
    }
}

/// Whether it is about the address of a name, for which the standard library has no kind.
fn is_lookup(error: &io::Error) -> bool {
    (cfg!(windows) && matches!(error.raw_os_error(), Some(11001..=11004)))
        || error.to_string().starts_with("failed to lookup address information")
}
