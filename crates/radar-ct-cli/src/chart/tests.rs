//! Properties of every picture, in every form.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use roxmltree::{Document, ParsingOptions};
use unicode_width::UnicodeWidthStr;

use super::*;

const TEXTS: [&str; 8] = [
    "DigiCert",
    "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}",
    "<script>alert(\"&'\")</script>]]>",
    "漢字かなハングル漢字かなハングル漢字かなハングル漢字かなハングル",
    "👩‍👩‍👧‍👦 1\u{fe0f}\u{20e3} ❤\u{fe0f} a\u{301}\u{301}\u{301}",
    "\u{0}\u{fffe}\u{ffff}\r\n\t",
    "",
    "serie_0",
];

fn start() -> i64 {
    "2026-10-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp_millis()
}

/// A chart of hourly lines, named `a`, `b` and so on.
fn hourly(lines: &[&[Option<f64>]]) -> Picture {
    let line = |(index, values): (usize, &&[Option<f64>])| {
        let times = (0..).map(|hour| start() + hour * HOUR);
        Line::new(Style { colour: index, dash: index }, times.zip(values.iter().copied()), HOUR)
    };
    let name = |(index, letter): (usize, char)| LegendEntry {
        name: letter.to_string().into(),
        colour: Some(index),
        dash: index,
    };
    picture(Body::Lines(LineChart::new(
        lines.iter().enumerate().map(line).collect(),
        ('a'..).take(lines.len()).enumerate().map(name).collect(),
    )))
}

fn picture(body: Body) -> Picture {
    let (title, summary) = ("title".into(), "summary".into());
    Picture { title, summary, notes: Vec::new(), facts: Vec::new(), measure: Measure::Number, body }
}

fn on_screen(picture: &Picture, columns: usize, rows: usize) -> String {
    text(picture, Screen { columns, rows, colour: false })
}

/// The cells of the plot, without the axis of values.
fn cells(chart: &str) -> Vec<Vec<char>> {
    let rows = chart.lines().filter_map(|line| line.split_once(['┤', '│']));
    rows.map(|(_, cells)| cells.chars().collect()).collect()
}

#[test]
fn missing_values_and_missing_timestamps_are_gaps() {
    let value = |hour| Some(100.0).filter(|_| !(10..30).contains(&hour));
    let nulls: Vec<_> = (0..40).map(|hour| (start() + hour * HOUR, value(hour))).collect();
    let mut holes: Vec<_> = nulls.iter().copied().filter(|(_, value)| value.is_some()).collect();
    holes.reverse();
    for points in [nulls, holes] {
        let line = Line::new(Style { colour: 0, dash: 0 }, points, HOUR + HOUR / 2);
        assert_eq!(line.runs.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10]);
        let picture = picture(Body::Lines(LineChart::new(vec![line], Vec::new())));
        let chart = on_screen(&picture, 80, 24);
        let top = cells(&chart).into_iter().next().unwrap();
        let drawn: Vec<usize> = (0..top.len()).filter(|index| top[*index] != ' ').collect();
        let gap = drawn.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(gap > top.len() * 45 / 100 && gap < top.len() * 60 / 100, "{chart}");
        let svg = document(&picture);
        let svg = Document::parse(&svg).unwrap();
        let path = svg.descendants().find(|node| node.has_tag_name("path")).unwrap();
        assert_eq!(path.attribute("d").unwrap().matches('M').count(), 2);
    }
}

#[test]
fn two_lines_differ_without_colours() {
    let chart = on_screen(&hourly(&[&[Some(10.0); 48], &[Some(5.0); 48]]), 80, 24);
    let line = |row: &Vec<char>| row.iter().copied().filter(|c| *c != ' ').collect::<Vec<_>>();
    let lines: Vec<_> = cells(&chart).iter().map(line).filter(|line| line.len() > 10).collect();
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
fn single_points_zeros_and_negative_values_are_visible() {
    assert!(document(&hourly(&[&[Some(7.0)]])).contains("<circle"));
    let zeros = on_screen(&hourly(&[&[Some(0.0); 5]]), 80, 24);
    assert!(zeros.lines().any(|line| line.starts_with("  0 ┤⣀")), "{zeros}");
    let mut changes = hourly(&[&[Some(-20.0), Some(35.0)]]);
    changes.measure = Measure::Percent;
    let chart = on_screen(&changes, 80, 24);
    assert!(chart.contains("-20 % ┤") && chart.contains("40 % ┤"), "{chart}");
}

#[test]
fn a_small_screen_shows_the_summary_and_the_lines() {
    let values: Vec<Option<f64>> = (0..48).map(|hour| Some(f64::from(hour))).collect();
    let chart = on_screen(&hourly(&[&values]), 20, 5);
    assert!(chart.starts_with("summary\n"), "{chart}");
    let plot = chart.lines().nth(2).unwrap();
    assert!(plot.contains(|c: char| ('\u{2801}'..='\u{28ff}').contains(&c)), "{chart}");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(&TEXTS[..]).prop_map(str::to_owned), any::<String>()]
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    let finite = any::<f64>().prop_map(|value| Some(value).filter(|value| value.is_finite()));
    prop_oneof![Just(None), finite, (0..1_000_000).prop_map(|value| Some(f64::from(value)))]
}

