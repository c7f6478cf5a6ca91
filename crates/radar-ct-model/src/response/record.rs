//! Records: certification authorities, logs, and whatever else the API lists.

use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::de::AnObject;
use super::envelope::{DecodeError, Place, decode_result};

/// A record of a list.
pub trait Record: Clone + Debug + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The columns of a table of records, in order.
    const COLUMNS: &'static [RecordColumn<Self>];

    /// An example from the API reference, as a JSON object.
    const EXAMPLE: &'static str;

    /// Returns the identifier of the record, unique in its list; empty if the API left it out.
    fn key(&self) -> &str;
}

/// A column of a table of records.
#[derive(Debug)]
#[non_exhaustive]
pub struct RecordColumn<R> {
    /// The name of the column.
    pub name: &'static str,
    /// Returns the text of the column for a record; empty if it is missing.
    pub text: fn(&R) -> Cow<'_, str>,
}

impl<R> RecordColumn<R> {
    pub(crate) const fn new(name: &'static str, text: fn(&R) -> Cow<'_, str>) -> Self {
        Self { name, text }
    }
}

/// Returns the text of an optional member.
pub(crate) fn optional(text: Option<&str>) -> Cow<'_, str> {
    Cow::Borrowed(text.unwrap_or_default())
}

/// Decodes a body whose result holds one record under a member of that name.
pub(crate) fn decode_member<T: DeserializeOwned>(
    body: &[u8],
    member: &'static str,
) -> Result<T, DecodeError> {
    decode_result(body, |_| MemberSeed { member, record: PhantomData }, &Place::default())
}

struct MemberSeed<T> {
    member: &'static str,
    record: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for MemberSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for MemberSeed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.member)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name != self.member {
                map.next_value::<IgnoredAny>()?;
            } else if found.replace(map.next_value::<AnObject<T>>()?).is_some() {
                return Err(de::Error::duplicate_field(self.member));
            }
        }
        found.map(|AnObject(record)| record).ok_or_else(|| de::Error::missing_field(self.member))
    }
}
