//! Bodies of every known shape become answers, or the right errors.
//!
//! The fixtures below `data/` have invented numbers in recorded shapes. The recordings belong to others and
//! are not in this repository. They are tested if the variable `RADAR_CT_SAMPLES` names a folder that has
//! them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use radar_ct::blocking::Client;
use radar_ct::{
    Annotation, Credentials, DecodeErrorKind, Error, ErrorShape, EventType, Meta, Normalization,
    ReportedInterval, RetryPolicy, SeriesParams, Summary, Timeseries, TimeseriesGroups, TimeseriesParams,
};
use radar_ct_tests::build::{request, set};
use radar_ct_tests::fixtures::{read_all, read_folder};
use serde_json::{Value, json};

/// Makes a call that receives this status and body.
fn call(status: u16, body: impl Into<Bytes>, params: &TimeseriesParams) -> Result<Timeseries, Error> {
    let response = http::Response::builder().status(status).body(body.into()).unwrap();
    let client = Client::builder(Credentials::token("token-of-a-test").unwrap())
        // One attempt: only the handling of bodies is tested.
        .retry(RetryPolicy::new().max_retries(0))
        .with_transport(move |_: http::Request<Bytes>, _: Duration| Ok(response.clone()));
    client.timeseries(params)
}

/// Returns a request for series with these labels.
fn request_for(labels: &[&str]) -> TimeseriesParams {
    let named =
        |label: &str| set(SeriesParams::new(), "name", if label.starts_with("serie_") { "" } else { label });
    if labels.is_empty() { TimeseriesParams::new() } else { request(labels.iter().map(|label| named(label))) }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn column(answer: &Timeseries, label: &str) -> Vec<Option<f64>> {
    answer.get(label).unwrap_or_else(|| panic!("no series {label:?}")).values().iter().collect()
}

// Answers.

type Check = fn(&Timeseries);

/// Every file in `data/answers`, the labels of its series in order, and a check of its content.
const ANSWERS: [(&str, &[&str], Check); 15] = [
    ("annotations.json", &["main"], |answer| {
        let confidence = answer.meta.confidence_info.as_ref().unwrap();
        assert_eq!(confidence.level, Some(4.0));
        let [complete, ongoing, of_2024, unknown] = confidence.annotations.as_slice() else {
            panic!("{confidence:?}");
        };
        assert_eq!(
            (complete.event_type.clone(), complete.is_instantaneous),
            (Some(EventType::Pipeline), Some(false))
        );
        assert_eq!(complete.tags, ["CT_LOG"]);
        assert_eq!(complete.linked_url.as_deref(), Some("https://status.example.com/1"));
        assert_eq!(complete.end_date.as_ref().unwrap().to_utc(), Some(instant("2026-09-10T09:00:00Z")));
        assert_eq!((ongoing.event_type.clone(), &ongoing.end_date), (Some(EventType::Event), &None));
        assert_eq!(ongoing.linked_url, None);
        assert_eq!(of_2024.start_time.as_ref().unwrap().to_utc(), Some(instant("2026-09-10T01:00:00Z")));
        assert_eq!((&of_2024.start_date, &of_2024.linked_url), (&None, &None));
        assert_eq!(unknown.event_type.as_ref().unwrap().as_str(), "SOLAR_FLARE");
        assert!(!unknown.event_type.as_ref().unwrap().is_known());
        assert!(unknown.tags.is_empty());
    }),
    ("control_period.json", &["serie_0", "serie_1"], |answer| {
        let windows = &answer.meta.date_range;
        assert_eq!(windows.len(), 2);
        assert_eq!(windows[1].start_time.to_utc(), Some(instant("2026-09-03T00:00:00Z")));
        assert_eq!(column(answer, "serie_1"), [Some(3900.0), Some(3875.0)]);
        assert_eq!(answer.series[1].timestamps()[0], instant("2026-09-03T00:00:00Z"));
    }),
    ("daily_named.json", &["all"], |answer| {
        assert_eq!(answer.series[0].len(), 7);
        assert_eq!(column(answer, "all")[4], Some(1.0));
        assert_eq!(answer.meta.agg_interval, Some(ReportedInterval::OneDay));
        assert_eq!(answer.meta.normalization, Some(Normalization::Min0Max));
        assert_eq!(answer.meta.confidence_info.as_ref().unwrap().level, None);
        assert_eq!(answer.meta.units[0].value, "bytes");
        // The data may be newer than the window.
        let (updated, window) = (answer.meta.last_updated.as_ref().unwrap(), &answer.meta.date_range[0]);
        assert!(updated.to_utc() > window.end_time.to_utc());
    }),
    ("documented_example.json", &[], |answer| {
        let confidence = answer.meta.confidence_info.as_ref().unwrap();
        assert_eq!((confidence.level, confidence.annotations.len()), (Some(0.0), 1));
        let annotation = &confidence.annotations[0];
        assert_eq!(annotation.description.as_deref(), Some("Cable cut in Tonga"));
        let end = instant("2019-12-27T18:11:19.117Z");
        assert_eq!(annotation.end_date.as_ref().unwrap().to_utc(), Some(end));
    }),
    ("formats_of_2024.json", &["main"], |answer| {
        let interval = answer.meta.agg_interval.as_ref().unwrap();
        assert_eq!((interval.as_str(), interval.interval().unwrap().as_str()), ("1h", "1h"));
        let updated = answer.meta.last_updated.as_ref().unwrap();
        assert_eq!((updated.as_str(), updated.to_utc()), ("3 hours ago", None));
    }),
    ("hourly_without_confidence.json", &["serie_0"], |answer| {
        assert_eq!(answer.meta.confidence_info, None);
        assert!(answer.meta.date_range.is_empty());
        assert_eq!(answer.meta.agg_interval, Some(ReportedInterval::OneHour));
    }),
    ("last_point_at_the_end.json", &["main"], |answer| {
        let end = answer.meta.date_range[0].end_time.to_utc().unwrap();
        assert_eq!(answer.series[0].timestamps().last(), Some(&end));
    }),
    ("meta_first.json", &["main"], |answer| {
        assert_eq!(answer.meta.agg_interval, Some(ReportedInterval::FifteenMinutes));
        assert_eq!(answer.series[0].points().last(), Some((instant("2026-09-10T00:15:00Z"), Some(9.0))));
    }),
    ("no_points.json", &["main"], |answer| {
        assert!(answer.series[0].is_empty());
        assert_eq!((&answer.meta.confidence_info, &answer.meta.normalization), (&None, &None));
        assert!(answer.meta.units.is_empty());
    }),
    ("odd_labels.json", &["Let's Encrypt & Co.", "日本 \"🔒\"", "timestamps"], |answer| {
        assert_eq!(column(answer, "日本 \"🔒\""), [Some(2.0)]);
        // Three spellings of one instant.
        let starts: BTreeSet<_> = answer.series.iter().map(|series| series.timestamps()[0]).collect();
        assert_eq!(starts, BTreeSet::from([instant("2026-09-10T00:00:00Z")]));
    }),
    ("spellings_of_values.json", &["main"], |answer| {
        let expected = [
            Some(0.0625),
            Some(1.0),
            Some(1.0),
            Some(12.5),
            Some(0.000_014),
            Some(2500.0),
            Some(7.0),
            Some(0.5),
            Some(0.000_06),
            None,
            None,
            None,
            Some(0.0),
        ];
        assert_eq!(column(answer, "main"), expected);
    }),
    ("two_named_one_window.json", &["before", "after"], |answer| {
        assert_eq!(answer.meta.date_range.len(), 1);
        assert_eq!(answer.meta.date_range[0].end_time.as_str(), "2022-05-02T12:00:00Z");
        assert_eq!(column(answer, "after"), [Some(0.031_25), Some(0.015_625)]);
        assert_eq!(column(answer, "before"), [Some(0.25), Some(1.0)]);
    }),
    ("unknown_members.json", &["main"], |answer| {
        assert_eq!(answer.meta.agg_interval.as_ref().unwrap().as_str(), "TWO_HOURS");
        assert_eq!(answer.meta.agg_interval.as_ref().unwrap().interval(), None);
        assert_eq!(answer.meta.normalization.as_ref().unwrap().as_str(), "LOGARITHMIC");
        assert_eq!(answer.meta.confidence_info.as_ref().unwrap().level, Some(2.5));
        assert_eq!(answer.meta.units.len(), 2);
    }),
    ("without_meta.json", &["main"], |answer| assert_eq!(answer.meta, Meta::default())),
    ("without_success.json", &["main"], |answer| assert_eq!(column(answer, "main"), [Some(1.0)])),
];

#[test]
fn every_answer_is_decoded_completely() {
    let files = read_folder("answers");
    let listed: Vec<_> = ANSWERS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(files.keys().collect::<Vec<_>>(), listed, "every file is in the table, in order");
    for (name, labels, check) in ANSWERS {
        let answer = call(200, files[name].clone(), &request_for(labels))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let found: Vec<_> = answer.series.iter().map(radar_ct::Series::label).collect();
        assert_eq!(found, labels, "{name}");
        check(&answer);
    }
}

/// Whitespace and a BOM do not matter.
#[test]
fn a_bom_and_whitespace_are_ignored() {
    for (name, body) in read_folder("answers") {
        let plain = Timeseries::from_slice(&body).unwrap();
        let text = String::from_utf8(body).unwrap();
        for spelled in [
            format!("\u{feff}{text}"),
            format!("\u{feff}\r\n{text}"),
            format!("\r\n\t {text} \r\n\r\n"),
            text.replace('\n', "\r\n"),
            text.trim().to_owned(),
        ] {
            assert_eq!(Timeseries::from_slice(spelled.as_bytes()).unwrap(), plain, "{name}");
        }
    }
}

#[test]
fn answers_survive_a_serde_round_trip() {
    for (name, body) in read_folder("answers") {
        let answer = Timeseries::from_slice(&body).unwrap();
        let again: Timeseries = serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
        assert_eq!(again, answer, "{name}");
    }
}

#[test]
fn missing_requested_series_are_an_error() {
    let body = read_folder("answers").remove("daily_named.json").unwrap();
    let error = call(200, body, &request_for(&["all", "none"])).unwrap_err();
    assert_eq!(error.decode_error().unwrap().kind(), &DecodeErrorKind::Shape);
    assert!(error.to_string().contains("`none` is missing"), "{error}");
}

/// The API has answered a week by the hour with 167, 168 and 169 points.
#[test]
fn the_number_of_points_is_not_derived_from_the_window() {
    let start = instant("2026-09-07T09:00:00Z");
    for count in [0_u16, 1, 103, 167, 168, 169] {
        let hours: Vec<_> = (0..count).map(|hour| start + TimeDelta::hours(i64::from(hour))).collect();
        let written: Vec<_> = hours.iter().map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).collect();
        let values: Vec<_> = (0..count).map(|hour| format!("{}.5", u32::from(hour) * 3)).collect();
        let body = json!({"success": true, "errors": [], "result": {
            "main": {"timestamps": written, "values": values},
            "meta": {
                "dateRange": [{"startTime": "2026-09-07T09:00:00Z", "endTime": "2026-09-14T09:00:00Z"}],
                "aggInterval": "ONE_HOUR",
                "confidenceInfo": {"level": null, "annotations": []},
            },
        }});
        let answer = call(200, body.to_string(), &request_for(&["main"])).unwrap();
        let expected = hours.into_iter().zip((0..count).map(|hour| Some(f64::from(hour) * 3.0 + 0.5)));
        assert!(answer.series[0].points().eq(expected), "{count}");
    }
}

