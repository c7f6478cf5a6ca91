//! `GET /radar/ct/logs` and `GET /radar/ct/logs/{log_slug}`: Certificate Transparency logs.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Logs".

use serde::{Deserialize, Serialize};

use crate::enums::{LogApi, LogState};
use crate::ids::LogSlug;
use crate::request::item::{ItemKey, ItemParams};
use crate::request::page::{ListParams, Listing};
use crate::request::parameter::{Kind, Parameter};
use crate::response::de::{count, count_as_text, null_as_default, objects};
use crate::response::record::{Record, RecordColumn, optional};
use crate::response::timestamp::Timestamp;

/// Parameters of `GET /radar/ct/logs`.
pub type LogsParams = ListParams<Logs>;

/// Parameters of `GET /radar/ct/logs/{log_slug}`: one log by its slug.
///
/// ```
/// use radar_ct_model::{Endpoint, LogParams};
/// assert_eq!(LogParams::new("argon2026h1".parse()?).path(), "/radar/ct/logs/argon2026h1");
/// assert_eq!(LogParams::new("../x?y".parse()?).path(), "/radar/ct/logs/..%2Fx%3Fy");
/// # Ok::<(), radar_ct_model::Problem>(())
/// ```
pub type LogParams = ItemParams<LogSlug>;

/// A page of logs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Logs {
    /// The rows.
    #[serde(deserialize_with = "objects")]
    pub certificate_logs: Vec<Log>,
}

impl Listing for Logs {
    const PATH: &'static str = "/radar/ct/logs";

    type Record = Log;

    fn from_records(records: Vec<Log>) -> Self {
        Self { certificate_logs: records }
    }

    fn records(&self) -> &[Log] {
        &self.certificate_logs
    }

    fn into_records(self) -> Vec<Log> {
        self.certificate_logs
    }
}

impl ItemKey for LogSlug {
    const PATH: &'static str = "/radar/ct/logs/{log_slug}";

    const PARAMETER: Parameter =
        Parameter::new("log_slug", Kind::Text, "Slug of the log, such as argon2026h1");

    const NOUN: &'static str = "slug";

    const MEMBER: &'static str = "certificateLog";

    type Record = Log;
}

impl Record for Log {
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        RecordColumn::new("slug", |log| log.slug.as_str().into()),
        RecordColumn::new("operator", |log| log.operator.as_str().into()),
        RecordColumn::new("api", |log| optional(log.api.as_ref().map(LogApi::as_str))),
        RecordColumn::new("state", |log| optional(log.state.as_ref().map(LogState::as_str))),
        RecordColumn::new("start", |log| optional(log.start_inclusive.as_ref().map(Timestamp::as_str))),
        RecordColumn::new("end", |log| optional(log.end_exclusive.as_ref().map(Timestamp::as_str))),
        RecordColumn::new("description", |log| log.description.as_str().into()),
        RecordColumn::new("url", |log| log.url.as_str().into()),
    ];

    const EXAMPLE: &'static str = r#"{"api":"RFC6962","description":"Google 'Argon2024' log",
        "endExclusive":"2025-01-01T00:00:00Z","operator":"Google","slug":"argon2024",
        "startInclusive":"2024-01-01T00:00:00Z","state":"USABLE","stateTimestamp":"2025-02-01T08:53:20Z",
        "url":"https://ct.googleapis.com/logs/us1/argon2024/"}"#;

    fn key(&self) -> &str {
        &self.slug
    }
}

/// A Certificate Transparency log.
///
/// A list leaves out the members after [`url`](Self::url).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Log {
    /// API of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<LogApi>,
    /// Description of the log, as its operator words it.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub description: String,
    /// End of its temporal interval: it accepts certificates that expire before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_exclusive: Option<Timestamp>,
    /// Operator of the log.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub operator: String,
    /// Slug of the log, in the form that [`LogSlug`] parses.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub slug: String,
    /// Start of its temporal interval: it accepts certificates that expire at this instant or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_inclusive: Option<Timestamp>,
    /// State of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LogState>,
    /// Start of the current state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_timestamp: Option<Timestamp>,
    /// Base URL of the log.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub url: String,
    /// Average number of entries that the log accepts; the API does not state the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avg_throughput: Option<f64>,
    /// Time of the last update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_update: Option<Timestamp>,
    /// Performance of the log; absent if it is not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performance: Option<LogPerformance>,
    /// Other logs of the same operator or series.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<RelatedLog>>"))]
    pub related: Vec<RelatedLog>,
    /// Number of certificates that could have been submitted.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "count",
        serialize_with = "count_as_text"
    )]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::count"))]
    pub submittable_cert_count: Option<u64>,
    /// Number of certificates that were submitted.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "count",
        serialize_with = "count_as_text"
    )]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::count"))]
    pub submitted_cert_count: Option<u64>,
}

/// Performance of a log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LogPerformance {
    /// Performance of each endpoint.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<EndpointPerformance>>"))]
    pub endpoints: Vec<EndpointPerformance>,
    /// Response time; the API does not state the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_time: Option<f64>,
    /// Share of time in which it answers; the API does not state the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<f64>,
}

/// Performance of one endpoint of a log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct EndpointPerformance {
    /// The endpoint, such as `get-entries`.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub endpoint: String,
    /// Response time; the API does not state the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_time: Option<f64>,
    /// Share of time in which it answers; the API does not state the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<f64>,
}

/// A log that is related to another one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RelatedLog {
    /// Description of the log, as its operator words it.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub description: String,
    /// End of its temporal interval: it accepts certificates that expire before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_exclusive: Option<Timestamp>,
    /// Slug of the log.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub slug: String,
    /// Start of its temporal interval: it accepts certificates that expire at this instant or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_inclusive: Option<Timestamp>,
    /// State of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LogState>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Endpoint;

    #[test]
    fn an_array_is_not_accepted_as_a_log() {
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
