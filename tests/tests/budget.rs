//! The rate budget and the events of observers, in virtual time.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test panics")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use radar_ct::transport::TransportErrorKind;
use radar_ct::{Client, Credentials, Event as Observed, RateBudget, RetryPolicy, TimeseriesParams, blocking};
use radar_ct_tests::world::{End, Event, Step, World, answer};

const TOKEN: &str = "s3cr3t-token-of-the-test";

/// A series of calls through one client.
#[derive(Debug, Clone)]
struct Scenario {
    steps: Vec<Step>,
    calls: usize,
    requests: u32,
    period: Duration,
    timeout: Duration,
}

/// The results of the calls, the requests and waits of the transport, and the events of the observer.
#[derive(Debug, PartialEq)]
struct Run {
    results: Vec<String>,
    events: Vec<Event>,
    observed: Vec<Observed>,
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let end = prop_oneof![
        5 => Just(answer(200, None)),
        1 => Just(answer(503, None)),
        1 => (1_u64..50).prop_map(|seconds| answer(429, Some(&seconds.to_string()))),
        1 => Just(End::Fault(TransportErrorKind::Interrupted)),
    ];
    let step = (0_u64..3_000, end).prop_map(|(takes, end)| Step { takes: Duration::from_millis(takes), end });
    let steps = prop::collection::vec(step, 40);
    (steps, 1_usize..12, 1_u32..6, 1_u64..30, 1_u64..90).prop_map(
        |(steps, calls, requests, period, timeout)| Scenario {
            steps,
            calls,
            requests,
            period: Duration::from_secs(period),
            timeout: Duration::from_secs(timeout),
        },
    )
}

/// Runs a scenario with both clients.
fn run(scenario: &Scenario) -> [Run; 2] {
    let params = TimeseriesParams::new();
    let retry = RetryPolicy::new().jitter_seed(7);
    [false, true].map(|is_async| {
        let world = World::new(&scenario.steps);
        let log: Arc<Mutex<Vec<Observed>>> = Arc::default();
        let sink = Arc::clone(&log);
        let on_event = move |event: &Observed| sink.lock().unwrap().push(event.clone());
        let budget = RateBudget::new(scenario.requests, scenario.period);
        let credentials = Credentials::token(TOKEN).unwrap();
        let results = if is_async {
            let builder = Client::builder(credentials).retry(retry.clone()).budget(budget).observer(on_event);
            let client = builder.timeout(scenario.timeout).with_transport(world.clone());
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            (0..scenario.calls)
                .map(|_| format!("{:?}", runtime.block_on(client.timeseries(&params))))
                .collect()
        } else {
            let builder =
                blocking::Client::builder(credentials).retry(retry.clone()).budget(budget).observer(on_event);
            let client = builder.timeout(scenario.timeout).with_transport(world.clone());
            (0..scenario.calls).map(|_| format!("{:?}", client.timeseries(&params))).collect()
        };
        let observed = log.lock().unwrap().clone();
        Run { results, events: world.events(), observed }
    })
}

proptest! {
    #[test]
    fn no_period_has_more_requests_than_the_budget(scenario in scenario()) {
        let [run, other] = run(&scenario);
        prop_assert_eq!(&run, &other);

        let sent: Vec<Duration> = run.events.iter().filter_map(|event| match event {
            Event::Send { at, .. } => Some(*at),
            Event::Sleep { .. } => None,
        }).collect();
        let budget = scenario.requests as usize;
        for (first, next) in sent.iter().zip(sent.iter().skip(budget)) {
            prop_assert!(next.saturating_sub(*first) >= scenario.period, "{:?}", sent);
        }
    }

    #[test]
    fn observers_receive_every_step(scenario in scenario()) {
        let [run, _] = run(&scenario);
        let count = |is: fn(&Observed) -> bool| run.observed.iter().filter(|event| is(event)).count();
        let sends = run.events.iter().filter(|event| matches!(event, Event::Send { .. })).count();
        prop_assert_eq!(count(|event| matches!(event, Observed::Attempt { .. })), sends);
        let answered = count(|event| matches!(event, Observed::Response { .. } | Observed::TransportError { .. }));
        prop_assert_eq!(answered, sends);
        prop_assert_eq!(count(|event| matches!(event, Observed::Done { .. })), scenario.calls);
        let successes = run.results.iter().filter(|result| result.starts_with("Ok")).count();
        prop_assert_eq!(count(|event| matches!(event, Observed::Done { ok: true, .. })), successes);
        let text = format!("{:?} {:?}", run.observed, run.results);
        prop_assert!(!text.contains(TOKEN));
    }
}

fn run_steps(calls: usize, requests: u32, seconds: u64, steps: Vec<Step>) -> [Run; 2] {
    let (period, timeout) = (Duration::from_secs(seconds), Duration::from_secs(60));
    run(&Scenario { steps, calls, requests, period, timeout })
}

