//! Parameters that describe one series, and the layout of a list of series in a query.
//!
//! Each of these parameters is an array on the wire, and the position in the array says which series a value
//! belongs to. Here a series is one value, so that a filter cannot slip to another series; positions exist
//! only while a query is written or read.

use std::borrow::Cow;

use super::date_range::{DateRange, Period, parse_instant};
use super::parameter::{Kind, Parameter, Value, WireValue};
use super::problem::{ParamError, Problem};
use super::query::Query;
use super::table::{Row, row};
use crate::enums::{
    CertificateDuration, EntryType, ExpirationStatus, LogApi, PublicKeyAlgorithm, SignatureAlgorithm,
    UniqueEntries, ValidationLevel,
};

/// A parameter of a series, and its value in a series that has one.
#[derive(Clone, Copy)]
struct Column {
    parameter: &'static Parameter,
    value: fn(&SeriesParams) -> Option<WireValue<'_>>,
}

pub(crate) const NAME: Parameter = Parameter::new("name", Kind::Text, "Label of the series in the answer");
pub(crate) const DATE_RANGE: Parameter = Parameter::new(
    "dateRange",
    Kind::DateRange,
    "Last days or weeks, such as 7d or 4w; 7dcontrol is the equivalent earlier period",
);
pub(crate) const DATE_START: Parameter = Parameter::new(
    "dateStart",
    Kind::DateTime,
    "Start of the window (RFC 3339), floored to 15 minutes by the API",
);
pub(crate) const DATE_END: Parameter =
    Parameter::new("dateEnd", Kind::DateTime, "End of the window (RFC 3339), inclusive");

/// The label and the period, which are written before the filters.
const LABEL_AND_PERIOD: &[Column] = &[
    Column { parameter: &NAME, value: |series| series.name.as_deref().map(WireValue::Text) },
    Column {
        parameter: &DATE_RANGE,
        value: |series| match series.period {
            Some(Period::Range(range)) => Some(WireValue::Range(range)),
            _ => None,
        },
    },
    Column {
        parameter: &DATE_START,
        value: |series| match &series.period {
            Some(Period::Window { start, .. }) => Some(WireValue::Instant(start)),
            _ => None,
        },
    },
    Column {
        parameter: &DATE_END,
        value: |series| match &series.period {
            Some(Period::Window { end, .. }) => Some(WireValue::Instant(end)),
            _ => None,
        },
    },
];

/// Returns every parameter of a series, in the order in which they are written.
fn columns() -> impl Iterator<Item = Column> {
    let filter = |row: &'static Row<SeriesParams>| Column { parameter: &row.parameter, value: row.value };
    LABEL_AND_PERIOD.iter().copied().chain(FILTERS.iter().map(filter))
}

/// Declares the filters: a field, a row and a setter for each. Their wire names stand here alone.
macro_rules! filters {
    ($( $field:ident: $ty:ty = $wire:literal, $help:literal; )*) => {
        /// One series of a request: its label, its period and its filters.
        ///
        /// Everything is optional; an unfiltered series covers all certificates. The setters are those of the
        /// request, [`SeriesRequest`](crate::SeriesRequest), which describe its newest series.
        ///
        /// ```
        /// use radar_ct_model::{EntryType, TimeseriesParams};
        /// let params = TimeseriesParams::new().name("pre").entry_type(EntryType::Precertificate);
        /// let series = params.series().next().unwrap();
        /// assert_eq!(series.label(), Some("pre"));
        /// assert_eq!(series.get("entryType").as_deref(), Some("PRECERTIFICATE"));
        /// ```
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct SeriesParams {
            name: Option<String>,
            period: Option<Period>,
            $( $field: Option<$ty>, )*
        }

        const FILTERS: &[Row<SeriesParams>] =
            &[$( row!($field: $ty = Parameter::new($wire, <$ty as Value>::KIND, $help)), )*];

        /// Filters of the newest series.
        impl<O> crate::SeriesRequest<O> {
            $(
                #[doc = concat!($help, " (`", $wire, "`). An empty text clears the filter.")]
                pub fn $field(self, value: impl Into<$ty>) -> Self {
                    let value = Some(value.into()).filter(|value| !Value::is_empty(value));
                    self.describe(|series| series.$field = value)
                }
            )*
        }
    };
}

