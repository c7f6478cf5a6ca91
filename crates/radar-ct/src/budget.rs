//! A budget of requests, kept on our side so that the server's limit is never met.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A budget of requests: so many in any stretch of so much time, retries included.
///
/// Clones share it, and so do the clients that are given one: a blocking and an async client can live on one budget. A
/// call that finds it used up waits for its turn, first come, first served; one whose turn would come after its own deadline
/// fails at once and says when to come back. Where the server says that there were too many requests all the same, everybody
/// who shares the budget waits as long as it asks.
///
/// ```
/// use std::time::Duration;
/// use radar_ct::{Client, Credentials, RateBudget, blocking};
///
/// let budget = RateBudget::new(10, Duration::from_secs(1));
/// let credentials = Credentials::token("token")?;
/// let one = blocking::Client::builder(credentials.clone()).budget(budget.clone());
/// let other = Client::builder(credentials).budget(budget);
/// # let _ = (one, other);
/// # Ok::<(), radar_ct::Error>(())
/// ```
#[derive(Clone)]
pub struct RateBudget(Arc<Shared>);

struct Shared {
    requests: usize,
    per: Duration,
    turns: Mutex<Turns>,
}

/// The last turns that were given, at most as many as the budget has requests, in order.
#[derive(Default)]
struct Turns {
    given: VecDeque<Instant>,
    /// The server has asked for silence until then.
    silent_until: Option<Instant>,
}

impl RateBudget {
    /// A budget of `requests` (at least one) in any stretch of time as long as `per`.
    pub fn new(requests: u32, per: Duration) -> Self {
        let requests = usize::try_from(requests).unwrap_or(usize::MAX).max(1);
        Self(Arc::new(Shared { requests, per, turns: Mutex::default() }))
    }

    /// What Cloudflare allows a user: 1200 requests in 5 minutes, beyond which it blocks for as long.
    ///
    /// Source: the API documentation, "Rate limits".
    pub fn cloudflare() -> Self {
        Self::new(1200, Duration::from_secs(300))
    }

    /// Takes the next turn, unless it would come later than `latest` from now: how long to wait for it in either case.
    pub(crate) fn take_turn(&self, now: Instant, latest: Duration) -> Result<Duration, Duration> {
        // What is behind the lock is whole after every statement, so a panic elsewhere spoils nothing.
        let mut turns = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let full = turns.given.len() >= self.0.requests;
        let free_again = match turns.given.front().filter(|_| full) {
            None => None,
            // Later than a clock can say: never.
            Some(first) => Some(first.checked_add(self.0.per).ok_or(Duration::MAX)?),
        };
        let last = turns.given.back().copied();
        let turn = [free_again, last, turns.silent_until].into_iter().flatten().fold(now, Instant::max);
        let wait = turn.saturating_duration_since(now);
        if wait >= latest {
            return Err(wait);
        }
        if full {
            turns.given.pop_front();
        }
        turns.given.push_back(turn);
        Ok(wait)
    }

    /// Gives no turn before `wait` is over.
    pub(crate) fn silence(&self, now: Instant, wait: Duration) {
        let mut turns = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.silent_until = turns.silent_until.max(now.checked_add(wait));
    }
}

impl Default for RateBudget {
    fn default() -> Self {
        Self::cloudflare()
    }
}

impl fmt::Debug for RateBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RateBudget({self})")
    }
}

impl fmt::Display for RateBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} requests in {:?}", self.0.requests, self.0.per)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "where time begins does not matter here")]
    fn start() -> Instant {
        Instant::now()
    }

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn no_stretch_of_time_has_more_requests_than_allowed() {
        let budget = RateBudget::new(3, S(10));
        let start = start();
        let waits: Vec<_> =
            (0..8).map(|second| budget.take_turn(start + S(second), Duration::MAX).unwrap()).collect();
        // Turns at 0, 1, 2, then 10, 11, 12, then 20, 21.
        assert_eq!(waits, [0, 0, 0, 7, 7, 7, 14, 14].map(S));
    }

    #[test]
    fn a_turn_that_comes_too_late_is_not_taken() {
        let budget = RateBudget::new(1, S(10));
        let start = start();
        assert_eq!(budget.take_turn(start, S(5)), Ok(S(0)));
        assert_eq!(budget.take_turn(start, S(10)), Err(S(10)));
        // Nobody took it, so it is still there.
        assert_eq!(budget.take_turn(start, S(11)), Ok(S(10)));
    }

    #[test]
    fn silence_is_kept_by_all() {
        let budget = RateBudget::new(100, S(10));
        let start = start();
        budget.clone().silence(start, S(30));
        budget.silence(start, S(20));
        assert_eq!(budget.take_turn(start + S(1), Duration::MAX), Ok(S(29)));
        assert_eq!(budget.take_turn(start + S(31), Duration::MAX), Ok(S(0)));
    }

    #[test]
    fn what_cloudflare_allows_is_given_at_once_and_then_again_five_minutes_later() {
        let budget = RateBudget::default();
        let start = start();
        for _ in 0..1200 {
            assert_eq!(budget.take_turn(start, S(1)), Ok(S(0)));
        }
        assert_eq!(budget.take_turn(start, S(301)), Ok(S(300)));
        assert_eq!(format!("{budget:?}"), "RateBudget(1200 requests in 300s)");
    }
}
