//! Query parameters as data: name, kind and help, and the values that each kind takes.

use std::fmt;

use chrono::{DateTime, FixedOffset};

use super::date_range::{DateRange, write_instant};
use super::problem::Problem;

/// A query parameter, or the variable segment of a path.
///
/// Every parameter is declared once, as one of these; queries, flags, routes and comparisons with other
/// descriptions of the API are made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire, such as `caOwner`.
    pub name: &'static str,
    /// The kind of values it takes.
    pub kind: Kind,
    /// One line of help.
    pub help: &'static str,
}

impl Parameter {
    pub(crate) const fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, kind, help }
    }
}

/// The kind of values that a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// One of the listed values.
    Enum(&'static [&'static str]),
    /// A relative date range such as `7d` or `2wcontrol`; see [`DateRange`](crate::DateRange).
    DateRange,
    /// An instant (RFC 3339).
    DateTime,
    /// A non-negative integer.
    Integer {
        /// The smallest accepted value.
        min: u32,
    },
}

impl Kind {
    /// Returns the documented values, where the kind has a list of them.
    ///
    /// ```
    /// use radar_ct_model::Kind;
    /// assert_eq!(Kind::Boolean.values(), ["true", "false"]);
    /// assert!(Kind::Text.values().is_empty());
    /// ```
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Enum(values) => values,
            Self::Boolean => &["true", "false"],
            _ => &[],
        }
    }
}

/// A typed value of a parameter.
pub(crate) trait Value: Sized {
    /// Kind of the parameters that take this type, unless the parameter narrows it.
    const KIND: Kind;

    /// Reads a value from its text on the wire. A readable value may still break a rule: see
    /// [`check`](Self::check).
    fn parse(text: &str, kind: Kind) -> Result<Self, Problem>;

    /// Borrows the value for writing.
    fn to_wire(&self) -> WireValue<'_>;

    /// Returns whether this is an empty text, which on the wire means "no value".
    fn is_empty(&self) -> bool {
        false
    }

    /// Checks the documented rules that the type itself does not rule out.
    fn check(&self, _kind: Kind) -> Result<(), Problem> {
        Ok(())
    }
}

/// A value that is about to be written.
#[derive(Clone, Copy)]
pub(crate) enum WireValue<'v> {
    Text(&'v str),
    Integer(u32),
    Range(DateRange),
    Instant(&'v DateTime<FixedOffset>),
}

impl fmt::Display for WireValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Range(range) => range.fmt(f),
            Self::Instant(at) => f.write_str(&write_instant(at)),
        }
    }
}

impl Value for String {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str, _: Kind) -> Result<Self, Problem> {
        Ok(text.to_owned())
    }

    fn to_wire(&self) -> WireValue<'_> {
        WireValue::Text(self)
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Boolean;

    fn parse(text: &str, _: Kind) -> Result<Self, Problem> {
        text.parse().map_err(|_| Problem::NotBoolean(text.into()))
    }

    fn to_wire(&self) -> WireValue<'_> {
        WireValue::Text(if *self { "true" } else { "false" })
    }
}

impl Value for u32 {
    const KIND: Kind = Kind::Integer { min: 0 };

    /// Reads digits only: `u32::from_str` would take a sign, too.
    fn parse(text: &str, kind: Kind) -> Result<Self, Problem> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits).ok_or_else(|| not_integer(text, kind))
    }

    fn to_wire(&self) -> WireValue<'_> {
        WireValue::Integer(*self)
    }

    fn check(&self, kind: Kind) -> Result<(), Problem> {
        if *self < min(kind) { Err(not_integer(&self.to_string(), kind)) } else { Ok(()) }
    }
}

const fn min(kind: Kind) -> u32 {
    if let Kind::Integer { min } = kind { min } else { 0 }
}

fn not_integer(text: &str, kind: Kind) -> Problem {
    Problem::NotInteger { value: text.into(), min: min(kind) }
}
