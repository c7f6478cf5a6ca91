//! Pictures in the README, drawn from the emulator's data.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail, ensure};
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
    let (client, emulator) = (built(sh, "radar-ct")?, Emulator::start(sh, &[])?);
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
/// The columns and rows of the dots of a Braille pattern, in the order of its bits.
const DOTS: [(f64, f64); 8] =
    [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (0.0, 3.0), (1.0, 3.0)];

/// Draws a terminal, each word in its place and Braille patterns dot by dot. Fonts have these patterns of
/// any width, or none, and the crates that draw terminals leave that to the browser.
fn terminal(text: &str) -> Result<String> {
    let (mut dots, mut texts) = (BTreeMap::<&str, String>::new(), String::new());
    let (mut colour, mut weight) = ("#d4d4d4", "");
    for (row, line) in (0_u8..).zip(text.lines()) {
        let (mut left, top) = (EDGE, EDGE + f64::from(row) * CELL.1);
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
                other => bail!("the picture does not know the colour {other:?}"),
            };
            for word in piece.split_inclusive(' ') {
                let start = left;
                for letter in word.chars() {
                    // The bits of a pattern are its dots: two columns of three, then the fourth row.
                    let pattern = u32::from(letter).checked_sub(0x2800).filter(|pattern| *pattern < 256);
                    for (bit, (across, down)) in DOTS.into_iter().enumerate() {
                        if pattern.is_some_and(|pattern| pattern >> bit & 1 == 1) {
                            let (x, y) =
                                (left + (0.25 + across * 0.5) * CELL.0, top + (0.125 + down * 0.25) * CELL.1);
                            write!(dots.entry(colour).or_default(), "M{x:.1} {y:.1}h0")?;
                        }
                    }
                    left += CELL.0;
                }
                let is_pattern = |letter: char| ('\u{2800}'..='\u{28ff}').contains(&letter);
                let word = word.trim_end().replace('&', "&amp;").replace('<', "&lt;");
                for word in word.split(is_pattern).filter(|word| !word.is_empty()) {
                    // A word without patterns, or the axis before them: both begin where the piece does.
                    let y = top + 0.75 * CELL.1;
                    writeln!(
                        texts,
                        "<text x=\"{start:.1}\" y=\"{y:.1}\" fill=\"{colour}\"{weight}>{word}</text>"
                    )?;
                }
            }
        }
    }
    let rows = u8::try_from(text.lines().count())?;
    let (width, height) = (2.0 * EDGE + f64::from(COLUMNS) * CELL.0, 2.0 * EDGE + f64::from(rows) * CELL.1);
    for (colour, path) in dots {
        writeln!(
            texts,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"2.6\" stroke-linecap=\"round\"/>"
        )?;
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n<title>radar-ct on a terminal</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e1e1e\"/>\n\
         <g font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\">\n{texts}</g>\n</svg>\n"
    ))
}
