//! `radar-ct timeseries`: certificate volume over time.

use std::io::{self, IsTerminal};

use clap::{ArgMatches, Command};
use radar_ct::{Format, TimeseriesParams};

use crate::connection::{Target, is_dry_run};
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::{labels, screen, series};

pub(crate) const NAME: &str = "timeseries";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("Certificate volume over time")
        .after_help(
            "Examples:\n  \
             radar-ct timeseries --emulator --date-range 7d\n  \
             radar-ct timeseries --ca-owner \"Let's Encrypt\" --date-range 7d --vs --date-range 7dcontrol\n  \
             radar-ct timeseries --date-range 4w --agg-interval 1d --output csv > volume.csv",
        )
        .args(series::flags(TimeseriesParams::request_parameters()))
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    let params = params(flags)?;
    let csv_of_server = params.asked_format().is_some_and(Format::is_csv);
    let output = output::chosen(flags)?;
    if csv_of_server && output.is_some() {
        return Err(Failure::usage(
            "--output and --format CSV exclude each other: the server's CSV is passed through as it is; \
             --output csv writes our own",
        ));
    }
    let target = Target::of(flags)?;
    if is_dry_run(flags) {
        let url = if csv_of_server {
            target.base_url().csv_url_of(&params)?
        } else {
            target.base_url().url_of(&params)?
        };
        return Ok(screen::write(&mut io::stdout().lock(), format!("GET {url}\n").as_bytes(), false)?);
    }
    let client = target.client(flags)?;
    let to_terminal = io::stdout().is_terminal();
    if csv_of_server {
        let table = client.csv(&params)?;
        return Ok(screen::write(&mut io::stdout().lock(), &table, to_terminal)?);
    }
    let answer = client.timeseries(&params)?;
    let output = output.unwrap_or(if to_terminal { Output::Table } else { Output::Json });
    output::write(&answer, output, to_terminal)
}

/// The request that the flags describe, checked.
fn params(flags: &ArgMatches) -> Result<TimeseriesParams, Failure> {
    let refused = |error| series::refusal(&error, series::count(flags));
    let mut series = series::read(flags)?;
    labels::complete(&mut series);
    let query = series::query(&series, flags, TimeseriesParams::request_parameters());
    let mut params = TimeseriesParams::from_query(query).map_err(refused)?;
    for (name, value) in series::extra(flags)? {
        params = params.extra(name, value);
    }
    params.validate().map_err(refused)?;
    Ok(params)
}
