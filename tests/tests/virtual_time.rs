//! The retry rule and the deadline, as properties over random servers and policies, in virtual time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

use std::time::Duration;

use proptest::prelude::*;
use radar_ct::transport::TransportErrorKind;
use radar_ct::{ClientBuilder, Credentials, Error, RetryPolicy, Timeseries, TimeseriesParams};
use radar_ct_tests::world::{End, Event, START, Step, World, answer};

#[derive(Debug, Clone)]
struct Limits {
    retry: RetryPolicy,
    timeout: Duration,
    attempt_timeout: Duration,
}

fn credentials() -> Credentials {
    Credentials::token("token").unwrap()
}

fn limited<C>(builder: ClientBuilder<C>, limits: &Limits) -> ClientBuilder<C> {
    builder.retry(limits.retry.clone()).timeout(limits.timeout).attempt_timeout(limits.attempt_timeout)
}

/// Runs a call with both clients, which must behave the same. Returns the result and the world of one.
fn run(steps: &[Step], limits: &Limits) -> (Result<Timeseries, Error>, World) {
    let params = TimeseriesParams::new();
    let (first, second) = (World::new(steps), World::new(steps));
    let builder = radar_ct::blocking::Client::builder(credentials());
    let blocking = limited(builder, limits).with_transport(first.clone()).timeseries(&params);
    let client = limited(radar_ct::Client::builder(credentials()), limits).with_transport(second.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let from_async = runtime.block_on(client.timeseries(&params));
    assert_eq!(first.events(), second.events());
    assert_eq!(format!("{blocking:?}"), format!("{from_async:?}"));
    (blocking, first)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let status = prop_oneof![3 => Just(200_u16), 2 => 500_u16..=599, 3 => Just(429), 1 => Just(408), 1 => Just(409), 1 => Just(404)];
    let retry_after = prop_oneof![
        4 => Just(None),
        3 => (0_u64..90).prop_map(|seconds| Some(seconds.to_string())),
        1 => Just(Some("-5".to_owned())),
        1 => Just(Some("soon".to_owned())),
        1 => Just(Some("99999999999999999999".to_owned())),
        1 => (0_u64..90).prop_map(|ahead| {
            // A date by the clock of the world at its start.
            Some(httpdate(START + ahead))
        }),
    ];
    let kind = prop::sample::select(vec![
        TransportErrorKind::Connect,
        TransportErrorKind::Interrupted,
        TransportErrorKind::Protocol,
        TransportErrorKind::Tls,
        TransportErrorKind::TooLarge,
    ]);
    let end = prop_oneof![
        4 => (status, retry_after).prop_map(|(status, retry_after)| End::Answer { status, retry_after }),
        2 => kind.prop_map(End::Fault),
    ];
    let takes = prop_oneof![Just(0), 0_u64..200_000].prop_map(Duration::from_millis);
    prop::collection::vec((takes, end).prop_map(|(takes, end)| Step { takes, end }), 0..12)
}

fn httpdate(seconds: u64) -> String {
    let at = chrono::DateTime::from_timestamp(i64::try_from(seconds).unwrap(), 0).unwrap();
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn limits() -> impl Strategy<Value = Limits> {
    let milliseconds = |range: std::ops::Range<u64>| range.prop_map(Duration::from_millis);
    let policy =
        (0_u32..8, milliseconds(0..2_000), milliseconds(0..20_000), milliseconds(0..120_000), any::<u64>());
    let policy = policy.prop_map(|(retries, initial, max, max_retry_after, seed)| {
        RetryPolicy::new()
            .max_retries(retries)
            .backoff(initial, max)
            .max_retry_after(max_retry_after)
            .jitter_seed(seed)
    });
    (policy, milliseconds(1..300_000), milliseconds(1..300_000))
        .prop_map(|(retry, timeout, attempt_timeout)| Limits { retry, timeout, attempt_timeout })
}

proptest! {
    #[test]
    fn a_call_respects_all_of_its_limits(steps in steps(), limits in limits()) {
        let (result, world) = run(&steps, &limits);
        let events = world.events();
        let policy = &limits.retry;

        let sends = events.iter().filter(|event| matches!(event, Event::Send { .. })).count();
        prop_assert!(sends <= policy.max_retries as usize + 1);
        prop_assert!(world.elapsed() <= limits.timeout, "{:?} {:?}", world.elapsed(), limits.timeout);
        for (index, event) in events.iter().enumerate() {
            match event {
                Event::Send { at, timeout } => {
                    prop_assert!(*timeout <= limits.attempt_timeout && *at + *timeout <= limits.timeout);
                }
                Event::Sleep { at, wait } => {
                    prop_assert!(*at + *wait < limits.timeout);
                    // Waits are between two attempts, never two in a row.
                    let attempt_follows = matches!(events.get(index + 1), Some(Event::Send { .. }));
                    prop_assert!(attempt_follows);
                    prop_assert!(*wait <= policy.max_backoff.max(policy.max_retry_after));
                }
            }
        }
        match result {
            Ok(_) => prop_assert!(sends >= 1),
            Err(error) => prop_assert_eq!(error.attempts() as usize, sends),
        }
    }
}

fn defaults() -> Limits {
    Limits {
        retry: RetryPolicy::new().jitter_seed(1),
        timeout: Duration::from_secs(60),
        attempt_timeout: Duration::from_secs(30),
    }
}

fn at_once(end: End) -> Step {
    Step { takes: Duration::ZERO, end }
}

fn waits(world: &World) -> Vec<Duration> {
    let wait = |event: &Event| match event {
        Event::Sleep { wait, .. } => Some(*wait),
        Event::Send { .. } => None,
    };
    world.events().iter().filter_map(wait).collect()
}

#[test]
fn backoff_doubles_with_at_most_a_quarter_of_jitter() {
    let fault = at_once(answer(503, None));
    let limits = Limits { retry: RetryPolicy::new().max_retries(7).jitter_seed(3), ..defaults() };
    let (result, world) = run(&vec![fault; 8], &Limits { timeout: Duration::from_secs(600), ..limits });
    assert_eq!(result.unwrap_err().attempts(), 8);
    let longest = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0];
    let waits = waits(&world);
    assert_eq!(waits.len(), longest.len());
    for (wait, longest) in waits.iter().zip(longest) {
        assert!((0.75 * longest..=longest).contains(&wait.as_secs_f64()), "{waits:?}");
    }
}

#[test]
fn retry_after_is_honoured_to_the_second_up_to_its_maximum() {
    let success = at_once(answer(200, None));
    for (retry_after, wait) in [("7", 7), (" 59 ", 59), ("60", 60), (&httpdate(START + 30), 30)] {
        let limits = Limits { timeout: Duration::from_secs(120), ..defaults() };
        let (result, world) = run(&[at_once(answer(429, Some(retry_after))), success.clone()], &limits);
        assert!(result.is_ok());
        assert_eq!(waits(&world), [Duration::from_secs(wait)], "{retry_after}");
    }
    // Too long: the call fails at once, and the error has the wait.
    for retry_after in ["61", "3600"] {
        let limits = Limits { timeout: Duration::from_secs(36_000), ..defaults() };
        let (result, world) = run(&[at_once(answer(429, Some(retry_after))), success.clone()], &limits);
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), waits(&world).len()), (1, 0));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(retry_after.parse().unwrap())));
        assert!(error.is_rate_limited() && error.to_string().contains(retry_after), "{error}");
    }
    // Within the maximum, but beyond the deadline of the call.
    let limits = Limits { timeout: Duration::from_secs(10), ..defaults() };
    let (result, world) = run(&[at_once(answer(503, Some("11"))), success.clone()], &limits);
    assert_eq!((result.unwrap_err().attempts(), waits(&world).len()), (1, 0));
    // Zero, past and malformed values are ignored: the backoff applies.
    for retry_after in ["", "0", "-5", "soon", "1.5", &httpdate(START - 1000)] {
        let (result, world) = run(&[at_once(answer(503, Some(retry_after))), success.clone()], &defaults());
        assert!(result.is_ok());
        assert!(waits(&world)[0] <= Duration::from_millis(500), "{retry_after}");
    }
}

#[test]
fn a_call_without_time_for_an_attempt_exceeds_its_deadline() {
    let (result, world) = run(&[], &Limits { timeout: Duration::ZERO, ..defaults() });
    let error = result.unwrap_err();
    assert!(error.is_timeout() && error.to_string().starts_with("deadline exceeded"), "{error}");
    assert_eq!((error.attempts(), world.events()), (0, vec![]));
}

#[test]
fn a_silent_server_fails_the_call_at_its_deadline() {
    let limits =
        Limits { attempt_timeout: Duration::from_secs(300), timeout: Duration::from_secs(3), ..defaults() };
    let (result, world) = run(&[], &limits);
    let error = result.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 1, "{error}");
    assert_eq!(world.elapsed(), Duration::from_secs(3));
    // As many attempts of their own timeout as fit into the deadline.
    let limits =
        Limits { attempt_timeout: Duration::from_secs(10), timeout: Duration::from_secs(25), ..defaults() };
    let (result, world) = run(&[], &limits);
    assert!(result.unwrap_err().is_timeout());
    assert_eq!(world.events().iter().filter(|event| matches!(event, Event::Send { .. })).count(), 3);
    assert_eq!(world.elapsed(), Duration::from_secs(25));
}
