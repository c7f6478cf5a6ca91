//! The parameter `format`, which every endpoint has.

use super::parameter::{Kind, Parameter, Value, WireValue};
use super::problem::{ParamError, Problem};
use super::query::Query;
use crate::enums::Format;

pub(crate) const FORMAT: Parameter =
    Parameter::new("format", Kind::Enum(Format::VALUES), "Format of the answer");

/// Checks the requested format.
pub(crate) fn check(format: Option<&Format>) -> Result<(), ParamError> {
    let check = format.map_or(Ok(()), |format| format.check(FORMAT.kind));
    check.map_err(|problem| ParamError::new(FORMAT.name, problem))
}

/// Refuses CSV for a call that decodes JSON.
pub(crate) fn refuse_csv(format: Option<&Format>) -> Result<(), ParamError> {
    match format.filter(|format| format.is_csv()) {
        Some(format) => Err(ParamError::new(FORMAT.name, Problem::NotJson(format.as_str().into()))),
        None => Ok(()),
    }
}

/// Sets the format of a query to CSV; a request that has CSV already keeps its spelling.
pub(crate) fn set_csv(query: &mut Query, format: Option<&Format>) {
    if !format.is_some_and(Format::is_csv) {
        query.set(FORMAT.name, Format::Csv.as_str());
    }
}

/// Writes the requested format.
pub(crate) fn write(query: &mut Query, format: Option<&Format>) {
    if let Some(format) = format {
        query.add(FORMAT.name, WireValue::Text(format.as_str()));
    }
}

/// Takes the format out of a query.
pub(crate) fn take(query: &mut Query) -> Result<Option<Format>, ParamError> {
    Ok(query.take_one(FORMAT.name)?.map(Format::from))
}

/// Makes a format of a setter's argument; an empty text is no format.
pub(crate) fn given(format: impl Into<Format>) -> Option<Format> {
    Some(format.into()).filter(|format| !Value::is_empty(format))
}
