//! Query strings: ordered pairs of name and value, in which a name may repeat.
//!
//! The API writes an array as the repeated name (`name=a&name=b`), and the position in the array says which
//! series a value belongs to. So the order of pairs of one name carries meaning, and so does an empty value.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::parameter::WireValue;
use super::problem::{ParamError, Problem};

/// All characters but the unreserved ones of RFC 3986, section 2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Capacity that holds all values of most requests.
const CAPACITY: usize = 64;

/// Ordered query pairs, decoded.
///
/// [`Display`](fmt::Display) writes the query string; [`parse`](Query::parse) reads one back.
///
/// ```
/// use radar_ct_model::Query;
/// let mut query = Query::new();
/// query.push("caOwner", "Let's Encrypt");
/// query.push("caOwner", "");
/// assert_eq!(query.to_string(), "caOwner=Let%27s%20Encrypt&caOwner=");
/// assert_eq!(Query::parse("caOwner=Let%27s+Encrypt&&caOwner=")?, query);
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
#[derive(Clone, Default)]
pub struct Query {
    pairs: Vec<Pair>,
    /// All values in one buffer, since most are short.
    values: String,
}

#[derive(Clone)]
struct Pair {
    name: Cow<'static, str>,
    /// The range of the value in [`Query::values`].
    value: Range<usize>,
}

impl Query {
    /// Creates an empty query.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a pair.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let start = self.begin_value();
        self.values.push_str(&value.into());
        self.end_pair(name.into(), start);
    }

    /// Adds a typed value without an intermediate string.
    pub(crate) fn add(&mut self, name: &'static str, value: WireValue<'_>) {
        let start = self.begin_value();
        match value {
            WireValue::Text(text) => self.values.push_str(text),
            // Writing to a string does not fail.
            shown => {
                let _ = write!(self.values, "{shown}");
            }
        }
        self.end_pair(name.into(), start);
    }

    /// Returns the start of the next value. The first call reserves the capacity that most requests need.
    fn begin_value(&mut self) -> usize {
        if self.values.is_empty() {
            self.values.reserve(CAPACITY);
        }
        self.values.len()
    }

    /// Appends the pair whose value was written from `start` on.
    fn end_pair(&mut self, name: Cow<'static, str>, start: usize) {
        self.pairs.push(Pair { name, value: start..self.values.len() });
    }

    /// Removes every pair of that name, then appends one.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.pairs.retain(|pair| pair.name != name);
        self.push(name, value);
    }

    /// Returns the pairs in order, decoded.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (pair.name.as_ref(), value_of(pair, &self.values)))
    }

    /// Returns whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Parses a query string, without its `?`.
    ///
    /// `+` and `%20` are a space, an empty pair (`&&`) is skipped, a name without `=` has an empty value, and
    /// a `%` that does not begin an escape stands for itself.
    ///
    /// # Errors
    /// Returns an error if the percent-encoded bytes of a name or value are not UTF-8.
    pub fn parse(query: &str) -> Result<Self, ParamError> {
        let mut parsed = Self::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let not_utf8 = || ParamError::new(name.to_owned(), Problem::NotUtf8);
            let name = decode(name).ok_or_else(not_utf8)?;
            let value = decode(value).ok_or_else(not_utf8)?;
            parsed.push(name, value);
        }
        Ok(parsed)
    }

    /// Removes and returns all values of one name, in order.
    pub(crate) fn take(&mut self, name: &str) -> Vec<String> {
        let taken = self.pairs.extract_if(.., |pair| pair.name == name);
        taken.map(|pair| value_of(&pair, &self.values).to_owned()).collect()
    }

    /// Removes and returns the value of a parameter that holds for the whole request. An empty value is no
    /// value.
    pub(crate) fn take_one(&mut self, name: &'static str) -> Result<Option<String>, ParamError> {
        let mut values = self.take(name);
        if values.len() > 1 {
            return Err(ParamError::new(name, Problem::Repeated(values.len())));
        }
        Ok(values.pop().filter(|value| !value.is_empty()))
    }

    /// Returns the pairs that were not taken.
    pub(crate) fn into_rest(self) -> Vec<(String, String)> {
        let values = self.values;
        let owned = |pair: Pair| {
            let value = value_of(&pair, &values).to_owned();
            (pair.name.into_owned(), value)
        };
        self.pairs.into_iter().map(owned).collect()
    }
}

/// Returns the value of a pair. Ranges are made of lengths of the buffer, so the default is never used.
fn value_of<'v>(pair: &Pair, values: &'v str) -> &'v str {
    values.get(pair.value.clone()).unwrap_or_default()
}

/// Compares the remaining pairs: the buffer may still hold values that were taken.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.pairs().eq(other.pairs())
    }
}

impl Eq for Query {}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.pairs()).finish()
    }
}

/// Writes the percent-encoded query straight into the output, without an intermediate string.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.pairs().enumerate() {
            if index > 0 {
                f.write_str("&")?;
            }
            write_escaped(name, f)?;
            f.write_str("=")?;
            write_escaped(value, f)?;
        }
        Ok(())
    }
}

fn write_escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    utf8_percent_encode(text, ESCAPED).try_for_each(|piece| f.write_str(piece))
}

/// Percent-encodes one segment of a path, so that nothing in it can leave the segment.
///
/// Returns `None` for an empty text, `.` and `..`, which cannot be a segment however they are encoded: URL
/// parsers take `%2e%2e` for the parent, too (WHATWG URL Standard, "double-dot URL path segment").
pub fn encode_path_segment(segment: &str) -> Option<String> {
    (!matches!(segment, "" | "." | "..")).then(|| utf8_percent_encode(segment, ESCAPED).to_string())
}

fn decode(text: &str) -> Option<String> {
    // `+` is a space only in its bare form, so it is replaced before the escapes are decoded.
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parsing_reverses_writing(pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..8)) {
            let mut query = Query::new();
            for (name, value) in pairs {
                query.push(name, value);
            }
            let text = query.to_string();
            prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()));
            prop_assert_eq!(Query::parse(&text).unwrap(), query);
        }

        #[test]
        fn parsing_never_panics(text in any::<String>()) {
            let _ = Query::parse(&text);
        }
    }

    #[test]
    fn replaced_and_taken_pairs_leave_no_trace() {
        let mut query = Query::parse("a=1&format=JSON&b=&format=").unwrap();
        query.set("format", "CSV");
        let same = Query::parse("a=1&b=&format=CSV").unwrap();
        assert_eq!((query.to_string(), format!("{query:?}")), (same.to_string(), format!("{same:?}")));
        assert_eq!(query, same);
        assert_eq!(query.take("a"), ["1"]);
        assert_eq!(query, Query::parse("b=&format=CSV").unwrap());
        let rest = [("b", ""), ("format", "CSV")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(query.into_rest(), rest);
    }

    #[test]
    fn unusual_spellings_are_parsed() {
        let query = Query::parse("&a=1+2%203&b&=x&c=100%&d=%zz&a=").unwrap();
        let pairs: Vec<_> = query.pairs().collect();
        assert_eq!(pairs, [("a", "1 2 3"), ("b", ""), ("", "x"), ("c", "100%"), ("d", "%zz"), ("a", "")]);
        let error = Query::parse("name=%ff").unwrap_err();
        assert_eq!(error.parameter(), "name");
    }
}