filters! {
    ca: String = "ca", "Certification authority, by name or fingerprint";
    ca_owner: String = "caOwner", "Owner of the certification authority";
    duration: CertificateDuration = "duration", "Validity of the certificates, in days";
    entry_type: EntryType = "entryType", "Certificates or precertificates";
    expiration_status: ExpirationStatus = "expirationStatus", "Expired or still valid certificates";
    has_ips: bool = "hasIps", "Certificates with or without IP addresses";
    has_wildcards: bool = "hasWildcards", "Certificates with or without wildcard names";
    log: String = "log", "Log, by its slug";
    log_api: LogApi = "logApi", "API of the log";
    log_operator: String = "logOperator", "Operator of the log";
    public_key_algorithm: PublicKeyAlgorithm = "publicKeyAlgorithm", "Algorithm of the certificates' public keys";
    signature_algorithm: SignatureAlgorithm = "signatureAlgorithm", "Algorithm of the issuers' signatures";
    tld: String = "tld", "Top-level domain; not together with filters on logs";
    unique_entries: UniqueEntries = "uniqueEntries", "Unique entries only, or all entries";
    validation_level: ValidationLevel = "validationLevel", "Validation level (DV, OV, EV)";
}

impl SeriesParams {
    /// The parameter that labels a series.
    pub const NAME: Parameter = NAME;
    /// The parameter of a relative range.
    pub const DATE_RANGE: Parameter = DATE_RANGE;
    /// The parameter of a window's start.
    pub const DATE_START: Parameter = DATE_START;
    /// The parameter of a window's end.
    pub const DATE_END: Parameter = DATE_END;

    /// Creates an unfiltered series without a period.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns every parameter of a series, in the order in which they are written.
    pub fn parameters() -> impl Iterator<Item = Parameter> {
        columns().map(|column| *column.parameter)
    }

    /// Returns the label, if one is set (`name`).
    pub fn label(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the period, if one is set.
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    /// Returns the filters that are set, each with its text on the wire.
    pub fn filters(&self) -> impl Iterator<Item = (Parameter, Cow<'_, str>)> {
        FILTERS.iter().filter_map(|row| Some((row.parameter, text(row.value, self)?)))
    }

    /// Returns the text of a parameter on the wire, by its wire name.
    ///
    /// Returns `None` if it is not set, or no parameter of a series has that name.
    pub fn get(&self, wire_name: &str) -> Option<Cow<'_, str>> {
        let column = columns().find(|column| column.parameter.name == wire_name)?;
        text(column.value, self)
    }

    pub(crate) fn tld(&self) -> Option<&str> {
        self.tld.as_deref()
    }

    pub(crate) fn set_name(&mut self, name: String) {
        self.name = Some(name).filter(|name| !name.is_empty());
    }

    pub(crate) fn set_period(&mut self, period: Option<Period>) {
        self.period = period;
    }

    /// Checks every filter by itself.
    pub(crate) fn check(&self) -> Result<(), ParamError> {
        for row in FILTERS {
            (row.check)(self).map_err(|problem| ParamError::new(row.parameter.name, problem))?;
        }
        Ok(())
    }

    /// Returns the label in the answer of the series at `index`: its name, or the endpoint's `prefix` and the
    /// index.
    pub(crate) fn label_in_answer(&self, prefix: &str, index: usize) -> Cow<'_, str> {
        match &self.name {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("{prefix}{index}")),
        }
    }
}

