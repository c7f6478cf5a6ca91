//! Do bodies of every shape that the API is known to send become answers, or the right errors?
//!
//! The fixtures below `data/` have invented numbers in recorded shapes. The recordings themselves are other people's
//! and not kept here: where the variable `RADAR_CT_SAMPLES` names a folder that has them, they are read in place.
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

/// What a whole call makes of a response with this status and body.
fn call(status: u16, body: impl Into<Bytes>, params: &TimeseriesParams) -> Result<Timeseries, Error> {
    let response = http::Response::builder().status(status).body(body.into()).unwrap();
    let client = Client::builder(Credentials::token("token-of-a-test").unwrap())
        // One attempt: what is asked here is what becomes of a body.
        .retry(RetryPolicy::new().max_retries(0))
        .with_transport(move |_: http::Request<Bytes>, _: Duration| Ok(response.clone()));
    client.timeseries(params)
}

/// A request for as many series as these labels, under these labels.
fn asking_for(labels: &[&str]) -> TimeseriesParams {
    let named =
        |label: &str| set(SeriesParams::new(), "name", if label.starts_with("serie_") { "" } else { label });
    request(labels.iter().map(|label| named(label)))
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn column(answer: &Timeseries, label: &str) -> Vec<Option<f64>> {
    answer.get(label).unwrap_or_else(|| panic!("no series {label:?}")).values().iter().collect()
}

// Our own answers.

type Check = fn(&Timeseries);

/// Every file in `data/answers`, the labels of its series in order, and what else is to be found in it.
const ANSWERS: [(&str, &[&str], Check); 14] = [
    ("annotations.json", &["main"], |answer| {
        let confidence = answer.meta.confidence_info.as_ref().unwrap();
        assert_eq!(confidence.level, Some(4.0));
        let [whole, lasting, of_2024, to_come] = confidence.annotations.as_slice() else {
            panic!("{confidence:?}");
        };
        assert_eq!(
            (whole.event_type.clone(), whole.is_instantaneous),
            (Some(EventType::Pipeline), Some(false))
        );
        assert_eq!(whole.tags, ["CT_LOG"]);
        assert_eq!(whole.linked_url.as_deref(), Some("https://status.example.com/1"));
        assert_eq!(whole.end_date.as_ref().unwrap().to_utc(), Some(instant("2026-09-10T09:00:00Z")));
        assert_eq!((lasting.event_type.clone(), &lasting.end_date), (Some(EventType::Event), &None));
        assert_eq!(lasting.linked_url, None);
        assert_eq!(of_2024.start_time.as_ref().unwrap().to_utc(), Some(instant("2026-09-10T01:00:00Z")));
        assert_eq!((&of_2024.start_date, &of_2024.linked_url), (&None, &None));
        assert_eq!(to_come.event_type.as_ref().unwrap().as_str(), "SOLAR_FLARE");
        assert!(!to_come.event_type.as_ref().unwrap().is_known());
        assert!(to_come.tags.is_empty());
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
    ("words_of_2024.json", &["main"], |answer| {
        let interval = answer.meta.agg_interval.as_ref().unwrap();
        assert_eq!((interval.as_str(), interval.interval().unwrap().as_str()), ("1h", "1h"));
        let updated = answer.meta.last_updated.as_ref().unwrap();
        assert_eq!((updated.as_str(), updated.to_utc()), ("3 hours ago", None));
    }),
];

#[test]
fn every_answer_decodes_to_what_it_says() {
    let files = read_folder("answers");
    let listed: Vec<_> = ANSWERS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(files.keys().collect::<Vec<_>>(), listed, "every file is in the table, in order");
    for (name, labels, check) in ANSWERS {
        let answer = call(200, files[name].clone(), &asking_for(labels))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let found: Vec<_> = answer.series.iter().map(radar_ct::Series::label).collect();
        assert_eq!(found, labels, "{name}");
        check(&answer);
    }
}

/// What stands around the JSON, and how it is laid out, says nothing.
#[test]
fn an_answer_is_the_same_behind_a_bom_and_between_blanks() {
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
fn an_answer_survives_being_written_and_read_again() {
    for (name, body) in read_folder("answers") {
        let answer = Timeseries::from_slice(&body).unwrap();
        let again: Timeseries = serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
        assert_eq!(again, answer, "{name}");
    }
}

#[test]
fn a_series_that_was_asked_for_and_did_not_come_is_missed() {
    let body = read_folder("answers").remove("daily_named.json").unwrap();
    let error = call(200, body, &asking_for(&["all", "none"])).unwrap_err();
    assert_eq!(error.decode_error().unwrap().kind(), &DecodeErrorKind::Shape);
    assert!(error.to_string().contains("`none` is missing"), "{error}");
}

/// A week by the hour was answered with 167, 168 and 169 points: what came is what there is.
#[test]
fn a_week_by_the_hour_has_as_many_points_as_came() {
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
        let answer = call(200, body.to_string(), &asking_for(&["main"])).unwrap();
        let expected = hours.into_iter().zip((0..count).map(|hour| Some(f64::from(hour) * 3.0 + 0.5)));
        assert!(answer.series[0].points().eq(expected), "{count}");
    }
}

// Answers of the endpoints beside this one.

/// What a body of another endpoint is.
#[derive(Clone, Copy, Debug)]
enum Sibling {
    /// A summary, of one series of that label with that many groups.
    Summary(&'static str, usize),
    /// Time series by groups, of one series with that many groups.
    Groups(&'static str, usize),
    /// Events in a list; this many are annotations as `meta` has them too.
    Events(&'static str, usize),
}

const SIBLINGS: [(&str, Sibling); 6] = [
    ("annotations.json", Sibling::Events("annotations", 2)),
    ("outages_by_location.json", Sibling::Events("annotations", 1)),
    ("summary.json", Sibling::Summary("summary_0", 5)),
    ("summary_named.json", Sibling::Summary("all", 2)),
    ("timeseries_groups.json", Sibling::Groups("serie_0", 2)),
    ("traffic_anomalies.json", Sibling::Events("trafficAnomalies", 0)),
];

/// What a number is, as text or as a number.
fn number(written: &Value) -> Option<f64> {
    written.as_str().map_or(written.as_f64(), |text| text.parse().ok())
}

/// The members of an object of the result in the order of the text; a `Value` would sort them.
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

/// Checks what a summary or groups say of themselves.
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

/// Checks a body of another endpoint: never taken for a time series, not even an empty one, and what it has in common
/// with one decodes.
fn check_sibling(name: &str, body: &[u8], kind: Sibling) {
    let error = Timeseries::from_slice(body).expect_err(name);
    assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{name}: {error}");
    let whole: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(whole["success"], true, "{name}");
    match kind {
        Sibling::Summary(label, count) => {
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
        Sibling::Groups(label, count) => {
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
            let stamps = written["timestamps"].as_array().unwrap().iter();
            assert!(
                series.timestamps().iter().copied().eq(stamps.map(|at| instant(at.as_str().unwrap()))),
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
        Sibling::Events(member, count) => {
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
fn an_answer_of_another_endpoint_is_no_time_series() {
    let files = read_folder("siblings");
    assert_eq!(files.keys().collect::<Vec<_>>(), SIBLINGS.map(|(name, _)| name));
    for (name, kind) in SIBLINGS {
        check_sibling(name, &files[name], kind);
    }
}

// Errors.

/// What is to be known of an error.
#[derive(Debug, PartialEq)]
struct Known {
    code: Option<i64>,
    shape: Option<ErrorShape>,
    is_authentication: bool,
    is_rate_limited: bool,
    is_retryable: bool,
}

impl Known {
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

const REFUSED: Known = Known {
    code: None,
    shape: Some(ErrorShape::Envelope),
    is_authentication: false,
    is_rate_limited: false,
    is_retryable: false,
};
const CREDENTIALS: Known = Known { is_authentication: true, ..REFUSED };
const TRY_AGAIN: Known = Known { is_retryable: true, ..REFUSED };
/// A success that is none of ours, and says nothing of itself.
const NO_ANSWER: Known = Known { shape: None, ..REFUSED };

/// Every file in `data/errors`: what is to be known of the error, and words that its text has.
const ERRORS: [(&str, Known, &str); 19] = [
    ("200_but_failed.json", Known { code: Some(2000), ..REFUSED }, "Something broke all the same"),
    ("200_cut.json", NO_ANSWER, "cut off"),
    ("200_null_result.json", Known { shape: Some(ErrorShape::Envelope), ..REFUSED }, "no reason given"),
    ("200_page.html", NO_ANSWER, "Just a moment..."),
    ("200_summary.json", NO_ANSWER, "no series"),
    ("400_malformed_key.json", Known { code: Some(6003), ..CREDENTIALS }, "(code 6103)"),
    ("400_malformed_token.json", Known { code: Some(6003), ..CREDENTIALS }, "(code 6111)"),
    ("400_parameter.json", Known { code: Some(2001), ..REFUSED }, "dateRange is not a range"),
    ("400_radar_without_code.json", REFUSED, "tld and log cannot be combined"),
    ("401_token_not_valid.json", Known { code: Some(10_000), ..CREDENTIALS }, "check the credentials"),
    ("403_not_allowed.json", Known { code: Some(9109), ..CREDENTIALS }, "The token may not do this"),
    ("404_bare.json", Known { shape: Some(ErrorShape::Bare), ..REFUSED }, "Not Found"),
    ("404_no_such_route.json", Known { code: Some(7003), ..REFUSED }, "check the base URL"),
    ("422_too_costly.json", Known { code: Some(2002), ..REFUSED }, "request less data"),
    (
        "429_too_many.json",
        Known { code: Some(1015), is_rate_limited: true, ..TRY_AGAIN },
        "send fewer requests",
    ),
    ("500_internal.json", Known { code: Some(2000), ..TRY_AGAIN }, "Something broke"),
    ("502_page.html", Known { shape: Some(ErrorShape::Page), ..TRY_AGAIN }, "api.example | 502: Bad gateway"),
    ("503_empty.txt", Known { shape: Some(ErrorShape::Empty), ..TRY_AGAIN }, "status 503"),
    ("520_line.txt", Known { shape: Some(ErrorShape::Text), ..TRY_AGAIN }, "error code: 520"),
];

#[test]
fn every_error_becomes_what_it_is() {
    let files = read_folder("errors");
    let listed: Vec<_> = ERRORS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(files.keys().collect::<Vec<_>>(), listed, "every file is in the table, in order");
    for (name, known, words) in ERRORS {
        let status: u16 = name[..3].parse().unwrap();
        let error = call(status, files[name].clone(), &TimeseriesParams::new()).expect_err(name);
        assert_eq!(Known::of(&error), known, "{name}: {error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{name}");
        assert_eq!(error.body(), files[name], "{name}");
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(!error.is_timeout() && !error.is_connect() && !error.is_usage(), "{name}");
        assert_eq!(error.decode_error().is_some(), status == 200, "{name}");
        assert_eq!(error.attempts(), 1, "{name}");
    }
}

/// The code is looked for in what led to the error too: a malformed token may hide behind an error of any code.
#[test]
fn a_malformed_token_is_known_by_the_code_at_any_depth() {
    let inner = json!({"code": 6003, "message": "inner"});
    let outer = json!({"code": 1, "message": "outer", "error_chain": [inner]});
    let body = json!({"success": false, "errors": [outer]}).to_string();
    let error = call(400, body.clone(), &TimeseriesParams::new()).unwrap_err();
    assert!(error.is_authentication() && error.code() == Some(1), "{error}");
    // And it is the code that says so, not the status.
    let other = call(400, body.replace("6003", "6004"), &TimeseriesParams::new()).unwrap_err();
    assert!(!other.is_authentication(), "{other}");
}

/// A page that goes on for ever is not kept, and neither is a message.
#[test]
fn the_body_of_an_error_is_kept_up_to_a_limit() {
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

/// What is to become of a file of recordings.
#[derive(Clone, Copy, Debug)]
enum Recording {
    /// A whole body with these series.
    Answer(&'static [&'static str]),
    /// A body of another endpoint.
    Sibling(Sibling),
    /// A list of bodies of errors with their status, and how many of its entries have one.
    Errors(usize),
    /// Excerpts of results by name, with one series and one `meta` among them.
    Excerpts,
    /// The first and last points of what a chart showed.
    Chart,
    /// No body: why.
    Text(&'static str),
}

/// Every file of the recordings.
const RECORDINGS: [(&str, Recording); 18] = [
    ("README.md", Recording::Text("says where the others come from")),
    ("docs_make_comparisons.json", Recording::Answer(&["us_data", "pt_data"])),
    ("error_envelopes.json", Recording::Errors(3)),
    ("mcp_positional_rule.txt", Recording::Text("a rule on requests, quoted from documentation")),
    (
        "radar-notebooks_csv_evidence.txt",
        Recording::Text("tables as a library printed them: no bytes of CSV are left"),
    ),
    ("radar-notebooks_plot_points.json", Recording::Chart),
    ("radar_samples_2026-08-15_excerpt.json", Recording::Excerpts),
    (
        "regyrock/radar_ai_bots_summary_user_agent.json.txt",
        Recording::Sibling(Sibling::Summary("summary_0", 10)),
    ),
    (
        "regyrock/radar_ai_bots_timeseries_groups_user_agent.json.txt",
        Recording::Sibling(Sibling::Groups("serie_0", 10)),
    ),
    ("regyrock/radar_annotations.json.txt", Recording::Sibling(Sibling::Events("annotations", 5))),
    (
        "regyrock/radar_annotations_outages_locations.json.txt",
        Recording::Sibling(Sibling::Events("annotations", 1)),
    ),
    (
        "regyrock/radar_attacks_layer3_summary_bitrate.json.txt",
        Recording::Sibling(Sibling::Summary("all", 5)),
    ),
    (
        "regyrock/radar_attacks_layer3_summary_vector.json.txt",
        Recording::Sibling(Sibling::Summary("all", 10)),
    ),
    ("regyrock/radar_attacks_layer3_timeseries.json.txt", Recording::Answer(&["all"])),
    ("regyrock/radar_traffic_anomalies.json.txt", Recording::Sibling(Sibling::Events("trafficAnomalies", 2))),
    ("regyrock/request-command.txt", Recording::Text("the command that made a request, without its answer")),
    ("regyrock/summary_device_type.json.txt", Recording::Sibling(Sibling::Summary("summary_0", 3))),
    ("regyrock/timeseries_groups_bot_class.json.txt", Recording::Sibling(Sibling::Groups("main", 2))),
];

#[test]
fn the_recordings_decode_or_become_the_right_errors() {
    let Some(folder) = std::env::var_os("RADAR_CT_SAMPLES") else {
        println!("RADAR_CT_SAMPLES names no folder of recordings, so there is nothing to decode here");
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

/// Some files begin with the command that made them, as a comment.
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
            assert!(serde_json::from_slice::<Value>(body).is_err(), "{name} is JSON, and not: {why}");
        }
        Recording::Sibling(kind) => check_sibling(name, body, kind),
        Recording::Answer(labels) => {
            let answer = call(200, body.to_vec(), &asking_for(labels))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let found: Vec<_> = answer.series.iter().map(radar_ct::Series::label).collect();
            assert_eq!(found, labels, "{name}");
            agrees_with_text(name, &answer, &serde_json::from_slice::<Value>(body).unwrap()["result"]);
            assert_eq!(answer.meta.date_range.len(), 1, "{name}");
        }
        Recording::Excerpts => {
            let whole: Value = serde_json::from_slice(body).unwrap();
            let result = &whole["timeseries_layer3"];
            let answer: Timeseries = serde_json::from_value(result.clone()).unwrap();
            agrees_with_text(name, &answer, result);
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
                agrees_with_text(name, &answer, &result);
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
                // The codes that belong to credentials came with status 400.
                assert_eq!(error.is_authentication(), status == 400, "{name}: {error}");
                assert_eq!(error.code(), entry["body"]["errors"][0]["code"].as_i64(), "{name}");
                assert!(!error.is_retryable(), "{name}");
                seen += 1;
            }
            assert_eq!(seen, expected, "{name}");
        }
    }
}

/// Compares an answer with the text of its result, number by number.
fn agrees_with_text(name: &str, answer: &Timeseries, result: &Value) {
    for series in &answer.series {
        let written = &result[series.label()];
        let stamps: Vec<_> = written["timestamps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| instant(at.as_str().unwrap()))
            .collect();
        assert_eq!(series.timestamps(), stamps, "{name}");
        let values = written["values"].as_array().unwrap().iter().map(|value| match value {
            Value::String(text) => text.parse::<f64>().ok(),
            other => other.as_f64(),
        });
        assert!(series.values().iter().eq(values), "{name}");
        assert!(!series.is_empty(), "{name}");
    }
}
