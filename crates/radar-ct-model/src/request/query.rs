//! Query strings: ordered pairs of name and value, in which a name may repeat.
//!
//! The API writes an array as the repeated name (`name=a&name=b`), and the position in the array says which
//! series a value belongs to. So the order of pairs of one name carries meaning, and an empty value does too.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::request::parameter::{Kind, ParamError, Parameter, Problem};

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Bytes that the values of most requests have together.
const ROOM: usize = 64;

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
    /// The values, one behind the other: one buffer for all, since most are short.
    values: String,
}

#[derive(Clone)]
struct Pair {
    name: Cow<'static, str>,
    /// Where the value is among [`Query::values`].
    value: Range<usize>,
}

impl Query {
    /// No pairs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pair behind all others.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.add(name, &value.into());
    }

    /// As [`push`](Self::push), of a value that is lent.
    pub(crate) fn add(&mut self, name: impl Into<Cow<'static, str>>, value: &str) {
        let start = self.begin_value();
        self.values.push_str(value);
        self.end_pair(name.into(), start);
    }

    /// As [`push`](Self::push), of a value that is written as it is shown.
    pub(crate) fn add_shown(&mut self, name: &'static str, value: impl fmt::Display) {
        let start = self.begin_value();
        // Writing to a string does not fail.
        let _ = write!(self.values, "{value}");
        self.end_pair(name.into(), start);
    }

    /// Where the next value begins. The first one makes room for those of most requests, so that it is made once.
    fn begin_value(&mut self) -> usize {
        if self.values.is_empty() {
            self.values.reserve(ROOM);
        }
        self.values.len()
    }

    /// Ends a pair whose value has been written, beginning at `start`.
    fn end_pair(&mut self, name: Cow<'static, str>, start: usize) {
        self.pairs.push(Pair { name, value: start..self.values.len() });
    }

    /// Removes every pair of that name, then adds one.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.pairs.retain(|pair| pair.name != name);
        self.push(name, value);
    }

    /// The pairs in order, decoded.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (pair.name.as_ref(), value_of(pair, &self.values)))
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Reads a query string, without its `?`.
    ///
    /// `+` and `%20` are a space, an empty pair (`&&`) is passed over, a name without `=` has an empty value, and a
    /// `%` that begins no escape stands for itself.
    ///
    /// # Errors
    /// Where the percent-encoded bytes of a name or value are not UTF-8.
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

    /// Takes all values of one name, in order.
    pub(crate) fn take(&mut self, name: &str) -> Vec<String> {
        let taken = self.pairs.extract_if(.., |pair| pair.name == name);
        taken.map(|pair| value_of(&pair, &self.values).to_owned()).collect()
    }

    /// Takes the value of a parameter that holds for the whole request; empty is absent.
    pub(crate) fn take_one(&mut self, name: &'static str) -> Result<Option<String>, ParamError> {
        let mut values = self.take(name);
        if values.len() > 1 {
            return Err(ParamError::new(name, Problem::Repeated(values.len())));
        }
        Ok(values.pop().filter(|value| !value.is_empty()))
    }

    /// Takes a whole number that holds for the whole request. One that is too small is read, and left to the rules.
    pub(crate) fn take_integer(&mut self, parameter: Parameter) -> Result<Option<u32>, ParamError> {
        let Some(text) = self.take_one(parameter.name)? else { return Ok(None) };
        // A sign is none of the API's.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        let least = if let Kind::Integer { least } = parameter.kind { least } else { 0 };
        let refused = || ParamError::new(parameter.name, Problem::NotInteger { value: text.into(), least });
        number.ok_or_else(refused).map(Some)
    }

    /// What has not been taken.
    pub(crate) fn into_rest(self) -> Vec<(String, String)> {
        let values = self.values;
        let owned = |pair: Pair| {
            let value = value_of(&pair, &values).to_owned();
            (pair.name.into_owned(), value)
        };
        self.pairs.into_iter().map(owned).collect()
    }
}

/// Ranges are made of lengths of the buffer, so there is always something there.
fn value_of<'v>(pair: &Pair, values: &'v str) -> &'v str {
    values.get(pair.value.clone()).unwrap_or_default()
}

/// By the pairs that are left: the buffer may hold values that were taken.
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

/// Writes straight into what is written to, with nothing in between: a URL, mostly.
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

/// One segment of a path, encoded so that nothing in it can leave the segment.
///
/// `None` for what cannot be a segment, however it is encoded: an empty text, `.` and `..`, since what reads a URL
/// takes `%2e%2e` for the way up too.
pub fn encode_path_segment(segment: &str) -> Option<String> {
    (!matches!(segment, "" | "." | "..")).then(|| utf8_percent_encode(segment, ESCAPED).to_string())
}

fn decode(text: &str) -> Option<String> {
    // `+` is a space only in its bare form, so it goes before the escapes are undone.
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parsing_what_was_written_gives_it_back(pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..8)) {
            // A pair of nothing at all is written as `=`, which is read as a pair of nothing.
            let mut query = Query::new();
            for (name, value) in pairs {
                query.push(name, value);
            }
            let text = query.to_string();
            prop_assert!(text.bytes().all(|b| b.is_ascii_graphic()));
            prop_assert_eq!(Query::parse(&text).unwrap(), query);
        }

        #[test]
        fn any_text_is_parsed_or_refused_and_never_panics(text in any::<String>()) {
            let _ = Query::parse(&text);
        }
    }

    #[test]
    fn what_was_replaced_or_taken_leaves_no_trace() {
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
    fn odd_spellings_are_read() {
        let query = Query::parse("&a=1+2%203&b&=x&c=100%&d=%zz&a=").unwrap();
        let pairs: Vec<_> = query.pairs().collect();
        assert_eq!(pairs, [("a", "1 2 3"), ("b", ""), ("", "x"), ("c", "100%"), ("d", "%zz"), ("a", "")]);
        let error = Query::parse("name=%ff").unwrap_err();
        assert_eq!(error.parameter(), "name");
    }
}