fn any_body() -> impl Strategy<Value = Body> {
    let time = prop_oneof![
        9 => (0_i64..200).prop_map(|hour| start() + hour * HOUR),
        1 => -62_167_219_200_000_i64..253_402_300_799_000,
    ];
    let points = proptest::collection::vec((time, any_value()), 0..60);
    let entry = (any_text(), proptest::option::of(0..9_usize), 0..9_usize);
    let line = ((0..9_usize, 0..9_usize), points, prop_oneof![Just(HOUR), Just(i64::MAX)]);
    let lines = proptest::collection::vec((entry, line), 0..9).prop_map(|lines| {
        let (entries, lines): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
        let entry = |(name, colour, dash): (String, _, _)| LegendEntry { name: name.into(), colour, dash };
        let line = |((colour, dash), points, longest)| Line::new(Style { colour, dash }, points, longest);
        Body::Lines(LineChart::new(
            lines.into_iter().map(line).collect(),
            entries.into_iter().map(entry).collect(),
        ))
    });
    let series = proptest::collection::vec(any_text(), 0..9);
    let group = (any_text(), proptest::collection::vec(any_value(), 0..9));
    let bars = (series, proptest::collection::vec(group, 0..40)).prop_map(|(series, groups)| {
        let group = |(name, values): (String, _)| Group { name: name.into(), values };
        let series = series.into_iter().map(Text::from).collect();
        Body::Bars(BarChart::new(series, groups.into_iter().map(group).collect()))
    });
    prop_oneof![lines, bars]
}

fn any_picture() -> impl Strategy<Value = Picture> {
    let measure = prop_oneof![Just(Measure::Number), Just(Measure::Percent)];
    let notes = proptest::collection::vec(any_text(), 0..5);
    (any_text(), any_text(), notes, any_text(), measure, any_body()).prop_map(
        |(title, summary, notes, fact, measure, body)| Picture {
            title: title.into(),
            summary: summary.into(),
            notes: notes.into_iter().map(Text::from).collect(),
            facts: vec![("Fact", fact.into())],
            measure,
            body,
        },
    )
}

fn without_colours(text: &str) -> String {
    let mut plain = text.to_owned();
    for code in ["0", "1", "2", "31", "32", "33", "34", "35", "36"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    plain
}

fn is_harmless(text: &str) -> bool {
    !text.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}'))
}

proptest! {
    #[test]
    fn charts_fit_the_screen_and_contain_no_control_characters(
        picture in any_picture(),
        columns in prop_oneof![1_usize..30, 1_usize..220],
        rows in prop_oneof![1_usize..12, 1_usize..60],
    ) {
        for colour in [false, true] {
            let chart = text(&picture, Screen { columns, rows, colour });
            let chart = if colour { without_colours(&chart) } else { chart };
            prop_assert!(chart.lines().count() <= rows.saturating_sub(1).max(1));
            for line in chart.lines() {
                prop_assert!(line.width() <= columns, "{} > {columns}: {line:?}", line.width());
            }
            prop_assert!(is_harmless(&chart), "{chart:?}");
        }
    }

    #[test]
    fn drawings_and_pages_are_well_formed_and_escaped(
        picture in any_picture(),
        (header, rows) in (0..5_usize).prop_flat_map(|width| {
            let row = || proptest::collection::vec(any_text(), width);
            (row(), proptest::collection::vec(row(), 0..9))
        }),
    ) {
        let svg = document(&picture);
        let drawing = Document::parse(&svg).map_err(|error| TestCaseError::fail(format!("{error}\n{svg}")))?;
        let root = drawing.root_element();
        prop_assert_eq!(root.attribute("role"), Some("img"));
        for id in root.attribute("aria-labelledby").unwrap().split(' ') {
            prop_assert!(drawing.descendants().any(|node| node.attribute("id") == Some(id)));
        }
        let (cells, is_number) = (rows.len() * header.len(), |cell: &str| cell.starts_with('-'));
        let page = Page { picture: &picture, header: &header, rows: rows.into_iter(), is_number, footer: "" };
        let page = page.html();
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let page = Document::parse_with_options(&page, options)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{page}")))?;
        for document in [&drawing, &page] {
            prop_assert!(document.descendants().all(|node| !node.has_tag_name("script")));
            for node in document.descendants().filter(roxmltree::Node::is_element) {
                for attribute in node.attributes() {
                    prop_assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"));
                }
            }
        }
        prop_assert_eq!(page.descendants().filter(|node| node.tag_name().name() == "td").count(), cells);
    }
}
