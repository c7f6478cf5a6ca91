//! Pictures as text, for a terminal of any size.

mod bars;
mod braille;
mod legend;
mod plot;
mod row;

use row::{Paint, Row};
use unicode_width::UnicodeWidthStr;

use super::picture::{Body, Picture};

/// The largest number of columns and rows that is believed; a larger one is a mistake and would only take
/// memory.
const LARGEST: usize = 1000;

/// A terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Screen {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) colour: bool,
    /// A hint that follows the number of bars that do not fit.
    pub(crate) hint: &'static str,
}

/// Draws a picture in lines no wider than the screen, and leaves one row for the prompt.
pub(crate) fn text(picture: &Picture, screen: Screen) -> String {
    let columns = screen.columns.clamp(1, LARGEST);
    let height = screen.rows.clamp(2, LARGEST) - 1;
    let mut rows = Vec::new();
    if height >= 8 {
        rows.push(Row::new(Paint::Strong, &*picture.title));
    }
    let summary = if height >= 16 { wrapped(&picture.summary, columns) } else { vec![&*picture.summary] };
    rows.extend(summary.into_iter().map(|line| Row::new(Paint::Plain, line)));
    if height >= 12 {
        rows.extend(picture.notes.iter().map(|note| Row::new(Paint::Strong, &**note)));
    }
    let left = height.saturating_sub(rows.len());
    rows.extend(match &picture.body {
        Body::Lines(chart) => plot::rows(chart, picture.measure, columns, left, screen.colour),
        Body::Bars(chart) => bars::rows(chart, picture.measure, columns, left, screen.hint),
    });
    let mut out = String::new();
    for row in rows.iter().take(height) {
        row.write(&mut out, columns, screen.colour);
    }
    out
}

/// Breaks a text that is too wide into two lines, at the last comma that fits.
fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    if text.width() <= columns {
        return vec![text];
    }
    let cuts = text.match_indices(", ").map(|(at, _)| text.split_at(at + 1));
    match cuts.take_while(|(first, _)| first.width() <= columns).last() {
        Some((first, rest)) => vec![first, rest.trim_start()],
        None => vec![text],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_summary_is_wrapped_at_a_comma() {
        assert_eq!(wrapped("latest 7, total 9", 17), ["latest 7, total 9"]);
        assert_eq!(wrapped("latest 7, +1 %, total 9", 17), ["latest 7, +1 %,", "total 9"]);
        assert_eq!(wrapped("a name without an end", 5), ["a name without an end"]);
    }
}
