//! Horizontal bars with their values.

use super::canvas::{Canvas, EDGE, END, Ink, NAME, START, TEXT, WIDTH};
use super::legend;
use crate::chart::markup::{fitted, width};
use crate::chart::picture::{BarChart, Measure};

const BAR: f64 = 16.0;
const BETWEEN_SERIES: f64 = 3.0;
const BETWEEN_GROUPS: f64 = 10.0;

/// Draws the chart below `top` and returns its bottom.
pub(super) fn draw(canvas: &mut Canvas, chart: &BarChart, measure: Measure, top: f64) -> f64 {
    let top = if chart.series.len() > 1 { legend(canvas, chart, top) } else { top };
    let mut y = top;
    let scale = chart.scale();
    let label = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| measure.text(value));
    let names =
        chart.groups.iter().map(|group| width(&fitted(&group.name, TEXT, NAME), TEXT)).fold(0.0, f64::max);
    let values = chart.groups.iter().flat_map(|group| group.values.iter().copied());
    let numbers = values.map(|value| width(&label(value), TEXT)).fold(0.0, f64::max);
    let left = EDGE + names + 10.0;
    let right = WIDTH - EDGE - numbers - 8.0;
    let position = |value: f64| left + scale.position(value) * (right - left);
    let zero = position(0.0);
    for group in &chart.groups {
        let name = fitted(&group.name, TEXT, NAME);
        canvas.text((left - 10.0, y + BAR - 4.0), END, TEXT, Ink::STRONG, &name);
        for (index, value) in group.values.iter().enumerate() {
            let end = value.map_or(zero, position);
            if value.is_some() {
                canvas.bar((zero.min(end), y), ((end - zero).abs(), BAR), index);
            }
            canvas.text((zero.max(end) + 6.0, y + BAR - 4.0), START, TEXT, Ink::SOFT, &label(*value));
            y += BAR + BETWEEN_SERIES;
        }
        y += BETWEEN_GROUPS - BETWEEN_SERIES;
    }
    canvas.line((zero, top - 4.0), (zero, y - BETWEEN_GROUPS + 4.0), Ink::SOFT, 1, 0);
    y
}

fn legend(canvas: &mut Canvas, chart: &BarChart, top: f64) -> f64 {
    let entries = chart.series.iter().enumerate().map(|(index, name)| (&**name, index));
    legend::draw(canvas, top, entries, (BAR * 2.0, BAR * 2.0 + 8.0), |canvas, index, (x, y)| {
        canvas.bar((x, y - 10.0), (BAR * 1.6, 11.0), index);
    })
}
