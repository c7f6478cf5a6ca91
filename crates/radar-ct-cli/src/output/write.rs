//! Writing an answer to stdout.

use std::io::{self, BufWriter, Write};

use super::format::{OutputFormat, PictureFormat};
use super::picture::LICENCE;
use super::render::Render;
use super::table::{Table, is_number};
use crate::chart;
use crate::exit::Failure;
use crate::terminal;
use crate::theme::Theme;

/// Writes an answer to stdout. `request` completes the title of a chart.
pub(crate) fn write(
    answer: &impl Render,
    format: OutputFormat,
    theme: Theme,
    request: &str,
) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        OutputFormat::Json => {
            terminal::write_json(&mut out, &answer.json().map_err(io::Error::from)?)?;
            out.write_all(b"\n")?;
        }
        OutputFormat::Rows(format) => answer.write_rows(format, &mut out, theme.to_terminal)?,
        OutputFormat::Table => out.write_all(answer.table().text().as_bytes())?,
        OutputFormat::Picture(format) => out.write_all(drawn(answer, format, theme, request)?.as_bytes())?,
    }
    Ok(out.flush()?)
}

fn drawn(
    answer: &impl Render,
    format: PictureFormat,
    theme: Theme,
    request: &str,
) -> Result<String, Failure> {
    // Commands for records refuse these formats.
    let picture = answer.picture(request).ok_or_else(|| Failure::usage("only series can be drawn"))?;
    Ok(match format {
        PictureFormat::Text => chart::text(&picture, theme.screen()),
        PictureFormat::Svg => chart::document(&picture),
        PictureFormat::Html => {
            let Table { header, rows } = answer.table();
            chart::page(&picture, &header, rows, is_number, LICENCE)
        }
    })
}
