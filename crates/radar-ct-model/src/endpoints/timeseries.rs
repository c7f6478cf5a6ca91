//! `GET /radar/ct/timeseries`: certificate volume over time.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get certificates time series".

use crate::enums::AggInterval;
use crate::request::options::{AGG_INTERVAL, options};
use crate::request::series_request::{SeriesOptions, SeriesRequest};
use crate::response::series::Series;
use crate::response::series_answer::SeriesAnswer;

/// Parameters of `GET /radar/ct/timeseries`.
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

/// Certificate volume over time: the answer to a [`TimeseriesParams`].
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

options! {
    /// Options of a request for points over time.
    pub struct TimeseriesOptions {
        /// Aggregation interval, the width of one point (`aggInterval`).
        agg_interval: AggInterval = AGG_INTERVAL,
    }
}

impl SeriesOptions for TimeseriesOptions {
    const PATH: &'static str = "/radar/ct/timeseries";
    const LABEL_PREFIX: &'static str = "serie_";
    type Series = Series;
}
