//! A request for one or more series, shared by every endpoint that answers series.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};

use super::date_range::{DateRange, Period};
use super::format::{self, FORMAT};
use super::options::Options;
use super::parameter::{Parameter, WireValue};
use super::problem::{ParamError, Problem};
use super::query::Query;
use super::rules::check_series;
use super::series_params::{SeriesParams, take_series, write_series};
use crate::endpoint::{Endpoint, fill_path};
use crate::enums::Format;
use crate::response::envelope::DecodeError;
use crate::response::series::SeriesView;
use crate::response::series_answer::SeriesAnswer;

/// Options of an endpoint that answers series.
///
/// The trait is sealed: the endpoints are the API's. Use it as a bound of code that works with all of them.
#[expect(private_bounds, reason = "the supertrait seals this one")]
pub trait SeriesOptions: Options {
    /// The path below the base URL, its variable segment in braces.
    const PATH: &'static str;

    /// The label prefix of a series without a name, which the answer follows with its position.
    const LABEL_PREFIX: &'static str;

    /// The kind of series in the answer.
    type Series: SeriesView;
}

/// A request for one or more series, with the options `O` of its endpoint.
///
/// Use it by its aliases: [`TimeseriesParams`](crate::TimeseriesParams),
/// [`SummaryParams`](crate::SummaryParams) and [`TimeseriesGroupsParams`](crate::TimeseriesGroupsParams).
///
/// A request starts with one unfiltered series. The setters describe the *newest* series; [`vs`](Self::vs)
/// starts the next one as a copy of the first, and the setters after it change the copy.
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
#[must_use = "a request does nothing until a client sends it"]
pub struct SeriesRequest<O> {
    /// The series in order, the newest last. Never empty: a series that is taken out is put back.
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

/// Series and their setters.
impl<O> SeriesRequest<O> {
    pub(crate) fn with_options(options: O) -> Self {
        Self { series: vec![SeriesParams::default()], format: None, options, extra: Vec::new() }
    }

    /// Starts the next series as a copy of the first, without its name. The setters that follow describe it.
    pub fn vs(self) -> Self {
        let copy = self.series.first().cloned().unwrap_or_default();
        self.and(copy).name("")
    }

    /// Appends a series. The setters that follow describe it.
    pub fn and(mut self, series: SeriesParams) -> Self {
        self.series.push(series);
        self
    }

    /// Returns the series in order.
    pub fn series(&self) -> impl ExactSizeIterator<Item = &SeriesParams> {
        self.series.iter()
    }

    /// Label of the newest series in the answer (`name`). An empty text clears it.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.describe(|series| series.set_name(name.into()))
    }

    /// Last days or weeks, as the period of the newest series (`dateRange`). Replaces a window.
    pub fn date_range(self, range: DateRange) -> Self {
        self.period(Period::Range(range))
    }

    /// Start and end of the period of the newest series (`dateStart`, `dateEnd`). Replaces a date range.
    pub fn window(
        self,
        start: impl Into<DateTime<FixedOffset>>,
        end: impl Into<DateTime<FixedOffset>>,
    ) -> Self {
        self.period(Period::window(start, end))
    }

    /// Period of the newest series; `None` leaves it to the API.
    pub fn period(self, period: impl Into<Option<Period>>) -> Self {
        self.describe(|series| series.set_period(period.into()))
    }

    /// Period of all series.
    pub fn over(mut self, period: impl Into<Period>) -> Self {
        let period = period.into();
        self.series.iter_mut().for_each(|series| series.set_period(Some(period)));
        self
    }

    pub(crate) fn describe(mut self, change: impl FnOnce(&mut SeriesParams)) -> Self {
        if let Some(newest) = self.series.last_mut() {
            change(newest);
        }
        self
    }
}

/// Parameters of the whole request.
impl<O> SeriesRequest<O> {
    /// Format of the answer (`format`). An empty text clears it.
    ///
    /// The typed calls decode JSON and refuse CSV; the call that returns CSV sets the format itself.
    pub fn format(mut self, format: impl Into<Format>) -> Self {
        self.format = format::given(format);
        self
    }

    /// A parameter that this version does not know, sent verbatim after all others. May be repeated.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// Returns the options of the endpoint.
    pub fn options(&self) -> &O {
        &self.options
    }
}

#[expect(private_bounds, reason = "only endpoints of this crate have options")]
impl<O: Options + Default> SeriesRequest<O> {
    /// Creates a request for one unfiltered series.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a request from a query string, without its `?`.
    ///
    /// # Errors
    /// Returns an error if [`from_parts`](Self::from_parts) does, or if the decoded text is not UTF-8.
    pub fn parse_query(text: &str) -> Result<Self, ParamError> {
        Self::from_parts("", Query::parse(text)?)
    }
}

