//! `--color`, and the terminal that output is written to.

use std::env;
use std::io::{self, IsTerminal};

use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, ColorChoice};

use crate::chart::Screen;

const COLOR: &str = "color";
/// The size of a terminal that does not report one.
const COLUMNS: usize = 80;
const ROWS: usize = 24;

pub(crate) fn flag() -> Arg {
    Arg::new(COLOR)
        .long(COLOR)
        .value_name("auto|always|never")
        .value_parser(EnumValueParser::<ColorChoice>::new())
        .hide_possible_values(true)
        .ignore_case(true)
        .help_heading("Output")
        .help("Colour charts [default: auto]")
        .long_help(
            "Colour charts. `auto` uses colours on a terminal, unless NO_COLOR is set or TERM is `dumb`. [default: auto]",
        )
}

/// The destination of the output: a terminal or not, with colours or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    pub(crate) to_terminal: bool,
    has_colours: bool,
}

impl Theme {
    pub(crate) fn from_flags(flags: &ArgMatches) -> Self {
        let to_terminal = io::stdout().is_terminal();
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let has_colours = match flags.get_one::<ColorChoice>(COLOR) {
            Some(ColorChoice::Always) => true,
            Some(ColorChoice::Never) => false,
            Some(ColorChoice::Auto) | None => to_terminal && !is_set("NO_COLOR") && !is_dumb,
        };
        Self { to_terminal, has_colours }
    }

    /// Returns the size of the terminal. The variables COLUMNS and LINES override it.
    pub(crate) fn screen(self) -> Screen {
        let terminal = if self.to_terminal { terminal_size::terminal_size() } else { None };
        let (columns, rows) = terminal.map_or((COLUMNS, ROWS), |(columns, rows)| {
            // Some terminals report a size of zero.
            let or = |size: u16, default| if size == 0 { default } else { usize::from(size) };
            (or(columns.0, COLUMNS), or(rows.0, ROWS))
        });
        Screen {
            columns: size_from_env("COLUMNS").unwrap_or(columns),
            rows: size_from_env("LINES").unwrap_or(rows),
            colour: self.has_colours,
            hint: ": --output table has them",
        }
    }
}

fn size_from_env(name: &str) -> Option<usize> {
    env::var(name).ok()?.trim().parse().ok().filter(|size| *size > 0)
}
