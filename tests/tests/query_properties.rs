//! Is what is written what was meant, for every parameter and any text?
//!
//! Two judges: the model's own reader (what is written is read back as the same request), and a reader of these
//! tests that knows nothing of the model (so that no mistake is undone by its mirror image).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

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
    OF_A_SERIES, OF_THE_REQUEST, SeriesOnTheWire, by_name, read_strictly, series_by_position, write_escaped,
};

use crate::strategies::{a_value, an_instant, cases, of_a_series_but_dates, said, series, text, word};

fn is_known(name: &str) -> bool {
    OF_A_SERIES.contains(&name) || OF_THE_REQUEST.contains(&name)
}

fn params() -> impl Strategy<Value = TimeseriesParams> {
    let extra_name = prop_oneof![3 => text(), 1 => Just(String::new()), 1 => Just("CAOWNER".to_owned())]
        .prop_filter("a parameter of its own", |name| !is_known(name));
    let extra_value = prop_oneof![3 => text(), 1 => Just(String::new())];
    (
        prop::collection::vec(series(), 1..=6),
        prop::option::of(word(AggInterval::VALUES)),
        prop::option::of(word(Format::VALUES)),
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
    fn what_is_written_is_read_back_as_the_same_request(params in params()) {
        let text = params.to_query().to_string();
        let read = TimeseriesParams::parse_query(&text).unwrap();
        prop_assert_eq!(&read, &params, "{}", text);
        prop_assert_eq!(params.to_query().is_empty(), text.is_empty());
        prop_assert_eq!(read.to_query().to_string(), text);
    }

    #[test]
    fn another_reader_finds_the_same_series(params in params()) {
        let pairs = read_strictly(&params.to_query().to_string()).unwrap();
        // A single series without any filter writes no array; one series is what a server takes that for.
        let found = series_by_position(&pairs);
        let meant: Vec<_> = params.series().map(said).collect();
        prop_assert_eq!(found, meant);

        let columns = by_name(&pairs);
        let one = |value: Option<&str>| value.map(|value| vec![value.to_owned()]);
        prop_assert_eq!(columns.get("aggInterval").cloned(), one(params.options().agg_interval.as_ref().map(AggInterval::as_str)));
        prop_assert_eq!(columns.get("format").cloned(), one(params.get("format").as_deref()));
    }

    #[test]
    fn what_a_setter_is_given_is_what_is_said(values in of_a_series_but_dates().map(a_value).collect::<Vec<_>>()) {
        let given: Vec<_> = of_a_series_but_dates().zip(values).collect();
        let series = given.iter().fold(SeriesParams::new(), |series, (name, value)| set(series, name, value));
        for (name, value) in given {
            prop_assert_eq!(series.get(name).map(String::from), Some(value), "{}", name);
        }
    }

    #[test]
    fn an_instant_is_written_to_the_nanosecond_with_its_offset(start in an_instant(), end in an_instant()) {
        let text = TimeseriesParams::new().window(start, end).to_query().to_string();
        let columns = by_name(&read_strictly(&text).unwrap());
        for (name, meant) in [("dateStart", start), ("dateEnd", end)] {
            let written = DateTime::parse_from_rfc3339(&columns[name][0]).unwrap();
            prop_assert_eq!(written, meant);
            prop_assert_eq!(written.offset(), meant.offset());
        }
    }
}

// The spelling of a query does not matter.

/// How to respell a query: chances by the byte, used up one after the other.
struct Chances(std::vec::IntoIter<u8>);

impl Chances {
    /// True with a chance of one in `of`; never once the chances are used up.
    fn one_in(&mut self, of: u8) -> bool {
        self.0.next().is_some_and(|chance| chance % of == 0)
    }
}

/// Another spelling of a text that is read as the same.
fn respelled(text: &str, chances: &mut Chances) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        let escaped = if chances.one_in(2) { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
        let needs_none = byte.is_ascii_alphanumeric() || b"-._~!'()*,:;@/?$".contains(&byte);
        if byte == b' ' && chances.one_in(2) {
            written.push('+');
        } else if needs_none && !chances.one_in(3) {
            written.push(char::from(byte));
        } else {
            written.push_str(&escaped);
        }
    }
    written
}

