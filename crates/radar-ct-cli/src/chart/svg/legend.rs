//! The legend: samples with their names, in as many rows as they take.

use super::canvas::{Canvas, EDGE, Ink, LINE, NAME, Position, START, TEXT, WIDTH};
use crate::chart::markup::{fitted, width};

/// The space behind an entry.
const GAP: f64 = 22.0;

/// Draws entries below `top` and returns the top of what follows. A name begins at `name_at` from its sample,
/// and an entry takes `room` and the width of its name.
pub(super) fn draw<'n, E>(
    canvas: &mut Canvas,
    top: f64,
    entries: impl Iterator<Item = (&'n str, E)>,
    (name_at, room): (f64, f64),
    draw_sample: impl Fn(&mut Canvas, E, Position),
) -> f64 {
    let (mut x, mut y) = (EDGE, top);
    for (name, entry) in entries {
        let name = fitted(name, TEXT, NAME);
        let wide = room + width(&name, TEXT);
        if x > EDGE && x + wide > WIDTH - EDGE {
            (x, y) = (EDGE, y + LINE);
        }
        draw_sample(canvas, entry, (x, y));
        canvas.text((x + name_at, y), START, TEXT, Ink::STRONG, &name);
        x += wide + GAP;
    }
    y + LINE
}
