//! Properties of the endpoints other than `timeseries`: queries have the parameters of their request, and
//! answers are decoded completely.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod cases;
mod strategies;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use radar_ct_model::endpoints::Listing;
use radar_ct_model::{
    AggInterval, Authorities, AuthoritiesParams, Authority, AuthorityParams, CertificateRecordType,
    DecodeError, DecodeErrorKind, Dimension, Distribution, Endpoint, EndpointPerformance, Format,
    GroupNormalization, GroupedSeries, Log, LogApi, LogParams, LogPerformance, LogState, Logs, LogsParams,
    Meta, Problem, Query, RelatedAuthority, RelatedLog, ReportedInterval, RevocationStatus, RootStatus,
    SeriesParams, Summary, SummaryParams, TimeRange, Timeseries, TimeseriesGroups, TimeseriesGroupsParams,
    Timestamp, Unit, Values,
};
use radar_ct_tests::build::set;
use radar_ct_tests::wire::{SERIES_PARAMETERS, by_name, read_strictly, series_by_position};
use serde_json::{Value, json};

use crate::cases::cases;
use crate::strategies::{enum_value, series, text, wire_values};

// Requests.

/// All dimensions, from the API's description.
const DIMENSIONS: [&str; 14] = [
    "CA",
    "CA_OWNER",
    "DURATION",
    "ENTRY_TYPE",
    "EXPIRATION_STATUS",
    "HAS_IPS",
    "HAS_WILDCARDS",
    "LOG",
    "LOG_API",
    "LOG_OPERATOR",
    "PUBLIC_KEY_ALGORITHM",
    "SIGNATURE_ALGORITHM",
    "TLD",
    "VALIDATION_LEVEL",
];

/// The parameters of a whole request for groups.
const GROUPED_PARAMETERS: [&str; 4] = ["aggInterval", "limitPerGroup", "normalization", "format"];

/// The parameters of a request for groups, for both endpoints that take them.
#[derive(Debug, Clone)]
struct GroupedRequest {
    dimension: String,
    series: Vec<SeriesParams>,
    interval: Option<String>,
    limit: Option<u32>,
    normalization: Option<String>,
    format: Option<String>,
    extra: Vec<(String, String)>,
}

fn grouped_requests() -> impl Strategy<Value = GroupedRequest> {
    let extra_name = text().prop_filter("not a parameter of the API", |name| {
        !SERIES_PARAMETERS.contains(&name.as_str()) && !GROUPED_PARAMETERS.contains(&name.as_str())
    });
    let limit = prop_oneof![4 => 2..50_u32, 1 => select(vec![0, 1, 2, u32::MAX])];
    (
        enum_value(&DIMENSIONS),
        prop::collection::vec(series(), 1..=4),
        prop::option::of(enum_value(AggInterval::VALUES)),
        prop::option::of(limit),
        prop::option::of(enum_value(GroupNormalization::VALUES)),
        prop::option::of(enum_value(Format::VALUES)),
        prop::collection::vec((extra_name, text()), 0..3),
    )
        .prop_map(|(dimension, series, interval, limit, normalization, format, extra)| GroupedRequest {
            dimension,
            series,
            interval,
            limit,
            normalization,
            format,
            extra,
        })
}

/// Builds the parameters of one of the two endpoints. They differ in their type and in the interval.
macro_rules! build_params {
    ($params:ty, $request:expr) => {{
        let request: &GroupedRequest = $request;
        let (first, others) = request.series.split_first().unwrap();
        // The first series cannot be set as a whole, so it is parsed from its own query.
        let mut first_alone = Query::new();
        for (name, value) in wire_values(first) {
            first_alone.push(name, value);
        }
        let mut params = <$params>::from_parts(request.dimension.as_str(), first_alone).unwrap();
        for series in others {
            params = params.and(series.clone());
        }
        params = params
            .limit_per_group(request.limit)
            .normalization(request.normalization.as_deref().unwrap_or_default())
            .format(request.format.as_deref().unwrap_or_default());
        for (name, value) in &request.extra {
            params = params.extra(name, value);
        }
        params
    }};
}

fn summary_params(request: &GroupedRequest) -> SummaryParams {
    build_params!(SummaryParams, request)
}

fn groups_params(request: &GroupedRequest) -> TimeseriesGroupsParams {
    let params = build_params!(TimeseriesGroupsParams, request);
    params.agg_interval(request.interval.as_deref().unwrap_or_default())
}

/// Asserts that an independent parser finds the request in the query.
fn check_query(query: &str, request: &GroupedRequest, has_interval: bool) {
    let pairs = read_strictly(query).unwrap();
    assert_eq!(
        series_by_position(&pairs),
        request.series.iter().map(wire_values).collect::<Vec<_>>(),
        "{query}"
    );
    let mut once = by_name(&pairs);
    once.retain(|name, _| !SERIES_PARAMETERS.contains(&name.as_str()));
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let interval = request.interval.clone().filter(|_| has_interval);
    let limit = request.limit.map(|limit| limit.to_string());
    let values = [interval, limit, request.normalization.clone(), request.format.clone()];
    for (name, value) in GROUPED_PARAMETERS.into_iter().zip(values) {
        expected.extend(value.map(|value| (name.to_owned(), vec![value])));
    }
    for (name, value) in &request.extra {
        expected.entry(name.clone()).or_default().push(value.clone());
    }
    assert_eq!(once, expected, "{query}");
}

