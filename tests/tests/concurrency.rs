//! Many concurrent calls through one client, and cancellation.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test panics")]

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
    let retry =
        RetryPolicy::new().max_retries(20).backoff(Duration::from_millis(1), Duration::from_millis(5));
    builder
        .base_url(BaseUrl::parse(&server.base_url()).unwrap())
        .retry(retry)
        .timeout(Duration::from_secs(60))
}

fn keep_alive(status: &str, body: &str) -> Vec<u8> {
    String::from_utf8(response(status, &[], body)).unwrap().replace("connection: close\r\n", "").into_bytes()
}

/// A server with connections that stay open, close after an answer, or fail in various ways.
fn unreliable_server() -> Faulty {
    let good = keep_alive("200 OK", GOOD);
    let kinds = [
        answers(&good, 7),
        answer(response("503 X", &[], "")),
        answers(&good, 3),
        vec![Act::Read, Act::Reset],
        answer(good[..good.len() - 9].to_vec()),
        answers(&keep_alive("500 X", "<html>"), 2),
        vec![],
        answers(&good, 1),
    ];
    Faulty::play(kinds.iter().cycle().take(20_000).cloned().collect())
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn one_async_client_serves_hundreds_of_concurrent_calls() {
    let server = unreliable_server();
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
    // Dropping the client closes its connections and ends its tasks.
    runtime.block_on(until(|| server.open() == 0 && runtime.metrics().num_alive_tasks() == 0));
}

#[test]
fn one_blocking_client_serves_many_threads() {
    let server = unreliable_server();
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

/// Waits until a condition holds, for at most ten seconds.
async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
}

#[test]
fn dropping_a_call_cancels_it() {
    let server = Faulty::play(vec![vec![Act::Read, Act::Hang]]);
    let runtime = runtime();
    runtime.block_on(async {
        let client = set_up(Client::builder(credentials()), &server).build().unwrap();
        let mut calls: JoinSet<_> = std::iter::repeat_n(client.clone(), 20)
            .map(|client| async move { client.timeseries(&TimeseriesParams::new()).await })
            .collect();
        until(|| server.requests() == 20).await;
        calls.abort_all();
        while calls.join_next().await.is_some() {}
        // Only the calls are gone; the client still exists.
        until(|| server.open() == 0).await;
        assert_eq!(server.requests(), 20);
    });
}
