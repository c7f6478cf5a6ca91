//! Events for the `tracing` crate.

use crate::observe::{Event, Observer};

/// Writes each [`Event`] as an event of `tracing`, under the target `radar_ct`: retries and faults as warnings, the rest for
/// debugging.
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
            Event::Attempt { number, url, after, within } => {
                tracing::debug!(target: TARGET, number, %url, ?after, ?within, "request");
            }
            Event::Response { number, status, bytes, took, rate_limit } => {
                let left = rate_limit.map(|limit| limit.remaining);
                tracing::debug!(target: TARGET, number, status, bytes, ?took, left, "response");
            }
            Event::Fault { number, kind, took } => {
                tracing::warn!(target: TARGET, number, %kind, ?took, "no response");
            }
            Event::Retry { number, at_most, status, fault, wait, asked } => {
                let fault = fault.map(tracing::field::display);
                tracing::warn!(target: TARGET, number, at_most, status, fault, ?wait, asked, "retry");
            }
            Event::Done { ok, attempts, took } => {
                tracing::debug!(target: TARGET, ok, attempts, ?took, "done");
            }
        }
    }
}
