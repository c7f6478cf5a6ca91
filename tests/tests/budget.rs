//! Is a budget of requests kept by all who share it, and is what clients do told as it happens?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use radar_ct::transport::TransportErrorKind;
use radar_ct::{Client, Credentials, Event as Told, RateBudget, RetryPolicy, TimeseriesParams, blocking};
use radar_ct_tests::world::{End, Event, Step, World, answer};

const TOKEN: &str = "s3cr3t-token-of-the-test";

/// Calls, one after the other, through one client.
#[derive(Debug, Clone)]
struct Setting {
    steps: Vec<Step>,
    calls: usize,
    requests: u32,
    per: Duration,
    timeout: Duration,
}

/// How the calls ended, what happened in the world, and what was told of it.
#[derive(Debug, PartialEq)]
struct Story {
    ends: Vec<String>,
    events: Vec<Event>,
    told: Vec<Told>,
}

fn setting() -> impl Strategy<Value = Setting> {
    let end = prop_oneof![
        5 => Just(answer(200, None)),
        1 => Just(answer(503, None)),
        1 => (1_u64..50).prop_map(|seconds| answer(429, Some(&seconds.to_string()))),
        1 => Just(End::Fault(TransportErrorKind::Interrupted)),
    ];
    let step = (0_u64..3_000, end).prop_map(|(takes, end)| Step { takes: Duration::from_millis(takes), end });
    let steps = prop::collection::vec(step, 40);
    (steps, 1_usize..12, 1_u32..6, 1_u64..30, 1_u64..90).prop_map(|(steps, calls, requests, per, timeout)| {
        Setting {
            steps,
            calls,
            requests,
            per: Duration::from_secs(per),
            timeout: Duration::from_secs(timeout),
        }
    })
}

/// The same setting through either client.
fn stories(setting: &Setting) -> [Story; 2] {
    let params = TimeseriesParams::new();
    let retry = RetryPolicy::new().seed(7);
    [false, true].map(|asynchronous| {
        let world = World::new(&setting.steps);
        let told: Arc<Mutex<Vec<Told>>> = Arc::default();
        let listener = Arc::clone(&told);
        let observer = move |event: &Told| listener.lock().unwrap().push(event.clone());
        let budget = RateBudget::new(setting.requests, setting.per);
        let credentials = Credentials::token(TOKEN).unwrap();
        let ends = if asynchronous {
            let builder = Client::builder(credentials).retry(retry.clone()).budget(budget).observer(observer);
            let client = builder.timeout(setting.timeout).with_transport(world.clone());
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            (0..setting.calls)
                .map(|_| format!("{:?}", runtime.block_on(client.timeseries(&params))))
                .collect()
        } else {
            let builder =
                blocking::Client::builder(credentials).retry(retry.clone()).budget(budget).observer(observer);
            let client = builder.timeout(setting.timeout).with_transport(world.clone());
            (0..setting.calls).map(|_| format!("{:?}", client.timeseries(&params))).collect()
        };
        let told = told.lock().unwrap().clone();
        Story { ends, events: world.events(), told }
    })
}

proptest! {
    #[test]
    fn no_stretch_of_time_has_more_requests_than_the_budget(setting in setting()) {
        let [story, other] = stories(&setting);
        prop_assert_eq!(&story, &other);

        let sent: Vec<Duration> = story.events.iter().filter_map(|event| match event {
            Event::Send { at, .. } => Some(*at),
            Event::Sleep { .. } => None,
        }).collect();
        let many = setting.requests as usize;
        for (first, next) in sent.iter().zip(sent.iter().skip(many)) {
            prop_assert!(next.saturating_sub(*first) >= setting.per, "{:?}", sent);
        }
    }

    #[test]
    fn what_is_told_is_what_happened(setting in setting()) {
        let [story, _] = stories(&setting);
        let count = |is: fn(&Told) -> bool| story.told.iter().filter(|event| is(event)).count();
        let sends = story.events.iter().filter(|event| matches!(event, Event::Send { .. })).count();
        prop_assert_eq!(count(|event| matches!(event, Told::Attempt { .. })), sends);
        let answered = count(|event| matches!(event, Told::Response { .. } | Told::Fault { .. }));
        prop_assert_eq!(answered, sends);
        prop_assert_eq!(count(|event| matches!(event, Told::Done { .. })), setting.calls);
        let good = story.ends.iter().filter(|end| end.starts_with("Ok")).count();
        prop_assert_eq!(count(|event| matches!(event, Told::Done { ok: true, .. })), good);
        let text = format!("{:?} {:?}", story.told, story.ends);
        prop_assert!(!text.contains(TOKEN));
    }
}

