//! The commands, one file each, and what they have in common.

pub(crate) mod lists;
pub(crate) mod summary;
pub(crate) mod timeseries;
pub(crate) mod timeseries_groups;

use std::io::{self, IsTerminal};

use clap::{Arg, ArgMatches};
use radar_ct::blocking::Client;
use radar_ct::{Dimension, Endpoint, Format};

use crate::connection::{Target, is_dry_run};
use crate::failure::Failure;
use crate::output::{self, Look, Output, Show};
use crate::screen;

const DIMENSION: &str = "dimension";

/// Asks an endpoint and writes what it answers, in the way that the flags want.
fn ask<E>(flags: &ArgMatches, params: &E, format: Option<&Format>) -> Result<(), Failure>
where
    E: Endpoint,
    E::Answer: Show,
{
    ask_for(flags, params, format, |client| Ok(client.call(params)?.data))
}

/// As [`ask`], where getting the answer takes more than one call.
fn ask_for<E: Endpoint, A: Show>(
    flags: &ArgMatches,
    params: &E,
    format: Option<&Format>,
    get: impl FnOnce(&Client) -> Result<A, Failure>,
) -> Result<(), Failure> {
    let csv_of_server = format.is_some_and(Format::is_csv);
    let output = output::chosen::<A>(flags)?;
    if csv_of_server && output.is_some() {
        return Err(Failure::usage(
            "--output and --format CSV exclude each other: the server's CSV is passed through as it is; \
             --output csv writes our own",
        ));
    }
    let target = Target::of(flags)?;
    if is_dry_run(flags) {
        let base_url = target.base_url();
        let url = if csv_of_server { base_url.csv_url_of(params)? } else { base_url.url_of(params)? };
        return Ok(screen::write(&mut io::stdout().lock(), format!("GET {url}\n").as_bytes(), false)?);
    }
    let client = target.client(flags)?;
    let to_terminal = io::stdout().is_terminal();
    if csv_of_server {
        let table = client.csv(params)?;
        return Ok(screen::write(&mut io::stdout().lock(), &table, to_terminal)?);
    }
    let answer = get(&client)?;
    let output = output.unwrap_or_else(|| Output::of_default::<A>(to_terminal));
    output::write(&answer, output, Look::of(flags, to_terminal))
}

/// The dimension, which stands behind the command.
fn dimension() -> Arg {
    Arg::new(DIMENSION)
        .required(true)
        .value_name("DIMENSION")
        .help(format!("What to group by: {}", known_dimensions()))
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
    Err(Failure::usage(format!("the dimension cannot be `{given}`: it is one of {}", known_dimensions())))
}

fn known_dimensions() -> String {
    Dimension::VALUES.iter().map(|value| kebab(value)).collect::<Vec<_>>().join(", ")
}
