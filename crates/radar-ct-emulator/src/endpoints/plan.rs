//! The points that a request covers: its windows, its aggregation interval, and what they cost.

use chrono::{DateTime, Utc};
use radar_ct_model::endpoints::AGG_INTERVAL;
use radar_ct_model::{AggInterval, DateRange, Period, SeriesParams, TimeRange};

use crate::data::slot::{SLOT_SECONDS, SLOTS_PER_DAY, Slot};

/// The period of a series without dates. The API's own default is undocumented, so this is an assumption.
const DEFAULT_PERIOD: Period = Period::Range(DateRange::LAST_7_DAYS);

/// The most points of a series; an aggregation interval that gives more is too fine. The API documents that
/// there is such a limit, but not its value. This one, an assumption, allows 15 minutes for a quarter of a
/// year.
const MAX_POINTS_PER_SERIES: i64 = 10_000;

const OUT_OF_RANGE: &str = "the date range reaches beyond the years 0000 to 9999";

/// A window from its first slot to its last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    start: Slot,
    end: Slot,
}

impl Window {
    /// Resolves a period; `None` if it reaches beyond the dates that chrono can represent.
    fn resolve(period: Period, now: DateTime<Utc>) -> Option<Self> {
        let (start, end) = match period {
            Period::Range(range) => range.window_at(now)?,
            Period::Window { start, end } => (start.to_utc(), end.to_utc()),
            _ => return None,
        };
        Some(Self { start: Slot::containing(start), end: Slot::containing(end) })
    }

    pub(crate) fn start(self) -> Slot {
        self.start
    }

    fn slots(self) -> i64 {
        self.start.slots_until(self.end)
    }

    fn floor_to(self, width: i64) -> Self {
        Self { start: self.start.floor_to(width), end: self.end.floor_to(width) }
    }

    fn is_rfc3339_year(self) -> bool {
        self.start.is_rfc3339_year() && self.end.is_rfc3339_year()
    }

    /// Returns the window as `meta` writes it.
    pub(crate) fn time_range(self) -> Option<TimeRange> {
        Some(TimeRange::new(self.start.start()?, self.end.start()?))
    }
}

/// The windows of a request and the interval of its points.
#[derive(Debug)]
pub(crate) struct Plan {
    interval: AggInterval,
    width: i64,
    windows: Vec<Window>,
    now: DateTime<Utc>,
}

impl Plan {
    /// Plans a request for these series.
    ///
    /// # Errors
    /// Returns the rule that the request breaks.
    pub(crate) fn new(
        series: &[SeriesParams],
        interval: Option<&AggInterval>,
        now: DateTime<Utc>,
    ) -> Result<Self, String> {
        let windows = series
            .iter()
            .map(|series| Window::resolve(series.period().unwrap_or(DEFAULT_PERIOD), now))
            .collect::<Option<Vec<_>>>()
            .ok_or(OUT_OF_RANGE)?;
        let longest = windows.iter().map(|window| window.slots()).max().unwrap_or(0);
        // The model compares only series that have dates; series without dates have got the default by now.
        if windows.iter().any(|window| window.slots() != longest) {
            return Err(format!(
                "all series must cover equally long date ranges; one without dates covers {}",
                DateRange::LAST_7_DAYS
            ));
        }
        let interval = interval.cloned().unwrap_or_else(|| default_interval(longest));
        let width = slots_of(&interval)
            .ok_or_else(|| format!("{} is not one of the documented ones", AGG_INTERVAL.name))?;
        let windows: Vec<_> = windows.into_iter().map(|window| window.floor_to(width)).collect();
        if !windows.iter().all(|window| window.is_rfc3339_year()) {
            return Err(OUT_OF_RANGE.to_owned());
        }
        let plan = Self { interval, width, windows, now };
        match plan.windows.iter().map(|window| plan.buckets(*window)).max() {
            Some(points) if points > MAX_POINTS_PER_SERIES => Err(format!(
                "{} {} is too fine for the date range: it gives {points} points, and the limit is \
                 {MAX_POINTS_PER_SERIES}",
                AGG_INTERVAL.name, plan.interval
            )),
            _ => Ok(plan),
        }
    }

    pub(crate) fn interval(&self) -> &AggInterval {
        &self.interval
    }

    /// Returns the number of slots in a bucket.
    pub(crate) fn width(&self) -> i64 {
        self.width
    }

    /// Returns the windows of the series, in order, floored to the interval.
    pub(crate) fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Returns the cost of the request, one column for each series.
    pub(crate) fn cost(&self) -> usize {
        self.windows.iter().map(|window| self.column_cost(*window)).sum()
    }

    /// Returns the cost of one column over a window: its points, each times the number of days that it sums
    /// up.
    pub(crate) fn column_cost(&self, window: Window) -> usize {
        let days = (self.width / SLOTS_PER_DAY).max(1);
        usize::try_from(self.buckets(window) * days).unwrap_or(usize::MAX)
    }

    /// Returns the first instants of the buckets that have begun; `None` if chrono cannot represent one.
    pub(crate) fn timestamps(&self, window: Window) -> Option<Vec<DateTime<Utc>>> {
        (0..self.points(window)).map(|n| window.start.plus(n * self.width).start()).collect()
    }

    /// Returns the number of slots in the buckets that have begun.
    pub(crate) fn covered_slots(&self, window: Window) -> i64 {
        self.width.saturating_mul(self.points(window))
    }

    /// Returns the number of buckets that have begun.
    fn points(&self, window: Window) -> i64 {
        // Both the first bucket and the one of `now` count.
        let begun = window.start.slots_until(Slot::containing(self.now)).div_euclid(self.width) + 1;
        self.buckets(window).min(begun).max(0)
    }

    /// Returns the number of buckets, the one of the window's end included.
    fn buckets(&self, window: Window) -> i64 {
        window.slots() / self.width + 1
    }
}

/// Returns the default interval of a window. Documented are 15 minutes for a day and a day for more than a
/// month; an hour for a week is known from recorded answers.
fn default_interval(slots: i64) -> AggInterval {
    if slots <= SLOTS_PER_DAY {
        AggInterval::FifteenMinutes
    } else if slots <= 31 * SLOTS_PER_DAY {
        AggInterval::OneHour
    } else {
        AggInterval::OneDay
    }
}

/// Returns the number of slots in an interval.
fn slots_of(interval: &AggInterval) -> Option<i64> {
    Some(interval.length()?.num_seconds() / SLOT_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_interval_has_a_width() {
        for text in AggInterval::VALUES {
            assert!(slots_of(&AggInterval::from(*text)).is_some(), "{text}");
        }
    }
}