/// Returns the parameter of the whole request that breaks a rule, if any.
fn invalid_parameter(request: &GroupedRequest, has_interval: bool) -> Option<&'static str> {
    let is_unknown = |value: &Option<String>, known: &[&str]| {
        value.as_ref().is_some_and(|value| !known.contains(&value.as_str()))
    };
    if has_interval && is_unknown(&request.interval, AggInterval::VALUES) {
        return Some("aggInterval");
    }
    if !DIMENSIONS.contains(&request.dimension.as_str()) {
        return Some("dimension");
    }
    if request.limit.is_some_and(|limit| limit < 2) {
        return Some("limitPerGroup");
    }
    is_unknown(&request.normalization, GroupNormalization::VALUES).then_some("normalization")
}

macro_rules! check_round_trip {
    ($params:expr, $type:ty, $request:expr, $has_interval:expr, $name:literal) => {{
        let params: $type = $params;
        let query = params.to_query().to_string();
        check_query(&query, $request, $has_interval);
        let read = <$type>::from_parts($request.dimension.as_str(), Query::parse(&query).unwrap()).unwrap();
        assert_eq!(&read, &params, "{}", query);
        assert_eq!(read.to_query().to_string(), query);
        assert_eq!(params.options().dimension.as_str(), $request.dimension.as_str());
        assert_eq!(params.options().limit_per_group, $request.limit);
        assert_eq!(
            params.options().normalization.as_ref().map(GroupNormalization::as_str),
            $request.normalization.as_deref()
        );
        match params.validate() {
            Ok(()) => {
                assert_eq!(invalid_parameter($request, $has_interval), None);
                let path = format!(concat!("/radar/ct/", $name, "/{}"), $request.dimension);
                assert_eq!(params.path(), path);
                if params.is_csv() {
                    let error = params.prepare().unwrap_err();
                    assert_eq!(error.parameter(), "format");
                    assert_eq!(params.prepare_csv().unwrap().to_string(), query);
                } else {
                    assert_eq!(params.prepare().unwrap().to_string(), query);
                }
            }
            Err(error) => {
                assert_eq!(&params.prepare().unwrap_err(), &error);
                assert_eq!(&params.prepare_csv().unwrap_err(), &error);
                // Problems of series come first; `query_properties` tests them.
                if let (Some(parameter), None) = (invalid_parameter($request, $has_interval), error.series())
                {
                    assert_eq!(error.parameter(), parameter, "{}", error);
                }
            }
        }
    }};
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn summary_requests_survive_a_round_trip(request in grouped_requests()) {
        check_round_trip!(summary_params(&request), SummaryParams, &request, false, "summary");
    }

    #[test]
    fn groups_requests_survive_a_round_trip(request in grouped_requests()) {
        let params = groups_params(&request);
        prop_assert_eq!(params.options().rest.agg_interval.as_ref().map(AggInterval::as_str), request.interval.as_deref());
        check_round_trip!(groups_params(&request), TimeseriesGroupsParams, &request, true, "timeseries_groups");
    }

    #[test]
    fn arbitrary_text_is_refused_or_stable(
        dimension in text(),
        limit in prop_oneof![text(), Just("2".to_owned()), Just(String::new())],
        normalization in text(),
    ) {
        let mut query = Query::new();
        query.push("normalization", normalization);
        query.push("limitPerGroup", limit.clone());
        match SummaryParams::from_parts(dimension.as_str(), query.clone()) {
            Ok(read) => {
                prop_assert!(limit.is_empty() || limit.bytes().all(|byte| byte.is_ascii_digit()), "{:?}", limit);
                let again = SummaryParams::from_parts(dimension.as_str(), read.to_query()).unwrap();
                prop_assert_eq!(&again, &read);
                prop_assert!(read.path().split('/').count() == 5 && !read.path().contains(['?', '#']));
            }
            Err(error) => {
                prop_assert!(limit.parse::<u32>().is_err() || limit.starts_with('+'), "{}", error);
                prop_assert_eq!(error.parameter(), "limitPerGroup");
                prop_assert_eq!(error.problem(), &Problem::NotInteger { value: limit.into(), min: 2 });
            }
        }
    }
}

#[test]
fn parameter_tables_match_the_documentation() {
    let names = |parameters: &mut dyn Iterator<Item = radar_ct_model::Parameter>| -> Vec<_> {
        parameters.map(|parameter| parameter.name).collect()
    };
    assert_eq!(names(&mut TimeseriesGroupsParams::request_parameters().into_iter()), GROUPED_PARAMETERS);
    // A summary has no points, hence no interval.
    assert_eq!(names(&mut SummaryParams::request_parameters().into_iter()), GROUPED_PARAMETERS[1..]);
    assert_eq!(Dimension::VALUES, DIMENSIONS);
}

#[test]
fn only_documented_dimensions_become_a_path() {
    for dimension in DIMENSIONS {
        let (summary, groups) = (SummaryParams::by(dimension), TimeseriesGroupsParams::by(dimension));
        assert_eq!(summary.path(), format!("/radar/ct/summary/{dimension}"));
        assert_eq!(groups.path(), format!("/radar/ct/timeseries_groups/{dimension}"));
        assert!(summary.prepare().unwrap().is_empty() && groups.prepare().unwrap().is_empty());
    }
    for other in
        ["", "ca", "Ca", "UNIQUE_ENTRIES", "TLDS", ".", "..", "CA/../TLD", "CA?", "CA ", "%43A", "日本"]
    {
        let summary = SummaryParams::by(other);
        for error in [
            summary.validate().unwrap_err(),
            summary.prepare().unwrap_err(),
            summary.prepare_csv().unwrap_err(),
            TimeseriesGroupsParams::by(other).prepare().unwrap_err(),
        ] {
            assert_eq!((error.parameter(), error.series()), ("dimension", None), "{error}");
            let is_unknown =
                matches!(error.problem(), Problem::UnknownValue { value, .. } if **value == *other);
            assert!(is_unknown, "{error}");
        }
    }
    let error = SummaryParams::by("ca-owner").validate().unwrap_err();
    assert!(error.to_string().contains("did you mean `CA_OWNER`"), "{error}");
}

