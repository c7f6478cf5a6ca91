//! `radar-ct timeseries-groups`: certificate volume over time, by a dimension.

use clap::{ArgMatches, Command};
use radar_ct::TimeseriesGroupsParams;

use super::{ask, dimension, dimension_of, title_of};
use crate::failure::Failure;
use crate::series;
use crate::watch;

pub(crate) const NAME: &str = "timeseries-groups";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("Certificate volume over time, by a dimension")
        .after_help(
            "Examples:\n  \
             radar-ct timeseries-groups ca-owner --emulator --date-range 7d --limit-per-group 5\n  \
             radar-ct timeseries-groups validation-level --date-range 4w --normalization raw_values -o csv",
        )
        .arg(dimension())
        .args(series::flags(TimeseriesGroupsParams::request_parameters()))
        .arg(watch::flag())
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    let dimension = dimension_of(flags)?;
    let read = |query| TimeseriesGroupsParams::from_query_by(dimension, query);
    let params = series::request(flags, TimeseriesGroupsParams::request_parameters(), read)?;
    let title = title_of(&params, Some(params.dimension()));
    ask(flags, &params, params.asked_format(), &title)
}
