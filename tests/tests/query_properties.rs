//! Properties of queries: a query has the parameters of its request, for every parameter and any text.
//!
//! Two parsers check this. The model's own parses a query back into the same request. The one of these tests
//! shares no code with the model, so that a mistake in writing is not hidden by the same mistake in parsing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod cases;
mod strategies;

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use radar_ct_model::{
    AggInterval, CertificateDuration, DateRange, Endpoint, EntryType, ExpirationStatus, Format, LogApi,
    Problem, PublicKeyAlgorithm, Query, SeriesParams, SignatureAlgorithm, TimeseriesParams, ValidationLevel,
};
use radar_ct_tests::build::{request, set};
use radar_ct_tests::wire::{
    REQUEST_PARAMETERS, SERIES_PARAMETERS, SeriesOnTheWire, by_name, read_strictly, series_by_position,
    write_escaped,
};

use crate::cases::cases;
use crate::strategies::{
    any_instant, enum_value, parameter_value, parameters_without_dates, series, text, wire_values,
};

fn is_known(name: &str) -> bool {
    SERIES_PARAMETERS.contains(&name) || REQUEST_PARAMETERS.contains(&name)
}

fn params() -> impl Strategy<Value = TimeseriesParams> {
    let extra_name = prop_oneof![3 => text(), 1 => Just(String::new()), 1 => Just("CAOWNER".to_owned())]
        .prop_filter("not a parameter of the API", |name| !is_known(name));
    let extra_value = prop_oneof![3 => text(), 1 => Just(String::new())];
    (
        prop::collection::vec(series(), 1..=6),
        prop::option::of(enum_value(AggInterval::VALUES)),
        prop::option::of(enum_value(Format::VALUES)),
        prop::collection::vec((extra_name, extra_value), 0..4),
    )
        .prop_map(|(series, interval, format, extra)| {
            let params =
                request(series).agg_interval(interval.unwrap_or_default()).format(format.unwrap_or_default());
            extra.into_iter().fold(params, |params, (name, value)| params.extra(name, value))
        })
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn queries_are_parsed_back_into_the_same_request(params in params()) {
        let text = params.to_query().to_string();
        let read = TimeseriesParams::parse_query(&text).unwrap();
        prop_assert_eq!(&read, &params, "{}", text);
        prop_assert_eq!(params.to_query().is_empty(), text.is_empty());
        prop_assert_eq!(read.to_query().to_string(), text);
    }

    #[test]
    fn an_independent_parser_finds_the_same_series(params in params()) {
        let pairs = read_strictly(&params.to_query().to_string()).unwrap();
        // A single series without a filter writes no array, which means one series to a server.
        let found = series_by_position(&pairs);
        let expected: Vec<_> = params.series().map(wire_values).collect();
        prop_assert_eq!(found, expected);

        let columns = by_name(&pairs);
        let one = |value: Option<&str>| value.map(|value| vec![value.to_owned()]);
        prop_assert_eq!(columns.get("aggInterval").cloned(), one(params.options().agg_interval.as_ref().map(AggInterval::as_str)));
        prop_assert_eq!(columns.get("format").cloned(), one(params.get("format").as_deref()));
    }

    #[test]
    fn getters_return_the_values_that_were_set(values in parameters_without_dates().map(parameter_value).collect::<Vec<_>>()) {
        let given: Vec<_> = parameters_without_dates().zip(values).collect();
        let series = given.iter().fold(SeriesParams::new(), |series, (name, value)| set(series, name, value));
        for (name, value) in given {
            prop_assert_eq!(series.get(name).map(String::from), Some(value), "{}", name);
        }
    }

    #[test]
    fn instants_keep_their_nanoseconds_and_offset(start in any_instant(), end in any_instant()) {
        let text = TimeseriesParams::new().window(start, end).to_query().to_string();
        let columns = by_name(&read_strictly(&text).unwrap());
        for (name, expected) in [("dateStart", start), ("dateEnd", end)] {
            let written = DateTime::parse_from_rfc3339(&columns[name][0]).unwrap();
            prop_assert_eq!(written, expected);
            prop_assert_eq!(written.offset(), expected.offset());
        }
    }
}

// Spellings of a query.

/// Random decisions for respelling a query, each from one byte.
struct Decisions(std::vec::IntoIter<u8>);

impl Decisions {
    /// Returns true with a probability of one in `of`, and false after the last byte.
    fn one_in(&mut self, of: u8) -> bool {
        self.0.next().is_some_and(|byte| byte % of == 0)
    }
}

