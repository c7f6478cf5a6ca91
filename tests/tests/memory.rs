//! The memory of a client stays within a small multiple of the body limit, for any response.
//!
//! A separate file, and so a separate process, since it measures the heap of the whole process: one test, one
//! case at a time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use peak_alloc::PeakAlloc;
use radar_ct::transport::{TransportConfig, TransportErrorKind};
use radar_ct::{
    BaseUrl, Client, ClientBuilder, Credentials, Error, RetryPolicy, Timeseries, TimeseriesParams, blocking,
};
use radar_ct_tests::faults::{Act, Faulty, answer, response};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The body limit. Large enough that the memory of the client itself is negligible.
const LIMIT: usize = 8 << 20;
/// A buffer that grows beyond the limit doubles, and old and new buffer exist while it is copied.
const MAX_GROWTH: usize = 4 * LIMIT;

fn set_up<C>(builder: ClientBuilder<C>, server: &Faulty) -> ClientBuilder<C> {
    builder
        .base_url(BaseUrl::parse(&server.base_url()).unwrap())
        .retry(RetryPolicy::new().max_retries(0))
        .timeout(Duration::from_secs(30))
        .transport(TransportConfig::new().max_body_bytes(LIMIT))
}

fn credentials() -> Credentials {
    Credentials::token("token").unwrap()
}

fn call_blocking(server: &Faulty) -> Result<Timeseries, Error> {
    let client = set_up(blocking::Client::builder(credentials()), server).build().unwrap();
    client.timeseries(&TimeseriesParams::new())
}

fn call_async(server: &Faulty) -> Result<Timeseries, Error> {
    let client = set_up(Client::builder(credentials()), server).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.timeseries(&TimeseriesParams::new()))
}

fn flood(head: &str, repeated: &[u8]) -> Vec<Act> {
    vec![Act::Read, Act::Write(head.as_bytes().to_vec()), Act::Flood(repeated.repeat(64))]
}

fn bomb(megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..megabytes {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn memory_is_bounded_by_the_body_limit() {
    let too_large = Some(TransportErrorKind::TooLarge);
    let json = |head: &str, repeated: &str, length: usize| {
        let body = format!("{head}{}", repeated.repeat(length / repeated.len()));
        answer(response("200 OK", &[], body))
    };
    let almost = LIMIT - 1000;
    let cases = [
        ("an endless body", flood("HTTP/1.1 200 OK\r\n\r\n", &[b' '; 1024]), too_large),
        (
            "endless chunks",
            flood(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                &[&b"400\r\n"[..], &[b' '; 1024], b"\r\n"].concat(),
            ),
            too_large,
        ),
        ("a gzip bomb", answer(response("200 OK", &["content-encoding: gzip"], bomb(40))), too_large),
        (
            "a gzip bomb as an error page",
            answer(response("404 X", &["content-encoding: gzip"], bomb(40))),
            None,
        ),
        ("endless headers", flood("HTTP/1.1 200 OK\r\n", b"x-a: bcdefghijk\r\n"), too_large),
        ("an endless header", flood("HTTP/1.1 200 OK\r\nx-a: ", &[b'a'; 1024]), too_large),
        ("an endless error page", flood("HTTP/1.1 404 X\r\n\r\n", &[b'x'; 1024]), None),
        ("deeply nested arrays", json(r#"{"success":true,"result":{"serie_0":"#, "[", almost), None),
        ("deeply nested objects", json(r#"{"success":true,"result":"#, r#"{"a":"#, almost), None),
        ("a long text", json(r#"{"success":true,"result":""#, "x", almost), None),
        ("a long label", json(r#"{"success":true,"result":{""#, "x", almost), None),
        ("an HTML page", json("<html>", "x", almost), None),
    ];
    for (case, acts, kind) in cases {
        for (name, client) in [("blocking", call_blocking as fn(&Faulty) -> _), ("async", call_async)] {
            let server = Faulty::play(vec![acts.clone()]);
            HEAP.reset_peak_usage();
            let before = HEAP.current_usage();
            let error = client(&server).unwrap_err();
            let growth = HEAP.peak_usage().saturating_sub(before);
            assert_eq!(error.transport_kind(), kind, "{case}, {name}: {error}");
            assert!(growth <= MAX_GROWTH, "{case}, {name}: {growth} bytes, more than {MAX_GROWTH}");
        }
    }
}
