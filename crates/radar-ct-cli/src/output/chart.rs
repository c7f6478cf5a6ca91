//! What is drawn, decided once for a terminal, for SVG and for HTML.
//!
//! A picture holds text that is harmless already, instants in milliseconds on the axis that all its lines share, and no
//! size: where things go is each renderer's to say, and which ticks there are is said by `scale` and `time` to all of them.

mod align;
mod bars;
mod braille;
mod html;
mod markup;
mod of_answer;
mod row;
mod scale;
mod svg;
mod terminal;
mod time;
mod title;
mod words;

use scale::Scale;
use title::Title;
use words::Measure;

use crate::screen::harmless_cell;

pub(super) use html::page;
pub(super) use svg::drawing;
pub(super) use terminal::{Screen, text};

/// An answer as something to look at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    title: Title,
    /// In one line what there is to know.
    summary: String,
    /// Events that may have touched the data.
    notes: Vec<String>,
    /// What the answer says about itself, by name.
    facts: Vec<(&'static str, String)>,
    measure: Measure,
    body: Body,
}

impl Picture {
    /// With what was asked for in its title: ` by tld`, or `, DigiCert`.
    pub(super) fn of_what(mut self, asked: &str) -> Self {
        self.title.asked = harmless_cell(asked);
        self
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Body {
    Graph(Graph),
    Bars(Bars),
}

/// Lines over one axis of time.
#[derive(Debug, Clone, Default, PartialEq)]
struct Graph {
    lines: Vec<Line>,
    legend: Vec<Entry>,
    /// From where to where the axis goes; nothing where there is no point.
    span: Option<(i64, i64)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    style: Style,
    /// Points that belong together; between two runs there is a gap.
    runs: Vec<Vec<Point>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    at: i64,
    value: f64,
}

/// What a line looks like: a renderer has its own colours and patterns, and goes round where it runs out of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    colour: usize,
    /// 0 is a solid line.
    dash: usize,
}

/// What the legend says of a line, or of all that share a colour or a pattern.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    name: String,
    /// None where it is of a pattern alone.
    colour: Option<usize>,
    dash: usize,
}

/// A bar for each group, and for each series where there are several.
#[derive(Debug, Clone, Default, PartialEq)]
struct Bars {
    series: Vec<String>,
    groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq)]
struct Group {
    name: String,
    /// One for each series.
    values: Vec<Option<f64>>,
}

impl Graph {
    fn points(&self) -> impl Iterator<Item = Point> {
        self.lines.iter().flat_map(Line::points)
    }

    fn ends(&self) -> (f64, f64) {
        ends(self.points().map(|point| point.value))
    }

    /// An axis of values with about so many steps at most.
    fn scale(&self, most: usize) -> Scale {
        let (low, high) = self.ends();
        let is_whole = self.points().all(|point| point.value.fract() == 0.0);
        Scale::new(low, high, most, is_whole)
    }

    /// Where on the axis an instant is, from 0 to 1; one alone is in the middle.
    fn place(&self, at: i64) -> f64 {
        let (start, end) = self.span.unwrap_or((at, at));
        if end <= start { 0.5 } else { float(at - start) / float(end - start) }
    }
}

impl Line {
    fn points(&self) -> impl Iterator<Item = Point> {
        self.runs.iter().flatten().copied()
    }
}

impl Bars {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.groups.iter().flat_map(|group| group.values.iter().copied().flatten())
    }

    /// Where on their common axis bars begin and end, from 0 to 1. It goes to the largest value and not to a round number,
    /// since no tick would show that one.
    fn scale(&self) -> Scale {
        let (low, high) = ends(self.values());
        Scale::bare(low, high)
    }
}

/// The smallest and the largest, zero among them: what does not begin at zero makes small changes look large.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((0.0, 0.0), |(low, high), value| (low.min(value), high.max(value)))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years fit")]
fn float(span: i64) -> f64 {
    span as f64
}

#[cfg(test)]
mod tests;
