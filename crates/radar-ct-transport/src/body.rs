//! Bodies: how much of one is read, and how it is unpacked.
//!
//! Each backend could undo gzip by itself: by a decompressor of its own, with its own idea of what is broken. Here both are
//! unpacked by the same one. Where another crate of the program turns the backend's own on, it takes the encoding out of the
//! headers, and nothing is left to be undone.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error::{TransportError, TransportErrorKind};

/// Of a failure no more is read: what there is to learn from an error page stands at its beginning.
const MOST_OF_A_FAILURE: usize = 64 << 10;

/// How much of a body is read, and what happens beyond it: a success is refused, the page of a failure is cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) bytes: usize,
    is_success: bool,
}

impl Limit {
    pub(crate) fn new(status: StatusCode, most: usize) -> Self {
        let is_success = status.is_success();
        Self { bytes: if is_success { most } else { most.min(MOST_OF_A_FAILURE) }, is_success }
    }

    /// One byte more than is kept, by which it is seen that there is more.
    fn beyond(self) -> u64 {
        u64::try_from(self.bytes).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// What has been read, unless it is more than is kept.
    pub(crate) fn keep(self, mut bytes: Bytes) -> Result<Bytes, TransportError> {
        if bytes.len() > self.bytes {
            if self.is_success {
                let reason = format!("the body is larger than {} bytes", self.bytes);
                return Err(TransportError::new(TransportErrorKind::TooLarge, reason));
            }
            bytes.truncate(self.bytes);
        }
        Ok(bytes)
    }

    /// Whether the call goes on although the body breaks off or cannot be unpacked: of a failure the status says enough.
    pub(crate) fn forgives(self, error: &TransportError) -> bool {
        !self.is_success && error.kind() != TransportErrorKind::Timeout
    }

    /// Reads to the end or to the limit.
    pub(crate) fn read(
        self,
        from: impl Read,
        hint: Option<u64>,
        explain: impl Fn(io::Error) -> TransportError,
    ) -> Result<Bytes, TransportError> {
        // What the server says of the length is a hint, and no more than a hint.
        let hint = hint.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(hint.min(self.bytes).min(1 << 20));
        match from.take(self.beyond()).read_to_end(&mut bytes).map_err(explain) {
            Ok(_) => self.keep(bytes.into()),
            Err(error) if self.forgives(&error) => self.keep(bytes.into()),
            Err(error) => Err(error),
        }
    }
}

/// The pieces of a body: one by itself is the body, and is not copied.
#[cfg(feature = "reqwest")]
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    first: Bytes,
    /// All of them, where there are several.
    all: Vec<u8>,
}

#[cfg(feature = "reqwest")]
impl Pieces {
    pub(crate) fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    pub(crate) fn push(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
            self.first = Bytes::new();
        }
        self.all.extend_from_slice(&piece);
    }

    pub(crate) fn into_body(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

/// What [`unpack`] can undo, unless the request says what it wants.
pub(crate) fn ask_for_gzip(headers: &mut HeaderMap) {
    headers.entry(header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
}

/// Undoes the encoding that the headers name, and takes it out of the headers.
pub(crate) fn unpack(headers: &mut HeaderMap, body: Bytes, limit: Limit) -> Result<Bytes, TransportError> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    let is = |name: &[u8]| encoding.as_bytes().eq_ignore_ascii_case(name);
    // An empty body, as of a redirect, is nothing whatever it is called.
    if body.is_empty() || is(b"") || is(b"identity") {
        return Ok(body);
    }
    let unpacked = if is(b"gzip") || is(b"x-gzip") {
        limit.read(MultiGzDecoder::new(&*body), size_of_last_member(&body), explain)?
    } else if limit.is_success {
        let reason = format!("it is encoded as {encoding:?}, which was not asked for");
        return Err(TransportError::new(TransportErrorKind::Decompress, reason));
    } else {
        Bytes::new()
    };
    // What they say of the bytes on the wire is not true of a body that is unpacked.
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    Ok(unpacked)
}

/// How many bytes a gzip member says, at its end, that it holds: RFC 1952, section 2.3.1.
fn size_of_last_member(gzip: &[u8]) -> Option<u64> {
    gzip.last_chunk().map(|size| u32::from_le_bytes(*size).into())
}

/// A compressed body that breaks off is a response that is not complete; one that is wrong is wrong.
fn explain(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::UnexpectedEof => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Decompress,
    };
    TransportError::new(kind, error)
}
