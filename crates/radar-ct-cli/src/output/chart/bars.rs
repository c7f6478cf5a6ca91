//! Bars on a terminal, lying.

use unicode_width::UnicodeWidthStr;

use super::Bars;
use super::row::{Paint, Row, fit, padded};
use super::scale::{float, whole};
use super::words::Measure;

/// A name beside its bar.
const NAME: usize = 32;
/// What the bars of the first series are made of, of the second one and so on.
const FILLS: [char; 4] = ['█', '▒', '▓', '░'];
/// The last cell of a full bar, by eighths.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const MISSING: &str = "-";

/// A row for each bar, as far as there is room; the rest is counted.
pub(super) fn rows(bars: &Bars, measure: Measure, columns: usize, most: usize) -> Vec<Row> {
    let series = bars.series.len().max(1);
    let mut rows = Vec::new();
    if series > 1 && most >= 6 {
        rows.push(legend(bars));
        rows.push(Row::default());
    }
    let room = most.saturating_sub(rows.len());
    let fitting =
        if bars.groups.len() * series > room { room.saturating_sub(1) / series } else { bars.groups.len() };
    let values = || bars.groups.iter().take(fitting).flat_map(|group| group.values.iter().copied());
    let names = bars.groups.iter().take(fitting).map(|group| group.name.width());
    let names = names.max().unwrap_or(0).min(NAME).min(columns / 3);
    let numbers = values().map(|value| number(measure, value).width()).max().unwrap_or(0);
    let width = columns.saturating_sub(names + numbers + 2);
    let scale = bars.scale();
    for group in bars.groups.iter().take(fitting) {
        for (index, value) in group.values.iter().enumerate() {
            let name = if index == 0 { group.name.as_str() } else { "" };
            let mut row = Row::new(Paint::Plain, padded(name, names));
            row.push(Paint::Plain, " ");
            if width > 0 {
                let bar = bar(index, value.map(|value| (scale.place(0.0), scale.place(value))), width);
                row.push(Paint::Colour(index), bar);
                row.push(Paint::Plain, " ");
            }
            let text = number(measure, *value);
            row.push(Paint::Plain, format!("{text:>numbers$}"));
            rows.push(row);
        }
    }
    let hidden = bars.groups.len() - fitting;
    if hidden > 0 {
        rows.push(Row::new(Paint::Strong, format!("and {hidden} more: --output table has them")));
    }
    rows
}

fn number(measure: Measure, value: Option<f64>) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| measure.text(value))
}

fn fill(series: usize) -> char {
    FILLS.get(series % FILLS.len()).copied().unwrap_or('█')
}

/// From zero to the value, both from 0 to 1.
fn bar(series: usize, ends: Option<(f64, f64)>, width: usize) -> String {
    let Some((zero, value)) = ends else { return " ".repeat(width) };
    let eighths = |place: f64| whole(place * float(8 * width), 8 * width);
    let (from, to) = (eighths(zero.min(value)), eighths(zero.max(value)));
    // Broken cells are there for bars that are full and begin at the left.
    let is_fine = series == 0 && from == 0;
    let (from, cells, rest) =
        if is_fine { (0, to / 8, to % 8) } else { ((from + 4) / 8, (to + 4) / 8 - (from + 4) / 8, 0) };
    let mut text = " ".repeat(from);
    text.extend(std::iter::repeat_n(fill(series), cells));
    text.extend(rest.checked_sub(1).and_then(|rest| EIGHTHS.get(rest)));
    // A value that is not zero is not invisible.
    if cells == 0 && rest == 0 && (zero - value).abs() > 0.0 {
        text.push('▏');
    }
    padded(&text, width)
}

fn legend(bars: &Bars) -> Row {
    let mut row = Row::default();
    for (index, name) in bars.series.iter().enumerate() {
        row.push(Paint::Plain, if index == 0 { "" } else { "   " });
        row.push(Paint::Colour(index), fill(index).to_string().repeat(2));
        row.push(Paint::Plain, format!(" {}", fit(name, NAME)));
    }
    row
}
