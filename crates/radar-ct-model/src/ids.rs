//! Identifiers that name one record in a path.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::request::problem::Problem;
use crate::request::query::encode_path_segment;

const HEX_DIGITS: usize = 64;
const LONGEST_SLUG: usize = 100;

/// The SHA-256 fingerprint of a certificate, which identifies a certification authority.
///
/// Parsing ignores case; like the API, the fingerprint is written in upper case.
///
/// ```
/// use radar_ct_model::Fingerprint;
/// let text = "24edd4e503a8d3fdb5ffb4af66c887359901cbe687a5a0760d10a08eed99a7c3";
/// let fingerprint: Fingerprint = text.parse()?;
/// assert_eq!(fingerprint.as_str(), text.to_uppercase());
/// assert!("24ed".parse::<Fingerprint>().is_err());
/// # Ok::<(), radar_ct_model::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Returns the fingerprint in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Fingerprint {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.len() == HEX_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(Problem::NotFingerprint(text.into()))
        }
    }
}

/// The slug of a log, such as `argon2026h1`.
///
/// The API documents nothing about slugs but their maximum length of 100 characters, so that every text is
/// accepted that can be a segment of a path. The path encodes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogSlug(String);

impl LogSlug {
    /// Returns the slug, not encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogSlug {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.chars().count() <= LONGEST_SLUG && encode_path_segment(text).is_some() {
            Ok(Self(text.to_owned()))
        } else {
            Err(Problem::NotLogSlug(text.into()))
        }
    }
}

/// Implements the traits of types that are their text.
macro_rules! text_types {
    ($($name:ident),*) => { $(
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )* };
}

text_types!(Fingerprint, LogSlug);
