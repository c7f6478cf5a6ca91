//! Do many calls at once end right, and leave nothing behind?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::time::Duration;

use radar_ct::{BaseUrl, Client, ClientBuilder, Credentials, RetryPolicy, TimeseriesParams, blocking};
use radar_ct_tests::faults::{Act, Faulty, answer, answers, response};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

fn credentials() -> Credentials {
    Credentials::token("token").unwrap()
}

fn set_up<C>(builder: ClientBuilder<C>, server: &Faulty) -> ClientBuilder<C> {
    let retry = RetryPolicy::new().max_retries(20).waits(Duration::from_millis(1), Duration::from_millis(5));
    builder
        .base_url(BaseUrl::parse(&server.base_url()).unwrap())
        .retry(retry)
        .timeout(Duration::from_secs(60))
}

fn kept_open(status: &str, body: &str) -> Vec<u8> {
    String::from_utf8(response(status, &[], body)).unwrap().replace("connection: close\r\n", "").into_bytes()
}

/// Some connections are good and stay, some answer once, some fail in one way or another.
fn unreliable() -> Faulty {
    let good = kept_open("200 OK", GOOD);
    let kinds = [
        answers(&good, 7),
        answer(response("503 X", &[], "")),
        answers(&good, 3),
        vec![Act::Read, Act::Reset],
        answer(good[..good.len() - 9].to_vec()),
        answers(&kept_open("500 X", "<html>"), 2),
        vec![],
        answers(&good, 1),
    ];
    Faulty::play(kinds.iter().cycle().take(20_000).cloned().collect())
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn hundreds_of_calls_at_once_through_one_async_client() {
    let server = unreliable();
    let runtime = runtime();
    runtime.block_on(async {
        let client = set_up(Client::builder(credentials()), &server).build().unwrap();
        let mut calls = JoinSet::new();
        for _ in 0..400 {
            let client = client.clone();
            calls.spawn(async move { client.timeseries(&TimeseriesParams::new()).await });
        }
        let mut count = 0;
        while let Some(ended) = calls.join_next().await {
            assert_eq!(ended.unwrap().unwrap().series[0].values().get(0), Some(7.5));
            count += 1;
        }
        assert_eq!(count, 400);
    });
    // The client is gone, and what it had with it.
    runtime.block_on(until(|| server.open() == 0 && runtime.metrics().num_alive_tasks() == 0));
}

#[test]
fn many_threads_through_one_blocking_client() {
    let server = unreliable();
    let client = set_up(blocking::Client::builder(credentials()), &server).build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..40 {
            let client = client.clone();
            scope.spawn(move || {
                for _ in 0..10 {
                    let answer = client.timeseries(&TimeseriesParams::new()).unwrap();
                    assert_eq!(answer.series[0].values().get(0), Some(7.5));
                }
            });
        }
    });
    drop(client);
    runtime().block_on(until(|| server.open() == 0));
}

/// Waits until something holds, and not for ever.
async fn until(holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
}

#[test]
fn a_call_that_is_dropped_stops_at_once() {
    let silent = Faulty::play(vec![vec![Act::Read, Act::Hang]]);
    let runtime = runtime();
    runtime.block_on(async {
        let client = set_up(Client::builder(credentials()), &silent).build().unwrap();
        let mut calls: JoinSet<_> = std::iter::repeat_n(client.clone(), 20)
            .map(|client| async move { client.timeseries(&TimeseriesParams::new()).await })
            .collect();
        until(|| silent.requests() == 20).await;
        calls.abort_all();
        while calls.join_next().await.is_some() {}
        // The client is still there; only the calls are not.
        until(|| silent.open() == 0).await;
        assert_eq!(silent.requests(), 20);
    });
}
