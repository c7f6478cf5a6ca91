//! Members that may be missing, null, or written as text where they are numbers.

use serde::{Deserialize, Deserializer, Serialize, de};

/// The default for a null; for a missing member `#[serde(default)]` stands beside this.
pub(crate) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A count, which the API writes as text lest a script round it.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u64),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(count)) => Ok(Some(count)),
        Some(Written::Text(text)) if text.is_empty() => Ok(None),
        Some(Written::Text(text)) => text
            .parse()
            .ok()
            // A sign is none of the API's.
            .filter(|_| !text.starts_with('+'))
            .map(Some)
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a count in digits")),
    }
}

/// A count as the API writes it.
#[expect(clippy::ref_option, reason = "serde asks for this signature")]
pub(crate) fn count_as_text<S: serde::Serializer>(
    count: &Option<u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match count {
        Some(count) => serializer.collect_str(count),
        None => serializer.serialize_none(),
    }
}

/// A number as the API writes it: a whole one has no decimals, since the API's description calls it an integer.
#[expect(clippy::ref_option, reason = "serde asks for this signature")]
pub(crate) fn whole_as_integer<S: serde::Serializer>(
    number: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match number {
        #[expect(clippy::cast_possible_truncation, reason = "it has no decimals, and is far from 2^63")]
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => serializer.serialize_i64(*whole as i64),
        other => other.serialize(serializer),
    }
}
