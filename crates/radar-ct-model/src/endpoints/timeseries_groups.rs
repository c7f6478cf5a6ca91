//! `GET /radar/ct/timeseries_groups/{dimension}`: certificate volume over time, by a dimension.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get time series of certificate distribution by dimension".

use crate::endpoint::Endpoint;
use crate::endpoints::timeseries::TimeseriesOptions;
use crate::request::grouping::Grouped;
use crate::request::parameter::ParamError;
use crate::request::query::Query;
use crate::request::series_request::SeriesRequest;
use crate::response::envelope::DecodeError;
use crate::response::series::GroupedSeries;
use crate::response::series_answer::SeriesAnswer;

/// What is asked of `GET /radar/ct/timeseries_groups/{dimension}`.
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

impl Endpoint for TimeseriesGroupsParams {
    type Answer = TimeseriesGroups;

    fn path(&self) -> String {
        self.path_below("timeseries_groups")
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.prepare_for_json()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.prepare_for_csv()
    }

    /// As [`TimeseriesGroups::from_slice`], and no series that was asked for may be missing.
    fn decode(&self, body: &[u8]) -> Result<TimeseriesGroups, DecodeError> {
        TimeseriesGroups::decode_expecting(body, self.series().len(), || self.labels())
    }
}

/// The answer: for each series its timestamps, and a column of values for each group.
///
/// ```
/// use radar_ct_model::TimeseriesGroups;
/// let body = br#"{"success":true,"errors":[],"result":{
///     "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"RSA":["60"],"ECDSA":["40"]},"meta":{}}}"#;
/// let answer = TimeseriesGroups::from_slice(body)?;
/// assert_eq!(answer.series[0].keys().collect::<Vec<_>>(), ["RSA", "ECDSA"]);
/// assert_eq!(answer.series[0].get("ECDSA").unwrap().get(0), Some(40.0));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type TimeseriesGroups = SeriesAnswer<GroupedSeries>;
