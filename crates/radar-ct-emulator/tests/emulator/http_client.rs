//! The emulators and the HTTP client of the tests.

use std::time::Duration;

use chrono::{DateTime, Utc};
use radar_ct_emulator::{Builder, Emulator};
use serde_json::Value;
use ureq::http::{HeaderMap, Request};

/// A Thursday that is on no boundary of an interval.
pub(crate) const NOW: &str = "2026-10-08T12:34:56Z";
pub(crate) const PATH: &str = "/client/v4/radar/ct/timeseries";
pub(crate) const BEARER: (&str, &str) = ("Authorization", "Bearer any");

pub(crate) fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// Returns a builder of an emulator whose clock is stopped at [`NOW`], and that has no rate limit.
pub(crate) fn builder() -> Builder {
    Emulator::builder().now(now()).rate_limit(u64::MAX, Duration::from_secs(1))
}

pub(crate) fn emulator() -> Emulator {
    builder().start().unwrap()
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the `result` of an answer.
    pub(crate) fn result(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.json()["result"].take()
    }
}

pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)]) -> Reply {
    let config = ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
    let agent = config.proxy(None).build().new_agent();
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (head, mut body) = agent.run(request.body(()).unwrap()).unwrap().into_parts();
    let body = body.with_config().limit(64 << 20).read_to_string().unwrap();
    Reply { status: head.status.as_u16(), headers: head.headers, body }
}

/// Requests `timeseries` with this query.
pub(crate) fn get(emulator: &Emulator, query: &str) -> Reply {
    send("GET", &format!("http://{}{PATH}?{query}", emulator.address()), &[BEARER])
}

/// Requests a path below `/radar/ct/`, with its query.
pub(crate) fn fetch(emulator: &Emulator, target: &str) -> Reply {
    send("GET", &format!("{}/radar/ct/{target}", emulator.base_url()), &[BEARER])
}

/// Returns the values of a series, which are whole numbers written as text.
pub(crate) fn values(result: &Value, label: &str) -> Vec<u64> {
    let column = result[label]["values"].as_array().unwrap_or_else(|| panic!("no {label} in {result}"));
    column.iter().map(|value| value.as_str().unwrap().parse().unwrap()).collect()
}

pub(crate) fn timestamps(result: &Value, label: &str) -> Vec<DateTime<Utc>> {
    let column = result[label]["timestamps"].as_array().unwrap();
    column.iter().map(|at| at.as_str().unwrap().parse().unwrap()).collect()
}
