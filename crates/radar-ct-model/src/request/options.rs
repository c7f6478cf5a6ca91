//! Parameters that a request has once, beside those of its series.

use super::parameter::{Kind, Parameter, WireValue};
use super::problem::ParamError;
use super::query::Query;
use super::series_params::SeriesParams;
use super::table::{self, Row};
use crate::enums::AggInterval;

/// The parameter of the aggregation interval.
pub const AGG_INTERVAL: Parameter = Parameter::new(
    "aggInterval",
    Kind::Enum(AggInterval::VALUES),
    "Aggregation interval, the width of one point",
);

/// Parameters that a request has once, as a struct with a table.
pub(crate) trait Options: Sized + 'static {
    /// The rows, in the order in which their parameters are written.
    const ROWS: &'static [Row<Self>];

    /// The variable segment of the path, if there is one.
    const PATH_PARAMETER: Option<Parameter> = None;

    /// Creates options without a value. `segment` is the variable segment of the path, decoded.
    fn from_segment(segment: &str) -> Self;

    /// Returns the variable segment of the path, decoded.
    fn segment(&self) -> Option<&str> {
        None
    }

    /// Returns the parameters, in the order in which they are written.
    fn parameters() -> Vec<Parameter> {
        table::parameters(Self::ROWS)
    }

    /// Returns the value of the parameter with that wire name, if it is set.
    fn get(&self, name: &str) -> Option<WireValue<'_>> {
        table::get(Self::ROWS, self, name)
    }

    /// Writes the parameters that are set.
    fn write(&self, query: &mut Query) {
        table::write(Self::ROWS, self, query);
    }

    /// Takes the parameters out of a query.
    fn take(&mut self, query: &mut Query) -> Result<(), ParamError> {
        table::take(Self::ROWS, self, query)
    }

    /// Checks every value by itself.
    fn check(&self) -> Result<(), ParamError> {
        table::check(Self::ROWS, self)
    }

    /// Checks the rules that tie the options to the series.
    fn check_with(&self, _series: &[SeriesParams]) -> Result<(), ParamError> {
        Ok(())
    }
}

/// Declares the options of an endpoint: a struct with a public field, a row and a setter for each.
///
/// The setters are those of the request, whether its series are cut into groups or not.
macro_rules! options {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$field_meta:meta])* $field:ident: $type:ty = $parameter:expr, )* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name { $( $(#[$field_meta])* pub $field: Option<$type>, )* }

        impl $crate::request::options::Options for $name {
            const ROWS: &'static [$crate::request::table::Row<Self>] =
                &[$( $crate::request::table::row!($field: $type = $parameter) ),*];

            fn from_segment(_: &str) -> Self {
                Self::default()
            }
        }

        impl $crate::SeriesRequest<$name> {
            $(
                $(#[$field_meta])*
                ///
                /// An empty text clears the option.
                pub fn $field(mut self, value: impl Into<$type>) -> Self {
                    let value = Some(value.into());
                    self.options.$field = value.filter(|value| !$crate::request::parameter::Value::is_empty(value));
                    self
                }
            )*
        }

        impl $crate::SeriesRequest<$crate::Grouped<$name>> {
            $(
                $(#[$field_meta])*
                ///
                /// An empty text clears the option.
                pub fn $field(mut self, value: impl Into<$type>) -> Self {
                    let value = Some(value.into());
                    self.options.rest.$field = value.filter(|value| !$crate::request::parameter::Value::is_empty(value));
                    self
                }
            )*
        }
    };
}
pub(crate) use options;
