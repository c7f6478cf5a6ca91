//! Bars, lying, with their values behind them.

use super::super::Bars;
use super::super::markup::{fitted, width};
use super::super::words::Measure;
use super::canvas::{Anchor, Canvas, Ink};
use super::{EDGE, LINE, NAME, TEXT, WIDTH};

const BAR: f64 = 16.0;
const BETWEEN_SERIES: f64 = 3.0;
const BETWEEN_GROUPS: f64 = 10.0;

/// Draws below `top`, and says where it ends.
pub(super) fn draw(canvas: &mut Canvas, bars: &Bars, measure: Measure, top: f64) -> f64 {
    let mut y = top;
    if bars.series.len() > 1 {
        y = legend(canvas, bars, top) + LINE / 2.0;
    }
    let scale = bars.scale();
    let label = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| measure.text(value));
    let names =
        bars.groups.iter().map(|group| width(&fitted(&group.name, TEXT, NAME), TEXT)).fold(0.0, f64::max);
    let values = bars.groups.iter().flat_map(|group| group.values.iter().copied());
    let numbers = values.map(|value| width(&label(value), TEXT)).fold(0.0, f64::max);
    let left = EDGE + names + 10.0;
    let right = WIDTH - EDGE - numbers - 8.0;
    let place = |value: f64| left + scale.place(value) * (right - left);
    let zero = place(0.0);
    let from = y;
    for group in &bars.groups {
        let name = fitted(&group.name, TEXT, NAME);
        canvas.text((left - 10.0, y + BAR - 4.0), Anchor::End, TEXT, Ink::Strong, &name);
        for (index, value) in group.values.iter().enumerate() {
            let end = value.map_or(zero, place);
            let (start, wide) = (zero.min(end), (end - zero).abs());
            if value.is_some() {
                canvas.bar((start, y), (wide, BAR), index);
            }
            canvas.text((zero.max(end) + 6.0, y + BAR - 4.0), Anchor::Start, TEXT, Ink::Soft, &label(*value));
            y += BAR + BETWEEN_SERIES;
        }
        y += BETWEEN_GROUPS - BETWEEN_SERIES;
    }
    canvas.line((zero, from - 4.0), (zero, y - BETWEEN_GROUPS + 4.0), Ink::Soft, 0);
    y
}

fn legend(canvas: &mut Canvas, bars: &Bars, top: f64) -> f64 {
    let (mut x, mut y) = (EDGE, top);
    for (index, series) in bars.series.iter().enumerate() {
        let name = fitted(series, TEXT, NAME);
        let wide = BAR * 2.0 + 8.0 + width(&name, TEXT);
        if x > EDGE && x + wide > WIDTH - EDGE {
            (x, y) = (EDGE, y + LINE);
        }
        canvas.bar((x, y - 10.0), (BAR * 1.6, 11.0), index);
        canvas.text((x + BAR * 2.0, y), Anchor::Start, TEXT, Ink::Strong, &name);
        x += wide + 22.0;
    }
    y + LINE / 2.0
}
