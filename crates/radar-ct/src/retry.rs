//! The retry rule: which failures are retried, and the exponential backoff with jitter between attempts.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};

/// The retry rule of a client: how often a failed call is retried, and how long it waits before each retry.
///
/// Retried are the statuses 408, 409, 429 and 5xx, and attempts without a complete response. The wait is an
/// exponential backoff: it doubles from `initial_backoff` up to `max_backoff`, minus up to 25 % jitter. A
/// `Retry-After` of the server takes precedence. A wait never extends beyond the
/// [`timeout`](crate::ClientBuilder::timeout) of the call.
///
/// The defaults are those of Cloudflare's SDKs:
/// ```
/// use std::time::Duration;
/// use radar_ct::RetryPolicy;
/// let policy = RetryPolicy::new();
/// assert_eq!(policy.max_retries, 2);
/// assert_eq!(policy.initial_backoff, Duration::from_millis(500));
/// assert_eq!(policy.max_backoff, Duration::from_secs(8));
/// assert_eq!(policy.max_retry_after, Duration::from_secs(60));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use = "a policy does nothing until a client is built with it"]
pub struct RetryPolicy {
    /// The maximum number of retries of a call.
    pub max_retries: u32,
    /// The backoff before the first retry.
    pub initial_backoff: Duration,
    /// The maximum backoff.
    pub max_backoff: Duration,
    /// The longest `Retry-After` that is honoured. A longer one fails the call at once, and the error reports
    /// it.
    pub max_retry_after: Duration,
    /// The seed of the jitter, which makes the waits reproducible in tests. Random by default.
    pub jitter_seed: Option<u64>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            jitter_seed: None,
        }
    }
}

impl RetryPolicy {
    /// Creates the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum number of retries of a call; zero disables retries.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the exponential backoff: the wait before the first retry, and the maximum.
    pub fn backoff(mut self, initial: Duration, max: Duration) -> Self {
        (self.initial_backoff, self.max_backoff) = (initial, max);
        self
    }

    /// Sets the longest `Retry-After` that is honoured.
    pub fn max_retry_after(mut self, max: Duration) -> Self {
        self.max_retry_after = max;
        self
    }

    /// Sets the seed of the jitter, which makes the waits reproducible in tests.
    pub fn jitter_seed(mut self, seed: u64) -> Self {
        self.jitter_seed = Some(seed);
        self
    }

    /// Returns the source of the jitter of one call.
    pub(crate) fn rng(&self) -> fastrand::Rng {
        self.jitter_seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed)
    }

    /// Returns the wait before a retry: the exponential backoff, minus jitter. The first retry has the number
    /// 0.
    pub(crate) fn wait_before(&self, retry: u32, rng: &mut fastrand::Rng) -> Duration {
        let backoff = self.initial_backoff.saturating_mul(2_u32.saturating_pow(retry)).min(self.max_backoff);
        backoff.mul_f64(1.0 - 0.25 * rng.f64())
    }
}

/// Returns whether a request with this status is retried.
pub(crate) fn is_retryable(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
        || status.is_server_error()
}

/// Returns the `Retry-After` of a response, which is a number of seconds or a date.
///
/// A date is compared with the server's own `Date` if the response has one, so that it does not matter
/// whether the clocks agree. Zero, negative and malformed values are ignored.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that does not fit is a very long wait, not a malformed one.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds)).filter(|wait| !wait.is_zero());
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let server_now = headers
        .get(header::DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok());
    until.duration_since(server_now.unwrap_or(now)).ok().filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the seconds of a `Retry-After`, at noon by the local clock.
    fn seconds(value: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, value.parse().unwrap());
        if let Some(date) = date {
            headers.insert(header::DATE, date.parse().unwrap());
        }
        let now = httpdate::parse_http_date("Tue, 24 Nov 2026 12:00:00 GMT").unwrap();
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_accepts_seconds_and_dates() {
        assert_eq!(seconds("7", None), Some(7));
        assert_eq!(seconds(" 3600 ", None), Some(3600));
        assert_eq!(seconds("Tue, 24 Nov 2026 12:00:30 GMT", None), Some(30));
        // The server's clock is an hour ahead of ours.
        assert_eq!(seconds("Tue, 24 Nov 2026 13:00:30 GMT", Some("Tue, 24 Nov 2026 13:00:00 GMT")), Some(30));
        assert_eq!(seconds("99999999999999999999999999", None), Some(u64::MAX));
    }

    #[test]
    fn retry_after_ignores_zero_past_and_malformed_values() {
        for value in ["", "0", "-5", "soon", "1.5", "Tue, 24 Nov 2026 11:59:00 GMT", "1e3", "+5"] {
            assert_eq!(seconds(value, None), None, "{value:?}");
        }
    }

    #[test]
    fn backoff_doubles_up_to_the_maximum_with_at_most_a_quarter_of_jitter() {
        let policy = RetryPolicy::default();
        let mut rng = policy.rng();
        for (retry, longest) in [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 8.0), (u32::MAX, 8.0)]
        {
            let wait = policy.wait_before(retry, &mut rng).as_secs_f64();
            assert!(wait <= longest && wait >= 0.75 * longest, "{retry}: {wait}");
        }
    }

    #[test]
    fn setters_set_their_fields() {
        let (initial, max, retry_after) =
            (Duration::from_secs(3), Duration::from_secs(4), Duration::from_secs(5));
        let policy = RetryPolicy::new()
            .jitter_seed(6)
            .max_retry_after(retry_after)
            .backoff(initial, max)
            .max_retries(7);
        assert_eq!((policy.initial_backoff, policy.max_backoff), (initial, max));
        assert_eq!(policy.max_retry_after, retry_after);
        assert_eq!((policy.max_retries, policy.jitter_seed), (7, Some(6)));
    }

    #[test]
    fn only_408_409_429_and_5xx_are_retryable() {
        for status in 100_u16..600 {
            let expected = matches!(status, 408 | 409 | 429 | 500..);
            assert_eq!(is_retryable(StatusCode::from_u16(status).unwrap()), expected, "{status}");
        }
    }
}
