//! The parameters that describe one series, and how a list of series is laid out in a query.
//!
//! Every one of these parameters is an array on the wire, and the position in the array says which series a value
//! belongs to. Here a series is one value, so that a filter cannot slip to another series; the
//! positions are worked out when the query is written.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};

use crate::enums::{
    CertificateDuration, EntryType, ExpirationStatus, LogApi, PublicKeyAlgorithm, SignatureAlgorithm,
    UniqueEntries, ValidationLevel,
};
use crate::request::date_range::{DateRange, Period, check_instant, parse_instant, write_instant};
use crate::request::parameter::{Kind, ParamError, Parameter, Problem, WireValue};
use crate::request::query::Query;
use crate::response::meta::META;

/// A parameter of a series, as one of the tables below declares it, and its value in a series that has one.
struct Column {
    parameter: Parameter,
    value: fn(&SeriesParams) -> Option<Value<'_>>,
}

/// A value that is yet to be written.
enum Value<'s> {
    Text(&'s str),
    Range(DateRange),
    Instant(&'s DateTime<FixedOffset>),
}

impl<'s> Value<'s> {
    fn add_to(self, query: &mut Query, name: &'static str) {
        match self {
            Self::Text(text) => query.add(name, text),
            Self::Range(range) => query.add_shown(name, range),
            Self::Instant(at) => query.add(name, &write_instant(at)),
        }
    }

    fn text(self) -> Cow<'s, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Range(range) => Cow::Owned(range.to_string()),
            Self::Instant(at) => Cow::Owned(write_instant(at)),
        }
    }
}

/// A filter of a series: how to write it, read it and check it.
struct Filter {
    column: Column,
    set: fn(&mut SeriesParams, &str) -> Result<(), Problem>,
    check: fn(&SeriesParams) -> Result<(), Problem>,
}

/// The label the answer gives a series; not a filter, but placed like one.
pub(crate) const NAME: Parameter = Parameter::new("name", Kind::Text, "Label of the series in the answer");
pub(crate) const DATE_RANGE: Parameter = Parameter::new(
    "dateRange",
    Kind::DateRange,
    "The last days or weeks: 7d, 4w; 7dcontrol is the equivalent period before",
);
pub(crate) const DATE_START: Parameter = Parameter::new(
    "dateStart",
    Kind::DateTime,
    "Start of the window (RFC 3339), floored to 15 minutes by the API",
);
pub(crate) const DATE_END: Parameter =
    Parameter::new("dateEnd", Kind::DateTime, "End of the window (RFC 3339), inclusive");

/// What is no filter, in the order in which it is written, which is before the filters.
const LABEL_AND_PERIOD: &[Column] = &[
    Column { parameter: NAME, value: |series| series.name.as_deref().map(Value::Text) },
    Column {
        parameter: DATE_RANGE,
        value: |series| match series.period {
            Some(Period::Range(range)) => Some(Value::Range(range)),
            _ => None,
        },
    },
    Column {
        parameter: DATE_START,
        value: |series| match &series.period {
            Some(Period::Window { start, .. }) => Some(Value::Instant(start)),
            _ => None,
        },
    },
    Column {
        parameter: DATE_END,
        value: |series| match &series.period {
            Some(Period::Window { end, .. }) => Some(Value::Instant(end)),
            _ => None,
        },
    },
];

/// Every parameter of a series, in the order in which they are written.
fn columns() -> impl Iterator<Item = &'static Column> {
    LABEL_AND_PERIOD.iter().chain(FILTERS.iter().map(|filter| &filter.column))
}

