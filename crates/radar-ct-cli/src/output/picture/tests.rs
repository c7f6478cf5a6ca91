//! Pictures of answers.

use chrono::TimeDelta;
use proptest::prelude::*;
use radar_ct::{ConfidenceInfo, ReportedInterval, TimeRange, Unit};

use super::*;
use crate::chart::{Screen, document, text};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Hourly series with their labels and first timestamps.
fn hourly(series: &[(&str, &str, &[Option<f64>])]) -> Timeseries {
    let one = |(name, start, values): &(&str, &str, &[Option<f64>])| {
        let times = (0..).take(values.len()).map(|hour| at(start) + TimeDelta::hours(hour)).collect();
        radar_ct::Series::new(*name, times, values.iter().copied().collect()).unwrap()
    };
    let mut answer = Timeseries::default();
    answer.meta.agg_interval = Some(ReportedInterval::OneHour);
    answer.series = series.iter().map(one).collect();
    answer
}

fn on_screen(answer: &Timeseries) -> String {
    text(&of_timeseries(answer, ""), Screen { columns: 80, rows: 24, colour: false })
}

#[test]
fn compared_windows_are_drawn_over_one_another() {
    let values: Vec<Option<f64>> = (0..48).map(|hour| Some(f64::from(hour % 24))).collect();
    let mut answer =
        hourly(&[("7d", "2026-11-20T00:00:00Z", &values), ("7dcontrol", "2026-11-13T00:00:00Z", &values)]);
    answer.meta.date_range = vec![
        TimeRange::new(at("2026-11-20T00:00:00Z"), at("2026-11-22T00:00:00Z")),
        TimeRange::new(at("2026-11-13T00:00:00Z"), at("2026-11-15T00:00:00Z")),
    ];
    let picture = of_timeseries(&answer, "");
    let Body::Lines(chart) = &picture.body else { panic!("{picture:?}") };
    assert_eq!(chart.span().unwrap().0, at("2026-11-20T00:00:00Z").timestamp_millis());
    let svg = document(&picture);
    let paths: Vec<&str> =
        svg.split("<path d=\"").skip(1).filter_map(|path| path.split('"').next()).collect();
    assert!(paths.len() == 2 && paths[0] == paths[1], "{svg}");
    assert!(svg.contains(">7dcontrol (13 Nov - 15 Nov)<"), "{svg}");
    let chart = on_screen(&answer);
    assert!(chart.contains("21 Nov") && chart.contains("+0 % against 7dcontrol"), "{chart}");

    answer = hourly(&[("a", "2026-11-20T00:00:00Z", &values), ("b", "2026-11-20T00:00:00Z", &values[..9])]);
    let svg = document(&of_timeseries(&answer, ""));
    assert!(svg.contains(">b<"), "series of the same period have no window in their labels: {svg}");
}

#[test]
fn the_axis_of_time_covers_the_stated_window() {
    let mut answer = hourly(&[("a", "2026-11-20T05:00:00Z", &[Some(1.0); 3])]);
    answer.meta.date_range = vec![TimeRange::new(at("2026-11-20T00:00:00Z"), at("2026-11-21T00:00:00Z"))];
    let span = |answer: &Timeseries| match of_timeseries(answer, "").body {
        Body::Lines(chart) => chart.span().unwrap(),
        Body::Bars(_) => panic!("bars"),
    };
    let millis = |text| at(text).timestamp_millis();
    assert_eq!(span(&answer), (millis("2026-11-20T00:00:00Z"), millis("2026-11-20T23:00:00Z")));
    answer.meta.date_range[0].start_time = at("2026-11-20T04:30:00Z").into();
    assert_eq!(span(&answer).0, millis("2026-11-20T05:00:00Z"), "a window may begin off the grid");
}

#[test]
fn answers_with_few_or_no_values_are_described() {
    let point = hourly(&[("a", "2026-10-01T00:00:00Z", &[Some(7.0)])]);
    assert!(on_screen(&point).contains("latest 7 (1 Oct 00:00), total 7"));
    let missing = hourly(&[("a", "2026-10-01T00:00:00Z", &[None, None])]);
    for answer in [missing, hourly(&[("a", "2026-10-01T00:00:00Z", &[])]), Timeseries::default()] {
        assert!(on_screen(&answer).contains("no values"));
    }
    let mut change = hourly(&[("a", "2026-10-01T00:00:00Z", &[Some(-20.0), Some(35.0)])]);
    change.meta.normalization = Some(Normalization::PercentageChange);
    let chart = on_screen(&change);
    assert!(chart.contains("-20 % ┤") && chart.contains("40 % ┤") && !chart.contains("total"), "{chart}");
}