/// Returns another spelling of a text that decodes to the same text.
fn respelled(text: &str, decisions: &mut Decisions) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        let escaped = if decisions.one_in(2) { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~!'()*,:;@/?$".contains(&byte);
        if byte == b' ' && decisions.one_in(2) {
            written.push('+');
        } else if is_plain && !decisions.one_in(3) {
            written.push(char::from(byte));
        } else {
            written.push_str(&escaped);
        }
    }
    written
}

/// Returns the pairs in another order. Pairs of one name keep their order, since the position selects the
/// series; extra parameters keep theirs, since they are sent in the given order.
fn reordered(pairs: &[(String, String)], order: &[Index]) -> Vec<(String, String)> {
    let group = |name: &str| if is_known(name) { name.to_owned() } else { String::new() };
    let mut waiting: BTreeMap<String, std::collections::VecDeque<_>> = BTreeMap::new();
    for pair in pairs {
        waiting.entry(group(&pair.0)).or_default().push_back(pair.clone());
    }
    let mut shuffled = Vec::new();
    let mut order = order.iter().cycle();
    while !waiting.is_empty() {
        let names: Vec<_> = waiting.keys().cloned().collect();
        let name = order.next().map_or(&names[0], |index| &names[index.index(names.len())]);
        let queue = waiting.get_mut(name).unwrap();
        shuffled.extend(queue.pop_front());
        if queue.is_empty() {
            waiting.remove(name);
        }
    }
    shuffled
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn all_spellings_of_a_query_have_one_canonical_form(
        params in params(),
        order in prop::collection::vec(any::<Index>(), 1..40),
        decisions in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let canonical = params.to_query().to_string();
        let mut decisions = Decisions(decisions.into_iter());
        let mut spelled = String::new();
        for (name, value) in reordered(&read_strictly(&canonical).unwrap(), &order) {
            let mut value = value;
            if name == "dateRange" && decisions.one_in(2) {
                value = value.to_ascii_uppercase();
            }
            let (name, value) = (respelled(&name, &mut decisions), respelled(&value, &mut decisions));
            spelled.push_str(&name);
            // A name without `=` has an empty value. An empty name needs its `=` to be a pair.
            if !value.is_empty() || name.is_empty() || !decisions.one_in(3) {
                spelled.push('=');
                spelled.push_str(&value);
            }
            spelled.push_str(if decisions.one_in(4) { "&&&" } else { "&" });
        }
        let read = TimeseriesParams::parse_query(&spelled).unwrap();
        prop_assert_eq!(read.to_query().to_string(), canonical, "{}", spelled);
    }
}

// Arbitrary text.

/// Text that resembles a query enough to get far into the parser.
fn query_like_text() -> impl Strategy<Value = String> {
    let known: Vec<_> = SERIES_PARAMETERS.into_iter().chain(REQUEST_PARAMETERS).map(str::to_owned).collect();
    let name = prop_oneof![6 => select(known), 1 => text(), 1 => Just(String::new())];
    let value = prop_oneof![
        3 => select(vec![
            "", "7d", "7dControl", "52w", "0d", "true", "false", "1d", "JSON", "csv", "EXPIRED", "com", "meta",
            "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00+05:30", "2026-01-01T00:00:60Z",
            "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+23:59", "%ff", "%C3", "%", "%F0%9F",
        ]).prop_map(str::to_owned),
        1 => text(),
        1 => any_instant().prop_map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
    ];
    prop::collection::vec((name, select(vec!["=", "", "=="]), value, any::<bool>()), 0..12).prop_map(
        |pairs| {
            let written = pairs.into_iter().map(|(name, equals, value, escaped)| {
                if escaped { write_escaped([(&*name, &*value)]) } else { format!("{name}{equals}{value}") }
            });
            written.collect::<Vec<_>>().join("&")
        },
    )
}

