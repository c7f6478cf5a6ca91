//! Do we send what the official SDKs send, wherever they send what the documentation means?
//!
//! `data/sdk_encoding.json` says what Cloudflare's Python and TypeScript SDKs put on the wire for given arguments, and
//! what a faithful client should. Two queries mean the same if they have as many series, and at each position
//! the same values: names in any order, `+` or `%20`, an instant in any spelling, a range of dates in any case. An empty
//! value at the end of an array is the same as none there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use radar_ct_model::{
    AuthoritiesParams, AuthorityParams, Dimension, Endpoint, LogParams, LogsParams, ParamError, Problem,
    Query, SeriesParams, SummaryParams, TimeseriesGroupsParams, TimeseriesParams, encode_path_segment,
};
use radar_ct_tests::build::{instant, request, set, window};
use radar_ct_tests::wire::{OF_A_SERIES, by_name, read_strictly, write_escaped};
use serde_json::Value;

const ALL: &str = include_str!("../data/sdk_encoding.json");

/// How many vectors there are of the endpoints beside the time series.
const OTHERS: [(&str, usize); 6] =
    [("authorities", 2), ("authority", 2), ("log", 3), ("logs", 1), ("summary", 3), ("timeseries_groups", 1)];

/// Vectors of those endpoints that an SDK sends and we refuse: the parameter or, for what is parsed on its own, the
/// type, and why.
const OTHERS_REFUSED: [(&str, &str, &str); 5] = [
    ("143_summary_lower", "dimension", "it is documented in upper case; the error suggests `CA`"),
    (
        "147_summary_empty_dim",
        "dimension",
        "one SDK refuses it too, the other asks for a path that does not exist",
    ),
    ("153_authorities_big", "limit", "no list is that long, and one SDK rounds the number"),
    ("155_authority_dotdot", "Fingerprint", "no fingerprint"),
    ("157_authority_pct", "Fingerprint", "no fingerprint"),
];

/// Requests that an SDK sends and we refuse, with the parameter that is refused. Each has a test of its own below.
const REFUSED: [(&str, &str); 2] = [
    // The answer keeps its own `meta` under that label, so that the series could not be told from it.
    ("027_name_meta", "name"),
    // All 21 parameters at once: a range beside a window, and `tld` beside filters on logs.
    ("122_all_params", "dateRange"),
];

/// Where what an SDK sends does not mean what it was asked, and how.
const UNFAITHFUL: [(&str, &str, &str); 3] = [
    ("046_dt_frac_us", "ts", "it cuts microseconds off"),
    ("104_hole_middle", "python", "it drops empty texts, and the filter behind slips to another series"),
    ("106_hole_first", "python", "it drops empty texts, and the filter behind slips to another series"),
];

struct Vector {
    json: Value,
}

/// The arguments of a call, and what a query says: for each name its values by position.
type Columns = BTreeMap<String, Vec<String>>;

impl Vector {
    fn all() -> Vec<Self> {
        let file: Value = serde_json::from_str(ALL).unwrap();
        file["vectors"].as_array().unwrap().iter().map(|json| Self { json: json.clone() }).collect()
    }

    fn timeseries() -> impl Iterator<Item = Self> {
        Self::all().into_iter().filter(|vector| vector.text("endpoint") == "timeseries")
    }

    fn by_id(id: &str) -> Self {
        Self::all().into_iter().find(|vector| vector.text("id") == id).expect(id)
    }

    fn text(&self, member: &str) -> &str {
        self.json[member].as_str().unwrap_or_default()
    }

    fn is_refused(&self) -> bool {
        REFUSED.iter().any(|(id, _)| *id == self.text("id"))
    }

    /// The arguments as text. A null is an argument that is not given; its vector calls it unspecified.
    fn arguments(&self) -> Columns {
        let given = self.json["params"].as_array().unwrap().iter();
        let named = given.map(|pair| (pair[0].as_str().unwrap().to_owned(), texts(&pair[1])));
        named.filter(|(_, values)| !values.is_empty()).collect()
    }

    fn expected(&self) -> Columns {
        let members = self.json["expected_by_name"].as_object().unwrap();
        members.iter().map(|(name, values)| (name.clone(), texts(values))).collect()
    }
}

/// One argument, alone or an array, as the texts a user of the SDK means.
fn texts(argument: &Value) -> Vec<String> {
    match argument {
        Value::Array(several) => several.iter().flat_map(texts).collect(),
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Object(marked) => {
            let instant = marked.get("$dt").or_else(|| marked.get("$instant")).expect("a known mark");
            vec![instant.as_str().unwrap().to_owned()]
        }
        other => vec![other.to_string()],
    }
}

