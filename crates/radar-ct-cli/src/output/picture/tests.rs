//! Pictures of answers.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use radar_ct::{ConfidenceInfo, ReportedInterval, TimeRange, Timeseries, Unit};
use roxmltree::{Document, ParsingOptions};
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::chart::{Screen, document, page, text};
use crate::output::table::is_number;

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
    text(&picture(answer, ""), Screen { columns: 80, rows: 24, colour: false, hint: "" })
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
    let drawn = picture(&answer, "");
    let Body::Lines(chart) = &drawn.body else { panic!("{drawn:?}") };
    assert_eq!(chart.span().unwrap().0, at("2026-11-20T00:00:00Z").timestamp_millis());
    let svg = document(&drawn);
    let paths: Vec<&str> =
        svg.split("<path d=\"").skip(1).filter_map(|path| path.split('"').next()).collect();
    assert!(paths.len() == 2 && paths[0] == paths[1], "{svg}");
    assert!(svg.contains(">7dcontrol (13 Nov - 15 Nov)<"), "{svg}");
    let chart = on_screen(&answer);
    assert!(chart.contains("21 Nov") && chart.contains("+0 % against 7dcontrol"), "{chart}");

    answer = hourly(&[("a", "2026-11-20T00:00:00Z", &values), ("b", "2026-11-20T00:00:00Z", &values[..9])]);
    let svg = document(&picture(&answer, ""));
    assert!(svg.contains(">b<"), "series of the same period have no window in their labels: {svg}");
}

