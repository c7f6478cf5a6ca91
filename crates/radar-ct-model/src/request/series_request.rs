//! A request for one or more series, shared by every endpoint that answers series.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};

use crate::enums::Format;
use crate::request::date_range::{DateRange, Period};
use crate::request::format::{self, FORMAT};
use crate::request::parameter::{ParamError, Parameter, Problem};
use crate::request::query::Query;
use crate::request::series_params::{SeriesParams, check_series, take_series, write_series};

/// The parameters that an endpoint has once per request, beside those of the series.
pub trait RequestOptions: Sized {
    /// What the answer calls a series without a name, before its position.
    const LABEL: &'static str;

    /// The parameters, in the order in which they are written.
    fn parameters() -> impl Iterator<Item = Parameter>;

    /// Writes those that are set.
    fn write(&self, query: &mut Query);

    /// Takes them out of a query.
    ///
    /// # Errors
    /// Where one is repeated or cannot be read.
    fn take(&mut self, query: &mut Query) -> Result<(), ParamError>;

    /// Checks the documented rules on them, alone and with the series.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check(&self, series: &[SeriesParams]) -> Result<(), ParamError>;
}

/// A request for one or more series, with the options `O` of its endpoint: see
/// [`TimeseriesParams`](crate::TimeseriesParams).
///
/// It begins with one unfiltered series. The setters describe the *newest* series; [`vs`](Self::vs) begins
/// the next, as a copy of the first, and what follows changes the copy.
///
/// ```
/// use radar_ct_model::{DateRange, TimeseriesParams};
/// let week = DateRange::LAST_7_DAYS;
/// let params = TimeseriesParams::new()
///     .ca_owner("DigiCert")
///     .date_range(week)
///     .vs()
///     .date_range(week.control());
/// assert_eq!(
///     params.to_query().to_string(),
///     "dateRange=7d&dateRange=7dcontrol&caOwner=DigiCert&caOwner=DigiCert",
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRequest<O> {
    /// In order, the newest last. There is always one: all that takes one away puts one in its place.
    series: Vec<SeriesParams>,
    format: Option<Format>,
    pub(crate) options: O,
    extra: Vec<(String, String)>,
}

impl<O: Default> Default for SeriesRequest<O> {
    fn default() -> Self {
        SeriesParams::default().into()
    }
}

impl<O: Default> From<SeriesParams> for SeriesRequest<O> {
    fn from(newest: SeriesParams) -> Self {
        Self { series: vec![newest], ..Self::with_options(O::default()) }
    }
}

impl<O> SeriesRequest<O> {
    /// A request for one unfiltered series.
    pub(crate) fn with_options(options: O) -> Self {
        Self { series: vec![SeriesParams::default()], format: None, options, extra: Vec::new() }
    }

    /// Begins the next series as a copy of the first, without its name. The setters that follow describe it.
    pub fn vs(self) -> Self {
        self.vs_copy_of(0)
    }

    /// Begins the next series as a copy of the series at `index` (from 0; the newest if there is none there),
    /// without its name.
    pub fn vs_copy_of(self, index: usize) -> Self {
        let copy = self.series.get(index).or(self.series.last()).cloned().unwrap_or_default();
        self.and(copy.name(""))
    }

    /// Adds a series as it is. The setters that follow describe it.
    pub fn and(mut self, series: SeriesParams) -> Self {
        self.series.push(series);
        self
    }

    /// The series, in order.
    pub fn series(&self) -> impl ExactSizeIterator<Item = &SeriesParams> {
        self.series.iter()
    }

