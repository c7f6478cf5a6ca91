//! A simulated server and clock, for tests in virtual time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use radar_ct::transport::{AsyncTransport, BlockingTransport, Moment, TransportError, TransportErrorKind};

const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

/// The start of virtual time, in seconds since the epoch.
pub const START: u64 = 1_790_000_000;

/// The reaction of the server to one request.
#[derive(Debug, Clone)]
pub struct Step {
    /// The time until it ends.
    pub takes: Duration,
    /// The end.
    pub end: End,
}

/// The end of a request.
#[derive(Debug, Clone)]
pub enum End {
    /// A response.
    Answer {
        /// The status.
        status: u16,
        /// The value of `Retry-After`.
        retry_after: Option<String>,
    },
    /// A transport error.
    Fault(TransportErrorKind),
}

/// A call of a method of the transport, with its time since the start.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request was sent.
    Send {
        /// The time of the call.
        at: Duration,
        /// The timeout of the request.
        timeout: Duration,
    },
    /// The transport slept.
    Sleep {
        /// The time of the call.
        at: Duration,
        /// The duration of the sleep.
        wait: Duration,
    },
}

/// A simulated server and clock. A transport for both clients.
#[derive(Clone)]
pub struct World(Arc<Mutex<State>>);

struct State {
    start: Moment,
    now: Duration,
    steps: VecDeque<Step>,
    events: Vec<Event>,
    holds_next_sleep: bool,
}

impl World {
    /// Creates a world whose server reacts with these steps, and never responds after them.
    pub fn new(steps: &[Step]) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "an `Instant` cannot be made up; it is only the origin of virtual time"
        )]
        let start = Moment::new(Instant::now(), SystemTime::UNIX_EPOCH + Duration::from_secs(START));
        let steps = steps.iter().cloned().collect();
        Self(Arc::new(Mutex::new(State {
            start,
            now: Duration::ZERO,
            steps,
            events: Vec::new(),
            holds_next_sleep: false,
        })))
    }

    /// Returns all events so far.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().events.clone()
    }

    /// Returns the virtual time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    /// Makes the next async sleep last forever.
    pub fn hold_next_sleep(&self) {
        self.0.lock().unwrap().holds_next_sleep = true;
    }

    fn respond(&self, timeout: Duration) -> Result<Response<Bytes>, TransportError> {
        let mut state = self.0.lock().unwrap();
        let at = state.now;
        state.events.push(Event::Send { at, timeout });
        let step = state.steps.pop_front().unwrap_or(Step { takes: Duration::MAX, end: answer(200, None) });
        state.now = at.saturating_add(step.takes.min(timeout));
        if step.takes > timeout {
            return Err(TransportErrorKind::Timeout.into());
        }
        match step.end {
            End::Fault(kind) => Err(kind.into()),
            End::Answer { status, retry_after } => {
                let mut response = Response::new(Bytes::from_static(GOOD.as_bytes()));
                *response.status_mut() = status.try_into().unwrap();
                if let Some(value) = retry_after {
                    response.headers_mut().insert("retry-after", value.parse().unwrap());
                }
                Ok(response)
            }
        }
    }

    /// Sleeps in virtual time. Returns whether the sleep ends.
    fn pass(&self, wait: Duration) -> bool {
        let mut state = self.0.lock().unwrap();
        let at = state.now;
        state.events.push(Event::Sleep { at, wait });
        if std::mem::take(&mut state.holds_next_sleep) {
            return false;
        }
        state.now += wait;
        true
    }

    fn moment(&self) -> Moment {
        let state = self.0.lock().unwrap();
        state.start.later_by(state.now)
    }
}

impl BlockingTransport for World {
    fn send(&self, _: Request<Bytes>, timeout: Duration) -> Result<Response<Bytes>, TransportError> {
        self.respond(timeout)
    }

    fn sleep(&self, time: Duration) {
        self.pass(time);
    }

    fn now(&self) -> Moment {
        self.moment()
    }
}

impl AsyncTransport for World {
    async fn send(&self, _: Request<Bytes>, timeout: Duration) -> Result<Response<Bytes>, TransportError> {
        self.respond(timeout)
    }

    async fn sleep(&self, time: Duration) {
        if !self.pass(time) {
            std::future::pending::<()>().await;
        }
    }

    fn now(&self) -> Moment {
        self.moment()
    }
}

/// Returns a response with a status and a `Retry-After`.
pub fn answer(status: u16, retry_after: Option<&str>) -> End {
    End::Answer { status, retry_after: retry_after.map(str::to_owned) }
}