/// What columns mean: how many series, and the values by name and position, each in one spelling.
fn meaning(columns: &Columns) -> (usize, Columns) {
    let of_series = columns.iter().filter(|(name, _)| OF_A_SERIES.contains(&name.as_str()));
    let count = of_series.map(|(_, values)| values.len()).max().unwrap_or(0).max(1);
    let mut plain = Columns::new();
    for (name, values) in columns {
        let mut values: Vec<_> = values.iter().map(|value| in_one_spelling(name, value)).collect();
        let written = values.iter().rposition(|value| !value.is_empty()).map_or(0, |last| last + 1);
        values.truncate(written);
        if written > 0 {
            plain.insert(name.clone(), values);
        }
    }
    (count, plain)
}

fn in_one_spelling(name: &str, value: &str) -> String {
    match name {
        "dateRange" => value.to_ascii_lowercase(),
        "dateStart" | "dateEnd" if !value.is_empty() => {
            DateTime::parse_from_rfc3339(value).expect(value).with_timezone(&Utc).to_rfc3339()
        }
        _ => value.to_owned(),
    }
}

fn meaning_of_query(query: &str) -> (usize, Columns) {
    meaning(&by_name(&read_strictly(query).unwrap()))
}

/// The request that a user writes for these arguments, setter by setter, series by series.
fn built(arguments: &Columns) -> TimeseriesParams {
    let arrays = || arguments.iter().filter(|(name, _)| OF_A_SERIES.contains(&name.as_str()));
    let count = arrays().map(|(_, values)| values.len()).max().unwrap_or(0).max(1);
    let at = |name: &str, position: usize| arguments.get(name).and_then(|values| values.get(position));
    let mut params = request((0..count).map(|position| {
        let mut series = SeriesParams::new();
        for (name, values) in arrays() {
            match values.get(position).map(String::as_str) {
                None | Some("") => {}
                Some(_) if name == "dateEnd" => {}
                Some(start) if name == "dateStart" => {
                    series = window(series, start, at("dateEnd", position).expect("an end"));
                }
                Some(value) => series = set(series, name, value),
            }
        }
        series
    }));
    for (name, values) in arguments.iter().filter(|(name, _)| !OF_A_SERIES.contains(&name.as_str())) {
        for value in values {
            params = match name.as_str() {
                "aggInterval" => params.agg_interval(value.as_str()),
                "format" => params.format(value.as_str()),
                other => params.extra(other, value),
            };
        }
    }
    params
}

/// The same request, read from a query that has the arguments in the order in which they are given.
fn read(arguments: &Columns) -> TimeseriesParams {
    let pairs = arguments
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
    TimeseriesParams::parse_query(&write_escaped(pairs)).unwrap()
}

/// The query of a call, whatever the call decodes.
fn prepared(params: &TimeseriesParams) -> Result<Query, ParamError> {
    if params.is_csv() { params.prepare_csv() } else { params.prepare() }
}

#[test]
fn no_vector_is_passed_over_in_silence() {
    let all = Vector::all();
    let mut by_endpoint: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in &all {
        *by_endpoint.entry(vector.text("endpoint")).or_default() += 1;
    }
    assert_eq!(by_endpoint.remove("timeseries"), Some(52));
    assert_eq!(by_endpoint, BTreeMap::from(OTHERS));

    let ids: BTreeSet<_> = all.iter().map(|vector| vector.text("id")).collect();
    assert_eq!(ids.len(), 64);
    let excepted = REFUSED.iter().map(|(id, _)| id).chain(UNFAITHFUL.iter().map(|(id, ..)| id));
    let excepted = excepted.chain(OTHERS_REFUSED.iter().map(|(id, ..)| id));
    for id in excepted {
        assert!(ids.contains(id), "{id} is excepted and does not exist");
    }
}

#[test]
fn our_query_means_what_was_asked() {
    let mut covered = 0;
    for vector in Vector::timeseries().filter(|vector| !vector.is_refused()) {
        let (id, arguments) = (vector.text("id"), vector.arguments());
        let params = built(&arguments);
        assert_eq!(params, read(&arguments), "{id}");
        assert_eq!(params.path(), vector.text("python_path"), "{id}");
        let query = prepared(&params).unwrap_or_else(|error| panic!("{id}: {error}")).to_string();
        assert_eq!(meaning_of_query(&query), meaning(&vector.expected()), "{id}");
        covered += 1;
    }
    assert_eq!(covered, 52 - REFUSED.len());
}

