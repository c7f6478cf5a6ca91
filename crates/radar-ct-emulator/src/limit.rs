//! The rate limit: so many requests in a period for each credential; who exceeds it is blocked for as long again.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

/// Beyond so many credentials those whose time is over are forgotten.
const MOST_REMEMBERED: usize = 1024;

pub(crate) struct Limiter {
    requests: u64,
    per: i64,
    used: HashMap<u64, Usage>,
}

/// Times are in milliseconds.
struct Usage {
    since: i64,
    count: u64,
}

/// Where a credential stands, as the `Ratelimit` header writes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    remaining: u64,
    resets_in: u64,
    /// Seconds to wait, where the limit is exceeded.
    pub(crate) retry_after: Option<u64>,
}

impl Limiter {
    pub(crate) fn new(requests: u64, per: Duration) -> Self {
        let per = i64::try_from(per.as_millis()).unwrap_or(i64::MAX).max(1);
        Self { requests, per, used: HashMap::new() }
    }

    /// Where one stands who has not asked yet.
    pub(crate) fn fresh(&self) -> Standing {
        Standing { remaining: self.requests, resets_in: seconds(self.per), retry_after: None }
    }

    /// Counts a request.
    pub(crate) fn take(&mut self, who: u64, now: i64) -> Standing {
        let per = self.per;
        // A clock that was set back begins anew, too.
        let is_over = |usage: &Usage| now < usage.since || now.saturating_sub(usage.since) >= per;
        if self.used.len() >= MOST_REMEMBERED {
            self.used.retain(|_, usage| !is_over(usage));
        }
        let usage = self.used.entry(who).or_insert(Usage { since: now, count: 0 });
        if is_over(usage) {
            *usage = Usage { since: now, count: 0 };
        }
        usage.count = usage.count.saturating_add(1);
        if usage.count == self.requests.saturating_add(1) {
            // The block lasts a whole period from here.
            usage.since = now;
        }
        let resets_in = seconds(per - (now - usage.since));
        let retry_after = (usage.count > self.requests).then_some(resets_in);
        Standing { remaining: self.requests.saturating_sub(usage.count), resets_in, retry_after }
    }

    /// As the `Ratelimit-Policy` header writes it.
    pub(crate) fn policy(&self) -> String {
        format!("\"default\";q={};w={}", self.requests, seconds(self.per))
    }

    /// The limit in the words of the API's error.
    pub(crate) fn message(&self) -> String {
        format!(
            "More than {} requests per {} seconds reached. Please wait and consider throttling your request speed",
            self.requests,
            seconds(self.per)
        )
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"default\";r={};t={}", self.remaining, self.resets_in)
    }
}

/// Whole seconds, rounded up: who waits that long has waited long enough.
fn seconds(millis: i64) -> u64 {
    u64::try_from(millis).unwrap_or(0).div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_exceeds_the_limit_is_blocked_for_a_period_and_nobody_else_is() {
        let mut limiter = Limiter::new(2, Duration::from_secs(300));
        assert_eq!(limiter.take(1, 0), Standing { remaining: 1, resets_in: 300, retry_after: None });
        assert_eq!(limiter.take(1, 100_500), Standing { remaining: 0, resets_in: 200, retry_after: None });
        let blocked = |resets_in| Standing { remaining: 0, resets_in, retry_after: Some(resets_in) };
        assert_eq!(limiter.take(1, 200_000), blocked(300));
        // The wait is for all of it: asking again neither ends nor prolongs it.
        assert_eq!(limiter.take(1, 300_000), blocked(200));
        assert_eq!(limiter.take(1, 499_999), blocked(1));
        assert_eq!(limiter.take(2, 499_999).retry_after, None);
        assert_eq!(limiter.take(1, 500_000), Standing { remaining: 1, resets_in: 300, retry_after: None });
    }

    #[test]
    fn a_period_ends_without_being_exceeded_and_a_clock_set_back_ends_it() {
        let mut limiter = Limiter::new(1, Duration::from_secs(1));
        assert_eq!(limiter.take(1, 5000).retry_after, None);
        assert_eq!(limiter.take(1, 6000).retry_after, None);
        assert_eq!(limiter.take(1, 1000).retry_after, None);
        assert_eq!(limiter.take(1, 1001).retry_after, Some(1));
    }

    #[test]
    fn credentials_that_are_over_are_forgotten() {
        let mut limiter = Limiter::new(1, Duration::from_secs(1));
        for who in 0..5000 {
            limiter.take(who, i64::try_from(who).unwrap() * 10);
        }
        assert!(limiter.used.len() <= MOST_REMEMBERED);
    }
}
