//! Compressed bodies.
//!
//! The blocking backend undoes gzip by itself. The async one could, but by another decompressor, with other ideas of what is
//! broken and half a dozen crates more; here it is the blocking one's.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};

use crate::error::{TransportError, TransportErrorKind};

/// Undoes the encoding that the headers name, up to a limit, and takes it out of the headers.
pub(crate) fn unpack(headers: &mut HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, TransportError> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    let is = |name: &[u8]| encoding.as_bytes().eq_ignore_ascii_case(name);
    // An empty body, as of a redirect, is nothing whatever it is called.
    if body.is_empty() || is(b"") || is(b"identity") {
        return Ok(body);
    }
    if !is(b"gzip") && !is(b"x-gzip") {
        let reason = format!("it is encoded as {encoding:?}, which was not asked for");
        return Err(TransportError::new(TransportErrorKind::Decompress, reason));
    }
    let mut unpacked = Vec::new();
    let beyond = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(&*body).take(beyond).read_to_end(&mut unpacked).map_err(explain)?;
    if unpacked.len() > limit {
        return Err(TransportError::too_large(limit));
    }
    forget_encoding(headers);
    Ok(unpacked.into())
}

/// What the headers say of the bytes on the wire is not true of a body that is unpacked.
pub(crate) fn forget_encoding(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
}

/// A compressed body that breaks off is a response that is not complete; one that is wrong is wrong.
fn explain(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::UnexpectedEof => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Decompress,
    };
    TransportError::new(kind, error)
}