#[test]
fn what_an_sdk_sends_is_read_as_the_same_request() {
    let mut alike = 0;
    for vector in Vector::timeseries().filter(|vector| !vector.is_refused()) {
        let id = vector.text("id");
        let asked = built(&vector.arguments());
        for sdk in ["python", "ts"] {
            let theirs = TimeseriesParams::parse_query(vector.text(&format!("{sdk}_query"))).unwrap();
            let unfaithful = UNFAITHFUL.iter().find(|(other, by, _)| *other == id && *by == sdk);
            if let Some((.., how)) = unfaithful {
                // If it were alike after all, the table would be wrong.
                assert_ne!(theirs, asked, "{id} by {sdk}: {how}");
            } else {
                assert_eq!(theirs, asked, "{id} by {sdk}");
                alike += 1;
            }
        }
    }
    assert_eq!(alike, 2 * (52 - REFUSED.len()) - UNFAITHFUL.len());
}

#[test]
fn a_hole_keeps_its_position_where_python_loses_it() {
    let vector = Vector::by_id("104_hole_middle");
    let ours = prepared(&built(&vector.arguments())).unwrap().to_string();
    assert_eq!(ours, "name=d&name=all&name=s&caOwner=DigiCert&caOwner=&caOwner=Sectigo");
    // The same, said by series: the one in the middle is not filtered.
    let params = TimeseriesParams::new()
        .name("d")
        .ca_owner("DigiCert")
        .and(SeriesParams::new())
        .name("all")
        .and(SeriesParams::new())
        .name("s")
        .ca_owner("Sectigo");
    assert_eq!(params, TimeseriesParams::parse_query(vector.text("ts_query")).unwrap());
    // What Python sends is two filtered series and a third that is not: read as it is written.
    let slipped = TimeseriesParams::parse_query(vector.text("python_query")).unwrap();
    let owners: Vec<_> = slipped.series().map(|series| series.get("caOwner").unwrap_or_default()).collect();
    assert_eq!(owners, ["DigiCert", "Sectigo", ""]);

    let vector = Vector::by_id("106_hole_first");
    let ours = prepared(&built(&vector.arguments())).unwrap().to_string();
    assert_eq!(ours, vector.text("ts_query"));
    assert_eq!(TimeseriesParams::parse_query(vector.text("python_query")).unwrap().series().len(), 1);

    // A hole at the end says nothing as long as another array is as long: the same request from both.
    let vector = Vector::by_id("120_compare_3");
    assert_ne!(by_name(&pairs_of(&vector, "python")), by_name(&pairs_of(&vector, "ts")));
    let ours = prepared(&built(&vector.arguments())).unwrap().to_string();
    assert_eq!(meaning_of_query(&ours), meaning(&by_name(&pairs_of(&vector, "ts"))));
    assert_eq!(meaning_of_query(&ours).0, 3);
}

fn pairs_of(vector: &Vector, sdk: &str) -> Vec<(String, String)> {
    let pairs = vector.json[format!("{sdk}_pairs")].as_array().unwrap().iter();
    pairs.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned())).collect()
}

#[test]
fn our_reader_and_the_recorded_pairs_agree_on_what_was_sent() {
    let mut read = 0;
    for vector in Vector::timeseries() {
        for sdk in ["python", "ts"] {
            let query = Query::parse(vector.text(&format!("{sdk}_query"))).unwrap();
            let ours: Vec<_> =
                query.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            assert_eq!(ours, pairs_of(&vector, sdk), "{} by {sdk}", vector.text("id"));
            read += 1;
        }
    }
    assert_eq!(read, 104);
}

#[test]
fn a_name_that_is_meta_is_refused() {
    let error = prepared(&built(&Vector::by_id("027_name_meta").arguments())).unwrap_err();
    assert_eq!((error.parameter(), error.problem()), ("name", &Problem::ReservedLabel));
}

