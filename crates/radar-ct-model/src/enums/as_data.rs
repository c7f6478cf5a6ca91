//! What is told of an enumeration to whoever decodes it, and to whoever compares it with another.

use std::borrow::Cow;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

/// What an enumeration is decoded from.
pub(super) struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Cow::deserialize(deserializer)
    }
}

/// An enumeration, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vocabulary {
    /// The name of its type here.
    pub name: &'static str,
    /// The documented values, as they are written on the wire.
    pub values: &'static [&'static str],
}

impl Vocabulary {
    /// That of a type here.
    pub(crate) fn find(name: &str) -> Option<Self> {
        super::VOCABULARIES.iter().find(|vocabulary| vocabulary.name == name).copied()
    }
}
