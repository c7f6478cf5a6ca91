//! What has to hold for a picture of any answer, in every form.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use radar_ct::{
    Annotation, ConfidenceInfo, Distribution, GroupedSeries, Meta, Normalization, ReportedInterval, Series,
    Summary, TimeRange, Timeseries, TimeseriesGroups, Values,
};
use roxmltree::{Document, ParsingOptions};
use unicode_width::UnicodeWidthStr;

use super::{Body, Picture, Screen, drawing, page, text};
use crate::output::{Grid, Show};

const NAMES: [&str; 8] = [
    "DigiCert",
    "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}",
    "<script>alert(\"&'\")</script>]]>",
    "漢字かなハングル漢字かなハングル漢字かなハングル漢字かなハングル",
    "👩‍👩‍👧‍👦 1\u{fe0f}\u{20e3} ❤\u{fe0f} a\u{301}\u{301}\u{301}",
    "\u{0}\u{fffe}\u{ffff}\r\n\t",
    "",
    "serie_0",
];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Series that begin at those times, hour by hour.
fn hourly(series: &[(&str, &str, &[Option<f64>])]) -> Timeseries {
    let one = |(name, start, values): &(&str, &str, &[Option<f64>])| {
        let times = (0..).take(values.len()).map(|hour| at(start) + TimeDelta::hours(hour)).collect();
        Series::new(*name, times, values.iter().copied().collect()).unwrap()
    };
    let mut answer = Timeseries::default();
    answer.meta.agg_interval = Some(ReportedInterval::OneHour);
    answer.series = series.iter().map(one).collect();
    answer
}

fn on_screen(answer: &Timeseries, columns: usize, rows: usize) -> String {
    text(&Picture::from(answer), Screen { columns, rows, colour: false })
}

/// The cells of the plot, without the axis of values.
fn cells(chart: &str) -> Vec<Vec<char>> {
    let rows = chart.lines().filter_map(|line| line.split_once(['┤', '│']));
    rows.map(|(_, cells)| cells.chars().collect()).collect()
}

#[test]
fn what_is_missing_is_a_gap() {
    let values: Vec<Option<f64>> =
        (0..40).map(|hour| Some(100.0).filter(|_| !(10..30).contains(&hour))).collect();
    let with_nulls = hourly(&[("a", "2026-10-01T00:00:00Z", &values)]);
    // The same where the timestamps are not there at all.
    let mut with_holes = with_nulls.clone();
    let points: Vec<_> = with_nulls.series[0].points().filter(|(_, value)| value.is_some()).collect();
    let (times, values): (Vec<_>, Values) =
        (points.iter().map(|(at, _)| *at).collect(), points.iter().map(|(_, value)| *value).collect());
    with_holes.series = vec![Series::new("a", times, values).unwrap()];
    for answer in [with_nulls, with_holes] {
        let chart = on_screen(&answer, 80, 24);
        let top = cells(&chart).into_iter().next().unwrap();
        let drawn: Vec<usize> = (0..top.len()).filter(|index| top[*index] != ' ').collect();
        let gap = drawn.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        let whole = top.len();
        assert!(gap > whole * 45 / 100 && gap < whole * 60 / 100, "{chart}");
        let svg = drawing(&Picture::from(&answer));
        let document = Document::parse(&svg).unwrap();
        let path = document.descendants().find(|node| node.has_tag_name("path")).unwrap();
        assert_eq!(path.attribute("d").unwrap().matches('M').count(), 2);
    }
}

#[test]
fn windows_that_are_compared_lie_over_one_another() {
    let values: Vec<Option<f64>> = (0..48).map(|hour| Some(f64::from(hour % 24))).collect();
    let mut answer =
        hourly(&[("7d", "2026-11-20T00:00:00Z", &values), ("7dcontrol", "2026-11-13T00:00:00Z", &values)]);
    answer.meta.date_range = vec![
        TimeRange::new(at("2026-11-20T00:00:00Z"), at("2026-11-22T00:00:00Z")),
        TimeRange::new(at("2026-11-13T00:00:00Z"), at("2026-11-15T00:00:00Z")),
    ];
    let picture = Picture::from(&answer);
    let Body::Graph(lines) = &picture.body else { panic!("{picture:?}") };
    assert_eq!(lines.lines[0].runs, lines.lines[1].runs);
    assert_eq!(lines.span.unwrap().0, at("2026-11-20T00:00:00Z").timestamp_millis());
    assert_eq!(lines.legend[1].name, "7dcontrol (13 Nov - 15 Nov)");
    let chart = on_screen(&answer, 80, 24);
    assert!(chart.contains("21 Nov") && chart.contains("+0 % against 7dcontrol"), "{chart}");

    answer = hourly(&[("a", "2026-11-20T00:00:00Z", &values), ("b", "2026-11-20T00:00:00Z", &values[..9])]);
    let picture = Picture::from(&answer);
    let Body::Graph(lines) = &picture.body else { panic!("{picture:?}") };
    assert_eq!(lines.legend[1].name, "b", "series of one time need no windows");
}