#[test]
fn limits_below_two_groups_are_refused() {
    for limit in [0, 1] {
        let refused = Problem::NotInteger { value: limit.to_string().into(), min: 2 };
        for error in [
            SummaryParams::by(Dimension::Ca).limit_per_group(limit).prepare().unwrap_err(),
            TimeseriesGroupsParams::by(Dimension::Ca).limit_per_group(limit).prepare_csv().unwrap_err(),
        ] {
            assert_eq!(
                (error.parameter(), error.series(), error.problem()),
                ("limitPerGroup", None, &refused)
            );
        }
    }
    for limit in [2, 3, u32::MAX] {
        let query = SummaryParams::by(Dimension::Ca).limit_per_group(limit).prepare().unwrap();
        assert_eq!(query.to_string(), format!("limitPerGroup={limit}"));
    }
    let cleared = SummaryParams::by(Dimension::Ca).limit_per_group(1).limit_per_group(None).normalization("");
    assert_eq!(cleared, SummaryParams::by(Dimension::Ca));
}

#[test]
fn repeated_parameters_of_the_whole_request_are_refused() {
    for name in GROUPED_PARAMETERS {
        let query = || Query::parse(&format!("{name}=2&{name}=2")).unwrap();
        let error = TimeseriesGroupsParams::from_parts("CA", query()).unwrap_err();
        assert_eq!((error.parameter(), error.problem()), (name, &Problem::Repeated(2)));
        let summary = SummaryParams::from_parts("CA", query());
        // For a summary an interval is an unknown parameter: it is kept, and the API may refuse it.
        assert_eq!(summary.is_ok(), name == "aggInterval", "{summary:?}");
    }
    let own = [("limitPerGroup", "5"), ("normalization", "PERCENTAGE"), ("format", "JSON"), ("ca", "x")];
    for (name, value) in own {
        let error = SummaryParams::by("CA").extra(name, value).validate().unwrap_err();
        assert_eq!((error.parameter(), error.problem()), (name, &Problem::NotExtra));
    }
}

const LOG_FILTERS: [(&str, &str); 4] =
    [("log", "argon2026h1"), ("logApi", "STATIC"), ("logOperator", "Google"), ("entryType", "CERTIFICATE")];
const LOG_DIMENSIONS: [&str; 4] = ["LOG", "LOG_API", "LOG_OPERATOR", "ENTRY_TYPE"];

/// Combines every filter with every dimension, in each of three series. Only documented conflicts are
/// refused.
#[test]
fn tld_cannot_be_combined_with_logs() {
    let filters = LOG_FILTERS.into_iter().chain([("tld", "com"), ("ca", "x"), ("hasIps", "true")]);
    let mut refused = 0;
    for (filter, value) in filters {
        for dimension in DIMENSIONS {
            for position in 0..3 {
                let at = |this: usize| {
                    let series = SeriesParams::new();
                    if this == position { set(series, filter, value) } else { series }
                };
                let request = GroupedRequest {
                    dimension: dimension.to_owned(),
                    series: (0..3).map(at).collect(),
                    interval: None,
                    limit: None,
                    normalization: None,
                    format: None,
                    extra: Vec::new(),
                };
                let conflicts = (dimension == "TLD" && LOG_FILTERS.contains(&(filter, value)))
                    || (filter == "tld" && LOG_DIMENSIONS.contains(&dimension));
                for result in [summary_params(&request).prepare(), groups_params(&request).prepare()] {
                    let Err(error) = result else {
                        assert!(!conflicts, "{filter} of series {position} by {dimension} is sent");
                        continue;
                    };
                    assert!(conflicts, "{error}");
                    assert_eq!((error.parameter(), error.series()), (filter, Some(position)), "{error}");
                    assert_eq!(error.problem(), &Problem::WithDimension { dimension: dimension.into() });
                    let words = [filter, dimension, &format!("series {}", position + 1)];
                    assert!(words.iter().all(|word| error.to_string().contains(word)), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(refused, (4 + 4) * 3 * 2);
}

// Answers.

fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (1_500_000_000_i64..1_900_000_000).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => (0.0..100.0_f64).prop_map(Some),
        1 => any::<f64>().prop_map(|value| Some(value).filter(|value| value.is_finite())),
        1 => select(vec![0.0, 1.4e-05, f64::MAX, 5e-324]).prop_map(Some),
        1 => Just(None),
    ]
}

/// Keys of groups, from realistic to hostile.
fn any_key() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "",
        "other",
        "meta",
        "meta ",
        "_unknown",
        "__proto__",
        "Let's Encrypt (ISRG)",
        "a b",
        " ",
        "values",
        "name",
        "success",
        "result",
        "errors",
        "serie_0",
        "summary_0",
        "рф",
        "🔒",
        "\u{202e}x",
        "a\"b\\c",
        "\0",
        "NaN",
        "null",
        "timestamps ",
        "Timestamps",
    ]);
    prop_oneof![2 => "[A-Za-z_][A-Za-z0-9 ().,&-]{0,12}", 2 => odd.prop_map(str::to_owned), 1 => any::<String>()]
        .prop_filter("the key of the timestamps", |key| key != "timestamps")
}

