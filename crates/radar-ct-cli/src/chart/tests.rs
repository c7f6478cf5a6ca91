//! Pictures, drawn.

use chrono::{DateTime, Utc};
use roxmltree::Document;

use super::*;

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
    text(picture, Screen { columns, rows, colour: false, hint: "" })
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
fn points_are_sorted_and_connected_up_to_the_longest_step() {
    let values = [(3, Some(4.0)), (0, Some(1.0)), (1, None), (2, Some(3.0)), (6, Some(7.0)), (7, Some(8.0))];
    let runs = |longest| {
        let points = values.map(|(hour, value)| (hour * HOUR, value));
        let runs = Line::new(Style { colour: 0, dash: 0 }, points, longest).runs;
        runs.iter().map(|run| run.iter().map(|point| point.value).collect()).collect::<Vec<Vec<f64>>>()
    };
    assert_eq!(runs(HOUR + HOUR / 2), [vec![1.0], vec![3.0, 4.0], vec![7.0, 8.0]]);
    assert_eq!(runs(3 * HOUR), [vec![1.0], vec![3.0, 4.0, 7.0, 8.0]]);
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