// Answers of other endpoints.

/// The kind of a body of another endpoint.
#[derive(Clone, Copy, Debug)]
enum OtherEndpoint {
    /// A summary with one series: its label, and its number of groups.
    Summary(&'static str, usize),
    /// Time series by groups with one series: its label, and its number of groups.
    Groups(&'static str, usize),
    /// A list of events: its member, and the minimum number of annotations like those in `meta`.
    Events(&'static str, usize),
}

const OTHER_ENDPOINTS: [(&str, OtherEndpoint); 6] = [
    ("annotations.json", OtherEndpoint::Events("annotations", 2)),
    ("outages_by_location.json", OtherEndpoint::Events("annotations", 1)),
    ("summary.json", OtherEndpoint::Summary("summary_0", 5)),
    ("summary_named.json", OtherEndpoint::Summary("all", 2)),
    ("timeseries_groups.json", OtherEndpoint::Groups("serie_0", 2)),
    ("traffic_anomalies.json", OtherEndpoint::Events("trafficAnomalies", 0)),
];

/// Returns the number in a JSON string or number.
fn number(written: &Value) -> Option<f64> {
    written.as_str().map_or(written.as_f64(), |text| text.parse().ok())
}

/// Returns the keys of an object in their original order, which a `Value` would lose.
fn keys_in_order(text: &str, label: &str) -> Vec<String> {
    let start = text.find(&format!("{}:", json!(label))).unwrap();
    let object = &text[start..];
    let object = &object[object.find('{').unwrap()..];
    let mut keys: Vec<(usize, String)> = Vec::new();
    let first: Value = serde_json::Deserializer::from_str(object).into_iter().next().unwrap().unwrap();
    for key in first.as_object().unwrap().keys() {
        keys.push((object.find(&format!("{}:", json!(key))).unwrap(), key.clone()));
    }
    keys.sort();
    keys.into_iter().map(|(_, key)| key).collect()
}

/// Checks the metadata of a summary or of groups.
fn check_meta(name: &str, meta: &Meta, whole: &Value) {
    let window = &meta.date_range[0];
    assert_eq!(window.start_time.as_str(), whole["result"]["meta"]["dateRange"][0]["startTime"], "{name}");
    assert!(window.start_time.to_utc().unwrap() < window.end_time.to_utc().unwrap(), "{name}");
    assert_eq!(meta.confidence_info, Some(radar_ct::ConfidenceInfo::default()), "{name}");
    assert!(meta.normalization.as_ref().unwrap().is_known(), "{name}");
    assert!(meta.last_updated.as_ref().unwrap().to_utc().is_some(), "{name}");
    assert_eq!(meta.units[0].name, "*", "{name}");
    assert!(meta.agg_interval.as_ref().is_none_or(ReportedInterval::is_known), "{name}");
}

/// Checks a body of another endpoint: it never decodes as a time series, and its parts decode as the types
/// that they share.
fn check_other_endpoint(name: &str, body: &[u8], kind: OtherEndpoint) {
    let error = Timeseries::from_slice(body).expect_err(name);
    assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{name}: {error}");
    let whole: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(whole["success"], true, "{name}");
    match kind {
        OtherEndpoint::Summary(label, count) => {
            let error = TimeseriesGroups::from_slice(body).expect_err(name);
            assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{name}: {error}");
            let answer = Summary::from_slice(body).unwrap_or_else(|error| panic!("{name}: {error}"));
            let [series] = answer.series.as_slice() else { panic!("{name}: {answer:?}") };
            let text = std::str::from_utf8(body).unwrap();
            let in_order: Vec<_> = series.groups().map(|(key, _)| key.to_owned()).collect();
            assert_eq!((series.label(), in_order), (label, keys_in_order(text, label)), "{name}");
            let written = whole["result"][label].as_object().unwrap();
            assert_eq!((series.len(), written.len()), (count, count), "{name}");
            for (key, value) in series.groups() {
                assert_eq!(value, number(&written[key]), "{name} {key}");
            }
            check_meta(name, &answer.meta, &whole);
        }
        OtherEndpoint::Groups(label, count) => {
            let error = Summary::from_slice(body).expect_err(name);
            assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{name}: {error}");
            let answer = TimeseriesGroups::from_slice(body).unwrap_or_else(|error| panic!("{name}: {error}"));
            let [series] = answer.series.as_slice() else { panic!("{name}: {answer:?}") };
            let mut in_text = keys_in_order(std::str::from_utf8(body).unwrap(), label);
            in_text.retain(|key| key != "timestamps");
            assert_eq!(
                (series.label(), series.keys().collect::<Vec<_>>()),
                (label, in_text.iter().map(String::as_str).collect()),
                "{name}"
            );
            let written = whole["result"][label].as_object().unwrap();
            assert_eq!((series.keys().len(), written.len()), (count, count + 1), "{name}");
            let timestamps = written["timestamps"].as_array().unwrap().iter();
            assert!(
                series.timestamps().iter().copied().eq(timestamps.map(|at| instant(at.as_str().unwrap()))),
                "{name}"
            );
            for (key, values) in series.groups() {
                assert!(
                    values.iter().eq(written[key].as_array().unwrap().iter().map(number)),
                    "{name} {key}"
                );
            }
            check_meta(name, &answer.meta, &whole);
        }
        OtherEndpoint::Events(member, count) => {
            let events = whole["result"][member].as_array().unwrap();
            let read: Vec<Annotation> =
                events.iter().map(|event| serde_json::from_value(event.clone()).expect(name)).collect();
            for (annotation, event) in read.iter().zip(events) {
                let written = |member: &str| event[member].as_str();
                assert_eq!(
                    annotation.end_date.as_ref().map(radar_ct::Timestamp::as_str),
                    written("endDate"),
                    "{name}"
                );
                assert_eq!(annotation.description.as_deref(), written("description"), "{name}");
                assert_eq!(
                    annotation.event_type.as_ref().map(EventType::as_str),
                    written("eventType"),
                    "{name}"
                );
            }
            assert!(read.len() >= count, "{name}");
        }
    }
}

#[test]
fn answers_of_other_endpoints_are_not_time_series() {
    let files = read_folder("other_endpoints");
    assert_eq!(files.keys().collect::<Vec<_>>(), OTHER_ENDPOINTS.map(|(name, _)| name));
    for (name, kind) in OTHER_ENDPOINTS {
        check_other_endpoint(name, &files[name], kind);
    }
}

// Errors.

/// The properties of an error.
#[derive(Debug, PartialEq)]
struct Expected {
    code: Option<i64>,
    shape: Option<ErrorShape>,
    is_authentication: bool,
    is_rate_limited: bool,
    is_retryable: bool,
}

impl Expected {
    fn of(error: &Error) -> Self {
        Self {
            code: error.code(),
            shape: error.api().map(radar_ct::ErrorBody::shape),
            is_authentication: error.is_authentication(),
            is_rate_limited: error.is_rate_limited(),
            is_retryable: error.is_retryable(),
        }
    }
}

const REFUSED: Expected = Expected {
    code: None,
    shape: Some(ErrorShape::Envelope),
    is_authentication: false,
    is_rate_limited: false,
    is_retryable: false,
};
const CREDENTIALS: Expected = Expected { is_authentication: true, ..REFUSED };
const RETRYABLE: Expected = Expected { is_retryable: true, ..REFUSED };
/// A successful status without a valid body.
const UNDECODABLE: Expected = Expected { shape: None, ..REFUSED };

/// Every file in `data/errors`: the properties of the error, and a part of its text.
const ERRORS: [(&str, Expected, &str); 19] = [
    ("200_but_failed.json", Expected { code: Some(2000), ..REFUSED }, "Something broke all the same"),
    ("200_cut.json", UNDECODABLE, "cut off"),
    ("200_null_result.json", Expected { shape: Some(ErrorShape::Envelope), ..REFUSED }, "no reason given"),
    ("200_page.html", UNDECODABLE, "Just a moment..."),
    ("200_summary.json", UNDECODABLE, "no series"),
    ("400_malformed_key.json", Expected { code: Some(6003), ..CREDENTIALS }, "(code 6103)"),
    ("400_malformed_token.json", Expected { code: Some(6003), ..CREDENTIALS }, "(code 6111)"),
    ("400_parameter.json", Expected { code: Some(2001), ..REFUSED }, "dateRange is not a range"),
    ("400_radar_without_code.json", REFUSED, "tld and log cannot be combined"),
    ("401_token_not_valid.json", Expected { code: Some(10_000), ..CREDENTIALS }, "check the credentials"),
    ("403_not_allowed.json", Expected { code: Some(9109), ..CREDENTIALS }, "The token may not do this"),
    ("404_bare.json", Expected { shape: Some(ErrorShape::Bare), ..REFUSED }, "Not Found"),
    ("404_no_such_route.json", Expected { code: Some(7003), ..REFUSED }, "check the base URL"),
    ("422_too_costly.json", Expected { code: Some(2002), ..REFUSED }, "request less data"),
    (
        "429_too_many.json",
        Expected { code: Some(1015), is_rate_limited: true, ..RETRYABLE },
        "send fewer requests",
    ),
    ("500_internal.json", Expected { code: Some(2000), ..RETRYABLE }, "Something broke"),
    (
        "502_page.html",
        Expected { shape: Some(ErrorShape::Page), ..RETRYABLE },
        "api.example | 502: Bad gateway",
    ),
    ("503_empty.txt", Expected { shape: Some(ErrorShape::Empty), ..RETRYABLE }, "status 503"),
    ("520_line.txt", Expected { shape: Some(ErrorShape::Text), ..RETRYABLE }, "error code: 520"),
];

#[test]
fn every_error_body_is_classified() {
    let files = read_folder("errors");
    let listed: Vec<_> = ERRORS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(files.keys().collect::<Vec<_>>(), listed, "every file is in the table, in order");
    for (name, expected, words) in ERRORS {
        let status: u16 = name[..3].parse().unwrap();
        let error = call(status, files[name].clone(), &TimeseriesParams::new()).expect_err(name);
        assert_eq!(Expected::of(&error), expected, "{name}: {error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{name}");
        assert_eq!(error.body(), files[name], "{name}");
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(!error.is_timeout() && !error.is_connect() && !error.is_usage(), "{name}");
        assert_eq!(error.decode_error().is_some(), status == 200, "{name}");
        assert_eq!(error.attempts(), 1, "{name}");
    }
}

/// The code of a malformed token may be in the error chain of another code.
#[test]
fn malformed_tokens_are_recognized_by_a_code_at_any_depth() {
    let inner = json!({"code": 6003, "message": "inner"});
    let outer = json!({"code": 1, "message": "outer", "error_chain": [inner]});
    let body = json!({"success": false, "errors": [outer]}).to_string();
    let error = call(400, body.clone(), &TimeseriesParams::new()).unwrap_err();
    assert!(error.is_authentication() && error.code() == Some(1), "{error}");
    // The code decides, not the status.
    let other = call(400, body.replace("6003", "6004"), &TimeseriesParams::new()).unwrap_err();
    assert!(!other.is_authentication(), "{other}");
}

/// Long pages and long messages are truncated.
#[test]
fn error_bodies_are_kept_up_to_a_limit() {
    let mut page = String::from("<html><title>502</title>");
    for line in 0..50_000 {
        writeln!(page, "<p>line {line}</p>").unwrap();
    }
    let message =
        json!({"success": false, "errors": [{"code": 2001, "message": "x".repeat(1 << 19)}]}).to_string();
    for body in [page, message] {
        let error = call(502, body.clone(), &TimeseriesParams::new()).unwrap_err();
        assert_eq!(error.body(), &body.as_bytes()[..8 << 10]);
        assert!(error.to_string().len() < 10_000);
    }
}

// The recordings.

/// The kind of a recorded file.
#[derive(Clone, Copy, Debug)]
enum Recording {
    /// A complete body with these series.
    Answer(&'static [&'static str]),
    /// A body of another endpoint.
    OtherEndpoint(OtherEndpoint),
    /// A list of error bodies with their status, and the number of entries that have a body.
    Errors(usize),
    /// Excerpts of results by name, among them one series and one `meta`.
    Excerpts,
    /// The first and last points of a chart.
    Chart,
    /// Not a body, with the reason.
    Text(&'static str),
}

/// All recorded files.
const RECORDINGS: [(&str, Recording); 18] = [
    ("README.md", Recording::Text("lists the sources of the others")),
    ("docs_make_comparisons.json", Recording::Answer(&["us_data", "pt_data"])),
    ("error_envelopes.json", Recording::Errors(3)),
    ("mcp_positional_rule.txt", Recording::Text("a rule on requests, quoted from documentation")),
    (
        "radar-notebooks_csv_evidence.txt",
        Recording::Text("tables as printed by a library, without the original CSV"),
    ),
    ("radar-notebooks_plot_points.json", Recording::Chart),
    ("radar_samples_2026-08-15_excerpt.json", Recording::Excerpts),
    (
        "regyrock/radar_ai_bots_summary_user_agent.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Summary("summary_0", 10)),
    ),
    (
        "regyrock/radar_ai_bots_timeseries_groups_user_agent.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Groups("serie_0", 10)),
    ),
    (
        "regyrock/radar_annotations.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Events("annotations", 5)),
    ),
    (
        "regyrock/radar_annotations_outages_locations.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Events("annotations", 1)),
    ),
    (
        "regyrock/radar_attacks_layer3_summary_bitrate.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Summary("all", 5)),
    ),
    (
        "regyrock/radar_attacks_layer3_summary_vector.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Summary("all", 10)),
    ),
    ("regyrock/radar_attacks_layer3_timeseries.json.txt", Recording::Answer(&["all"])),
    (
        "regyrock/radar_traffic_anomalies.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Events("trafficAnomalies", 2)),
    ),
    ("regyrock/request-command.txt", Recording::Text("the command that made a request, without its answer")),
    (
        "regyrock/summary_device_type.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Summary("summary_0", 3)),
    ),
    (
        "regyrock/timeseries_groups_bot_class.json.txt",
        Recording::OtherEndpoint(OtherEndpoint::Groups("main", 2)),
    ),
];

#[test]
fn recordings_decode_or_become_the_right_errors() {
    let Some(folder) = std::env::var_os("RADAR_CT_SAMPLES") else {
        println!("skipped: RADAR_CT_SAMPLES is not set");
        return;
    };
    let files = read_all(Path::new(&folder));
    let table = BTreeMap::from(RECORDINGS);
    let found: BTreeSet<_> = files.keys().map(String::as_str).collect();
    assert_eq!(found, table.keys().copied().collect(), "every file is in the table");
    for (name, kind) in table {
        check_recording(name, without_comment(&files[name]), kind);
    }
}

/// Removes the comment at the start of some files: the command that created them.
fn without_comment(mut file: &[u8]) -> &[u8] {
    while file.starts_with(b"//") {
        let end = file.iter().position(|byte| *byte == b'\n').map_or(file.len(), |end| end + 1);
        file = &file[end..];
    }
    file
}

fn check_recording(name: &str, body: &[u8], kind: Recording) {
    match kind {
        Recording::Text(why) => {
            assert!(serde_json::from_slice::<Value>(body).is_err(), "{name} is JSON, but: {why}");
        }
        Recording::OtherEndpoint(kind) => check_other_endpoint(name, body, kind),
        Recording::Answer(labels) => {
            let answer = call(200, body.to_vec(), &request_for(labels))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let found: Vec<_> = answer.series.iter().map(radar_ct::Series::label).collect();
            assert_eq!(found, labels, "{name}");
            assert_matches_json(name, &answer, &serde_json::from_slice::<Value>(body).unwrap()["result"]);
            assert_eq!(answer.meta.date_range.len(), 1, "{name}");
        }
        Recording::Excerpts => {
            let whole: Value = serde_json::from_slice(body).unwrap();
            let result = &whole["timeseries_layer3"];
            let answer: Timeseries = serde_json::from_value(result.clone()).unwrap();
            assert_matches_json(name, &answer, result);
            assert_eq!(answer.meta.agg_interval, Some(ReportedInterval::OneHour));
            let meta: Meta = serde_json::from_value(whole["meta_top_attacks"].clone()).unwrap();
            assert_eq!((meta.date_range.len(), meta.normalization), (1, Some(Normalization::Percentage)));
            let groups = &whole["summary_layer7_http_method"];
            let summary: Summary = serde_json::from_value(json!({"summary_0": groups})).unwrap();
            let written = groups.as_object().unwrap();
            assert_eq!(summary.series[0].len(), written.len(), "{name}");
            assert!(written.iter().all(|(key, value)| summary.series[0].get(key) == number(value)), "{name}");
            assert_eq!(summary.series[0].get("other"), Some(1.4e-05), "{name}");
        }
        Recording::Chart => {
            let cells: Value = serde_json::from_slice(body).unwrap();
            let traces = cells.as_object().unwrap().values().flat_map(|cell| cell.as_array().unwrap());
            let mut decoded = 0;
            for trace in traces {
                let joined = |axis: &str| {
                    let ends = [format!("{axis}_first"), format!("{axis}_last")];
                    ends.iter().flat_map(|end| trace[end].as_array().unwrap().clone()).collect::<Vec<_>>()
                };
                let label = trace["name"].as_str().unwrap();
                let result = json!({label: {"timestamps": joined("x"), "values": joined("y")}});
                let answer: Timeseries = serde_json::from_value(result.clone()).unwrap();
                assert_matches_json(name, &answer, &result);
                decoded += 1;
            }
            assert_eq!(decoded, 5, "{name}");
        }
        Recording::Errors(expected) => {
            let entries: Vec<Value> = serde_json::from_slice(body).unwrap();
            let with_body = entries.iter().filter(|entry| entry["body"].is_object());
            let mut seen = 0;
            for entry in with_body {
                let status = u16::try_from(entry["status"].as_u64().unwrap()).unwrap();
                let error =
                    call(status, entry["body"].to_string(), &TimeseriesParams::new()).expect_err(name);
                assert_eq!(error.status().unwrap().as_u16(), status, "{name}");
                // Recorded errors of credentials have status 400.
                assert_eq!(error.is_authentication(), status == 400, "{name}: {error}");
                assert_eq!(error.code(), entry["body"]["errors"][0]["code"].as_i64(), "{name}");
                assert!(!error.is_retryable(), "{name}");
                seen += 1;
            }
            assert_eq!(seen, expected, "{name}");
        }
    }
}

/// Asserts that an answer has the values of its JSON.
fn assert_matches_json(name: &str, answer: &Timeseries, result: &Value) {
    for series in &answer.series {
        let written = &result[series.label()];
        let timestamps: Vec<_> = written["timestamps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| instant(at.as_str().unwrap()))
            .collect();
        assert_eq!(series.timestamps(), timestamps, "{name}");
        let values = written["values"].as_array().unwrap().iter().map(|value| match value {
            Value::String(text) => text.parse::<f64>().ok(),
            other => other.as_f64(),
        });
        assert!(series.values().iter().eq(values), "{name}");
        assert!(!series.is_empty(), "{name}");
    }
}