fn any_label() -> impl Strategy<Value = String> {
    any_key().prop_filter("the label of the metadata", |label| label != "meta")
}

fn any_meta() -> impl Strategy<Value = Meta> {
    (prop::collection::vec((any_instant(), any_instant()), 0..3), prop::option::of(text()), any::<bool>())
        .prop_map(|(windows, interval, has_unit)| {
            let mut meta = Meta::default();
            meta.date_range = windows.into_iter().map(|(start, end)| TimeRange::new(start, end)).collect();
            meta.agg_interval = interval.map(ReportedInterval::from);
            meta.units = if has_unit { vec![Unit::of_all("certificates")] } else { Vec::new() };
            meta
        })
}

fn any_summary(least: usize) -> impl Strategy<Value = Summary> {
    let groups = prop::collection::btree_map(any_key(), any_value(), least..6);
    (any_meta(), prop::collection::btree_map(any_label(), groups, least..4)).prop_map(|(meta, series)| {
        // In reverse order, so that a decoder that sorts its keys is noticed.
        let series = series
            .into_iter()
            .rev()
            .map(|(label, groups)| Distribution::new(label, groups.into_iter().rev()));
        Summary { meta, series: series.map(Result::unwrap).collect() }
    })
}

fn any_groups(least: usize) -> impl Strategy<Value = TimeseriesGroups> {
    let columns = (least..5).prop_flat_map(move |points| {
        let values = prop::collection::vec(any_value(), points);
        (
            prop::collection::vec(any_instant(), points),
            prop::collection::btree_map(any_key(), values, least..5),
        )
    });
    (any_meta(), prop::collection::btree_map(any_label(), columns, least..4)).prop_map(|(meta, series)| {
        let series = series.into_iter().rev().map(|(label, (timestamps, groups))| {
            let groups =
                groups.into_iter().rev().map(|(key, values)| (key, values.into_iter().collect::<Values>()));
            GroupedSeries::new(label, timestamps, groups.collect()).unwrap()
        });
        TimeseriesGroups { meta, series: series.collect() }
    })
}

