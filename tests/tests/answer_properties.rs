//! Properties of decoded time series: an answer is decoded completely, or decoding is an error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod cases;

use chrono::{DateTime, SecondsFormat, Utc};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use radar_ct_model::{
    AggInterval, Annotation, ConfidenceInfo, Csv, DecodeErrorKind, Endpoint, ErrorBody, EventType, Meta,
    Normalization, ReportedInterval, Series, SeriesParams, TimeRange, Timeseries, TimeseriesParams, Unit,
    Values,
};
use serde_json::{Map, Value, json};

use crate::cases::cases;

/// A body with this result, in the API's envelope.
fn body(result: &Value) -> Vec<u8> {
    format!(r#"{{"success":true,"errors":[],"result":{result}}}"#).into_bytes()
}

/// The text of a body with one series, whose values have these spellings.
fn body_with_values(written: &[String]) -> String {
    let timestamps = vec!["\"2026-10-01T00:00:00Z\""; written.len()].join(",");
    let values = written.join(",");
    format!(r#"{{"success":true,"result":{{"a":{{"timestamps":[{timestamps}],"values":[{values}]}}}}}}"#)
}

fn shape_error(body: &[u8]) -> radar_ct_model::DecodeError {
    let error = Timeseries::from_slice(body).expect_err("must not decode");
    assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{error}");
    error
}

// Strategies.

fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let seconds =
        prop_oneof![4 => 1_500_000_000_i64..1_900_000_000, 1 => -62_135_596_800_i64..=253_402_300_799];
    let nanos = prop_oneof![4 => Just(0), 1 => 0..1_000_000_000_u32];
    (seconds, nanos).prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
}

/// A value of a series: a number of any size, or missing.
fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => (0.0..1.0_f64).prop_map(Some),
        2 => (0..1_000_000_000_u32).prop_map(|count| Some(f64::from(count))),
        1 => any::<f64>().prop_map(|value| Some(value).filter(|value| value.is_finite())),
        1 => select(vec![0.0, -0.0, 1.4e-05, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1 + 0.2]).prop_map(Some),
        1 => Just(None),
    ]
}

/// A label of a series. Never `meta`, which the model refuses as a name.
fn any_label() -> impl Strategy<Value = String> {
    let odd = select(vec!["", "success", "result", "a\"b\\c", "🔒"]).prop_map(str::to_owned);
    prop_oneof![3 => "[a-z_0-9]{1,10}", 1 => any::<String>(), 1 => odd]
        .prop_filter("the label of the metadata", |label| label != "meta")
}

fn any_series() -> impl Strategy<Value = Vec<Series>> {
    let points = prop::collection::vec((any_instant(), any_value()), 0..12);
    prop::collection::hash_map(any_label(), points, 0..5).prop_map(|all| {
        let series = all.into_iter().map(|(label, points)| {
            let (timestamps, values): (Vec<_>, Vec<_>) = points.into_iter().unzip();
            Series::new(label, timestamps, values.into_iter().collect()).unwrap()
        });
        series.collect()
    })
}

fn any_meta() -> impl Strategy<Value = Meta> {
    let word =
        |known: &'static [&'static str]| prop_oneof![select(known).prop_map(str::to_owned), any::<String>()];
    let annotation = (
        prop::option::of(any::<String>()),
        prop::option::of(word(EventType::VALUES)),
        prop::option::of(any_instant()),
        prop::option::of(any_instant()),
        prop::option::of(any::<bool>()),
        prop::collection::vec(any::<String>(), 0..3),
    )
        .prop_map(|(text, event, start, end, instantaneous, tags)| {
            let mut annotation = Annotation::default();
            annotation.description.clone_from(&text);
            annotation.data_source.clone_from(&text);
            annotation.linked_url = text;
            annotation.event_type = event.map(EventType::from);
            annotation.start_date = start.map(Into::into);
            annotation.end_date = end.map(Into::into);
            annotation.start_time = end.map(Into::into);
            annotation.end_time = start.map(Into::into);
            annotation.is_instantaneous = instantaneous;
            annotation.tags = tags;
            annotation
        });
    let confidence =
        (prop::option::of(0..=5_u8), prop::collection::vec(annotation, 0..3)).prop_map(|(level, all)| {
            let mut confidence = ConfidenceInfo::default();
            confidence.level = level.map(f64::from);
            confidence.annotations = all;
            confidence
        });
    (
        prop::collection::vec((any_instant(), any_instant()), 0..4),
        prop::option::of(word(ReportedInterval::VALUES)),
        prop::option::of(word(Normalization::VALUES)),
        prop::option::of(confidence),
        prop::option::of(any_instant()),
        prop::collection::vec(any::<String>(), 0..3),
    )
        .prop_map(|(windows, interval, normalization, confidence, updated, units)| {
            let mut meta = Meta::default();
            meta.date_range = windows.into_iter().map(|(start, end)| TimeRange::new(start, end)).collect();
            meta.agg_interval = interval.map(ReportedInterval::from);
            meta.normalization = normalization.map(Normalization::from);
            meta.confidence_info = confidence;
            meta.last_updated = updated.map(Into::into);
            meta.units = units.into_iter().map(Unit::of_all).collect();
            meta
        })
}

