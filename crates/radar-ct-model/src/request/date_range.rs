//! Periods: relative date ranges, and windows with a start and an end.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, FixedOffset, SecondsFormat, Utc};

use super::problem::Problem;

/// Minutes to which the API floors the start and the end of a window.
const GRID_MINUTES: i64 = 15;

/// A relative date range (`dateRange`): the last days or weeks, or the equivalent earlier period (`control`).
///
/// A range has 1 to 364 days or 1 to 52 weeks. A `control` range has the same length and lies earlier by that
/// length rounded up to whole weeks, so that weekdays line up: `7dcontrol` covers the 7 days before `7d`,
/// `10dcontrol` the days from -24 to -14.
///
/// Source: the API reference, `dateRange`.
///
/// ```
/// use radar_ct_model::DateRange;
/// let range: DateRange = "7dControl".parse()?;
/// assert_eq!(range, DateRange::days(7)?.control());
/// assert_eq!(range.to_string(), "7dcontrol");
/// assert_eq!((range.length().num_days(), range.offset().num_days()), (7, 7));
/// assert!("365d".parse::<DateRange>().is_err());
/// # Ok::<(), radar_ct_model::Problem>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    count: u16,
    unit: Unit,
    control: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Days,
    Weeks,
}

impl Unit {
    const fn letter(self) -> char {
        match self {
            Self::Days => 'd',
            Self::Weeks => 'w',
        }
    }

    const fn most(self) -> u16 {
        match self {
            Self::Days => 364,
            Self::Weeks => 52,
        }
    }

    const fn days(self) -> i64 {
        match self {
            Self::Days => 1,
            Self::Weeks => 7,
        }
    }
}

impl DateRange {
    /// The last day: `1d`.
    pub const LAST_DAY: Self = Self { count: 1, unit: Unit::Days, control: false };
    /// The last seven days: `7d`.
    pub const LAST_7_DAYS: Self = Self { count: 7, unit: Unit::Days, control: false };
    /// The last thirty days: `30d`.
    pub const LAST_30_DAYS: Self = Self { count: 30, unit: Unit::Days, control: false };
    /// The last 52 weeks, the longest range: `52w`.
    pub const LAST_52_WEEKS: Self = Self { count: 52, unit: Unit::Weeks, control: false };

    /// The last `count` days.
    ///
    /// # Errors
    /// Returns an error unless `count` is 1 to 364.
    pub fn days(count: u16) -> Result<Self, Problem> {
        Self::new(count, Unit::Days)
    }

    /// The last `count` weeks.
    ///
    /// # Errors
    /// Returns an error unless `count` is 1 to 52.
    pub fn weeks(count: u16) -> Result<Self, Problem> {
        Self::new(count, Unit::Weeks)
    }

    fn new(count: u16, unit: Unit) -> Result<Self, Problem> {
        if (1..=unit.most()).contains(&count) {
            Ok(Self { count, unit, control: false })
        } else {
            Err(Problem::NotDateRange(format!("{count}{}", unit.letter()).into()))
        }
    }

    /// Returns the equivalent earlier period, to compare with.
    pub fn control(self) -> Self {
        Self { control: true, ..self }
    }

    /// Returns whether this is a control range.
    pub fn is_control(self) -> bool {
        self.control
    }

    /// Returns the length of the range.
    pub fn length(self) -> Duration {
        Duration::days(i64::from(self.count) * self.unit.days())
    }

    /// Returns the time between the end of the range and the present: zero, or whole weeks for a control
    /// range.
    pub fn offset(self) -> Duration {
        if !self.control {
            return Duration::zero();
        }
        let days = i64::from(self.count) * self.unit.days();
        Duration::weeks((days + 6) / 7)
    }

    /// Returns the start and the end of this range at the instant `now`.
    ///
    /// The API adjusts both (at least to 15 minutes) and reports the result in
    /// [`Meta::date_range`](crate::Meta). Returns `None` if an end cannot be represented as a date.
    pub fn window_at(self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let end = now.checked_sub_signed(self.offset())?;
        Some((end.checked_sub_signed(self.length())?, end))
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let control = if self.control { "control" } else { "" };
        write!(f, "{}{}{control}", self.count, self.unit.letter())
    }
}

impl FromStr for DateRange {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let refused = || Problem::NotDateRange(text.into());
        let lower = text.to_ascii_lowercase();
        let (plain, control) = match lower.strip_suffix("control") {
            Some(plain) => (plain, true),
            None => (lower.as_str(), false),
        };
        let (count, unit) = match (plain.strip_suffix('d'), plain.strip_suffix('w')) {
            (Some(count), _) => (count, Unit::Days),
            (_, Some(count)) => (count, Unit::Weeks),
            _ => return Err(refused()),
        };
        // `parse` would accept a sign and leading zeros, which the API's pattern does not.
        if count.starts_with('0') || !count.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused());
        }
        let range = count.parse().ok().and_then(|count| Self::new(count, unit).ok()).ok_or_else(refused)?;
        Ok(Self { control, ..range })
    }
}

