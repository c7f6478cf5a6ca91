//! A picture as SVG, complete in itself: no scripts, no fonts and nothing else from elsewhere.

mod bars;
mod canvas;
mod plot;
mod thin;

use canvas::{Anchor, Canvas, Ink};

use super::markup::{escaped, fitted};
use super::{Body, Picture};

/// As wide as all pictures are.
const WIDTH: f64 = 960.0;
/// Around everything.
const EDGE: f64 = 20.0;
const TITLE: f64 = 17.0;
const TEXT: f64 = 12.0;
/// From one line of text to the next.
const LINE: f64 = 19.0;
/// For a line of text.
const ROOM: f64 = WIDTH - 2.0 * EDGE;
/// What is bold is wider.
const BOLD: f64 = 0.9;
/// The widest that a name is; a reader of the source and a screen reader have all of it.
const NAME: f64 = 340.0;

/// The drawing as a document of its own.
pub(in crate::output) fn drawing(picture: &Picture) -> String {
    let mut canvas = Canvas::default();
    let mut y = EDGE + TITLE;
    canvas.text(
        (EDGE, y),
        Anchor::Start,
        TITLE,
        Ink::Strong,
        &fitted(&picture.title.to_string(), TITLE, BOLD * ROOM),
    );
    y += LINE + 3.0;
    canvas.text((EDGE, y), Anchor::Start, TEXT, Ink::Soft, &fitted(&picture.summary, TEXT, ROOM));
    for note in &picture.notes {
        y += LINE;
        canvas.text((EDGE, y), Anchor::Start, TEXT, Ink::Strong, &fitted(note, TEXT, ROOM));
    }
    finished(canvas, picture, y + LINE)
}

/// The drawing within a page that has its title and its summary already.
pub(super) fn figure(picture: &Picture) -> String {
    finished(Canvas::default(), picture, EDGE)
}

fn finished(mut canvas: Canvas, picture: &Picture, top: f64) -> String {
    let bottom = match &picture.body {
        Body::Graph(lines) => plot::draw(&mut canvas, lines, picture.measure, top),
        Body::Bars(bars) => bars::draw(&mut canvas, bars, picture.measure, top),
    };
    canvas.document(
        WIDTH,
        bottom + EDGE,
        &escaped(&picture.title.to_string()),
        &escaped(&description(picture)),
    )
}

/// The picture in words.
fn description(picture: &Picture) -> String {
    let names: Vec<&str> = match &picture.body {
        Body::Graph(lines) => lines.legend.iter().map(|entry| entry.name.as_str()).collect(),
        Body::Bars(bars) => bars.groups.iter().map(|group| group.name.as_str()).collect(),
    };
    let mut parts = vec![picture.summary.clone()];
    parts.extend(picture.notes.iter().cloned());
    if names.len() > 1 {
        let what = match picture.body {
            Body::Graph(_) => "Lines",
            Body::Bars(_) => "Bars",
        };
        parts.push(format!("{what}: {}", names.join("; ")));
    }
    parts.join(". ")
}
