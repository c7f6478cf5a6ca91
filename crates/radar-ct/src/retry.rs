//! Whether to try again, and when: plain data and pure decisions.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};

/// When a call is tried again. The defaults are those of Cloudflare's own SDKs.
///
/// Tried again are the statuses 408, 409, 429 and 5xx, and attempts that brought no complete response. The wait
/// doubles from `first_wait` to `max_wait`, less up to a quarter by chance, unless the server says by `Retry-After` how long
/// to wait. A wait is never begun that would end after the call's deadline.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How many times a call is tried again; 2.
    pub max_retries: u32,
    /// The first wait; 0.5 seconds.
    pub first_wait: Duration,
    /// The longest wait of our own; 8 seconds.
    pub max_wait: Duration,
    /// The longest wait that a server may ask for; 60 seconds. A server that asks for more makes the call fail at
    /// once, and the error says for how long it asked.
    pub max_retry_after: Duration,
    /// Makes the share of chance in the waits the same every time, for tests.
    pub seed: Option<u64>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            seed: None,
        }
    }
}

impl RetryPolicy {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many times a call is tried again.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The first wait and the longest of our own.
    pub fn waits(mut self, first: Duration, longest: Duration) -> Self {
        (self.first_wait, self.max_wait) = (first, longest);
        self
    }

    /// The longest wait that a server may ask for.
    pub fn max_retry_after(mut self, longest: Duration) -> Self {
        self.max_retry_after = longest;
        self
    }

    /// Makes the share of chance in the waits the same every time, for tests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The source of chance for one call.
    pub(crate) fn chance(&self) -> fastrand::Rng {
        self.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed)
    }

    /// Our own wait before the retry with this number, from 0.
    pub(crate) fn backoff(&self, retry: u32, chance: &mut fastrand::Rng) -> Duration {
        let doubled = self.first_wait.saturating_mul(2_u32.saturating_pow(retry)).min(self.max_wait);
        doubled.mul_f64(1.0 - 0.25 * chance.f64())
    }
}

/// Whether an answer of that status may be a better one the next time.
pub(crate) fn is_retryable(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
        || status.is_server_error()
}

/// How long the server asks to wait: seconds, or a date.
///
/// A date is measured against the server's own `Date`, where it gives one, so that clocks that differ do no harm. What is
/// not positive, or cannot be read, is no wish at all.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time.
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

    fn asked(value: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, value.parse().unwrap());
        if let Some(date) = date {
            headers.insert(header::DATE, date.parse().unwrap());
        }
        let now = httpdate::parse_http_date("Tue, 24 Nov 2026 12:00:00 GMT").unwrap();
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wish_is_read_as_seconds_or_as_a_date() {
        assert_eq!(asked("7", None), Some(7));
        assert_eq!(asked(" 3600 ", None), Some(3600));
        assert_eq!(asked("Tue, 24 Nov 2026 12:00:30 GMT", None), Some(30));
        // The server's clock is an hour ahead of ours.
        assert_eq!(asked("Tue, 24 Nov 2026 13:00:30 GMT", Some("Tue, 24 Nov 2026 13:00:00 GMT")), Some(30));
        assert_eq!(asked("99999999999999999999999999", None), Some(u64::MAX));
    }

    #[test]
    fn what_is_no_wish_is_none() {
        for value in ["", "0", "-5", "soon", "1.5", "Tue, 24 Nov 2026 11:59:00 GMT", "1e3", "+5"] {
            assert_eq!(asked(value, None), None, "{value:?}");
        }
    }

    #[test]
    fn our_waits_double_up_to_the_longest_and_lose_at_most_a_quarter() {
        let policy = RetryPolicy::default();
        let mut chance = policy.chance();
        for (retry, longest) in [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 8.0), (u32::MAX, 8.0)]
        {
            let wait = policy.backoff(retry, &mut chance).as_secs_f64();
            assert!(wait <= longest && wait >= 0.75 * longest, "{retry}: {wait}");
        }
    }

    #[test]
    fn a_policy_is_what_it_was_told() {
        let (first, longest, asked) =
            (Duration::from_secs(3), Duration::from_secs(4), Duration::from_secs(5));
        let policy = RetryPolicy::new().seed(6).max_retry_after(asked).waits(first, longest).max_retries(7);
        assert_eq!((policy.first_wait, policy.max_wait, policy.max_retry_after), (first, longest, asked));
        assert_eq!((policy.max_retries, policy.seed), (7, Some(6)));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in 100_u16..600 {
            let wanted = matches!(status, 408 | 409 | 429 | 500..);
            assert_eq!(is_retryable(StatusCode::from_u16(status).unwrap()), wanted, "{status}");
        }
    }
}
