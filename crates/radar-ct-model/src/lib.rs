//! Types for [Cloudflare Radar]'s Certificate Transparency API: requests, their query encoding, and answers.
//!
//! The crate has no I/O, no clock and no HTTP client, so that it works with any.
//!
//! ```
//! use radar_ct_model::{DateRange, Endpoint, TimeseriesParams};
//!
//! // This week's certificates of one CA owner beside last week's.
//! let week = DateRange::LAST_7_DAYS;
//! let params = TimeseriesParams::new()
//!     .name("now").ca_owner("DigiCert").date_range(week)
//!     .vs().name("before").date_range(week.control());
//! let url = format!("https://api.cloudflare.com/client/v4{}?{}", params.path(), params.prepare()?);
//! # assert!(url.ends_with("?name=now&name=before&dateRange=7d&dateRange=7dcontrol&caOwner=DigiCert&caOwner=DigiCert"));
//!
//! // The body of the response, from any HTTP client.
//! let body = br#"{"success":true,"errors":[],"result":{
//!     "now":{"timestamps":["2026-10-08T00:00:00Z"],"values":["52.25"]},
//!     "before":{"timestamps":["2026-10-01T00:00:00Z"],"values":["50"]},
//!     "meta":{"aggInterval":"ONE_DAY"}}}"#;
//! let answer = params.decode(body)?;
//! assert_eq!(answer.get("before").and_then(|series| series.values().get(0)), Some(50.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The request is a list of series
//! On the wire every filter is an array, and the position in the array says which series a value belongs to.
//! Here a series is one value, [`SeriesParams`], and its position is worked out when the query is written, so
//! that a filter cannot slip to another series. [`SeriesRequest`] has the setters;
//! [`validate`](SeriesRequest::validate) finds requests that the API would refuse.
//!
//! # The answer is a list of frames
//! Every series of an answer is a [`Frame`]: a label, optional timestamps, and named columns of [`Values`] of
//! one length. [`Series`], [`GroupedSeries`] and [`Distribution`] are its three forms. Members, enum values
//! and nulls that the API adds later decode without an error; a broken promise is a [`DecodeError`] that says
//! where.
//!
//! # Code for every endpoint
//! [`endpoints`] lists the endpoints with their parameters, for code that works with all of them.
//!
//! # Features
//! `schema` adds JSON Schemas of the answers (`schemars::JsonSchema`), and `endpoints::EndpointInfo::schema`.
//!
//! # Data licence
//! Radar's data are published under CC BY-NC 4.0.
//!
//! [Cloudflare Radar]: https://radar.cloudflare.com

mod endpoint;
pub mod endpoints;
mod enums;
mod ids;
mod request;
mod response;
// Shared with the command line, and no part of the public API.
#[doc(hidden)]
pub mod sanitize;
#[cfg(feature = "schema")]
mod schema;
mod text;

pub use endpoint::{Csv, Endpoint};
pub use endpoints::types::*;
pub use enums::*;
pub use ids::{Fingerprint, LogSlug};
pub use request::date_range::{DateRange, Period};
pub use request::grouping::Grouped;
pub use request::item::ItemParams;
pub use request::page::{ListOptions, ListParams};
pub use request::parameter::{Kind, Parameter};
pub use request::problem::{ParamError, Problem};
pub use request::query::{Query, encode_path_segment};
pub use request::series_params::SeriesParams;
pub use request::series_request::SeriesRequest;
pub use response::envelope::{DecodeError, DecodeErrorKind};
pub use response::error_body::{ApiMessage, ErrorBody, ErrorShape};
pub use response::frame::Frame;
pub use response::meta::{Annotation, ConfidenceInfo, Meta, TimeRange, Unit};
pub use response::series::{Distribution, GroupedSeries, Series};
pub use response::series_answer::SeriesAnswer;
pub use response::timestamp::Timestamp;
pub use response::values::Values;
