//! The rate limit: a number of requests per period for each credential. Exceeding it blocks the credential
//! for one more period.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use crate::http::auth::CredentialId;

/// The number of credentials at which those with an expired period are forgotten.
const MAX_CREDENTIALS: usize = 1024;

/// Counts the requests of each credential. All times are in milliseconds.
pub(crate) struct RateLimiter {
    requests: u64,
    period: i64,
    usage: HashMap<CredentialId, Usage>,
}

struct Usage {
    since: i64,
    count: u64,
}

/// The rate-limit status of a credential. It displays as the `Ratelimit` header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RateLimitStatus {
    remaining: u64,
    resets_in: u64,
    /// Seconds until the next request is allowed; `None` if this one is within the limit.
    pub(crate) retry_after: Option<u64>,
}

impl RateLimiter {
    pub(crate) fn new(requests: u64, period: Duration) -> Self {
        let period = i64::try_from(period.as_millis()).unwrap_or(i64::MAX).max(1);
        Self { requests, period, usage: HashMap::new() }
    }

    /// Returns the status of a credential without any request.
    pub(crate) fn initial_status(&self) -> RateLimitStatus {
        RateLimitStatus { remaining: self.requests, resets_in: seconds(self.period), retry_after: None }
    }

    /// Counts a request, and returns the status of its credential.
    pub(crate) fn count(&mut self, credential: CredentialId, now: i64) -> RateLimitStatus {
        let period = self.period;
        // A clock that was set back begins a new period, too.
        let is_over = |usage: &Usage| now < usage.since || now.saturating_sub(usage.since) >= period;
        if self.usage.len() >= MAX_CREDENTIALS {
            self.usage.retain(|_, usage| !is_over(usage));
        }
        let usage = self.usage.entry(credential).or_insert(Usage { since: now, count: 0 });
        if is_over(usage) {
            *usage = Usage { since: now, count: 0 };
        }
        usage.count = usage.count.saturating_add(1);
        if usage.count == self.requests.saturating_add(1) {
            // The block lasts a whole period from here on.
            usage.since = now;
        }
        let resets_in = seconds(period - (now - usage.since));
        let retry_after = (usage.count > self.requests).then_some(resets_in);
        RateLimitStatus { remaining: self.requests.saturating_sub(usage.count), resets_in, retry_after }
    }

    /// Returns the value of the `Ratelimit-Policy` header.
    pub(crate) fn policy(&self) -> String {
        format!("\"default\";q={};w={}", self.requests, seconds(self.period))
    }

    /// Returns the message of the API's error.
    pub(crate) fn message(&self) -> String {
        format!(
            "More than {} requests per {} seconds reached. Please wait and consider throttling your request speed",
            self.requests,
            seconds(self.period)
        )
    }
}

impl fmt::Display for RateLimitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"default\";r={};t={}", self.remaining, self.resets_in)
    }
}

/// Returns whole seconds, rounded up so that a client that waits for them has waited long enough.
fn seconds(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or(0).div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(remaining: u64, resets_in: u64, retry_after: Option<u64>) -> RateLimitStatus {
        RateLimitStatus { remaining, resets_in, retry_after }
    }

    #[test]
    fn exceeding_the_limit_blocks_only_that_credential_for_one_period() {
        let mut limiter = RateLimiter::new(2, Duration::from_secs(300));
        assert_eq!(limiter.count(1, 0), status(1, 300, None));
        assert_eq!(limiter.count(1, 100_500), status(0, 200, None));
        let blocked = |resets_in| status(0, resets_in, Some(resets_in));
        assert_eq!(limiter.count(1, 200_000), blocked(300));
        // Requests during the block neither end nor prolong it.
        assert_eq!(limiter.count(1, 300_000), blocked(200));
        assert_eq!(limiter.count(1, 499_999), blocked(1));
        assert_eq!(limiter.count(2, 499_999).retry_after, None);
        assert_eq!(limiter.count(1, 500_000), status(1, 300, None));
    }

    #[test]
    fn periods_end_by_themselves_and_when_the_clock_is_set_back() {
        let mut limiter = RateLimiter::new(1, Duration::from_secs(1));
        assert_eq!(limiter.count(1, 5000).retry_after, None);
        assert_eq!(limiter.count(1, 6000).retry_after, None);
        assert_eq!(limiter.count(1, 1000).retry_after, None);
        assert_eq!(limiter.count(1, 1001).retry_after, Some(1));
    }

    #[test]
    fn credentials_with_an_expired_period_are_forgotten() {
        let mut limiter = RateLimiter::new(1, Duration::from_secs(1));
        for credential in 0..5000 {
            limiter.count(credential, i64::try_from(credential).unwrap() * 10);
        }
        assert!(limiter.usage.len() <= MAX_CREDENTIALS);
    }
}
