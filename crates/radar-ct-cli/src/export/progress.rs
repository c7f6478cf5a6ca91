//! How far an export has come, for whoever watches it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use radar_ct::transport::Moment;

use super::Span;

/// A bar on the terminal, or nothing.
pub(super) struct Progress {
    bar: ProgressBar,
    began: Moment,
    rows: u64,
}

impl Progress {
    /// Of so much time to be asked for.
    pub(super) fn new(windows: impl Iterator<Item = Span>, bars: &MultiProgress) -> Self {
        let bar = bars.add(ProgressBar::new(windows.map(|window| length(&window)).sum()));
        // A template that cannot be read would be a mistake of ours, and the plain bar does as well.
        if let Ok(style) = ProgressStyle::with_template("{bar:28} {percent:>3} %  {msg}  {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { bar, began: Moment::now(), rows: 0 }
    }

    /// More has come.
    pub(super) fn add(&mut self, window: &Span, rows: u64) {
        self.rows += rows;
        let took = Moment::now().monotonic.saturating_duration_since(self.began.monotonic);
        #[expect(clippy::cast_precision_loss, reason = "a rate for reading")]
        let rate = self.rows as f64 / took.as_secs_f64().max(0.001);
        self.bar.set_message(format!("{}, {} rows, {rate:.0} rows/s", month(window.start), self.rows));
        self.bar.inc(length(window));
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// The month that an instant is in, as files are called.
pub(super) fn month(at: DateTime<Utc>) -> String {
    at.format("%Y-%m").to_string()
}

fn length(window: &Span) -> u64 {
    u64::try_from((window.end - window.start).num_seconds()).unwrap_or(0)
}
