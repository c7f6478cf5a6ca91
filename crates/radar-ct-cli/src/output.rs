//! How data are written: `--output`.

mod columns;
mod lists;
mod look;
mod picture;
mod series;
mod summary;
mod table;
mod tidy;
mod windows;

use std::io::{self, BufWriter, Write};

use clap::{Arg, ArgMatches};

use crate::chart::{self, Picture};
use crate::failure::Failure;
use crate::screen;

pub(crate) use look::Look;
pub(crate) use table::Grid;
pub(crate) use tidy::{Appender, Cell, Tidy};

const OUTPUT: &str = "output";

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Json,
    Ndjson,
    Csv,
    Table,
    Chart,
    Svg,
    Html,
}

const OUTPUTS: [(&str, Output); 7] = [
    ("json", Output::Json),
    ("ndjson", Output::Ndjson),
    ("csv", Output::Csv),
    ("table", Output::Table),
    ("chart", Output::Chart),
    ("svg", Output::Svg),
    ("html", Output::Html),
];

impl Output {
    /// Whether it is a picture, which lists have none of.
    fn is_drawn(self) -> bool {
        matches!(self, Self::Chart | Self::Svg | Self::Html)
    }

    /// What is written where nothing is asked for: on a terminal something to look at, elsewhere what programs read.
    pub(crate) fn of_default<A: Show>(to_terminal: bool) -> Self {
        match to_terminal {
            true if A::IS_DRAWN => Self::Chart,
            true => Self::Table,
            false => Self::Json,
        }
    }
}

/// An answer that can be written in every form.
pub(crate) trait Show {
    /// Whether there is a [`picture`](Self::picture).
    const IS_DRAWN: bool = false;

    /// The API's `result`.
    fn json(&self) -> serde_json::Result<String>;

    /// The columns of the tidy form: one row for each value.
    fn header(&self) -> &'static [&'static str];

    /// The rows of the tidy form, each as long as the header.
    fn rows(&self) -> Box<dyn Iterator<Item = Vec<Cell>> + '_>;

    /// Whether values have fractions, or could have: then all of them are written so, lest a reader of many rows, or of many
    /// files, take them for whole by the first.
    fn has_fractions(&self) -> bool {
        false
    }

    /// The form to read: by default the tidy one.
    fn grid(&self) -> Grid<'_> {
        Grid::new(self.header(), self.rows().map(|row| row.iter().map(Cell::text).collect()))
    }

    /// The form to look at; `request` is what its title says of the request.
    fn picture(&self, _request: &str) -> Option<Picture> {
        None
    }
}

pub(crate) fn flags() -> Vec<Arg> {
    let output = Arg::new(OUTPUT)
        .long(OUTPUT)
        .short('o')
        .value_name(OUTPUTS.map(|(name, _)| name).join("|"))
        .value_parser(OUTPUTS.map(|(name, _)| name))
        .hide_possible_values(true)
        .ignore_case(true)
        .help_heading("Output")
        .help("How data are written [default: chart on a terminal, or table for lists; json otherwise]")
        .long_help(
            "How data are written: json is the API's result as far as this version knows it, csv is tidy, with a row for \
             each value (a time series: series,timestamp,value), ndjson has the same rows as JSON objects, one on each \
             line, table is for reading. Of series there are pictures too: chart is drawn with characters, as large as the \
             terminal (or COLUMNS and LINES), svg is a drawing, and html is a page with the drawing and the data. \
             [default: chart on a terminal, or table for lists; json otherwise]",
        );
    vec![output, look::flag()]
}

/// What was asked for, if anything; refused where such an answer has no such form.
pub(crate) fn chosen<A: Show>(flags: &ArgMatches) -> Result<Option<Output>, Failure> {
    let Some(name) = flags.get_one::<String>(OUTPUT) else { return Ok(None) };
    match OUTPUTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((name, output)) if output.is_drawn() && !A::IS_DRAWN => {
            let others = OUTPUTS.iter().filter(|(_, output)| !output.is_drawn());
            let others: Vec<&str> = others.map(|(name, _)| *name).collect();
            Err(Failure::usage(format!(
                "--output {name}: a list has nothing to draw; it can be written as {}",
                others.join(", ")
            )))
        }
        Some((_, output)) => Ok(Some(*output)),
        None => Err(Failure::usage(format!("--output does not know `{name}`"))),
    }
}

/// Writes an answer; `asked` is what a picture's title says of the request.
pub(crate) fn write(answer: &impl Show, output: Output, look: Look, asked: &str) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match output {
        Output::Json => {
            screen::write_json(&mut out, &answer.json().map_err(io::Error::from)?)?;
            out.write_all(b"\n")?;
        }
        Output::Ndjson => tidy::ndjson(answer, &mut out)?,
        Output::Csv => tidy::csv(answer, &mut out, look.to_terminal)?,
        Output::Table => out.write_all(answer.grid().text().as_bytes())?,
        Output::Chart | Output::Svg | Output::Html => {
            out.write_all(drawn(answer, output, look, asked)?.as_bytes())?;
        }
    }
    Ok(out.flush()?)
}

fn drawn(answer: &impl Show, output: Output, look: Look, asked: &str) -> Result<String, Failure> {
    // Cannot be: of what is not drawn no picture is chosen.
    let picture = answer.picture(asked).ok_or_else(|| Failure::usage("there is nothing to draw"))?;
    Ok(match output {
        Output::Svg => chart::document(&picture),
        Output::Html => {
            let Grid { header, rows } = answer.grid();
            chart::page(&picture, &header, rows, Grid::is_number, picture::LICENCE)
        }
        _ => chart::text(&picture, look.screen()),
    })
}
