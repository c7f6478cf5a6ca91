//! What a client does, told while it does it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use radar_ct_transport::TransportErrorKind;

use crate::rate_limit::RateLimit;

/// Is told what a client does: for logs, metrics or a line on a terminal.
///
/// Values alone, none of which holds a credential. Called on the thread of the call, so it should be quick.
///
/// ```
/// use radar_ct::{Credentials, Event, blocking::Client};
/// let client = Client::builder(Credentials::token("token")?)
///     .observer(|event: &Event| if let Event::Retry { wait, .. } = event { eprintln!("waiting {wait:?}") });
/// # let _ = client;
/// # Ok::<(), radar_ct::Error>(())
/// ```
pub trait Observer: Send + Sync {
    /// Something has happened.
    fn on_event(&self, event: &Event);
}

impl<F: Fn(&Event) + Send + Sync> Observer for F {
    fn on_event(&self, event: &Event) {
        self(event);
    }
}

/// Something that a client does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A request is about to be sent.
    #[non_exhaustive]
    Attempt {
        /// Which attempt of its call it is, from 1.
        number: u32,
        /// Where it goes, with what is asked, and without the credentials even where the query repeats them.
        url: Arc<str>,
        /// How long it waits for its turn in the budget of requests first.
        after: Duration,
        /// The time for it.
        within: Duration,
    },
    /// A complete response has come.
    #[non_exhaustive]
    Response {
        /// The attempt.
        number: u32,
        /// Its status.
        status: u16,
        /// The size of its body, decompressed.
        bytes: usize,
        /// How long it took.
        took: Duration,
        /// How many more requests are allowed, where the server says so.
        rate_limit: Option<RateLimit>,
    },
    /// No complete response came.
    #[non_exhaustive]
    Fault {
        /// The attempt.
        number: u32,
        /// Why.
        kind: TransportErrorKind,
        /// After how long.
        took: Duration,
    },
    /// The call is tried again after a wait.
    #[non_exhaustive]
    Retry {
        /// Which attempt follows, from 2.
        number: u32,
        /// How many attempts there will be at most.
        at_most: u32,
        /// The status of the answer that was no good; none where no complete response came.
        status: Option<u16>,
        /// Why no complete response came, where none did.
        fault: Option<TransportErrorKind>,
        /// How long it waits.
        wait: Duration,
        /// Whether the server asked for that wait.
        asked: bool,
    },
    /// The call is over.
    #[non_exhaustive]
    Done {
        /// Whether it brought data.
        ok: bool,
        /// How many requests were made.
        attempts: u32,
        /// How long all of it took.
        took: Duration,
    },
}

/// Who is told, if anybody.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.0.push(Arc::new(observer));
    }

    /// Where nobody is told, the event is not even made.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Event) {
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
