//! The legend: samples with their names, in as many rows as they take.

use super::canvas::{Anchor, Canvas, Ink, Position};
use super::layout::{EDGE, LINE, NAME, TEXT, WIDTH};
use crate::chart::markup::{fitted, width};

/// The space behind an entry.
const GAP: f64 = 22.0;

/// The space for a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// From the sample to its name.
    pub(super) name: f64,
    /// The share of the sample in the width of an entry.
    pub(super) width: f64,
}

/// Draws the entries below `top` and returns the top of what follows.
pub(super) fn draw<'n>(
    canvas: &mut Canvas,
    top: f64,
    sample: Sample,
    names: impl Iterator<Item = &'n str>,
    draw_sample: impl Fn(&mut Canvas, usize, Position),
) -> f64 {
    let (mut x, mut y) = (EDGE, top);
    for (index, name) in names.enumerate() {
        let name = fitted(name, TEXT, NAME);
        let wide = sample.width + width(&name, TEXT);
        if x > EDGE && x + wide > WIDTH - EDGE {
            (x, y) = (EDGE, y + LINE);
        }
        draw_sample(canvas, index, (x, y));
        canvas.text((x + sample.name, y), Anchor::Start, TEXT, Ink::Strong, &name);
        x += wide + GAP;
    }
    y + LINE
}