#[test]
fn all_21_parameters_in_two_requests_that_the_rules_allow() {
    let vector = Vector::by_id("122_all_params");
    let error = TimeseriesParams::parse_query(vector.text("ts_query")).unwrap_err();
    assert_eq!(
        (error.parameter(), error.problem()),
        ("dateRange", &Problem::RangeAndWindow { with: "dateStart" })
    );

    let all = vector.arguments();
    assert_eq!(all.len(), 21);
    let without = |left_out: &[&str]| -> Columns {
        all.iter()
            .filter(|(name, _)| !left_out.contains(&name.as_str()))
            .map(|(name, values)| (name.clone(), values.clone()))
            .collect()
    };
    let by_log = without(&["dateRange", "tld"]);
    let by_tld = without(&["dateStart", "dateEnd", "log", "logApi", "logOperator", "entryType"]);
    for allowed in [&by_log, &by_tld] {
        let query = prepared(&built(allowed)).unwrap().to_string();
        assert_eq!(meaning_of_query(&query), meaning(allowed));
    }
    let together: BTreeSet<_> = by_log.keys().chain(by_tld.keys()).collect();
    assert_eq!(together.len(), 21);
}

#[test]
fn a_parameter_of_the_future_goes_through_extra() {
    let params = TimeseriesParams::new().extra("someFutureParam", "v1").extra("someFutureParam", "v2");
    assert_eq!(params.prepare().unwrap().to_string(), Vector::by_id("130_extra_query").text("ts_query"));
    // But not one that has a setter: there it would lose its position.
    let error = TimeseriesParams::new().extra("caOwner", "DigiCert").prepare().unwrap_err();
    assert_eq!((error.parameter(), error.problem()), ("caOwner", &Problem::NotExtra));
}

// The endpoints beside the time series.

/// The path that is meant, its escapes undone in each segment. The SDKs leave `=`, `&` and others bare, which means the
/// same within a path; the `+` does too.
fn segments(path: &str) -> Vec<String> {
    assert!(!path.contains(['?', '#']), "{path}");
    let decoded = |segment: &str| {
        let query = Query::parse(&format!("s={}", segment.replace('+', "%2B").replace('&', "%26"))).unwrap();
        query.pairs().map(|(_, value)| value.to_owned()).collect::<String>()
    };
    path.split('/').map(decoded).collect()
}

/// The request for groups that a user writes for these arguments, by the setters.
macro_rules! built_by {
    ($params:ty, $dimension:expr, $arguments:expr) => {{
        let arguments: &Columns = $arguments;
        let arrays = || arguments.iter().filter(|(name, _)| OF_A_SERIES.contains(&name.as_str()));
        let count = arrays().map(|(_, values)| values.len()).max().unwrap_or(0).max(1);
        let mut params = <$params>::by($dimension);
        for position in 0..count {
            if position > 0 {
                params = params.and(SeriesParams::new());
            }
            for (name, values) in arrays() {
                let Some(value) = values.get(position) else { continue };
                params = match name.as_str() {
                    "name" => params.name(value),
                    "dateRange" => params.date_range(value.parse().unwrap()),
                    "expirationStatus" => params.expiration_status(value.as_str()),
                    other => panic!("no setter for {other}"),
                };
            }
        }
        for (name, values) in arguments.iter().filter(|(name, _)| !OF_A_SERIES.contains(&name.as_str())) {
            params = match name.as_str() {
                "limitPerGroup" => params.limit_per_group(values[0].parse::<u32>().unwrap()),
                "normalization" => params.normalization(values[0].as_str()),
                other => panic!("no setter for {other}"),
            };
        }
        params
    }};
}

/// Path and query of the call that a vector is about, or what is refused: a parameter, or a type.
fn written(vector: &Vector) -> Result<(String, String), String> {
    let (argument, arguments) = (vector.text("path_arg"), vector.arguments());
    let columns = arguments.iter();
    let pairs: Vec<_> =
        columns.flat_map(|(name, values)| values.iter().map(move |value| (&**name, &**value))).collect();
    let query = || Query::parse(&write_escaped(pairs.iter().copied())).unwrap();
    let refused = |error: ParamError| error.parameter().to_owned();
    let number = |name: &str| arguments.get(name).map(|values| values[0].parse::<u32>().unwrap());
    let format = || arguments.get("format").map(|values| values[0].as_str()).unwrap_or_default();
    let (path, query) = match vector.text("endpoint") {
        "summary" => {
            let params = built_by!(SummaryParams, argument, &arguments);
            assert_eq!(SummaryParams::from_parts(argument, query()).as_ref(), Ok(&params));
            (params.path(), params.prepare())
        }
        "timeseries_groups" => {
            let params = built_by!(TimeseriesGroupsParams, argument, &arguments);
            assert_eq!(TimeseriesGroupsParams::from_parts(argument, query()).as_ref(), Ok(&params));
            (params.path(), params.prepare())
        }
        "authorities" => {
            let read = AuthoritiesParams::from_query(query()).map_err(refused)?;
            let params = AuthoritiesParams::new().limit(number("limit")).offset(number("offset"));
            assert_eq!(read, params.clone().format(format()));
            (read.path(), read.prepare())
        }
        "logs" => {
            let read = LogsParams::from_query(query()).map_err(refused)?;
            let params = LogsParams::new().limit(number("limit")).offset(number("offset"));
            assert_eq!(read, params.clone().format(format()));
            (read.path(), read.prepare())
        }
        "authority" => {
            let params = AuthorityParams::new(argument.parse().map_err(|_| "Fingerprint")?);
            (params.path(), params.prepare())
        }
        "log" => {
            let params = LogParams::new(argument.parse().map_err(|_| "LogSlug")?);
            (params.path(), params.prepare())
        }
        other => panic!("{other}"),
    };
    Ok((path, query.map_err(refused)?.to_string()))
}