fn any_answer() -> impl Strategy<Value = Timeseries> {
    (any_meta(), any_series()).prop_map(|(meta, series)| Timeseries { meta, series })
}

/// An answer with at least one series that has at least one point.
fn any_answer_with_points() -> impl Strategy<Value = Timeseries> {
    let has_points = |answer: &Timeseries| answer.series.iter().any(|series| !series.is_empty());
    any_answer().prop_filter("no point", has_points)
}

/// Any JSON, except objects that look like a series.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("new[a-z]{0,4}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

// Round trips.

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn answers_survive_a_serde_round_trip(answer in any_answer()) {
        let text = serde_json::to_string(&answer).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Timeseries>(&text).unwrap(), &answer);
        prop_assert_eq!(&serde_json::from_slice::<Timeseries>(text.as_bytes()).unwrap(), &answer);
        prop_assert_eq!(&serde_json::from_reader::<_, Timeseries>(text.as_bytes()).unwrap(), &answer);
        // A `Value` sorts the members, and changes nothing else.
        let mut by_label = serde_json::from_value::<Timeseries>(serde_json::to_value(&answer).unwrap()).unwrap();
        let position = |series: &Series| answer.series.iter().position(|other| other.label() == series.label());
        by_label.series.sort_by_key(position);
        prop_assert_eq!(&by_label, &answer);
        for series in &answer.series {
            prop_assert_eq!((series.len(), series.is_empty()), (series.points().count(), series.points().next().is_none()));
        }
    }

    #[test]
    fn append_joins_the_parts_of_an_answer(answer in any_answer(), at in any::<Index>()) {
        let part = |is_later: bool, meta: Meta| {
            let series = answer.series.iter().map(|series| {
                let middle = at.index(series.len() + 1);
                let points = series.points().enumerate().filter(|(index, _)| (*index >= middle) == is_later);
                let (timestamps, values): (Vec<_>, Vec<_>) = points.map(|(_, point)| point).unzip();
                Series::new(series.label(), timestamps, values.into_iter().collect()).unwrap()
            });
            Timeseries { series: series.collect(), meta }
        };
        let (mut first, later) = (part(false, answer.meta.clone()), part(true, Meta::default()));
        first.append(later).unwrap();
        prop_assert_eq!(&first, &answer);
        // An answer with other series cannot be appended.
        let series = Series::new("another", Vec::new(), Values::default()).unwrap();
        let other = Timeseries { series: [answer.series.clone(), vec![series]].concat(), meta: Meta::default() };
        prop_assert!(first.append(other).is_err());
        prop_assert_eq!(&first, &answer);
    }

    #[test]
    fn bodies_with_whitespace_or_a_bom_are_decoded(
        answer in any_answer(),
        is_pretty in any::<bool>(),
        has_bom in any::<bool>(),
    ) {
        // Written from the type, which keeps the series in order; a `Value` would sort them.
        let result = if is_pretty { serde_json::to_string_pretty(&answer) } else { serde_json::to_string(&answer) };
        let text = format!("\r\n {{\"success\":true,\"errors\":[],\"result\":{}}}\n\n", result.unwrap());
        let mut bytes = if has_bom { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        bytes.extend(text.as_bytes());
        prop_assert_eq!(Timeseries::from_slice(&bytes).unwrap(), answer);
    }

    #[test]
    fn values_are_decoded_in_every_spelling(
        values in prop::collection::vec(any_value(), 1..12),
        spellings in prop::collection::vec(any::<Index>(), 12),
    ) {
        let written: Vec<String> = values.iter().zip(&spellings).map(|(value, spelling)| match value {
            None => pick(&["null", "\"\"", "\"NaN\"", "\"nan\"", "\"NAN\""], *spelling).to_owned(),
            Some(value) => {
                let texts = [value.to_string(), format!("{value:?}"), format!("{value:e}"), format!("{value:E}")];
                let text = texts[spelling.index(4)].clone();
                if spelling.index(8) < 4 { format!("\"{text}\"") } else { text }
            }
        }).collect();
        let text = body_with_values(&written);
        let answer = Timeseries::from_slice(text.as_bytes())
            .map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        for ((read, value), written) in answer.series[0].values().iter().zip(&values).zip(&written) {
            prop_assert_eq!(read.is_some(), value.is_some(), "{}", written);
            let (Some(read), Some(value)) = (read, *value) else { continue };
            prop_assert_eq!(read.is_sign_negative(), value.is_sign_negative(), "{}", written);
            if written.starts_with('"') {
                prop_assert_eq!(read.to_bits(), value.to_bits(), "{}", written);
            } else {
                // `long_numbers_are_decoded_to_the_last_bit` tests the last bits of a number.
                let difference = (read - value).abs();
                prop_assert!(difference <= value.abs() * 4.0 * f64::EPSILON, "{} is read as {}", written, read);
            }
        }
    }

    /// The API writes at most six decimals.
    #[test]
    fn six_decimals_are_decoded_exactly_as_text_and_as_number(
        millionths in -1_000_000_000_000_i64..1_000_000_000_000,
    ) {
        let text = format!("{}.{:06}", millionths / 1_000_000, millionths.abs() % 1_000_000);
        let exact: f64 = text.parse().unwrap();
        for written in [format!("\"{text}\""), text] {
            let text = body_with_values(std::slice::from_ref(&written));
            let read = Timeseries::from_slice(text.as_bytes()).unwrap().series[0].values().get(0).unwrap();
            prop_assert_eq!(read.to_bits(), exact.to_bits(), "{}", written);
        }
    }

    #[test]
    fn timestamps_with_any_offset_are_decoded(at in any_instant(), minutes in -1439_i32..=1439) {
        let offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
        let written = at.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, false);
        prop_assume!(written.starts_with(|c: char| c.is_ascii_digit()) && written.find('-') == Some(4));
        let read = Timeseries::from_slice(&body(&json!({"a": {"timestamps": [written], "values": ["1"]}}))).unwrap();
        prop_assert_eq!(read.series[0].timestamps(), &[at]);
    }
}

