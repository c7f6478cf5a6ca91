//! Lines over an axis of time.

use super::canvas::{Canvas, EDGE, END, Ink, LINE, MIDDLE, Position, TEXT, WIDTH};
use super::legend;
use super::thin::thinned;
use crate::chart::markup::width;
use crate::chart::picture::{LineChart, Measure, Point};
use crate::chart::scale::{Scale, whole};
use crate::chart::time;

const HEIGHT: f64 = 340.0;
/// The length of a line's sample in the legend.
const SAMPLE: f64 = 30.0;
/// The smallest distance of labels on the axis of time.
const APART: f64 = 82.0;

/// Draws the chart below `top` and returns its bottom.
pub(super) fn draw(canvas: &mut Canvas, chart: &LineChart, measure: Measure, top: f64) -> f64 {
    let top = if chart.lines.len() > 1 { legend(canvas, chart, top) } else { top };
    let Some(span) = chart.span() else { return top };
    let scale = chart.scale(6);
    let label = |tick: &f64| format!("{}{}", scale.label(*tick), measure.suffix());
    let widest = scale.ticks.iter().map(|tick| width(&label(tick), TEXT)).fold(width("UTC", TEXT), f64::max);
    let frame = Frame { left: EDGE + widest + 10.0, right: WIDTH - EDGE - 12.0, top, bottom: top + HEIGHT };
    let bottom = times(canvas, chart, span, &frame);
    for tick in &scale.ticks {
        let y = frame.y(&scale, *tick);
        let ink = if *tick == 0.0 { Ink::SOFT } else { Ink::GRID };
        canvas.line((frame.left, y), (frame.right, y), ink, 1, 0);
        canvas.text((frame.left - 10.0, y + 4.0), END, TEXT, Ink::SOFT, &label(tick));
    }
    for line in chart.lines.iter().rev() {
        let position = |point: &Point| (frame.x(chart, point.at), frame.y(&scale, point.value));
        let runs: Vec<Vec<Position>> =
            line.runs.iter().map(|run| thinned(run.iter().map(position).collect())).collect();
        canvas.path(&runs, Ink::data(line.style.colour), line.style.dash);
    }
    bottom
}

/// The rectangle of the plot.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn x(&self, chart: &LineChart, at: i64) -> f64 {
        self.left + chart.position(at) * (self.right - self.left)
    }

    fn y(&self, scale: &Scale, value: f64) -> f64 {
        self.bottom - scale.position(value) * (self.bottom - self.top)
    }
}

/// Draws the axis of time and returns its bottom.
fn times(canvas: &mut Canvas, chart: &LineChart, (start, end): (i64, i64), frame: &Frame) -> f64 {
    let base = frame.bottom + LINE;
    canvas.text((frame.left - 10.0, base), END, TEXT, Ink::SOFT, "UTC");
    let most = whole((frame.right - frame.left) / APART, 50);
    let mut free = frame.left - 10.0;
    for tick in time::ticks(start, end, most) {
        let x = frame.x(chart, tick.at);
        canvas.line((x, frame.top), (x, frame.bottom), Ink::GRID, 1, 0);
        canvas.line((x, frame.bottom), (x, frame.bottom + 5.0), Ink::SOFT, 1, 0);
        let half = width(&tick.label, TEXT) / 2.0;
        let middle = x.clamp(frame.left + 2.0 + half, WIDTH - EDGE / 2.0 - half);
        if middle - half < free {
            continue;
        }
        canvas.text((middle, base), MIDDLE, TEXT, Ink::SOFT, &tick.label);
        free = middle + half + 8.0;
    }
    base
}

fn legend(canvas: &mut Canvas, chart: &LineChart, top: f64) -> f64 {
    let entries = chart.legend.iter().map(|entry| (&*entry.name, entry));
    legend::draw(canvas, top, entries, (SAMPLE + 8.0, SAMPLE + 8.0), |canvas, entry, (x, y)| {
        let ink = entry.colour.map_or(Ink::STRONG, Ink::data);
        canvas.line((x, y - 4.0), (x + SAMPLE, y - 4.0), ink, 2, entry.dash);
    })
}
