//! Values that completions offer, while the parser accepts any text.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, Str, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

/// A parser that accepts any text and offers the documented values to completions.
///
/// The model checks the text, since it also knows the meaning of an empty one.
#[derive(Debug, Clone)]
pub(super) struct PossibleValues(pub(super) Vec<Str>);

impl TypedValueParser for PossibleValues {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
