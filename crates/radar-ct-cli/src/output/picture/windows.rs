//! The windows of the series of an answer, and their alignment: an earlier week is drawn over the later one.

use chrono::{DateTime, Utc};
use radar_ct::{AggInterval, Meta, ReportedInterval, TimeRange};

use crate::chart::{DAY, HOUR, LineChart, MINUTE, WEEK, date_range};

/// The period that a series covers, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: i64,
    pub(super) end: i64,
    /// True if the metadata state the window, false if it is derived from the timestamps.
    pub(super) is_stated: bool,
}

/// The windows of all series.
#[derive(Debug, Clone)]
pub(super) struct Windows {
    pub(super) all: Vec<Option<Window>>,
    /// The width of a point: the stated one, or the usual distance of two points if none is stated.
    pub(super) interval: Option<i64>,
    shifts: Vec<i64>,
}

impl Windows {
    pub(super) fn new(meta: &Meta, series: &[&[DateTime<Utc>]]) -> Self {
        let interval = match &meta.agg_interval {
            Some(stated) => stated_interval(stated),
            None => usual_distance(series),
        };
        // Answers before November 2023 have one window for all series.
        let are_stated = meta.date_range.len() == series.len();
        let stated = |index| meta.date_range.get(index).filter(|_| are_stated).and_then(stated);
        let windows = series.iter().enumerate();
        let all: Vec<_> =
            windows.map(|(index, times)| window(stated(index), times, interval.unwrap_or(0))).collect();
        let first = all.first().copied().flatten();
        let shift = |window: &Option<Window>| match (first, window) {
            (Some(first), Some(window)) if !is_same_period(first, *window) => first.start - window.start,
            _ => 0,
        };
        let shifts = all.iter().map(shift).collect();
        Self { all, interval, shifts }
    }

    pub(super) fn first(&self) -> Option<Window> {
        self.all.first().copied().flatten()
    }

    /// The milliseconds by which a series is moved so that it begins with the first one.
    pub(super) fn shift(&self, series: usize) -> i64 {
        self.shifts.get(series).copied().unwrap_or(0)
    }

    /// The label of a series, with its window if the windows differ.
    pub(super) fn label(&self, series: usize, label: &str) -> String {
        match self.all.get(series) {
            Some(Some(own)) if self.shifts.iter().any(|shift| *shift != 0) => {
                format!("{label} ({})", date_range(own.start, own.end))
            }
            _ => label.to_owned(),
        }
    }

    /// The longest distance of two points that are connected: half an interval more, since timestamps may be
    /// off the grid.
    pub(super) fn longest_step(&self) -> i64 {
        self.interval.map_or(i64::MAX, |interval| interval + interval / 2)
    }

    /// Extends the axis of time to the first window where more than one point is missing at an end.
    pub(super) fn extend(&self, chart: &mut LineChart) {
        let first = self.first().filter(|window| window.is_stated);
        let (Some(window), Some(interval), Some((start, _))) = (first, self.interval, chart.span()) else {
            return;
        };
        let start = if start > window.start + interval { window.start } else { start };
        chart.extend(start, window.end - interval);
    }
}

/// The stated window of a series, unless it cannot belong to the timestamps.
fn window(stated: Option<Window>, times: &[DateTime<Utc>], slack: i64) -> Option<Window> {
    let (Some(start), Some(end)) = (times.iter().min(), times.iter().max()) else { return stated };
    let (start, end) = (start.timestamp_millis(), end.timestamp_millis());
    let fits = |window: &Window| start <= window.end + slack && end >= window.start - slack;
    stated.filter(fits).or(Some(Window { start, end, is_stated: false }))
}

fn stated(range: &TimeRange) -> Option<Window> {
    let start = range.start_time.to_utc()?.timestamp_millis();
    let end = range.end_time.to_utc()?.timestamp_millis();
    (start <= end).then_some(Window { start, end, is_stated: true })
}

/// Returns whether two windows are of the same period. Without stated windows, that includes a series that
/// lacks some of the other's points.
fn is_same_period(one: Window, other: Window) -> bool {
    let contains = |outer: Window, inner: Window| outer.start <= inner.start && inner.end <= outer.end;
    one.start == other.start
        || (!(one.is_stated && other.is_stated) && (contains(one, other) || contains(other, one)))
}

fn stated_interval(stated: &ReportedInterval) -> Option<i64> {
    match stated {
        ReportedInterval::OneMonth => Some(31 * DAY),
        stated => match stated.interval()? {
            AggInterval::FifteenMinutes => Some(15 * MINUTE),
            AggInterval::OneHour => Some(HOUR),
            AggInterval::OneDay => Some(DAY),
            AggInterval::OneWeek => Some(WEEK),
            _ => None,
        },
    }
}

/// The median distance of two timestamps.
fn usual_distance(series: &[&[DateTime<Utc>]]) -> Option<i64> {
    let distance = |pair: &[DateTime<Utc>]| match pair {
        [one, other] => (*other - *one).num_milliseconds().abs(),
        _ => 0,
    };
    let distances = series.iter().flat_map(|times| times.windows(2).map(distance));
    let mut distances: Vec<i64> = distances.filter(|distance| *distance > 0).collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(start: &str, offsets: &[i64]) -> Vec<DateTime<Utc>> {
        let start: DateTime<Utc> = start.parse().unwrap();
        offsets.iter().map(|hours| start + chrono::TimeDelta::hours(*hours)).collect()
    }

    #[test]
    fn other_weeks_are_shifted_and_the_same_week_is_not() {
        let this = times("2026-10-08T00:00:00Z", &[0, 1, 2]);
        let earlier = times("2026-10-01T00:00:00Z", &[0, 1, 2]);
        let late = times("2026-10-08T00:00:00Z", &[1, 2]);
        let shift = |meta: &Meta, other: &[DateTime<Utc>]| Windows::new(meta, &[&this, other]).shift(1);
        assert_eq!(shift(&Meta::default(), &earlier), WEEK);
        assert_eq!(shift(&Meta::default(), &late), 0);
        let range = |start: &str, end: &str| TimeRange::new(start.parse().unwrap(), end.parse().unwrap());
        let mut meta = Meta::default();
        meta.date_range = vec![
            range("2026-10-08T00:00:00Z", "2026-10-08T03:00:00Z"),
            range("2026-10-08T01:00:00Z", "2026-10-08T04:00:00Z"),
        ];
        assert_eq!(shift(&meta, &late), -HOUR, "stated windows take precedence");
        meta.date_range[1] = range("2020-01-01T00:00:00Z", "2020-01-01T03:00:00Z");
        assert_eq!(shift(&meta, &late), 0, "unless they do not fit the timestamps");
        assert_eq!(Windows::new(&meta, &[&this]).interval, Some(HOUR));
    }
}