/// Declares the filters: a field, a setter and a row of the table for each. The wire names stand here alone.
macro_rules! filters {
    ($( $field:ident: $ty:ty = $wire:literal, $help:literal; )*) => {
        /// What one series covers: its label, its period and its filters. Everything is optional; an
        /// unfiltered series is the whole.
        ///
        /// Setters take the value by itself and replace what was there; an empty text clears.
        ///
        /// ```
        /// use radar_ct_model::{DateRange, EntryType, SeriesParams};
        /// let series = SeriesParams::new()
        ///     .name("precertificates")
        ///     .date_range(DateRange::LAST_7_DAYS)
        ///     .entry_type(EntryType::Precertificate)
        ///     .has_wildcards(true);
        /// assert_eq!(series.get("entryType").as_deref(), Some("PRECERTIFICATE"));
        /// ```
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct SeriesParams {
            name: Option<String>,
            period: Option<Period>,
            $( $field: Option<$ty>, )*
        }

        const FILTERS: &[Filter] = &[$(
            Filter {
                column: Column {
                    parameter: Parameter::new($wire, <$ty as WireValue>::KIND, $help),
                    value: |series| series.$field.as_ref().map(|value| Value::Text(value.wire())),
                },
                set: |series, text| {
                    series.$field = Some(<$ty as WireValue>::parse(text)?).filter(|value| !value.is_absent());
                    Ok(())
                },
                check: |series| series.$field.as_ref().map_or(Ok(()), WireValue::check),
            },
        )*];

        impl SeriesParams {
            $(
                #[doc = concat!($help, ": `", $wire, "`. An empty text clears it.")]
                pub fn $field(mut self, value: impl Into<$ty>) -> Self {
                    self.$field = Some(value.into()).filter(|value| !value.is_absent());
                    self
                }
            )*
        }

        /// The same setters on a request: they describe its newest series.
        impl<O> crate::SeriesRequest<O> {
            $(
                #[doc = concat!($help, ": `", $wire, "`, of the newest series. An empty text clears it.")]
                pub fn $field(self, value: impl Into<$ty>) -> Self {
                    self.describe(|series| series.$field(value))
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
    expiration_status: ExpirationStatus = "expirationStatus", "Expired or still valid";
    has_ips: bool = "hasIps", "Whether the certificates name IP addresses";
    has_wildcards: bool = "hasWildcards", "Whether the certificates name wildcards";
    log: String = "log", "Log, by its slug";
    log_api: LogApi = "logApi", "Interface of the log";
    log_operator: String = "logOperator", "Operator of the log";
    public_key_algorithm: PublicKeyAlgorithm = "publicKeyAlgorithm", "Algorithm of the certificates' keys";
    signature_algorithm: SignatureAlgorithm = "signatureAlgorithm", "Algorithm of the issuers' signatures";
    tld: String = "tld", "Top-level domain; not together with filters on logs";
    unique_entries: UniqueEntries = "uniqueEntries", "Whether an entry is the first of its certificate";
    validation_level: ValidationLevel = "validationLevel", "What the CA checked about the subject";
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

    /// An unfiltered series.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every parameter of a series, in the order in which they are written.
    pub fn parameters() -> impl Iterator<Item = Parameter> {
        columns().map(|column| column.parameter)
    }

    /// Label of the series in the answer: `name`. An empty text clears it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// The last days or weeks: `dateRange`. Replaces a window.
    pub fn date_range(self, range: DateRange) -> Self {
        self.period(Period::Range(range))
    }

    /// From a start to an end: `dateStart` and `dateEnd`. Replaces a date range.
    pub fn window(
        self,
        start: impl Into<DateTime<FixedOffset>>,
        end: impl Into<DateTime<FixedOffset>>,
    ) -> Self {
        self.period(Period::window(start, end))
    }

    /// A date range or a window; `None` leaves it to the API.
    pub fn period(mut self, period: impl Into<Option<Period>>) -> Self {
        self.period = period.into();
        self
    }

    /// The value of a parameter as it is written, by its wire name. `None` if it is not set, or no parameter of a series.
    pub fn get(&self, wire_name: &str) -> Option<Cow<'_, str>> {
        let column = columns().find(|column| column.parameter.name == wire_name)?;
        (column.value)(self).map(Value::text)
    }

    /// What the series covers, if it says so.
    pub fn covered(&self) -> Option<Period> {
        self.period
    }

    /// The filters that are set, as they are written.
    pub fn filters(&self) -> impl Iterator<Item = (Parameter, Cow<'_, str>)> {
        FILTERS.iter().filter_map(|filter| {
            Some((filter.column.parameter, (filter.column.value)(self).map(Value::text)?))
        })
    }

    /// The label under which the answer has this series, where it is the `index`-th of its request; without a name, the
    /// endpoint's word for one and the index.
    pub(crate) fn label(&self, word: &str, index: usize) -> Cow<'_, str> {
        match &self.name {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("{word}{index}")),
        }
    }

    /// Whether the query would show nothing of this series.
    fn is_unwritten(&self) -> bool {
        *self == Self::default()
    }
}

/// Writes the series: for each parameter its values by position, a hole as an empty value, trailing holes left out.
pub(crate) fn write_series(series: &[SeriesParams], query: &mut Query) {
    let holder = holder_of_the_last(series);
    for Column { parameter, value } in columns() {
        let length = if holder.is_some_and(|holder| holder.name == parameter.name) {
            series.len()
        } else {
            series.iter().rposition(|one| value(one).is_some()).map_or(0, |last| last + 1)
        };
        for one in series.iter().take(length) {
            value(one).unwrap_or(Value::Text("")).add_to(query, parameter.name);
        }
    }
}

/// A last series with nothing to write would vanish: one parameter keeps its trailing holes for it. A name
/// is the last choice, since what the API makes of an empty one is not known.
fn holder_of_the_last(series: &[SeriesParams]) -> Option<Parameter> {
    // One by itself is a request for everything.
    series.last().filter(|last| series.len() > 1 && last.is_unwritten())?;
    let is_written = |column: &&Column| series.iter().any(|one| (column.value)(one).is_some());
    Some(columns().skip(1).find(is_written).map_or(NAME, |column| column.parameter))
}

/// Takes the series out of a query: as many as the longest array, at least one.
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
            for filter in FILTERS {
                if let Some(text) = value(filter.column.parameter, position) {
                    (filter.set)(&mut series, text).map_err(|problem| {
                        ParamError::new(filter.column.parameter.name, problem).in_series(position, count)
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

/// The documented rules on series, each by itself and all together.
pub(crate) fn check_series(series: &[SeriesParams], word: &str) -> Result<(), ParamError> {
    let count = series.len();
    for (position, one) in series.iter().enumerate() {
        let refused = |parameter: Parameter, problem| {
            ParamError::new(parameter.name, problem).in_series(position, count)
        };
        for filter in FILTERS {
            (filter.check)(one).map_err(|problem| refused(filter.column.parameter, problem))?;
        }
        if let Some((tld, with)) = tld_with_log(one) {
            return Err(refused(tld, Problem::TldWithLog { with: with.name }));
        }
        if let Some(Period::Window { start, end }) = &one.period {
            check_instant(start).map_err(|problem| refused(DATE_START, problem))?;
            check_instant(end).map_err(|problem| refused(DATE_END, problem))?;
            if end <= start {
                let (start, end) = (write_instant(start).into(), write_instant(end).into());
                return Err(refused(DATE_END, Problem::EndBeforeStart { start, end }));
            }
        }
    }
    check_durations(series)?;
    check_labels(series, word)
}

/// The filters on logs that the data by top-level domain do not know.
pub(crate) const KEPT_BY_LOG: [&str; 4] = ["log", "logApi", "logOperator", "entryType"];

fn tld_with_log(series: &SeriesParams) -> Option<(Parameter, Parameter)> {
    // Looked for by name in what follows, which most series can be spared.
    series.tld.as_ref()?;
    let (tld, _) = series.filters().find(|(parameter, _)| parameter.name == "tld")?;
    let (with, _) = series.filters().find(|(parameter, _)| KEPT_BY_LOG.contains(&parameter.name))?;
    Some((tld, with))
}

/// All series must cover equally long windows. A series that names no period is left out: what the API
/// takes for it is not known.
fn check_durations(series: &[SeriesParams]) -> Result<(), ParamError> {
    let mut first = None;
    for (position, one) in series.iter().enumerate() {
        let Some(period) = &one.period else { continue };
        let minutes = period.floored_minutes();
        let first = *first.get_or_insert(minutes);
        if minutes != first {
            let parameter = match period {
                Period::Range(_) => DATE_RANGE,
                Period::Window { .. } => DATE_END,
            };
            let problem = Problem::UnequalDurations { minutes, first };
            return Err(ParamError::new(parameter.name, problem).in_series(position, series.len()));
        }
    }
    Ok(())
}

fn check_labels(series: &[SeriesParams], word: &str) -> Result<(), ParamError> {
    let refused =
        |position, problem| Err(ParamError::new(NAME.name, problem).in_series(position, series.len()));
    // One by itself has no other to be confused with.
    if let [one] = series {
        return if one.name.as_deref() == Some(META) { refused(0, Problem::ReservedLabel) } else { Ok(()) };
    }
    let last_named = series.iter().rposition(|one| one.name.is_some());
    let mut labels: Vec<Cow<'_, str>> = Vec::with_capacity(series.len());
    for (position, one) in series.iter().enumerate() {
        let label = one.label(word, position);
        if label == META {
            return refused(position, Problem::ReservedLabel);
        }
        if one.name.is_none() && last_named.is_some_and(|last| last > position) {
            return refused(position, Problem::UnnamedBeforeNamed);
        }
        if let Some(other) = labels.iter().position(|earlier| *earlier == label) {
            return refused(position, Problem::DuplicateLabel { label: label.as_ref().into(), other });
        }
        labels.push(label);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_nineteen_parameters_of_a_series_and_no_name_twice() {
        let mut names: Vec<_> = SeriesParams::parameters().map(|parameter| parameter.name).collect();
        assert_eq!(names.len(), 19);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 19);
    }

    #[test]
    fn the_rule_on_logs_names_filters_that_exist() {
        for name in KEPT_BY_LOG.iter().chain(&["tld"]) {
            assert!(FILTERS.iter().any(|filter| filter.column.parameter.name == *name), "{name}");
        }
    }
}
