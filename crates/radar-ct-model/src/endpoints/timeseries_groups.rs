//! `GET /radar/ct/timeseries_groups/{dimension}`: certificate volume over time, by a dimension.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get time series of certificate distribution
//! by dimension".

use super::timeseries::TimeseriesOptions;
use crate::request::grouping::Grouped;
use crate::request::series_request::{SeriesOptions, SeriesRequest};
use crate::response::series::GroupedSeries;
use crate::response::series_answer::SeriesAnswer;

/// Parameters of `GET /radar/ct/timeseries_groups/{dimension}`.
///
/// ```
/// use radar_ct_model::{AggInterval, DateRange, Dimension, Endpoint, TimeseriesGroupsParams};
/// let params = TimeseriesGroupsParams::by(Dimension::CaOwner)
///     .date_range(DateRange::LAST_7_DAYS)
///     .agg_interval(AggInterval::OneDay)
///     .limit_per_group(5);
/// assert_eq!(params.path(), "/radar/ct/timeseries_groups/CA_OWNER");
/// assert_eq!(params.prepare()?.to_string(), "dateRange=7d&aggInterval=1d&limitPerGroup=5");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type TimeseriesGroupsParams = SeriesRequest<Grouped<TimeseriesOptions>>;

/// Certificate volume over time, by a dimension: the answer to a [`TimeseriesGroupsParams`].
///
/// ```
/// use radar_ct_model::TimeseriesGroups;
/// let body = br#"{"success":true,"errors":[],"result":{
///     "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"RSA":["60"],"ECDSA":["40"]},"meta":{}}}"#;
/// let answer = TimeseriesGroups::from_slice(body)?;
/// assert_eq!(answer.single()?.keys().collect::<Vec<_>>(), ["RSA", "ECDSA"]);
/// assert_eq!(answer.single()?.get("ECDSA").unwrap().get(0), Some(40.0));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type TimeseriesGroups = SeriesAnswer<GroupedSeries>;

impl SeriesOptions for Grouped<TimeseriesOptions> {
    const PATH: &'static str = "/radar/ct/timeseries_groups/{dimension}";
    const LABEL_PREFIX: &'static str = "serie_";
    type Series = GroupedSeries;
}