fn in_envelope(result: &str) -> Vec<u8> {
    format!(r#"{{"success":true,"errors":[],"result":{result}}}"#).into_bytes()
}

fn shape_error<T: std::fmt::Debug>(result: Result<T, DecodeError>) -> DecodeError {
    let error = result.expect_err("must not decode");
    assert_eq!(error.kind(), &DecodeErrorKind::Shape, "{error}");
    error
}

/// Asserts that no proper prefix of a body is an answer.
fn assert_prefixes_are_errors<T: std::fmt::Debug>(
    body: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
) {
    decode(body).unwrap();
    for end in 0..body.len() {
        let error = decode(&body[..end]).expect_err("a truncated body");
        assert!(error.byte().is_none_or(|byte| byte <= end), "{error} is beyond {end}");
        if end > 0 {
            assert_eq!(error.kind(), &DecodeErrorKind::CutOff, "cut to {end}: {error}");
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn summaries_survive_a_serde_round_trip(answer in any_summary(0)) {
        let text = serde_json::to_string(&answer).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Summary>(&text).unwrap(), &answer);
        prop_assert_eq!(&Summary::from_slice(&in_envelope(&text)).unwrap(), &answer);
        for series in &answer.series {
            let read = Summary::from_slice(&in_envelope(&text)).unwrap();
            let read = read.get(series.label()).unwrap();
            for (key, value) in series.groups() {
                prop_assert_eq!(read.get(key), value, "{:?}", key);
            }
            let groups = series.groups().count();
            prop_assert_eq!((read.len(), read.is_empty()), (groups, groups == 0));
        }
    }

    #[test]
    fn groups_survive_a_serde_round_trip(answer in any_groups(0)) {
        let text = serde_json::to_string(&answer).unwrap();
        prop_assert_eq!(&serde_json::from_str::<TimeseriesGroups>(&text).unwrap(), &answer);
        let read = TimeseriesGroups::from_slice(&in_envelope(&text)).unwrap();
        prop_assert_eq!(&read, &answer);
        let decoded = TimeseriesGroupsParams::by(Dimension::Ca).decode(&in_envelope(&text));
        prop_assert_eq!(decoded.ok(), Some(answer.clone()));
        for series in &answer.series {
            let read = read.get(series.label()).unwrap();
            prop_assert!(read.keys().eq(series.keys()));
            prop_assert!(series.groups().all(|(key, values)| read.get(key) == Some(values)));
            let points = series.timestamps().len();
            prop_assert_eq!((read.len(), read.is_empty()), (points, points == 0));
        }
    }

    #[test]
    fn requested_names_are_found_and_missing_ones_reported(answer in any_summary(1), missing in any::<Index>()) {
        // A name in a request is never empty.
        let labels: Vec<_> = answer.series.iter().map(|series| series.label().to_owned()).collect();
        prop_assume!(labels.iter().all(|label| !label.is_empty()));
        let named = |params: SummaryParams, label: &String| params.and(SeriesParams::new()).name(label);
        let first = SummaryParams::by(Dimension::Ca).name(&labels[0]);
        let params = labels[1..].iter().fold(first, named);
        let body = in_envelope(&serde_json::to_string(&answer).unwrap());
        let read = params.decode(&body).unwrap();
        prop_assert_eq!(params.labels(), &labels[..]);
        for label in &labels {
            prop_assert_eq!(read.get(label).unwrap().label(), label);
        }
        let mut less = answer.clone();
        let missing = less.series.remove(missing.index(less.series.len()));
        let body = in_envelope(&serde_json::to_string(&less).unwrap());
        if less.series.is_empty() {
            // Complete without any series, as the example of the documentation; who needs one is told.
            let read = params.decode(&body).unwrap();
            prop_assert_eq!(&read, &less);
            let error = read.require(missing.label()).unwrap_err().to_string();
            prop_assert!(error.contains("; it has none"), "{}", error);
            return Ok(());
        }
        let error = shape_error(params.decode(&body)).to_string();
        let is_named = error.contains(&format!("; `{}` is missing", missing.label().escape_debug()));
        prop_assert!(is_named, "{}", error);
    }

    #[test]
    fn duplicate_keys_are_an_error_with_the_series(
        summary in any_summary(1),
        groups in any_groups(1),
        which in any::<Index>(),
    ) {
        let twice = |label: &str, members: &str, key: &str, value: &str| {
            let (label, key) = (json!(label), json!(key));
            in_envelope(&format!("{{{label}:{{{key}:{value},{}}}", &members[1..]))
        };
        let one = &summary.series[which.index(summary.series.len())];
        let key = one.groups().last().unwrap().0;
        let body = twice(one.label(), &serde_json::to_string(one).unwrap(), key, "\"1\"");
        assert_eq!(shape_error(Summary::from_slice(&body)).series(), Some(one.label()));

        let one = &groups.series[which.index(groups.series.len())];
        let column = json!(one.groups().last().unwrap().1).to_string();
        for key in [one.keys().last().unwrap(), "timestamps"] {
            let column = if key == "timestamps" { json!(one)["timestamps"].to_string() } else { column.clone() };
            let body = twice(one.label(), &serde_json::to_string(one).unwrap(), key, &column);
            assert_eq!(shape_error(TimeseriesGroups::from_slice(&body)).series(), Some(one.label()));
        }
    }

    #[test]
    fn columns_of_different_length_are_an_error_with_the_series(
        groups in any_groups(1),
        (which, column) in any::<(Index, Index)>(),
        is_shorter in any::<bool>(),
    ) {
        let one = &groups.series[which.index(groups.series.len())];
        let keys: Vec<_> = one.keys().chain(["timestamps"]).collect();
        let mut result = serde_json::to_value(&groups).unwrap();
        let elements = result[one.label()][keys[column.index(keys.len())]].as_array_mut().unwrap();
        if is_shorter {
            elements.pop();
        } else {
            elements.push(elements[0].clone());
        }
        let error = shape_error(TimeseriesGroups::from_slice(&in_envelope(&result.to_string())));
        prop_assert_eq!(error.series(), Some(one.label()));

        let short: Values = one.timestamps()[1..].iter().map(|_| Some(1.0)).collect();
        prop_assert!(GroupedSeries::new("a", one.timestamps().to_vec(), vec![("k".to_owned(), short)]).is_err());
    }

    #[test]
    fn invalid_values_are_an_error_with_the_series(
        (summary, groups) in (any_summary(1), any_groups(1)),
        which in any::<Index>(),
        junk in select(vec![
            json!("x"), json!("1,5"), json!("inf"), json!("1e999"), json!(" 1"), json!(true), json!([]), json!({}),
        ]),
    ) {
        let one = &summary.series[which.index(summary.series.len())];
        let mut result = serde_json::to_value(&summary).unwrap();
        result[one.label()][one.groups().next().unwrap().0] = junk.clone();
        let error = shape_error(Summary::from_slice(&in_envelope(&result.to_string())));
        prop_assert_eq!(error.series(), Some(one.label()));

        let one = &groups.series[which.index(groups.series.len())];
        let at = which.index(one.len());
        let mut result = serde_json::to_value(&groups).unwrap();
        result[one.label()][one.keys().next().unwrap()][at] = junk;
        let error = shape_error(TimeseriesGroups::from_slice(&in_envelope(&result.to_string())));
        prop_assert_eq!((error.series(), error.index()), (Some(one.label()), Some(at)));
    }
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn truncated_bodies_are_errors(
        summary in any_summary(1),
        groups in any_groups(1),
        authority in any_authority(),
        log in any_log(),
    ) {
        let body = |result: Value| in_envelope(&result.to_string());
        assert_prefixes_are_errors(&body(json!(summary)), Summary::from_slice);
        assert_prefixes_are_errors(&body(json!(groups)), TimeseriesGroups::from_slice);
        let list = body(json!(Authorities::from_records(vec![authority.clone()])));
        assert_prefixes_are_errors(&list, |body| AuthoritiesParams::new().decode(body));
        let list = body(json!(Logs::from_records(vec![log.clone()])));
        assert_prefixes_are_errors(&list, |body| LogsParams::new().decode(body));
        assert_prefixes_are_errors(&authority_body(&json!(authority)), |body| authority_params().decode(body));
        assert_prefixes_are_errors(&log_body(&json!(log)), |body| log_params().decode(body));
    }
}

// Authorities and logs.

fn authority_params() -> AuthorityParams {
    AuthorityParams::new("ab".repeat(32).parse().unwrap())
}

fn log_params() -> LogParams {
    LogParams::new("argon2026h1".parse().unwrap())
}

fn authority_body(authority: &Value) -> Vec<u8> {
    in_envelope(&json!({"certificateAuthority": authority}).to_string())
}

fn log_body(log: &Value) -> Vec<u8> {
    in_envelope(&json!({"certificateLog": log}).to_string())
}

fn any_timestamp() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::of(any_instant().prop_map(Timestamp::from))
}

fn any_status() -> impl Strategy<Value = Option<RootStatus>> {
    prop::option::of(enum_value(RootStatus::VALUES).prop_map(RootStatus::from))
}

fn any_authority() -> impl Strategy<Value = Authority> {
    let kind =
        || prop::option::of(enum_value(CertificateRecordType::VALUES).prop_map(CertificateRecordType::from));
    let revoked = || prop::option::of(enum_value(RevocationStatus::VALUES).prop_map(RevocationStatus::from));
    let related = (kind(), any::<String>(), revoked()).prop_map(|(kind, name, revoked)| {
        let mut related = RelatedAuthority::default();
        related.certificate_record_type = kind;
        related.sha256_fingerprint = name.chars().rev().collect();
        related.name = name;
        related.revocation_status = revoked;
        related
    });
    (
        kind(),
        revoked(),
        prop::collection::vec(any::<String>(), 7),
        prop::collection::vec(any_status(), 4),
        prop::collection::vec(prop::option::of(any::<String>()), 2),
        prop::collection::vec(related, 0..3),
        (any_timestamp(), any_timestamp()),
    )
        .prop_map(|(kind, revoked, mut texts, mut statuses, mut keys, related, (from, to))| {
            let mut text = || texts.pop().unwrap();
            let mut status = || statuses.pop().unwrap();
            let mut authority = Authority::default();
            authority.certificate_record_type = kind;
            authority.revocation_status = revoked;
            (authority.country, authority.country_name, authority.name) = (text(), text(), text());
            (authority.owner, authority.parent_name) = (text(), text());
            (authority.parent_sha256_fingerprint, authority.sha256_fingerprint) = (text(), text());
            (authority.apple_status, authority.chrome_status) = (status(), status());
            (authority.microsoft_status, authority.mozilla_status) = (status(), status());
            authority.authority_key_identifier = keys.pop().unwrap();
            authority.subject_key_identifier = keys.pop().unwrap();
            authority.related = related;
            (authority.valid_from, authority.valid_to) = (from, to);
            authority
        })
}

fn any_count() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![any::<u64>().prop_map(Some), select(vec![None, Some(0), Some(u64::MAX), Some((1 << 53) + 1)])]
}

