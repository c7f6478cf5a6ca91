//! Observers and the events that they receive.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use radar_ct_transport::TransportErrorKind;

use crate::rate_limit::RateLimit;

/// An observer of the calls of a client, for logs, metrics or progress output.
///
/// Events are plain values without credentials. The observer runs on the thread of the call, so it should
/// return quickly.
///
/// ```
/// use radar_ct::{Credentials, Event, blocking::Client};
/// let client = Client::builder(Credentials::token("token")?)
///     .observer(|event: &Event| if let Event::Retry { wait, .. } = event { eprintln!("waiting {wait:?}") });
/// # let _ = client;
/// # Ok::<(), radar_ct::Error>(())
/// ```
pub trait Observer: Send + Sync {
    /// Receives an event.
    fn on_event(&self, event: &Event);
}

impl<F: Fn(&Event) + Send + Sync> Observer for F {
    fn on_event(&self, event: &Event) {
        self(event);
    }
}

/// An event in the course of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An attempt begins: a request is sent, after a wait for the rate budget if necessary.
    #[non_exhaustive]
    Attempt {
        /// The number of the attempt in its call, from 1.
        number: u32,
        /// The URL with its query. Credentials are redacted, even if the query repeats them.
        url: Arc<str>,
        /// The wait for a permit of the rate budget before the request is sent.
        wait: Duration,
        /// The timeout of the attempt.
        timeout: Duration,
    },
    /// A complete response has arrived.
    #[non_exhaustive]
    Response {
        /// The number of the attempt.
        number: u32,
        /// The status.
        status: u16,
        /// The size of the body after decompression.
        bytes: usize,
        /// The time since the request was sent.
        elapsed: Duration,
        /// The rate limit, if the server reported it.
        rate_limit: Option<RateLimit>,
    },
    /// An attempt failed without a complete response.
    #[non_exhaustive]
    TransportError {
        /// The number of the attempt.
        number: u32,
        /// The kind of the error.
        kind: TransportErrorKind,
        /// The time since the request was sent.
        elapsed: Duration,
    },
    /// The call is retried after a wait.
    #[non_exhaustive]
    Retry {
        /// The number of the attempt that follows, from 2.
        number: u32,
        /// The maximum number of attempts.
        max_attempts: u32,
        /// The status of the response that causes the retry. `None` if no complete response arrived.
        status: Option<u16>,
        /// The kind of the transport error that causes the retry. `None` if a response arrived.
        transport_kind: Option<TransportErrorKind>,
        /// The wait before the attempt.
        wait: Duration,
        /// The wait comes from the server's `Retry-After`, not from the retry policy.
        from_retry_after: bool,
    },
    /// The call has ended.
    #[non_exhaustive]
    Done {
        /// The call returned data.
        ok: bool,
        /// The number of requests that were sent.
        attempts: u32,
        /// The time since the first attempt began.
        elapsed: Duration,
    },
}

/// The observers of a client.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.0.push(Arc::new(observer));
    }

    /// Notifies all observers. The event is created only if there are any.
    pub(crate) fn notify(&self, event: impl FnOnce() -> Event) {
        if self.0.is_empty() {
            return;
        }
        let event = event();
        for observer in &self.0 {
            observer.on_event(&event);
        }
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} observers", self.0.len())
    }
}
