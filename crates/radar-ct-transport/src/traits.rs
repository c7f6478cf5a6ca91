//! The two traits, and the clock that belongs to them.

use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Request, Response};

use crate::error::TransportError;

/// A reading of the clock: the monotonic one for deadlines, the calendar for dates that a server names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// Never goes back.
    pub monotonic: Instant,
    /// The date and time.
    pub wall: SystemTime,
}

impl Moment {
    /// The present.
    #[expect(clippy::disallowed_methods, reason = "the one place where the clocks are read")]
    pub fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemTime::now() }
    }

    /// A moment that a clock of one's own makes up.
    pub fn new(monotonic: Instant, wall: SystemTime) -> Self {
        Self { monotonic, wall }
    }

    /// This moment, later by `wait` on both clocks; unchanged on a clock that cannot go so far.
    pub fn later_by(self, wait: Duration) -> Self {
        Self {
            monotonic: self.monotonic.checked_add(wait).unwrap_or(self.monotonic),
            wall: self.wall.checked_add(wait).unwrap_or(self.wall),
        }
    }
}

/// Carries a request and waits for its response, blocking the thread.
pub trait BlockingTransport: Send + Sync {
    /// Sends a request and reads the whole response within a time.
    ///
    /// # Errors
    /// Where no complete response arrives. Any status is `Ok`.
    fn send(&self, request: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, TransportError>;

    /// Waits.
    fn sleep(&self, wait: Duration) {
        std::thread::sleep(wait);
    }

    /// Reads the clock.
    fn now(&self) -> Moment {
        Moment::now()
    }
}

impl<F> BlockingTransport for F
where
    F: Fn(Request<Bytes>, Duration) -> Result<Response<Bytes>, TransportError> + Send + Sync,
{
    fn send(&self, request: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, TransportError> {
        self(request, within)
    }
}

/// Carries a request and awaits its response. Dropping the future stops the work.
pub trait AsyncTransport: Send + Sync {
    /// Sends a request and reads the whole response within a time.
    ///
    /// # Errors
    /// Where no complete response arrives. Any status is `Ok`.
    fn send(
        &self,
        request: Request<Bytes>,
        within: Duration,
    ) -> impl Future<Output = Result<Response<Bytes>, TransportError>> + Send;

    /// Waits, on the timer of the transport's runtime.
    fn sleep(&self, wait: Duration) -> impl Future<Output = ()> + Send;

    /// Reads the clock.
    fn now(&self) -> Moment {
        Moment::now()
    }
}
