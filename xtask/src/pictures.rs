//! Pictures in the README, drawn from the emulator's data.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use crate::emulator::Emulator;
use crate::shell::built;

const TERMINAL: &str = "docs/images/chart.svg";
const TYPED: &str =
    "timeseries|--date-range|7d|--ca-owner|Let's Encrypt|--vs|--ca-owner|Google Trust Services";
const DRAWING: &str = "docs/images/groups.svg";
const DRAWN: &str =
    "timeseries-groups|ca-owner|--date-range|14d|--limit-per-group|3|--normalization|raw_values|--output|svg";
const COLUMNS: u8 = 106;

pub(crate) fn write(sh: &Shell) -> Result<()> {
    for (file, text) in draw(sh)? {
        sh.write_file(file, text)?;
    }
    Ok(())
}

pub(crate) fn check(sh: &Shell) -> Result<()> {
    for (file, text) in draw(sh)? {
        ensure!(sh.read_file(file)? == text, "{file} is out of date: run `cargo xtask docs`");
    }
    Ok(())
}

fn draw(sh: &Shell) -> Result<[(&'static str, String); 2]> {
    let (client, emulator) = (built(sh, "radar-ct-cli", "radar-ct")?, Emulator::start(sh, &[])?);
    let output = |arguments: &str| {
        let cmd =
            sh.cmd(&client).args(arguments.split('|')).quiet().env("CLOUDFLARE_BASE_URL", &emulator.url);
        let cmd =
            cmd.env("CLOUDFLARE_API_TOKEN", "any").env("COLUMNS", COLUMNS.to_string()).env("LINES", "26");
        cmd.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let quoted = |word: &str| if word.contains(' ') { format!(" \"{word}\"") } else { format!(" {word}") };
    let chart = output(&format!("{TYPED}|--output|chart|--color|always"))?;
    let screen = format!("$ radar-ct{}\n{chart}", TYPED.split('|').map(quoted).collect::<String>());
    Ok([(TERMINAL, terminal(&screen)?), (DRAWING, output(DRAWN)?)])
}

/// The width and height of a character, and the margin.
const CELL: (f64, f64) = (8.4, 18.0);
const EDGE: f64 = 14.0;

/// Draws a terminal. Fonts have Braille patterns of any width, or none, so that the dots are drawn one by one and
/// each text is stretched to its columns; the crates for this leave both to the browser.
fn terminal(text: &str) -> Result<String> {
    let (mut dots, mut texts) = (BTreeMap::<&str, String>::new(), String::new());
    let (mut colour, mut weight) = ("#d4d4d4", "");
    for (row, line) in (0_u8..).zip(text.lines()) {
        let (mut column, top) = (0_u8, EDGE + f64::from(row) * CELL.1);
        for piece in format!("\u{1b}[m{line}").split("\u{1b}[").skip(1) {
            let (code, piece) = piece.split_once('m').context("not a colour")?;
            (colour, weight) = match code {
                "" => (colour, weight),
                "0" => ("#d4d4d4", ""),
                "1" => ("#d4d4d4", " font-weight=\"bold\""),
                "2" => ("#808080", ""),
                "31" => ("#f48771", ""),
                "32" => ("#89d185", ""),
                "33" => ("#e5c07b", ""),
                "34" => ("#6cb6ff", ""),
                "35" => ("#d670d6", ""),
                "36" => ("#4ec9e0", ""),
                other => anyhow::bail!("the picture does not know the colour {other:?}"),
            };
            let is_braille = |c: char| ('\u{2800}'..='\u{28ff}').contains(&c);
            for run in piece.split_inclusive(|c: char| c == ' ' || is_braille(c)) {
                let word = run.trim_end_matches(|c| c == ' ' || is_braille(c));
                let left = |column: u8| EDGE + f64::from(column) * CELL.0;
                let width = u8::try_from(word.chars().count())?;
                if !word.is_empty() {
                    let (x, y, length) = (left(column), top + 0.75 * CELL.1, f64::from(width) * CELL.0);
                    let word = word.replace('&', "&amp;").replace('<', "&lt;");
                    writeln!(
                        texts,
                        "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{colour}\"{weight}>{word}</text>"
                    )?;
                }
                column += width;
                let Some(last) = run.chars().last().filter(|c| *c == ' ' || is_braille(*c)) else { continue };
                // The bits of a pattern are its dots: two columns of three, and the fourth row.
                let places = [
                    (0.0, 0.0),
                    (0.0, 1.0),
                    (0.0, 2.0),
                    (1.0, 0.0),
                    (1.0, 1.0),
                    (1.0, 2.0),
                    (0.0, 3.0),
                    (1.0, 3.0),
                ];
                for (bit, (across, down)) in places.into_iter().enumerate() {
                    if is_braille(last) && u32::from(last) >> bit & 1 == 1 {
                        let (x, y) = (
                            left(column) + (0.25 + across * 0.5) * CELL.0,
                            top + (0.125 + down * 0.25) * CELL.1,
                        );
                        write!(dots.entry(colour).or_default(), "M{x:.1} {y:.1}h0")?;
                    }
                }
                column += 1;
            }
        }
    }
    let rows = u8::try_from(text.lines().count())?;
    let (width, height) = (2.0 * EDGE + f64::from(COLUMNS) * CELL.0, 2.0 * EDGE + f64::from(rows) * CELL.1);
    let dots = dots.iter().fold(String::new(), |svg, (colour, path)| {
        svg + &format!(
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"2.6\" stroke-linecap=\"round\"/>\n"
        )
    });
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         role=\"img\">\n<title>radar-ct on a terminal</title>\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e1e1e\"/>\n\
         <g font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\">\n{texts}</g>\n{dots}</svg>\n"
    ))
}
