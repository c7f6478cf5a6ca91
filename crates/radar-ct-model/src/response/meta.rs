//! `meta`: the description of the data in an answer.
//!
//! Every member may be missing or null in recorded answers, including those that the API documents as
//! required, so none of them keeps the data from being decoded.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::enums::{EventType, Normalization, ReportedInterval};
use crate::response::de::{null_as_default, whole_as_integer};
use crate::response::timestamp::Timestamp;

/// The member of a result beside its series.
pub(crate) const META: &str = "meta";

/// The description of the data in an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Meta {
    /// The window of each series in the order of the request, as the server adjusted it. Answers before
    /// November 2023 have a single window for all series.
    #[serde(deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<TimeRange>>"))]
    pub date_range: Vec<TimeRange>,
    /// The aggregation interval, which is the width of one point. Summaries have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agg_interval: Option<ReportedInterval>,
    /// The confidence in the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_info: Option<ConfidenceInfo>,
    /// The scale of the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalization: Option<Normalization>,
    /// The time of the last update of the data, which can be later than the end of the last window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<Timestamp>,
    /// The units of the values.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Unit>>"))]
    pub units: Vec<Unit>,
}

impl Meta {
    /// The name of its member in a result. No series can have this label.
    pub const MEMBER: &'static str = META;

    /// Combines this with the `meta` of a later part of the same answer.
    pub(crate) fn append(&mut self, later: Self) {
        for (range, later) in self.date_range.iter_mut().zip(later.date_range) {
            range.end_time = later.end_time;
        }
        match (&mut self.confidence_info, later.confidence_info) {
            (Some(ours), Some(theirs)) => {
                // The whole is as reliable as its least reliable part.
                ours.level = match (ours.level, theirs.level) {
                    (Some(one), Some(other)) => Some(one.min(other)),
                    (one, other) => one.or(other),
                };
                add_new(&mut ours.annotations, theirs.annotations);
            }
            (None, theirs) => self.confidence_info = theirs,
            (Some(_), None) => {}
        }
        add_new(&mut self.units, later.units);
        if later.last_updated.is_some() {
            self.last_updated = later.last_updated;
        }
    }
}

fn add_new<T: PartialEq>(ours: &mut Vec<T>, theirs: Vec<T>) {
    for one in theirs {
        if !ours.contains(&one) {
            ours.push(one);
        }
    }
}

/// A window in `meta.dateRange`. A bound that the API leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TimeRange {
    /// The start.
    #[serde(skip_serializing_if = "Timestamp::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Timestamp>"))]
    pub start_time: Timestamp,
    /// The end.
    #[serde(skip_serializing_if = "Timestamp::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Timestamp>"))]
    pub end_time: Timestamp,
}

impl TimeRange {
    /// A window from `start` to `end`.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start_time: start.into(), end_time: end.into() }
    }
}

/// `meta.confidenceInfo`: the confidence in the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ConfidenceInfo {
    /// The level of confidence. Null in every recorded answer.
    #[serde(serialize_with = "whole_as_integer")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub level: Option<f64>,
    /// Events that may affect the data.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Annotation>>"))]
    pub annotations: Vec<Annotation>,
}

/// An event that may affect the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Annotation {
    /// The data source that is affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_source: Option<String>,
    /// A description of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The type of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// The start of the event, as `startDate`. See also [`start_time`](Self::start_time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Timestamp>,
    /// The end of the event, as `endDate`; `None` for an ongoing event. See also
    /// [`end_time`](Self::end_time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Timestamp>,
    /// The start of the event, as `startTime` in older descriptions of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// The end of the event, as `endTime` in older descriptions of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// `true` if the event has no duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_instantaneous: Option<bool>,
    /// A link to details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_url: Option<String>,
    /// Tags.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    pub tags: Vec<String>,
}

/// The unit of values. A member that the API leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Unit {
    /// The name of the values with this unit; `*` for all.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub name: String,
    /// The unit, such as `requests`.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub value: String,
}

impl Unit {
    /// A unit for all values.
    pub fn of_all(value: impl Into<String>) -> Self {
        Self { name: "*".to_owned(), value: value.into() }
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TimeRange>, D::Error> {
    struct OneOrMany(Vec<TimeRange>);

    impl<'de> Deserialize<'de> for OneOrMany {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Windows).map(Self)
        }
    }

    struct Windows;

