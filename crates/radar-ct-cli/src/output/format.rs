//! `--output`, and the formats that it selects.

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgMatches, ValueEnum};

use crate::exit::Failure;

const OUTPUT: &str = "output";

/// A format of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    Json,
    Rows(RowFormat),
    Table,
    /// Refused for records.
    Picture(PictureFormat),
}

/// A format with one row for each value or record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFormat {
    Ndjson,
    Csv,
}

/// A format of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureFormat {
    Text,
    Svg,
    Html,
}

impl OutputFormat {
    const ALL: [Self; 7] = [
        Self::Json,
        Self::Rows(RowFormat::Ndjson),
        Self::Rows(RowFormat::Csv),
        Self::Table,
        Self::Picture(PictureFormat::Text),
        Self::Picture(PictureFormat::Svg),
        Self::Picture(PictureFormat::Html),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Rows(format) => format.name(),
            Self::Table => "table",
            Self::Picture(PictureFormat::Text) => "chart",
            Self::Picture(PictureFormat::Svg) => "svg",
            Self::Picture(PictureFormat::Html) => "html",
        }
    }

    /// Returns the format that is given, or the default for an answer with series: a chart for a terminal.
    pub(crate) fn for_series(flags: &ArgMatches, to_terminal: bool) -> Self {
        let default = if to_terminal { Self::Picture(PictureFormat::Text) } else { Self::Json };
        Self::given(flags).unwrap_or(default)
    }

    /// Returns the format that is given, or the default for records: a table for a terminal.
    pub(crate) fn for_records(flags: &ArgMatches, to_terminal: bool) -> Result<Self, Failure> {
        let default = if to_terminal { Self::Table } else { Self::Json };
        let format = Self::given(flags).unwrap_or(default);
        if let Self::Picture(_) = format {
            let others = Self::ALL.iter().filter(|format| !matches!(format, Self::Picture(_)));
            let others: Vec<&str> = others.map(|format| format.name()).collect();
            return Err(Failure::usage(format!(
                "--{OUTPUT} {}: only series can be drawn; use {}",
                format.name(),
                others.join(", ")
            )));
        }
        Ok(format)
    }

    /// Returns the format that is given.
    pub(crate) fn given(flags: &ArgMatches) -> Option<Self> {
        flags.get_one(OUTPUT).copied()
    }
}

impl RowFormat {
    /// Returns the name, which is also the extension of files in this format.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

impl ValueEnum for OutputFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Json => "The API's result, as far as this version knows its members",
            Self::Rows(RowFormat::Ndjson) => "A JSON object on each line, for each value or record",
            Self::Rows(RowFormat::Csv) => "A header, and a row for each value or record",
            Self::Table => "Columns for reading",
            Self::Picture(PictureFormat::Text) => {
                "A chart of series, as large as the terminal (or COLUMNS and LINES)"
            }
            Self::Picture(PictureFormat::Svg) => "A drawing of series",
            Self::Picture(PictureFormat::Html) => "A page with the drawing and the data of series",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

pub(crate) fn flag() -> Arg {
    Arg::new(OUTPUT)
        .long(OUTPUT)
        .short('o')
        .value_name("FORMAT")
        .value_parser(EnumValueParser::<OutputFormat>::new())
        .ignore_case(true)
        .help_heading("Output")
        .help("Output format [default: chart or table on a terminal, json otherwise]")
        .long_help(
            "Output format [default: on a terminal, chart for series and table for lists; json otherwise]",
        )
}
