//! Windows of time.

use std::ops::Range;

use chrono::{DateTime, Utc};

/// A window of time with an exclusive end.
pub(super) type Window = Range<DateTime<Utc>>;

/// Returns the month of an instant, in the form of file names.
pub(super) fn month(at: DateTime<Utc>) -> String {
    at.format("%Y-%m").to_string()
}

/// Returns the length of a window in seconds.
pub(super) fn seconds(window: &Window) -> u64 {
    u64::try_from((window.end - window.start).num_seconds()).unwrap_or(0)
}