#[test]
fn the_other_endpoints_are_asked_for_as_the_sdks_do() {
    let (mut sent, mut refused) = (0, 0);
    for vector in Vector::all().iter().filter(|vector| vector.text("endpoint") != "timeseries") {
        let id = vector.text("id");
        let exception = OTHERS_REFUSED.iter().find(|(other, ..)| *other == id);
        match (written(vector), exception) {
            (Ok((path, query)), None) => {
                for sdk in ["python", "ts"] {
                    assert_eq!(
                        segments(&path),
                        segments(vector.text(&format!("{sdk}_path"))),
                        "{id} by {sdk}"
                    );
                    assert_eq!(
                        meaning_of_query(&query),
                        meaning(&by_name(&pairs_of(vector, sdk))),
                        "{id} by {sdk}"
                    );
                }
                assert_eq!(meaning_of_query(&query), meaning(&vector.expected()), "{id}");
                sent += 1;
            }
            (Err(what), Some((_, expected, why))) => {
                assert_eq!(what, *expected, "{id}: {why}");
                refused += 1;
            }
            (written, exception) => panic!("{id}: {written:?}, but {exception:?}"),
        }
    }
    assert_eq!((sent, refused), (12 - OTHERS_REFUSED.len(), OTHERS_REFUSED.len()));
    let error = SummaryParams::by("ca").validate().unwrap_err();
    assert!(error.to_string().contains("did you mean `CA`"), "{error}");
    assert_eq!(SummaryParams::by("CA"), SummaryParams::by(Dimension::Ca));
}

/// What an SDK sends as a segment of a path, whatever endpoint takes it, is the segment that we send.
#[test]
fn a_segment_of_a_path_reaches_the_server_as_the_sdks_send_it() {
    let mut compared = 0;
    for vector in Vector::all() {
        let Some(segment) = vector.json["path_arg"].as_str().filter(|segment| !segment.is_empty()) else {
            continue;
        };
        let ours = encode_path_segment(segment).unwrap();
        assert!(!ours.contains('/'), "{ours}");
        let theirs = segments(vector.text("ts_path"));
        assert_eq!(segments(&ours), [segment], "{}", vector.text("id"));
        assert_eq!(theirs.last().map(String::as_str), Some(segment), "{}", vector.text("id"));
        compared += 1;
    }
    assert_eq!(compared, 8);
}

/// Nothing that is written as a segment may be taken for the way up: not even escaped, since what reads a URL
/// takes `%2e%2e` for `..` too. So these two have to be refused, as both SDKs do.
#[test]
fn a_segment_is_never_the_way_up() {
    for segment in ["", ".", ".."] {
        assert_eq!(encode_path_segment(segment), None);
    }
}

// What follows are classes of arguments that other vectors may well hold: each has arguments and, written by hand, the
// query that is to come of them.

/// Arguments in the order given, and the query to come of them.
fn assert_written(arguments: &[(&str, &str)], query: &str) {
    let mut columns = Columns::new();
    for (name, value) in arguments {
        columns.entry((*name).to_owned()).or_default().push((*value).to_owned());
    }
    let from_query = read(&columns);
    assert_eq!(prepared(&from_query).unwrap().to_string(), query, "{arguments:?}");
    assert_eq!(built(&columns), from_query, "{arguments:?}");
}

