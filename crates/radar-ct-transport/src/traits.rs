//! The transport traits, and the clock that belongs to them.

use std::future::Future;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Request, Response};

use crate::error::TransportError;

/// A reading of two clocks: the monotonic one, for timeouts, and the wall clock, for dates that a server
/// sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moment {
    /// The monotonic clock, which never goes back.
    pub monotonic: Instant,
    /// The date and time.
    pub wall: SystemTime,
}

impl Moment {
    /// Reads the clocks of the system.
    #[expect(clippy::disallowed_methods, reason = "the one place where the clocks are read")]
    pub fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemTime::now() }
    }

    /// Creates a moment from readings of other clocks, such as a test's.
    pub fn new(monotonic: Instant, wall: SystemTime) -> Self {
        Self { monotonic, wall }
    }

    /// Returns this moment, later by `time` on both clocks. A clock that cannot represent the sum stays
    /// unchanged.
    #[must_use]
    pub fn later_by(self, time: Duration) -> Self {
        Self {
            monotonic: self.monotonic.checked_add(time).unwrap_or(self.monotonic),
            wall: self.wall.checked_add(time).unwrap_or(self.wall),
        }
    }
}

/// Sends a request and blocks the thread until the response is complete.
pub trait BlockingTransport: Send + Sync {
    /// Sends a request and reads the whole response within the timeout.
    ///
    /// # Errors
    /// Returns an error if no complete response arrives. Any status is `Ok`.
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> Result<Response<Bytes>, TransportError>;

    /// Blocks the thread for this long.
    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
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
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> Result<Response<Bytes>, TransportError> {
        self(request, timeout)
    }
}

/// Sends a request and awaits the complete response. Dropping the future cancels the request.
pub trait AsyncTransport: Send + Sync {
    /// Sends a request and reads the whole response within the timeout.
    ///
    /// # Errors
    /// Returns an error if no complete response arrives. Any status is `Ok`.
    fn send(
        &self,
        request: Request<Bytes>,
        timeout: Duration,
    ) -> impl Future<Output = Result<Response<Bytes>, TransportError>> + Send;

    /// Waits for this long, on the timer of the transport's runtime.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// Reads the clock.
    fn now(&self) -> Moment {
        Moment::now()
    }
}
