//! Does every fault end in data or in one clear error, with both clients, in time?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

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
/// The deadline of every call here.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Within so much of its deadline a call must have ended, on a machine that does other things too.
const LATE: Duration = Duration::from_secs(1);
const LIMIT: usize = 1 << 20;

const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

/// How a call has to end.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    /// With the one point of [`GOOD`].
    Data,
    /// No complete response, of that kind.
    Fault(Kind),
    /// A status that is no success.
    Status(u16),
    /// A redirect that is not followed.
    Redirect,
    /// A success that holds no data.
    Decode,
}

struct Case {
    what: String,
    script: Script,
    end: End,
    connections: RangeInclusive<usize>,
}

/// A case that ends after one connection.
fn once(what: impl Into<String>, acts: Vec<Act>, end: End) -> Case {
    Case { what: what.into(), script: vec![acts], end, connections: 1..=1 }
}

/// A case that is tried again to the end.
fn always(what: impl Into<String>, acts: Vec<Act>, end: End) -> Case {
    Case { what: what.into(), script: vec![acts], end, connections: 3..=3 }
}

/// A case that is better at the second attempt.
fn first(what: impl Into<String>, acts: Vec<Act>) -> Case {
    let script = vec![acts, answer(response("200 OK", &[], GOOD))];
    Case { what: what.into(), script, end: End::Data, connections: 2..=2 }
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
        wishes(),
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
        cases.push(always(format!("{status}"), answer(answered.clone()), End::Status(status)));
        cases.push(first(format!("{status} once"), answer(answered)));
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
    let go_on = raw("HTTP/1.1 100 Continue\n\n", response("200 OK", &[], GOOD));
    cases.push(once("100 first", answer(go_on), End::Data));
    let processing = "HTTP/1.1 102 Processing\r\n\r\n".repeat(5).into_bytes();
    cases.push(once(
        "102 again and again",
        answer([processing, response("200 OK", &[], GOOD)].concat()),
        End::Data,
    ));
    cases
}

fn wishes() -> Vec<Case> {
    let wish = |text: &str| response("503 X", &[&format!("retry-after: {text}")], "");
    let mut cases = vec![
        once("retry after an hour", answer(wish("3600")), End::Status(503)),
        once("retry after an eternity", answer(wish("99999999999999999999999")), End::Status(503)),
        once("retry in another century", answer(wish("Fri, 31 Dec 2100 23:59:59 GMT")), End::Status(503)),
        first("retry after a second", answer(wish("1"))),
    ];
    for text in ["0", "-1", "soon", "", "1e9", "0x10", "Thu, 01 Jan 1970 00:00:00 GMT", "NaN", "1, 2"] {
        cases.push(first(format!("retry after `{text}`"), answer(wish(text))));
    }
    cases
}

