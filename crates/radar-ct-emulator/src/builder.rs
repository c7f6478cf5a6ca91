//! What an emulator can be told before it starts.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Starts an [`Emulator`](crate::Emulator) other than the default one.
#[derive(Clone)]
pub struct Builder {
    pub(crate) port: u16,
    pub(crate) seed: u64,
    pub(crate) now: Option<DateTime<Utc>>,
    pub(crate) token: Option<String>,
    pub(crate) requests: u64,
    pub(crate) per: Duration,
    pub(crate) max_points: usize,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 0,
            now: None,
            token: None,
            // The documented limit of the API.
            requests: 1200,
            per: Duration::from_secs(300),
            // What takes about a second in a debug build: enough for dozens of long series.
            max_points: 100_000,
        }
    }
}

impl Builder {
    /// The port on 127.0.0.1; 0, the default, is any free one.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// The seed of the data: the same seed, the same data. 0 by default.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Stops the clock at an instant, so that relative date ranges always mean the same. By default the wall clock
    /// is read for each request. Rate limits go by the wall clock in either case.
    pub fn now(self, now: DateTime<Utc>) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The only API token to accept; no global key is accepted then. By default every well-formed credential is good.
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// How many requests a credential has in a period; who exceeds it is blocked for as long again. By default 1200 in
    /// 300 seconds, as documented.
    pub fn rate_limit(self, requests: u64, per: Duration) -> Self {
        Self { requests, per, ..self }
    }

    /// How many points an answer has at most over all its series, where one of a week counts as seven and each group as a
    /// series; beyond it the request costs too much. 100,000 by default.
    pub fn max_points(self, points: usize) -> Self {
        Self { max_points: points, ..self }
    }
}

/// The token stays out of logs, as a real one should.
impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("seed", &self.seed)
            .field("now", &self.now)
            .field("token", &self.token.as_ref().map(|_| "[redacted]"))
            .field("rate_limit", &(self.requests, self.per))
            .field("max_points", &self.max_points)
            .finish()
    }
}
