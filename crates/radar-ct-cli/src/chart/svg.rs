//! Pictures as SVG, complete without scripts, fonts or other files.

mod bars;
mod canvas;
mod legend;
mod plot;
mod thin;

use canvas::{Canvas, EDGE, Ink, LINE, START, TEXT, WIDTH};

use super::markup::fitted;
use super::picture::{Body, Picture};

/// The font size of the title.
const TITLE: f64 = 17.0;
/// The width of a line of text.
const ROOM: f64 = WIDTH - 2.0 * EDGE;
/// The part of a line that bold text may take by the estimate for normal text.
const BOLD: f64 = 0.9;

/// Draws a picture as a document of its own, with its title, summary and notes.
pub(crate) fn document(picture: &Picture) -> String {
    let mut canvas = Canvas::default();
    let mut y = EDGE + TITLE;
    let title = fitted(&picture.title, TITLE, BOLD * ROOM);
    canvas.text((EDGE, y), START, TITLE, Ink::STRONG, &title);
    y += LINE + 3.0;
    canvas.text((EDGE, y), START, TEXT, Ink::SOFT, &fitted(&picture.summary, TEXT, ROOM));
    for note in &picture.notes {
        y += LINE;
        canvas.text((EDGE, y), START, TEXT, Ink::STRONG, &fitted(note, TEXT, ROOM));
    }
    finish(canvas, picture, y + LINE)
}

/// Draws the chart alone, for a page that has the rest as text.
pub(super) fn figure(picture: &Picture) -> String {
    finish(Canvas::default(), picture, EDGE)
}

fn finish(mut canvas: Canvas, picture: &Picture, top: f64) -> String {
    let bottom = match &picture.body {
        Body::Lines(chart) => plot::draw(&mut canvas, chart, picture.measure, top),
        Body::Bars(chart) => bars::draw(&mut canvas, chart, picture.measure, top),
    };
    canvas.document(WIDTH, bottom + EDGE, &picture.title, &description(picture))
}

/// The picture in words, for screen readers.
fn description(picture: &Picture) -> String {
    let (kind, names): (_, Vec<&str>) = match &picture.body {
        Body::Lines(chart) => ("Lines", chart.legend.iter().map(|entry| &*entry.name).collect()),
        Body::Bars(chart) => ("Bars", chart.groups.iter().map(|group| &*group.name).collect()),
    };
    let mut parts = vec![picture.summary.to_string()];
    parts.extend(picture.notes.iter().map(|note| note.to_string()));
    if names.len() > 1 {
        parts.push(format!("{kind}: {}", names.join("; ")));
    }
    parts.join(". ")
}