    /// Label of the newest series in the answer: `name`. An empty text clears it.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.describe(|series| series.name(name))
    }

    /// The last days or weeks, of the newest series: `dateRange`. Replaces a window.
    pub fn date_range(self, range: DateRange) -> Self {
        self.describe(|series| series.date_range(range))
    }

    /// From a start to an end, of the newest series: `dateStart` and `dateEnd`. Replaces a date range.
    pub fn window(
        self,
        start: impl Into<DateTime<FixedOffset>>,
        end: impl Into<DateTime<FixedOffset>>,
    ) -> Self {
        self.describe(|series| series.window(start, end))
    }

    /// A date range or a window, of the newest series; `None` leaves it to the API.
    pub fn period(self, period: impl Into<Option<Period>>) -> Self {
        self.describe(|series| series.period(period))
    }

    /// Gives every series the same period, in place of what each of them had.
    pub fn over(mut self, period: impl Into<Period>) -> Self {
        let period = period.into();
        self.series = self.series.into_iter().map(|series| series.period(period)).collect();
        self
    }

    /// Format of the answer: `format`.
    ///
    /// The typed calls decode JSON and refuse anything else; the call that returns CSV sets this by itself.
    pub fn format(mut self, format: impl Into<Format>) -> Self {
        self.format = Some(format.into()).filter(|format| !format.as_str().is_empty());
        self
    }

    /// The format asked for, if any.
    pub fn asked_format(&self) -> Option<&Format> {
        self.format.as_ref()
    }

    /// A parameter that this version does not know, sent behind all others as it is given; may be repeated.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// The options of the endpoint.
    pub fn options(&self) -> &O {
        &self.options
    }

    pub(crate) fn describe(mut self, change: impl FnOnce(SeriesParams) -> SeriesParams) -> Self {
        let newest = self.series.pop().unwrap_or_default();
        self.series.push(change(newest));
        self
    }
}

impl<O: RequestOptions + Default> SeriesRequest<O> {
    /// A request for one unfiltered series.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a request back from a query, whatever the order of its parameters.
    ///
    /// # Errors
    /// Where a value cannot be what its parameter is, a parameter of the whole request is repeated, or a series has
    /// half a window or a window and a range. The other rules are [`validate`](Self::validate)'s.
    pub fn from_query(query: Query) -> Result<Self, ParamError> {
        Self::read(O::default(), query)
    }

    /// Reads a request back from a query string, without its `?`.
    ///
    /// # Errors
    /// As [`from_query`](Self::from_query), and where the text is not UTF-8.
    pub fn parse_query(text: &str) -> Result<Self, ParamError> {
        Self::from_query(Query::parse(text)?)
    }
}

impl<O: RequestOptions> SeriesRequest<O> {
    /// The parameters that hold for the whole request.
    pub fn request_parameters() -> impl Iterator<Item = Parameter> {
        O::parameters().chain([FORMAT])
    }

    /// The query: the parameters of the series by position, then those of the request, then the extra ones.
    pub fn to_query(&self) -> Query {
        let mut query = Query::new();
        write_series(&self.series, &mut query);
        self.options.write(&mut query);
        format::write(&mut query, self.format.as_ref());
        for (name, value) in &self.extra {
            query.add(name.clone(), value);
        }
        query
    }

    /// Reads a request back from a query, with options that the query may add to.
    pub(crate) fn read(mut options: O, mut query: Query) -> Result<Self, ParamError> {
        let series = take_series(&mut query)?;
        options.take(&mut query)?;
        let format = query.take_one(FORMAT.name)?.map(Format::from);
        Ok(Self { series, format, options, extra: query.into_rest() })
    }

    /// The labels under which the answer has the series, in order.
    pub fn labels(&self) -> Vec<Cow<'_, str>> {
        self.series().enumerate().map(|(index, series)| series.label(O::LABEL, index)).collect()
    }

    /// Checks every documented rule, so that a request the API would refuse is not sent.
    ///
    /// # Errors
    /// The first rule that is broken, with the parameter and the series.
    pub fn validate(&self) -> Result<(), ParamError> {
        check_series(&self.series, O::LABEL)?;
        self.options.check(&self.series)?;
        format::check(self.format.as_ref())?;
        let is_known = |name: &str| {
            SeriesParams::parameters().chain(Self::request_parameters()).any(|known| known.name == name)
        };
        match self.extra.iter().find(|(name, _)| is_known(name)) {
            Some((name, _)) => Err(ParamError::new(name.clone(), Problem::NotExtra)),
            None => Ok(()),
        }
    }

    /// The query of a call that decodes JSON.
    pub(crate) fn prepare_for_json(&self) -> Result<Query, ParamError> {
        self.validate()?;
        format::refuse_csv(self.format.as_ref())?;
        Ok(self.to_query())
    }

    /// The query of a call that ends in CSV. A request that asks for CSV already keeps its spelling.
    pub(crate) fn prepare_for_csv(&self) -> Result<Query, ParamError> {
        self.validate()?;
        let mut query = self.to_query();
        format::ask_for_csv(&mut query, self.format.as_ref());
        Ok(query)
    }
}
