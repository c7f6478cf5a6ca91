//! The commands, one file each, and what they have in common.

pub(crate) mod completions;
pub(crate) mod export;
pub(crate) mod lists;
pub(crate) mod man;
pub(crate) mod summary;
pub(crate) mod timeseries;
pub(crate) mod timeseries_groups;

use std::io::{self, IsTerminal};
use std::sync::LazyLock;

use clap::{Arg, ArgMatches, Command};
use radar_ct::blocking::Client;
use radar_ct::{Csv, Dimension, Endpoint, Error, Format, Problem, SeriesRequest};

use crate::connection::{Target, is_dry_run};
use crate::curl;
use crate::failure::Failure;
use crate::known::{Known, problem_with_suggestion};
use crate::labels;
use crate::output::{self, Look, Output, Show};
use crate::screen;
use crate::voice::Voice;
use crate::watch::Watch;

const DIMENSION: &str = "dimension";

/// Asks an endpoint and writes what it answers, in the way that the flags want.
fn ask<E>(flags: &ArgMatches, params: &E, format: Option<&Format>, title: &str) -> Result<(), Failure>
where
    E: Endpoint,
    E::Answer: Show,
{
    ask_for(flags, params, format, title, |client| Ok(client.call(params)?.data))
}

/// As [`ask`], where getting the answer takes more than one call.
fn ask_for<E: Endpoint, A: Show>(
    flags: &ArgMatches,
    params: &E,
    format: Option<&Format>,
    title: &str,
    get: impl Fn(&Client) -> Result<A, Error>,
) -> Result<(), Failure> {
    let csv_of_server = format.is_some_and(Format::is_csv);
    let output = output::chosen::<A>(flags)?;
    if csv_of_server && output.is_some() {
        return Err(Failure::usage(
            "--output and --format CSV exclude each other: the server's CSV is passed through as it is; \
             --output csv writes our own",
        ));
    }
    let to_terminal = io::stdout().is_terminal();
    let output = output.unwrap_or_else(|| Output::of_default::<A>(to_terminal));
    let watch = Watch::of(flags, output, csv_of_server)?;
    let target = Target::of(flags)?;
    if is_dry_run(flags) {
        let base_url = target.base_url();
        let url = if csv_of_server { base_url.url_for(&Csv(params))? } else { base_url.url_for(params)? };
        let request = format!("GET {url}\n{}\n", curl::command(&url));
        return Ok(screen::write(&mut io::stdout().lock(), request.as_bytes(), false)?);
    }
    let client = target.client(flags)?;
    if csv_of_server {
        let table = client.csv(params)?;
        return Ok(screen::write(&mut io::stdout().lock(), &table, to_terminal)?);
    }
    let look = Look::of(flags, to_terminal);
    match watch {
        Some(watch) => watch.run(&Voice::of(flags), look, title, || get(&client)),
        None => output::write(&get(&client)?, output, look, title),
    }
}

/// What a title says of a request: the dimension by which it is cut, and the filters that all of its series have.
fn title_of<O>(params: &SeriesRequest<O>, dimension: Option<&Dimension>) -> String {
    let by = dimension.map(|dimension| format!(" by {}", kebab(dimension.as_str()))).unwrap_or_default();
    labels::in_common(params).into_iter().fold(by, |title, filter| format!("{title}, {filter}"))
}

/// A command that asks nothing, once it is called: the flags of those that do may stand before it, but it does not speak of
/// them.
fn asking_nothing(command: Command) -> Command {
    command.mut_args(|flag| flag.hide(true))
}

/// The dimension, which stands behind the command.
fn dimension() -> Arg {
    Arg::new(DIMENSION)
        .required(true)
        .value_name("DIMENSION")
        .value_parser(Known(known_dimensions()))
        .hide_possible_values(true)
        .help(format!("What to group by: {}", known_dimensions().join(", ")))
}

fn kebab(value: &str) -> String {
    value.to_ascii_lowercase().replace('_', "-")
}

/// The dimension given, in any case, with hyphens or underscores.
fn dimension_of(flags: &ArgMatches) -> Result<Dimension, Failure> {
    let given = flags.get_one::<String>(DIMENSION).map_or("", String::as_str);
    if let Some(value) = Dimension::VALUES.iter().find(|value| kebab(value) == kebab(given)) {
        return Ok(Dimension::from(*value));
    }
    let problem = Problem::UnknownValue { value: given.into(), known: known_dimensions() };
    Err(Failure::usage(format!("the dimension {}", problem_with_suggestion(&problem))))
}

/// The dimensions as they are written here, for as long as the program runs, as the model wants what it lists.
fn known_dimensions() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| Dimension::VALUES.iter().map(|value| kebab(value)).collect());
    static KNOWN: LazyLock<Vec<&'static str>> = LazyLock::new(|| NAMES.iter().map(String::as_str).collect());
    &KNOWN
}