fn any_log() -> impl Strategy<Value = Log> {
    let number = || prop::option::of(prop_oneof![0.0..1e6_f64, Just(0.0), Just(0.1 + 0.2)]);
    let state = || prop::option::of(enum_value(LogState::VALUES).prop_map(LogState::from));
    let endpoint = (any::<String>(), number(), number()).prop_map(|(name, response_time, uptime)| {
        let mut endpoint = EndpointPerformance::default();
        (endpoint.endpoint, endpoint.response_time, endpoint.uptime) = (name, response_time, uptime);
        endpoint
    });
    let performance = (prop::collection::vec(endpoint, 0..3), number(), number()).prop_map(
        |(endpoints, response_time, uptime)| {
            let mut performance = LogPerformance::default();
            performance.endpoints = endpoints;
            (performance.response_time, performance.uptime) = (response_time, uptime);
            performance
        },
    );
    let related =
        (any::<String>(), any_timestamp(), any_timestamp(), state()).prop_map(|(text, start, end, state)| {
            let mut related = RelatedLog::default();
            related.slug = text.chars().rev().collect();
            related.description = text;
            (related.start_inclusive, related.end_exclusive, related.state) = (start, end, state);
            related
        });
    (
        (prop::option::of(enum_value(LogApi::VALUES).prop_map(LogApi::from)), state()),
        prop::collection::vec(any::<String>(), 4),
        prop::collection::vec(any_timestamp(), 4),
        (number(), prop::option::of(performance)),
        prop::collection::vec(related, 0..3),
        (any_count(), any_count()),
    )
        .prop_map(|((api, state), mut texts, mut times, (throughput, performance), related, counts)| {
            let mut text = || texts.pop().unwrap();
            let mut time = || times.pop().unwrap();
            let mut log = Log::default();
            (log.api, log.state) = (api, state);
            (log.description, log.operator, log.slug, log.url) = (text(), text(), text(), text());
            (log.start_inclusive, log.end_exclusive) = (time(), time());
            (log.state_timestamp, log.last_update) = (time(), time());
            (log.avg_throughput, log.performance, log.related) = (throughput, performance, related);
            (log.submittable_cert_count, log.submitted_cert_count) = counts;
            log
        })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn authorities_survive_a_serde_round_trip(
        all in prop::collection::vec(any_authority(), 0..4),
    ) {
        for one in &all {
            prop_assert_eq!(&authority_params().decode(&authority_body(&json!(one))).unwrap(), one);
        }
        let list = Authorities::from_records(all);
        let text = serde_json::to_string(&list).unwrap();
        prop_assert_eq!(AuthoritiesParams::new().decode(&in_envelope(&text)).unwrap(), list);
    }

    #[test]
    fn logs_survive_a_serde_round_trip(all in prop::collection::vec(any_log(), 0..4)) {
        for one in &all {
            let written = json!(one);
            prop_assert_eq!(&log_params().decode(&log_body(&written)).unwrap(), one);
            // Counts are text, since JavaScript would round large numbers.
            let count = one.submitted_cert_count.map(|count| json!(count.to_string()));
            prop_assert_eq!(written.get("submittedCertCount"), count.as_ref());
        }
        let list = Logs::from_records(all);
        let text = serde_json::to_string(&list).unwrap();
        prop_assert_eq!(LogsParams::new().decode(&in_envelope(&text)).unwrap(), list);
    }
}

