//! Every fault of a server ends in data or in one clear error, with both clients and before the deadline.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test panics")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use radar_ct::transport::{TransportConfig, TransportErrorKind as Kind};
use radar_ct::{BaseUrl, ClientBuilder, Credentials, Error, RetryPolicy, Timeseries, TimeseriesParams};
use radar_ct_tests::faults::{Act, Faulty, Script, answer, answers, response};

const TOKEN: &str = "s3cr3t-token-of-the-test";
/// The timeout of all calls here.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The tolerance for a call that ends after its deadline, on a busy machine.
const TOLERANCE: Duration = Duration::from_secs(1);
const LIMIT: usize = 1 << 20;

const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// The data of [`GOOD`].
    Data,
    /// A transport error of this kind.
    Transport(Kind),
    /// A status other than success.
    Status(u16),
    /// A redirect that is not followed.
    Redirect,
    /// A success without valid data.
    Decode,
}

struct Case {
    name: String,
    script: Script,
    end: End,
    connections: RangeInclusive<usize>,
}

/// A case without retries.
fn once(name: impl Into<String>, acts: Vec<Act>, end: End) -> Case {
    Case { name: name.into(), script: vec![acts], end, connections: 1..=1 }
}

/// A case that is retried and keeps failing.
fn retried(name: impl Into<String>, acts: Vec<Act>, end: End) -> Case {
    Case { name: name.into(), script: vec![acts], end, connections: 3..=3 }
}

/// A case that succeeds at the second attempt.
fn recovers(name: impl Into<String>, acts: Vec<Act>) -> Case {
    let script = vec![acts, answer(response("200 OK", &[], GOOD))];
    Case { name: name.into(), script, end: End::Data, connections: 2..=2 }
}

