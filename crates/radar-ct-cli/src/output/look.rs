//! Where output is looked at: on what, how large it is, and whether it has colours. `--color`.

use std::env;

use clap::{Arg, ArgMatches};

use crate::chart::Screen;

const COLOR: &str = "color";
const AUTO: &str = "auto";
const ALWAYS: &str = "always";
const NEVER: &str = "never";
/// Where nobody says how large the screen is.
const COLUMNS: usize = 80;
const ROWS: usize = 24;

pub(super) fn flag() -> Arg {
    Arg::new(COLOR)
        .long(COLOR)
        .value_name("auto|always|never")
        .value_parser([AUTO, ALWAYS, NEVER])
        .hide_possible_values(true)
        .ignore_case(true)
        .help_heading("Output")
        .help("Whether a chart has colours [default: auto]")
        .long_help(
            "Whether a chart has colours: auto means on a terminal, unless NO_COLOR is set or TERM is dumb \
             [default: auto]",
        )
}

/// How output is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) to_terminal: bool,
    colour: bool,
}

impl Look {
    pub(crate) fn of(flags: &ArgMatches, to_terminal: bool) -> Self {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = match flags.get_one::<String>(COLOR).map(|choice| choice.to_ascii_lowercase()) {
            Some(choice) if choice == ALWAYS => true,
            Some(choice) if choice == NEVER => false,
            _ => to_terminal && !is_set("NO_COLOR") && !is_dumb,
        };
        Self { to_terminal, colour }
    }

    /// The variables count for more than the terminal, for whoever sets them means them.
    pub(super) fn screen(self) -> Screen {
        let terminal = if self.to_terminal { terminal_size::terminal_size() } else { None };
        let (columns, rows) = terminal.map_or((COLUMNS, ROWS), |(columns, rows)| {
            // A terminal that is not told its size has none.
            let or = |size: u16, usual| if size == 0 { usual } else { usize::from(size) };
            (or(columns.0, COLUMNS), or(rows.0, ROWS))
        });
        Screen {
            columns: given("COLUMNS").unwrap_or(columns),
            rows: given("LINES").unwrap_or(rows),
            colour: self.colour,
            hint: ": --output table has them",
        }
    }
}

fn given(name: &str) -> Option<usize> {
    env::var(name).ok()?.trim().parse().ok().filter(|size| *size > 0)
}