/// An authority with every member.
fn full_authority() -> Value {
    json!({
        "certificateRecordType": "ROOT_CERTIFICATE", "country": "US", "countryName": "United States", "name": "Root X9",
        "owner": "Example", "parentName": "Above", "parentSha256Fingerprint": "AB", "revocationStatus": "NOT_REVOKED",
        "sha256Fingerprint": "CD", "appleStatus": "INCLUDED", "chromeStatus": "NOT_BEFORE",
        "microsoftStatus": "DISABLED", "mozillaStatus": "NOT_YET_INCLUDED", "authorityKeyIdentifier": "aki",
        "subjectKeyIdentifier": "ski", "validFrom": "2015-06-04", "validTo": "2035-06-04T11:04:38Z",
        "related": [{"certificateRecordType": "INTERMEDIATE_CERTIFICATE", "name": "R", "revocationStatus": "REVOKED",
            "sha256Fingerprint": "EF"}],
    })
}

/// A log with every member.
fn full_log() -> Value {
    json!({
        "api": "RFC6962", "description": "Example 'X9' log", "endExclusive": "2026-07-01T00:00:00Z",
        "operator": "Example", "slug": "x9", "startInclusive": "2026-01-01T00:00:00Z", "state": "USABLE",
        "stateTimestamp": "2024-11-30T22:19:27Z", "url": "https://ct.example/x9/", "avgThroughput": 12.5,
        "lastUpdate": "2026-03-04T05:06:07Z", "submittableCertCount": "9007199254740993",
        "submittedCertCount": "12", "performance": {"responseTime": 1.5, "uptime": 99.5, "endpoints": [
            {"endpoint": "get-sth", "responseTime": 2.5, "uptime": 98.5}]},
        "related": [{"description": "X8", "endExclusive": "2026-01-01T00:00:00Z", "slug": "x8",
            "startInclusive": "2025-07-01T00:00:00Z", "state": "RETIRED"}],
    })
}

/// Collects the JSON pointers to every member at every depth.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    if let Value::Object(members) = value {
        for (name, member) in members {
            found.push(format!("{here}/{name}"));
            pointers(member, &format!("{here}/{name}"), found);
        }
    }
    for (at, element) in value.as_array().into_iter().flatten().enumerate() {
        pointers(element, &format!("{here}/{at}"), found);
    }
}

/// Decodes a record with every member in turn null, missing, next to unknown ones, and duplicated.
fn check_members<T: PartialEq + std::fmt::Debug>(
    full: &Value,
    count: usize,
    written: impl Fn(&T) -> Value,
    decode: impl Fn(&str) -> Result<T, DecodeError>,
) {
    let whole = decode(&full.to_string()).unwrap();
    assert_eq!(written(&whole), *full, "written differently");
    let mut all = Vec::new();
    pointers(full, "", &mut all);
    assert_eq!(all.len(), count, "{all:?}");
    for pointer in all {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut changed = full.clone();
            change(changed.pointer_mut(parent).unwrap());
            changed.to_string()
        };
        let null = decode(&changed(&|object| object[name] = Value::Null)).expect(&pointer);
        let missing =
            decode(&changed(&|object| drop(object.as_object_mut().unwrap().remove(name)))).expect(&pointer);
        assert_eq!(null, missing, "{pointer}");
        assert_ne!(null, whole, "{pointer} is ignored");
        // Only that member is gone: with it put back, the record is the same.
        let mut written = written(&null);
        written.pointer_mut(parent).unwrap()[name] = full.pointer(&pointer).unwrap().clone();
        assert_eq!(written, *full, "{pointer}");

        for addition in [json!(null), json!(1), json!({"name": [1]}), json!(["x", null]), json!("x")] {
            let added = decode(&changed(&|object| object["newMember"] = addition.clone())).unwrap();
            assert_eq!(added, whole, "{pointer}");
        }
        let member = format!("{}:{}", json!(name), full.pointer(&pointer).unwrap());
        let object = full.pointer(parent).unwrap().to_string();
        let twice = format!("{{{member},{}", &object[1..]);
        let error = decode(&full.to_string().replace(&object, &twice)).expect_err(&pointer);
        assert!(error.to_string().contains("duplicate"), "{pointer}: {error}");
    }
}

