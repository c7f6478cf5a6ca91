//! Which times a series is drawn at, and where it has gaps.

use chrono::{DateTime, Utc};
use radar_ct::{AggInterval, Meta, ReportedInterval, Values};

use super::Point;
use super::time::{DAY, HOUR, MINUTE, WEEK};

/// The time that a series covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: i64,
    pub(super) end: i64,
    /// Whether the answer says so; otherwise it is what the points cover.
    pub(super) is_stated: bool,
}

/// The window of each series: as the answer states it, unless that cannot be meant.
pub(super) fn windows(meta: &Meta, times: &[&[DateTime<Utc>]]) -> Vec<Option<Window>> {
    let slack = interval(meta, times).unwrap_or(0);
    // Old answers have one window for all series.
    let are_stated = meta.date_range.len() == times.len();
    let window = |(index, times): (usize, &&[DateTime<Utc>])| {
        let stated = if are_stated { stated(meta, index) } else { None };
        let Some(own) = own(times) else { return stated };
        let fits = |window: &Window| own.start <= window.end + slack && own.end >= window.start - slack;
        stated.filter(fits).or(Some(own))
    };
    times.iter().enumerate().map(window).collect()
}

fn stated(meta: &Meta, index: usize) -> Option<Window> {
    let range = meta.date_range.get(index)?;
    let start = range.start_time.to_utc()?.timestamp_millis();
    let end = range.end_time.to_utc()?.timestamp_millis();
    (start <= end).then_some(Window { start, end, is_stated: true })
}

fn own(times: &[DateTime<Utc>]) -> Option<Window> {
    let start = times.iter().min()?.timestamp_millis();
    let end = times.iter().max()?.timestamp_millis();
    Some(Window { start, end, is_stated: false })
}

/// How far each series has to be moved to begin where the first one does.
pub(super) fn shifts(windows: &[Option<Window>]) -> Vec<i64> {
    let first = windows.first().copied().flatten();
    let shift = |window: &Option<Window>| match (first, window) {
        (Some(first), Some(window)) if !is_same_time(first, *window) => first.start - window.start,
        _ => 0,
    };
    windows.iter().map(shift).collect()
}

/// Where nobody states windows, a series that lacks some of the other's points still is of the same time.
fn is_same_time(one: Window, other: Window) -> bool {
    let holds = |outer: Window, inner: Window| outer.start <= inner.start && inner.end <= outer.end;
    one.start == other.start
        || (!(one.is_stated && other.is_stated) && (holds(one, other) || holds(other, one)))
}

/// The width of a point: as the answer states it, or as far as most points are apart.
pub(super) fn interval(meta: &Meta, times: &[&[DateTime<Utc>]]) -> Option<i64> {
    let stated = match &meta.agg_interval {
        Some(ReportedInterval::OneMonth) => Some(31 * DAY),
        Some(stated) => match stated.interval()? {
            AggInterval::FifteenMinutes => Some(15 * MINUTE),
            AggInterval::OneHour => Some(HOUR),
            AggInterval::OneDay => Some(DAY),
            AggInterval::OneWeek => Some(WEEK),
            _ => None,
        },
        None => None,
    };
    stated.or_else(|| usual(times))
}

fn usual(times: &[&[DateTime<Utc>]]) -> Option<i64> {
    let distance = |pair: &[DateTime<Utc>]| match pair {
        [one, other] => (*other - *one).num_milliseconds().abs(),
        _ => 0,
    };
    let distances = times.iter().flat_map(|times| times.windows(2).map(distance));
    let mut distances: Vec<i64> = distances.filter(|distance| *distance > 0).collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied()
}

