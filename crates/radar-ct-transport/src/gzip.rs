//! Compressed bodies for the async transport.
//!
//! The backend could do this, but by another decompressor than the blocking one's, with other ideas of what is broken and
//! half a dozen crates more. This is the blocking one's.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};

use crate::error::{TransportError, TransportErrorKind};

/// Undoes the encoding that the headers name, up to a limit, and takes it out of the headers.
pub(crate) fn unpack(headers: &mut HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, TransportError> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    // An empty body, as of a redirect, is nothing whatever it is called.
    if !encoding.as_bytes().eq_ignore_ascii_case(b"gzip") || body.is_empty() {
        return Ok(body);
    }
    let mut unpacked = Vec::new();
    let beyond = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(&*body).take(beyond).read_to_end(&mut unpacked).map_err(explain)?;
    if unpacked.len() > limit {
        return Err(TransportError::too_large(limit));
    }
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    Ok(unpacked.into())
}

/// A compressed body that breaks off is a response that is not complete; one that is wrong is wrong.
fn explain(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::UnexpectedEof => TransportErrorKind::Interrupted,
        _ => TransportErrorKind::Decompress,
    };
    TransportError::new(kind, error)
}