#[test]
fn members_of_an_authority_may_be_null_missing_or_unknown_but_not_duplicated() {
    check_members(
        &full_authority(),
        18 + 4,
        |one: &Authority| json!(one),
        |text| authority_params().decode(&authority_text_body(text)),
    );
    check_members(
        &full_authority(),
        18 + 4,
        |one: &Authority| json!(one),
        |text| {
            let body = in_envelope(&format!(r#"{{"certificateAuthorities":[{text}],"meta":{{}}}}"#));
            AuthoritiesParams::new().decode(&body).map(|mut list| list.certificate_authorities.remove(0))
        },
    );
}

#[test]
fn members_of_a_log_may_be_null_missing_or_unknown_but_not_duplicated() {
    let count = 15 + 3 + 3 + 5;
    check_members(
        &full_log(),
        count,
        |one: &Log| json!(one),
        |text| log_params().decode(&in_envelope(&format!(r#"{{"certificateLog":{text}}}"#))),
    );
    check_members(
        &full_log(),
        count,
        |one: &Log| json!(one),
        |text| {
            let body = in_envelope(&format!(r#"{{"certificateLogs":[{text}],"result_info":null}}"#));
            LogsParams::new().decode(&body).map(|mut list| list.certificate_logs.remove(0))
        },
    );
}

fn authority_text_body(text: &str) -> Vec<u8> {
    in_envelope(&format!(r#"{{"certificateAuthority":{text}}}"#))
}

/// Members may be missing. The member that holds the data may not, so that an empty result does not pass as
/// an empty list.
#[test]
fn answers_without_their_data_are_errors() {
    for result in [
        "{}",
        "[]",
        r#"{"certificateAuthorities":null,"certificateLogs":null,"certificateAuthority":null,"certificateLog":null}"#,
        r#"{"certificateAuthorities":{},"certificateLogs":{},"certificateAuthority":[{"name":"x"}],"certificateLog":"x"}"#,
        r#"{"certificateAuthorities":[null],"certificateLogs":[null],"certificateAuthority":1,"certificateLog":1}"#,
    ] {
        let body = in_envelope(result);
        shape_error(AuthoritiesParams::new().decode(&body));
        shape_error(LogsParams::new().decode(&body));
        shape_error(authority_params().decode(&body));
        shape_error(log_params().decode(&body));
    }
    for empty in ["{}", r#"{"x":null}"#, "[]", "1"] {
        shape_error(Summary::from_slice(&in_envelope(empty)));
        shape_error(TimeseriesGroups::from_slice(&in_envelope(empty)));
    }
    let empty = in_envelope(r#"{"certificateAuthorities":[],"certificateLogs":[]}"#);
    assert!(AuthoritiesParams::new().decode(&empty).unwrap().certificate_authorities.is_empty());
    assert!(LogsParams::new().decode(&empty).unwrap().certificate_logs.is_empty());
}

#[test]
fn counts_are_text_numbers_or_missing() {
    let table = [
        (json!("0"), Some(0)),
        (json!("12"), Some(12)),
        (json!("18446744073709551615"), Some(u64::MAX)),
        (json!("9007199254740993"), Some(9_007_199_254_740_993)),
        (json!(9_007_199_254_740_993_u64), Some(9_007_199_254_740_993)),
        (json!(u64::MAX), Some(u64::MAX)),
        (json!(0), Some(0)),
        (json!(""), None),
        (Value::Null, None),
    ];
    for (written, expected) in table {
        let log = log_params().decode(&log_body(&json!({"submittedCertCount": written}))).unwrap();
        assert_eq!((log.submitted_cert_count, log.submittable_cert_count), (expected, None), "{written}");
    }
    for wrong in [
        json!("x"),
        json!("-1"),
        json!(-1),
        json!(1.5),
        json!("1.5"),
        json!("1e3"),
        json!("18446744073709551616"),
        json!(" 1"),
        json!("+1"),
        json!(true),
        json!([]),
        json!({}),
    ] {
        shape_error(log_params().decode(&log_body(&json!({"submittableCertCount": wrong}))));
    }
}

/// Unknown members next to the series of a summary or of groups.
#[test]
fn members_that_are_not_series_are_ignored() {
    let groups = r#""a":{"timestamps":["2026-10-01T00:00:00Z"],"meta":["1"],"other":[null]}"#;
    for unknown in ["null", "1", "\"x\"", "[1,{}]", "true", "1.5", "-1"] {
        let read =
            Summary::from_slice(&in_envelope(&format!(r#"{{"new":{unknown},"a":{{"meta":"1"}}}}"#))).unwrap();
        assert_eq!(
            (read.series.len(), read.series[0].get("meta"), read.meta),
            (1, Some(1.0), Meta::default())
        );
        let read =
            TimeseriesGroups::from_slice(&in_envelope(&format!(r#"{{"new":{unknown},{groups}}}"#))).unwrap();
        assert_eq!(read.series.len(), 1);
        assert!(read.series[0].keys().eq(["meta", "other"]));
        assert_eq!(read.series[0].get("other").unwrap().get(0), None);
    }
    for (twice, series) in
        [(r#""a":{"k":"1"},"a":{"k":"2"}"#, Some("a")), (r#""meta":{},"a":{},"meta":{}"#, None)]
    {
        let error = shape_error(Summary::from_slice(&in_envelope(&format!("{{{twice}}}"))));
        assert_eq!(error.series(), series, "{error}");
    }
    let error = shape_error(TimeseriesGroups::from_slice(&in_envelope(&format!("{{{groups},{groups}}}"))));
    assert_eq!(error.series(), Some("a"));
    let error = shape_error(TimeseriesGroups::from_slice(&in_envelope(r#"{"a":{"RSA":["1"]}}"#)));
    assert_eq!(error.series(), Some("a"));
    // Answers of other endpoints.
    shape_error(Summary::from_slice(&in_envelope(&format!("{{{groups}}}"))));
    shape_error(TimeseriesGroups::from_slice(&in_envelope(r#"{"a":{"RSA":"1"}}"#)));
    shape_error(Timeseries::from_slice(&in_envelope(r#"{"a":{"RSA":"1"}}"#)));
}

#[test]
fn invalid_series_cannot_be_built() {
    let at: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
    let one = |key: &str| (key.to_owned(), Values::from_iter([Some(1.0)]));
    assert!(GroupedSeries::new("a", vec![at], vec![one("k"), one("l")]).is_ok());
    assert!(GroupedSeries::new("a", vec![at], vec![one("k"), one("k")]).is_err());
    assert!(GroupedSeries::new("a", vec![at], vec![one("timestamps")]).is_err());
    assert!(GroupedSeries::new("a", vec![], vec![one("k")]).is_err());
    assert!(Distribution::new("a", [("k".to_owned(), None), ("k".to_owned(), None)]).is_err());
    // Infinity is not a JSON number, so it becomes a missing value.
    let odd = Distribution::new("a", [("k".to_owned(), Some(f64::INFINITY)), (String::new(), None)]).unwrap();
    assert!(odd.groups().eq([("k", None), ("", None)]));
}
