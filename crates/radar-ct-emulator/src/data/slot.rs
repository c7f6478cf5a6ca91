//! Slots of 15 minutes, the unit in which the emulator counts time.

use std::ops::Range;

use chrono::{DateTime, Datelike, Utc};

pub(crate) const SLOT_SECONDS: i64 = 15 * 60;
pub(crate) const SLOTS_PER_DAY: i64 = 96;
const SLOTS_PER_WEEK: i64 = 7 * SLOTS_PER_DAY;
/// The first Monday after the epoch, from which weeks are counted.
const FIRST_MONDAY: i64 = 4 * SLOTS_PER_DAY;

/// Returns whether an instant can be written as RFC 3339, which has four digits for the year.
pub(crate) fn is_rfc3339_year(at: DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

/// A slot of 15 minutes, counted from the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(i64);

impl Slot {
    /// Returns the slot that contains an instant.
    pub(crate) fn containing(at: DateTime<Utc>) -> Self {
        Self(at.timestamp().div_euclid(SLOT_SECONDS))
    }

    /// Returns its first instant; `None` if chrono cannot represent it.
    pub(crate) fn start(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.0 * SLOT_SECONDS, 0)
    }

    /// Returns whether its first instant can be written as RFC 3339.
    pub(crate) fn is_rfc3339_year(self) -> bool {
        self.start().is_some_and(is_rfc3339_year)
    }

    /// Returns the slot that begins `slots` later.
    pub(crate) fn plus(self, slots: i64) -> Self {
        Self(self.0 + slots)
    }

    /// Returns the number of slots from this one to a later one.
    pub(crate) fn slots_until(self, later: Self) -> i64 {
        later.0 - self.0
    }

    /// Returns the first slot of the bucket of `width` slots that contains this one.
    pub(crate) fn floor_to(self, width: i64) -> Self {
        // Weeks begin on Mondays, and the epoch was a Thursday.
        let origin = if width == SLOTS_PER_WEEK { FIRST_MONDAY } else { 0 };
        Self((self.0 - origin).div_euclid(width) * width + origin)
    }

    /// Splits `count` slots that begin here by day: each day with its covered slots, counted from midnight.
    pub(crate) fn split_by_day(self, count: i64) -> impl Iterator<Item = (i64, Range<i64>)> {
        let (from, to) = (self.0, self.0 + count);
        (from.div_euclid(SLOTS_PER_DAY)..=(to - 1).div_euclid(SLOTS_PER_DAY)).map(move |day| {
            let midnight = day * SLOTS_PER_DAY;
            (day, from.max(midnight) - midnight..to.min(midnight + SLOTS_PER_DAY) - midnight)
        })
    }

    /// Splits the covered slots of a day into buckets of `width` slots that are counted from this slot. Each
    /// item is the number of a bucket and its end within the day; the last end is the end of the covered
    /// slots.
    pub(crate) fn bucket_ends(
        self,
        day: i64,
        covered: Range<i64>,
        width: i64,
    ) -> impl Iterator<Item = (usize, i64)> {
        let offset = day * SLOTS_PER_DAY - self.0;
        let bucket_of = |slot: i64| (offset + slot).div_euclid(width);
        (bucket_of(covered.start)..=bucket_of(covered.end - 1)).filter_map(move |bucket| {
            Some((usize::try_from(bucket).ok()?, ((bucket + 1) * width - offset).min(covered.end)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_before_the_epoch_are_negative_and_weeks_begin_on_mondays() {
        let at = |text: &str| Slot::containing(text.parse().unwrap());
        assert_eq!(at("1970-01-01T00:14:59Z"), Slot(0));
        assert_eq!(at("1969-12-31T23:59:59Z"), Slot(-1));
        // A Sunday and a Monday.
        assert_eq!(at("1969-12-28T23:00:00Z").floor_to(SLOTS_PER_WEEK), at("1969-12-22T00:00:00Z"));
        assert_eq!(at("2026-10-05T00:00:00Z").floor_to(SLOTS_PER_WEEK), at("2026-10-05T00:00:00Z"));
    }

    #[test]
    fn split_by_day_covers_each_slot_once() {
        let days: Vec<_> = Slot(95).split_by_day(98).collect();
        assert_eq!(days, [(0, 95..96), (1, 0..96), (2, 0..1)]);
        assert_eq!(Slot(-1).split_by_day(1).collect::<Vec<_>>(), [(-1, 95..96)]);
    }
}
