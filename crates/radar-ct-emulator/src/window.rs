//! Time as the API cuts it: slots of 15 minutes, windows of slots, and buckets of one aggregation interval.

use chrono::{DateTime, Datelike, Utc};
use radar_ct_model::{AggInterval, DateRange, Period, SeriesParams, TimeRange};

const SLOT_SECONDS: i64 = 15 * 60;
pub(crate) const SLOTS_PER_DAY: i64 = 96;
const SLOTS_PER_WEEK: i64 = 7 * SLOTS_PER_DAY;
/// The first Monday of the epoch: weeks are counted from there.
const FIRST_MONDAY: i64 = 4 * SLOTS_PER_DAY;

/// What a series without dates covers. The API's own default is not known: an assumption.
const WITHOUT_DATES: Period = Period::Range(DateRange::LAST_7_DAYS);

/// From how many points on an aggregation interval is too fine for a window. The API documents that there is a bound, not
/// where: an assumption, by which 15 minutes do for a quarter.
const MOST_POINTS: i64 = 10_000;

const BEYOND: &str = "the date range reaches beyond the years 0000 to 9999";

/// Whether an instant can be written as RFC 3339, which has four digits for a year.
pub(crate) fn can_be_written(at: DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

/// 15 minutes, counted from the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(i64);

impl Slot {
    /// The slot an instant is in.
    pub(crate) fn of(at: DateTime<Utc>) -> Self {
        Self(at.timestamp().div_euclid(SLOT_SECONDS))
    }

    /// Its first instant; `None` where a date cannot be that.
    pub(crate) fn begins(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.0 * SLOT_SECONDS, 0)
    }

    fn can_be_written(self) -> bool {
        self.begins().is_some_and(can_be_written)
    }

    /// The days that a number of slots from here on touch, each with the slots within it that are covered.
    pub(crate) fn days(self, width: i64) -> impl Iterator<Item = (i64, std::ops::Range<i64>)> {
        let (from, to) = (self.0, self.0 + width);
        (from.div_euclid(SLOTS_PER_DAY)..=(to - 1).div_euclid(SLOTS_PER_DAY)).map(move |day| {
            let midnight = day * SLOTS_PER_DAY;
            (day, from.max(midnight) - midnight..to.min(midnight + SLOTS_PER_DAY) - midnight)
        })
    }

    /// Where buckets of `width` slots from here on end within a day of which these slots are covered: each end with the
    /// number of its bucket. The last is the end of what is covered.
    pub(crate) fn buckets_in(
        self,
        day: i64,
        slots: std::ops::Range<i64>,
        width: i64,
    ) -> impl Iterator<Item = (usize, i64)> {
        let offset = day * SLOTS_PER_DAY - self.0;
        let bucket_of = |slot: i64| (offset + slot).div_euclid(width);
        (bucket_of(slots.start)..=bucket_of(slots.end - 1)).filter_map(move |bucket| {
            Some((usize::try_from(bucket).ok()?, ((bucket + 1) * width - offset).min(slots.end)))
        })
    }

    /// The beginning of the bucket it is in.
    fn floored(self, width: i64) -> Self {
        let origin = if width == SLOTS_PER_WEEK { FIRST_MONDAY } else { 0 };
        Self((self.0 - origin).div_euclid(width) * width + origin)
    }
}

/// From the first slot to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    start: Slot,
    end: Slot,
}

impl Window {
    pub(crate) fn start(self) -> Slot {
        self.start
    }

    fn of(period: Period, now: DateTime<Utc>) -> Option<Self> {
        let (start, end) = match period {
            Period::Range(range) => range.window_at(now)?,
            Period::Window { start, end } => (start.to_utc(), end.to_utc()),
            _ => return None,
        };
        Some(Self { start: Slot::of(start), end: Slot::of(end) })
    }

    fn slots(self) -> i64 {
        self.end.0 - self.start.0
    }

    /// As `meta` writes it.
    pub(crate) fn time_range(self) -> Option<TimeRange> {
        Some(TimeRange::new(self.start.begins()?, self.end.begins()?))
    }
}

/// The windows of a request and the width of its points.
#[derive(Debug)]
pub(crate) struct Plan {
    interval: AggInterval,
    width: i64,
    windows: Vec<Window>,
}

