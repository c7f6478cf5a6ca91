//! Is an answer either what the server said or an error, and never less than it said?
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, SecondsFormat, Utc};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use radar_ct_model::{
    AggInterval, Annotation, ConfidenceInfo, Csv, DecodeErrorKind, Endpoint, ErrorBody, EventType, Meta,
    Normalization, ReportedInterval, Series, SeriesParams, TimeRange, Timeseries, TimeseriesParams, Unit,
    Values,
};
use serde_json::{Map, Value, json};

/// No file of past failures: what is found becomes a test with a name.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// A body with this result, as the API writes one.
fn body(result: &Value) -> Vec<u8> {
    format!(r#"{{"success":true,"errors":[],"result":{result}}}"#).into_bytes()
}

/// The text of a body with one series, whose values are written like this.
fn body_with_values(written: &[String]) -> String {
    let stamps = vec!["\"2026-10-01T00:00:00Z\""; written.len()].join(",");
    let values = written.join(",");
    format!(r#"{{"success":true,"result":{{"a":{{"timestamps":[{stamps}],"values":[{values}]}}}}}}"#)
}

fn shape_error(body: &[u8]) -> radar_ct_model::DecodeError {
    let error = Timeseries::from_slice(body).expect_err("no answer");
    assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{error}");
    error
}

// What an answer can hold.

fn an_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let seconds =
        prop_oneof![4 => 1_500_000_000_i64..1_900_000_000, 1 => -62_135_596_800_i64..=253_402_300_799];
    let nanos = prop_oneof![4 => Just(0), 1 => 0..1_000_000_000_u32];
    (seconds, nanos).prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
}

/// A value, or none: numbers of every size, and missing.
fn a_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => (0.0..1.0_f64).prop_map(Some),
        2 => (0..1_000_000_000_u32).prop_map(|count| Some(f64::from(count))),
        1 => any::<f64>().prop_map(|value| Some(value).filter(|value| value.is_finite())),
        1 => select(vec![0.0, -0.0, 1.4e-05, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1 + 0.2]).prop_map(Some),
        1 => Just(None),
    ]
}

/// Labels as somebody may name a series. `meta` is none: the model refuses to ask for it.
fn a_label() -> impl Strategy<Value = String> {
    let odd = select(vec!["", "success", "result", "a\"b\\c", "🔒"]).prop_map(str::to_owned);
    prop_oneof![3 => "[a-z_0-9]{1,10}", 1 => any::<String>(), 1 => odd]
        .prop_filter("the label of the metadata", |label| label != "meta")
}

fn some_series() -> impl Strategy<Value = Vec<Series>> {
    let points = prop::collection::vec((an_instant(), a_value()), 0..12);
    prop::collection::hash_map(a_label(), points, 0..5).prop_map(|all| {
        let series = all.into_iter().map(|(label, points)| {
            let (timestamps, values): (Vec<_>, Vec<_>) = points.into_iter().unzip();
            Series::new(label, timestamps, values.into_iter().collect()).unwrap()
        });
        series.collect()
    })
}

