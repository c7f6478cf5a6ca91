//! The legend of lines: a sample of each with its name.

use super::braille::{Canvas, Pen};
use super::row::{Paint, Row, fit};
use crate::chart::picture::{LegendEntry, LineChart};

/// The largest width of a name.
const NAME: usize = 40;

/// Draws the legend in at most `most` rows; the last row counts the entries that did not fit.
pub(super) fn rows(chart: &LineChart, columns: usize, most: usize, letters: bool) -> Vec<Row> {
    if chart.lines.len() < 2 {
        return Vec::new();
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut shown = 0;
    for item in &chart.legend {
        let item = entry(item, letters);
        let is_full = rows.len() == most.max(1);
        match rows.last_mut() {
            Some(row) if row.width() + 3 + item.width() <= columns => {
                row.push(Paint::Plain, "   ");
                row.append(item);
            }
            _ if is_full => break,
            _ => rows.push(item),
        }
        shown += 1;
    }
    let hidden = chart.legend.len() - shown;
    if let Some(row) = rows.last_mut().filter(|_| hidden > 0) {
        let more = format!(" +{hidden}");
        *row = std::mem::take(row).cut(columns.saturating_sub(more.len()));
        row.push(Paint::Strong, more);
    }
    rows
}

/// Returns whether lines carry letters. Patterns distinguish two lines; more need colours, or letters if
/// there are not enough colours.
pub(super) fn has_letters(chart: &LineChart, colour: bool) -> bool {
    let count = chart.legend.iter().filter(|entry| entry.colour.is_some()).count();
    count > 2 && (!colour || count > Paint::COLOURS)
}

/// The letter of a colour.
pub(super) fn letter(colour: usize) -> char {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    LETTERS.chars().nth(colour % LETTERS.len()).unwrap_or('a')
}

fn entry(entry: &LegendEntry, letters: bool) -> Row {
    let paint = entry.colour.map_or(Paint::Plain, Paint::Colour);
    let mut sample = Canvas::new(4, 1);
    let mut pen = Pen::new(entry.dash, paint);
    pen.dot(&mut sample, (0, 1));
    pen.line(&mut sample, (0, 1), (7, 1));
    if let Some(colour) = entry.colour.filter(|_| letters) {
        sample.letter((4, 1), letter(colour), paint);
    }
    let mut row = sample.rows(None).next().unwrap_or_default();
    row.push(Paint::Plain, format!(" {}", fit(&entry.name, NAME)));
    row
}
