//! A picture on a terminal, of whatever size it is.

use unicode_width::UnicodeWidthStr;

use super::braille::{Canvas, Pen};
use super::row::{Paint, Row, padded};
use super::scale::{Scale, float, whole};
use super::{Body, Entry, Graph, Picture, bars, time};

/// More than any screen; a larger one is a mistake, and would take memory alone.
const LARGEST: usize = 1000;
/// Beside the times.
const UTC: &str = "UTC";
/// A name in the legend.
const NAME: usize = 40;

/// Where a picture is to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::output) struct Screen {
    pub(in crate::output) columns: usize,
    pub(in crate::output) rows: usize,
    pub(in crate::output) colour: bool,
}

/// The picture as lines of text, none of them wider than the screen, and one fewer than it has, for the prompt.
pub(in crate::output) fn text(picture: &Picture, screen: Screen) -> String {
    let columns = screen.columns.clamp(1, LARGEST);
    let height = screen.rows.clamp(2, LARGEST) - 1;
    let mut rows = Vec::new();
    if height >= 8 {
        rows.push(Row::new(Paint::Strong, picture.title.to_string()));
    }
    let summary =
        if height >= 16 { wrapped(&picture.summary, columns) } else { vec![picture.summary.clone()] };
    rows.extend(summary.into_iter().map(|line| Row::new(Paint::Plain, line)));
    if height >= 12 {
        rows.extend(picture.notes.iter().map(|note| Row::new(Paint::Strong, note.clone())));
    }
    let left = height.saturating_sub(rows.len());
    rows.extend(match &picture.body {
        Body::Graph(graph) => Plot { graph, picture, columns, rows: left, colour: screen.colour }.draw(),
        Body::Bars(bars) => bars::rows(bars, picture.measure, columns, left),
    });
    let mut out = String::new();
    for row in rows.iter().take(height) {
        row.write(&mut out, columns, screen.colour);
    }
    out
}

/// The text in two lines, where one is not wide enough.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    const BETWEEN: &str = ", ";
    if text.width() <= columns {
        return vec![text.to_owned()];
    }
    let cuts = text.match_indices(BETWEEN).map(|(at, _)| text.split_at(at + 1));
    // The last place where the first line still fits.
    match cuts.take_while(|(first, _)| first.width() <= columns).last() {
        Some((first, rest)) => vec![first.to_owned(), rest.trim_start().to_owned()],
        None => vec![text.to_owned()],
    }
}

/// Lines, their legend and their axes.
struct Plot<'p> {
    graph: &'p Graph,
    picture: &'p Picture,
    columns: usize,
    rows: usize,
    colour: bool,
}