fn a_meta() -> impl Strategy<Value = Meta> {
    let word =
        |known: &'static [&'static str]| prop_oneof![select(known).prop_map(str::to_owned), any::<String>()];
    let annotation = (
        prop::option::of(any::<String>()),
        prop::option::of(word(EventType::VALUES)),
        prop::option::of(an_instant()),
        prop::option::of(an_instant()),
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
        prop::collection::vec((an_instant(), an_instant()), 0..4),
        prop::option::of(word(ReportedInterval::VALUES)),
        prop::option::of(word(Normalization::VALUES)),
        prop::option::of(confidence),
        prop::option::of(an_instant()),
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

fn an_answer() -> impl Strategy<Value = Timeseries> {
    (a_meta(), some_series()).prop_map(|(meta, series)| Timeseries { meta, series })
}

/// An answer with at least one series that has at least one point.
fn an_answer_with_points() -> impl Strategy<Value = Timeseries> {
    let has_points = |answer: &Timeseries| answer.series.iter().any(|series| !series.is_empty());
    an_answer().prop_filter("no point", has_points)
}

/// Whatever a server may put where nobody expects anything. No objects that look like a series.
fn anything() -> impl Strategy<Value = Value> {
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

// There and back.

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn an_answer_is_read_back_from_what_it_serialises_to(answer in an_answer()) {
        let text = serde_json::to_string(&answer).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Timeseries>(&text).unwrap(), &answer);
        prop_assert_eq!(&serde_json::from_slice::<Timeseries>(text.as_bytes()).unwrap(), &answer);
        prop_assert_eq!(&serde_json::from_reader::<_, Timeseries>(text.as_bytes()).unwrap(), &answer);
        // Through a value the members lose their order, and nothing else.
        let mut by_label = serde_json::from_value::<Timeseries>(serde_json::to_value(&answer).unwrap()).unwrap();
        let position = |series: &Series| answer.series.iter().position(|other| other.label() == series.label());
        by_label.series.sort_by_key(position);
        prop_assert_eq!(&by_label, &answer);
        for series in &answer.series {
            prop_assert_eq!((series.len(), series.is_empty()), (series.points().count(), series.points().next().is_none()));
        }
    }

    #[test]
    fn an_answer_cut_in_two_is_whole_again_put_together(answer in an_answer(), at in any::<Index>()) {
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
        // What has other series is no part of it.
        let series = Series::new("another", Vec::new(), Values::default()).unwrap();
        let other = Timeseries { series: [answer.series.clone(), vec![series]].concat(), meta: Meta::default() };
        prop_assert!(first.append(other).is_err());
        prop_assert_eq!(&first, &answer);
    }

    #[test]
    fn an_answer_is_read_from_the_whole_body(
        answer in an_answer(),
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
    fn what_a_value_is_does_not_depend_on_how_it_is_written(
        values in prop::collection::vec(a_value(), 1..12),
        spellings in prop::collection::vec(any::<Index>(), 12),
    ) {
        let written: Vec<String> = values.iter().zip(&spellings).map(|(value, spelling)| match value {
            None => select_from(&["null", "\"\"", "\"NaN\"", "\"nan\"", "\"NAN\""], *spelling).to_owned(),
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
                // The last bit of a long number is a matter of its own: see below.
                let difference = (read - value).abs();
                prop_assert!(difference <= value.abs() * 4.0 * f64::EPSILON, "{} is read as {}", written, read);
            }
        }
    }

    /// The numbers that the API writes have six decimals at most; those are exact in either form.
    #[test]
    fn a_number_of_six_decimals_is_read_exactly_in_either_form(
        millionths in -1_000_000_000_000_i64..1_000_000_000_000,
    ) {
        let text = format!("{}.{:06}", millionths / 1_000_000, millionths.abs() % 1_000_000);
        let meant: f64 = text.parse().unwrap();
        for written in [format!("\"{text}\""), text] {
            let text = body_with_values(std::slice::from_ref(&written));
            let read = Timeseries::from_slice(text.as_bytes()).unwrap().series[0].values().get(0).unwrap();
            prop_assert_eq!(read.to_bits(), meant.to_bits(), "{}", written);
        }
    }

    #[test]
    fn an_instant_is_read_in_any_offset(at in an_instant(), minutes in -1439_i32..=1439) {
        let offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
        let written = at.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, false);
        prop_assume!(written.starts_with(|c: char| c.is_ascii_digit()) && written.find('-') == Some(4));
        let read = Timeseries::from_slice(&body(&json!({"a": {"timestamps": [written], "values": ["1"]}}))).unwrap();
        prop_assert_eq!(read.series[0].timestamps(), &[at]);
    }
}

/// A number and a text of the same digits are the same value, to the last bit.
#[test]
fn a_long_number_is_read_to_the_last_bit() {
    for digits in ["-4.686626066893102e-250", "0.30000000000000004", "5e-324", "1.7976931348623157e308"] {
        let result = format!(
            r#"{{"a":{{"timestamps":["2026-10-01T00:00:00Z","2026-10-01T01:00:00Z"],"values":["{digits}",{digits}]}}}}"#
        );
        let answer = serde_json::from_str::<Timeseries>(&result).unwrap();
        let values = answer.series[0].values();
        assert_eq!(values.get(0).unwrap().to_bits(), values.get(1).unwrap().to_bits(), "{digits}");
    }
}

fn select_from<'a>(texts: &[&'a str], index: Index) -> &'a str {
    texts[index.index(texts.len())]
}

// What is added does no harm.

/// Puts members into every object but those whose members all mean something: the result, whose members are series.
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
    fn members_that_nobody_knows_do_not_matter(
        answer in an_answer_with_points(),
        additions in prop::collection::vec(("new[A-Za-z]{0,6}|messages|result_info", anything()), 1..60),
    ) {
        let plain = json!({"success": true, "errors": [], "result": answer});
        let expected = Timeseries::from_slice(plain.to_string().as_bytes()).unwrap();
        let labels: Vec<_> = expected.series.iter().map(|series| series.label().to_owned()).collect();
        // An addition may be called what a series is called; it is the series then.
        prop_assume!(!additions.iter().any(|(name, _)| labels.contains(name)));
        let added = with_additions(&plain, &mut additions.into_iter().cycle().take(400));
        prop_assert_ne!(&added, &plain);
        let read = Timeseries::from_slice(added.to_string().as_bytes())
            .map_err(|error| TestCaseError::fail(format!("{error}: {added}")))?;
        prop_assert_eq!(read, expected);
    }
}

