//! Queries match those of the official SDKs, wherever these follow the documentation.
//!
//! `data/sdk_encoding.json` has the queries that Cloudflare's Python and TypeScript SDKs send for given
//! arguments, and the ones that a correct client sends. Two queries are equivalent if they have the same
//! number of series and the same values at each position. The order of names, `+` or `%20`, the spelling of
//! an instant, the case of a date range and trailing empty values do not matter.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use radar_ct_model::{
    AuthoritiesParams, AuthorityParams, Dimension, Endpoint, LogParams, LogsParams, ParamError, Problem,
    Query, SeriesParams, SummaryParams, TimeseriesGroupsParams, TimeseriesParams, encode_path_segment,
};
use radar_ct_tests::build::{instant, request, set, window};
use radar_ct_tests::wire::{SERIES_PARAMETERS, by_name, read_strictly, write_escaped};
use serde_json::Value;

const ALL: &str = include_str!("../data/sdk_encoding.json");

/// The number of vectors per endpoint, except the time series.
const OTHER_ENDPOINTS: [(&str, usize); 6] =
    [("authorities", 2), ("authority", 2), ("log", 3), ("logs", 1), ("summary", 3), ("timeseries_groups", 1)];

/// Vectors of those endpoints that an SDK sends and we refuse: the parameter, or the type if that is parsed
/// alone, and the reason.
const OTHERS_REFUSED: [(&str, &str, &str); 5] = [
    ("143_summary_lower", "dimension", "documented in upper case; the error suggests `CA`"),
    (
        "147_summary_empty_dim",
        "dimension",
        "one SDK refuses it, the other requests a path that does not exist",
    ),
    ("153_authorities_big", "limit", "no list is that long, and one SDK rounds the number"),
    ("155_authority_dotdot", "Fingerprint", "not a fingerprint"),
    ("157_authority_pct", "Fingerprint", "not a fingerprint"),
];

/// Vectors that an SDK sends and we refuse, with the refused parameter. Each has its own test below.
const REFUSED: [(&str, &str); 2] = [
    // The answer has its metadata under that label.
    ("027_name_meta", "name"),
    // All 21 parameters at once: a date range with a window, and `tld` with log filters.
    ("122_all_params", "dateRange"),
];

/// Vectors whose query does not match the arguments: the SDK, and the reason.
const UNFAITHFUL: [(&str, &str, &str); 3] = [
    ("046_dt_frac_us", "ts", "it truncates microseconds"),
    ("104_hole_middle", "python", "it drops empty values, which moves later filters to another series"),
    ("106_hole_first", "python", "it drops empty values, which moves later filters to another series"),
];

struct Vector {
    json: Value,
}

/// The values of a call or a query: for each name, by position.
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

    /// The arguments as text. A null is an argument that is not given.
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

/// Converts an argument, single or an array, to text.
fn texts(argument: &Value) -> Vec<String> {
    match argument {
        Value::Array(several) => several.iter().flat_map(texts).collect(),
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Object(marked) => {
            let instant = marked.get("$dt").or_else(|| marked.get("$instant")).expect("a known marker");
            vec![instant.as_str().unwrap().to_owned()]
        }
        other => vec![other.to_string()],
    }
}