impl Plan {
    /// Works out what a request for these series covers, or what is wrong about it.
    pub(crate) fn new<'s>(
        series: impl Iterator<Item = &'s SeriesParams>,
        asked: Option<&AggInterval>,
        now: DateTime<Utc>,
    ) -> Result<Self, String> {
        let windows = series
            .map(|series| Window::of(series.covered().unwrap_or(WITHOUT_DATES), now))
            .collect::<Option<Vec<_>>>()
            .ok_or(BEYOND)?;
        let longest = windows.iter().map(|window| window.slots()).max().unwrap_or(0);
        // The model has compared the series that have dates; here those without have got theirs.
        if windows.iter().any(|window| window.slots() != longest) {
            return Err(format!(
                "all series must cover equally long date ranges; one without dates covers {}",
                DateRange::LAST_7_DAYS
            ));
        }
        let interval = asked.cloned().unwrap_or_else(|| default_interval(longest));
        let width = width(&interval).ok_or("aggInterval is not one of the documented ones")?;
        let floored =
            |window: Window| Window { start: window.start.floored(width), end: window.end.floored(width) };
        let plan = Self { interval, width, windows: windows.into_iter().map(floored).collect() };
        if !plan.windows.iter().all(|window| window.start.can_be_written() && window.end.can_be_written()) {
            return Err(BEYOND.to_owned());
        }
        match plan.windows.iter().map(|window| plan.count(*window)).max() {
            Some(points) if points > MOST_POINTS => {
                let interval = plan.interval;
                Err(format!(
                    "aggInterval {interval} is too fine for the date range: it gives {points} points, the most is {MOST_POINTS}"
                ))
            }
            _ => Ok(plan),
        }
    }

    pub(crate) fn interval(&self) -> &AggInterval {
        &self.interval
    }

    /// The width of a bucket, in slots.
    pub(crate) fn width(&self) -> i64 {
        self.width
    }

    /// The windows of the series, in order, floored to the interval.
    pub(crate) fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// What it takes to answer: the points of all series, each as often as there are days to count for it.
    pub(crate) fn cost(&self) -> usize {
        self.windows.iter().map(|window| self.cost_of(*window)).sum()
    }

    /// The same for one of the windows.
    pub(crate) fn cost_of(&self, window: Window) -> usize {
        let days = (self.width / SLOTS_PER_DAY).max(1);
        usize::try_from(self.count(window) * days).unwrap_or(usize::MAX)
    }

    /// Where the buckets of a window begin, the one of its end included, those that have not begun left out.
    fn buckets(&self, window: Window, now: DateTime<Utc>) -> impl Iterator<Item = Slot> {
        let width = self.width;
        (0..self.points(window, now)).map(move |n| Slot(window.start.0 + n * width))
    }

    /// The first instants of these buckets; `None` where a date cannot be that.
    pub(crate) fn timestamps(&self, window: Window, now: DateTime<Utc>) -> Option<Vec<DateTime<Utc>>> {
        self.buckets(window, now).map(Slot::begins).collect()
    }

    /// How many of them there are.
    pub(crate) fn points(&self, window: Window, now: DateTime<Utc>) -> i64 {
        // As many as begin from the first to now, both included.
        let begun = (Slot::of(now).0 - window.start.0).div_euclid(self.width) + 1;
        self.count(window).min(begun).max(0)
    }

    fn count(&self, window: Window) -> i64 {
        window.slots() / self.width + 1
    }
}

/// What is documented: 15 minutes for a day, a day for more than a month; recorded: an hour for a week.
fn default_interval(slots: i64) -> AggInterval {
    if slots <= SLOTS_PER_DAY {
        AggInterval::FifteenMinutes
    } else if slots <= 31 * SLOTS_PER_DAY {
        AggInterval::OneHour
    } else {
        AggInterval::OneDay
    }
}

/// In slots.
fn width(interval: &AggInterval) -> Option<i64> {
    Some(interval.length()?.num_seconds() / SLOT_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interval_that_can_be_asked_for_has_a_width() {
        for text in AggInterval::VALUES {
            assert!(width(&AggInterval::from(*text)).is_some(), "{text}");
        }
    }

    #[test]
    fn slots_are_found_before_the_epoch_too() {
        let at = |text: &str| Slot::of(text.parse().unwrap());
        assert_eq!(at("1970-01-01T00:14:59Z"), Slot(0));
        assert_eq!(at("1969-12-31T23:59:59Z"), Slot(-1));
        // A Sunday and a Monday.
        assert_eq!(at("1969-12-28T23:00:00Z").floored(SLOTS_PER_WEEK), at("1969-12-22T00:00:00Z"));
        assert_eq!(at("2026-10-05T00:00:00Z").floored(SLOTS_PER_WEEK), at("2026-10-05T00:00:00Z"));
    }

    #[test]
    fn days_cover_each_slot_once() {
        let days: Vec<_> = Slot(95).days(98).collect();
        assert_eq!(days, [(0, 95..96), (1, 0..96), (2, 0..1)]);
        assert_eq!(Slot(-1).days(1).collect::<Vec<_>>(), [(-1, 95..96)]);
    }
}
