//! `GET /radar/ct/issuance`: an endpoint that does not exist, with series and one more option.

use crate::enums::AggInterval;
use crate::request::options::{AGG_INTERVAL, options};
use crate::request::parameter::{Kind, Parameter};
use crate::request::series_request::{SeriesOptions, SeriesRequest};
use crate::response::series::Series;
use crate::response::series_answer::SeriesAnswer;

/// Parameters of `GET /radar/ct/issuance`.
pub type IssuanceParams = SeriesRequest<IssuanceOptions>;

/// The answer to an [`IssuanceParams`].
pub type Issuance = SeriesAnswer<Series>;

options! {
    /// Options of an [`IssuanceParams`].
    pub struct IssuanceOptions {
        /// Aggregation interval, the width of one point (`aggInterval`).
        agg_interval: AggInterval = AGG_INTERVAL,
        /// Revoked certificates included or left out (`withRevoked`).
        with_revoked: bool = Parameter::new("withRevoked", Kind::Boolean, "Revoked certificates included or left out"),
    }
}

impl SeriesOptions for IssuanceOptions {
    const PATH: &'static str = "/radar/ct/issuance";
    const LABEL_PREFIX: &'static str = "serie_";
    type Series = Series;
}
