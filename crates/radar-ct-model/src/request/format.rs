//! `format`: in which form the API answers, which every endpoint has.

use crate::enums::Format;
use crate::request::parameter::{Kind, ParamError, Parameter, Problem, WireValue};
use crate::request::query::Query;

pub(crate) const FORMAT: Parameter =
    Parameter::new("format", Kind::Enum(Format::VALUES), "Format in which the API answers");

/// Checks the format that was asked for.
pub(crate) fn check(format: Option<&Format>) -> Result<(), ParamError> {
    let check = format.map_or(Ok(()), WireValue::check);
    check.map_err(|problem| ParamError::new(FORMAT.name, problem))
}

/// Refuses CSV for a call that decodes JSON.
pub(crate) fn refuse_csv(format: Option<&Format>) -> Result<(), ParamError> {
    match format.filter(|format| format.is_csv()) {
        Some(format) => Err(ParamError::new(FORMAT.name, Problem::NotJson(format.as_str().into()))),
        None => Ok(()),
    }
}

/// Sets the format of a query to CSV, keeping the spelling if it asks for it already.
pub(crate) fn ask_for_csv(query: &mut Query, format: Option<&Format>) {
    if !format.is_some_and(Format::is_csv) {
        query.set(FORMAT.name, Format::Csv.as_str());
    }
}

/// Writes the format that was asked for.
pub(crate) fn write(query: &mut Query, format: Option<&Format>) {
    if let Some(format) = format {
        query.add(FORMAT.name, format.as_str());
    }
}