    impl<'de> Visitor<'de> for Windows {
        type Value = Vec<TimeRange>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a window or a list of windows")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            TimeRange::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(seq))
        }
    }

    Ok(Option::deserialize(deserializer)?.map_or_else(Vec::new, |OneOrMany(windows)| windows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_members_are_defaults() {
        let nothing: Meta = serde_json::from_str("{}").unwrap();
        let nulls: Meta = serde_json::from_str(
            r#"{"dateRange":null,"aggInterval":null,"confidenceInfo":null,"normalization":null,"lastUpdated":null,"units":null,"new":[1]}"#,
        )
        .unwrap();
        assert_eq!(nothing, nulls);
        let level: ConfidenceInfo = serde_json::from_str(r#"{"level":null,"annotations":null}"#).unwrap();
        assert_eq!(level, ConfidenceInfo::default());
    }

    #[test]
    fn a_whole_level_serialises_without_decimals() {
        for text in ["null", "5", "-1", "2.5"] {
            let json = format!(r#"{{"level":{text},"annotations":[]}}"#);
            let info: ConfidenceInfo = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&info).unwrap(), json);
        }
    }

    #[test]
    fn date_range_is_read_from_an_object_or_a_list() {
        let window = r#"{"startTime":"2026-10-01T00:00:00Z","endTime":"2026-10-08T00:00:00Z"}"#;
        let one: Meta = serde_json::from_str(&format!(r#"{{"dateRange":{window}}}"#)).unwrap();
        let many: Meta = serde_json::from_str(&format!(r#"{{"dateRange":[{window}]}}"#)).unwrap();
        assert_eq!(one, many);
        assert_eq!(one.date_range.len(), 1);
    }

    #[test]
    fn a_list_in_place_of_meta_is_an_error() {
        let answer = |meta: &str| {
            let body = format!(r#"{{"result":{{"a":{{"timestamps":[],"values":[]}},"meta":{meta}}}}}"#);
            crate::Timeseries::from_slice(body.as_bytes())
        };
        assert!(answer("{}").is_ok() && answer("null").is_ok());
        assert!(answer("[]").is_err() && answer("[[]]").is_err());
    }

    #[test]
    fn an_invalid_timestamp_is_kept_as_text() {
        let meta: Meta = serde_json::from_str(r#"{"lastUpdated":"yesterday"}"#).unwrap();
        let updated = meta.last_updated.unwrap();
        assert_eq!((updated.as_str(), updated.to_utc()), ("yesterday", None));
    }

    #[test]
    fn append_combines_windows_annotations_and_units() {
        let part = |json: &str| -> Meta { serde_json::from_str(json).unwrap() };
        let mut whole = part(
            r#"{"dateRange":[{"startTime":"1","endTime":"2"},{"startTime":"1","endTime":"2"}],"lastUpdated":"5",
            "confidenceInfo":{"level":4,"annotations":[{"description":"a"},{"description":"b"}]},
            "units":[{"name":"*","value":"certificates"}]}"#,
        );
        whole.append(part(
            r#"{"dateRange":[{"startTime":"2","endTime":"3"},{"startTime":"2","endTime":"4"}],"lastUpdated":"6",
            "confidenceInfo":{"level":3,"annotations":[{"description":"b"},{"description":"c"}]},
            "units":[{"name":"*","value":"certificates"},{"name":"x","value":"percent"}]}"#,
        ));
        let expected = part(
            r#"{"dateRange":[{"startTime":"1","endTime":"3"},{"startTime":"1","endTime":"4"}],"lastUpdated":"6",
            "confidenceInfo":{"level":3,"annotations":[{"description":"a"},{"description":"b"},{"description":"c"}]},
            "units":[{"name":"*","value":"certificates"},{"name":"x","value":"percent"}]}"#,
        );
        assert_eq!(whole, expected);
        // An empty part removes nothing, and a part after an empty one adds what it has.
        whole.append(Meta::default());
        assert_eq!(whole, expected);
        let mut nothing = Meta::default();
        nothing.append(Meta { date_range: Vec::new(), ..expected.clone() });
        assert_eq!(nothing, Meta { date_range: Vec::new(), ..expected });
    }

    #[test]
    fn append_keeps_the_lowest_level_of_confidence() {
        let with_level = |level| {
            let confidence = ConfidenceInfo { level, ..ConfidenceInfo::default() };
            Meta { confidence_info: Some(confidence), ..Meta::default() }
        };
        for (one, other, least) in [
            (Some(5.0), Some(2.0), Some(2.0)),
            (Some(2.0), Some(5.0), Some(2.0)),
            (Some(5.0), None, Some(5.0)),
            (None, Some(5.0), Some(5.0)),
            (None, None, None),
        ] {
            let mut whole = with_level(one);
            whole.append(with_level(other));
            assert_eq!(whole, with_level(least));
        }
    }

    #[test]
    fn of_all_is_the_unit_with_the_name_star() {
        let unit: Unit = serde_json::from_str(r#"{"name":"*","value":"certificates"}"#).unwrap();
        assert_eq!(Unit::of_all("certificates"), unit);
    }
}