/// The points in the order of time, moved by the shift, cut where a value is missing and where a timestamp is.
pub(super) fn runs(
    times: &[DateTime<Utc>],
    values: &Values,
    shift: i64,
    interval: Option<i64>,
) -> Vec<Vec<Point>> {
    let mut points: Vec<(i64, Option<f64>)> =
        times.iter().map(|at| at.timestamp_millis().saturating_add(shift)).zip(values.iter()).collect();
    points.sort_by_key(|(at, _)| *at);
    // Half an interval more, since not every timestamp has to be on the grid.
    let farthest = interval.map_or(i64::MAX, |interval| interval + interval / 2);
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let mut before: Option<i64> = None;
    for (at, value) in points {
        let Some(value) = value else {
            before = None;
            continue;
        };
        let belongs = before.is_some_and(|before| at - before <= farthest);
        match runs.last_mut() {
            Some(run) if belongs => run.push(Point { at, value }),
            _ => runs.push(vec![Point { at, value }]),
        }
        before = Some(at);
    }
    runs
}

/// From where to where the axis goes: as the points do, and as the first window does where more than a point is missing
/// at an end.
pub(super) fn span(
    points: impl Iterator<Item = Point>,
    first: Option<Window>,
    interval: Option<i64>,
) -> Option<(i64, i64)> {
    let widen = |span: Option<(i64, i64)>, point: Point| match span {
        None => Some((point.at, point.at)),
        Some((start, end)) => Some((start.min(point.at), end.max(point.at))),
    };
    let (start, end) = points.fold(None, widen)?;
    let (Some(window), Some(interval)) = (first.filter(|window| window.is_stated), interval) else {
        return Some((start, end));
    };
    let start = if start > window.start + interval { window.start } else { start };
    Some((start, end.max(window.end - interval)))
}

#[cfg(test)]
mod tests {
    use radar_ct::TimeRange;

    use super::*;

    fn times(start: &str, offsets: &[i64]) -> Vec<DateTime<Utc>> {
        let start: DateTime<Utc> = start.parse().unwrap();
        offsets.iter().map(|hours| start + chrono::TimeDelta::hours(*hours)).collect()
    }

    fn shifts_of(meta: &Meta, one: &[DateTime<Utc>], other: &[DateTime<Utc>]) -> i64 {
        shifts(&windows(meta, &[one, other]))[1]
    }

    #[test]
    fn an_earlier_week_is_laid_over_this_one_and_the_same_week_is_left() {
        let this = times("2026-10-08T00:00:00Z", &[0, 1, 2]);
        let earlier = times("2026-10-01T00:00:00Z", &[0, 1, 2]);
        let late = times("2026-10-08T00:00:00Z", &[1, 2]);
        assert_eq!(shifts_of(&Meta::default(), &this, &earlier), WEEK);
        assert_eq!(shifts_of(&Meta::default(), &this, &late), 0);
        let range = |start: &str, end: &str| TimeRange::new(start.parse().unwrap(), end.parse().unwrap());
        let mut meta = Meta::default();
        meta.date_range = vec![
            range("2026-10-08T00:00:00Z", "2026-10-08T03:00:00Z"),
            range("2026-10-08T01:00:00Z", "2026-10-08T04:00:00Z"),
        ];
        assert_eq!(shifts_of(&meta, &this, &late), -HOUR, "what is stated counts");
        meta.date_range[1] = range("2020-01-01T00:00:00Z", "2020-01-01T03:00:00Z");
        assert_eq!(shifts_of(&meta, &this, &late), 0, "unless it cannot be meant");
    }

    #[test]
    fn a_series_is_cut_where_a_value_or_a_timestamp_is_missing() {
        let at = times("2026-10-08T00:00:00Z", &[3, 0, 1, 2, 6, 7]);
        let values: Values =
            [Some(4.0), Some(1.0), None, Some(3.0), Some(7.0), Some(8.0)].into_iter().collect();
        let values_of = |interval| {
            let runs = runs(&at, &values, 0, interval);
            runs.iter().map(|run| run.iter().map(|point| point.value).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(values_of(Some(HOUR)), [vec![1.0], vec![3.0, 4.0], vec![7.0, 8.0]]);
        assert_eq!(values_of(Some(3 * HOUR)), [vec![1.0], vec![3.0, 4.0, 7.0, 8.0]]);
        assert_eq!(interval(&Meta::default(), &[&at]), Some(HOUR));
    }
}
