//! How data are written: `--output`.

mod lists;
mod series;
mod table;
mod tidy;

use std::io::{self, BufWriter, Write};

use clap::{Arg, ArgMatches};

use crate::failure::Failure;
use crate::screen;

pub(crate) use table::Grid;
pub(crate) use tidy::Cell;

const OUTPUT: &str = "output";

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Json,
    Ndjson,
    Csv,
    Table,
}

const OUTPUTS: [(&str, Output); 4] =
    [("json", Output::Json), ("ndjson", Output::Ndjson), ("csv", Output::Csv), ("table", Output::Table)];

/// An answer that can be written in every form.
pub(crate) trait Show {
    /// The API's `result`.
    fn json(&self) -> serde_json::Result<String>;

    /// The columns of the tidy form: one row for each value.
    fn header(&self) -> &'static [&'static str];

    /// The rows of the tidy form, each as long as the header.
    fn rows(&self) -> Box<dyn Iterator<Item = Vec<Cell>> + '_>;

    /// The form to read: by default the tidy one.
    fn grid(&self) -> Grid {
        Grid::new(self.header(), self.rows().map(|row| row.iter().map(Cell::text).collect()))
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
        .help("How data are written [default: table on a terminal, json otherwise]")
        .long_help(
            "How data are written: json is the API's result, csv is tidy, with a row for each value (a time series: \
             series,timestamp,value), ndjson has the same rows as JSON objects, one on each line, table is for reading [default: table on a terminal, json otherwise]",
        );
    vec![output]
}

/// What was asked for, if anything.
pub(crate) fn chosen(flags: &ArgMatches) -> Result<Option<Output>, Failure> {
    let Some(name) = flags.get_one::<String>(OUTPUT) else { return Ok(None) };
    match OUTPUTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, output)) => Ok(Some(*output)),
        None => Err(Failure::usage(format!("--output does not know `{name}`"))),
    }
}

pub(crate) fn write(answer: &impl Show, output: Output, to_terminal: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match output {
        Output::Json => {
            screen::write_json(&mut out, &answer.json().map_err(io::Error::from)?)?;
            out.write_all(b"\n")?;
        }
        Output::Ndjson => tidy::ndjson(answer, &mut out)?,
        Output::Csv => tidy::csv(answer, &mut out, to_terminal)?,
        Output::Table => out.write_all(answer.grid().text().as_bytes())?,
    }
    Ok(out.flush()?)
}
