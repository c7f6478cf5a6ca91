//! Ticks of an axis of time, and times as people read them. An instant is in milliseconds, as everywhere in a picture.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
pub(super) const WEEK: i64 = 7 * DAY;
/// The first Monday that is counted from: 5 January 1970.
const MONDAY: i64 = 4 * DAY;

/// A tick, with the text that belongs under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeTick {
    pub(super) at: i64,
    pub(super) text: String,
}

/// How far ticks are apart. Each kind has a beginning of its own: midnight, a Monday, the first of a month, of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Part(i64),
    Days(i64),
    Weeks(i64),
    Months(i32),
    Years(i32),
}

const STEPS: [Step; 24] = [
    Step::Part(MINUTE),
    Step::Part(5 * MINUTE),
    Step::Part(15 * MINUTE),
    Step::Part(30 * MINUTE),
    Step::Part(HOUR),
    Step::Part(2 * HOUR),
    Step::Part(3 * HOUR),
    Step::Part(6 * HOUR),
    Step::Part(12 * HOUR),
    Step::Days(1),
    Step::Days(2),
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(50),
    Step::Years(100),
    Step::Years(1000),
];

impl Step {
    /// No longer than any step of the kind.
    fn shortest(self) -> i64 {
        match self {
            Self::Part(length) => length,
            Self::Days(count) => count * DAY,
            Self::Weeks(count) => count * WEEK,
            Self::Months(count) => i64::from(count) * 28 * DAY,
            Self::Years(count) => i64::from(count) * 365 * DAY,
        }
    }

    fn within(self, start: i64, end: i64) -> Vec<i64> {
        match self {
            Self::Part(length) => multiples(length, 0, start, end),
            Self::Days(count) => multiples(count * DAY, 0, start, end),
            Self::Weeks(count) => multiples(count * WEEK, MONDAY, start, end),
            Self::Months(count) => firsts(count, start, end),
            Self::Years(count) => firsts(count * 12, start, end),
        }
    }

    fn text(self, at: DateTime<Utc>, is_first: bool) -> String {
        let text = match self {
            Self::Part(_) if at.hour() != 0 || at.minute() != 0 => at.format("%H:%M"),
            Self::Part(_) | Self::Days(_) | Self::Weeks(_) => at.format("%-d %b"),
            Self::Years(_) => at.format("%Y"),
            Self::Months(_) if at.month() == 1 => at.format("%Y"),
            Self::Months(_) if is_first => at.format("%b %Y"),
            Self::Months(_) => at.format("%b"),
        };
        text.to_string()
    }
}

fn multiples(length: i64, origin: i64, start: i64, end: i64) -> Vec<i64> {
    let first = start + (origin - start).rem_euclid(length);
    let mut ticks = Vec::new();
    let mut at = first;
    while at <= end {
        ticks.push(at);
        at += length;
    }
    ticks
}

/// The first instants of months whose number since year 0 is a multiple.
fn firsts(months: i32, start: i64, end: i64) -> Vec<i64> {
    let Some(from) = instant(start) else { return Vec::new() };
    let mut number = (from.year() * 12).div_euclid(months) * months;
    let mut ticks = Vec::new();
    while let Some(at) = first_of(number)
        && at <= end
    {
        if at >= start {
            ticks.push(at);
        }
        number += months;
    }
    ticks
}