/// The pairs in another order, in which those of one name keep theirs: the position is what says which series is
/// meant. The extra ones keep theirs among each other, since they are sent as they are given.
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
    fn every_spelling_of_a_query_becomes_one(
        params in params(),
        order in prop::collection::vec(any::<Index>(), 1..40),
        chances in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let canonical = params.to_query().to_string();
        let mut chances = Chances(chances.into_iter());
        let mut spelled = String::new();
        for (name, value) in reordered(&read_strictly(&canonical).unwrap(), &order) {
            let mut value = value;
            if name == "dateRange" && chances.one_in(2) {
                value = value.to_ascii_uppercase();
            }
            let (name, value) = (respelled(&name, &mut chances), respelled(&value, &mut chances));
            spelled.push_str(&name);
            // Without its `=` a name still has an empty value, but nothing at all is no pair.
            if !value.is_empty() || name.is_empty() || !chances.one_in(3) {
                spelled.push('=');
                spelled.push_str(&value);
            }
            spelled.push_str(if chances.one_in(4) { "&&&" } else { "&" });
        }
        let read = TimeseriesParams::parse_query(&spelled).unwrap();
        prop_assert_eq!(read.to_query().to_string(), canonical, "{}", spelled);
    }
}

// Text from anywhere.

/// Text that is near enough to a query to get far into the reader.
fn nearly_a_query() -> impl Strategy<Value = String> {
    let known: Vec<_> = OF_A_SERIES.into_iter().chain(OF_THE_REQUEST).map(str::to_owned).collect();
    let name = prop_oneof![6 => select(known), 1 => text(), 1 => Just(String::new())];
    let value = prop_oneof![
        3 => select(vec![
            "", "7d", "7dControl", "52w", "0d", "true", "false", "1d", "JSON", "csv", "EXPIRED", "com", "meta",
            "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00+05:30", "2026-01-01T00:00:60Z",
            "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+23:59", "%ff", "%C3", "%", "%F0%9F",
        ]).prop_map(str::to_owned),
        1 => text(),
        1 => an_instant().prop_map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
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

/// Whatever a text is, it is refused or it is a request that is read back from its own canonical text.
fn is_refused_or_stable(text: &str) {
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
    fn any_text_is_refused_or_stable(text in any::<String>()) {
        is_refused_or_stable(&text);
    }

    #[test]
    fn any_text_that_is_nearly_a_query_is_refused_or_stable(text in nearly_a_query()) {
        is_refused_or_stable(&text);
    }

    #[test]
    fn any_bytes_behind_escapes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
        let escaped = bytes.iter().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
        match (Query::parse(&format!("ca={escaped}")), String::from_utf8(bytes)) {
            (Ok(query), Ok(text)) => prop_assert_eq!(query.pairs().next(), Some(("ca", text.as_str()))),
            (Err(error), Err(_)) => prop_assert_eq!(error.parameter(), "ca"),
            (read, text) => prop_assert!(false, "{:?} from {:?}", read, text),
        }
    }
}

// Every parameter in every place: few enough to try them all.

/// The value of a parameter at a position, different at each.
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

/// Which of `count` series have something: every way there is.
fn presences(count: u32) -> impl Iterator<Item = Vec<bool>> {
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
fn each_parameter_alone_keeps_its_position_with_holes_anywhere() {
    let mut tried = 0;
    // A window is one thing of two parameters.
    let alone = OF_A_SERIES.into_iter().filter(|name| !name.starts_with("date")).map(|name| vec![name]);
    for names in alone.chain([vec!["dateRange"], vec!["dateStart", "dateEnd"]]) {
        for count in 1..=4 {
            for present in presences(count) {
                let given = |position: usize| if present[position] { names.as_slice() } else { &[] };
                let params =
                    request((0..present.len()).map(|position| series_with(given(position), position)));
                let text = params.to_query().to_string();
                let found = series_by_position(&read_strictly(&text).unwrap());
                let meant: Vec<SeriesOnTheWire> = (0..present.len())
                    .map(|at| given(at).iter().map(|name| ((*name).to_owned(), example(name, at))).collect())
                    .collect();
                assert_eq!(found, meant, "{names:?} {present:?}: {text}");
                assert_eq!(TimeseriesParams::parse_query(&text).unwrap(), params, "{text}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 18 * (2 + 4 + 8 + 16));
}

/// Two parameters with holes of their own each: one must not fill the holes of the other.
#[test]
fn two_parameters_keep_their_positions_apart() {
    let names: Vec<_> = OF_A_SERIES.into_iter().filter(|name| !name.starts_with("date")).collect();
    for (index, one) in names.iter().enumerate() {
        for other in &names[index + 1..] {
            for (first, second) in
                presences(3).flat_map(|first| presences(3).map(move |second| (first.clone(), second)))
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
                let meant: Vec<SeriesOnTheWire> = (0..3)
                    .map(|at| given(at).iter().map(|name| ((*name).to_owned(), example(name, at))).collect())
                    .collect();
                assert_eq!(found, meant, "{text}");
            }
        }
    }
}

#[test]
fn a_parameter_of_the_whole_request_is_written_once_however_many_series_there_are() {
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
fn the_table_of_parameters_is_the_documented_one() {
    let of_a_series: Vec<_> = SeriesParams::parameters().map(|parameter| parameter.name).collect();
    assert_eq!(of_a_series, OF_A_SERIES);
    let of_the_request: Vec<_> =
        TimeseriesParams::request_parameters().iter().map(|parameter| parameter.name).collect();
    assert_eq!(of_the_request, OF_THE_REQUEST);
}

#[test]
fn every_range_of_dates_is_written_and_read() {
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
fn setting_a_value_again_replaces_it_and_an_empty_text_clears_it() {
    for name in OF_A_SERIES.into_iter().filter(|name| !name.starts_with("date")) {
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

/// A calendar goes further than RFC 3339, which has four digits for a year and minutes for an offset.
#[test]
fn an_instant_that_cannot_be_written_is_never_written_as_another() {
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
        // Whether it is the start or the end, it is refused, or sent as what it is.
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

/// `Unknown` can be made by hand with a value that is known; it has to be the same request all the same.
#[test]
fn a_known_value_is_known_however_it_is_made() {
    let by_hand = TimeseriesParams::new().expiration_status(ExpirationStatus::Unknown("EXPIRED".into()));
    assert!(by_hand.validate().is_ok());
    assert_eq!(TimeseriesParams::parse_query(&by_hand.to_query().to_string()).unwrap(), by_hand);
}

#[test]
fn trailing_holes_are_left_out_unless_a_series_would_vanish_with_them() {
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
fn what_breaks_a_rule_on_series_is_refused_by_its_parameter_and_its_series() {
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
        // Where there is but one series, it need not be named.
        let is_alone = TimeseriesParams::parse_query(query).unwrap().series().len() == 1;
        let of_series = if is_alone { String::new() } else { format!(" of series {}", series + 1) };
        assert_eq!(error.to_string(), format!("parameter `{parameter}`{of_series} {problem}"));
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
fn a_length_is_said_in_days_hours_and_minutes() {
    for (minutes, first, words) in [
        (0, 1440, "spans 0 min where series 1 spans 1 d:"),
        (10_095, 60, "spans 7 d 15 min where series 1 spans 1 h:"),
        (1515, 1439, "spans 1 d 1 h 15 min where series 1 spans 23 h 59 min:"),
    ] {
        let text = Problem::UnequalDurations { minutes, first }.to_string();
        assert!(text.starts_with(words), "{text}");
    }
}