#[expect(private_bounds, reason = "only endpoints of this crate have options")]
impl<O: Options> SeriesRequest<O> {
    /// Returns the parameters of the whole request, in the order in which they are written.
    pub fn request_parameters() -> Vec<Parameter> {
        let mut parameters = O::parameters();
        parameters.push(FORMAT);
        parameters
    }

    /// Returns the variable segment of the path, such as the dimension; `None` where the path has none.
    pub fn segment(&self) -> Option<&str> {
        self.options.segment()
    }

    /// Returns the text of a parameter of the whole request on the wire, by its wire name, if it is set.
    ///
    /// ```
    /// use radar_ct_model::{AggInterval, TimeseriesParams};
    /// let params = TimeseriesParams::new().agg_interval(AggInterval::OneDay);
    /// assert_eq!(params.get("aggInterval").as_deref(), Some("1d"));
    /// assert_eq!(params.get("format"), None);
    /// ```
    pub fn get(&self, wire_name: &str) -> Option<Cow<'_, str>> {
        if wire_name == FORMAT.name {
            return self.format.as_ref().map(|format| Cow::Borrowed(format.as_str()));
        }
        self.options.get(wire_name).map(|value| match value {
            WireValue::Text(text) => Cow::Borrowed(text),
            shown => Cow::Owned(shown.to_string()),
        })
    }

    /// Returns whether the request asks for CSV.
    pub fn is_csv(&self) -> bool {
        self.format.as_ref().is_some_and(Format::is_csv)
    }

    /// Returns the query: the parameters of the series by position, those of the request, and the extra ones.
    pub fn to_query(&self) -> Query {
        let mut query = Query::new();
        write_series(&self.series, &mut query);
        self.options.write(&mut query);
        format::write(&mut query, self.format.as_ref());
        for (name, value) in &self.extra {
            query.push(name.clone(), value);
        }
        query
    }

    /// Reads a request from the variable segment of its path and its query. The segment is ignored where the
    /// path has none.
    ///
    /// # Errors
    /// Returns an error if a value does not fit its parameter, if a parameter of the whole request is
    /// repeated, or if a series has half a window or both a window and a range. The other rules are left to
    /// [`validate`](Self::validate).
    pub fn from_parts(segment: &str, mut query: Query) -> Result<Self, ParamError> {
        let series = take_series(&mut query)?;
        let mut options = O::from_segment(segment);
        options.take(&mut query)?;
        let format = format::take(&mut query)?;
        Ok(Self { series, format, options, extra: query.into_rest() })
    }
}

impl<O: SeriesOptions> SeriesRequest<O> {
    /// Returns the labels of the series in the answer, in order.
    pub fn labels(&self) -> Vec<Cow<'_, str>> {
        let labels = self.series.iter().enumerate();
        labels.map(|(index, series)| series.label_in_answer(O::LABEL_PREFIX, index)).collect()
    }

    /// Checks every documented rule, so that a request that the API would refuse is not sent.
    ///
    /// # Errors
    /// Returns the first broken rule, with its parameter and series.
    pub fn validate(&self) -> Result<(), ParamError> {
        check_series(&self.series, O::LABEL_PREFIX)?;
        self.options.check()?;
        self.options.check_with(&self.series)?;
        format::check(self.format.as_ref())?;
        if self.extra.is_empty() {
            return Ok(());
        }
        let known: Vec<Parameter> = SeriesParams::parameters().chain(Self::request_parameters()).collect();
        match self.extra.iter().find(|(name, _)| known.iter().any(|known| known.name == name)) {
            Some((name, _)) => Err(ParamError::new(name.clone(), Problem::NotExtra)),
            None => Ok(()),
        }
    }
}

impl<O: SeriesOptions> Endpoint for SeriesRequest<O> {
    type Answer = SeriesAnswer<O::Series>;

    fn path(&self) -> Cow<'static, str> {
        fill_path(O::PATH, self.segment())
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.validate()?;
        format::refuse_csv(self.format.as_ref())?;
        Ok(self.to_query())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.validate()?;
        let mut query = self.to_query();
        format::set_csv(&mut query, self.format.as_ref());
        Ok(query)
    }

    /// Decodes an answer. Either every requested series is in it, or none at all.
    fn decode(&self, body: &[u8]) -> Result<Self::Answer, DecodeError> {
        SeriesAnswer::decode_expecting(body, self.series.len(), || {
            self.labels().into_iter().map(Cow::into_owned).collect()
        })
    }
}