fn first_of(number: i32) -> Option<i64> {
    let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
    let date = NaiveDate::from_ymd_opt(number.div_euclid(12), month, 1)?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

/// The ticks from `start` to `end`, at most so many: as fine as that allows, and one at the start where no round instant
/// is in between.
pub(super) fn ticks(start: i64, end: i64, most: usize) -> Vec<TimeTick> {
    let most = most.max(1);
    let span = end.saturating_sub(start);
    for step in STEPS {
        // Not even begun, where there would be too many of them.
        if span / step.shortest() > i64::try_from(most).unwrap_or(i64::MAX) {
            continue;
        }
        let ticks = step.within(start, end);
        if ticks.is_empty() {
            break;
        }
        if ticks.len() <= most {
            let tick =
                |(index, at): (usize, i64)| Some(TimeTick { at, text: step.text(instant(at)?, index == 0) });
            return ticks.into_iter().enumerate().filter_map(tick).collect();
        }
    }
    vec![TimeTick { at: start, text: moment(start) }]
}

pub(super) fn instant(at: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(at)
}

/// `8 Oct 12:00`.
pub(super) fn moment(at: i64) -> String {
    formatted(at, "%-d %b %H:%M")
}

/// `8 Oct 2026 12:00`.
pub(super) fn moment_of_year(at: i64) -> String {
    formatted(at, "%-d %b %Y %H:%M")
}

/// `1 Oct - 8 Oct`, with the years where they differ, with the hours where it is less than two days.
pub(super) fn window(start: i64, end: i64) -> String {
    let years = [start, end].map(|at| instant(at).map(|at| at.year()));
    let format = match years {
        [one, other] if one != other => "%-d %b %Y",
        _ if end.saturating_sub(start) < 2 * DAY => "%-d %b %H:%M",
        _ => "%-d %b",
    };
    format!("{} - {}", formatted(start, format), formatted(end, format))
}

fn formatted(at: i64, format: &str) -> String {
    instant(at).map(|at| at.format(format).to_string()).unwrap_or_default()
}

/// `7 days`, `52 weeks`, `6 hours`.
pub(super) fn length(span: i64) -> String {
    let (count, unit) = match span {
        _ if span % WEEK == 0 && span >= 4 * WEEK => (span / WEEK, "week"),
        _ if span % DAY == 0 => (span / DAY, "day"),
        _ if span % HOUR == 0 => (span / HOUR, "hour"),
        _ => (span / MINUTE, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<DateTime<Utc>>().unwrap().timestamp_millis()
    }

    fn texts(start: &str, end: &str, most: usize) -> Vec<String> {
        ticks(at(start), at(end), most).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn spans_have_the_ticks_that_people_expect() {
        assert_eq!(
            texts("2026-10-01T12:00:00Z", "2026-10-08T12:00:00Z", 9),
            ["2 Oct", "3 Oct", "4 Oct", "5 Oct", "6 Oct", "7 Oct", "8 Oct"]
        );
        assert_eq!(
            texts("2026-10-07T12:00:00Z", "2026-10-08T12:00:00Z", 6),
            ["12:00", "18:00", "8 Oct", "06:00", "12:00"]
        );
        assert_eq!(
            texts("2026-10-01T00:00:00Z", "2026-10-29T00:00:00Z", 5),
            ["5 Oct", "12 Oct", "19 Oct", "26 Oct"]
        );
        assert_eq!(
            texts("2025-10-09T00:00:00Z", "2026-03-08T00:00:00Z", 6),
            ["Nov 2025", "Dec", "2026", "Feb", "Mar"]
        );
        assert_eq!(texts("2020-02-01T00:00:00Z", "2023-03-08T00:00:00Z", 4), ["2021", "2022", "2023"]);
        assert_eq!(texts("2026-10-01T12:07:30Z", "2026-10-01T12:07:30Z", 4), ["1 Oct 12:07"]);
    }

    #[test]
    fn windows_and_lengths_read_well() {
        let window = |start, end| window(at(start), at(end));
        assert_eq!(window("2026-11-13T10:00:00Z", "2026-11-20T10:00:00Z"), "13 Nov - 20 Nov");
        assert_eq!(window("2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"), "28 Dec 2026 - 4 Jan 2027");
        assert_eq!(window("2026-11-13T10:00:00Z", "2026-11-13T16:00:00Z"), "13 Nov 10:00 - 13 Nov 16:00");
        let lengths = [7 * DAY, DAY, 52 * WEEK, 6 * HOUR, 45 * MINUTE].map(length);
        assert_eq!(lengths, ["7 days", "1 day", "52 weeks", "6 hours", "45 minutes"]);
    }

    proptest! {
        #[test]
        fn ticks_are_within_ascending_few_and_where_they_claim_to_be(
            start in -62_167_219_200_000_i64..250_000_000_000_000,
            span in prop_oneof![0..2 * DAY, 0..60 * DAY, 0..3000 * DAY, 0..3_000_000 * DAY],
            most in 0_usize..40,
        ) {
            let found = ticks(start, start + span, most);
            prop_assert!(!found.is_empty() && found.len() <= most.max(1));
            prop_assert!(found.iter().all(|tick| (start..=start + span).contains(&tick.at)));
            prop_assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
            if found.len() == 1 && found[0].at == start {
                return Ok(());
            }
            let gaps: Vec<i64> = found.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
            for tick in &found {
                let at = instant(tick.at).unwrap();
                let is_midnight = (at.hour(), at.minute(), at.second()) == (0, 0, 0);
                prop_assert_eq!(is_midnight, !tick.text.contains(':'), "{}", tick.text);
                let shortest = gaps.iter().min().copied().unwrap_or(0);
                if shortest % WEEK == 0 && shortest > 0 && shortest <= 2 * WEEK {
                    prop_assert_eq!(at.weekday(), Weekday::Mon);
                } else if shortest > 2 * WEEK {
                    prop_assert_eq!(at.day(), 1);
                }
            }
        }
    }
}