/// A number and a text with the same digits are the same value.
#[test]
fn long_numbers_are_decoded_to_the_last_bit() {
    for digits in ["-4.686626066893102e-250", "0.30000000000000004", "5e-324", "1.7976931348623157e308"] {
        let result = format!(
            r#"{{"a":{{"timestamps":["2026-10-01T00:00:00Z","2026-10-01T01:00:00Z"],"values":["{digits}",{digits}]}}}}"#
        );
        let answer = serde_json::from_str::<Timeseries>(&result).unwrap();
        let values = answer.series[0].values();
        assert_eq!(values.get(0).unwrap().to_bits(), values.get(1).unwrap().to_bits(), "{digits}");
    }
}

fn pick<'a>(texts: &[&'a str], index: Index) -> &'a str {
    texts[index.index(texts.len())]
}

// Unknown members.

/// Adds up to two members to every object.
fn with_additions(value: &Value, additions: &mut dyn Iterator<Item = (String, Value)>) -> Value {
    match value {
        Value::Object(members) => {
            let known = members.iter().map(|(name, value)| (name.clone(), with_additions(value, additions)));
            let mut all: Map<String, Value> = known.collect();
            for (name, value) in additions.take(2) {
                all.entry(name).or_insert(value);
            }
            Value::Object(all)
        }
        Value::Array(elements) => elements.iter().map(|element| with_additions(element, additions)).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn unknown_members_are_ignored(
        answer in any_answer_with_points(),
        additions in prop::collection::vec(("new[A-Za-z]{0,6}|messages|result_info", any_json()), 1..60),
    ) {
        let plain = json!({"success": true, "errors": [], "result": answer});
        let expected = Timeseries::from_slice(plain.to_string().as_bytes()).unwrap();
        let labels: Vec<_> = expected.series.iter().map(|series| series.label().to_owned()).collect();
        // Additions must not clash with the label of a series.
        prop_assume!(!additions.iter().any(|(name, _)| labels.contains(name)));
        let added = with_additions(&plain, &mut additions.into_iter().cycle().take(400));
        prop_assert_ne!(&added, &plain);
        let read = Timeseries::from_slice(added.to_string().as_bytes())
            .map_err(|error| TestCaseError::fail(format!("{error}: {added}")))?;
        prop_assert_eq!(read, expected);
    }
}

// Truncated and malformed answers.

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn truncated_bodies_are_errors(
        answer in any_answer(),
        is_pretty in any::<bool>(),
        has_bom in any::<bool>(),
    ) {
        let envelope = json!({"success": true, "errors": [], "result": answer});
        let text = if is_pretty { serde_json::to_string_pretty(&envelope).unwrap() } else { envelope.to_string() };
        let mut whole = if has_bom { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        whole.extend(text.as_bytes());
        prop_assert!(Timeseries::from_slice(&whole).is_ok());
        for end in 0..whole.len() {
            let cut = &whole[..end];
            let error = match Timeseries::from_slice(cut) {
                Err(error) => error,
                Ok(read) => {
                    let cut = String::from_utf8_lossy(cut);
                    return Err(TestCaseError::fail(format!("{read:?} from {cut:?}")));
                }
            };
            // `Empty`: nothing is left, or only a BOM. `NotJson`: the cut is inside a bare number (`level` is
            // one), which makes it malformed. Every other cut is `CutOff`.
            let in_number = text.as_bytes()[..end.saturating_sub(if has_bom { 3 } else { 0 })]
                .last()
                .is_some_and(|byte| b".eE+-".contains(byte));
            match error.kind() {
                DecodeErrorKind::Empty => prop_assert!(end == 0 || (has_bom && end == 3), "cut to {end}"),
                DecodeErrorKind::CutOff => {}
                other => prop_assert!(in_number && *other == DecodeErrorKind::NotJson, "cut to {}: {}", end, error),
            }
            prop_assert!(error.byte().is_none_or(|byte| byte <= end), "{} is beyond {}", error, end);
        }
    }

    #[test]
    fn trailing_bytes_are_an_error(answer in any_answer(), byte in any::<u8>()) {
        prop_assume!(!byte.is_ascii_whitespace());
        let mut bytes = body(&json!(answer));
        bytes.push(byte);
        prop_assert!(Timeseries::from_slice(&bytes).is_err());
    }

    #[test]
    fn corrupt_bodies_do_not_panic(answer in any_answer(), at in any::<Index>(), byte in any::<u8>()) {
        let mut bytes = body(&json!(answer));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = Timeseries::from_slice(&bytes);
        let _ = TimeseriesParams::new().decode(&bytes);
    }

    #[test]
    fn columns_of_different_length_are_an_error_with_the_series(
        answer in any_answer_with_points(),
        which in any::<Index>(),
        column in select(vec!["timestamps", "values"]),
        is_shorter in any::<bool>(),
    ) {
        let mut result = json!(answer);
        let candidates: Vec<_> = answer.series.iter().filter(|series| !series.is_empty()).collect();
        let label = candidates[which.index(candidates.len())].label();
        let elements = result[label][column].as_array_mut().unwrap();
        if is_shorter {
            elements.pop();
        } else {
            let last = elements.last().unwrap().clone();
            elements.push(last);
        }
        let error = shape_error(&body(&result));
        prop_assert_eq!(error.series(), Some(label));
        prop_assert_eq!(error.index(), None);
    }

    #[test]
    fn invalid_elements_are_an_error_with_series_and_index(
        answer in any_answer_with_points(),
        which in any::<Index>(),
        at in any::<Index>(),
        column in select(vec!["timestamps", "values"]),
        junk in select(vec![
            json!("x"), json!("1,5"), json!("inf"), json!("-Infinity"), json!("1e999"), json!("0x10"), json!(" 1"),
            json!("--1"), json!(true), json!([]), json!({}),
        ]),
    ) {
        let mut result = json!(answer);
        let candidates: Vec<_> = answer.series.iter().filter(|series| !series.is_empty()).collect();
        let label = candidates[which.index(candidates.len())].label();
        let elements = result[label][column].as_array_mut().unwrap();
        let at = at.index(elements.len());
        elements[at] = junk;
        let error = shape_error(&body(&result));
        prop_assert_eq!((error.series(), error.index()), (Some(label), Some(at)));
    }

    #[test]
    fn missing_columns_and_columns_of_another_type_are_errors(
        answer in any_answer_with_points(),
        column in select(vec!["timestamps", "values"]),
        replacement in select(vec![None, Some(Value::Null), Some(json!("1")), Some(json!({})), Some(json!(3))]),
    ) {
        let mut result = json!(answer);
        let label = answer.series[0].label();
        match replacement {
            Some(value) => result[label][column] = value,
            None => drop(result[label].as_object_mut().unwrap().remove(column)),
        }
        let error = shape_error(&body(&result));
        prop_assert_eq!(error.series(), Some(label));
    }

    #[test]
    fn duplicate_columns_are_an_error(
        answer in any_answer_with_points(),
        column in select(vec!["timestamps", "values"]),
    ) {
        let one = &answer.series[0];
        let (label, series) = (json!(one.label()), json!(one));
        let members = series.to_string();
        let text = format!("{{{label}:{{\"{column}\":{},{}}}", series[column], &members[1..]);
        let error = shape_error(format!(r#"{{"success":true,"result":{text}}}"#).as_bytes());
        prop_assert_eq!(error.series(), Some(one.label()));
        prop_assert!(error.to_string().contains(&format!("duplicate field `{column}`")), "{}", error);
    }

    #[test]
    fn duplicate_labels_are_an_error(answer in any_answer_with_points(), which in any::<Index>()) {
        let twice = &answer.series[which.index(answer.series.len())];
        let (label, series) = (json!(twice.label()), json!(twice));
        let all = serde_json::to_string(&answer).unwrap();
        let text = format!(r#"{{"success":true,"result":{{{label}:{series},{}}}"#, &all[1..]);
        let error = shape_error(text.as_bytes());
        prop_assert_eq!(error.series(), Some(twice.label()));
    }

    #[test]
    fn fewer_series_than_requested_is_an_error(answer in any_answer_with_points(), more in 1..3_usize) {
        let count = answer.series.len() + more;
        let params = (1..count).fold(TimeseriesParams::new(), |params, _| params.and(SeriesParams::new()));
        let error = params.decode(&body(&json!(answer))).unwrap_err();
        prop_assert_eq!(error.kind(), &DecodeErrorKind::Shape);
    }
}

#[test]
fn member_names_are_compared_unescaped() {
    let series = r#"{"timestamps":[],"values":[]}"#;
    let text = format!(r#"{{"success":true,"result":{{"ab":{series},"\u0061b":{series}}}}}"#);
    assert_eq!(shape_error(text.as_bytes()).series(), Some("ab"));
    let text = format!(r#"{{"success":true,"result":{{"a":{series},"meta":{{}},"met\u0061":{{}}}}}}"#);
    shape_error(text.as_bytes());
    let text = r#"{"success":true,"result":{"a":{"timestamps":[],"values":[],"values":[]}}}"#;
    assert_eq!(shape_error(text.as_bytes()).series(), Some("a"));
}

// The envelope.

const SERIES: &str = r#"{"a":{"timestamps":["2026-10-01T00:00:00Z"],"values":["1"]},"meta":{}}"#;

#[test]
fn unsuccessful_envelopes_are_errors_even_with_a_result() {
    for body in [
        format!(r#"{{"success":false,"errors":[{{"code":2000,"message":"no"}}],"result":{SERIES}}}"#),
        format!(r#"{{"result":{SERIES},"errors":[{{"code":2000,"message":"no"}}],"success":false}}"#),
        r#"{"success":false,"errors":[{"code":2000,"message":"no"}],"messages":[],"result":null}"#.to_owned(),
        r#"{"success":false,"errors":[{"code":2000,"message":"no"}],"result":{}}"#.to_owned(),
        r#"{"success":false,"errors":[{"code":2000,"message":"no"}]}"#.to_owned(),
        r#"{"errors":[{"code":2000,"message":"no"}]}"#.to_owned(),
    ] {
        let error = Timeseries::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.api().and_then(ErrorBody::code), Some(2000), "{body}: {error}");
    }
    let error =
        Timeseries::from_slice(format!(r#"{{"success":false,"result":{SERIES}}}"#).as_bytes()).unwrap_err();
    assert!(error.api().is_some());
}

#[test]
fn missing_null_and_misshapen_results_are_errors() {
    for result in [
        "null",
        "{}",
        "[]",
        "0",
        "\"a\"",
        "true",
        "[{}]",
        r#"{"a":null}"#,
        r#"{"a":{}}"#,
        r#"{"a":[]}"#,
        r#"{"a":null,"meta":{}}"#,
        // Answers of other endpoints.
        r#"{"summary_0":{"RSA":"60","ECDSA":"40"},"meta":{}}"#,
        r#"{"serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"RSA":["60"]},"meta":{}}"#,
        r#"{"certificateAuthorities":[]}"#,
        &format!("[{SERIES}]"),
        &format!(r#"{{"result":{SERIES}}}"#),
    ] {
        let body = format!(r#"{{"success":true,"errors":[],"result":{result}}}"#);
        let error = TimeseriesParams::new().decode(body.as_bytes()).unwrap_err();
        let is_expected = matches!(error.kind(), DecodeErrorKind::Shape | DecodeErrorKind::Api(_));
        assert!(is_expected, "{result}: {error:?}");
        assert!(serde_json::from_str::<Timeseries>(result).is_err() || result.contains("meta"), "{result}");
    }
    // A result needs its envelope, and an envelope needs a result.
    for body in [SERIES, "{}", r#"{"success":true}"#] {
        assert!(Timeseries::from_slice(body.as_bytes()).is_err(), "{body}");
    }
    for body in ["[]", "null", "1", "\"text\"", "<html></html>", "error code: 520", "NaN"] {
        let error = Timeseries::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), &DecodeErrorKind::NotJson, "{body}");
    }
    for body in ["", " \r\n\t", "\u{feff}", "\u{feff} \n"] {
        let error = Timeseries::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), &DecodeErrorKind::Empty, "{body:?}");
    }
}

/// Tokens that some JSON parsers accept, although JSON does not have them.
#[test]
fn numbers_that_are_not_json_are_errors() {
    for token in ["NaN", "Infinity", "-Infinity", "nan", "undefined", "+1", "01", ".5", "1.", "0x10"] {
        let body = format!(
            r#"{{"success":true,"result":{{"a":{{"timestamps":["2026-10-01T00:00:00Z"],"values":[{token}]}}}}}}"#
        );
        let error = Timeseries::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), &DecodeErrorKind::NotJson, "{token}");
    }
}

#[test]
fn missing_and_null_members_of_meta_keep_the_data() {
    let paths = members_of_meta().into_iter().filter(|path| !REQUIRED.contains(&path.as_str()));
    assert_eq!(paths.clone().count(), 18);
    for path in paths {
        assert_decodes_without(&path);
    }
}

/// Members of `meta` that the model's types require.
const REQUIRED: [&str; 4] =
    ["/dateRange/0/startTime", "/dateRange/0/endTime", "/units/0/name", "/units/0/value"];

#[test]
fn incomplete_windows_and_units_keep_the_data() {
    for path in REQUIRED {
        assert_decodes_without(path);
    }
}

fn members_of_meta() -> Vec<String> {
    let mut paths = Vec::new();
    members(&full_meta(), "", &mut paths);
    assert_eq!(paths.len(), 22);
    paths
}

fn full_meta() -> Value {
    json!({
        "dateRange": [{"startTime": "2026-10-01T00:00:00Z", "endTime": "2026-10-02T00:00:00Z"}],
        "aggInterval": "ONE_HOUR",
        "confidenceInfo": {"level": 3, "annotations": [{
            "dataSource": "CT", "description": "d", "eventType": "GENERAL", "startDate": "2026-10-01T00:00:00Z",
            "endDate": "2026-10-02T00:00:00Z", "startTime": "x", "endTime": "y", "isInstantaneous": false,
            "linkedUrl": "https://example.com", "tags": ["t"],
        }]},
        "normalization": "MIN0_MAX",
        "lastUpdated": "2026-10-02T00:00:00Z",
        "units": [{"name": "*", "value": "certificates"}],
    })
}

/// Asserts that an answer decodes without this member of `meta`, and with null in its place.
fn assert_decodes_without(path: &str) {
    let mut with_null = full_meta();
    *with_null.pointer_mut(path).unwrap() = Value::Null;
    let mut without = full_meta();
    let (parent, name) = path.rsplit_once('/').unwrap();
    without.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    for meta in [with_null, without] {
        let result = json!({"a": {"timestamps": ["2026-10-01T00:00:00Z"], "values": ["1"]}, "meta": meta});
        match Timeseries::from_slice(&body(&result)) {
            Ok(answer) => assert_eq!(answer.series[0].values().get(0), Some(1.0), "{path}"),
            Err(error) => panic!("{path}: {error}"),
        }
    }
}

/// Collects the paths of every member of every object.
fn members(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}/{name}");
                found.push(path.clone());
                members(value, &path, found);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                members(value, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

// Arbitrary input.

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Timeseries::from_slice(&bytes);
        let _ = Csv(&TimeseriesParams::new()).decode(&bytes);
        // The text is shown to people, so it must stay short for any input.
        prop_assert!(ErrorBody::parse(&bytes).to_string().chars().count() < 4000);
    }

    #[test]
    fn json_without_a_series_is_an_error(value in any_json()) {
        for text in [value.to_string(), json!({"success": true, "result": value}).to_string()] {
            prop_assert!(TimeseriesParams::new().decode(text.as_bytes()).is_err());
        }
    }
}

/// Nests 200,000 levels deep at every place of a body.
#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    const DEPTH: usize = 200_000;
    for (open, close) in [("[", "]"), (r#"{"x":"#, "}")] {
        let inner = if open == "[" { "" } else { "1" };
        let deep = format!("{}{inner}{}", open.repeat(DEPTH), close.repeat(DEPTH));
        let cut = open.repeat(DEPTH);
        let a = r#"{"timestamps":[],"values":[]}"#;
        // Ignored members may nest without limit.
        for harmless in [
            format!(r#"{{"new":{deep},"success":true,"result":{{"a":{a}}}}}"#),
            format!(r#"{{"success":true,"errors":{deep},"messages":{deep},"result":{{"a":{a}}}}}"#),
            format!(r#"{{"success":true,"result":{{"new":{deep},"a":{a}}}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{{"new":{deep},"timestamps":[],"values":[]}}}}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{a},"meta":{{"new":{deep}}}}}}}"#),
            format!(
                r#"{{"success":true,"result":{{"a":{a},"meta":{{"confidenceInfo":{{"new":{deep}}}}}}}}}"#
            ),
            format!(r#"{{"success":true,"result":{{"a":{a},"meta":{{"dateRange":{{"new":{deep}}}}}}}}}"#),
        ] {
            assert!(Timeseries::from_slice(harmless.as_bytes()).is_ok(), "{}", &harmless[..60]);
        }
        for harmful in [
            deep.clone(),
            cut.clone(),
            format!(r#"{{"success":true,"result":{deep}}}"#),
            format!(r#"{{"success":true,"result":{cut}"#),
            format!(r#"{{"success":{deep},"result":{{"a":{a}}}}}"#),
            format!(r#"{{"success":false,"errors":{deep}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{{"timestamps":{deep},"values":[]}}}}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{{"timestamps":[],"values":[{deep}]}}}}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{a},"meta":[{deep}]}}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{a},"meta":{{"dateRange":[[{deep}]]}}}}}}"#),
            format!(r#"{{"success":true,"result":{{"a":{a},"meta":{{"units":{deep}}}}}}}"#),
        ] {
            assert!(TimeseriesParams::new().decode(harmful.as_bytes()).is_err(), "{}", &harmful[..60]);
            let _ = Csv(&TimeseriesParams::new()).decode(harmful.as_bytes());
        }
    }
}

#[test]
fn decode_errors_have_a_byte_offset() {
    let before = "{\"success\":true,\n\"result\":{\"größe\":{\"timestamps\":[],\r\n\"values\":[";
    let text = format!("{before}\"x\"]}}}}}}");
    let error = shape_error(text.as_bytes());
    let byte = error.byte().unwrap();
    assert!((before.len()..before.len() + 3).contains(&byte), "{byte} is not within {}..", before.len());
    assert_eq!((error.series(), error.index()), (Some("größe"), Some(0)));
}

#[test]
fn decode_errors_name_the_expected_type() {
    let series = |timestamps: &str, values: &str| {
        format!(r#"{{"a":{{"timestamps":{timestamps},"values":{values}}}}}"#)
    };
    let with_meta = |meta: &str| format!(r#"{{"a":{{"timestamps":[],"values":[]}},"meta":{meta}}}"#);
    for (result, words) in [
        ("1".to_owned(), "a result with series and `meta`"),
        (series("1", "[]"), "an array for `timestamps`"),
        (series("[]", "1"), "an array for `values`"),
        (series("[1]", "[]"), "an RFC 3339 timestamp"),
        (series(r#"["x"]"#, "[]"), "an RFC 3339 timestamp"),
        (series("[]", "[[]]"), "a decimal number, as text or as a number"),
        (series("[]", r#"["x"]"#), "a decimal number, as text or as a number"),
        (with_meta("[]"), "an object"),
        (with_meta(r#"{"lastUpdated":1}"#), "a string"),
        (with_meta(r#"{"aggInterval":1}"#), "a string"),
        (with_meta(r#"{"dateRange":1}"#), "a window or a list of windows"),
    ] {
        let error = shape_error(format!(r#"{{"success":true,"result":{result}}}"#).as_bytes());
        assert!(error.to_string().contains(&format!(", expected {words} (at byte ")), "{error}");
    }
}

#[test]
fn a_million_points_are_decoded() {
    const POINTS: usize = 1_000_000;
    let timestamps = vec!["\"2026-10-01T00:00:00Z\""; POINTS].join(",");
    let values = vec!["\"0.123456\""; POINTS].join(",");
    let text =
        format!(r#"{{"success":true,"result":{{"a":{{"timestamps":[{timestamps}],"values":[{values}]}}}}}}"#);
    let answer = Timeseries::from_slice(text.as_bytes()).unwrap();
    assert_eq!(answer.series[0].len(), POINTS);
    assert!(answer.series[0].values().iter().all(|value| value == Some(0.123_456)));
}

// Series built by hand.

#[test]
fn series_with_columns_of_different_length_are_refused() {
    let at: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
    let error = Series::new("a", vec![at; 3], [Some(1.0), None].into_iter().collect()).unwrap_err();
    assert!(error.to_string().contains("3 timestamps but 2 values"), "{error}");
    assert!(Series::new("a", vec![at; 2], [Some(1.0), None].into_iter().collect()).is_ok());
}

/// JSON has no infinities and no NaN. They must not be written as something that cannot be decoded.
#[test]
fn non_finite_values_are_written_as_valid_json() {
    let at: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
    for odd in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        let values: Values = [odd].into_iter().collect();
        let answer =
            Timeseries { meta: Meta::default(), series: vec![Series::new("a", vec![at], values).unwrap()] };
        let text = serde_json::to_string(&answer).unwrap();
        assert!(serde_json::from_str::<Timeseries>(&text).is_ok(), "{odd} is written as {text}");
    }
}

#[test]
fn missing_values_are_not_zero() {
    let result =
        json!({"a": {"timestamps": vec!["2026-10-01T00:00:00Z"; 4], "values": [null, "0", 0, "-0"]}});
    let answer = Timeseries::from_slice(&body(&result)).unwrap();
    let values = answer.series[0].values();
    assert_eq!(values.iter().collect::<Vec<_>>(), [None, Some(0.0), Some(0.0), Some(0.0)]);
    assert_eq!(json!(answer)["a"]["values"], json!([null, "0", "0", "-0"]));
}

/// A failed request for CSV is answered with JSON or HTML, which must not pass as a table.
#[test]
fn json_errors_and_html_are_not_csv() {
    let csv = |body: &[u8]| Csv(&TimeseriesParams::new()).decode(body);
    let error = r#"{"success":false,"errors":[{"code":2001,"message":"no"}],"result":null}"#;
    for spelled in
        [error.to_owned(), format!("\n {error}"), format!("\u{feff}{error}"), format!("\u{feff}\n{error}")]
    {
        let refused = csv(spelled.as_bytes()).expect_err(&spelled);
        assert_eq!(refused.api().and_then(ErrorBody::code), Some(2001), "{spelled:?}");
    }
    for empty in ["", "\n", "\u{feff}"] {
        assert_eq!(csv(empty.as_bytes()).unwrap_err().kind(), &DecodeErrorKind::Empty, "{empty:?}");
    }
    for page in ["<!DOCTYPE html><title>502</title>", "\u{feff}<html>"] {
        assert_eq!(csv(page.as_bytes()).unwrap_err().kind(), &DecodeErrorKind::NotJson, "{page:?}");
    }
    // A table is passed through unchanged, even if it begins with a BOM or a brace.
    for table in
        ["Serie_0 timestamps,Serie_0 values\r\n2026-10-01T00:00:00Z,1\r\n", "\u{feff}a,b\n", "{a},b\n1,2\n"]
    {
        assert_eq!(csv(table.as_bytes()).unwrap(), table.as_bytes());
    }
}

#[test]
fn reported_intervals_map_to_requested_intervals() {
    for (requested, reported) in AggInterval::VALUES.iter().zip(ReportedInterval::VALUES) {
        let result = json!({"a": {"timestamps": [], "values": []}, "meta": {"aggInterval": reported}});
        let answer = Timeseries::from_slice(&body(&result)).unwrap();
        assert_eq!(answer.meta.agg_interval.unwrap().interval(), Some(AggInterval::from(*requested)));
    }
}
