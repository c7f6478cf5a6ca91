//! SVG elements, with colours for light and dark backgrounds.

use std::fmt::Write;

use crate::chart::markup::escaped;

/// Okabe and Ito's colours, which colour-blind readers can distinguish, without the yellow that is invisible on white; and
/// their counterparts on a dark background.
const COLOURS: [(&str, &str); 7] = [
    ("#0072b2", "#3d9be9"),
    ("#d55e00", "#f0762b"),
    ("#009e73", "#1fbf92"),
    ("#cc79a7", "#d98cb8"),
    ("#e69f00", "#e69f00"),
    ("#56b4e9", "#f0e442"),
    ("#333333", "#ffffff"),
];
/// Dash patterns; the first is a solid line.
const DASHES: [&str; 7] = ["", "6 4", "2 3", "10 4 2 4", "14 5", "4 2", "16 4 2 4 2 4"];

/// A colour, with a class that replaces it on a dark background.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ink {
    Strong,
    Soft,
    Grid,
    /// The colour of a line that only shows a pattern.
    Plain,
    Line(usize),
}

const STRONG: (&str, &str) = ("#1b1f24", "#e8eaed");
const SOFT: (&str, &str) = ("#57606a", "#a9b0ba");
const GRID: (&str, &str) = ("#e3e6ea", "#2c323b");
const PAPER: (&str, &str) = ("#ffffff", "#15181e");

impl Ink {
    fn class(self) -> String {
        match self {
            Self::Strong | Self::Plain => "strong".to_owned(),
            Self::Soft => "soft".to_owned(),
            Self::Grid => "grid".to_owned(),
            Self::Line(index) => format!("c{}", index % COLOURS.len()),
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Strong | Self::Plain => STRONG.0,
            Self::Soft => SOFT.0,
            Self::Grid => GRID.0,
            Self::Line(index) => COLOURS.get(index % COLOURS.len()).map_or(STRONG.0, |colour| colour.0),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

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
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if matches!(ink, Ink::Strong) && size > 14.0 { r#" font-weight="600""# } else { "" };
        let (class, fill, text) = (ink.class(), ink.colour(), escaped(text));
        self.element(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-size="{size}"{weight} class="f-{class}" fill="{fill}">{text}</text>"#
        ));
    }

    pub(super) fn line(&mut self, from: Position, to: Position, ink: Ink, dash: usize) {
        let is_data = matches!(ink, Ink::Line(_) | Ink::Plain);
        let (class, stroke, dash, width) =
            (ink.class(), ink.colour(), dashed(dash), if is_data { 2 } else { 1 });
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
        let (class, colour, dash) = (ink.class(), ink.colour(), dashed(dash));
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
        let ink = Ink::Line(series);
        let (class, colour) = (ink.class(), ink.colour());
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
        let (light, body, dark) = (PAPER.0, self.0, dark());
        let (title, description) = (escaped(title), escaped(description));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" role="img" aria-labelledby="picture-title picture-description" font-family="system-ui, Helvetica, Arial, sans-serif">
<title id="picture-title">{title}</title>
<desc id="picture-description">{description}</desc>
<style>@media (prefers-color-scheme: dark) {{ {dark}}}</style>
<rect width="100%" height="100%" class="f-paper" fill="{light}"/>
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

/// The style rules for a dark background.
fn dark() -> String {
    let named = [("strong", STRONG), ("soft", SOFT), ("grid", GRID), ("paper", PAPER)];
    let named = named.map(|(class, (_, dark))| (class.to_owned(), dark));
    let lines = COLOURS.iter().enumerate().map(|(index, (_, dark))| (format!("c{index}"), *dark));
    let mut rules = String::new();
    for (class, dark) in named.into_iter().chain(lines) {
        let _ = write!(rules, ".f-{class} {{ fill: {dark} }} .s-{class} {{ stroke: {dark} }} ");
    }
    rules
}
