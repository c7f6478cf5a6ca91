//! The blocking and the async client agree on every outcome.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use radar_ct::transport::TransportErrorKind;
use radar_ct::{
    AggInterval, AuthoritiesParams, AuthorityParams, BaseUrl, ClientBuilder, Credentials, DateRange,
    Dimension, EntryType, Error, LogParams, LogsParams, RetryPolicy, SummaryParams, Timeseries,
    TimeseriesGroupsParams, TimeseriesParams,
};
use radar_ct_emulator::Emulator;
use radar_ct_tests::faults::{Faulty, answer, response};

const TOKEN: &str = "s3cr3t-token-of-the-test";

/// The result of a call, as far as users can observe it.
#[derive(Debug, PartialEq)]
enum Observed<T = Timeseries> {
    Data(T),
    Error(Box<Failure>),
}

/// All that an error reports.
#[derive(Debug, PartialEq)]
struct Failure {
    text: String,
    predicates: Vec<(&'static str, bool)>,
    status: Option<u16>,
    code: Option<i64>,
    kind: Option<TransportErrorKind>,
    parameter: Option<String>,
    retry_after: Option<Duration>,
    ray_id: Option<String>,
    attempts: u32,
    body: Vec<u8>,
}

impl<T> From<Result<T, Error>> for Observed<T> {
    fn from(result: Result<T, Error>) -> Self {
        let error = match result {
            Ok(data) => return Self::Data(data),
            Err(error) => error,
        };
        let texts = format!("{error} {error:?}");
        assert!(
            !texts.contains(TOKEN) && !error.body().windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes())
        );
        let predicates = [
            ("usage", error.is_usage()),
            ("authentication", error.is_authentication()),
            ("rate limited", error.is_rate_limited()),
            ("timeout", error.is_timeout()),
            ("connect", error.is_connect()),
            ("retryable", error.is_retryable()),
            ("decode", error.decode_error().is_some()),
        ];
        Self::Error(Box::new(Failure {
            text: error.to_string(),
            predicates: predicates.to_vec(),
            status: error.status().map(|status| status.as_u16()),
            code: error.code(),
            kind: error.transport_kind(),
            parameter: error.param_error().map(|error| error.parameter().to_owned()),
            retry_after: error.retry_after(),
            ray_id: error.ray_id().map(str::to_owned),
            attempts: error.attempts(),
            body: error.body().to_vec(),
        }))
    }
}

fn set_up<C>(builder: ClientBuilder<C>, base_url: &str) -> ClientBuilder<C> {
    // Retries without waits: `virtual_time.rs` tests those.
    let retry = RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO);
    builder.base_url(BaseUrl::parse(base_url).unwrap()).retry(retry).timeout(Duration::from_secs(20))
}

fn blocking_client(base_url: &str) -> radar_ct::blocking::Client {
    let builder = radar_ct::blocking::Client::builder(Credentials::token(TOKEN).unwrap());
    set_up(builder, base_url).build().unwrap()
}

fn async_client(base_url: &str) -> radar_ct::Client {
    set_up(radar_ct::Client::builder(Credentials::token(TOKEN).unwrap()), base_url).build().unwrap()
}

/// Runs a call to its end. Spawning it proves that it is `Send`.
fn run<T: Send + 'static>(call: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(runtime.spawn(call)).unwrap()
}

fn call_blocking(base_url: &str, params: &TimeseriesParams) -> Observed {
    blocking_client(base_url).timeseries(params).into()
}

fn call_async(base_url: &str, params: &TimeseriesParams) -> Observed {
    let (client, params) = (async_client(base_url), params.clone());
    run(async move { client.timeseries(&params).await }).into()
}

/// Calls servers with the same answers with both clients. Returns the result and the number of requests.
fn call_scripted(answers: &[Vec<u8>], params: &TimeseriesParams) -> (Observed, usize) {
    let both = [call_blocking, call_async].map(|client| {
        let server = Faulty::play(answers.iter().cloned().map(answer).collect());
        (client(&server.base_url(), params), server.requests())
    });
    let [first, second] = both;
    assert_eq!(first, second);
    first
}

fn call_emulator(emulator: &Emulator, params: &TimeseriesParams) -> Observed {
    let [first, second] = [call_blocking, call_async].map(|client| client(&emulator.base_url(), params));
    assert_eq!(first, second);
    first
}

