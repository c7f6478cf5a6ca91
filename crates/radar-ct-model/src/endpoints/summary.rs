//! `GET /radar/ct/summary/{dimension}`: how certificates are distributed over a dimension.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get certificate distribution by dimension".

use crate::endpoint::Endpoint;
use crate::request::grouping::Grouped;
use crate::request::parameter::{ParamError, Parameter};
use crate::request::query::Query;
use crate::request::series_params::SeriesParams;
use crate::request::series_request::{RequestOptions, SeriesRequest};
use crate::response::envelope::DecodeError;
use crate::response::series::Distribution;
use crate::response::series_answer::SeriesAnswer;

/// What is asked of `GET /radar/ct/summary/{dimension}`.
///
/// ```
/// use radar_ct_model::{DateRange, Dimension, Endpoint, SummaryParams};
/// let params = SummaryParams::by(Dimension::PublicKeyAlgorithm).date_range(DateRange::LAST_30_DAYS);
/// assert_eq!(params.path(), "/radar/ct/summary/PUBLIC_KEY_ALGORITHM");
/// assert_eq!(params.prepare()?.to_string(), "dateRange=30d");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type SummaryParams = SeriesRequest<Grouped<SummaryOptions>>;

/// What a [`SummaryParams`] has once beside its groups: nothing. A summary has no points, and so no interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SummaryOptions {}

impl RequestOptions for SummaryOptions {
    const LABEL: &'static str = "summary_";

    fn parameters() -> impl Iterator<Item = Parameter> {
        std::iter::empty()
    }

    fn write(&self, _: &mut Query) {}

    fn take(&mut self, _: &mut Query) -> Result<(), ParamError> {
        Ok(())
    }

    fn check(&self, _: &[SeriesParams]) -> Result<(), ParamError> {
        Ok(())
    }
}

impl Endpoint for SummaryParams {
    type Answer = Summary;

    fn path(&self) -> String {
        self.path_below("summary")
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.prepare_for_json()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.prepare_for_csv()
    }

    /// As [`Summary::from_slice`], and no series that was asked for may be missing.
    fn decode(&self, body: &[u8]) -> Result<Summary, DecodeError> {
        Summary::decode_expecting(body, self.series().len(), || self.labels())
    }
}

/// The answer: for each series how it is distributed.
///
/// ```
/// use radar_ct_model::Summary;
/// let body = br#"{"success":true,"errors":[],"result":{"summary_0":{"RSA":"60.5","ECDSA":"39.5"},"meta":{}}}"#;
/// let answer = Summary::from_slice(body)?;
/// assert_eq!(answer.series[0].get("RSA"), Some(60.5));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type Summary = SeriesAnswer<Distribution>;
