//! The progress bar of an export.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use radar_ct::transport::Moment;

use super::window::{Window, month, seconds};

/// A bar on a terminal; nothing elsewhere.
pub(super) struct Progress {
    bar: ProgressBar,
    began: Moment,
    rows: u64,
}

impl Progress {
    /// Creates a bar as long as the windows that are to be fetched.
    pub(super) fn new(windows: impl Iterator<Item = Window>, bars: &MultiProgress) -> Self {
        let bar = bars.add(ProgressBar::new(windows.map(|window| seconds(&window)).sum()));
        // Without the template, the plain bar is good enough.
        if let Ok(style) = ProgressStyle::with_template("{bar:28} {percent:>3} %  {msg}  {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { bar, began: Moment::now(), rows: 0 }
    }

    /// Advances the bar by a part.
    pub(super) fn add(&mut self, window: &Window, rows: u64) {
        self.rows += rows;
        let took = Moment::now().monotonic.saturating_duration_since(self.began.monotonic);
        #[expect(clippy::cast_precision_loss, reason = "a rate for reading")]
        let rate = self.rows as f64 / took.as_secs_f64().max(0.001);
        self.bar.set_message(format!("{}, {} rows, {rate:.0} rows/s", month(window.start), self.rows));
        self.bar.inc(seconds(window));
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
