//! The client-side rate limit, which keeps clients below the limit of the server.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A client-side rate limit: at most so many requests in any period of a given length, retries included.
///
/// Clones share the budget, and so do the clients that are built with them: a blocking and an async client
/// can use one budget. When it is used up, calls wait in the order in which they arrive. A call that would
/// wait longer than its timeout fails at once, and its error says when to come back. When the server answers
/// 429 with a `Retry-After`, all calls of the budget pause for that long.
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
    period: Duration,
    state: Mutex<State>,
}

/// The state of a budget.
#[derive(Default)]
struct State {
    /// The times of granted permits in ascending order: those in the last period, and those to come.
    granted: VecDeque<Instant>,
    /// The end of the current pause.
    paused_until: Option<Instant>,
}

impl RateBudget {
    /// Creates a budget of `requests`, at least one, in any period of this length.
    pub fn new(requests: u32, period: Duration) -> Self {
        let requests = usize::try_from(requests).unwrap_or(usize::MAX).max(1);
        Self(Arc::new(Shared { requests, period, state: Mutex::default() }))
    }

    /// Creates the budget that Cloudflare grants a user: 1200 requests in 5 minutes. It blocks a user that
    /// exceeds it for another 5.
    ///
    /// Source: the API documentation, "Rate limits".
    pub fn cloudflare() -> Self {
        Self::new(1200, Duration::from_secs(300))
    }

    /// Acquires the permit to send one request after a wait, if that is shorter than `max_wait`.
    ///
    /// # Errors
    /// Returns the wait for the next permit if it is too long. The permit is not taken then.
    pub(crate) fn acquire(&self, now: Instant, max_wait: Duration) -> Result<(Permit, Duration), Duration> {
        let Shared { requests, period, .. } = &*self.0;
        let mut state = self.state();
        let is_over = |at: &Instant| at.checked_add(*period).is_some_and(|end| end <= now);
        while state.granted.front().is_some_and(is_over) {
            state.granted.pop_front();
        }
        // The permit that was granted `requests` permits ago must be a period ago.
        let blocking = state.granted.len().checked_sub(*requests).and_then(|index| state.granted.get(index));
        let free_again = match blocking {
            None => None,
            // Beyond the range of the clock: never.
            Some(at) => Some(at.checked_add(*period).ok_or(Duration::MAX)?),
        };
        let last = state.granted.back().copied();
        let at = [free_again, last, state.paused_until].into_iter().flatten().fold(now, Instant::max);
        let wait = at.saturating_duration_since(now);
        if wait >= max_wait {
            return Err(wait);
        }
        state.granted.push_back(at);
        drop(state);
        Ok((Permit { budget: Some(self.clone()), at }, wait))
    }

    /// Grants no permits before `wait` is over.
    pub(crate) fn pause(&self, now: Instant, wait: Duration) {
        let mut state = self.state();
        state.paused_until = state.paused_until.max(now.checked_add(wait));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement, so a panic elsewhere does not matter.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The permit to send one request after a wait. It returns to the budget when it is dropped without having
/// been used.
#[derive(Debug)]
pub(crate) struct Permit {
    /// The budget to which the permit returns. `None` once it is used.
    budget: Option<RateBudget>,
    at: Instant,
}

impl Permit {
    /// Uses the permit: the request is sent now.
    pub(crate) fn use_up(mut self) {
        self.budget = None;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            let mut state = budget.state();
            if let Ok(index) = state.granted.binary_search(&self.at) {
                state.granted.remove(index);
            }
        }
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
        write!(f, "{} requests in {:?}", self.0.requests, self.0.period)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "the origin of time does not matter here")]
    fn start() -> Instant {
        Instant::now()
    }

    /// Acquires a permit, uses it, and returns its wait.
    fn acquire(budget: &RateBudget, now: Instant, max_wait: Duration) -> Result<Duration, Duration> {
        budget.acquire(now, max_wait).map(|(permit, wait)| {
            permit.use_up();
            wait
        })
    }

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn no_period_has_more_requests_than_allowed() {
        let budget = RateBudget::new(3, S(10));
        let start = start();
        let waits: Vec<_> =
            (0..8).map(|second| acquire(&budget, start + S(second), Duration::MAX).unwrap()).collect();
        // Permits at 0, 1, 2, then 10, 11, 12, then 20, 21.
        assert_eq!(waits, [0, 0, 0, 7, 7, 7, 14, 14].map(S));
    }

    #[test]
    fn a_permit_that_comes_too_late_is_not_taken() {
        let budget = RateBudget::new(1, S(10));
        let start = start();
        assert_eq!(acquire(&budget, start, S(5)), Ok(S(0)));
        assert_eq!(acquire(&budget, start, S(10)), Err(S(10)));
        // It is still available to others.
        assert_eq!(acquire(&budget, start, S(11)), Ok(S(10)));
    }

    #[test]
    fn an_unused_permit_returns_to_the_budget() {
        let budget = RateBudget::new(2, S(10));
        let start = start();
        assert_eq!(acquire(&budget, start, S(1)), Ok(S(0)));
        assert_eq!(acquire(&budget, start + S(4), S(1)), Ok(S(0)));
        let [(first, first_wait), (second, second_wait)] =
            [(); 2].map(|()| budget.acquire(start + S(5), S(20)).unwrap());
        assert_eq!((first_wait, second_wait), (S(5), S(9)));
        drop(second);
        assert_eq!(acquire(&budget, start + S(5), S(20)), Ok(S(9)));
        // The period still has both permits that were used, so the one after them waits for the first to
        // expire.
        drop(first);
        assert_eq!(acquire(&budget, start + S(6), S(20)), Ok(S(8)));
        assert_eq!(acquire(&budget, start + S(6), S(20)), Ok(S(18)));
    }

    #[test]
    fn a_returned_permit_does_not_allow_more_requests_than_the_budget() {
        let budget = RateBudget::new(1, S(10));
        let start = start();
        assert_eq!(acquire(&budget, start, S(1)), Ok(S(0)));
        drop(budget.acquire(start, S(20)).unwrap());
        assert_eq!(acquire(&budget, start + S(1), S(20)), Ok(S(9)));
    }

    #[test]
    fn a_pause_applies_to_all_clones() {
        let budget = RateBudget::new(100, S(10));
        let start = start();
        budget.clone().pause(start, S(30));
        budget.pause(start, S(20));
        assert_eq!(acquire(&budget, start + S(1), Duration::MAX), Ok(S(29)));
        assert_eq!(acquire(&budget, start + S(31), Duration::MAX), Ok(S(0)));
    }

    #[test]
    fn the_default_is_the_limit_of_cloudflare() {
        let budget = RateBudget::default();
        let start = start();
        for _ in 0..1200 {
            assert_eq!(acquire(&budget, start, S(1)), Ok(S(0)));
        }
        assert_eq!(acquire(&budget, start, S(301)), Ok(S(300)));
        assert_eq!(format!("{budget:?}"), "RateBudget(1200 requests in 300s)");
    }
}