/// Normalizes a query: the number of series, and the values by name and position, each in one spelling.
fn normalize(columns: &Columns) -> (usize, Columns) {
    let arrays = columns.iter().filter(|(name, _)| SERIES_PARAMETERS.contains(&name.as_str()));
    let count = arrays.map(|(_, values)| values.len()).max().unwrap_or(0).max(1);
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

fn normalize_query(query: &str) -> (usize, Columns) {
    normalize(&by_name(&read_strictly(query).unwrap()))
}

/// Builds the request for these arguments with the setters.
fn build(arguments: &Columns) -> TimeseriesParams {
    let arrays = || arguments.iter().filter(|(name, _)| SERIES_PARAMETERS.contains(&name.as_str()));
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
    for (name, values) in arguments.iter().filter(|(name, _)| !SERIES_PARAMETERS.contains(&name.as_str())) {
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

/// Parses the same request from a query with the arguments in the given order.
fn parse(arguments: &Columns) -> TimeseriesParams {
    let pairs = arguments
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
    TimeseriesParams::parse_query(&write_escaped(pairs)).unwrap()
}

/// Prepares the query of a call, for CSV if requested.
fn prepare(params: &TimeseriesParams) -> Result<Query, ParamError> {
    if params.is_csv() { params.prepare_csv() } else { params.prepare() }
}

#[test]
fn every_vector_is_counted() {
    let all = Vector::all();
    let mut by_endpoint: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in &all {
        *by_endpoint.entry(vector.text("endpoint")).or_default() += 1;
    }
    assert_eq!(by_endpoint.remove("timeseries"), Some(52));
    assert_eq!(by_endpoint, BTreeMap::from(OTHER_ENDPOINTS));

    let ids: BTreeSet<_> = all.iter().map(|vector| vector.text("id")).collect();
    assert_eq!(ids.len(), 64);
    let exceptions = REFUSED.iter().map(|(id, _)| id).chain(UNFAITHFUL.iter().map(|(id, ..)| id));
    let exceptions = exceptions.chain(OTHERS_REFUSED.iter().map(|(id, ..)| id));
    for id in exceptions {
        assert!(ids.contains(id), "{id} is an exception, but does not exist");
    }
}

#[test]
fn queries_match_the_arguments() {
    let mut covered = 0;
    for vector in Vector::timeseries().filter(|vector| !vector.is_refused()) {
        let (id, arguments) = (vector.text("id"), vector.arguments());
        let params = build(&arguments);
        assert_eq!(params, parse(&arguments), "{id}");
        assert_eq!(params.path(), vector.text("python_path"), "{id}");
        let query = prepare(&params).unwrap_or_else(|error| panic!("{id}: {error}")).to_string();
        assert_eq!(normalize_query(&query), normalize(&vector.expected()), "{id}");
        covered += 1;
    }
    assert_eq!(covered, 52 - REFUSED.len());
}

#[test]
fn queries_of_the_sdks_parse_into_the_same_request() {
    let mut alike = 0;
    for vector in Vector::timeseries().filter(|vector| !vector.is_refused()) {
        let id = vector.text("id");
        let ours = build(&vector.arguments());
        for sdk in ["python", "ts"] {
            let theirs = TimeseriesParams::parse_query(vector.text(&format!("{sdk}_query"))).unwrap();
            let unfaithful = UNFAITHFUL.iter().find(|(other, by, _)| *other == id && *by == sdk);
            if let Some((.., how)) = unfaithful {
                // If they were equal, the entry in `UNFAITHFUL` would be obsolete.
                assert_ne!(theirs, ours, "{id} by {sdk}: {how}");
            } else {
                assert_eq!(theirs, ours, "{id} by {sdk}");
                alike += 1;
            }
        }
    }
    assert_eq!(alike, 2 * (52 - REFUSED.len()) - UNFAITHFUL.len());
}

#[test]
fn gaps_keep_their_position_unlike_in_python() {
    let vector = Vector::by_id("104_hole_middle");
    let ours = prepare(&build(&vector.arguments())).unwrap().to_string();
    assert_eq!(ours, "name=d&name=all&name=s&caOwner=DigiCert&caOwner=&caOwner=Sectigo");
    // The same by series: the middle one is not filtered.
    let params = TimeseriesParams::new()
        .name("d")
        .ca_owner("DigiCert")
        .and(SeriesParams::new())
        .name("all")
        .and(SeriesParams::new())
        .name("s")
        .ca_owner("Sectigo");
    assert_eq!(params, TimeseriesParams::parse_query(vector.text("ts_query")).unwrap());
    // Python sends two filtered series and an unfiltered third one, and it is parsed like that.
    let slipped = TimeseriesParams::parse_query(vector.text("python_query")).unwrap();
    let owners: Vec<_> = slipped.series().map(|series| series.get("caOwner").unwrap_or_default()).collect();
    assert_eq!(owners, ["DigiCert", "Sectigo", ""]);

    let vector = Vector::by_id("106_hole_first");
    let ours = prepare(&build(&vector.arguments())).unwrap().to_string();
    assert_eq!(ours, vector.text("ts_query"));
    assert_eq!(TimeseriesParams::parse_query(vector.text("python_query")).unwrap().series().len(), 1);

    // A trailing gap means nothing if another array is longer: both are the same request.
    let vector = Vector::by_id("120_compare_3");
    assert_ne!(by_name(&pairs_of(&vector, "python")), by_name(&pairs_of(&vector, "ts")));
    let ours = prepare(&build(&vector.arguments())).unwrap().to_string();
    assert_eq!(normalize_query(&ours), normalize(&by_name(&pairs_of(&vector, "ts"))));
    assert_eq!(normalize_query(&ours).0, 3);
}

fn pairs_of(vector: &Vector, sdk: &str) -> Vec<(String, String)> {
    let pairs = vector.json[format!("{sdk}_pairs")].as_array().unwrap().iter();
    pairs.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned())).collect()
}

#[test]
fn parsed_queries_match_the_recorded_pairs() {
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
fn the_name_meta_is_refused() {
    let error = prepare(&build(&Vector::by_id("027_name_meta").arguments())).unwrap_err();
    assert_eq!((error.parameter(), error.problem()), ("name", &Problem::ReservedLabel));
}

#[test]
fn two_valid_requests_cover_all_21_parameters() {
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
        let query = prepare(&build(allowed)).unwrap().to_string();
        assert_eq!(normalize_query(&query), normalize(allowed));
    }
    let together: BTreeSet<_> = by_log.keys().chain(by_tld.keys()).collect();
    assert_eq!(together.len(), 21);
}

#[test]
fn unknown_parameters_are_sent_as_extra() {
    let params = TimeseriesParams::new().extra("someFutureParam", "v1").extra("someFutureParam", "v2");
    assert_eq!(params.prepare().unwrap().to_string(), Vector::by_id("130_extra_query").text("ts_query"));
    // A parameter with a setter is refused, since it would lose its position.
    let error = TimeseriesParams::new().extra("caOwner", "DigiCert").prepare().unwrap_err();
    assert_eq!((error.parameter(), error.problem()), ("caOwner", &Problem::NotExtra));
}

// The other endpoints.

/// Decodes the segments of a path. The SDKs do not escape `=`, `&`, `+` and others, which is equivalent in a
/// path.
fn segments(path: &str) -> Vec<String> {
    assert!(!path.contains(['?', '#']), "{path}");
    let decoded = |segment: &str| {
        let query = Query::parse(&format!("s={}", segment.replace('+', "%2B").replace('&', "%26"))).unwrap();
        query.pairs().map(|(_, value)| value.to_owned()).collect::<String>()
    };
    path.split('/').map(decoded).collect()
}

/// Builds a request for groups with the setters.
macro_rules! build_grouped {
    ($params:ty, $dimension:expr, $arguments:expr) => {{
        let arguments: &Columns = $arguments;
        let arrays = || arguments.iter().filter(|(name, _)| SERIES_PARAMETERS.contains(&name.as_str()));
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
        for (name, values) in arguments.iter().filter(|(name, _)| !SERIES_PARAMETERS.contains(&name.as_str()))
        {
            params = match name.as_str() {
                "limitPerGroup" => params.limit_per_group(values[0].parse::<u32>().unwrap()),
                "normalization" => params.normalization(values[0].as_str()),
                other => panic!("no setter for {other}"),
            };
        }
        params
    }};
}

/// Returns the path and the query of a vector's call, or the refused parameter or type.
fn path_and_query(vector: &Vector) -> Result<(String, String), String> {
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
            let params = build_grouped!(SummaryParams, argument, &arguments);
            assert_eq!(SummaryParams::from_parts(argument, query()).as_ref(), Ok(&params));
            (params.path(), params.prepare())
        }
        "timeseries_groups" => {
            let params = build_grouped!(TimeseriesGroupsParams, argument, &arguments);
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
    Ok((path.into_owned(), query.map_err(refused)?.to_string()))
}

#[test]
fn requests_of_other_endpoints_match_the_sdks() {
    let (mut sent, mut refused) = (0, 0);
    for vector in Vector::all().iter().filter(|vector| vector.text("endpoint") != "timeseries") {
        let id = vector.text("id");
        let exception = OTHERS_REFUSED.iter().find(|(other, ..)| *other == id);
        match (path_and_query(vector), exception) {
            (Ok((path, query)), None) => {
                for sdk in ["python", "ts"] {
                    assert_eq!(
                        segments(&path),
                        segments(vector.text(&format!("{sdk}_path"))),
                        "{id} by {sdk}"
                    );
                    assert_eq!(
                        normalize_query(&query),
                        normalize(&by_name(&pairs_of(vector, sdk))),
                        "{id} by {sdk}"
                    );
                }
                assert_eq!(normalize_query(&query), normalize(&vector.expected()), "{id}");
                sent += 1;
            }
            (Err(refused_by), Some((_, expected, why))) => {
                assert_eq!(refused_by, *expected, "{id}: {why}");
                refused += 1;
            }
            (sent, exception) => panic!("{id}: {sent:?}, but {exception:?}"),
        }
    }
    assert_eq!((sent, refused), (12 - OTHERS_REFUSED.len(), OTHERS_REFUSED.len()));
    let error = SummaryParams::by("ca").validate().unwrap_err();
    assert!(error.to_string().contains("did you mean `CA`"), "{error}");
    assert_eq!(SummaryParams::by("CA"), SummaryParams::by(Dimension::Ca));
}

/// Compares path segments with those of the SDKs, for all endpoints.
#[test]
fn path_segments_match_the_sdks() {
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

/// URL parsers treat `%2e%2e` like `..`, so escaping does not help. Both SDKs refuse dot segments, too.
#[test]
fn dot_segments_are_refused() {
    for segment in ["", ".", ".."] {
        assert_eq!(encode_path_segment(segment), None);
    }
}

// Classes of arguments beyond the vectors, each with arguments and the expected query.

/// Asserts that arguments become this query, both with the setters and parsed from a query.
fn assert_query(arguments: &[(&str, &str)], query: &str) {
    let mut columns = Columns::new();
    for (name, value) in arguments {
        columns.entry((*name).to_owned()).or_default().push((*value).to_owned());
    }
    let from_query = parse(&columns);
    assert_eq!(prepare(&from_query).unwrap().to_string(), query, "{arguments:?}");
    assert_eq!(build(&columns), from_query, "{arguments:?}");
}

#[test]
fn text_is_escaped_and_otherwise_unchanged() {
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
        // Unicode is not normalized.
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
            assert_query(&[(name, text)], &format!("{name}={written}"));
        }
        let extra = TimeseriesParams::new().extra(text, text).prepare().unwrap().to_string();
        assert_eq!(extra, format!("{written}={written}"));
    }
}