fn calls(calls: usize, requests: u32, seconds: u64, steps: Vec<Step>) -> [Story; 2] {
    let (per, timeout) = (Duration::from_secs(seconds), Duration::from_secs(60));
    stories(&Setting { steps, calls, requests, per, timeout })
}

#[test]
fn a_call_waits_for_its_turn_and_fails_at_once_if_that_is_too_late() {
    let good = Step { takes: Duration::ZERO, end: answer(200, None) };
    let [story, _] = calls(3, 2, 30, vec![good.clone(); 3]);
    let wait = Event::Sleep { at: Duration::ZERO, wait: Duration::from_secs(30) };
    assert_eq!(story.events.iter().filter(|event| **event == wait).count(), 1);
    assert!(story.ends.iter().all(|end| end.starts_with("Ok")));

    let [story, _] = calls(3, 2, 300, vec![good; 3]);
    assert!(
        story.ends[2].contains("the client's own budget of 2 requests in 300s is used up"),
        "{:?}",
        story.ends
    );
    assert!(story.ends[2].contains("the next is in 300 s"), "{:?}", story.ends);
    assert_eq!(story.events.len(), 2);
}

#[test]
fn when_the_server_wants_silence_everybody_keeps_it() {
    let limited = Step { takes: Duration::ZERO, end: answer(429, Some("3600")) };
    let good = Step { takes: Duration::ZERO, end: answer(200, None) };
    let [story, _] = calls(3, 100, 300, vec![limited, good]);
    // The first is told to wait for an hour; the others do not even ask.
    assert_eq!(story.events.len(), 1);
    assert!(story.ends.iter().all(|end| end.contains("3600 s")), "{:?}", story.ends);
}

#[test]
fn another_attempt_is_told_with_its_reason() {
    let step = |end| Step { takes: Duration::ZERO, end };
    let fault = End::Fault(TransportErrorKind::Interrupted);
    let steps = [answer(503, None), fault, answer(200, None)].map(step).to_vec();
    let [story, other] = calls(1, 9, 60, steps);
    assert_eq!(story, other);
    let mut told = Vec::new();
    for event in &story.told {
        if let Told::Retry { number, at_most, status, fault, .. } = event {
            told.push((*number, *at_most, *status, *fault));
        }
    }
    let interrupted = Some(TransportErrorKind::Interrupted);
    assert_eq!(told, [(2, 3, Some(503), None), (3, 3, None, interrupted)]);
}

#[test]
fn a_response_is_told_with_the_rate_limit_and_a_request_without_a_credential_that_it_repeats() {
    let told: Arc<Mutex<Vec<Told>>> = Arc::default();
    let listener = Arc::clone(&told);
    let client = blocking::Client::builder(Credentials::token(TOKEN).unwrap())
        .observer(move |event: &Told| listener.lock().unwrap().push(event.clone()))
        .with_transport(|_: http::Request<bytes::Bytes>, _: Duration| {
            let body = r#"{"success":true,"result":{"meta":{}}}"#;
            let reply = http::Response::builder().header("ratelimit", "\"default\";r=50;t=30");
            Ok(reply.body(body.into()).unwrap())
        });
    let _ = client.timeseries(&TimeseriesParams::new().tld("de").extra("token", TOKEN));
    let told = told.lock().unwrap();
    let Told::Attempt { url, .. } = &told[0] else { panic!("{told:?}") };
    assert_eq!(&**url, "https://api.cloudflare.com/client/v4/radar/ct/timeseries?tld=de&token=[redacted]");
    let Told::Response { rate_limit, .. } = &told[1] else { panic!("{told:?}") };
    assert_eq!(rate_limit.map(|limit| limit.remaining), Some(50));
}