#[test]
fn two_series_differ_without_colours() {
    let answer = hourly(&[
        ("a", "2026-10-01T00:00:00Z", &[Some(10.0); 48]),
        ("b", "2026-10-01T00:00:00Z", &[Some(5.0); 48]),
    ]);
    let chart = on_screen(&answer, 80, 24);
    let rows = cells(&chart);
    let line = |row: &Vec<char>| row.iter().copied().filter(|c| *c != ' ').collect::<Vec<_>>();
    let lines: Vec<_> = rows.iter().map(line).filter(|line| line.len() > 10).collect();
    assert_eq!(lines.len(), 2, "{chart}");
    assert!(
        lines[0].iter().all(|c| *c == lines[0][0]) && lines[1].iter().any(|c| *c != lines[1][0]),
        "{chart}"
    );
    let legend = chart.lines().find(|line| line.contains(" a ") && line.ends_with(" b")).unwrap();
    let samples: Vec<&str> = legend.split("   ").map(|entry| entry.get(..12).unwrap()).collect();
    assert_ne!(samples[0], samples[1]);
}

#[test]
fn odd_answers_say_something() {
    let point = hourly(&[("a", "2026-10-01T00:00:00Z", &[Some(7.0)])]);
    assert!(on_screen(&point, 80, 24).contains("latest 7 (1 Oct 00:00), total 7"));
    assert!(drawing(&Picture::from(&point)).contains("<circle"), "a point alone is seen");
    let nothing = hourly(&[("a", "2026-10-01T00:00:00Z", &[None, None])]);
    for answer in [nothing, hourly(&[("a", "2026-10-01T00:00:00Z", &[])]), Timeseries::default()] {
        assert!(on_screen(&answer, 80, 24).contains("no values"));
    }
    let mut change = hourly(&[("a", "2026-10-01T00:00:00Z", &[Some(-20.0), Some(35.0)])]);
    change.meta.normalization = Some(Normalization::PercentageChange);
    let chart = on_screen(&change, 80, 24);
    assert!(chart.contains("-20 % ┤") && chart.contains("40 % ┤") && !chart.contains("total"), "{chart}");
    let zero = hourly(&[("a", "2026-10-01T00:00:00Z", &[Some(0.0); 5])]);
    assert!(on_screen(&zero, 80, 24).lines().any(|line| line.starts_with("  0 ┤⣀")));
}

#[test]
fn a_small_screen_has_what_matters_most() {
    let values: Vec<Option<f64>> = (0..48).map(|hour| Some(f64::from(hour))).collect();
    let answer = hourly(&[("a", "2026-10-01T00:00:00Z", &values)]);
    let chart = on_screen(&answer, 20, 5);
    assert!(chart.starts_with("latest 47 (2 Oct"), "{chart}");
    assert!(
        chart.lines().nth(2).unwrap().contains(|c: char| ('\u{2801}'..='\u{28ff}').contains(&c)),
        "{chart}"
    );
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(&NAMES[..]).prop_map(str::to_owned), any::<String>()]
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        any::<f64>().prop_map(Some),
        (0..1_000_000).prop_map(|value| Some(f64::from(value)))
    ]
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let grid = (0_i64..200).prop_map(|hour| at("2026-10-01T00:00:00Z") + TimeDelta::hours(hour));
    let any = (-62_167_219_200_i64..253_402_300_799)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    prop_oneof![9 => grid, 1 => any]
}

fn meta() -> impl Strategy<Value = Meta> {
    let range = (time(), time()).prop_map(|(start, end)| TimeRange::new(start, end));
    let interval = proptest::option::of(proptest::sample::select(
        &["ONE_HOUR", "FIFTEEN_MINUTES", "ONE_MONTH", "1w", "2h"][..],
    ));
    let word = proptest::option::of(proptest::sample::select(
        &["RAW_VALUES", "PERCENTAGE", "PERCENTAGE_CHANGE", "MIN0_MAX", "\u{1b}<new>"][..],
    ));
    (proptest::collection::vec(range, 0..3), interval, word, name()).prop_map(
        |(ranges, interval, word, note)| {
            let mut meta = Meta::default();
            meta.date_range = ranges;
            meta.agg_interval = interval.map(ReportedInterval::from);
            meta.normalization = word.map(Normalization::from);
            let mut annotation = Annotation::default();
            annotation.description = Some(note);
            let mut info = ConfidenceInfo::default();
            info.annotations = vec![annotation; 5];
            meta.confidence_info = Some(info);
            meta
        },
    )
}