#[test]
fn a_title_states_what_is_known() {
    let title_of = |meta: &Meta, labels: &[&str]| title(meta, labels, &Windows::new(meta, &[&[]]), "");
    let mut meta = Meta::default();
    assert_eq!(title_of(&meta, &["serie_0"]), "Certificates");
    meta.units = vec![Unit::of_all("precertificates")];
    meta.normalization = Some(Normalization::Percentage);
    assert_eq!(title_of(&meta, &["a", "b", "c", "d"]), "Share of precertificates, a, b, c and 1 more");
    meta.date_range = vec![TimeRange::new(at("2026-10-01T12:00:00Z"), at("2026-10-08T12:00:00Z"))];
    meta.agg_interval = Some(ReportedInterval::OneHour);
    assert_eq!(
        title_of(&meta, &["DigiCert"]),
        "Share of precertificates, DigiCert, 7 days to 8 Oct 2026 12:00 UTC, hourly"
    );
}

#[test]
fn notes_contain_annotations_with_their_times() {
    let mut meta = Meta::default();
    assert!(notes(&meta).is_empty());
    let mut info = ConfidenceInfo::default();
    info.level = Some(3.0);
    let mut annotation = Annotation::default();
    annotation.description = Some("A log\u{1b}[2J was late\n".to_owned());
    annotation.start_date = Some(at("2026-10-03T10:00:00Z").into());
    info.annotations = vec![annotation, Annotation::default()];
    meta.confidence_info = Some(info);
    let expected = [
        "note: A log\\u{1b}[2J was late (3 Oct 10:00)",
        "note: an event without a description",
        "confidence level 3",
    ];
    assert_eq!(notes(&meta), expected.map(Text::from));
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&["a", "7d", "other", "serie_0", ""][..]).prop_map(str::to_owned),
        any::<String>()
    ]
}

fn value() -> impl Strategy<Value = f64> {
    let finite = any::<f64>().prop_filter("finite", |value| !value.is_infinite());
    prop_oneof![Just(f64::NAN), finite, (0..1_000_000).prop_map(f64::from)]
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let hour = (0_i64..200).prop_map(|hour| at("2026-10-01T00:00:00Z") + TimeDelta::hours(hour));
    let any = (-62_167_219_200_i64..253_402_300_799)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    prop_oneof![9 => hour, 1 => any]
}

fn meta() -> impl Strategy<Value = Meta> {
    let range = (time(), time()).prop_map(|(start, end)| TimeRange::new(start, end));
    let interval = proptest::sample::select(&["ONE_HOUR", "FIFTEEN_MINUTES", "ONE_MONTH", "1w", "2h"][..]);
    let normalization = proptest::sample::select(
        &["RAW_VALUES", "PERCENTAGE", "PERCENTAGE_CHANGE", "MIN0_MAX", "\u{1b}<new>"][..],
    );
    let ranges = proptest::collection::vec(range, 0..3);
    let words = (proptest::option::of(interval), proptest::option::of(normalization));
    (ranges, words, label()).prop_map(|(ranges, (interval, normalization), note)| {
        let mut meta = Meta::default();
        meta.date_range = ranges;
        meta.agg_interval = interval.map(ReportedInterval::from);
        meta.normalization = normalization.map(Normalization::from);
        let mut annotation = Annotation::default();
        annotation.description = Some(note);
        let mut info = ConfidenceInfo::default();
        info.annotations = vec![annotation; 5];
        meta.confidence_info = Some(info);
        meta
    })
}

proptest! {
    #[test]
    fn any_answer_becomes_a_picture_with_finite_numbers(
        meta in meta(),
        labels in proptest::collection::vec(label(), 0..5),
        groups in proptest::collection::vec(label(), 0..9),
        points in proptest::collection::vec((time(), value()), 1..40),
        is_grouped: bool,
        has_times: bool,
    ) {
        let tables: Vec<_> = labels.iter().enumerate().map(|(index, label)| {
            let points = &points[index.min(points.len() - 1)..];
            let times: Vec<_> = points.iter().map(|(at, _)| *at).collect();
            let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
            (label, times, values)
        }).collect();
        let columns = if is_grouped || !has_times { groups.len() } else { groups.len().min(1) };
        let tables: Vec<Table<'_>> = tables.iter().map(|(label, times, values)| Table {
            label,
            timestamps: has_times.then_some(times),
            columns: groups.iter().take(columns).map(|group| (group.as_str(), values.into())).collect(),
        }).collect();
        let picture = picture(&meta, &tables, is_grouped || !has_times, ", any");
        prop_assert!(picture.title.contains(", any"));
        for drawn in [document(&picture), text(&picture, Screen { columns: 80, rows: 24, colour: false })] {
            prop_assert!(!drawn.contains("=\"NaN") && !drawn.contains('\u{1b}'), "{drawn}");
        }
    }
}
