//! `GET /radar/ct/summary/{dimension}`: distribution of certificates over a dimension.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get certificate distribution by dimension".

use crate::request::grouping::Grouped;
use crate::request::options::options;
use crate::request::series_request::{SeriesOptions, SeriesRequest};
use crate::response::series::Distribution;
use crate::response::series_answer::SeriesAnswer;

/// Parameters of `GET /radar/ct/summary/{dimension}`.
///
/// ```
/// use radar_ct_model::{DateRange, Dimension, Endpoint, SummaryParams};
/// let params = SummaryParams::by(Dimension::PublicKeyAlgorithm).date_range(DateRange::LAST_30_DAYS);
/// assert_eq!(params.path(), "/radar/ct/summary/PUBLIC_KEY_ALGORITHM");
/// assert_eq!(params.prepare()?.to_string(), "dateRange=30d");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type SummaryParams = SeriesRequest<Grouped<SummaryOptions>>;

/// Distribution of certificates over a dimension: the answer to a [`SummaryParams`].
///
/// ```
/// use radar_ct_model::Summary;
/// let body = br#"{"success":true,"errors":[],"result":{"summary_0":{"RSA":"60.5","ECDSA":"39.5"},"meta":{}}}"#;
/// let answer = Summary::from_slice(body)?;
/// assert_eq!(answer.single()?.get("RSA"), Some(60.5));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type Summary = SeriesAnswer<Distribution>;

options! {
    /// Options of a [`SummaryParams`] beside the grouping: none, since a summary has no points and no
    /// interval.
    pub struct SummaryOptions {}
}

impl SeriesOptions for Grouped<SummaryOptions> {
    const PATH: &'static str = "/radar/ct/summary/{dimension}";
    const LABEL_PREFIX: &'static str = "summary_";
    type Series = Distribution;
}