#[test]
fn a_call_waits_for_a_permit_or_fails_at_once_if_that_takes_too_long() {
    let success = Step { takes: Duration::ZERO, end: answer(200, None) };
    let [run, _] = run_steps(3, 2, 30, vec![success.clone(); 3]);
    let wait = Event::Sleep { at: Duration::ZERO, wait: Duration::from_secs(30) };
    assert_eq!(run.events.iter().filter(|event| **event == wait).count(), 1);
    assert!(run.results.iter().all(|result| result.starts_with("Ok")));

    let [run, _] = run_steps(3, 2, 300, vec![success; 3]);
    assert!(
        run.results[2].contains("the client's rate budget of 2 requests in 300s is used up"),
        "{:?}",
        run.results
    );
    assert!(run.results[2].contains("the next permit is in 300 s"), "{:?}", run.results);
    assert_eq!(run.events.len(), 2);
}

#[test]
fn a_cancelled_call_returns_its_permit() {
    let success = Step { takes: Duration::ZERO, end: answer(200, None) };
    let world = World::new(&vec![success; 3]);
    let budget = RateBudget::new(1, Duration::from_secs(30));
    let client = Client::builder(Credentials::token(TOKEN).unwrap())
        .budget(budget)
        .timeout(Duration::from_secs(60))
        .with_transport(world.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let params = TimeseriesParams::new();
        client.timeseries(&params).await.unwrap();
        // This call is cancelled while it waits for its permit, which the next one gets instead.
        world.hold_next_sleep();
        let mut waiting = std::pin::pin!(client.timeseries(&params));
        std::future::poll_fn(|context| {
            assert!(waiting.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        waiting.set(client.timeseries(&params));
        waiting.await.unwrap();
    });
    let wait = Duration::from_secs(30);
    assert_eq!(
        world.events().into_iter().filter(|event| matches!(event, Event::Sleep { .. })).collect::<Vec<_>>(),
        [Event::Sleep { at: Duration::ZERO, wait }, Event::Sleep { at: Duration::ZERO, wait }]
    );
    assert_eq!(world.elapsed(), wait);
}

#[test]
fn retry_after_of_a_429_pauses_all_calls() {
    let limited = Step { takes: Duration::ZERO, end: answer(429, Some("3600")) };
    let success = Step { takes: Duration::ZERO, end: answer(200, None) };
    let [run, _] = run_steps(3, 100, 300, vec![limited, success]);
    // The first call receives the `Retry-After` of an hour; the others send nothing.
    assert_eq!(run.events.len(), 1);
    assert!(run.results.iter().all(|result| result.contains("3600 s")), "{:?}", run.results);
}

#[test]
fn retries_are_observed_with_their_reason() {
    let step = |end| Step { takes: Duration::ZERO, end };
    let fault = End::Fault(TransportErrorKind::Interrupted);
    let steps = [answer(503, None), fault, answer(200, None)].map(step).to_vec();
    let [run, other] = run_steps(1, 9, 60, steps);
    assert_eq!(run, other);
    let mut retries = Vec::new();
    for event in &run.observed {
        if let Observed::Retry { number, max_attempts, status, transport_kind, .. } = event {
            retries.push((*number, *max_attempts, *status, *transport_kind));
        }
    }
    let interrupted = Some(TransportErrorKind::Interrupted);
    assert_eq!(retries, [(2, 3, Some(503), None), (3, 3, None, interrupted)]);
}

#[test]
fn events_have_the_rate_limit_and_a_redacted_url() {
    let log: Arc<Mutex<Vec<Observed>>> = Arc::default();
    let sink = Arc::clone(&log);
    let client = blocking::Client::builder(Credentials::token(TOKEN).unwrap())
        .observer(move |event: &Observed| sink.lock().unwrap().push(event.clone()))
        .with_transport(|_: http::Request<bytes::Bytes>, _: Duration| {
            let body = r#"{"success":true,"result":{"meta":{}}}"#;
            let reply = http::Response::builder().header("ratelimit", "\"default\";r=50;t=30");
            Ok(reply.body(body.into()).unwrap())
        });
    let _ = client.timeseries(&TimeseriesParams::new().tld("de").extra("token", TOKEN));
    let observed = log.lock().unwrap();
    let Observed::Attempt { url, .. } = &observed[0] else { panic!("{observed:?}") };
    assert_eq!(&**url, "https://api.cloudflare.com/client/v4/radar/ct/timeseries?tld=de&token=[redacted]");
    let Observed::Response { rate_limit, .. } = &observed[1] else { panic!("{observed:?}") };
    assert_eq!(rate_limit.map(|limit| limit.remaining), Some(50));
}
