//! SVG elements, with colours for light and dark backgrounds.

use std::fmt::Write;

use crate::chart::markup::escaped;

/// The width of a drawing.
pub(super) const WIDTH: f64 = 960.0;
/// The margin.
pub(super) const EDGE: f64 = 20.0;
/// The font size.
pub(super) const TEXT: f64 = 12.0;
/// The distance of two lines of text.
pub(super) const LINE: f64 = 19.0;
/// The largest width of a name.
pub(super) const NAME: f64 = 340.0;

/// The class, the colour, and the colour on a dark background of every ink.
const INKS: [(&str, &str, &str); 11] = [
    ("strong", "#1b1f24", "#e8eaed"),
    ("soft", "#57606a", "#a9b0ba"),
    ("grid", "#e3e6ea", "#2c323b"),
    ("paper", "#ffffff", "#15181e"),
    // Okabe and Ito's colours, which colour-blind readers can distinguish, without the yellow that is
    // invisible on white, and their counterparts on a dark background.
    ("c0", "#0072b2", "#3d9be9"),
    ("c1", "#d55e00", "#f0762b"),
    ("c2", "#009e73", "#1fbf92"),
    ("c3", "#cc79a7", "#d98cb8"),
    ("c4", "#e69f00", "#e69f00"),
    ("c5", "#56b4e9", "#f0e442"),
    ("c6", "#333333", "#ffffff"),
];
/// Dash patterns; the first is a solid line.
const DASHES: [&str; 7] = ["", "6 4", "2 3", "10 4 2 4", "14 5", "4 2", "16 4 2 4 2 4"];

/// A colour that changes with the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink(usize);

impl Ink {
    pub(super) const STRONG: Self = Self(0);
    pub(super) const SOFT: Self = Self(1);
    pub(super) const GRID: Self = Self(2);
    const PAPER: Self = Self(3);

    /// The ink of a line or a bar, by the number of its colour.
    pub(super) fn data(colour: usize) -> Self {
        let first = Self::PAPER.0 + 1;
        Self(first + colour % (INKS.len() - first))
    }

    /// The class and the colour.
    fn names(self) -> (&'static str, &'static str) {
        INKS.get(self.0).map_or(("", ""), |(class, light, _)| (*class, *light))
    }
}

/// The horizontal alignment of text.
pub(super) type Anchor = &'static str;
pub(super) const START: Anchor = "start";
pub(super) const MIDDLE: Anchor = "middle";
pub(super) const END: Anchor = "end";

pub(super) type Position = (f64, f64);

#[derive(Debug, Default)]
pub(super) struct Canvas(String);

impl Canvas {
    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{element}");
    }

    /// Adds text, and escapes it.
    pub(super) fn text(&mut self, (x, y): Position, anchor: Anchor, size: f64, ink: Ink, text: &str) {
        let weight = if ink == Ink::STRONG && size > 14.0 { r#" font-weight="600""# } else { "" };
        let ((class, fill), text) = (ink.names(), escaped(text));
        self.element(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-size="{size}"{weight} class="f-{class}" fill="{fill}">{text}</text>"#
        ));
    }

    pub(super) fn line(&mut self, from: Position, to: Position, ink: Ink, width: u8, dash: usize) {
        let ((class, stroke), dash) = (ink.names(), dashed(dash));
        self.element(format_args!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" class="s-{class}" stroke="{stroke}" stroke-width="{width}"{dash}/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    /// Adds a line through the points of each run.
    pub(super) fn path(&mut self, runs: &[Vec<Position>], ink: Ink, dash: usize) {
        let mut data = String::new();
        for run in runs.iter().filter(|run| run.len() > 1) {
            for (index, (x, y)) in run.iter().enumerate() {
                let _ = write!(data, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
            }
        }
        let ((class, colour), dash) = (ink.names(), dashed(dash));
        if !data.is_empty() {
            self.element(format_args!(
                r#"<path d="{data}" class="s-{class}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"{dash}/>"#
            ));
        }
        // A single point has no line, so it is drawn as a circle.
        for (x, y) in runs.iter().filter(|run| run.len() == 1).flatten() {
            self.element(format_args!(
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="2.5" class="f-{class}" fill="{colour}"/>"#
            ));
        }
    }

    /// Adds a bar: filled for the first series, fainter and outlined for the others.
    pub(super) fn bar(&mut self, (x, y): Position, (width, height): Position, series: usize) {
        let (class, colour) = Ink::data(series).names();
        let (opacity, outline) = match series {
            0 => ("1", "0"),
            1 => ("0.35", "1.5"),
            _ => ("0.1", "1.5"),
        };
        self.element(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" class="f-{class} s-{class}" fill="{colour}" fill-opacity="{opacity}" stroke="{colour}" stroke-width="{outline}"/>"#
        ));
    }

    /// Completes the document.
    pub(super) fn document(self, width: f64, height: f64, title: &str, description: &str) -> String {
        let (title, description, body) = (escaped(title), escaped(description), self.0);
        let mut dark = String::new();
        for (class, _, colour) in INKS {
            let _ = write!(dark, ".f-{class} {{ fill: {colour} }} .s-{class} {{ stroke: {colour} }} ");
        }
        let (paper, light) = Ink::PAPER.names();
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" role="img" aria-labelledby="picture-title picture-description" font-family="system-ui, Helvetica, Arial, sans-serif">
<title id="picture-title">{title}</title>
<desc id="picture-description">{description}</desc>
<style>@media (prefers-color-scheme: dark) {{ {dark}}}</style>
<rect width="100%" height="100%" class="f-{paper}" fill="{light}"/>
{body}</svg>
"#
        )
    }
}

fn dashed(dash: usize) -> String {
    match DASHES.get(dash % DASHES.len()) {
        None | Some(&"") => String::new(),
        Some(dash) => format!(r#" stroke-dasharray="{dash}""#),
    }
}