fn emulator() -> Emulator {
    let now: DateTime<Utc> = "2026-10-08T12:34:56Z".parse().unwrap();
    Emulator::builder().now(now).start().unwrap()
}

fn timestamp(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn both_clients_return_the_same_data() {
    let emulator = emulator();
    let week = DateRange::LAST_7_DAYS;
    let window = (timestamp("2026-03-01T00:00:00Z"), timestamp("2026-03-02T00:00:00Z"));
    let table: [(TimeseriesParams, &[&str]); 7] = [
        (TimeseriesParams::new(), &["serie_0"]),
        (TimeseriesParams::new().date_range(week).name("a week"), &["a week"]),
        (TimeseriesParams::new().date_range(week).vs().date_range(week.control()), &["serie_0", "serie_1"]),
        (
            TimeseriesParams::new().window(window.0, window.1).agg_interval(AggInterval::FifteenMinutes),
            &["serie_0"],
        ),
        (
            TimeseriesParams::new()
                .ca_owner("DigiCert")
                .name("b")
                .vs()
                .ca_owner("")
                .name("a")
                .vs()
                .tld("рф")
                .name("ß"),
            &["b", "a", "ß"],
        ),
        (
            TimeseriesParams::new().entry_type(EntryType::Precertificate).has_ips(true).unique_entries(false),
            &["serie_0"],
        ),
        (
            TimeseriesParams::new().date_range(DateRange::LAST_52_WEEKS).extra("unknown", "parameter"),
            &["serie_0"],
        ),
    ];
    for (params, labels) in table {
        let Observed::Data(data) = call_emulator(&emulator, &params) else { panic!("{params:?}") };
        let found: Vec<_> = data.series.iter().map(|series| series.label().to_owned()).collect();
        assert_eq!(found, labels);
        assert!(data.series.iter().all(|series| series.len() > 1), "{params:?}");
    }
}

#[test]
fn invalid_requests_are_refused_before_they_are_sent() {
    let emulator = emulator();
    let day = DateRange::LAST_DAY;
    let table = [
        (TimeseriesParams::new().tld("com").log("argon2026h1"), "tld"),
        (TimeseriesParams::new().duration("FOREVER"), "duration"),
        (TimeseriesParams::new().agg_interval("2h"), "aggInterval"),
        (TimeseriesParams::new().format("CSV"), "format"),
        (TimeseriesParams::new().name("meta"), "name"),
        (TimeseriesParams::new().name("a").vs().name("a"), "name"),
        (TimeseriesParams::new().date_range(day).vs().date_range(DateRange::LAST_7_DAYS), "dateRange"),
        (
            TimeseriesParams::new()
                .window(timestamp("2026-03-02T00:00:00Z"), timestamp("2026-03-01T00:00:00Z")),
            "dateEnd",
        ),
        (TimeseriesParams::new().extra("caOwner", "DigiCert"), "caOwner"),
    ];
    for (params, parameter) in table {
        let Observed::Error(failure) = call_emulator(&emulator, &params) else { panic!("{params:?}") };
        assert_eq!((failure.parameter.as_deref(), failure.attempts), (Some(parameter), 0), "{failure:?}");
        assert!(failure.predicates.contains(&("usage", true)));
    }
    assert_eq!(emulator.request_count(), 0);
}

#[test]
fn both_clients_report_the_same_refusals_of_the_emulator() {
    let now = timestamp("2026-10-08T12:34:56Z");
    let emulator = Emulator::builder().now(now);
    let in_quarter_hours = |params: TimeseriesParams| params.agg_interval(AggInterval::FifteenMinutes);
    let table = [
        (
            emulator.clone(),
            in_quarter_hours(TimeseriesParams::new().date_range(DateRange::LAST_52_WEEKS)),
            400,
            Some(2001),
            false,
        ),
        (emulator.clone().token("another-token"), TimeseriesParams::new(), 401, Some(10000), true),
        (emulator.max_points(5), TimeseriesParams::new(), 422, Some(2002), false),
    ];
    for (emulator, params, status, code, authentication) in table {
        // One emulator per client: its ray IDs are numbered, and part of the comparison.
        let [first, second] = [call_blocking, call_async]
            .map(|client| client(&emulator.clone().start().unwrap().base_url(), &params));
        assert_eq!(first, second);
        let Observed::Error(failure) = first else { panic!("{params:?}") };
        assert_eq!((failure.status, failure.code, failure.attempts), (Some(status), code, 1), "{failure:?}");
        assert!(failure.predicates.contains(&("authentication", authentication)), "{failure:?}");
        assert!(failure.ray_id.is_some(), "{failure:?}");
    }
}

const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

#[test]
fn only_retryable_statuses_are_retried() {
    let params = TimeseriesParams::new();
    let good = response("200 OK", &[], GOOD);
    for status in [
        "408 Request Timeout",
        "409 Conflict",
        "429 Too Many Requests",
        "500 X",
        "502 X",
        "503 X",
        "520 X",
        "599 X",
    ] {
        let bad = response(status, &["cf-ray: 8f00ba"], "<html>error</html>");
        let (seen, requests) = call_scripted(&[bad.clone(), bad.clone(), good.clone()], &params);
        assert!(matches!(seen, Observed::Data(_)), "{status} {seen:?}");
        assert_eq!(requests, 3, "{status}");
        let (seen, requests) = call_scripted(&[bad], &params);
        let Observed::Error(failure) = seen else { panic!("{status}") };
        assert_eq!(
            (requests, failure.attempts, failure.ray_id.as_deref()),
            (3, 3, Some("8f00ba")),
            "{status}"
        );
        assert_eq!(
            failure.predicates.contains(&("rate limited", true)),
            status.starts_with("429"),
            "{status}"
        );
    }
    for status in [
        "400 Bad Request",
        "401 X",
        "403 X",
        "404 X",
        "410 X",
        "418 X",
        "422 X",
        "204 No Content",
        "206 X",
        "301 X",
        "302 X",
        "304 X",
    ] {
        // A partial answer may look like a complete one.
        let body = if status.starts_with("206") { GOOD } else { "" };
        let (seen, requests) = call_scripted(&[response(status, &[], body), good.clone()], &params);
        let Observed::Error(failure) = seen else { panic!("{status}") };
        assert_eq!((requests, failure.attempts), (1, 1), "{status}");
        assert_eq!(failure.status.map(|status| status.to_string()).as_deref(), status.get(..3), "{status}");
    }
}

#[test]
fn truncated_responses_are_retried() {
    let good = response("200 OK", &[], GOOD);
    let cut_body = good[..good.len() - 9].to_vec();
    let cut_head = b"HTTP/1.1 200 OK\r\ncontent-le".to_vec();
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"suc\r\n".to_vec();
    for (part, cut) in [("body", cut_body), ("head", cut_head), ("chunks", chunked), ("all", Vec::new())] {
        let (seen, requests) = call_scripted(&[cut.clone(), good.clone()], &TimeseriesParams::new());
        assert!(matches!(seen, Observed::Data(_)), "{part} {seen:?}");
        assert_eq!(requests, 2, "{part}");
        let (seen, requests) = call_scripted(&[cut], &TimeseriesParams::new());
        let Observed::Error(failure) = seen else { panic!("{part}") };
        assert_eq!((requests, failure.kind), (3, Some(TransportErrorKind::Interrupted)), "{part}");
    }
}

#[test]
fn a_success_without_valid_data_is_an_error_without_retries() {
    let table = [
        ("an empty body", ""),
        ("an HTML page", "<html>hello</html>"),
        (
            "truncated JSON",
            r#"{"success":true,"result":{"serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"val"#,
        ),
        (
            "trailing garbage",
            "{\"success\":true,\"result\":{\"serie_0\":{\"timestamps\":[],\"values\":[]},\"meta\":{}}} x",
        ),
        ("success: false", r#"{"success":false,"errors":[{"code":7,"message":"no luck"}],"result":null}"#),
        ("null result", r#"{"success":true,"errors":[],"result":null}"#),
        ("no result", r#"{"success":true,"errors":[]}"#),
        ("a list", r#"{"success":true,"errors":[],"result":[]}"#),
        (
            "unequal lengths",
            r#"{"success":true,"result":{"serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":[]},"meta":{}}}"#,
        ),
        (
            "a value that is not a number",
            r#"{"success":true,"result":{"serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["x"]},"meta":{}}}"#,
        ),
        ("members that are no series", r#"{"success":true,"result":{"x":1,"meta":{}}}"#),
    ];
    for (case, body) in table {
        let (seen, requests) = call_scripted(&[response("200 OK", &[], body)], &TimeseriesParams::new());
        let Observed::Error(failure) = seen else { panic!("{case}") };
        assert!(failure.predicates.contains(&("decode", true)), "{case} {failure:?}");
        assert_eq!((requests, failure.status), (1, Some(200)), "{case}");
    }
}

#[test]
fn the_documented_example_is_an_answer_without_series() {
    let body = include_str!("../data/answers/documented_example.json");
    let (seen, requests) = call_scripted(&[response("200 OK", &[], body)], &TimeseriesParams::new());
    let Observed::Data(answer) = seen else { panic!("{seen:?}") };
    assert_eq!((answer.series.len(), requests), (0, 1));
    // Every member is read, and written as it was.
    let written = serde_json::to_value(&answer).unwrap();
    let read: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(written, read["result"]);
    let message = |error: radar_ct::DecodeError| error.to_string();
    assert!(message(answer.single().unwrap_err()).contains("no series"));
    assert!(
        message(answer.require("main").unwrap_err()).contains("the answer has no series `main`; it has none")
    );
}

#[test]
fn a_series_is_missing_only_beside_another() {
    let body = r#"{"success":true,"result":{"a":{"timestamps":[],"values":[]},"meta":{}}}"#;
    let two = TimeseriesParams::new().name("a").vs().name("b");
    let (seen, _) = call_scripted(&[response("200 OK", &[], body)], &two);
    let Observed::Error(failure) = seen else { panic!("{seen:?}") };
    assert!(failure.predicates.contains(&("decode", true)), "{failure:?}");
}

#[test]
fn every_shape_of_error_is_parsed() {
    let chain = r#"{"success":false,"errors":[{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}],"messages":[],"result":null}"#;
    let radar = r#"{"success":false,"errors":[{"message":"dateRange: Invalid"}],"result":{}}"#;
    let echo = format!(r#"{{"success":false,"errors":[{{"code":1,"message":"bad token {TOKEN}"}}]}}"#);
    let table: [(&str, &str, Option<i64>, bool, &str); 5] = [
        ("400 Bad Request", chain, Some(6003), true, "Invalid format for Authorization header"),
        ("400 Bad Request", radar, None, false, "dateRange: Invalid"),
        ("404 Not Found", r#"{"error":"Not Found"}"#, None, false, "Not Found"),
        ("403 Forbidden", "<html><title>Attention Required!</title>", None, true, "403"),
        ("400 Bad Request", &echo, Some(1), false, "[redacted]"),
    ];
    for (status, body, code, authentication, text) in table {
        let (seen, _) = call_scripted(&[response(status, &[], body)], &TimeseriesParams::new());
        let Observed::Error(failure) = seen else { panic!("{body}") };
        assert_eq!(failure.code, code, "{failure:?}");
        assert!(failure.predicates.contains(&("authentication", authentication)), "{failure:?}");
        assert!(failure.text.contains(text), "{failure:?}");
    }
}

#[test]
fn both_clients_send_the_same_headers() {
    let heads = [call_blocking, call_async].map(|client| {
        let server = Faulty::play(vec![answer(response("200 OK", &[], GOOD))]);
        let params = TimeseriesParams::new().ca_owner("Let's Encrypt & co").vs().ca_owner("");
        drop(client(&server.base_url(), &params));
        let head = server.heads().concat();
        let mut lines: Vec<_> =
            head.lines().map(str::to_ascii_lowercase).filter(|line| !line.starts_with("host:")).collect();
        lines.sort();
        lines
    });
    let [first, second] = heads;
    assert_eq!(first, second);
    assert!(first.contains(&format!("authorization: bearer {TOKEN}")));
    let target = "get /client/v4/radar/ct/timeseries?caowner=let%27s%20encrypt%20%26%20co&caowner= http/1.1";
    assert!(first.iter().any(|line| line == target), "{first:?}");
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Faulty::play(vec![answer(response("200 OK", &[], GOOD))]);
    for status in ["301 X", "302 X", "303 X", "307 X", "308 X"] {
        let location = format!("location: {}/radar/ct/timeseries", elsewhere.base_url());
        let (seen, requests) = call_scripted(&[response(status, &[&location], "")], &TimeseriesParams::new());
        assert!(matches!(seen, Observed::Error(_)), "{status}");
        assert_eq!((requests, elsewhere.requests()), (1, 0), "{status}");
    }
}

// The other endpoints.

/// Calls a method of both clients on servers with the same answers. Returns the result and the targets of the
/// requests.
macro_rules! call_both {
    ($method:ident, $params:expr, $answers:expr) => {{
        let script: Vec<_> = $answers.iter().cloned().map(answer).collect();
        let targets = |server: &Faulty| -> Vec<String> {
            let heads = server.heads();
            heads.iter().map(|head| head.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
        };
        let params = $params;
        let server = Faulty::play(script.clone());
        let first = (Observed::from(blocking_client(&server.base_url()).$method(&params)), targets(&server));
        let server = Faulty::play(script);
        let client = async_client(&server.base_url());
        let second = (Observed::from(run(async move { client.$method(&params).await })), targets(&server));
        assert_eq!(first, second);
        let (seen, targets) = first;
        let seen = match seen {
            Observed::Data(data) => Observed::Data(format!("{data:?}")),
            Observed::Error(failure) => Observed::Error(failure),
        };
        (seen, targets)
    }};
}

/// Calls one endpoint on a server with these answers. Returns the result and the targets of the requests.
type CallEndpoint = fn(&[Vec<u8>]) -> (Observed<String>, Vec<String>);

/// The name of an endpoint, its call, the target of its request, a valid result, a text in its data, and
/// invalid results.
type Row = (&'static str, CallEndpoint, &'static str, &'static str, &'static str, &'static [&'static str]);

const ENDPOINTS: [Row; 6] = [
    (
        "summary",
        |answers| {
            call_both!(summary, SummaryParams::by(Dimension::CaOwner).name("a b").limit_per_group(5), answers)
        },
        "/radar/ct/summary/CA_OWNER?name=a%20b&limitPerGroup=5",
        r#"{"a b":{"Let's Encrypt (ISRG)":"60.5","other":null},"meta":{}}"#,
        "60.5",
        &[
            r#"{"x":1,"meta":{}}"#,
            r#"{"a b":{"k":"x"}}"#,
            r#"{"a b":{"k":"1","k":"2"}}"#,
            r#"{"a b":{"k":["1"]}}"#,
        ],
    ),
    (
        "timeseries_groups",
        |answers| {
            let params = TimeseriesGroupsParams::by(Dimension::Tld).agg_interval(AggInterval::OneDay);
            call_both!(timeseries_groups, params, answers)
        },
        "/radar/ct/timeseries_groups/TLD?aggInterval=1d",
        r#"{"serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"рф":["60.5"]},"meta":{}}"#,
        "60.5",
        &[
            r#"{"x":1,"meta":{}}"#,
            r#"{"serie_0":{"timestamps":[],"com":["1"]}}"#,
            r#"{"serie_0":{"com":["1"]}}"#,
            r#"{"serie_0":{"timestamps":["yesterday"],"com":["1"]}}"#,
        ],
    ),
    (
        "authorities",
        |answers| call_both!(authorities, AuthoritiesParams::new().limit(2).offset(4), answers),
        "/radar/ct/authorities?limit=2&offset=4",
        r#"{"certificateAuthorities":[{"name":"Root X9","sha256Fingerprint":"AB"}]}"#,
        "Root X9",
        &["{}", r#"{"certificateAuthorities":null}"#, r#"{"certificateAuthorities":{"name":"Root X9"}}"#],
    ),
    (
        "authority",
        |answers| call_both!(authority, AuthorityParams::new("ab".repeat(32).parse().unwrap()), answers),
        "/radar/ct/authorities/ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
        r#"{"certificateAuthority":{"name":"Root X9","chromeStatus":"NEVER_HEARD_OF"}}"#,
        "NEVER_HEARD_OF",
        &["{}", r#"{"certificateAuthority":null}"#, r#"{"certificateAuthority":{"name":1}}"#],
    ),
    (
        "logs",
        |answers| call_both!(logs, LogsParams::new(), answers),
        "/radar/ct/logs",
        r#"{"certificateLogs":[{"slug":"x9","state":"USABLE"},{"slug":"x8","api":null}]}"#,
        "x8",
        &["{}", r#"{"certificateLogs":[null]}"#, r#"{"certificateLogs":[{"slug":"a","slug":"b"}]}"#],
    ),
    (
        "log",
        |answers| call_both!(log, LogParams::new("../x?y #z".parse().unwrap()), answers),
        "/radar/ct/logs/..%2Fx%3Fy%20%23z",
        r#"{"certificateLog":{"slug":"x9","submittedCertCount":"9007199254740993"}}"#,
        "9007199254740993",
        &["{}", r#"{"certificateLog":null}"#, r#"{"certificateLog":{"submittedCertCount":"many"}}"#],
    ),
];

fn envelope(result: &str) -> String {
    format!(r#"{{"success":true,"errors":[],"result":{result}}}"#)
}

#[test]
fn other_endpoints_return_data_after_retries() {
    for (endpoint, call, target, result, text, _) in ENDPOINTS {
        let good = response("200 OK", &["cf-ray: 8f00ba"], envelope(result));
        let target = format!("GET /client/v4{target}");
        let (seen, targets) = call(std::slice::from_ref(&good));
        let Observed::Data(data) = seen else { panic!("{endpoint}: {seen:?}") };
        assert!(data.contains(text), "{endpoint}: {data}");
        assert_eq!(targets, [target.as_str()], "{endpoint}");
        // After two errors that are retried.
        let bad = response("503 X", &[], "<html>error</html>");
        let (seen, targets) = call(&[bad.clone(), bad, good]);
        assert_eq!(seen, Observed::Data(data), "{endpoint}");
        assert_eq!(targets, vec![target; 3], "{endpoint}");
    }
}

#[test]
fn other_endpoints_report_errors() {
    let refused = r#"{"success":false,"errors":[{"code":7,"message":"no luck"}],"result":null}"#;
    let authentication = r#"{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}"#;
    let table: [(&str, &str, u32, Option<i64>, &str); 6] = [
        ("400 Bad Request", refused, 1, Some(7), "no luck"),
        ("401 X", authentication, 1, Some(10_000), "Authentication error"),
        ("404 Not Found", r#"{"error":"Not Found"}"#, 1, None, "Not Found"),
        ("429 X", refused, 3, Some(7), "no luck"),
        ("500 X", "<html><title>oh</title>", 3, None, "oh"),
        ("200 OK", refused, 1, Some(7), "no luck"),
    ];
    for (endpoint, call, _, result, _, invalid_results) in ENDPOINTS {
        let failed = |answer: Vec<u8>| {
            let (seen, targets) = call(&[answer]);
            let Observed::Error(failure) = seen else { panic!("{endpoint}: {seen:?}") };
            assert_eq!(u32::try_from(targets.len()).unwrap(), failure.attempts, "{endpoint}");
            failure
        };
        for (status, body, attempts, code, text) in table {
            let failure = failed(response(status, &[], body));
            assert_eq!((failure.attempts, failure.code), (attempts, code), "{endpoint} {failure:?}");
            assert!(failure.text.contains(text), "{endpoint} {failure:?}");
            for (predicate, prefix) in [("decode", "200"), ("authentication", "401"), ("rate limited", "429")]
            {
                assert!(failure.predicates.contains(&(predicate, status.starts_with(prefix))), "{failure:?}");
            }
        }
        // A truncated JSON text, a truncated response, and invalid results.
        let body = envelope(result);
        let cut = failed(response("200 OK", &[], &body[..body.len() - 3]));
        assert!(cut.predicates.contains(&("decode", true)) && cut.text.contains("cut off"), "{cut:?}");
        let good = response("200 OK", &[], &body);
        let broken = failed(good[..good.len() - 3].to_vec());
        assert_eq!((broken.kind, broken.attempts), (Some(TransportErrorKind::Interrupted), 3), "{endpoint}");
        for invalid in invalid_results.iter().copied().chain(["null", "[]", "7"]) {
            let failure = failed(response("200 OK", &[], envelope(invalid)));
            assert!(failure.predicates.contains(&("decode", true)), "{endpoint} {invalid} {failure:?}");
        }
    }
}

#[test]
fn invalid_requests_to_other_endpoints_are_refused_before_they_are_sent() {
    let none: [Vec<u8>; 0] = [];
    let table = [
        ("dimension", call_both!(summary, SummaryParams::by("ca"), none)),
        ("limitPerGroup", call_both!(summary, SummaryParams::by(Dimension::Ca).limit_per_group(1), none)),
        ("log", call_both!(timeseries_groups, TimeseriesGroupsParams::by(Dimension::Tld).log("x"), none)),
        ("limit", call_both!(authorities, AuthoritiesParams::new().limit(0), none)),
        ("format", call_both!(logs, LogsParams::new().format("csv"), none)),
    ];
    for (parameter, (seen, targets)) in table {
        let Observed::Error(failure) = seen else { panic!("{parameter}: {seen:?}") };
        assert_eq!((failure.parameter.as_deref(), failure.attempts), (Some(parameter), 0), "{failure:?}");
        assert!(failure.predicates.contains(&("usage", true)) && targets.is_empty(), "{failure:?}");
    }
}
