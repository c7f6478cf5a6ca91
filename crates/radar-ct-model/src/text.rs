//! Text that a server wrote: what surrounds it, how much of it is shown, and reading a type from it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{self, Visitor};

/// The byte order mark of UTF-8, which some servers put before a body.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The number of characters of a server's text that an error shows.
pub(crate) const MAX_SHOWN: usize = 200;

/// Returns a body without a byte order mark.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

/// Cuts a text to [`MAX_SHOWN`] characters.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, MAX_SHOWN)
}

/// Cuts a text to `longest` characters, with an ellipsis in place of the rest.
pub(crate) fn shorten_to(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Deserialises a type that every text converts to, without a copy of the text.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: for<'t> From<&'t str>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(FromText(PhantomData))
}

/// Reads a `T` from a string.
struct FromText<T>(PhantomData<T>);

impl<T: for<'t> From<&'t str>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok(text.into())
    }
}