/// Asserts that a text is refused, or is a request that can be parsed back from its canonical query.
fn assert_refused_or_stable(text: &str) {
    let Ok(params) = TimeseriesParams::parse_query(text) else { return };
    let _ = params.validate();
    let _ = (params.prepare(), params.prepare_csv());
    let canonical = params.to_query().to_string();
    let pairs = read_strictly(&canonical).unwrap();
    let again = TimeseriesParams::parse_query(&canonical).unwrap();
    assert_eq!(again, params, "{text:?}");
    assert_eq!(again.to_query().to_string(), canonical, "{text:?}");
    assert_eq!(series_by_position(&pairs).len(), params.series().len(), "{text:?}");
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn arbitrary_text_is_refused_or_stable(text in any::<String>()) {
        assert_refused_or_stable(&text);
    }

    #[test]
    fn query_like_text_is_refused_or_stable(text in query_like_text()) {
        assert_refused_or_stable(&text);
    }

    #[test]
    fn escaped_bytes_are_refused_unless_they_are_utf_8(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
        let escaped = bytes.iter().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
        match (Query::parse(&format!("ca={escaped}")), String::from_utf8(bytes)) {
            (Ok(query), Ok(text)) => prop_assert_eq!(query.pairs().next(), Some(("ca", text.as_str()))),
            (Err(error), Err(_)) => prop_assert_eq!(error.parameter(), "ca"),
            (read, text) => prop_assert!(false, "{:?} from {:?}", read, text),
        }
    }
}

// Every parameter at every position, exhaustively.

/// Returns the value of a parameter at a position; neighbouring positions have different ones.
fn example(name: &str, position: usize) -> String {
    let pick = |values: &[&str]| values[position % values.len()].to_owned();
    match name {
        "dateRange" => pick(&["7d", "7dcontrol", "1w", "1wcontrol"]),
        "dateStart" => pick(&["2026-01-01T00:00:00Z", "2025-12-25T05:30:00+05:30"]),
        "dateEnd" => pick(&["2026-01-02T00:00:00Z", "2025-12-26T05:30:00+05:30"]),
        "duration" => pick(CertificateDuration::VALUES),
        "entryType" => pick(EntryType::VALUES),
        "expirationStatus" => pick(ExpirationStatus::VALUES),
        "hasIps" | "hasWildcards" | "uniqueEntries" => pick(&["true", "false"]),
        "logApi" => pick(LogApi::VALUES),
        "publicKeyAlgorithm" => pick(PublicKeyAlgorithm::VALUES),
        "signatureAlgorithm" => pick(SignatureAlgorithm::VALUES),
        "validationLevel" => pick(ValidationLevel::VALUES),
        _ => format!("{name} & {position}"),
    }
}

/// Returns every subset of `count` series, as flags.
fn subsets(count: u32) -> impl Iterator<Item = Vec<bool>> {
    (0..1_u32 << count).map(move |bits| (0..count).map(|position| bits >> position & 1 == 1).collect())
}

fn series_with(names: &[&str], position: usize) -> SeriesParams {
    names.iter().fold(SeriesParams::new(), |series, name| match *name {
        "dateStart" => radar_ct_tests::build::window(
            series,
            &example("dateStart", position),
            &example("dateEnd", position),
        ),
        // Set together with its start.
        "dateEnd" => series,
        name => set(series, name, &example(name, position)),
    })
}

