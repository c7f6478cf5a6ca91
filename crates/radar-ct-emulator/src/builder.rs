//! The configuration of an emulator.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Configures and starts an [`Emulator`](crate::Emulator).
///
/// ```
/// use std::time::Duration;
/// use radar_ct_emulator::Emulator;
///
/// let emulator = Emulator::builder().seed(7).rate_limit(10, Duration::from_secs(1)).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct Builder {
    pub(crate) port: u16,
    pub(crate) seed: u64,
    pub(crate) now: Option<DateTime<Utc>>,
    pub(crate) token: Option<String>,
    pub(crate) requests: u64,
    pub(crate) period: Duration,
    pub(crate) max_points: usize,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 0,
            now: None,
            token: None,
            // The API's documented limit.
            requests: 1200,
            period: Duration::from_secs(300),
            // A debug build answers that much in about a second, and it is enough for dozens of long series.
            max_points: 100_000,
        }
    }
}

impl Builder {
    /// Sets the port on 127.0.0.1. 0, the default, stands for any free port.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Sets the seed of the data. The same seed always gives the same data. 0 by default.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Stops the clock at an instant, so that relative date ranges always cover the same dates. By default,
    /// the wall clock is read for each request. Rate limits always go by the wall clock.
    pub fn now(self, now: DateTime<Utc>) -> Self {
        Self { now: Some(now), ..self }
    }

    /// Accepts only this API token, and no global API key. By default, every well-formed credential is
    /// accepted.
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// Limits the requests of each credential in a period. Exceeding the limit blocks the credential for one
    /// more period. By default 1200 in 300 seconds, as documented.
    pub fn rate_limit(self, requests: u64, period: Duration) -> Self {
        Self { requests, period, ..self }
    }

    /// Limits the points of an answer, summed over all its series; a query beyond the limit costs too much. A
    /// point of a week counts as seven, and each group as a series. 100,000 by default.
    pub fn max_points(self, points: usize) -> Self {
        Self { max_points: points, ..self }
    }
}

/// Redacts the token, so that logs do not contain it.
impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("seed", &self.seed)
            .field("now", &self.now)
            .field("token", &self.token.as_ref().map(|_| "[redacted]"))
            .field("rate_limit", &(self.requests, self.period))
            .field("max_points", &self.max_points)
            .finish()
    }
}
