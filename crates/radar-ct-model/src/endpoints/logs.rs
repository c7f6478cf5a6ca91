//! `GET /radar/ct/logs` and `GET /radar/ct/logs/{log_slug}`: the logs.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Logs".

use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;
use crate::enums::{LogApi, LogState};
use crate::ids::LogSlug;
use crate::request::format;
use crate::request::page::{ListParams, Listing};
use crate::request::parameter::{ParamError, Parameter};
use crate::request::query::{Query, encode_path_segment};
use crate::response::de::{count, count_as_text, null_as_default, object, objects};
use crate::response::envelope::{DecodeError, decode_whole};
use crate::response::timestamp::Timestamp;

/// What is asked of `GET /radar/ct/logs`.
pub type LogsParams = ListParams<Logs>;

/// A page of logs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Logs {
    /// The rows.
    #[serde(deserialize_with = "objects")]
    pub certificate_logs: Vec<Log>,
}

impl Logs {
    /// A page.
    pub fn new(rows: Vec<Log>) -> Self {
        Self { certificate_logs: rows }
    }
}

impl Listing for Logs {
    const PATH: &'static str = "/radar/ct/logs";

    type Item = Log;

    fn into_items(self) -> Vec<Log> {
        self.certificate_logs
    }

    fn key(item: &Log) -> &str {
        &item.slug
    }
}

/// What is asked of `GET /radar/ct/logs/{log_slug}`: one log.
///
/// ```
/// use radar_ct_model::{Endpoint, LogParams};
/// assert_eq!(LogParams::new("argon2026h1".parse()?).path(), "/radar/ct/logs/argon2026h1");
/// assert_eq!(LogParams::new("../x?y".parse()?).path(), "/radar/ct/logs/..%2Fx%3Fy");
/// # Ok::<(), radar_ct_model::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogParams {
    slug: LogSlug,
}

impl LogParams {
    /// The log with that slug.
    pub fn new(slug: LogSlug) -> Self {
        Self { slug }
    }

    /// Every parameter. The call that returns CSV sets it by itself.
    pub fn parameters() -> impl Iterator<Item = Parameter> {
        [format::FORMAT].into_iter()
    }
}

impl Endpoint for LogParams {
    type Answer = Log;

    fn path(&self) -> String {
        // A slug can be a segment, or it would be none.
        format!("{}/{}", Logs::PATH, encode_path_segment(self.slug.as_str()).unwrap_or_default())
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        Ok(Query::new())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        let mut query = Query::new();
        format::ask_for_csv(&mut query, None);
        Ok(query)
    }

    fn decode(&self, body: &[u8]) -> Result<Log, DecodeError> {
        decode_whole::<OneLog>(body).map(|one| one.certificate_log)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OneLog {
    #[serde(deserialize_with = "object")]
    certificate_log: Log,
}

/// A log. In a list what comes behind [`url`](Self::url) is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Log {
    /// The interface by which it is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<LogApi>,
    /// What its operator calls it.
    #[serde(deserialize_with = "null_as_default")]
    pub description: String,
    /// It takes certificates that expire before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_exclusive: Option<Timestamp>,
    /// Who operates it.
    #[serde(deserialize_with = "null_as_default")]
    pub operator: String,
    /// Its slug: what [`LogSlug`] reads.
    #[serde(deserialize_with = "null_as_default")]
    pub slug: String,
    /// It takes certificates that expire at this or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_inclusive: Option<Timestamp>,
    /// Its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LogState>,
    /// Since when it is in that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_timestamp: Option<Timestamp>,
    /// Where it is.
    #[serde(deserialize_with = "null_as_default")]
    pub url: String,
    /// How many entries it takes on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avg_throughput: Option<f64>,
    /// When it was last looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_update: Option<Timestamp>,
    /// How well it answers; absent where that is not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performance: Option<LogPerformance>,
    /// Other logs of the same kind.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub related: Vec<RelatedLog>,
    /// How many certificates could have been submitted.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "count",
        serialize_with = "count_as_text"
    )]
    pub submittable_cert_count: Option<u64>,
    /// How many certificates were submitted.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "count",
        serialize_with = "count_as_text"
    )]
    pub submitted_cert_count: Option<u64>,
}

/// How well a log answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LogPerformance {
    /// Endpoint by endpoint.
    #[serde(deserialize_with = "null_as_default")]
    pub endpoints: Vec<EndpointPerformance>,
    /// How long an answer takes; the API does not say in which unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_time: Option<f64>,
    /// How much of the time it is up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<f64>,
}

/// How well one endpoint of a log answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct EndpointPerformance {
    /// The endpoint, such as `get-entries`.
    #[serde(deserialize_with = "null_as_default")]
    pub endpoint: String,
    /// How long an answer takes; the API does not say in which unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_time: Option<f64>,
    /// How much of the time it is up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<f64>,
}

/// Another log of the same kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RelatedLog {
    /// What its operator calls it.
    #[serde(deserialize_with = "null_as_default")]
    pub description: String,
    /// It takes certificates that expire before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_exclusive: Option<Timestamp>,
    /// Its slug.
    #[serde(deserialize_with = "null_as_default")]
    pub slug: String,
    /// It takes certificates that expire at this or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_inclusive: Option<Timestamp>,
    /// Its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LogState>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_the_place_of_an_object_is_no_log() {
        let one = LogParams::new("a".parse().unwrap());
        for result in
            [r#"{"certificateLog":[]}"#, r#"[{"slug":"a"}]"#, r#"{"certificateLog":"a"}"#, "[]", "{}"]
        {
            let body = format!(r#"{{"success":true,"result":{result}}}"#);
            assert!(one.decode(body.as_bytes()).is_err(), "{result}");
        }
        for result in
            [r#"{"certificateLogs":[[]]}"#, r#"{"certificateLogs":{}}"#, r#"[[{"slug":"a"}]]"#, "{}"]
        {
            let body = format!(r#"{{"success":true,"result":{result}}}"#);
            assert!(LogsParams::new().decode(body.as_bytes()).is_err(), "{result}");
        }
        assert!(one.decode(br#"{"success":true,"result":{"certificateLog":{}}}"#).is_ok());
    }
}
