//! The picture that all renderers draw: plain data, without sizes or positions.

use std::ops::Deref;

use super::number::number;
use super::scale::Scale;
use crate::terminal::sanitize;

/// A line of text without control characters: creating one sanitizes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text(String);

impl<S: AsRef<str>> From<S> for Text {
    fn from(text: S) -> Self {
        Self(sanitize::line(text.as_ref()).into_owned())
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A chart with the text around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) title: Text,
    /// One line below the title.
    pub(crate) summary: Text,
    /// Lines that stand out below the summary.
    pub(crate) notes: Vec<Text>,
    /// Names and values that only a page has room for.
    pub(crate) facts: Vec<(&'static str, Text)>,
    pub(crate) measure: Measure,
    pub(crate) body: Body,
}

/// The format of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Number,
    Percent,
}

impl Measure {
    /// Formats a value.
    pub(crate) fn text(self, value: f64) -> String {
        match self {
            // Two decimals in every value, so that values can be compared.
            Self::Percent if (0.01..10_000.0).contains(&value.abs()) => format!("{value:.2} %"),
            _ => format!("{}{}", number(value), self.suffix()),
        }
    }

    /// The text behind a number.
    pub(super) fn suffix(self) -> &'static str {
        if self == Self::Percent { " %" } else { "" }
    }
}

/// The chart itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Lines(LineChart),
    Bars(BarChart),
}

/// Lines over a common axis of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LineChart {
    pub(super) lines: Vec<Line>,
    pub(super) legend: Vec<LegendEntry>,
    /// Start and end of the axis of time; `None` without points.
    span: Option<(i64, i64)>,
}

impl LineChart {
    /// Creates a chart whose axis of time spans all points.
    pub(crate) fn new(lines: Vec<Line>, legend: Vec<LegendEntry>) -> Self {
        let instants = || lines.iter().flat_map(Line::points).map(|point| point.at);
        let span = instants().min().zip(instants().max());
        Self { lines, legend, span }
    }

    /// Extends the axis of time so that it covers at least `start` to `end`; without points there is no axis.
    pub(crate) fn extend(&mut self, start: i64, end: i64) {
        self.span = self.span.map(|(from, to)| (from.min(start), to.max(end)));
    }

    /// Start and end of the axis of time, in milliseconds since 1970; `None` without points.
    pub(crate) fn span(&self) -> Option<(i64, i64)> {
        self.span
    }

    fn points(&self) -> impl Iterator<Item = Point> {
        self.lines.iter().flat_map(Line::points)
    }

    /// The largest value, or 0 where all are negative.
    pub(super) fn largest(&self) -> f64 {
        range(self.points().map(|point| point.value)).1
    }

    /// The axis of values, with at most about `steps` steps.
    pub(super) fn scale(&self, steps: usize) -> Scale {
        let (low, high) = range(self.points().map(|point| point.value));
        let is_whole = self.points().all(|point| point.value.fract() == 0.0);
        Scale::new(low, high, steps, is_whole)
    }

    /// The position of an instant on the axis of time, from 0 to 1; a single instant is in the middle.
    pub(super) fn position(&self, at: i64) -> f64 {
        let (start, end) = self.span.unwrap_or((at, at));
        if end <= start { 0.5 } else { milliseconds(at - start) / milliseconds(end - start) }
    }
}

/// A line with gaps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(super) style: Style,
    /// Connected points in order of time; there is a gap between two runs, and no run is empty.
    pub(super) runs: Vec<Vec<Point>>,
}

impl Line {
    /// Creates a line from points in any order. It has a gap where a value is missing, and where two instants
    /// are more than `longest` milliseconds apart.
    pub(crate) fn new(
        style: Style,
        points: impl IntoIterator<Item = (i64, Option<f64>)>,
        longest: i64,
    ) -> Self {
        let mut points: Vec<_> = points.into_iter().collect();
        points.sort_by_key(|(at, _)| *at);
        let mut runs: Vec<Vec<Point>> = Vec::new();
        let mut previous: Option<i64> = None;
        for (at, value) in points {
            let is_connected = previous.is_some_and(|previous| at - previous <= longest);
            previous = value.map(|_| at);
            let Some(value) = value else { continue };
            match runs.last_mut() {
                Some(run) if is_connected => run.push(Point { at, value }),
                _ => runs.push(vec![Point { at, value }]),
            }
        }
        Self { style, runs }
    }

    /// All points, in order of time.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> {
        self.runs.iter().flatten().copied()
    }
}

/// A value at an instant, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) at: i64,
    pub(crate) value: f64,
}

/// The colour and the dash pattern of a line, by number. Each renderer has its own list of both and cycles
/// through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) colour: usize,
    /// 0 is a solid line.
    pub(crate) dash: usize,
}

/// The name of a line, or of all lines that share a colour or a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LegendEntry {
    pub(crate) name: Text,
    /// `None` for an entry that explains a pattern.
    pub(crate) colour: Option<usize>,
    pub(crate) dash: usize,
}

/// Horizontal bars: one for each group and series.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct BarChart {
    pub(super) series: Vec<Text>,
    pub(super) groups: Vec<Group>,
}

/// The bars of one group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: Text,
    /// One value for each series.
    pub(crate) values: Vec<Option<f64>>,
}

impl BarChart {
    /// Creates a chart in which every group has as many values as there are series.
    pub(crate) fn new(series: Vec<Text>, mut groups: Vec<Group>) -> Self {
        for group in &mut groups {
            group.values.resize(series.len(), None);
        }
        Self { series, groups }
    }

    /// The axis of values. It ends at the largest value rather than at a round number, since it has no ticks.
    pub(super) fn scale(&self) -> Scale {
        let (low, high) = range(self.groups.iter().flat_map(|group| group.values.iter().copied().flatten()));
        Scale::without_ticks(low, high)
    }
}

/// The smallest and the largest value, zero included: an axis that does not begin at zero exaggerates small
/// changes.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((0.0, 0.0), |(low, high), value| (low.min(value), high.max(value)))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years fit")]
fn milliseconds(span: i64) -> f64 {
    span as f64
}
