//! The rate limit and its headers.

use std::time::Duration;

use serde_json::json;

use crate::http_client::{PATH, builder, send};

#[test]
fn exceeding_the_limit_returns_429_with_retry_after() {
    let emulator = builder().rate_limit(2, Duration::from_secs(3600)).start().unwrap();
    let get = |token: &str| {
        let url = format!("http://{}{PATH}?dateRange=1d", emulator.address());
        send("GET", &url, &[("Authorization", &format!("Bearer {token}"))])
    };
    for remaining in ["1", "0"] {
        let reply = get("a");
        assert_eq!((reply.status, reply.header("retry-after")), (200, ""));
        assert_eq!(reply.header("ratelimit-policy"), "\"default\";q=2;w=3600");
        assert!(reply.header("ratelimit").starts_with(&format!("\"default\";r={remaining};t=")));
    }
    for _ in 0..2 {
        let reply = get("a");
        let error = reply.json()["errors"][0].take();
        assert_eq!((reply.status, &error["code"]), (429, &json!(1015)));
        assert_eq!(reply.json()["result"], json!(null));
        let wait: u64 = reply.header("retry-after").parse().unwrap();
        assert!((3500..=3600).contains(&wait), "{wait}");
        assert_eq!(reply.header("ratelimit"), format!("\"default\";r=0;t={wait}"));
    }
    assert_eq!(get("b").status, 200, "each credential has its own limit");
    assert_eq!(get("mal formed").status, 400, "refused credentials are not counted");
}

#[test]
fn default_limit_is_the_documented_one() {
    let emulator = radar_ct_emulator::Emulator::start().unwrap();
    let url = format!("{}/radar/ct/timeseries?dateRange=1d", emulator.base_url());
    let reply = send("GET", &url, &[("Authorization", "Bearer a")]);
    assert_eq!(reply.header("ratelimit-policy"), "\"default\";q=1200;w=300");
    assert!(reply.header("ratelimit").starts_with("\"default\";r=1199;t="));
}
