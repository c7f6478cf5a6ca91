//! Aggregation intervals, and the timestamps of points.

use chrono::{Datelike, Duration, Timelike, Weekday};
use serde_json::json;

use crate::http_client::{emulator, get, now, timestamps, values};

#[test]
fn points_are_the_sums_of_finer_points() {
    let emulator = emulator();
    // Three weeks from a Monday on. The end is included, so that a last bucket begins there.
    let window = "dateStart=2026-08-03T00:00:00Z&dateEnd=2026-08-24T00:00:00Z";
    let points = |interval: &str, filter: &str| {
        let query = format!("{window}&aggInterval={interval}{filter}");
        values(&get(&emulator, &query).result(), "serie_0")
    };
    for filter in ["", "&caOwner=GlobalSign&hasWildcards=true"] {
        let finest = points("15m", filter);
        assert_eq!(finest.len(), 21 * 96 + 1);
        for (interval, width) in [("1h", 4), ("1d", 96), ("1w", 7 * 96)] {
            let sums: Vec<u64> = finest.chunks_exact(width).map(|slots| slots.iter().sum()).collect();
            let coarse = points(interval, filter);
            assert_eq!(coarse[..sums.len()], sums, "{interval}{filter}");
            assert_eq!(coarse.len(), sums.len() + 1, "{interval}{filter}");
        }
    }
}

#[test]
fn default_interval_follows_the_length_of_the_window() {
    let emulator = emulator();
    for (range, reported, minutes) in [
        ("1d", "FIFTEEN_MINUTES", 15),
        ("2d", "ONE_HOUR", 60),
        ("7d", "ONE_HOUR", 60),
        ("31d", "ONE_HOUR", 60),
        ("32d", "ONE_DAY", 24 * 60),
        ("52w", "ONE_DAY", 24 * 60),
    ] {
        let result = get(&emulator, &format!("dateRange={range}")).result();
        assert_eq!(result["meta"]["aggInterval"], reported, "{range}");
        let times = timestamps(&result, "serie_0");
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] == Duration::minutes(minutes)), "{range}");
    }
}

#[test]
fn windows_are_floored_and_both_ends_are_included() {
    let emulator = emulator();
    for (interval, start, end, points) in [
        ("15m", "2026-10-07T12:30:00Z", "2026-10-08T12:30:00Z", 97),
        ("1h", "2026-10-07T12:00:00Z", "2026-10-08T12:00:00Z", 25),
        ("1d", "2026-10-07T00:00:00Z", "2026-10-08T00:00:00Z", 2),
        ("1w", "2026-10-05T00:00:00Z", "2026-10-05T00:00:00Z", 1),
    ] {
        let result = get(&emulator, &format!("dateRange=1d&aggInterval={interval}")).result();
        assert_eq!(
            result["meta"]["dateRange"],
            json!([{ "startTime": start, "endTime": end }]),
            "{interval}"
        );
        let times = timestamps(&result, "serie_0");
        let ends = [times.first(), times.last()].map(|at| at.unwrap().to_rfc3339().replace("+00:00", "Z"));
        assert_eq!((ends, times.len()), ([start.to_owned(), end.to_owned()], points), "{interval}");
        assert!(times.iter().all(|at| at.minute() % 15 == 0 && at.second() == 0));
    }
    let weeks = get(&emulator, "dateRange=30d&aggInterval=1w").result();
    assert!(timestamps(&weeks, "serie_0").iter().all(|at| at.weekday() == Weekday::Mon));
}

#[test]
fn utc_offsets_are_honoured() {
    let emulator = emulator();
    let utc = get(&emulator, "dateStart=2026-10-01T00:07:00Z&dateEnd=2026-10-02T00:09:59.117Z").result();
    let east = "dateStart=2026-10-01T05:37:00%2B05:30&dateEnd=2026-10-02T05:39:59.117000%2B05:30";
    assert_eq!(get(&emulator, east).result(), utc);
    assert_eq!(utc["meta"]["dateRange"][0]["endTime"], "2026-10-02T00:00:00Z");
}

#[test]
fn buckets_that_have_not_begun_are_left_out() {
    let emulator = emulator();
    let result = get(&emulator, "dateStart=2026-10-08T00:00:00Z&dateEnd=2026-10-09T00:00:00Z").result();
    assert_eq!(timestamps(&result, "serie_0").last().unwrap().to_rfc3339(), "2026-10-08T12:30:00+00:00");
    assert_eq!(result["meta"]["dateRange"][0]["endTime"], "2026-10-09T00:00:00Z");
    let result = get(&emulator, "dateStart=2030-01-01T00:00:00Z&dateEnd=2030-01-02T00:00:00Z").result();
    assert_eq!(result["serie_0"], json!({ "timestamps": [], "values": [] }));
}

#[test]
fn default_range_is_the_last_seven_days() {
    let emulator = emulator();
    let result = get(&emulator, "").result();
    assert_eq!(result, get(&emulator, "dateRange=7d").result());
    assert_eq!(timestamps(&result, "serie_0").len(), 169);
    assert!(timestamps(&result, "serie_0").iter().all(|at| *at <= now()));
}

#[test]
fn values_do_not_depend_on_the_window() {
    let emulator = emulator();
    let points = |query: &str| {
        let result = get(&emulator, query).result();
        let times = timestamps(&result, "serie_0");
        times.into_iter().zip(values(&result, "serie_0")).collect::<Vec<_>>()
    };
    let long = points("dateStart=2026-10-01T00:00:00Z&dateEnd=2026-10-04T00:00:00Z&aggInterval=15m");
    let short = points("dateStart=2026-10-01T09:45:00Z&dateEnd=2026-10-02T17:15:00Z&aggInterval=15m");
    assert_eq!(short, long[39..][..short.len()]);
}