fn raw(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    [head.replace('\n', "\r\n").as_bytes(), body.as_ref()].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn cases() -> Vec<Case> {
    [
        statuses(),
        retry_after_headers(),
        connections(),
        heads(),
        bodies(),
        compressed(),
        error_pages(),
        contents(),
        redirects(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn statuses() -> Vec<Case> {
    let mut cases = Vec::new();
    for status in
        [400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 416, 418, 422, 423, 424, 431, 451, 499]
    {
        let answered =
            response(&format!("{status} X"), &[], r#"{"success":false,"errors":[{"message":"no"}]}"#);
        cases.push(once(format!("{status}"), answer(answered), End::Status(status)));
    }
    for status in [408, 409, 429, 500, 501, 502, 503, 504, 505, 507, 520, 521, 522, 524, 525, 530, 599] {
        let answered = response(&format!("{status} X"), &[], "<html>an error page</html>");
        cases.push(retried(format!("{status}"), answer(answered.clone()), End::Status(status)));
        cases.push(recovers(format!("{status} once"), answer(answered)));
    }
    for status in [201, 202, 203] {
        cases.push(once(format!("{status}"), answer(response(&format!("{status} X"), &[], GOOD)), End::Data));
    }
    cases.push(once("204", answer(raw("HTTP/1.1 204 No Content\n\n", "")), End::Decode));
    cases.push(once("205", answer(response("205 X", &[], "")), End::Decode));
    cases.push(once(
        "206",
        answer(response("206 X", &["content-range: bytes 0-1/2"], GOOD)),
        End::Status(206),
    ));
    cases.push(once("304", answer(raw("HTTP/1.1 304 Not Modified\n\n", "")), End::Redirect));
    cases.push(once("300", answer(response("300 X", &[], GOOD)), End::Redirect));
    let early = raw("HTTP/1.1 103 Early Hints\nlink: </x>\n\n", response("200 OK", &[], GOOD));
    cases.push(once("103 first", answer(early), End::Data));
    let continue_first = raw("HTTP/1.1 100 Continue\n\n", response("200 OK", &[], GOOD));
    cases.push(once("100 first", answer(continue_first), End::Data));
    let processing = "HTTP/1.1 102 Processing\r\n\r\n".repeat(5).into_bytes();
    cases.push(once(
        "102 again and again",
        answer([processing, response("200 OK", &[], GOOD)].concat()),
        End::Data,
    ));
    cases
}

fn retry_after_headers() -> Vec<Case> {
    let unavailable = |text: &str| response("503 X", &[&format!("retry-after: {text}")], "");
    let mut cases = vec![
        once("retry after an hour", answer(unavailable("3600")), End::Status(503)),
        once("retry after an eternity", answer(unavailable("99999999999999999999999")), End::Status(503)),
        once(
            "retry in another century",
            answer(unavailable("Fri, 31 Dec 2100 23:59:59 GMT")),
            End::Status(503),
        ),
        recovers("retry after a second", answer(unavailable("1"))),
    ];
    for text in ["0", "-1", "soon", "", "1e9", "0x10", "Thu, 01 Jan 1970 00:00:00 GMT", "NaN", "1, 2"] {
        cases.push(recovers(format!("retry after `{text}`"), answer(unavailable(text))));
    }
    cases
}

fn connections() -> Vec<Case> {
    let good = response("200 OK", &[], GOOD);
    let head = good.len() - GOOD.len();
    let reset_after = |bytes: &[u8]| vec![Act::Read, Act::Write(bytes.to_vec()), Act::Reset];
    vec![
        retried("closed at accept", vec![], End::Transport(Kind::Interrupted)),
        // Noticed while connecting or just after, depending on timing, but retried in either case.
        recovers("reset at accept, once", vec![Act::Reset]),
        retried("closed for the head", vec![Act::Read], End::Transport(Kind::Interrupted)),
        retried("reset for the head", vec![Act::Read, Act::Reset], End::Transport(Kind::Interrupted)),
        retried("closed in the status line", answer(&good[..7]), End::Transport(Kind::Interrupted)),
        retried("closed in the head", answer(&good[..head - 3]), End::Transport(Kind::Interrupted)),
        retried("closed before the body", answer(&good[..head]), End::Transport(Kind::Interrupted)),
        retried("closed in the body", answer(&good[..head + 20]), End::Transport(Kind::Interrupted)),
        retried(
            "closed before the last byte",
            answer(&good[..good.len() - 1]),
            End::Transport(Kind::Interrupted),
        ),
        recovers("reset in the head, once", reset_after(&good[..head - 3])),
        recovers("reset in the body, once", reset_after(&good[..head + 20])),
        recovers("closed at accept, once", vec![]),
        once("no answer after accept", vec![Act::Hang], End::Transport(Kind::Timeout)),
        once("no answer", vec![Act::Read, Act::Hang], End::Transport(Kind::Timeout)),
        once("no answer within the head", hung(&good[..20]), End::Transport(Kind::Timeout)),
        once("no answer before the body", hung(&good[..head]), End::Transport(Kind::Timeout)),
        once("no answer within the body", hung(&good[..head + 20]), End::Transport(Kind::Timeout)),
        once("a head that drips", drip("", b"x-a: b\r\n"), End::Transport(Kind::Timeout)),
        once("a body that drips", drip("content-length: 100000\n\n", b" "), End::Transport(Kind::Timeout)),
        once(
            "chunks that drip",
            drip("transfer-encoding: chunked\n\n", b"1\r\n \r\n"),
            End::Transport(Kind::Timeout),
        ),
        once("an endless body that drips", drip("\n", b" "), End::Transport(Kind::Timeout)),
    ]
}

fn hung(bytes: &[u8]) -> Vec<Act> {
    vec![Act::Read, Act::Write(bytes.to_vec()), Act::Hang]
}

fn drip(head: &str, bytes: &[u8]) -> Vec<Act> {
    let start = raw(&format!("HTTP/1.1 200 OK\n{head}"), "");
    vec![Act::Read, Act::Write(start), Act::Drip(bytes.to_vec(), Duration::from_millis(50))]
}

fn heads() -> Vec<Case> {
    let protocol = End::Transport(Kind::Protocol);
    let bad = |name: &str, bytes: &[u8]| retried(name, answer(bytes), protocol);
    let flood = |start: &str, repeated: &str| {
        vec![
            Act::Read,
            Act::Write(raw(start, "")),
            Act::Flood(repeated.replace('\n', "\r\n").repeat(100).into_bytes()),
        ]
    };
    let large = format!("HTTP/1.1 200 OK\nx-large: {}\n", "x".repeat(2 << 20));
    vec![
        bad("not HTTP", b"SSH-2.0-OpenSSH_9.6\r\n"),
        bad("garbage", &[0xff; 300]),
        bad("a status that is not a number", b"HTTP/1.1 abc OK\r\n\r\n"),
        bad("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\n"),
        bad("HTTP/9.9", b"HTTP/9.9 200 OK\r\n\r\n"),
        bad("a header without a colon", b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"),
        bad("a header with a control character", b"HTTP/1.1 200 OK\r\na: b\x01c\r\n\r\n"),
        bad("a header with NUL", b"HTTP/1.1 200 OK\r\na: b\0c\r\n\r\n"),
        bad("a length that is not a number", b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"),
        bad("a negative length", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
        bad(
            "two lengths that differ",
            &raw("HTTP/1.1 200 OK\ncontent-length: 5\ncontent-length: 6\n\n", "123456"),
        ),
        once("endless headers", flood("HTTP/1.1 200 OK\n", "x-a: b\n"), End::Transport(Kind::TooLarge)),
        once(
            "an endless header",
            flood("HTTP/1.1 200 OK\nx-a: ", "aaaaaaaa"),
            End::Transport(Kind::TooLarge),
        ),
        once("an endless status line", flood("HTTP/1.1 200 ", "aaaaaaaa"), End::Transport(Kind::TooLarge)),
        once("a large header", answer(raw(&large, "\r\n")), End::Transport(Kind::TooLarge)),
    ]
}

fn chunked(chunks: &str) -> Vec<u8> {
    raw(&format!("HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n{chunks}"), "")
}

fn bodies() -> Vec<Case> {
    let too_large = End::Transport(Kind::TooLarge);
    // On one line, since `raw` makes line breaks longer than the size of the chunk says.
    let good = GOOD.replace('\n', "");
    let whole = format!("{:x}\n{good}\n0\n\n", good.len());
    let flood = |head: &str, repeated: &[u8]| {
        let start = raw(&format!("HTTP/1.1 200 OK\n{head}\n"), "");
        vec![Act::Read, Act::Write(start), Act::Flood(repeated.repeat(100))]
    };
    vec![
        once("chunks", answer(chunked(&whole)), End::Data),
        once("chunks with an extension", answer(chunked(&whole.replacen('\n', ";a=b\n", 1))), End::Data),
        once("chunks with a trailer", answer(chunked(&whole.replace("0\n\n", "0\nx: y\n\n"))), End::Data),
        once("a body until the end", answer(raw("HTTP/1.1 200 OK\n\n", GOOD)), End::Data),
        once("HTTP/1.0", answer(raw("HTTP/1.0 200 OK\n\n", GOOD)), End::Data),
        retried("truncated chunks", answer(chunked(&whole[..40])), End::Transport(Kind::Interrupted)),
        retried(
            "chunks without the last one",
            answer(chunked(whole.trim_end_matches("0\n\n"))),
            End::Transport(Kind::Interrupted),
        ),
        retried("a chunk of malformed size", answer(chunked("zz\nabc\n")), End::Transport(Kind::Protocol)),
        retried(
            "a chunk of enormous size",
            answer(chunked("fffffffffffffffff\nabc\n")),
            End::Transport(Kind::Protocol),
        ),
        once("an endless body", flood("", b"          "), too_large),
        once(
            "endless chunks",
            flood("transfer-encoding: chunked\n", format!("400\r\n{}\r\n", " ".repeat(1024)).as_bytes()),
            too_large,
        ),
        once("a length beyond the limit", flood("content-length: 99999999999\n", b" "), too_large),
        once("an endless page", flood("content-type: text/html\n", b"<p>"), too_large),
    ]
}

fn compressed() -> Vec<Case> {
    let encoded = |body: &[u8]| answer(response("200 OK", &["content-encoding: gzip"], body));
    let whole = gzip(GOOD.as_bytes());
    let mut wrong_checksum = whole.clone();
    let at = wrong_checksum.len() - 6;
    wrong_checksum[at] ^= 0xff;
    let mut wrong_data = whole.clone();
    let middle = wrong_data.len() / 2;
    wrong_data[middle..middle + 8].fill(0xff);
    let broken = End::Transport(Kind::Decompress);
    let half = GOOD.len() / 2;
    let two = [gzip(&GOOD.as_bytes()[..half]), gzip(&GOOD.as_bytes()[half..])].concat();
    let page = response("502 X", &["content-encoding: gzip"], "not gzip");
    vec![
        once("gzip", encoded(&whole), End::Data),
        once("gzip in two members", encoded(&two), End::Data),
        once(
            "identity encoding",
            answer(response("200 OK", &["content-encoding: identity"], GOOD)),
            End::Data,
        ),
        once("a gzip bomb", encoded(&gzip(&vec![b' '; 200 << 20])), End::Transport(Kind::TooLarge)),
        once("content that is not gzip", encoded(GOOD.as_bytes()), broken),
        once("gzip with a wrong checksum", encoded(&wrong_checksum), broken),
        once("gzip with wrong data", encoded(&wrong_data), broken),
        retried("truncated gzip", encoded(&whole[..whole.len() / 2]), End::Transport(Kind::Interrupted)),
        retried(
            "gzip without its checksum",
            encoded(&whole[..whole.len() - 8]),
            End::Transport(Kind::Interrupted),
        ),
        once(
            "brotli, which was not requested",
            answer(response("200 OK", &["content-encoding: br"], "\u{1}\u{2}")),
            broken,
        ),
        retried("an error page that is broken gzip", answer(page), End::Status(502)),
    ]
}

/// The status of an error is reported, whatever happens to its page.
fn error_pages() -> Vec<Case> {
    let page = |head: &str, acts: Vec<Act>| [vec![Act::Read, Act::Write(raw(head, ""))], acts].concat();
    let bomb = gzip(&vec![b' '; 50 << 20]);
    let not_found = response("404 X", &[], "there is no such page");
    let cut = not_found[..not_found.len() - 5].to_vec();
    let encoded = response("404 X", &["content-encoding: gzip"], &gzip(b"<html>no such page</html>")[..20]);
    vec![
        once(
            "an endless page",
            page("HTTP/1.1 404 X\n\n", vec![Act::Flood(b"<p>".repeat(999))]),
            End::Status(404),
        ),
        retried(
            "endless pages",
            page("HTTP/1.1 503 X\n\n", vec![Act::Flood(b"<p>".repeat(999))]),
            End::Status(503),
        ),
        once(
            "a page that is a gzip bomb",
            answer(response("403 X", &["content-encoding: gzip"], bomb)),
            End::Status(403),
        ),
        once("a truncated page", answer(cut), End::Status(404)),
        once("a page of broken gzip", answer(encoded), End::Status(404)),
        once(
            "a page in an unknown encoding",
            answer(response("410 X", &["content-encoding: zz"], "x")),
            End::Status(410),
        ),
        once(
            "a page that never arrives",
            page("HTTP/1.1 404 X\ncontent-length: 9\n\n", vec![Act::Hang]),
            End::Transport(Kind::Timeout),
        ),
        once(
            "an endless redirect",
            page("HTTP/1.1 302 X\nlocation: /\n\n", vec![Act::Flood(b"<p>".repeat(999))]),
            End::Redirect,
        ),
    ]
}

fn contents() -> Vec<Case> {
    let body = |body: &[u8]| answer(response("200 OK", &["content-type: application/json"], body));
    let typed = |kind: &str| answer(response("200 OK", &[&format!("content-type: {kind}")], GOOD));
    let wrong = |name: &str, content: &[u8]| once(name, body(content), End::Decode);
    let with_series =
        |series: &str| format!(r#"{{"success":true,"result":{{"serie_0":{series},"meta":{{}}}}}}"#);
    let deep = |open: &str, count: usize| format!(r#"{{"success":true,"result":{}"#, open.repeat(count));
    let unknown =
        format!(r#"{{"x":{}{},"success":true,"result":{}"#, "[".repeat(5000), "]".repeat(5000), &GOOD[37..]);
    vec![
        once("text/plain", typed("text/plain"), End::Data),
        once("a malformed content type", typed("=;;/"), End::Data),
        once("text/html that is JSON", typed("text/html"), End::Data),
        once("a byte order mark", body(format!("\u{feff}{GOOD}").as_bytes()), End::Data),
        once("white space around JSON", body(format!("\n {GOOD} \r\n\t").as_bytes()), End::Data),
        wrong("an empty body", b""),
        wrong("only white space", b" \r\n "),
        wrong("an HTML page", b"<!doctype html><title>Sorry</title>"),
        wrong("CSV", b"a,b\r\n1,2\r\n"),
        wrong("a string", br#""hello""#),
        wrong("null", b"null"),
        wrong("a list", b"[]"),
        wrong("an empty object", b"{}"),
        wrong("trailing garbage", format!("{GOOD}x").as_bytes()),
        wrong("two answers", format!("{GOOD}{GOOD}").as_bytes()),
        wrong("truncated JSON", &GOOD.as_bytes()[..GOOD.len() - 1]),
        wrong("invalid UTF-8", &GOOD.replace("7.5", "\u{1}").into_bytes().iter().map(|b| if *b == 1 { 0xff } else { *b }).collect::<Vec<_>>()),
        wrong("success: false", br#"{"success":false,"errors":[],"result":{}}"#),
        wrong("success as text", br#"{"success":"true","result":{"meta":{}}}"#),
        wrong("success: false with data", br#"{"success":false,"errors":[{"code":1,"message":"m"}],"result":{"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#),
        wrong("a null result", br#"{"success":true,"result":null}"#),
        wrong("no result", br#"{"success":true}"#),
        wrong("a string as the result", br#"{"success":true,"result":"x"}"#),
        wrong("deeply nested arrays", deep("[", 200_000).as_bytes()),
        wrong("deeply nested objects", deep(r#"{"a":"#, 100_000).as_bytes()),
        once("deep nesting in an unknown member", body(unknown.as_bytes()), End::Data),
        wrong("a duplicate result", br#"{"success":true,"result":{"meta":{}},"result":{"meta":{}}}"#),
        wrong("a duplicate series", br#"{"success":true,"result":{"serie_0":{"timestamps":[],"values":[]},"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#),
        wrong("more values than timestamps", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":["1","2"]}"#).as_bytes()),
        wrong("more timestamps than values", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":[]}"#).as_bytes()),
        wrong("no values", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"]}"#).as_bytes()),
        wrong("a value that is not a number", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":["x"]}"#).as_bytes()),
        wrong("a value out of range", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":["1e999"]}"#).as_bytes()),
        wrong("NaN without quotes", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":[NaN]}"#).as_bytes()),
        wrong("a timestamp that is not a date", with_series(r#"{"timestamps":["yesterday"],"values":["1"]}"#).as_bytes()),
        wrong("members that are no series", br#"{"success":true,"result":{"x":1,"meta":{}}}"#),
    ]
}

fn redirects() -> Vec<Case> {
    let to = |status: u16, location: &str| {
        answer(response(&format!("{status} X"), &[&format!("location: {location}")], ""))
    };
    let mut cases = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        for location in
            ["/elsewhere", "https://example.invalid/", "//example.invalid", "", "javascript:alert(1)"]
        {
            cases.push(once(
                format!("{status} to `{}`", location.escape_debug()),
                to(status, location),
                End::Redirect,
            ));
        }
    }
    cases
}

fn set_up<C>(
    credentials: Credentials,
    base_url: &str,
    start: fn(Credentials) -> ClientBuilder<C>,
) -> ClientBuilder<C> {
    let retry = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1));
    start(credentials)
        .base_url(BaseUrl::parse(base_url).unwrap())
        .retry(retry)
        .timeout(TIMEOUT)
        .transport(TransportConfig::new().max_body_bytes(LIMIT))
}

fn credentials() -> Credentials {
    Credentials::token(TOKEN).unwrap()
}

fn call_blocking(base_url: &str) -> Result<Timeseries, Error> {
    let builder = set_up(credentials(), base_url, radar_ct::blocking::Client::builder);
    builder.build().unwrap().timeseries(&TimeseriesParams::new())
}

fn call_async(base_url: &str) -> Result<Timeseries, Error> {
    let client = set_up(credentials(), base_url, radar_ct::Client::builder).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.timeseries(&TimeseriesParams::new()))
}

/// Requests one series with one client.
type Call = fn(&str) -> Result<Timeseries, Error>;

fn end_of(result: &Result<Timeseries, Error>) -> End {
    match result {
        Ok(data) => {
            assert_eq!(data.series[0].values().get(0), Some(7.5));
            End::Data
        }
        Err(error) => match (error.transport_kind(), error.status()) {
            (Some(kind), _) => End::Transport(kind),
            (None, Some(status)) if status.is_redirection() => End::Redirect,
            _ if error.decode_error().is_some() => End::Decode,
            (None, Some(status)) => End::Status(status.as_u16()),
            (None, None) => panic!("{error}"),
        },
    }
}

/// Runs a case with one client and returns what is wrong.
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn problems(case: &Case, client: Call) -> Vec<String> {
    let server = Faulty::play(case.script.clone());
    let start = Instant::now();
    let result = client(&server.base_url());
    let elapsed = start.elapsed();
    let mut problems = Vec::new();
    let end = end_of(&result);
    if end != case.end {
        problems.push(format!("ended in {end:?}, not {:?}: {result:?}", case.end));
    }
    if !case.connections.contains(&server.connections()) {
        problems.push(format!("made {} connections, not {:?}", server.connections(), case.connections));
    }
    if elapsed > TIMEOUT + TOLERANCE {
        problems.push(format!("took {elapsed:?}"));
    }
    if let Err(error) = &result {
        let mut texts = format!("{error} {error:?}");
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            write!(texts, " {cause} {cause:?}").unwrap();
            source = cause.source();
        }
        if texts.contains(TOKEN) || texts.contains(|c: char| c.is_control()) {
            problems.push(format!("shows a secret or a control character: {texts:?}"));
        }
        if texts.len() > 4096 {
            problems.push(format!("is too long: {} bytes", texts.len()));
        }
    }
    problems
}

#[test]
fn every_fault_ends_as_expected_with_both_clients() {
    let cases = cases();
    let clients: [(&str, Call); 2] = [("blocking", call_blocking), ("async", call_async)];
    // Most cases only wait, so many of them can run at once.
    let mut wrong = Vec::new();
    for batch in cases.chunks(24) {
        let found = std::thread::scope(|scope| {
            let threads: Vec<_> = batch
                .iter()
                .flat_map(|case| clients.map(|(name, client)| (case, name, client)))
                .map(|(case, name, client)| scope.spawn(move || (case, name, problems(case, client))))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        for (case, name, problems) in found {
            wrong.extend(problems.into_iter().map(|problem| format!("{name}, {}: {problem}", case.name)));
        }
    }
    assert!(wrong.is_empty(), "{} cases, wrong:\n{}", cases.len(), wrong.join("\n"));
}

#[test]
fn a_stale_connection_is_replaced_without_a_retry() {
    let good = response("200 OK", &[], GOOD);
    let kept: Vec<u8> = String::from_utf8(good).unwrap().replace("connection: close\r\n", "").into_bytes();
    // The server closes each connection after one request, although its answer announces keep-alive.
    let clients: [fn(&Faulty) -> Vec<u32>; 2] = [
        |server| {
            let client = set_up(credentials(), &server.base_url(), radar_ct::blocking::Client::builder)
                .build()
                .unwrap();
            let attempts = || {
                std::thread::sleep(Duration::from_millis(20));
                client.call(TimeseriesParams::new()).unwrap().attempts
            };
            (0..4).map(|_| attempts()).collect()
        },
        |server| {
            let client =
                set_up(credentials(), &server.base_url(), radar_ct::Client::builder).build().unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut attempts = Vec::new();
                for _ in 0..4 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    attempts.push(client.call(TimeseriesParams::new()).await.unwrap().attempts);
                }
                attempts
            })
        },
    ];
    for client in clients {
        let server = Faulty::play(vec![answer(kept.clone())]);
        assert_eq!(client(&server), [1, 1, 1, 1]);
        assert_eq!((server.connections(), server.requests()), (4, 4));
        // A connection that stays open is reused.
        let server = Faulty::play(vec![answers(&kept, 9)]);
        assert_eq!(client(&server), [1, 1, 1, 1]);
        assert_eq!((server.connections(), server.requests()), (1, 4));
    }
}
