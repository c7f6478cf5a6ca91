//! Tables of parameters: each row ties a parameter to the field of a struct that holds its value.
//!
//! A table is the only list of a struct's parameters. Writing, reading and checking a query all walk it.

use super::parameter::{Parameter, WireValue};
use super::problem::{ParamError, Problem};
use super::query::Query;

/// One parameter and the field of `T` that holds its value.
pub(crate) struct Row<T> {
    pub(crate) parameter: Parameter,
    pub(crate) value: fn(&T) -> Option<WireValue<'_>>,
    pub(crate) set: fn(&mut T, &str) -> Result<(), Problem>,
    pub(crate) check: fn(&T) -> Result<(), Problem>,
}

/// Makes a [`Row`] for a field of type `Option<$type>`.
macro_rules! row {
    ($field:ident: $type:ty = $parameter:expr) => {
        $crate::request::table::Row {
            parameter: $parameter,
            value: |owner| owner.$field.as_ref().map(<$type as $crate::request::parameter::Value>::to_wire),
            set: |owner, text| {
                use $crate::request::parameter::Value;
                owner.$field =
                    Some(<$type>::parse(text, $parameter.kind)?).filter(|value| !Value::is_empty(value));
                Ok(())
            },
            check: |owner| match &owner.$field {
                Some(value) => $crate::request::parameter::Value::check(value, $parameter.kind),
                None => Ok(()),
            },
        }
    };
}
pub(crate) use row;

/// Returns the parameters of a table, in the order in which they are written.
pub(crate) fn parameters<T>(rows: &[Row<T>]) -> Vec<Parameter> {
    rows.iter().map(|row| row.parameter).collect()
}

/// Returns the value of the parameter with that wire name, if it is set.
pub(crate) fn get<'t, T>(rows: &[Row<T>], owner: &'t T, name: &str) -> Option<WireValue<'t>> {
    let row = rows.iter().find(|row| row.parameter.name == name)?;
    (row.value)(owner)
}

/// Writes the values of a table that are set.
pub(crate) fn write<T>(rows: &[Row<T>], owner: &T, query: &mut Query) {
    for row in rows {
        if let Some(value) = (row.value)(owner) {
            query.add(row.parameter.name, value);
        }
    }
}

/// Takes the values of a table out of a query. An empty value is no value.
pub(crate) fn take<T>(rows: &[Row<T>], owner: &mut T, query: &mut Query) -> Result<(), ParamError> {
    for row in rows {
        if let Some(text) = query.take_one(row.parameter.name)? {
            (row.set)(owner, &text).map_err(|problem| ParamError::new(row.parameter.name, problem))?;
        }
    }
    Ok(())
}

/// Checks every value of a table by itself.
pub(crate) fn check<T>(rows: &[Row<T>], owner: &T) -> Result<(), ParamError> {
    for row in rows {
        (row.check)(owner).map_err(|problem| ParamError::new(row.parameter.name, problem))?;
    }
    Ok(())
}
