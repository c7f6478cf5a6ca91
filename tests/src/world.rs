//! A server and a clock that are made up, for tests that would have to wait otherwise.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use radar_ct::transport::{AsyncTransport, BlockingTransport, Moment, TransportError, TransportErrorKind};

const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

/// When time begins by the calendar, in seconds since the epoch.
pub const BEGINNING: u64 = 1_790_000_000;

/// What a server does with one request: how long it takes, and how that ends.
#[derive(Debug, Clone)]
pub struct Step {
    /// How long it takes.
    pub takes: Duration,
    /// How it ends.
    pub end: End,
}

/// How a request ends.
#[derive(Debug, Clone)]
pub enum End {
    /// With a status and, where there is one, a `Retry-After`.
    Answer {
        /// The status.
        status: u16,
        /// The server's wish.
        retry_after: Option<String>,
    },
    /// With no complete response.
    Fault(TransportErrorKind),
}

/// What a transport was asked to do, and when, counted from the first request.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// To send a request.
    Send {
        /// When.
        at: Duration,
        /// Within which time.
        within: Duration,
    },
    /// To wait.
    Sleep {
        /// When.
        at: Duration,
        /// For how long.
        wait: Duration,
    },
}

/// A server and a clock, both made up. One transport for blocking and async.
#[derive(Clone)]
pub struct World(Arc<Mutex<State>>);

struct State {
    start: Moment,
    now: Duration,
    steps: VecDeque<Step>,
    events: Vec<Event>,
}

impl World {
    /// A world at its beginning.
    pub fn new(steps: &[Step]) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "an `Instant` cannot be made up; it is only where time begins"
        )]
        let start = Moment::new(Instant::now(), SystemTime::UNIX_EPOCH + Duration::from_secs(BEGINNING));
        let steps = steps.iter().cloned().collect();
        Self(Arc::new(Mutex::new(State { start, now: Duration::ZERO, steps, events: Vec::new() })))
    }

    /// What has happened.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().events.clone()
    }

    /// How much time has passed.
    pub fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    fn play(&self, within: Duration) -> Result<Response<Bytes>, TransportError> {
        let mut state = self.0.lock().unwrap();
        let at = state.now;
        state.events.push(Event::Send { at, within });
        let step = state.steps.pop_front().unwrap_or(Step { takes: Duration::MAX, end: answer(200, None) });
        state.now = at.saturating_add(step.takes.min(within));
        if step.takes > within {
            return Err(TransportErrorKind::Timeout.into());
        }
        match step.end {
            End::Fault(kind) => Err(kind.into()),
            End::Answer { status, retry_after } => {
                let mut response = Response::new(Bytes::from_static(GOOD.as_bytes()));
                *response.status_mut() = status.try_into().unwrap();
                if let Some(wish) = retry_after {
                    response.headers_mut().insert("retry-after", wish.parse().unwrap());
                }
                Ok(response)
            }
        }
    }

    fn wait(&self, wait: Duration) {
        let mut state = self.0.lock().unwrap();
        let at = state.now;
        state.events.push(Event::Sleep { at, wait });
        state.now += wait;
    }

    fn moment(&self) -> Moment {
        let state = self.0.lock().unwrap();
        state.start.later_by(state.now)
    }
}

impl BlockingTransport for World {
    fn send(&self, _: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, TransportError> {
        self.play(within)
    }

    fn sleep(&self, wait: Duration) {
        self.wait(wait);
    }

    fn now(&self) -> Moment {
        self.moment()
    }
}

impl AsyncTransport for World {
    async fn send(&self, _: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, TransportError> {
        self.play(within)
    }

    async fn sleep(&self, wait: Duration) {
        self.wait(wait);
    }

    fn now(&self) -> Moment {
        self.moment()
    }
}

/// A status and the server's wish.
pub fn answer(status: u16, retry_after: Option<&str>) -> End {
    End::Answer { status, retry_after: retry_after.map(str::to_owned) }
}