fn connections() -> Vec<Case> {
    let good = response("200 OK", &[], GOOD);
    let head = good.len() - GOOD.len();
    let reset_after = |bytes: &[u8]| vec![Act::Read, Act::Write(bytes.to_vec()), Act::Reset];
    vec![
        always("closed at accept", vec![], End::Fault(Kind::Interrupted)),
        // Seen while connecting or just after, which is a matter of luck, but tried again in either case.
        first("reset at accept, once", vec![Act::Reset]),
        always("closed for the head", vec![Act::Read], End::Fault(Kind::Interrupted)),
        always("reset for the head", vec![Act::Read, Act::Reset], End::Fault(Kind::Interrupted)),
        always("closed in the status line", answer(&good[..7]), End::Fault(Kind::Interrupted)),
        always("closed in the head", answer(&good[..head - 3]), End::Fault(Kind::Interrupted)),
        always("closed before the body", answer(&good[..head]), End::Fault(Kind::Interrupted)),
        always("closed in the body", answer(&good[..head + 20]), End::Fault(Kind::Interrupted)),
        always("closed before the last byte", answer(&good[..good.len() - 1]), End::Fault(Kind::Interrupted)),
        first("reset in the head, once", reset_after(&good[..head - 3])),
        first("reset in the body, once", reset_after(&good[..head + 20])),
        first("closed at accept, once", vec![]),
        once("silence at accept", vec![Act::Hang], End::Fault(Kind::Timeout)),
        once("silence", vec![Act::Read, Act::Hang], End::Fault(Kind::Timeout)),
        once("silence in the head", hung(&good[..20]), End::Fault(Kind::Timeout)),
        once("silence before the body", hung(&good[..head]), End::Fault(Kind::Timeout)),
        once("silence in the body", hung(&good[..head + 20]), End::Fault(Kind::Timeout)),
        once("a head that drips", drip("", b"x-a: b\r\n"), End::Fault(Kind::Timeout)),
        once("a body that drips", drip("content-length: 100000\n\n", b" "), End::Fault(Kind::Timeout)),
        once(
            "chunks that drip",
            drip("transfer-encoding: chunked\n\n", b"1\r\n \r\n"),
            End::Fault(Kind::Timeout),
        ),
        once("a body without an end that drips", drip("\n", b" "), End::Fault(Kind::Timeout)),
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
    let protocol = End::Fault(Kind::Protocol);
    let bad = |what: &str, bytes: &[u8]| always(what, answer(bytes), protocol);
    let flood = |start: &str, again: &str| {
        vec![
            Act::Read,
            Act::Write(raw(start, "")),
            Act::Flood(again.replace('\n', "\r\n").repeat(100).into_bytes()),
        ]
    };
    let large = format!("HTTP/1.1 200 OK\nx-large: {}\n", "x".repeat(2 << 20));
    vec![
        bad("no HTTP", b"SSH-2.0-OpenSSH_9.6\r\n"),
        bad("garbage", &[0xff; 300]),
        bad("a status that is no number", b"HTTP/1.1 abc OK\r\n\r\n"),
        bad("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\n"),
        bad("HTTP/9.9", b"HTTP/9.9 200 OK\r\n\r\n"),
        bad("a header without a colon", b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"),
        bad("a header with a control character", b"HTTP/1.1 200 OK\r\na: b\x01c\r\n\r\n"),
        bad("a header with NUL", b"HTTP/1.1 200 OK\r\na: b\0c\r\n\r\n"),
        bad("a length that is no number", b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"),
        bad("a negative length", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
        bad(
            "two lengths that differ",
            &raw("HTTP/1.1 200 OK\ncontent-length: 5\ncontent-length: 6\n\n", "123456"),
        ),
        once("headers without an end", flood("HTTP/1.1 200 OK\n", "x-a: b\n"), End::Fault(Kind::TooLarge)),
        once(
            "a header without an end",
            flood("HTTP/1.1 200 OK\nx-a: ", "aaaaaaaa"),
            End::Fault(Kind::TooLarge),
        ),
        once("a status line without an end", flood("HTTP/1.1 200 ", "aaaaaaaa"), End::Fault(Kind::TooLarge)),
        once("a large header", answer(raw(&large, "\r\n")), End::Fault(Kind::TooLarge)),
    ]
}

fn chunked(chunks: &str) -> Vec<u8> {
    raw(&format!("HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n{chunks}"), "")
}

fn bodies() -> Vec<Case> {
    let too_large = End::Fault(Kind::TooLarge);
    // On one line, since a line break is as long as the chunks say only on the wire.
    let good = GOOD.replace('\n', "");
    let whole = format!("{:x}\n{good}\n0\n\n", good.len());
    let flood = |head: &str, again: &[u8]| {
        let start = raw(&format!("HTTP/1.1 200 OK\n{head}\n"), "");
        vec![Act::Read, Act::Write(start), Act::Flood(again.repeat(100))]
    };
    vec![
        once("chunks", answer(chunked(&whole)), End::Data),
        once("chunks with an extension", answer(chunked(&whole.replacen('\n', ";a=b\n", 1))), End::Data),
        once("chunks with a trailer", answer(chunked(&whole.replace("0\n\n", "0\nx: y\n\n"))), End::Data),
        once("a body until the end", answer(raw("HTTP/1.1 200 OK\n\n", GOOD)), End::Data),
        once("HTTP/1.0", answer(raw("HTTP/1.0 200 OK\n\n", GOOD)), End::Data),
        always("chunks cut off", answer(chunked(&whole[..40])), End::Fault(Kind::Interrupted)),
        always(
            "chunks without the last",
            answer(chunked(whole.trim_end_matches("0\n\n"))),
            End::Fault(Kind::Interrupted),
        ),
        always("a chunk of garbage size", answer(chunked("zz\nabc\n")), End::Fault(Kind::Protocol)),
        always(
            "a chunk of enormous size",
            answer(chunked("fffffffffffffffff\nabc\n")),
            End::Fault(Kind::Protocol),
        ),
        once("a body without an end", flood("", b"          "), too_large),
        once(
            "chunks without an end",
            flood("transfer-encoding: chunked\n", format!("400\r\n{}\r\n", " ".repeat(1024)).as_bytes()),
            too_large,
        ),
        once("a length beyond the limit", flood("content-length: 99999999999\n", b" "), too_large),
        once("a page without an end", flood("content-type: text/html\n", b"<p>"), too_large),
    ]
}

fn compressed() -> Vec<Case> {
    let encoded = |body: &[u8]| answer(response("200 OK", &["content-encoding: gzip"], body));
    let whole = gzip(GOOD.as_bytes());
    let mut wrong_sum = whole.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 0xff;
    let mut wrong_data = whole.clone();
    let middle = wrong_data.len() / 2;
    wrong_data[middle..middle + 8].fill(0xff);
    let broken = End::Fault(Kind::Decompress);
    let half = GOOD.len() / 2;
    let two = [gzip(&GOOD.as_bytes()[..half]), gzip(&GOOD.as_bytes()[half..])].concat();
    let page = response("502 X", &["content-encoding: gzip"], "no gzip at all");
    vec![
        once("gzip", encoded(&whole), End::Data),
        once("gzip in two members", encoded(&two), End::Data),
        once(
            "gzip by another name of no encoding",
            answer(response("200 OK", &["content-encoding: identity"], GOOD)),
            End::Data,
        ),
        once("a bomb", encoded(&gzip(&vec![b' '; 200 << 20])), End::Fault(Kind::TooLarge)),
        once("gzip that is none", encoded(GOOD.as_bytes()), broken),
        once("gzip with a wrong sum", encoded(&wrong_sum), broken),
        once("gzip with wrong data", encoded(&wrong_data), broken),
        always("gzip cut off", encoded(&whole[..whole.len() / 2]), End::Fault(Kind::Interrupted)),
        always("gzip without its sum", encoded(&whole[..whole.len() - 8]), End::Fault(Kind::Interrupted)),
        once(
            "brotli, which nobody asked for",
            answer(response("200 OK", &["content-encoding: br"], "\u{1}\u{2}")),
            broken,
        ),
        always("an error page that is broken gzip", answer(page), End::Status(502)),
    ]
}

/// Of a failure the status says enough, whatever becomes of its page.
fn error_pages() -> Vec<Case> {
    let page = |head: &str, acts: Vec<Act>| [vec![Act::Read, Act::Write(raw(head, ""))], acts].concat();
    let bomb = gzip(&vec![b' '; 50 << 20]);
    let not_found = response("404 X", &[], "there is no such page");
    let cut = not_found[..not_found.len() - 5].to_vec();
    let encoded = response("404 X", &["content-encoding: gzip"], &gzip(b"<html>no such page</html>")[..20]);
    vec![
        once(
            "a page without an end",
            page("HTTP/1.1 404 X\n\n", vec![Act::Flood(b"<p>".repeat(999))]),
            End::Status(404),
        ),
        always(
            "pages without an end",
            page("HTTP/1.1 503 X\n\n", vec![Act::Flood(b"<p>".repeat(999))]),
            End::Status(503),
        ),
        once(
            "a page that is a bomb",
            answer(response("403 X", &["content-encoding: gzip"], bomb)),
            End::Status(403),
        ),
        once("a page that breaks off", answer(cut), End::Status(404)),
        once("a page of broken gzip", answer(encoded), End::Status(404)),
        once(
            "a page in an encoding nobody knows",
            answer(response("410 X", &["content-encoding: zz"], "x")),
            End::Status(410),
        ),
        once(
            "a page that never comes",
            page("HTTP/1.1 404 X\ncontent-length: 9\n\n", vec![Act::Hang]),
            End::Fault(Kind::Timeout),
        ),
        once(
            "a redirect without an end",
            page("HTTP/1.1 302 X\nlocation: /\n\n", vec![Act::Flood(b"<p>".repeat(999))]),
            End::Redirect,
        ),
    ]
}

fn contents() -> Vec<Case> {
    let body = |body: &[u8]| answer(response("200 OK", &["content-type: application/json"], body));
    let typed = |kind: &str| answer(response("200 OK", &[&format!("content-type: {kind}")], GOOD));
    let wrong = |what: &str, content: &[u8]| once(what, body(content), End::Decode);
    let with_series =
        |series: &str| format!(r#"{{"success":true,"result":{{"serie_0":{series},"meta":{{}}}}}}"#);
    let deep = |open: &str, count: usize| format!(r#"{{"success":true,"result":{}"#, open.repeat(count));
    let unknown =
        format!(r#"{{"x":{}{},"success":true,"result":{}"#, "[".repeat(5000), "]".repeat(5000), &GOOD[37..]);
    vec![
        once("text/plain", typed("text/plain"), End::Data),
        once("a content type of garbage", typed("=;;/"), End::Data),
        once("text/html that is JSON", typed("text/html"), End::Data),
        once("a byte order mark", body(format!("\u{feff}{GOOD}").as_bytes()), End::Data),
        once("white space around", body(format!("\n {GOOD} \r\n\t").as_bytes()), End::Data),
        wrong("nothing", b""),
        wrong("white space alone", b" \r\n "),
        wrong("a page", b"<!doctype html><title>Sorry</title>"),
        wrong("CSV", b"a,b\r\n1,2\r\n"),
        wrong("a string", br#""hello""#),
        wrong("null", b"null"),
        wrong("a list", b"[]"),
        wrong("an empty object", b"{}"),
        wrong("garbage behind", format!("{GOOD}x").as_bytes()),
        wrong("two answers", format!("{GOOD}{GOOD}").as_bytes()),
        wrong("JSON cut off", &GOOD.as_bytes()[..GOOD.len() - 1]),
        wrong("no UTF-8", &GOOD.replace("7.5", "\u{1}").into_bytes().iter().map(|b| if *b == 1 { 0xff } else { *b }).collect::<Vec<_>>()),
        wrong("no success", br#"{"success":false,"errors":[],"result":{}}"#),
        wrong("success as text", br#"{"success":"true","result":{"meta":{}}}"#),
        wrong("success by halves", br#"{"success":false,"errors":[{"code":1,"message":"m"}],"result":{"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#),
        wrong("a null result", br#"{"success":true,"result":null}"#),
        wrong("no result", br#"{"success":true}"#),
        wrong("a result of text", br#"{"success":true,"result":"x"}"#),
        wrong("deep nesting", deep("[", 200_000).as_bytes()),
        wrong("deep objects", deep(r#"{"a":"#, 100_000).as_bytes()),
        once("deep nesting in what is not ours", body(unknown.as_bytes()), End::Data),
        wrong("a result twice", br#"{"success":true,"result":{"meta":{}},"result":{"meta":{}}}"#),
        wrong("a series twice", br#"{"success":true,"result":{"serie_0":{"timestamps":[],"values":[]},"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#),
        wrong("more values", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":["1","2"]}"#).as_bytes()),
        wrong("more timestamps", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":[]}"#).as_bytes()),
        wrong("no values", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"]}"#).as_bytes()),
        wrong("a value of text", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":["x"]}"#).as_bytes()),
        wrong("a value beyond numbers", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":["1e999"]}"#).as_bytes()),
        wrong("NaN without quotes", with_series(r#"{"timestamps":["2026-10-01T00:00:00Z"],"values":[NaN]}"#).as_bytes()),
        wrong("no date", with_series(r#"{"timestamps":["yesterday"],"values":["1"]}"#).as_bytes()),
        wrong("another series", br#"{"success":true,"result":{"meta":{}}}"#),
    ]
}

fn redirects() -> Vec<Case> {
    let to = |status: u16, place: &str| {
        answer(response(&format!("{status} X"), &[&format!("location: {place}")], ""))
    };
    let mut cases = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        for place in
            ["/elsewhere", "https://example.invalid/", "//example.invalid", "", "javascript:alert(1)"]
        {
            cases.push(once(
                format!("{status} to `{}`", place.escape_debug()),
                to(status, place),
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
    let retry = RetryPolicy::new().waits(Duration::from_millis(1), Duration::from_millis(1));
    start(credentials)
        .base_url(BaseUrl::parse(base_url).unwrap())
        .retry(retry)
        .timeout(TIMEOUT)
        .transport(TransportConfig::new().max_body_bytes(LIMIT))
}

fn credentials() -> Credentials {
    Credentials::token(TOKEN).unwrap()
}

fn blocking(base_url: &str) -> Result<Timeseries, Error> {
    let builder = set_up(credentials(), base_url, radar_ct::blocking::Client::builder);
    builder.build().unwrap().timeseries(&TimeseriesParams::new())
}

fn asynchronous(base_url: &str) -> Result<Timeseries, Error> {
    let client = set_up(credentials(), base_url, radar_ct::Client::builder).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.timeseries(&TimeseriesParams::new()))
}

/// One client's way to ask for one series.
type Call = fn(&str) -> Result<Timeseries, Error>;

fn end_of(result: &Result<Timeseries, Error>) -> End {
    match result {
        Ok(data) => {
            assert_eq!(data.series[0].values().get(0), Some(7.5));
            End::Data
        }
        Err(error) => match (error.transport_kind(), error.status()) {
            (Some(kind), _) => End::Fault(kind),
            (None, Some(status)) if status.is_redirection() => End::Redirect,
            _ if error.decode_error().is_some() => End::Decode,
            (None, Some(status)) => End::Status(status.as_u16()),
            (None, None) => panic!("{error}"),
        },
    }
}

/// What is wrong with how one client fares in a case.
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn problems(case: &Case, client: Call) -> Vec<String> {
    let server = Faulty::play(case.script.clone());
    let began = Instant::now();
    let result = client(&server.base_url());
    let took = began.elapsed();
    let mut problems = Vec::new();
    let end = end_of(&result);
    if end != case.end {
        problems.push(format!("ended in {end:?}, not {:?}: {result:?}", case.end));
    }
    if !case.connections.contains(&server.connections()) {
        problems.push(format!("made {} connections, not {:?}", server.connections(), case.connections));
    }
    if took > TIMEOUT + LATE {
        problems.push(format!("took {took:?}"));
    }
    if let Err(error) = &result {
        let mut said = format!("{error} {error:?}");
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            write!(said, " {cause} {cause:?}").unwrap();
            source = cause.source();
        }
        if said.contains(TOKEN) || said.contains(|c: char| c.is_control()) {
            problems.push(format!("says what it must not: {said:?}"));
        }
        if said.len() > 4096 {
            problems.push(format!("says too much: {} bytes", said.len()));
        }
    }
    problems
}

#[test]
fn every_fault_ends_as_it_should_with_both_clients() {
    let cases = cases();
    let clients: [(&str, Call); 2] = [("blocking", blocking), ("async", asynchronous)];
    // Most cases wait for a deadline or for nothing at all, so many of them fit side by side.
    let mut wrong = Vec::new();
    for some in cases.chunks(24) {
        let found = std::thread::scope(|scope| {
            let threads: Vec<_> = some
                .iter()
                .flat_map(|case| clients.map(|(name, client)| (case, name, client)))
                .map(|(case, name, client)| scope.spawn(move || (case, name, problems(case, client))))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        for (case, name, problems) in found {
            wrong.extend(problems.into_iter().map(|problem| format!("{name}, {}: {problem}", case.what)));
        }
    }
    assert!(wrong.is_empty(), "{} cases, wrong:\n{}", cases.len(), wrong.join("\n"));
}

#[test]
fn a_connection_that_went_stale_is_replaced_at_once() {
    let good = response("200 OK", &[], GOOD);
    let kept: Vec<u8> = String::from_utf8(good).unwrap().replace("connection: close\r\n", "").into_bytes();
    // Each connection serves one request and is then closed by the server, although it promised to stay.
    let clients: [fn(&Faulty) -> Vec<u32>; 2] = [
        |server| {
            let client = set_up(credentials(), &server.base_url(), radar_ct::blocking::Client::builder)
                .build()
                .unwrap();
            let call = || {
                std::thread::sleep(Duration::from_millis(20));
                client.call(TimeseriesParams::new()).unwrap().attempts
            };
            (0..4).map(|_| call()).collect()
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
        // And one that stays is used again.
        let server = Faulty::play(vec![answers(&kept, 9)]);
        assert_eq!(client(&server), [1, 1, 1, 1]);
        assert_eq!((server.connections(), server.requests()), (1, 4));
    }
}
