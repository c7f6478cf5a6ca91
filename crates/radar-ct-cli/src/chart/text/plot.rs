//! Lines of Braille dots, with their legend and axes.

use unicode_width::UnicodeWidthStr;

use super::braille::{Canvas, Pen};
use super::legend::{self, has_letters, letter};
use super::row::{Paint, Row, padded};
use crate::chart::picture::{LineChart, Measure};
use crate::chart::scale::{Scale, float, whole};
use crate::chart::time;

/// The label beside the axis of time.
const UTC: &str = "UTC";

/// Draws the chart in at most `most` rows.
pub(super) fn rows(
    chart: &LineChart,
    measure: Measure,
    columns: usize,
    most: usize,
    colour: bool,
) -> Vec<Row> {
    let Some(span) = chart.span().filter(|_| most > 0) else { return Vec::new() };
    let letters = has_letters(chart, colour);
    let mut rows = if most >= 8 { legend::rows(chart, columns, most / 4, letters) } else { Vec::new() };
    let has_times = most >= 5;
    let height = most.saturating_sub(rows.len() + if has_times { 2 } else { 0 }).max(1);
    let (scale, height) = best_scale(chart, height);
    let row_of = |value: f64| whole((1.0 - scale.position(value)) * float(height - 1), height - 1);
    let label = |tick: &f64| (row_of(*tick), format!("{}{}", scale.label(*tick), measure.suffix()));
    let labels: Vec<(usize, String)> = scale.ticks.iter().rev().map(label).collect();
    let margin = labels.iter().map(|(_, text)| text.width()).fold(UTC.len(), usize::max);
    // An axis that would take a third of the width is left out.
    let margin = if 3 * (margin + 2) > columns { None } else { Some(margin) };
    let width = columns - margin.map_or(0, |margin| margin + 2);
    let canvas = draw(chart, &scale, width, height, letters);
    // Without negative values, the axis of time is the zero line.
    let zero = Some(row_of(0.0)).filter(|_| scale.low < 0.0);
    for (index, line) in canvas.rows(zero).enumerate() {
        let mut row = Row::default();
        if let Some(margin) = margin {
            let label = labels.iter().find(|(row, _)| *row == index).map(|(_, text)| text.as_str());
            row.push(Paint::Plain, format!("{:>margin$} ", label.unwrap_or("")));
            row.push(Paint::Faint, if label.is_some() { "┤" } else { "│" });
        }
        row.append(line);
        rows.push(row);
    }
    if has_times {
        rows.extend(times(chart, span, margin, width));
    }
    rows
}

/// The scale and the height, of at most `most` rows, that leave the lines the most room if all steps are
/// equally high.
fn best_scale(chart: &LineChart, most: usize) -> (Scale, usize) {
    let largest = chart.largest();
    let mut best = (chart.scale(1), most, 0.0);
    for count in most.div_ceil(6)..=most.div_ceil(3).max(3) {
        let scale = chart.scale(count);
        let steps = scale.ticks.len().saturating_sub(1).max(1);
        let height = 1 + (most - 1) / steps * steps;
        let room = float(height) * scale.position(largest);
        if height > steps && room >= best.2 {
            best = (scale, height, room);
        }
    }
    (best.0, best.1)
}

/// Draws the lines, the first one on top.
fn draw(chart: &LineChart, scale: &Scale, columns: usize, rows: usize, letters: bool) -> Canvas {
    let mut canvas = Canvas::new(columns, rows);
    let (across, down) = canvas.size();
    let dot = |at: i64, value: f64| {
        let x = whole(chart.position(at) * float(across - 1), across - 1);
        let y = whole((1.0 - scale.position(value)) * float(down - 1), down - 1);
        (x, y)
    };
    for line in chart.lines.iter().rev() {
        let paint = Paint::Colour(line.style.colour);
        let mut pen = Pen::new(line.style.dash, paint);
        for run in &line.runs {
            let mut previous = None;
            for point in run {
                let at = dot(point.at, point.value);
                match previous {
                    Some(previous) => pen.line(&mut canvas, previous, at),
                    // Set whatever the pattern: the run may have no other dot.
                    None => canvas.set(at, paint),
                }
                previous = Some(at);
            }
            // A single dot is hard to see, so it takes a block of four.
            if let ([_], Some((x, y))) = (run.as_slice(), previous) {
                for corner in [(x ^ 1, y), (x, y ^ 1), (x ^ 1, y ^ 1)] {
                    canvas.set(corner, paint);
                }
            }
        }
    }
    for (index, line) in chart.lines.iter().enumerate().filter(|_| letters) {
        let points: Vec<_> = line.points().collect();
        // Each line has its letters at other times than the others.
        let parts = chart.lines.len() + 1;
        for round in 0..3 {
            let part = (round * parts + index + 1) * points.len() / (3 * parts).max(1);
            if let Some(point) = points.get(part.min(points.len().saturating_sub(1))) {
                let paint = Paint::Colour(line.style.colour);
                canvas.letter(dot(point.at, point.value), letter(line.style.colour), paint);
            }
        }
    }
    canvas
}

/// The axis of time and the labels below it.
fn times(chart: &LineChart, (start, end): (i64, i64), margin: Option<usize>, width: usize) -> [Row; 2] {
    let mut axis: Vec<char> = vec!['─'; width];
    let mut below = String::new();
    // Nine columns: a label, and the space to the next one.
    for tick in time::ticks(start, end, width / 9) {
        let column = whole(chart.position(tick.at) * float(width - 1), width - 1);
        let text = tick.label.width();
        // Centred below its tick, but within the width.
        let at = column.saturating_sub(text / 2).min(width.saturating_sub(text));
        let is_free = below.is_empty() || at >= below.width() + 2;
        if !is_free || text > width {
            continue;
        }
        below = padded(&below, at) + &tick.label;
        if let Some(mark) = axis.get_mut(column) {
            *mark = '┬';
        }
    }
    let axis: String = axis.into_iter().collect();
    match margin {
        None => [Row::new(Paint::Faint, axis), Row::new(Paint::Plain, below)],
        Some(margin) => {
            let mut line = Row::new(Paint::Plain, " ".repeat(margin + 1));
            line.push(Paint::Faint, format!("└{axis}"));
            let mut labels = Row::new(Paint::Faint, format!("{UTC:>margin$}"));
            labels.push(Paint::Plain, format!("  {below}"));
            [line, labels]
        }
    }
}