// What is missing is never passed over.

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_body_that_is_cut_anywhere_is_an_error(
        answer in an_answer(),
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
            // Nothing is left, or nothing but a BOM; or the cut goes through a bare number, which then is no number
            // (there is one in `level`). Every other cut is called by its name.
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
    fn a_body_with_a_byte_too_many_is_an_error(answer in an_answer(), byte in any::<u8>()) {
        prop_assume!(!byte.is_ascii_whitespace());
        let mut bytes = body(&json!(answer));
        bytes.push(byte);
        prop_assert!(Timeseries::from_slice(&bytes).is_err());
    }

    #[test]
    fn a_body_with_any_byte_changed_never_panics(answer in an_answer(), at in any::<Index>(), byte in any::<u8>()) {
        let mut bytes = body(&json!(answer));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = Timeseries::from_slice(&bytes);
        let _ = TimeseriesParams::new().decode(&bytes);
    }

    #[test]
    fn columns_that_differ_in_length_are_an_error_that_names_the_series(
        answer in an_answer_with_points(),
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
    fn an_element_that_is_no_value_is_an_error_that_names_its_place(
        answer in an_answer_with_points(),
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
    fn a_column_that_is_missing_or_no_array_is_an_error(
        answer in an_answer_with_points(),
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
    fn a_column_that_comes_twice_is_an_error(
        answer in an_answer_with_points(),
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
    fn a_label_that_comes_twice_is_an_error(answer in an_answer_with_points(), which in any::<Index>()) {
        let twice = &answer.series[which.index(answer.series.len())];
        let (label, series) = (json!(twice.label()), json!(twice));
        let all = serde_json::to_string(&answer).unwrap();
        let text = format!(r#"{{"success":true,"result":{{{label}:{series},{}}}"#, &all[1..]);
        let error = shape_error(text.as_bytes());
        prop_assert_eq!(error.series(), Some(twice.label()));
    }

    #[test]
    fn fewer_series_than_asked_for_is_an_error(answer in an_answer_with_points(), more in 1..3_usize) {
        let count = answer.series.len() + more;
        let asked = (1..count).fold(TimeseriesParams::new(), |params, _| params.and(SeriesParams::new()));
        let error = asked.decode(&body(&json!(answer))).unwrap_err();
        prop_assert_eq!(error.kind(), &DecodeErrorKind::Shape);
    }
}

#[test]
fn two_labels_that_differ_only_in_how_they_are_written_are_one() {
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
fn a_failure_is_an_error_whatever_it_brings_along() {
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
fn a_result_that_is_missing_null_or_of_another_shape_is_an_error() {
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
        // What the endpoints beside this one answer.
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
    // A result without its envelope is no body, and neither is a body that says nothing.
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

/// Tokens that some readers of JSON know and JSON does not.
#[test]
fn a_bare_word_for_a_number_is_no_json() {
    for token in ["NaN", "Infinity", "-Infinity", "nan", "undefined", "+1", "01", ".5", "1.", "0x10"] {
        let body = format!(
            r#"{{"success":true,"result":{{"a":{{"timestamps":["2026-10-01T00:00:00Z"],"values":[{token}]}}}}}}"#
        );
        let error = Timeseries::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), &DecodeErrorKind::NotJson, "{token}");
    }
}

#[test]
fn whatever_meta_lacks_or_has_as_null_the_data_are_there() {
    let paths = members_of_meta().into_iter().filter(|path| !PROMISED.contains(&path.as_str()));
    assert_eq!(paths.clone().count(), 18);
    for path in paths {
        assert_not_needed(&path);
    }
}

/// The members below `meta` that the model takes for certain.
const PROMISED: [&str; 4] =
    ["/dateRange/0/startTime", "/dateRange/0/endTime", "/units/0/name", "/units/0/value"];

#[test]
fn a_window_or_a_unit_of_which_a_part_is_missing_does_not_keep_the_data_away() {
    for path in PROMISED {
        assert_not_needed(path);
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

/// Without that member, or with null in its place, the answer decodes.
fn assert_not_needed(path: &str) {
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

/// The path of every member of every object.
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

// Bytes from anywhere.

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn any_bytes_are_an_answer_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Timeseries::from_slice(&bytes);
        let _ = Csv(&TimeseriesParams::new()).decode(&bytes);
        // Its text is shown to people, so it has to be text whatever came.
        prop_assert!(ErrorBody::parse(&bytes).to_string().chars().count() < 4000);
    }

    #[test]
    fn any_json_is_an_answer_or_an_error(value in anything()) {
        for text in [value.to_string(), json!({"success": true, "result": value}).to_string()] {
            prop_assert!(TimeseriesParams::new().decode(text.as_bytes()).is_err());
        }
    }
}

/// Every place where something may be nested, each 200 000 deep: an answer or an error, and never the end of the stack.
#[test]
fn nesting_of_any_depth_does_not_use_up_the_stack() {
    const DEPTH: usize = 200_000;
    for (open, close) in [("[", "]"), (r#"{"x":"#, "}")] {
        let inner = if open == "[" { "" } else { "1" };
        let deep = format!("{}{inner}{}", open.repeat(DEPTH), close.repeat(DEPTH));
        let cut = open.repeat(DEPTH);
        let a = r#"{"timestamps":[],"values":[]}"#;
        // Where nobody looks, it does no harm.
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
fn an_error_says_at_which_byte_it_is() {
    let before = "{\"success\":true,\n\"result\":{\"größe\":{\"timestamps\":[],\r\n\"values\":[";
    let text = format!("{before}\"x\"]}}}}}}");
    let error = shape_error(text.as_bytes());
    let byte = error.byte().unwrap();
    assert!((before.len()..before.len() + 3).contains(&byte), "{byte} is not within {}..", before.len());
    assert_eq!((error.series(), error.index()), (Some("größe"), Some(0)));
}

#[test]
fn an_error_says_what_was_expected_instead() {
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
fn an_answer_of_a_million_points_comes_whole() {
    const POINTS: usize = 1_000_000;
    let stamps = vec!["\"2026-10-01T00:00:00Z\""; POINTS].join(",");
    let values = vec!["\"0.123456\""; POINTS].join(",");
    let text =
        format!(r#"{{"success":true,"result":{{"a":{{"timestamps":[{stamps}],"values":[{values}]}}}}}}"#);
    let answer = Timeseries::from_slice(text.as_bytes()).unwrap();
    assert_eq!(answer.series[0].len(), POINTS);
    assert!(answer.series[0].values().iter().all(|value| value == Some(0.123_456)));
}

// Columns made by hand.

#[test]
fn a_series_of_columns_that_differ_in_length_cannot_be_made() {
    let at: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
    let error = Series::new("a", vec![at; 3], [Some(1.0), None].into_iter().collect()).unwrap_err();
    assert!(error.to_string().contains("3 timestamps but 2 values"), "{error}");
    assert!(Series::new("a", vec![at; 2], [Some(1.0), None].into_iter().collect()).is_ok());
}

/// What a column cannot say on the wire must not be written as something that nobody can read back.
#[test]
fn a_value_that_is_no_number_is_read_back_as_what_it_was_written_as() {
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
fn missing_is_apart_from_zero() {
    let result =
        json!({"a": {"timestamps": vec!["2026-10-01T00:00:00Z"; 4], "values": [null, "0", 0, "-0"]}});
    let answer = Timeseries::from_slice(&body(&result)).unwrap();
    let values = answer.series[0].values();
    assert_eq!(values.iter().collect::<Vec<_>>(), [None, Some(0.0), Some(0.0), Some(0.0)]);
    assert_eq!(json!(answer)["a"]["values"], json!([null, "0", "0", "-0"]));
}

/// An error must not be taken for a table.
#[test]
fn csv_that_is_the_json_of_an_error_is_an_error() {
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
    // And a table comes through byte by byte, whatever it begins with.
    for table in
        ["Serie_0 timestamps,Serie_0 values\r\n2026-10-01T00:00:00Z,1\r\n", "\u{feff}a,b\n", "{a},b\n1,2\n"]
    {
        assert_eq!(csv(table.as_bytes()).unwrap(), table.as_bytes());
    }
}

#[test]
fn a_reported_interval_is_the_one_asked_for() {
    for (asked, reported) in AggInterval::VALUES.iter().zip(ReportedInterval::VALUES) {
        let result = json!({"a": {"timestamps": [], "values": []}, "meta": {"aggInterval": reported}});
        let answer = Timeseries::from_slice(&body(&result)).unwrap();
        assert_eq!(answer.meta.agg_interval.unwrap().interval(), Some(AggInterval::from(*asked)));
    }
}
