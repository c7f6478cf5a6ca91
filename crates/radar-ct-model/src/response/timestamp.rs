//! Points in time: as text in `meta`, as instants in a series.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::de::{self, DeserializeSeed, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text;

/// The timestamps of a series, which series of the same answer share.
pub(crate) type Instants = Arc<Vec<DateTime<Utc>>>;

/// The text of an instant, as the API writes it.
fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Reads one timestamp of a series.
#[derive(Clone, Copy)]
pub(crate) struct Instant;

impl<'de> DeserializeSeed<'de> for Instant {
    type Value = DateTime<Utc>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Instant {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 timestamp")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        // An offset can move an instant out of the years 0 to 9999. RFC 3339 cannot write such a year, so the
        // answer could be serialised but not read back.
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .ok()
            .filter(|at| (0..=9999).contains(&at.year()))
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Serialises the timestamps of a series as the API writes them.
pub(crate) struct WrittenInstants<'a>(pub(crate) &'a [DateTime<Utc>]);

impl Serialize for WrittenInstants<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|at| rfc3339(*at)))
    }
}

/// A point in time as the text that the API wrote, which need not be an RFC 3339 timestamp.
#[derive(Clone)]
pub struct Timestamp(Text);

/// Most timestamps have 20 characters, and there are two for each series: a short one is stored inline.
#[derive(Clone)]
enum Text {
    /// The bytes, and the number of those that are text.
    Short([u8; Text::INLINE], u8),
    Long(Box<str>),
}

impl Text {
    const INLINE: usize = 30;
}

impl Timestamp {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // The bytes were copied from a `str`, so they are UTF-8.
            Text::Short(bytes, length) => bytes
                .get(..usize::from(*length))
                .and_then(|text| std::str::from_utf8(text).ok())
                .unwrap_or_default(),
            Text::Long(text) => text,
        }
    }

    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    /// The instant, if the text is an RFC 3339 timestamp.
    pub fn to_utc(&self) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(self.as_str()).ok().map(Into::into)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        let mut bytes = [0; Text::INLINE];
        Self(match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(inline), Ok(length)) => {
                inline.copy_from_slice(text.as_bytes());
                Text::Short(bytes, length)
            }
            _ => Text::Long(text.into()),
        })
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        rfc3339(at).as_str().into()
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        "".into()
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.as_str()).finish()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_length_is_kept() {
        for length in [0, 1, 20, 29, 30, 31, 300] {
            for letter in ["x", "é", "漢"] {
                let text = letter.repeat(length);
                let time = Timestamp::from(text.as_str());
                assert_eq!((time.as_str(), time.is_empty()), (text.as_str(), length == 0));
                let json = serde_json::to_string(&time).unwrap();
                assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), time);
            }
        }
        assert_eq!(Timestamp::from(DateTime::UNIX_EPOCH).as_str(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_timestamp_has_its_text_and_the_instant_in_it() {
        let texts = ["", "yesterday", "2026-10-01T00:00:00Z", "2026-10-01T02:00:00+02:00", &"x".repeat(40)];
        let times = texts.map(Timestamp::from);
        for (time, text) in times.iter().zip(texts) {
            assert_eq!(
                (time.to_string(), format!("{time:?}")),
                (text.to_owned(), format!("Timestamp({text:?})"))
            );
            let equal: Vec<_> = times.iter().filter(|other| *other == time).map(Timestamp::as_str).collect();
            assert_eq!(equal, [text]);
        }
        let distinct: std::collections::HashSet<_> = times.iter().chain(&times).collect();
        assert_eq!(distinct.len(), texts.len());
        let at: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
        assert_eq!(times.map(|time| time.to_utc()), [None, None, Some(at), Some(at), None]);
    }

    #[test]
    fn equal_timestamps_have_equal_hashes() {
        let hashed = |text: &str| {
            let mut hasher = std::hash::DefaultHasher::new();
            Timestamp::from(text).hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hashed("2026-10-01T00:00:00Z"), hashed("2026-10-01T00:00:00Z"));
        assert_ne!(hashed("2026-10-01T00:00:00Z"), hashed("2026-10-02T00:00:00Z"));
    }

    #[test]
    fn a_short_timestamp_is_stored_inline() {
        for text in ["2026-10-01T00:00:00Z", "2026-10-01T00:00:00.123456+02:00"] {
            assert_eq!(
                matches!(Timestamp::from(text).0, Text::Short(..)),
                text.len() <= Text::INLINE,
                "{text}"
            );
        }
    }
}
