//! `meta`: what an answer says about itself.
//!
//! Everything here may be missing or null in real answers, whatever the API's description requires; nothing of it
//! keeps the data from being decoded.

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

/// What an answer says about itself. Times are text as it came, since older answers are not strict about them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Meta {
    /// The window of each series, in the order of the request, as the server adjusted it. One for all
    /// in answers before November 2023.
    #[serde(deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<TimeRange>>"))]
    pub date_range: Vec<TimeRange>,
    /// Width of one point. Absent in summaries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agg_interval: Option<ReportedInterval>,
    /// How far the data can be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_info: Option<ConfidenceInfo>,
    /// What was done to the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalization: Option<Normalization>,
    /// When the data were brought up to date; may be later than the last window's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<Timestamp>,
    /// What the values count, by name; the name `*` means all.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Unit>>"))]
    pub units: Vec<Unit>,
}

impl Meta {
    /// The member of a result under which it stands, and so no label of a series.
    pub const MEMBER: &'static str = META;

    /// What two parts of one answer say about themselves, said of the whole: this part's word, and what the later one adds.
    pub(crate) fn append(&mut self, later: Self) {
        for (range, later) in self.date_range.iter_mut().zip(later.date_range) {
            range.end_time = later.end_time;
        }
        match (&mut self.confidence_info, later.confidence_info) {
            (Some(ours), Some(theirs)) => {
                // A whole can be trusted as far as the least of its parts.
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

/// A window in `meta.dateRange`. An end that the API left out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TimeRange {
    /// The first instant.
    #[serde(skip_serializing_if = "Timestamp::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Timestamp>"))]
    pub start_time: Timestamp,
    /// The last instant.
    #[serde(skip_serializing_if = "Timestamp::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Timestamp>"))]
    pub end_time: Timestamp,
}

impl TimeRange {
    /// A window.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start_time: start.into(), end_time: end.into() }
    }
}

/// `meta.confidenceInfo`: how far the data can be trusted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ConfidenceInfo {
    /// The level of confidence. Null in every recorded answer.
    #[serde(serialize_with = "whole_as_integer")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub level: Option<f64>,
    /// Events that may have touched the data.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Annotation>>"))]
    pub annotations: Vec<Annotation>,
}

/// An event that may have touched the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Annotation {
    /// What data it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_source: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What kind of event it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// When it began, as `startDate`; see also [`start_time`](Self::start_time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Timestamp>,
    /// When it ended, as `endDate`; absent while it lasts. See also [`end_time`](Self::end_time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Timestamp>,
    /// When it began, in the words of older descriptions of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// When it ended, in the words of older descriptions of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// Whether it was over at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_instantaneous: Option<bool>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_url: Option<String>,
    /// Labels.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    pub tags: Vec<String>,
}

/// What values count. A part that the API left out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Unit {
    /// The name the unit is for; `*` means all.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub name: String,
    /// The unit, such as `requests`.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub value: String,
}

impl Unit {
    /// One unit for everything.
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
    fn whatever_is_missing_or_null_is_absent() {
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
    fn a_whole_level_is_written_without_decimals() {
        for text in ["null", "5", "-1", "2.5"] {
            let json = format!(r#"{{"level":{text},"annotations":[]}}"#);
            let info: ConfidenceInfo = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&info).unwrap(), json);
        }
    }

    #[test]
    fn a_date_range_may_stand_alone_or_in_a_list() {
        let window = r#"{"startTime":"2026-10-01T00:00:00Z","endTime":"2026-10-08T00:00:00Z"}"#;
        let one: Meta = serde_json::from_str(&format!(r#"{{"dateRange":{window}}}"#)).unwrap();
        let many: Meta = serde_json::from_str(&format!(r#"{{"dateRange":[{window}]}}"#)).unwrap();
        assert_eq!(one, many);
        assert_eq!(one.date_range.len(), 1);
    }

    #[test]
    fn a_list_in_the_place_of_an_object_is_no_meta() {
        let answer = |meta: &str| {
            let body = format!(r#"{{"result":{{"a":{{"timestamps":[],"values":[]}},"meta":{meta}}}}}"#);
            crate::Timeseries::from_slice(body.as_bytes())
        };
        assert!(answer("{}").is_ok() && answer("null").is_ok());
        assert!(answer("[]").is_err() && answer("[[]]").is_err());
    }

    #[test]
    fn a_time_that_is_no_instant_is_kept() {
        let meta: Meta = serde_json::from_str(r#"{"lastUpdated":"yesterday"}"#).unwrap();
        let updated = meta.last_updated.unwrap();
        assert_eq!((updated.as_str(), updated.to_utc()), ("yesterday", None));
    }

    #[test]
    fn parts_that_are_joined_say_of_the_whole_what_each_says_of_itself() {
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
        // A part that says nothing takes nothing away, and one that says something where nothing was said adds it.
        whole.append(Meta::default());
        assert_eq!(whole, expected);
        let mut nothing = Meta::default();
        nothing.append(Meta { date_range: Vec::new(), ..expected.clone() });
        assert_eq!(nothing, Meta { date_range: Vec::new(), ..expected });
    }

    #[test]
    fn a_whole_can_be_trusted_as_far_as_the_least_of_its_parts() {
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
    fn one_unit_is_that_of_all_names() {
        let unit: Unit = serde_json::from_str(r#"{"name":"*","value":"certificates"}"#).unwrap();
        assert_eq!(Unit::of_all("certificates"), unit);
    }
}
