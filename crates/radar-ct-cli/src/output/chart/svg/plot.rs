//! Lines over an axis of time.

use super::super::markup::{fitted, width};
use super::super::scale::Scale;
use super::super::words::Measure;
use super::super::{Graph, Point, time};
use super::canvas::{Anchor, Canvas, Ink, Position};
use super::thin::thinned;
use super::{EDGE, LINE, NAME, TEXT, WIDTH};

const HEIGHT: f64 = 340.0;
/// A sample of a line in the legend, and the space behind an entry.
const SAMPLE: f64 = 30.0;
const BETWEEN: f64 = 22.0;
/// From one label of time to the next, at least.
const APART: f64 = 82.0;

/// Draws below `top`, and says where it ends.
pub(super) fn draw(canvas: &mut Canvas, lines: &Graph, measure: Measure, top: f64) -> f64 {
    let mut top = top;
    if lines.lines.len() > 1 {
        top = legend(canvas, lines, top) + LINE / 2.0;
    }
    let Some(span) = lines.span else { return top };
    let scale = lines.scale(6);
    let label = |tick: &f64| format!("{}{}", scale.text(*tick), measure.suffix());
    let widest = scale.ticks.iter().map(|tick| width(&label(tick), TEXT)).fold(width("UTC", TEXT), f64::max);
    let frame = Frame { left: EDGE + widest + 10.0, right: WIDTH - EDGE - 12.0, top, bottom: top + HEIGHT };
    let end = times(canvas, lines, span, &frame);
    for tick in &scale.ticks {
        let y = frame.y(&scale, *tick);
        let ink = if *tick == 0.0 { Ink::Soft } else { Ink::Grid };
        canvas.line((frame.left, y), (frame.right, y), ink, 0);
        canvas.text((frame.left - 10.0, y + 4.0), Anchor::End, TEXT, Ink::Soft, &label(tick));
    }
    for line in lines.lines.iter().rev() {
        let place = |point: &Point| (frame.x(lines, point.at), frame.y(&scale, point.value));
        let runs: Vec<Vec<Position>> =
            line.runs.iter().map(|run| thinned(run.iter().map(place).collect())).collect();
        canvas.path(&runs, Ink::Line(line.style.colour), line.style.dash);
    }
    end
}

struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn x(&self, lines: &Graph, at: i64) -> f64 {
        self.left + lines.place(at) * (self.right - self.left)
    }

    fn y(&self, scale: &Scale, value: f64) -> f64 {
        self.bottom - scale.place(value) * (self.bottom - self.top)
    }
}

fn times(canvas: &mut Canvas, lines: &Graph, (start, end): (i64, i64), frame: &Frame) -> f64 {
    let base = frame.bottom + LINE;
    canvas.text((frame.left - 10.0, base), Anchor::End, TEXT, Ink::Soft, "UTC");
    let most = super::super::scale::whole((frame.right - frame.left) / APART, 50);
    let mut free = frame.left - 10.0;
    for tick in time::ticks(start, end, most) {
        let x = frame.x(lines, tick.at);
        canvas.line((x, frame.top), (x, frame.bottom), Ink::Grid, 0);
        canvas.line((x, frame.bottom), (x, frame.bottom + 5.0), Ink::Soft, 0);
        let half = width(&tick.text, TEXT) / 2.0;
        let middle = x.clamp(frame.left + 2.0 + half, WIDTH - EDGE / 2.0 - half);
        if middle - half < free {
            continue;
        }
        canvas.text((middle, base), Anchor::Middle, TEXT, Ink::Soft, &tick.text);
        free = middle + half + 8.0;
    }
    base
}

/// A sample and a name for each entry, in as many rows as that takes; where it ends.
fn legend(canvas: &mut Canvas, lines: &Graph, top: f64) -> f64 {
    let (mut x, mut y) = (EDGE, top);
    for entry in &lines.legend {
        let name = fitted(&entry.name, TEXT, NAME);
        let wide = SAMPLE + 8.0 + width(&name, TEXT);
        if x > EDGE && x + wide > WIDTH - EDGE {
            (x, y) = (EDGE, y + LINE);
        }
        let ink = entry.colour.map_or(Ink::Plain, Ink::Line);
        canvas.line((x, y - 4.0), (x + SAMPLE, y - 4.0), ink, entry.dash);
        canvas.text((x + SAMPLE + 8.0, y), Anchor::Start, TEXT, Ink::Strong, &name);
        x += wide + BETWEEN;
    }
    y + LINE / 2.0
}
