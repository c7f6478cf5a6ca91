//! The axis of time, and times for readers. An instant is in milliseconds since 1970.

use chrono::{DateTime, Datelike, Months, NaiveDate, Timelike, Utc};

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const WEEK: i64 = 7 * DAY;
/// The first Monday after 1 January 1970.
const MONDAY: i64 = 4 * DAY;

/// A tick and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimeTick {
    pub(super) at: i64,
    pub(super) label: String,
}

/// Distances of ticks in minutes, up to two weeks.
const MINUTES: [i64; 13] = [1, 5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160];
/// Distances of ticks in months, up to a thousand years.
const MONTHS: [u32; 11] = [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 12_000];

fn multiples(length: i64, start: i64, end: i64) -> Vec<i64> {
    let origin = if length % WEEK == 0 { MONDAY } else { 0 };
    let first = start + (origin - start).rem_euclid(length);
    std::iter::successors(Some(first), |at| at.checked_add(length)).take_while(|at| *at <= end).collect()
}

/// The first of every so many months, counted from a January.
fn firsts(months: u32, start: i64, end: i64) -> Vec<i64> {
    let years = i32::try_from(months.div_ceil(12)).unwrap_or(1);
    let january = |year: i32| NaiveDate::from_ymd_opt(year.div_euclid(years) * years, 1, 1);
    let dates = std::iter::successors(instant(start).and_then(|from| january(from.year())), |date| {
        date.checked_add_months(Months::new(months))
    });
    let instants = dates.filter_map(|date| Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis()));
    instants.skip_while(|at| *at < start).take_while(|at| *at <= end).collect()
}

/// The ticks from `start` to `end`: as many as possible, but at most `most`. Ticks of weeks are on Mondays,
/// ticks of months and years on the first. If no round instant is in between, there is one tick at `start`.
pub(super) fn ticks(start: i64, end: i64, most: usize) -> Vec<TimeTick> {
    let most = most.max(1);
    // Checked beforehand, so that a span of centuries is not counted in minutes.
    let may_fit =
        |shortest: i64| end.saturating_sub(start) / shortest <= i64::try_from(most).unwrap_or(i64::MAX);
    let fixed = MINUTES.into_iter().map(|minutes| minutes * MINUTE).filter(|length| may_fit(*length));
    let months = MONTHS.into_iter().filter(|months| may_fit(shortest(*months)));
    let steps = fixed.map(|length| (false, multiples(length, start, end)));
    let mut steps = steps.chain(months.map(|months| (true, firsts(months, start, end))));
    match steps.find(|(_, instants)| instants.len() <= most) {
        Some((has_months, instants)) if !instants.is_empty() => {
            let tick =
                |(index, at)| Some(TimeTick { at, label: label(instant(at)?, has_months, index == 0) });
            instants.into_iter().enumerate().filter_map(tick).collect()
        }
        _ => vec![TimeTick { at: start, label: moment(start) }],
    }
}

fn shortest(months: u32) -> i64 {
    DAY * if months.is_multiple_of(12) { i64::from(months / 12) * 365 } else { i64::from(months) * 28 }
}

fn label(at: DateTime<Utc>, has_months: bool, is_first: bool) -> String {
    let format = match has_months {
        false if at.hour() != 0 || at.minute() != 0 => "%H:%M",
        false => "%-d %b",
        true if at.month() == 1 => "%Y",
        true if is_first => "%b %Y",
        true => "%b",
    };
    at.format(format).to_string()
}

fn instant(at: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(at)
}

/// Formats an instant as `8 Oct 12:00`.
pub(crate) fn moment(at: i64) -> String {
    formatted(at, "%-d %b %H:%M")
}

/// Formats an instant as `8 Oct 2026 12:00`.
pub(crate) fn moment_with_year(at: i64) -> String {
    formatted(at, "%-d %b %Y %H:%M")
}

/// Formats a period as `1 Oct - 8 Oct`, with years if they differ, and with times if it is shorter than two
/// days.
pub(crate) fn date_range(start: i64, end: i64) -> String {
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

/// Formats a length of time as `7 days`, `52 weeks` or `6 hours`.
pub(crate) fn duration(span: i64) -> String {
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

    fn labels(start: &str, end: &str, most: usize) -> Vec<String> {
        ticks(at(start), at(end), most).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_at_calendar_dates_and_round_hours() {
        assert_eq!(
            labels("2026-10-01T12:00:00Z", "2026-10-08T12:00:00Z", 9),
            ["2 Oct", "3 Oct", "4 Oct", "5 Oct", "6 Oct", "7 Oct", "8 Oct"]
        );
        assert_eq!(
            labels("2026-10-07T12:00:00Z", "2026-10-08T12:00:00Z", 6),
            ["12:00", "18:00", "8 Oct", "06:00", "12:00"]
        );
        assert_eq!(
            labels("2026-10-01T00:00:00Z", "2026-10-29T00:00:00Z", 5),
            ["5 Oct", "12 Oct", "19 Oct", "26 Oct"]
        );
        assert_eq!(
            labels("2025-10-09T00:00:00Z", "2026-03-08T00:00:00Z", 6),
            ["Nov 2025", "Dec", "2026", "Feb", "Mar"]
        );
        assert_eq!(labels("2020-02-01T00:00:00Z", "2023-03-08T00:00:00Z", 4), ["2021", "2022", "2023"]);
        assert_eq!(labels("2026-10-01T12:07:30Z", "2026-10-01T12:07:30Z", 4), ["1 Oct 12:07"]);
    }

    #[test]
    fn date_ranges_and_durations_are_formatted() {
        let range = |start, end| date_range(at(start), at(end));
        assert_eq!(range("2026-11-13T10:00:00Z", "2026-11-20T10:00:00Z"), "13 Nov - 20 Nov");
        assert_eq!(range("2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"), "28 Dec 2026 - 4 Jan 2027");
        assert_eq!(range("2026-11-13T10:00:00Z", "2026-11-13T16:00:00Z"), "13 Nov 10:00 - 13 Nov 16:00");
        let durations = [7 * DAY, DAY, 52 * WEEK, 6 * HOUR, 45 * MINUTE].map(duration);
        assert_eq!(durations, ["7 days", "1 day", "52 weeks", "6 hours", "45 minutes"]);
    }

    proptest! {
        #[test]
        fn ticks_are_within_the_span_ascending_few_and_labelled_correctly(
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
                prop_assert_eq!(is_midnight, !tick.label.contains(':'), "{}", tick.label);
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
