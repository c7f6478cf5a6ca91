//! Times in `meta`, as the API wrote them.

use std::fmt;
use std::hash::{Hash, Hasher};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time as the API wrote it.
#[derive(Clone)]
pub struct Timestamp(Text);

/// There are two for each series, and nearly all of them are 20 characters: those need no room of their own.
#[derive(Clone)]
enum Text {
    /// So many bytes of it are text.
    Short([u8; Text::ROOM], u8),
    Long(Box<str>),
}

impl Text {
    const ROOM: usize = 30;
}

impl Timestamp {
    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Never anything else: it was made from text.
            Text::Short(bytes, length) => bytes
                .get(..usize::from(*length))
                .and_then(|text| std::str::from_utf8(text).ok())
                .unwrap_or_default(),
            Text::Long(text) => text,
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    /// The instant, if the text is one as RFC 3339 writes it.
    pub fn to_utc(&self) -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(self.as_str()).ok().map(Into::into)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        let mut bytes = [0; Text::ROOM];
        Self(match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(text.as_bytes());
                Text::Short(bytes, length)
            }
            _ => Text::Long(text.into()),
        })
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true).as_str().into()
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
        struct OfText;

        impl Visitor<'_> for OfText {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(OfText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_kept() {
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
    fn times_are_their_text_and_the_instant_in_it() {
        let texts = ["", "yesterday", "2026-10-01T00:00:00Z", "2026-10-01T02:00:00+02:00", &"x".repeat(40)];
        let times = texts.map(Timestamp::from);
        for (time, text) in times.iter().zip(texts) {
            assert_eq!(
                (time.to_string(), format!("{time:?}")),
                (text.to_owned(), format!("Timestamp({text:?})"))
            );
            // Equal to itself alone.
            let equal: Vec<_> = times.iter().filter(|other| *other == time).map(Timestamp::as_str).collect();
            assert_eq!(equal, [text]);
        }
        let distinct: std::collections::HashSet<_> = times.iter().chain(&times).collect();
        assert_eq!(distinct.len(), texts.len());
        let at: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
        assert_eq!(times.map(|time| time.to_utc()), [None, None, Some(at), Some(at), None]);
    }

    #[test]
    fn equal_times_are_hashed_alike_and_others_not() {
        let hashed = |text: &str| {
            let mut hasher = std::hash::DefaultHasher::new();
            Timestamp::from(text).hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hashed("2026-10-01T00:00:00Z"), hashed("2026-10-01T00:00:00Z"));
        assert_ne!(hashed("2026-10-01T00:00:00Z"), hashed("2026-10-02T00:00:00Z"));
    }

    #[test]
    fn a_time_as_the_api_writes_it_needs_no_room_of_its_own() {
        for text in ["2026-10-01T00:00:00Z", "2026-10-01T00:00:00.123456+02:00"] {
            assert_eq!(
                matches!(Timestamp::from(text).0, Text::Short(..)),
                text.len() <= Text::ROOM,
                "{text}"
            );
        }
    }
}