type Data = (Vec<String>, Vec<Vec<String>>);

fn data(answer: &impl Show) -> Data {
    let grid = answer.grid();
    (grid.header, grid.rows.collect())
}

/// A picture and its data, of any of the answers that have one.
fn picture() -> impl Strategy<Value = (Picture, Data)> {
    let points = || proptest::collection::vec((time(), value()), 0..60);
    let names = || proptest::collection::hash_set(name(), 0..9);
    let series = (meta(), names(), points()).prop_map(|(meta, names, points)| {
        let mut answer = Timeseries { meta, series: Vec::new() };
        for (index, name) in names.into_iter().enumerate() {
            let points = &points[points.len().min(3 * index)..];
            let times = points.iter().map(|(at, _)| *at).collect();
            let values = points.iter().map(|(_, value)| *value).collect();
            answer.series.push(Series::new(name, times, values).unwrap());
        }
        (Picture::from(&answer), data(&answer))
    });
    let groups = (meta(), names(), names(), points()).prop_map(|(meta, names, keys, points)| {
        let mut answer = TimeseriesGroups { meta, series: Vec::new() };
        for name in names {
            let times = points.iter().map(|(at, _)| *at).collect();
            let values: Values = points.iter().map(|(_, value)| *value).collect();
            let groups = keys.iter().filter(|key| *key != "timestamps");
            let groups = groups.map(|key| (key.clone(), values.clone())).collect();
            answer.series.push(GroupedSeries::new(name, times, groups).unwrap());
        }
        (Picture::from(&answer), data(&answer))
    });
    let values = proptest::collection::vec(value(), 0..40);
    let summary = (meta(), names(), proptest::collection::hash_set(name(), 0..40), values).prop_map(
        |(meta, names, keys, values)| {
            let mut answer = Summary { meta, series: Vec::new() };
            for name in names {
                let groups = keys.iter().cloned().zip(values.iter().copied());
                answer.series.push(Distribution::new(name, groups).unwrap());
            }
            (Picture::from(&answer), data(&answer))
        },
    );
    prop_oneof![series, groups, summary]
}

/// The text without the colours, which are all that a terminal is told.
fn without_colours(text: &str) -> String {
    let mut plain = text.to_owned();
    for code in ["0", "1", "2", "31", "32", "33", "34", "35", "36"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    plain
}

fn harmless(text: &str) -> bool {
    !text.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}'))
}

proptest! {
    #[test]
    fn a_chart_fits_the_screen_whatever_it_shows(
        (picture, _) in picture(),
        columns in prop_oneof![1_usize..30, 1_usize..220],
        rows in prop_oneof![1_usize..12, 1_usize..60],
    ) {
        let plain = text(&picture, Screen { columns, rows, colour: false });
        prop_assert!(plain.lines().count() <= rows.saturating_sub(1).max(1));
        for line in plain.lines() {
            prop_assert!(line.width() <= columns, "{} > {columns}: {line:?}", line.width());
        }
        prop_assert!(harmless(&plain), "{plain:?}");
        let coloured = without_colours(&text(&picture, Screen { columns, rows, colour: true }));
        for line in coloured.lines() {
            prop_assert!(line.width() <= columns);
        }
        prop_assert!(harmless(&coloured), "{coloured:?}");
    }

    #[test]
    fn drawings_and_pages_are_well_formed_and_hold_no_markup_of_others((picture, (header, rows)) in picture()) {
        let svg = drawing(&picture);
        let document = Document::parse(&svg).map_err(|error| TestCaseError::fail(format!("{error}\n{svg}")))?;
        let root = document.root_element();
        prop_assert_eq!(root.attribute("role"), Some("img"));
        for id in root.attribute("aria-labelledby").unwrap().split(' ') {
            prop_assert!(document.descendants().any(|node| node.attribute("id") == Some(id)));
        }
        let page = page(&picture, Grid::new(&header, rows.clone().into_iter()));
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let page = Document::parse_with_options(&page, options)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{page}")))?;
        for document in [&document, &page] {
            prop_assert!(document.descendants().all(|node| !node.has_tag_name("script")));
            for node in document.descendants().filter(roxmltree::Node::is_element) {
                for attribute in node.attributes() {
                    prop_assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"));
                }
            }
        }
        let cells = page.descendants().filter(|node| node.tag_name().name() == "td").count();
        prop_assert_eq!(cells, rows.len() * header.len());
    }
}
