//! A terminal's screen as a picture.
//!
//! The fonts of browsers have Braille patterns of any width, or none; so each dot is drawn, and each text is held to its
//! columns. A library that hands the text to the browser was tried and put the lines of the chart beside its axes.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A cell, in the picture's units.
const CELL: (f64, f64) = (8.4, 18.0);
const EDGE: f64 = 14.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    colour: &'static str,
    is_bold: bool,
}

const PLAIN: Look = Look { colour: "#d4d4d4", is_bold: false };

/// What a terminal makes of the codes that the program writes.
fn look(code: &str) -> Result<Look, String> {
    let colour = |colour| Look { colour, is_bold: false };
    Ok(match code {
        "0" => PLAIN,
        "1" => Look { is_bold: true, ..PLAIN },
        "2" => colour("#808080"),
        "31" => colour("#f48771"),
        "32" => colour("#89d185"),
        "33" => colour("#e5c07b"),
        "34" => colour("#6cb6ff"),
        "35" => colour("#d670d6"),
        "36" => colour("#4ec9e0"),
        other => return Err(format!("the program writes a code that its picture does not know: {other:?}")),
    })
}

/// The screen with this text on it.
pub(super) fn drawn(text: &str, columns: u32) -> Result<String, String> {
    let (mut dots, mut texts) = (BTreeMap::<Look, String>::new(), String::new());
    let mut look_now = PLAIN;
    let rows = text.lines().count();
    for (row, line) in text.lines().enumerate() {
        let mut column = 0;
        let mut run = Run::default();
        let mut pieces = line.split('\u{1b}');
        let first = pieces.next().unwrap_or_default();
        let coded = pieces.map(|piece| {
            let (code, text) =
                piece.strip_prefix('[').and_then(|piece| piece.split_once('m')).ok_or(piece)?;
            Ok::<_, &str>((Some(code), text))
        });
        for piece in std::iter::once(Ok((None, first))).chain(coded) {
            let (code, text) = piece.map_err(|piece| format!("no code of a colour: {piece:?}"))?;
            if let Some(code) = code {
                run.end(&mut texts, look_now, row);
                look_now = look(code)?;
            }
            for character in text.chars() {
                match braille(character) {
                    Some(pattern) => {
                        run.end(&mut texts, look_now, row);
                        draw(dots.entry(look_now).or_default(), pattern, column, row);
                    }
                    None if character == ' ' => run.end(&mut texts, look_now, row),
                    None => run.push(character, column),
                }
                column += 1;
            }
        }
        run.end(&mut texts, look_now, row);
    }
    let (width, height) = (2.0 * EDGE + f64::from(columns) * CELL.0, 2.0 * EDGE + float(rows) * CELL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         role=\"img\">\n<title>radar-ct on a terminal</title>\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e1e1e\"/>\n\
         <g font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\">\n{texts}</g>\n"
    );
    for (look, path) in dots {
        // Writing to a string does not fail.
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{}\" stroke-width=\"2.6\" stroke-linecap=\"round\"/>",
            look.colour
        );
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Characters side by side that look alike.
#[derive(Default)]
struct Run {
    column: usize,
    text: String,
}

impl Run {
    fn push(&mut self, character: char, column: usize) {
        if self.text.is_empty() {
            self.column = column;
        }
        self.text.push(character);
    }

    fn end(&mut self, out: &mut String, look: Look, row: usize) {
        if self.text.is_empty() {
            return;
        }
        let (x, y) = (EDGE + float(self.column) * CELL.0, EDGE + (float(row) + 0.75) * CELL.1);
        let length = float(self.text.chars().count()) * CELL.0;
        let weight = if look.is_bold { " font-weight=\"bold\"" } else { "" };
        let text = self.text.replace('&', "&amp;").replace('<', "&lt;");
        let colour = look.colour;
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{colour}\"{weight}>{text}</text>"
        );
        self.text.clear();
    }
}

/// The dots of a Braille pattern, a bit each.
fn braille(character: char) -> Option<u32> {
    u32::from(character).checked_sub(0x2800).filter(|pattern| *pattern < 0x100)
}

fn draw(path: &mut String, pattern: u32, column: usize, row: usize) {
    /// Where the dots are, by their bits: columns of two, rows of four.
    const PLACES: [(f64, f64); 8] =
        [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (0.0, 3.0), (1.0, 3.0)];
    for (bit, (across, down)) in PLACES.iter().enumerate() {
        if pattern >> bit & 1 == 1 {
            let x = EDGE + (float(column) + 0.25 + across * 0.5) * CELL.0;
            let y = EDGE + (float(row) + 0.125 + down * 0.25) * CELL.1;
            let _ = write!(path, "M{x:.1} {y:.1}h0");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
fn float(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_drawn_where_they_are_and_text_keeps_to_its_columns() {
        let svg = drawn("\u{1b}[36m\u{2801}\u{2880}\u{1b}[0m a<b", 8).unwrap();
        assert!(svg.contains("d=\"M16.1 16.2h0M28.7 29.8h0\" stroke=\"#4ec9e0\""), "{svg}");
        assert!(svg.contains("x=\"39.2\" y=\"27.5\" textLength=\"25.2\""), "{svg}");
        assert!(svg.contains(">a&lt;b</text>"), "{svg}");
        assert!(drawn("\u{1b}[95mx", 8).is_err() && drawn("\u{1b}]0;x", 8).is_err());
    }
}
