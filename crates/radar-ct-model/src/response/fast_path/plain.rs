//! Raw texts without escapes.

/// The text between two quotes, if it has no escapes and no control characters.
pub(crate) fn plain(text: &[u8]) -> Option<&str> {
    let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'\\';
    std::str::from_utf8(text).ok().filter(|text| text.as_bytes().iter().all(is_plain))
}