impl Plot<'_> {
    fn draw(&self) -> Vec<Row> {
        if self.rows == 0 || self.graph.span.is_none() {
            return Vec::new();
        }
        let mut rows = if self.rows >= 8 { self.legend(self.rows / 4) } else { Vec::new() };
        let has_times = self.rows >= 5;
        let height = self.rows.saturating_sub(rows.len() + if has_times { 2 } else { 0 }).max(1);
        let (scale, height) = self.scale(height);
        let labels: Vec<(usize, String)> = scale
            .ticks
            .iter()
            .rev()
            .map(|tick| {
                let row = whole((1.0 - scale.place(*tick)) * float(height - 1), height - 1);
                (row, format!("{}{}", scale.text(*tick), self.picture.measure.suffix()))
            })
            .collect();
        let margin = labels.iter().map(|(_, text)| text.width()).fold(UTC.len(), usize::max);
        // An axis that takes a third of the width is not worth it.
        let margin = if 3 * (margin + 2) > self.columns { None } else { Some(margin) };
        let width = self.columns - margin.map_or(0, |margin| margin + 2);
        let canvas = self.canvas(&scale, width, height);
        let zero = whole((1.0 - scale.place(0.0)) * float(height - 1), height - 1);
        // Where nothing is below zero, the axis of time is the line.
        let zero = Some(zero).filter(|_| scale.low < 0.0);
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
            rows.extend(self.times(margin, width));
        }
        rows
    }

    /// The steps and the height, of at most so many rows, that leave the lines the most room where every step has as many
    /// rows as the others.
    fn scale(&self, most: usize) -> (Scale, usize) {
        let (_, largest) = self.graph.ends();
        let mut best = (self.graph.scale(1), most, 0.0);
        for count in most.div_ceil(6)..=most.div_ceil(3).max(3) {
            let scale = self.graph.scale(count);
            let steps = scale.ticks.len().saturating_sub(1).max(1);
            let height = 1 + (most - 1) / steps * steps;
            let room = float(height) * scale.place(largest);
            if height > steps && room >= best.2 {
                best = (scale, height, room);
            }
        }
        (best.0, best.1)
    }

    /// The lines, the first one on top.
    fn canvas(&self, scale: &Scale, columns: usize, rows: usize) -> Canvas {
        let mut canvas = Canvas::new(columns, rows);
        let (across, down) = canvas.dots();
        let dot = |at: i64, value: f64| {
            let x = whole(self.graph.place(at) * float(across - 1), across - 1);
            let y = whole((1.0 - scale.place(value)) * float(down - 1), down - 1);
            (x, y)
        };
        for line in self.graph.lines.iter().rev() {
            let paint = Paint::Colour(line.style.colour);
            let mut pen = Pen::new(line.style.dash, paint);
            for run in &line.runs {
                let mut before = None;
                for point in run {
                    let at = dot(point.at, point.value);
                    match before {
                        Some(before) => pen.line(&mut canvas, before, at),
                        // The beginning of a run shows in any pattern: it may be all there is of it.
                        None => canvas.set(at, paint),
                    }
                    before = Some(at);
                }
                // One dot alone is hard to see: it takes the four of its corner of the cell.
                if let ([_], Some((x, y))) = (run.as_slice(), before) {
                    for corner in [(x ^ 1, y), (x, y ^ 1), (x ^ 1, y ^ 1)] {
                        canvas.set(corner, paint);
                    }
                }
            }
        }
        let letters = self.graph.lines.iter().enumerate().filter(|_| self.has_letters());
        for (index, line) in letters {
            let paint = Paint::Colour(line.style.colour);
            let points: Vec<_> = line.points().collect();
            // Not where the others have theirs.
            let parts = self.graph.lines.len() + 1;
            for round in 0..3 {
                let part = (round * parts + index + 1) * points.len() / (3 * parts).max(1);
                if let Some(point) = points.get(part.min(points.len().saturating_sub(1))) {
                    canvas.letter(dot(point.at, point.value), letter(line.style.colour), paint);
                }
            }
        }
        canvas
    }

    /// Patterns tell two lines apart; more need colours, and where there are none, or not enough, letters.
    fn has_letters(&self) -> bool {
        let count = self.graph.legend.iter().filter(|entry| entry.colour.is_some()).count();
        count > 2 && (!self.colour || count > Paint::COLOURS)
    }

    /// What lines look like and what it is, in so many rows.
    fn legend(&self, most: usize) -> Vec<Row> {
        if self.graph.lines.len() < 2 {
            return Vec::new();
        }
        let mut rows: Vec<Row> = Vec::new();
        let mut shown = 0;
        for (index, entry) in self.graph.legend.iter().enumerate() {
            let entry = self.entry(entry);
            let is_full = rows.len() == most.max(1);
            match rows.last_mut() {
                Some(row) if row.width() + 3 + entry.width() <= self.columns => {
                    row.push(Paint::Plain, "   ");
                    row.append(entry);
                }
                _ if is_full => break,
                _ => rows.push(entry),
            }
            shown = index + 1;
        }
        let hidden = self.graph.legend.len() - shown;
        if let Some(row) = rows.last_mut().filter(|_| hidden > 0) {
            let more = format!(" +{hidden}");
            *row = row.clone().cut(self.columns.saturating_sub(more.width()));
            row.push(Paint::Strong, more);
        }
        rows
    }

    fn entry(&self, entry: &Entry) -> Row {
        let paint = entry.colour.map_or(Paint::Plain, Paint::Colour);
        let mut sample = Canvas::new(4, 1);
        let mut pen = Pen::new(entry.dash, paint);
        pen.dot(&mut sample, (0, 1));
        pen.line(&mut sample, (0, 1), (7, 1));
        if let Some(colour) = entry.colour.filter(|_| self.has_letters()) {
            sample.letter((4, 1), letter(colour), paint);
        }
        let mut row = sample.rows(None).next().unwrap_or_default();
        row.push(Paint::Plain, format!(" {}", super::row::fit(&entry.name, NAME)));
        row
    }

    /// The axis of time and what stands under it.
    fn times(&self, margin: Option<usize>, width: usize) -> [Row; 2] {
        let (start, end) = self.graph.span.unwrap_or_default();
        let mut axis: Vec<char> = vec!['─'; width];
        let mut under = String::new();
        // A label, and some space to the next one.
        for tick in time::ticks(start, end, width / 9) {
            let column = whole(self.graph.place(tick.at) * float(width - 1), width - 1);
            let text = tick.text.width();
            // In the middle under its tick, but within the width.
            let at = column.saturating_sub(text / 2).min(width.saturating_sub(text));
            let is_free = under.is_empty() || at >= under.width() + 2;
            if !is_free || text > width {
                continue;
            }
            under = padded(&under, at) + &tick.text;
            if let Some(mark) = axis.get_mut(column) {
                *mark = '┬';
            }
        }
        let axis: String = axis.into_iter().collect();
        match margin {
            None => [Row::new(Paint::Faint, axis), Row::new(Paint::Plain, under)],
            Some(margin) => {
                let mut line = Row::new(Paint::Plain, " ".repeat(margin + 1));
                line.push(Paint::Faint, format!("└{axis}"));
                let mut labels = Row::new(Paint::Faint, format!("{UTC:>margin$}"));
                labels.push(Paint::Plain, format!("  {under}"));
                [line, labels]
            }
        }
    }
}

fn letter(index: usize) -> char {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    LETTERS.chars().nth(index % LETTERS.len()).unwrap_or('a')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_that_is_too_long_goes_on_below() {
        assert_eq!(wrapped("latest 7, total 9", 17), ["latest 7, total 9"]);
        assert_eq!(wrapped("latest 7, +1 %, total 9", 17), ["latest 7, +1 %,", "total 9"]);
        assert_eq!(wrapped("a name without an end", 5), ["a name without an end"]);
    }
}