#[test]
fn each_parameter_keeps_its_positions_around_gaps() {
    let mut tried = 0;
    // A window consists of two parameters.
    let alone = SERIES_PARAMETERS.into_iter().filter(|name| !name.starts_with("date")).map(|name| vec![name]);
    for names in alone.chain([vec!["dateRange"], vec!["dateStart", "dateEnd"]]) {
        for count in 1..=4 {
            for present in subsets(count) {
                let given = |position: usize| if present[position] { names.as_slice() } else { &[] };
                let params =
                    request((0..present.len()).map(|position| series_with(given(position), position)));
                let text = params.to_query().to_string();
                let found = series_by_position(&read_strictly(&text).unwrap());
                let expected: Vec<SeriesOnTheWire> = (0..present.len())
                    .map(|at| given(at).iter().map(|name| ((*name).to_owned(), example(name, at))).collect())
                    .collect();
                assert_eq!(found, expected, "{names:?} {present:?}: {text}");
                assert_eq!(TimeseriesParams::parse_query(&text).unwrap(), params, "{text}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 18 * (2 + 4 + 8 + 16));
}

/// Two parameters with different gaps: one must not fill the gaps of the other.
#[test]
fn two_parameters_with_different_gaps_keep_their_positions() {
    let names: Vec<_> = SERIES_PARAMETERS.into_iter().filter(|name| !name.starts_with("date")).collect();
    for (index, one) in names.iter().enumerate() {
        for other in &names[index + 1..] {
            for (first, second) in
                subsets(3).flat_map(|first| subsets(3).map(move |second| (first.clone(), second)))
            {
                let given = |at: usize| -> Vec<&str> {
                    [(first[at], *one), (second[at], *other)]
                        .into_iter()
                        .filter_map(|(is_present, name)| is_present.then_some(name))
                        .collect()
                };
                let params = request((0..3).map(|at| series_with(&given(at), at)));
                let text = params.to_query().to_string();
                let found = series_by_position(&read_strictly(&text).unwrap());
                let expected: Vec<SeriesOnTheWire> = (0..3)
                    .map(|at| given(at).iter().map(|name| ((*name).to_owned(), example(name, at))).collect())
                    .collect();
                assert_eq!(found, expected, "{text}");
            }
        }
    }
}

#[test]
fn parameters_of_the_whole_request_are_written_once() {
    for count in 1..=4 {
        let series = (0..count).map(|at| series_with(&["name", "ca"], at));
        let params = request(series).agg_interval(AggInterval::OneWeek).format("json");
        let columns = by_name(&read_strictly(&params.to_query().to_string()).unwrap());
        assert_eq!(columns["aggInterval"], ["1w"]);
        assert_eq!(columns["format"], ["json"]);
        assert_eq!(columns["name"].len(), count);
    }
}

#[test]
fn parameter_tables_match_the_documentation() {
    let series: Vec<_> = SeriesParams::parameters().map(|parameter| parameter.name).collect();
    assert_eq!(series, SERIES_PARAMETERS);
    let whole_request: Vec<_> =
        TimeseriesParams::request_parameters().iter().map(|parameter| parameter.name).collect();
    assert_eq!(whole_request, REQUEST_PARAMETERS);
}

#[test]
fn every_date_range_survives_a_round_trip() {
    let days = (1..=364).map(|count| DateRange::days(count).unwrap());
    let weeks = (1..=52).map(|count| DateRange::weeks(count).unwrap());
    let plain: Vec<_> = days.chain(weeks).collect();
    for range in plain.iter().copied().chain(plain.iter().map(|range| range.control())) {
        let params = TimeseriesParams::new().date_range(range);
        let text = params.prepare().unwrap().to_string();
        assert_eq!(text, format!("dateRange={range}"));
        assert_eq!(TimeseriesParams::parse_query(&text).unwrap(), params);
    }
}

#[test]
fn setting_a_value_again_replaces_it_and_empty_text_clears_it() {
    for name in SERIES_PARAMETERS.into_iter().filter(|name| !name.starts_with("date")) {
        let twice = set(set(SeriesParams::new(), name, &example(name, 0)), name, &example(name, 1));
        assert_eq!(twice, set(SeriesParams::new(), name, &example(name, 1)), "{name}");
        if !name.starts_with("has") {
            assert_eq!(set(twice, name, ""), SeriesParams::new(), "{name}");
        }
    }
    let range = DateRange::LAST_7_DAYS;
    let [start, end] =
        ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"].map(|text| text.parse::<DateTime<Utc>>().unwrap());
    let window = TimeseriesParams::new().window(start, end);
    assert_eq!(window.clone().date_range(range), TimeseriesParams::new().date_range(range));
    assert_eq!(TimeseriesParams::new().date_range(range).window(start, end), window);
}

/// RFC 3339 has four digits for the year and whole minutes for the offset; chrono represents more.
#[test]
fn instants_beyond_rfc_3339_are_refused_or_sent_exactly() {
    let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let odd_offset = FixedOffset::east_opt(5 * 3600 + 30 * 60 + 29).unwrap();
    let table = [
        DateTime::<Utc>::MIN_UTC.fixed_offset(),
        DateTime::<Utc>::MAX_UTC.fixed_offset(),
        utc("9999-12-31T23:59:59Z").with_timezone(&FixedOffset::east_opt(3600).unwrap()),
        utc("0000-01-01T00:00:00Z").with_timezone(&FixedOffset::west_opt(3600).unwrap()),
        utc("2026-01-01T00:00:00Z").with_timezone(&odd_offset),
    ];
    for at in table {
        // Both as start and as end, it is either refused or sent exactly.
        let params = [
            TimeseriesParams::new().window(at, utc("2026-06-01T00:00:00Z")),
            TimeseriesParams::new().window(utc("2025-06-01T00:00:00Z"), at),
        ];
        for params in params {
            let Ok(query) = params.prepare() else { continue };
            let columns = by_name(&read_strictly(&query.to_string()).unwrap());
            let written = [&columns["dateStart"][0], &columns["dateEnd"][0]].map(|text| {
                DateTime::parse_from_rfc3339(text).unwrap_or_else(|_| panic!("{text:?} is not RFC 3339"))
            });
            assert!(written.contains(&at), "{at:?} is sent as {written:?}");
        }
    }
}

/// `Unknown` can be built with a known value, and must then equal the known variant.
#[test]
fn unknown_variants_with_a_known_value_are_valid() {
    let by_hand = TimeseriesParams::new().expiration_status(ExpirationStatus::Unknown("EXPIRED".into()));
    assert!(by_hand.validate().is_ok());
    assert_eq!(TimeseriesParams::parse_query(&by_hand.to_query().to_string()).unwrap(), by_hand);
}

#[test]
fn trailing_gaps_are_written_only_to_keep_the_number_of_series() {
    let series = SeriesParams::new;
    let named = |series, name| set(series, "name", name);
    let (one, other) = (set(set(series(), "caOwner", "A"), "tld", "com"), set(series(), "caOwner", "B"));
    for (series, text) in [
        (vec![one.clone(), other], "caOwner=A&caOwner=B&tld=com"),
        (vec![series(), one.clone()], "caOwner=&caOwner=A&tld=&tld=com"),
        (vec![one.clone(), series()], "caOwner=A&caOwner=&tld=com"),
        (vec![named(one.clone(), "a"), series()], "name=a&caOwner=A&caOwner=&tld=com"),
        (vec![one, named(series(), "b")], "name=&name=b&caOwner=A&tld=com"),
        (vec![named(series(), "a"), series()], "name=a&name="),
        (vec![series(), series(), series()], "name=&name=&name="),
        (vec![series()], ""),
    ] {
        assert_eq!(request(series).to_query().to_string(), text);
    }
}

#[test]
fn errors_of_series_rules_name_the_parameter_and_the_series() {
    let refused = |query: &str| TimeseriesParams::parse_query(query).unwrap().validate();
    let tld_with = |with: &'static str| Problem::TldWithLog { with };
    let day = 24 * 60;
    for (query, parameter, series, problem) in [
        ("tld=com&log=a", "tld", 0, tld_with("log")),
        ("tld=&tld=com&logApi=&logApi=STATIC", "tld", 1, tld_with("logApi")),
        ("tld=com&logOperator=a", "tld", 0, tld_with("logOperator")),
        ("tld=com&entryType=CERTIFICATE", "tld", 0, tld_with("entryType")),
        (
            "dateRange=7d&dateRange=&dateRange=8d",
            "dateRange",
            2,
            Problem::UnequalDurations { minutes: 8 * day, first: 7 * day },
        ),
        (
            "dateRange=7d&dateStart=&dateStart=2026-10-01T00:00:00Z&dateEnd=&dateEnd=2026-10-08T00:15:00Z",
            "dateEnd",
            1,
            Problem::UnequalDurations { minutes: 7 * day + 15, first: 7 * day },
        ),
        (
            "dateStart=2026-10-01T02:00:00%2B02:00&dateEnd=2026-10-01T00:00:00Z",
            "dateEnd",
            0,
            Problem::EndBeforeStart {
                start: "2026-10-01T02:00:00+02:00".into(),
                end: "2026-10-01T00:00:00Z".into(),
            },
        ),
    ] {
        let error = refused(query).unwrap_err();
        assert_eq!((error.parameter(), error.series(), error.problem()), (parameter, Some(series), &problem));
        // The only series of a request is not named.
        let is_alone = TimeseriesParams::parse_query(query).unwrap().series().len() == 1;
        let place = if is_alone { String::new() } else { format!(" of series {}", series + 1) };
        assert_eq!(error.to_string(), format!("parameter `{parameter}`{place} {problem}"));
    }
    for query in [
        "tld=com&log=&log=a",
        "dateRange=7d&dateRange=&dateRange=1wcontrol",
        "dateRange=7d&dateStart=&dateStart=2026-10-01T00:14:00Z&dateEnd=&dateEnd=2026-10-08T00:01:00Z",
        "dateStart=2026-10-01T00:00:00Z&dateEnd=2026-10-01T00:00:01Z",
    ] {
        assert_eq!(refused(query), Ok(()), "{query}");
    }
}

#[test]
fn durations_are_shown_in_days_hours_and_minutes() {
    for (minutes, first, words) in [
        (0, 1440, "spans 0 min where series 1 spans 1 d:"),
        (10_095, 60, "spans 7 d 15 min where series 1 spans 1 h:"),
        (1515, 1439, "spans 1 d 1 h 15 min where series 1 spans 23 h 59 min:"),
    ] {
        let text = Problem::UnequalDurations { minutes, first }.to_string();
        assert!(text.starts_with(words), "{text}");
    }
}