#[test]
fn plus_and_percent_20_are_spaces_and_an_escaped_plus_is_a_plus() {
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
fn instants_keep_their_offset_and_precision() {
    // The start as given and as sent.
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
        // Different spellings of an instant are sent in one.
        ("2026-01-01T00:00:00+00:00", "2026-01-01T00%3A00%3A00Z"),
        ("2026-01-01T00:00:00-00:00", "2026-01-01T00%3A00%3A00Z"),
        ("2026-01-01T00:00:00.000Z", "2026-01-01T00%3A00%3A00Z"),
        ("2026-01-01T00:00:00.117000+00:00", "2026-01-01T00%3A00%3A00.117Z"),
        ("2026-01-01t00:00:00z", "2026-01-01T00%3A00%3A00Z"),
    ];
    let end = "2030-01-01T00:00:00Z";
    for (start, written) in table {
        assert_query(
            &[("dateStart", start), ("dateEnd", end)],
            &format!("dateStart={written}&dateEnd=2030-01-01T00%3A00%3A00Z"),
        );
    }
    assert_eq!(instant("2026-01-01T05:30:00+05:30"), instant("2026-01-01T00:00:00Z"));
}

#[test]
fn ambiguous_and_malformed_instants_are_refused() {
    // The first is a naive `datetime` of Python, whose offset is unknown.
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
fn date_ranges_are_sent_in_lower_case() {
    for text in ["7dControl", "7dcontrol", "7DCONTROL", "7dCONTROL"] {
        assert_query(&[("dateRange", text)], "dateRange=7dcontrol");
    }
    assert_query(&[("dateRange", "1D")], "dateRange=1d");
    assert_query(&[("dateRange", "364d")], "dateRange=364d");
    assert_query(&[("dateRange", "52W")], "dateRange=52w");
    // Some tool joins ranges with commas, which would not be two series.
    for text in ["7d,7dcontrol", "365d", "0d", "07d", "7 d", "last7d", "1m"] {
        let error = TimeseriesParams::parse_query(&write_escaped([("dateRange", text)])).unwrap_err();
        assert_eq!((error.parameter(), error.problem()), ("dateRange", &Problem::NotDateRange(text.into())));
    }
}

#[test]
fn booleans_are_lower_case() {
    assert_query(&[("hasIps", "true"), ("hasWildcards", "false")], "hasIps=true&hasWildcards=false");
    assert_query(
        &[("uniqueEntries", "false"), ("uniqueEntries", "true")],
        "uniqueEntries=false&uniqueEntries=true",
    );
    let typed = TimeseriesParams::new().unique_entries(true).has_ips(false);
    assert_eq!(typed.prepare().unwrap().to_string(), "hasIps=false&uniqueEntries=true");
    for text in ["True", "TRUE", "1", "yes", " true"] {
        let error = TimeseriesParams::parse_query(&write_escaped([("hasIps", text)])).unwrap_err();
        assert_eq!(error.problem(), &Problem::NotBoolean(text.into()));
        // An unknown value of an enum can be parsed, but is not sent.
        let read = TimeseriesParams::parse_query(&write_escaped([("uniqueEntries", text)])).unwrap();
        assert_eq!(read.validate().unwrap_err().parameter(), "uniqueEntries");
    }
}

#[test]
fn formats_keep_their_case() {
    for format in ["JSON", "json", "Json", "CSV", "csv", "Csv"] {
        assert_query(&[("format", format)], &format!("format={format}"));
    }
    let error = TimeseriesParams::new().format("xml").validate().unwrap_err();
    assert_eq!(error.parameter(), "format");
}

#[test]
fn documented_enum_values_are_sent_unchanged() {
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
        assert_query(&one_series_for_each, &written.join("&"));
        // In lower case it is an undocumented value.
        let lower = values[0].to_ascii_lowercase();
        if lower != values[0] {
            let error = prepare(&request([set(SeriesParams::new(), name, &lower)])).unwrap_err();
            assert_eq!(error.parameter(), name);
            assert!(error.to_string().contains(&format!("did you mean `{}`", values[0])), "{error}");
        }
    }
    for interval in ["15m", "1h", "1d", "1w"] {
        assert_query(&[("aggInterval", interval)], &format!("aggInterval={interval}"));
    }
    assert!(TimeseriesParams::new().agg_interval("2h").validate().is_err());
}

#[test]
fn values_keep_their_order_and_names_have_a_fixed_one() {
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
fn empty_values_only_hold_positions() {
    // As given and as sent: the number of series is the same.
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
        let (count, _) = normalize(&by_name(&read_strictly(sent).unwrap()));
        assert_eq!(params.series().len(), count, "{given:?}");
    }
}

#[test]
fn names_that_cannot_be_labels_are_refused() {
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
    // Similar names that are allowed.
    for query in ["name=Meta", "name=a&name=A", "name=meta%20", "name=serie_0"] {
        assert_eq!(TimeseriesParams::parse_query(query).unwrap().prepare().unwrap().to_string(), query);
    }
}

#[test]
fn repeated_parameters_of_the_whole_request_are_refused() {
    for query in ["aggInterval=1d&aggInterval=1d", "format=JSON&format=csv"] {
        let error = TimeseriesParams::parse_query(query).unwrap_err();
        assert_eq!(error.problem(), &Problem::Repeated(2), "{query}");
    }
}
