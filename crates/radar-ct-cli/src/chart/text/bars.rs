//! Horizontal bars of block characters.

use unicode_width::UnicodeWidthStr;

use super::row::{Paint, Row, fit, padded};
use crate::chart::picture::{BarChart, Measure};
use crate::chart::scale::{float, whole};

/// The largest width of a name.
const NAME: usize = 32;
/// The characters that the bars of the first series, the second one and so on consist of.
const FILLS: [char; 4] = ['█', '▒', '▓', '░'];
/// The last cell of a bar, by eighths.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const MISSING: &str = "-";

/// Draws a row for each bar in at most `most` rows; the last row counts the groups that did not fit.
pub(super) fn rows(chart: &BarChart, measure: Measure, columns: usize, most: usize, hint: &str) -> Vec<Row> {
    let number = |value: Option<f64>| value.map_or_else(|| MISSING.to_owned(), |value| measure.text(value));
    let series = chart.series.len().max(1);
    let mut rows = Vec::new();
    if series > 1 && most >= 6 {
        rows.push(legend(chart));
        rows.push(Row::default());
    }
    let room = most.saturating_sub(rows.len());
    let all = chart.groups.len();
    let fitting = if all * series > room { room.saturating_sub(1) / series } else { all };
    let shown = || chart.groups.iter().take(fitting);
    let names = shown().map(|group| group.name.width()).max().unwrap_or(0).min(NAME).min(columns / 3);
    let values = shown().flat_map(|group| group.values.iter().copied());
    let numbers = values.map(|value| number(value).width()).max().unwrap_or(0);
    let width = columns.saturating_sub(names + numbers + 2);
    let scale = chart.scale();
    for group in shown() {
        for (index, value) in group.values.iter().enumerate() {
            let name: &str = if index == 0 { &group.name } else { "" };
            let mut row = Row::new(Paint::Plain, padded(name, names));
            row.push(Paint::Plain, " ");
            if width > 0 {
                let ends = value.map(|value| (scale.position(0.0), scale.position(value)));
                row.push(Paint::Colour(index), bar(index, ends, width));
                row.push(Paint::Plain, " ");
            }
            row.push(Paint::Plain, format!("{:>numbers$}", number(*value)));
            rows.push(row);
        }
    }
    if fitting < all {
        rows.push(Row::new(Paint::Strong, format!("and {} more{hint}", all - fitting)));
    }
    rows
}

fn fill(series: usize) -> char {
    FILLS.get(series % FILLS.len()).copied().unwrap_or('█')
}

/// A bar from zero to the value, both given as positions from 0 to 1.
fn bar(series: usize, ends: Option<(f64, f64)>, width: usize) -> String {
    let Some((zero, value)) = ends else { return " ".repeat(width) };
    let eighths = |position: f64| whole(position * float(8 * width), 8 * width);
    let (from, to) = (eighths(zero.min(value)), eighths(zero.max(value)));
    // There are partial cells for full bars that begin at the left only.
    let is_fine = series == 0 && from == 0;
    let (from, cells, rest) =
        if is_fine { (0, to / 8, to % 8) } else { ((from + 4) / 8, (to + 4) / 8 - (from + 4) / 8, 0) };
    let mut text = " ".repeat(from);
    text.extend(std::iter::repeat_n(fill(series), cells));
    text.extend(rest.checked_sub(1).and_then(|rest| EIGHTHS.get(rest)));
    // The smallest value is visible, too.
    if cells == 0 && rest == 0 && (zero - value).abs() > 0.0 {
        text.push('▏');
    }
    padded(&text, width)
}

fn legend(chart: &BarChart) -> Row {
    let mut row = Row::default();
    for (index, name) in chart.series.iter().enumerate() {
        row.push(Paint::Plain, if index == 0 { "" } else { "   " });
        row.push(Paint::Colour(index), fill(index).to_string().repeat(2));
        row.push(Paint::Plain, format!(" {}", fit(name, NAME)));
    }
    row
}
