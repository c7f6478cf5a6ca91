//! An observer that emits events of the `tracing` crate.

use crate::observe::{Event, Observer};

/// An observer that emits each [`Event`] as an event of the `tracing` crate, with the target `radar_ct`.
/// Retries and transport errors are warnings; the level of all others is `DEBUG`.
///
/// ```
/// use radar_ct::{Credentials, TracingObserver, blocking::Client};
/// let client = Client::builder(Credentials::token("token")?).observer(TracingObserver);
/// # let _ = client;
/// # Ok::<(), radar_ct::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingObserver;

impl Observer for TracingObserver {
    fn on_event(&self, event: &Event) {
        const TARGET: &str = "radar_ct";
        match event {
            Event::Attempt { number, url, wait, timeout } => {
                tracing::debug!(target: TARGET, number, %url, ?wait, ?timeout, "request");
            }
            Event::Response { number, status, bytes, elapsed, rate_limit } => {
                let remaining = rate_limit.map(|limit| limit.remaining);
                tracing::debug!(target: TARGET, number, status, bytes, ?elapsed, remaining, "response");
            }
            Event::TransportError { number, kind, elapsed } => {
                tracing::warn!(target: TARGET, number, %kind, ?elapsed, "transport error");
            }
            Event::Retry { number, max_attempts, status, transport_kind, wait, from_retry_after } => {
                let kind = transport_kind.map(tracing::field::display);
                tracing::warn!(
                    target: TARGET, number, max_attempts, status, kind, ?wait, from_retry_after, "retry"
                );
            }
            Event::Done { ok, attempts, elapsed } => {
                tracing::debug!(target: TARGET, ok, attempts, ?elapsed, "done");
            }
        }
    }
}
