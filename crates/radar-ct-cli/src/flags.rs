//! Flags for parameters, made from the table of endpoints.

pub(crate) mod labels;
pub(crate) mod parameter;
mod possible_values;
pub(crate) mod series;