#[test]
fn the_axis_of_time_covers_the_stated_window() {
    let mut answer = hourly(&[("a", "2026-11-20T05:00:00Z", &[Some(1.0); 3])]);
    answer.meta.date_range = vec![TimeRange::new(at("2026-11-20T00:00:00Z"), at("2026-11-21T00:00:00Z"))];
    let span = |answer: &Timeseries| match picture(answer, "").body {
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

fn any_text() -> impl Strategy<Value = String> {
    let texts = [
        "DigiCert",
        "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}",
        "<script>alert(\"&'\")</script>]]>",
        "漢字かなハングル漢字かなハングル漢字かなハングル漢字かなハングル",
        "👩‍👩‍👧‍👦 1\u{fe0f}\u{20e3} ❤\u{fe0f} a\u{301}\u{301}\u{301}",
        "\u{0}\u{fffe}\u{ffff}\r\n\t",
        "",
        "serie_0",
        "other",
    ];
    prop_oneof![proptest::sample::select(texts.to_vec()).prop_map(str::to_owned), any::<String>()]
}

fn any_value() -> impl Strategy<Value = f64> {
    let finite = any::<f64>().prop_filter("finite", |value| !value.is_infinite());
    prop_oneof![Just(f64::NAN), finite, (0..1_000_000).prop_map(f64::from)]
}

fn any_time() -> impl Strategy<Value = DateTime<Utc>> {
    let hour = (0_i64..200).prop_map(|hour| at("2026-10-01T00:00:00Z") + TimeDelta::hours(hour));
    let any = (-62_167_219_200_i64..253_402_300_799)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    prop_oneof![9 => hour, 1 => any]
}

fn any_meta() -> impl Strategy<Value = Meta> {
    let interval = ["ONE_HOUR", "FIFTEEN_MINUTES", "ONE_MONTH", "1w", "2h"];
    let normalization = ["RAW_VALUES", "PERCENTAGE", "PERCENTAGE_CHANGE", "MIN0_MAX", "\u{1b}<new>"];
    let word = |words: [&'static str; 5]| proptest::option::of(proptest::sample::select(words.to_vec()));
    let ranges = proptest::collection::vec((any_time(), any_time()), 0..3);
    (ranges, word(interval), word(normalization), any_text()).prop_map(
        |(ranges, interval, normalization, note)| {
            let mut meta = Meta::default();
            meta.date_range = ranges.into_iter().map(|(start, end)| TimeRange::new(start, end)).collect();
            meta.agg_interval = interval.map(ReportedInterval::from);
            meta.normalization = normalization.map(Normalization::from);
            let mut annotation = Annotation::default();
            annotation.description = Some(note);
            let mut info = ConfidenceInfo::default();
            info.annotations = vec![annotation; 5];
            meta.confidence_info = Some(info);
            meta
        },
    )
}

/// A picture of any answer: without groups, with groups, or without timestamps.
fn any_picture() -> impl Strategy<Value = Picture> {
    let texts = |most| proptest::collection::vec(any_text(), 0..most);
    let points = proptest::collection::vec((any_time(), any_value()), 0..60);
    (any_meta(), texts(9), texts(40), points, 0..3).prop_map(|(meta, labels, groups, points, kind)| {
        let groups = if kind == 0 { vec!["values".to_owned()] } else { groups };
        let (times, values): (Vec<_>, Vec<_>) = points.into_iter().unzip();
        let from = |start: usize| start.min(times.len());
        let series = |(index, label)| AnySeries {
            label,
            timestamps: times.get(from(3 * index)..).filter(|_| kind < 2),
            columns: (3 * index..).zip(&groups).map(|(at, name)| (&**name, &values[from(at)..])).collect(),
        };
        let labels = labels.iter().map(String::as_str).enumerate();
        draw(&meta, &labels.map(series).collect::<Vec<_>>(), kind > 0, ", \u{1b}[31many")
    })
}

fn without_colours(text: &str) -> String {
    let codes = ["0", "1", "2", "31", "32", "33", "34", "35", "36"];
    codes.iter().fold(text.to_owned(), |text, code| text.replace(&format!("\u{1b}[{code}m"), ""))
}

proptest! {
    #[test]
    fn charts_fit_the_screen_and_contain_no_control_characters(
        picture in any_picture(),
        columns in prop_oneof![1_usize..30, 1_usize..220],
        rows in prop_oneof![1_usize..12, 1_usize..60],
        colour: bool,
    ) {
        let chart = text(&picture, Screen { columns, rows, colour, hint: "" });
        let chart = if colour { without_colours(&chart) } else { chart };
        prop_assert!(chart.lines().count() <= rows.saturating_sub(1).max(1));
        for line in chart.lines() {
            prop_assert!(line.width() <= columns, "{} > {columns}: {line:?}", line.width());
        }
        let is_harmful = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        prop_assert!(!chart.contains(is_harmful), "{chart:?}");
    }

    #[test]
    fn drawings_and_pages_are_well_formed_and_escaped(
        picture in any_picture(),
        header in proptest::collection::vec(any_text(), 4),
        cells in proptest::collection::vec(any_text(), 0..40),
    ) {
        let rows: Vec<Vec<String>> = cells.chunks_exact(4).map(<[String]>::to_vec).collect();
        let count = 4 * rows.len();
        let page = page(&picture, &header, rows.into_iter(), is_number, LICENCE);
        let (svg, options) = (document(&picture), ParsingOptions { allow_dtd: true, ..ParsingOptions::default() });
        let parse = |text, options| Document::parse_with_options(text, options)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")));
        let (drawing, page) = (parse(&svg, ParsingOptions::default())?, parse(&page, options)?);
        let root = drawing.root_element();
        prop_assert_eq!(root.attribute("role"), Some("img"));
        for id in root.attribute("aria-labelledby").unwrap().split(' ') {
            prop_assert!(drawing.descendants().any(|node| node.attribute("id") == Some(id)));
        }
        for node in drawing.descendants().chain(page.descendants()).filter(roxmltree::Node::is_element) {
            prop_assert!(!node.has_tag_name("script"));
            for attribute in node.attributes() {
                prop_assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"));
            }
        }
        prop_assert_eq!(page.descendants().filter(|node| node.tag_name().name() == "td").count(), count);
    }
}
