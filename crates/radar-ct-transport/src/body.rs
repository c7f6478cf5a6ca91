//! The body limit, and decompression.
//!
//! Both backends could decompress gzip themselves, each with a decompressor and error cases of its own. Here
//! one decompressor serves both. If another crate of the program enables the backend's decompression, the
//! backend removes `Content-Encoding` from the headers, and nothing is left to do.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error::{TransportError, TransportErrorKind};

/// The body limit of responses without success: the useful part of an error page is at its beginning.
const MAX_ERROR_PAGE: usize = 64 << 10;

/// The body limit of one response. A larger body is an error if the status is a success; an error page is
/// truncated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit {
    pub(crate) bytes: usize,
    is_success: bool,
}

impl BodyLimit {
    pub(crate) fn new(status: StatusCode, max_body_bytes: usize) -> Self {
        let is_success = status.is_success();
        let bytes = if is_success { max_body_bytes } else { max_body_bytes.min(MAX_ERROR_PAGE) };
        Self { bytes, is_success }
    }

    /// Applies the limit to a body that was read up to one byte beyond it.
    pub(crate) fn apply(self, mut bytes: Bytes) -> Result<Bytes, TransportError> {
        if bytes.len() > self.bytes {
            if self.is_success {
                let reason = format!("the body is larger than {} bytes", self.bytes);
                return Err(TransportError::new(TransportErrorKind::TooLarge, reason));
            }
            bytes.truncate(self.bytes);
        }
        Ok(bytes)
    }

    /// Returns whether an error while reading the body is ignored: an error page may be cut off or corrupt,
    /// since the status says enough.
    pub(crate) fn ignores(self, error: &TransportError) -> bool {
        !self.is_success && error.kind() != TransportErrorKind::Timeout
    }

    /// Reads to the end or to the limit.
    pub(crate) fn read(
        self,
        reader: impl Read,
        expected_length: Option<u64>,
        to_transport_error: impl Fn(io::Error) -> TransportError,
    ) -> Result<Bytes, TransportError> {
        // One byte more than the limit, which shows that there is more.
        let most = u64::try_from(self.bytes).unwrap_or(u64::MAX).saturating_add(1);
        // The server chooses this number, so it must not decide how much memory is allocated.
        let expected_length = expected_length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(expected_length.min(self.bytes).min(1 << 20));
        match reader.take(most).read_to_end(&mut bytes).map_err(to_transport_error) {
            Ok(_) => self.apply(bytes.into()),
            Err(error) if self.ignores(&error) => self.apply(bytes.into()),
            Err(error) => Err(error),
        }
    }
}

/// Collects the chunks of a body. A single chunk becomes the body without a copy.
#[cfg(feature = "reqwest")]
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    first: Bytes,
    /// All chunks, if there is more than one.
    all: Vec<u8>,
}

#[cfg(feature = "reqwest")]
impl Chunks {
    pub(crate) fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    pub(crate) fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
            self.first = Bytes::new();
        }
        self.all.extend_from_slice(&chunk);
    }

    pub(crate) fn into_body(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

/// Sets `Accept-Encoding: gzip`, which [`decompress`] supports, unless the request has the header.
pub(crate) fn accept_gzip(headers: &mut HeaderMap) {
    headers.entry(header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
}

/// Decompresses a body by its `Content-Encoding`, and removes the headers that no longer apply.
pub(crate) fn decompress(
    headers: &mut HeaderMap,
    body: Bytes,
    limit: BodyLimit,
) -> Result<Bytes, TransportError> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    let is = |name: &[u8]| encoding.as_bytes().eq_ignore_ascii_case(name);
    // An empty body, such as a redirect's, has nothing to decompress.
    if body.is_empty() || is(b"") || is(b"identity") {
        return Ok(body);
    }
    let decompressed = if is(b"gzip") || is(b"x-gzip") {
        limit.read(MultiGzDecoder::new(&*body), size_of_last_member(&body), from_decoder)?
    } else if limit.is_success {
        let reason = format!("the server used the encoding {encoding:?}, which the request did not accept");
        return Err(TransportError::new(TransportErrorKind::Decompress, reason));
    } else {
        Bytes::new()
    };
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    Ok(decompressed)
}

/// Returns the decompressed size that the last gzip member claims (RFC 1952, section 2.3.1).
fn size_of_last_member(gzip: &[u8]) -> Option<u64> {
    gzip.last_chunk().map(|size| u32::from_le_bytes(*size).into())
}

/// Maps an error of the decompressor. A truncated stream is an incomplete response, which is retried; corrupt
/// data are not.
fn from_decoder(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::UnexpectedEof => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Decompress,
    };
    TransportError::new(kind, error)
}
