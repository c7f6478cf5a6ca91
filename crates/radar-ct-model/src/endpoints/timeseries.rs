//! `GET /radar/ct/timeseries`: certificate volume over time.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get certificates time series".

use crate::endpoint::Endpoint;
use crate::enums::AggInterval;
use crate::request::parameter::{Kind, ParamError, Parameter, WireValue};
use crate::request::query::Query;
use crate::request::series_params::SeriesParams;
use crate::request::series_request::{RequestOptions, SeriesRequest};
use crate::response::envelope::DecodeError;
use crate::response::series::Series;
use crate::response::series_answer::SeriesAnswer;

const AGG_INTERVAL: Parameter = Parameter::new(
    "aggInterval",
    Kind::Enum(AggInterval::VALUES),
    "Aggregation interval: the width of one point",
);

/// What is asked of `GET /radar/ct/timeseries`: all of its 21 parameters.
///
/// ```
/// use radar_ct_model::{AggInterval, DateRange, TimeseriesParams};
/// let params = TimeseriesParams::new()
///     .date_range(DateRange::LAST_7_DAYS)
///     .ca_owner("DigiCert")
///     .agg_interval(AggInterval::OneDay);
/// params.validate()?;
/// assert_eq!(params.to_query().to_string(), "dateRange=7d&caOwner=DigiCert&aggInterval=1d");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type TimeseriesParams = SeriesRequest<TimeseriesOptions>;

/// What a [`TimeseriesParams`] has once, beside its series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimeseriesOptions {
    pub(crate) agg_interval: Option<AggInterval>,
}

impl RequestOptions for TimeseriesOptions {
    const LABEL: &'static str = "serie_";

    fn parameters() -> impl Iterator<Item = Parameter> {
        [AGG_INTERVAL].into_iter()
    }

    fn write(&self, query: &mut Query) {
        if let Some(interval) = &self.agg_interval {
            query.add(AGG_INTERVAL.name, interval.as_str());
        }
    }

    fn take(&mut self, query: &mut Query) -> Result<(), ParamError> {
        self.agg_interval = query.take_one(AGG_INTERVAL.name)?.map(AggInterval::from);
        Ok(())
    }

    fn check(&self, _: &[SeriesParams]) -> Result<(), ParamError> {
        let check = self.agg_interval.as_ref().map_or(Ok(()), WireValue::check);
        check.map_err(|problem| ParamError::new(AGG_INTERVAL.name, problem))
    }
}

impl TimeseriesParams {
    /// Aggregation interval, the width of one point: `aggInterval`. An empty text clears it.
    pub fn agg_interval(mut self, interval: impl Into<AggInterval>) -> Self {
        self.options.agg_interval = Some(interval.into()).filter(|interval| !interval.is_absent());
        self
    }

    /// The aggregation interval asked for, if any.
    pub fn asked_interval(&self) -> Option<&AggInterval> {
        self.options.agg_interval.as_ref()
    }
}

impl Endpoint for TimeseriesParams {
    type Answer = Timeseries;

    fn path(&self) -> String {
        "/radar/ct/timeseries".to_owned()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.prepare_for_json()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.prepare_for_csv()
    }

    /// As [`Timeseries::from_slice`], and no series that was asked for may be missing.
    fn decode(&self, body: &[u8]) -> Result<Timeseries, DecodeError> {
        Timeseries::decode_expecting(body, self.series().len(), || self.labels())
    }
}

/// The answer: certificate volume over time, in the order in which the server wrote the series.
///
/// It serialises back to the API's own `result`: a member for each series, and `meta`.
///
/// ```
/// use radar_ct_model::Timeseries;
/// let body = br#"{"success":true,"errors":[],"result":{
///     "main":{"timestamps":["2026-10-01T00:00:00Z","2026-10-01T01:00:00Z"],"values":["412.5",null]},
///     "meta":{"aggInterval":"ONE_HOUR","dateRange":[],"units":[{"name":"*","value":"certificates"}]}}}"#;
/// let answer = Timeseries::from_slice(body)?;
/// let main = answer.get("main").unwrap();
/// assert_eq!(main.points().next().unwrap().1, Some(412.5));
/// assert_eq!(main.values().get(1), None);
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type Timeseries = SeriesAnswer<Series>;