#[test]
fn texts_arrive_as_they_were_given() {
    let table = [
        ("a b", "a%20b"),
        (" ", "%20"),
        ("  a  ", "%20%20a%20%20"),
        ("\t", "%09"),
        ("\u{a0}", "%C2%A0"),
        ("a&b=c", "a%26b%3Dc"),
        ("a+b", "a%2Bb"),
        ("100%", "100%25"),
        ("%41", "%2541"),
        ("#frag?x/y\\z", "%23frag%3Fx%2Fy%5Cz"),
        ("a;b,c:d@e", "a%3Bb%2Cc%3Ad%40e"),
        ("[0]{1}|^`<>\"", "%5B0%5D%7B1%7D%7C%5E%60%3C%3E%22"),
        ("Größe", "Gr%C3%B6%C3%9Fe"),
        // Composed and decomposed are two texts; nothing is normalised.
        ("e\u{301}", "e%CC%81"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("🔒", "%F0%9F%94%92"),
        ("\u{202e}rtl", "%E2%80%AErtl"),
        ("\r\n", "%0D%0A"),
        ("null", "null"),
        ("undefined", "undefined"),
        ("0", "0"),
        ("-com,org", "-com%2Corg"),
        ("*", "%2A"),
    ];
    for (text, written) in table {
        for name in ["name", "ca", "caOwner", "log", "logOperator", "tld"] {
            assert_written(&[(name, text)], &format!("{name}={written}"));
        }
        let extra = TimeseriesParams::new().extra(text, text).prepare().unwrap().to_string();
        assert_eq!(extra, format!("{written}={written}"));
    }
}

#[test]
fn spaces_are_read_in_every_spelling_and_a_plus_is_a_plus_only_when_escaped() {
    for spelling in ["a+b", "a%20b"] {
        let params = TimeseriesParams::parse_query(&format!("ca={spelling}")).unwrap();
        assert_eq!(params, TimeseriesParams::new().ca("a b"));
    }
    for spelling in ["a%2Bb", "a%2bb"] {
        let params = TimeseriesParams::parse_query(&format!("ca={spelling}")).unwrap();
        assert_eq!(params, TimeseriesParams::new().ca("a+b"));
    }
}

#[test]
fn an_instant_keeps_its_offset_and_its_precision() {
    // Start, end, and what of each is sent.
    let table = [
        ("2026-01-01T05:30:00+05:30", "2026-01-01T05%3A30%3A00%2B05%3A30"),
        ("2026-01-01T05:30:00.123456+05:30", "2026-01-01T05%3A30%3A00.123456%2B05%3A30"),
        ("2026-01-01T00:00:00.117-08:00", "2026-01-01T00%3A00%3A00.117-08%3A00"),
        ("2026-01-01T00:00:00.000001Z", "2026-01-01T00%3A00%3A00.000001Z"),
        ("2026-01-01T00:00:00.123456789Z", "2026-01-01T00%3A00%3A00.123456789Z"),
        ("2026-01-01T00:00:00-12:45", "2026-01-01T00%3A00%3A00-12%3A45"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23%3A59%3A59Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23%3A59%3A59.500Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00%3A00%3A00Z"),
        // The same instant in other spellings is sent in one.
        ("2026-01-01T00:00:00+00:00", "2026-01-01T00%3A00%3A00Z"),
        ("2026-01-01T00:00:00-00:00", "2026-01-01T00%3A00%3A00Z"),
        ("2026-01-01T00:00:00.000Z", "2026-01-01T00%3A00%3A00Z"),
        ("2026-01-01T00:00:00.117000+00:00", "2026-01-01T00%3A00%3A00.117Z"),
        ("2026-01-01t00:00:00z", "2026-01-01T00%3A00%3A00Z"),
    ];
    let end = "2030-01-01T00:00:00Z";
    for (start, written) in table {
        assert_written(
            &[("dateStart", start), ("dateEnd", end)],
            &format!("dateStart={written}&dateEnd=2030-01-01T00%3A00%3A00Z"),
        );
    }
    assert_eq!(instant("2026-01-01T05:30:00+05:30"), instant("2026-01-01T00:00:00Z"));
}

#[test]
fn what_is_no_instant_is_refused_and_not_guessed() {
    // A time without an offset is the one that Python sends for a naive `datetime`: nobody knows which instant it is.
    for text in [
        "2026-01-01T00:00:00",
        "2026-01-01",
        "1767225600",
        "2026-01-01T24:00:00Z",
        "2026-02-30T00:00:00Z",
        "now",
    ] {
        let query = write_escaped([("dateStart", text), ("dateEnd", "2030-01-01T00:00:00Z")]);
        let error = TimeseriesParams::parse_query(&query).unwrap_err();
        assert_eq!((error.parameter(), error.problem()), ("dateStart", &Problem::NotDateTime(text.into())));
    }
    for missing in ["dateStart", "dateEnd"] {
        let error = TimeseriesParams::parse_query(&format!("{missing}=2026-01-01T00:00:00Z")).unwrap_err();
        assert_eq!(error.parameter(), missing);
    }
}

#[test]
fn a_range_of_dates_is_sent_in_lower_case_whatever_case_it_is_given_in() {
    for text in ["7dControl", "7dcontrol", "7DCONTROL", "7dCONTROL"] {
        assert_written(&[("dateRange", text)], "dateRange=7dcontrol");
    }
    assert_written(&[("dateRange", "1D")], "dateRange=1d");
    assert_written(&[("dateRange", "364d")], "dateRange=364d");
    assert_written(&[("dateRange", "52W")], "dateRange=52w");
    // A list joined by commas, as one tool sends it, is no range: it would never be two series.
    for text in ["7d,7dcontrol", "365d", "0d", "07d", "7 d", "last7d", "1m"] {
        let error = TimeseriesParams::parse_query(&write_escaped([("dateRange", text)])).unwrap_err();
        assert_eq!((error.parameter(), error.problem()), ("dateRange", &Problem::NotDateRange(text.into())));
    }
}

#[test]
fn booleans_are_words_in_lower_case() {
    assert_written(&[("hasIps", "true"), ("hasWildcards", "false")], "hasIps=true&hasWildcards=false");
    assert_written(
        &[("uniqueEntries", "false"), ("uniqueEntries", "true")],
        "uniqueEntries=false&uniqueEntries=true",
    );
    let typed = TimeseriesParams::new().unique_entries(true).has_ips(false);
    assert_eq!(typed.prepare().unwrap().to_string(), "hasIps=false&uniqueEntries=true");
    for text in ["True", "TRUE", "1", "yes", " true"] {
        let error = TimeseriesParams::parse_query(&write_escaped([("hasIps", text)])).unwrap_err();
        assert_eq!(error.problem(), &Problem::NotBoolean(text.into()));
        // Where it is an enumeration of text it is read, but not sent.
        let read = TimeseriesParams::parse_query(&write_escaped([("uniqueEntries", text)])).unwrap();
        assert_eq!(read.validate().unwrap_err().parameter(), "uniqueEntries");
    }
}

#[test]
fn format_is_sent_in_the_case_in_which_it_is_given() {
    for format in ["JSON", "json", "Json", "CSV", "csv", "Csv"] {
        assert_written(&[("format", format)], &format!("format={format}"));
    }
    let error = TimeseriesParams::new().format("xml").validate().unwrap_err();
    assert_eq!(error.parameter(), "format");
}

#[test]
fn every_documented_value_of_every_enumeration_is_sent_as_it_is() {
    let table: [(&str, &[&str]); 8] = [
        (
            "duration",
            &[
                "LTE_3D",
                "GT_3D_LTE_7D",
                "GT_7D_LTE_10D",
                "GT_10D_LTE_47D",
                "GT_47D_LTE_100D",
                "GT_100D_LTE_200D",
                "GT_200D",
            ],
        ),
        ("entryType", &["PRECERTIFICATE", "CERTIFICATE"]),
        ("expirationStatus", &["EXPIRED", "VALID"]),
        ("logApi", &["RFC6962", "STATIC"]),
        ("publicKeyAlgorithm", &["DSA", "ECDSA", "RSA"]),
        (
            "signatureAlgorithm",
            &[
                "DSA_SHA_1",
                "DSA_SHA_256",
                "ECDSA_SHA_1",
                "ECDSA_SHA_256",
                "ECDSA_SHA_384",
                "ECDSA_SHA_512",
                "PSS_SHA_256",
                "PSS_SHA_384",
                "PSS_SHA_512",
                "RSA_MD2",
                "RSA_MD5",
                "RSA_SHA_1",
                "RSA_SHA_256",
                "RSA_SHA_384",
                "RSA_SHA_512",
            ],
        ),
        ("uniqueEntries", &["true", "false"]),
        ("validationLevel", &["DOMAIN", "ORGANIZATION", "EXTENDED"]),
    ];
    for (name, values) in table {
        let one_series_for_each: Vec<_> = values.iter().map(|value| (name, *value)).collect();
        let written: Vec<_> = values.iter().map(|value| format!("{name}={value}")).collect();
        assert_written(&one_series_for_each, &written.join("&"));
        // In lower case it is another value, of which the API's description knows nothing.
        let lower = values[0].to_ascii_lowercase();
        if lower != values[0] {
            let error = prepared(&request([set(SeriesParams::new(), name, &lower)])).unwrap_err();
            assert_eq!(error.parameter(), name);
            assert!(error.to_string().contains(&format!("did you mean `{}`", values[0])), "{error}");
        }
    }
    for interval in ["15m", "1h", "1d", "1w"] {
        assert_written(&[("aggInterval", interval)], &format!("aggInterval={interval}"));
    }
    assert!(TimeseriesParams::new().agg_interval("2h").validate().is_err());
}

#[test]
fn the_order_of_values_is_kept_and_the_order_of_names_does_not_matter() {
    let orders = [
        "caOwner=z&name=1&caOwner=a&name=2&caOwner=m&name=3&aggInterval=1d",
        "aggInterval=1d&name=1&name=2&name=3&caOwner=z&caOwner=a&caOwner=m",
        "name=1&caOwner=z&name=2&caOwner=a&aggInterval=1d&name=3&caOwner=m",
    ];
    for query in orders {
        let params = TimeseriesParams::parse_query(query).unwrap();
        assert_eq!(
            params.prepare().unwrap().to_string(),
            "name=1&name=2&name=3&caOwner=z&caOwner=a&caOwner=m&aggInterval=1d"
        );
    }
}

#[test]
fn empty_texts_hold_positions_and_nothing_else() {
    // What is given, and what is sent: the number of series never changes.
    let table = [
        ("tld=", ""),
        ("tld=&tld=", "name=&name="),
        ("tld=&tld=com", "tld=&tld=com"),
        ("tld=com&tld=", "tld=com&tld="),
        ("tld=&tld=&tld=com&tld=", "tld=&tld=&tld=com&tld="),
        ("tld=com&tld=&tld=&ca=a&ca=b", "ca=a&ca=b&ca=&tld=com"),
        ("tld=com&tld=&ca=a&ca=b", "ca=a&ca=b&tld=com"),
        ("hasIps=&hasIps=true", "hasIps=&hasIps=true"),
        ("entryType=&entryType=CERTIFICATE", "entryType=&entryType=CERTIFICATE"),
        ("dateRange=&dateRange=7d", "dateRange=&dateRange=7d"),
        ("aggInterval=&format=", ""),
        ("name", ""),
        ("", ""),
        ("&&", ""),
    ];
    for (given, sent) in table {
        let params = TimeseriesParams::parse_query(given).unwrap();
        assert_eq!(params.prepare().unwrap().to_string(), sent, "{given:?}");
        let (count, _) = meaning(&by_name(&read_strictly(sent).unwrap()));
        assert_eq!(params.series().len(), count, "{given:?}");
    }
}

#[test]
fn names_that_cannot_label_an_answer_are_refused() {
    type IsExpected = fn(&Problem) -> bool;
    let table: [(&str, IsExpected); 5] = [
        ("name=meta", |problem| matches!(problem, Problem::ReservedLabel)),
        ("name=a&name=meta", |problem| matches!(problem, Problem::ReservedLabel)),
        ("name=a&name=a", |problem| matches!(problem, Problem::DuplicateLabel { other: 0, .. })),
        ("name=serie_1&name=", |problem| matches!(problem, Problem::DuplicateLabel { other: 0, .. })),
        ("name=&name=b", |problem| matches!(problem, Problem::UnnamedBeforeNamed)),
    ];
    for (query, is_expected) in table {
        let error = TimeseriesParams::parse_query(query).unwrap().prepare().unwrap_err();
        assert!(error.parameter() == "name" && is_expected(error.problem()), "{query}: {error}");
    }
    // Names that only look like those.
    for query in ["name=Meta", "name=a&name=A", "name=meta%20", "name=serie_0"] {
        assert_eq!(TimeseriesParams::parse_query(query).unwrap().prepare().unwrap().to_string(), query);
    }
}

#[test]
fn a_parameter_of_the_whole_request_is_given_once() {
    for query in ["aggInterval=1d&aggInterval=1d", "format=JSON&format=csv"] {
        let error = TimeseriesParams::parse_query(query).unwrap_err();
        assert_eq!(error.problem(), &Problem::Repeated(2), "{query}");
    }
}
