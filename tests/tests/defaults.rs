//! The defaults and limits that the documentation names.
//!
//! If one of these changes, change the guide in `crates/radar-ct/docs`, the emulator's README and the help
//! texts, too.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use radar_ct::operation::Settings;
use radar_ct::transport::TransportConfig;
use radar_ct::{AggInterval, Credentials, Export, RateBudget, RetryPolicy, TimeseriesParams};
use radar_ct_emulator::Emulator;

#[test]
fn client_defaults_are_the_documented_ones() {
    let settings = Settings::new(Credentials::token("token").unwrap());
    assert_eq!(settings.timeout, Duration::from_secs(60));
    assert_eq!(settings.attempt_timeout, Duration::from_secs(30));
    let policy = RetryPolicy::default();
    assert_eq!((policy.max_retries, policy.initial_backoff), (2, Duration::from_millis(500)));
    assert_eq!(
        (policy.max_backoff, policy.max_retry_after),
        (Duration::from_secs(8), Duration::from_secs(60))
    );
    assert_eq!(RateBudget::cloudflare().to_string(), "1200 requests in 300s");
}

#[test]
fn exports_settle_after_the_documented_days() {
    let now: DateTime<Utc> = "2026-10-08T00:00:00Z".parse().unwrap();
    let params = TimeseriesParams::new().agg_interval(AggInterval::OneDay);
    let export = Export::new(params, now - chrono::Duration::days(30)..now).unwrap();
    assert_eq!((now - export.calls(now.into()).settled_until()).num_days(), 3);
}

#[test]
fn transport_and_emulator_defaults_are_the_documented_ones() {
    let config = format!("{:?}", TransportConfig::new());
    for member in ["connect_timeout: 10s", "max_body_bytes: 67108864"] {
        assert!(config.contains(member), "{config}");
    }
    let emulator = format!("{:?}", Emulator::builder());
    for member in ["rate_limit: (1200, 300s)", "max_points: 100000"] {
        assert!(emulator.contains(member), "{emulator}");
    }
}
