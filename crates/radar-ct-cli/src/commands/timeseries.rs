//! `radar-ct timeseries`: certificate volume over time.

use clap::{ArgMatches, Command};
use radar_ct::TimeseriesParams;

use super::{ask, title_of};
use crate::failure::Failure;
use crate::series;
use crate::watch;

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
        .arg(watch::flag())
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    let params =
        series::request(flags, TimeseriesParams::request_parameters(), TimeseriesParams::from_query)?;
    ask(flags, &params, params.asked_format(), &title_of(&params, None))
}
