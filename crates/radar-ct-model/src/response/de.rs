//! Members that may be missing, null, or written as text where they are numbers.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};

/// The default for a null; for a missing member `#[serde(default)]` stands beside this.
pub(crate) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What is derived for a struct also takes a list, by position, and an empty one where every member may be missing. The
/// API writes objects, and a list is a broken promise: here a struct meets nothing but objects.
struct ForStruct<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ForStruct<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, NoList(visitor))
    }

    // For structs alone.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(NoList(visitor))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct NoList<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for NoList<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(map)
    }
}

/// An object and nothing else.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(ForStruct(deserializer))
}

/// As [`object`], for where a type is wanted.
pub(crate) struct AnObject<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AnObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

/// A list of objects and of nothing else.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let rows: Vec<AnObject<T>> = Vec::deserialize(deserializer)?;
    Ok(rows.into_iter().map(|AnObject(row)| row).collect())
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