/// The period of a series: a relative range, or a window with a start and an end.
///
/// Two windows are equal if their instants are, even if their offsets differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Period {
    /// A relative range: `dateRange`.
    Range(DateRange),
    /// A window, end included: `dateStart` and `dateEnd`. The API floors each to 15 minutes.
    Window {
        /// The first instant.
        start: DateTime<FixedOffset>,
        /// The last instant.
        end: DateTime<FixedOffset>,
    },
}

impl Period {
    /// Creates a window.
    pub fn window(start: impl Into<DateTime<FixedOffset>>, end: impl Into<DateTime<FixedOffset>>) -> Self {
        Self::Window { start: start.into(), end: end.into() }
    }

    /// Returns the minutes that the period covers after the API has floored its ends.
    pub(crate) fn floored_minutes(&self) -> i64 {
        match self {
            Self::Range(range) => range.length().num_minutes(),
            Self::Window { start, end } => floor_to_grid(*end) - floor_to_grid(*start),
        }
    }
}

impl From<DateRange> for Period {
    fn from(range: DateRange) -> Self {
        Self::Range(range)
    }
}

/// Returns the minutes since the epoch, floored to the grid.
fn floor_to_grid(at: DateTime<FixedOffset>) -> i64 {
    let step = GRID_MINUTES * 60;
    at.timestamp().div_euclid(step) * GRID_MINUTES
}

/// Writes an instant with the offset and the precision that were given, and `Z` for UTC.
pub(crate) fn write_instant(at: &DateTime<FixedOffset>) -> String {
    // RFC 3339 offsets are whole minutes. Rounding another offset would move the instant.
    let at = if at.offset().local_minus_utc() % 60 == 0 { *at } else { at.to_utc().fixed_offset() };
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Checks that RFC 3339, which has four digits for a year, can represent the instant.
pub(crate) fn check_instant(at: &DateTime<FixedOffset>) -> Result<(), Problem> {
    parse_instant(&write_instant(at)).map(|_| ())
}

pub(crate) fn parse_instant(text: &str) -> Result<DateTime<FixedOffset>, Problem> {
    DateTime::parse_from_rfc3339(text).map_err(|_| Problem::NotDateTime(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_follow_the_documented_grammar() {
        for good in
            ["1d", "9d", "10d", "99d", "100d", "299d", "300d", "364d", "1w", "52w", "7dcontrol", "52WCONTROL"]
        {
            let range: DateRange = good.parse().unwrap();
            assert_eq!(range.to_string(), good.to_ascii_lowercase());
        }
        for bad in [
            "",
            "d",
            "0d",
            "365d",
            "01d",
            "53w",
            "0w",
            "+7d",
            "-7d",
            "7",
            "7h",
            "7d ",
            " 7d",
            "7dcontrolcontrol",
            "7control",
            "control",
            "70000d",
            "７d",
            "7d,7dcontrol",
        ] {
            assert!(bad.parse::<DateRange>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn control_ranges_lie_whole_weeks_earlier() {
        // Start and end in days before the present.
        let table = [
            ("1dcontrol", 8, 7),
            ("7dcontrol", 14, 7),
            ("1wcontrol", 14, 7),
            ("10dcontrol", 24, 14),
            ("14dcontrol", 28, 14),
            ("30dcontrol", 65, 35),
            ("364dcontrol", 728, 364),
            ("52wcontrol", 728, 364),
            ("7d", 7, 0),
        ];
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        for (text, from, to) in table {
            let (start, end) = text.parse::<DateRange>().unwrap().window_at(now).unwrap();
            assert_eq!(((now - start).num_days(), (now - end).num_days()), (from, to), "{text}");
        }
    }

    #[test]
    fn control_ranges_keep_their_length() {
        let ranges =
            [DateRange::LAST_DAY, DateRange::LAST_7_DAYS, DateRange::LAST_30_DAYS, DateRange::LAST_52_WEEKS];
        for (range, days) in ranges.into_iter().zip([1, 7, 30, 364]) {
            let control = range.control();
            assert_eq!((range.is_control(), control.is_control()), (false, true));
            assert_eq!((range.length().num_days(), control.length().num_days()), (days, days));
            assert_eq!(control.to_string(), format!("{range}control"));
            assert_eq!((control.control(), control == range), (control, false));
        }
    }

    #[test]
    fn windows_are_measured_after_flooring() {
        let window = |start: &str, end: &str| {
            Period::window(parse_instant(start).unwrap(), parse_instant(end).unwrap()).floored_minutes()
        };
        // The documentation's example of two windows of unequal length that look equal.
        assert_eq!(window("2026-01-01T00:01:00Z", "2026-01-02T00:16:00Z"), 1455);
        assert_eq!(window("2026-01-01T00:14:00Z", "2026-01-02T00:10:00Z"), 1440);
        assert_eq!(window("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"), 15);
        assert_eq!(window("2026-01-01T05:30:00+05:30", "2026-01-02T00:00:00Z"), 1440);
    }

    proptest! {
        #[test]
        fn accepted_texts_round_trip(text in "\\PC{0,12}|[0-9]{1,4}[dwDW](control|Control)?") {
            if let Ok(range) = text.parse::<DateRange>() {
                prop_assert_eq!(range.to_string(), text.to_ascii_lowercase());
            }
        }
    }
}