fn text(value: fn(&SeriesParams) -> Option<WireValue<'_>>, series: &SeriesParams) -> Option<Cow<'_, str>> {
    value(series).map(|value| match value {
        WireValue::Text(text) => Cow::Borrowed(text),
        shown => Cow::Owned(shown.to_string()),
    })
}

/// Writes the series: for each parameter its values by position, a gap as an empty value, trailing gaps left
/// out.
pub(crate) fn write_series(series: &[SeriesParams], query: &mut Query) {
    let padded = parameter_to_pad(series);
    for Column { parameter, value } in columns() {
        let length = if padded.is_some_and(|padded| padded.name == parameter.name) {
            series.len()
        } else {
            series.iter().rposition(|one| value(one).is_some()).map_or(0, |last| last + 1)
        };
        for one in series.iter().take(length) {
            query.add(parameter.name, value(one).unwrap_or(WireValue::Text("")));
        }
    }
}

/// Returns the parameter that keeps its trailing gaps, so that an unfiltered last series does not vanish from
/// the query.
///
/// The name is the last choice, since the effect of an empty name is not documented.
fn parameter_to_pad(series: &[SeriesParams]) -> Option<Parameter> {
    // A single unfiltered series is a request for everything, and needs no parameter at all.
    series.last().filter(|last| series.len() > 1 && **last == SeriesParams::default())?;
    let is_written = |column: &Column| series.iter().any(|one| (column.value)(one).is_some());
    Some(columns().skip(1).find(is_written).map_or(NAME, |column| *column.parameter))
}

/// Takes the series out of a query: as many as the longest array has values, at least one.
pub(crate) fn take_series(query: &mut Query) -> Result<Vec<SeriesParams>, ParamError> {
    let columns: Vec<(Parameter, Vec<String>)> =
        SeriesParams::parameters().map(|parameter| (parameter, query.take(parameter.name))).collect();
    let count = columns.iter().map(|(_, column)| column.len()).max().unwrap_or(0).max(1);
    let value = |wanted: Parameter, position: usize| {
        let (_, column) = columns.iter().find(|(parameter, _)| parameter.name == wanted.name)?;
        column.get(position).map(String::as_str).filter(|value| !value.is_empty())
    };
    (0..count)
        .map(|position| {
            let mut series =
                SeriesParams { name: value(NAME, position).map(str::to_owned), ..SeriesParams::default() };
            let dates = (value(DATE_RANGE, position), value(DATE_START, position), value(DATE_END, position));
            series.period = read_period(dates).map_err(|error| error.in_series(position, count))?;
            for row in FILTERS {
                if let Some(text) = value(row.parameter, position) {
                    (row.set)(&mut series, text).map_err(|problem| {
                        ParamError::new(row.parameter.name, problem).in_series(position, count)
                    })?;
                }
            }
            Ok(series)
        })
        .collect()
}

fn read_period(
    (range, start, end): (Option<&str>, Option<&str>, Option<&str>),
) -> Result<Option<Period>, ParamError> {
    let refused = |parameter: Parameter| move |problem| ParamError::new(parameter.name, problem);
    let instant = |parameter: Parameter, text: &str| parse_instant(text).map_err(refused(parameter));
    match (range, start, end) {
        (None, None, None) => Ok(None),
        (Some(range), None, None) => {
            let range: DateRange = range.parse().map_err(refused(DATE_RANGE))?;
            Ok(Some(Period::Range(range)))
        }
        (Some(_), Some(_), _) => Err(refused(DATE_RANGE)(Problem::RangeAndWindow { with: DATE_START.name })),
        (Some(_), None, Some(_)) => Err(refused(DATE_RANGE)(Problem::RangeAndWindow { with: DATE_END.name })),
        (None, Some(_), None) => Err(refused(DATE_START)(Problem::HalfWindow { missing: DATE_END.name })),
        (None, None, Some(_)) => Err(refused(DATE_END)(Problem::HalfWindow { missing: DATE_START.name })),
        (None, Some(start), Some(end)) => {
            Ok(Some(Period::window(instant(DATE_START, start)?, instant(DATE_END, end)?)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_nineteen_parameters_with_unique_names() {
        let mut names: Vec<_> = SeriesParams::parameters().map(|parameter| parameter.name).collect();
        assert_eq!(names.len(), 19);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 19);
    }
}
