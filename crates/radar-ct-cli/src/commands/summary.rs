//! `radar-ct summary`: how certificates are distributed over a dimension.

use clap::{ArgMatches, Command};
use radar_ct::SummaryParams;

use super::{ask, dimension, dimension_of, title_of};
use crate::failure::Failure;
use crate::series;

pub(crate) const NAME: &str = "summary";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("How certificates are distributed over a dimension")
        .after_help(
            "Examples:\n  \
             radar-ct summary ca-owner --emulator --date-range 7d --limit-per-group 5\n  \
             radar-ct summary public-key-algorithm --date-range 7d --vs --date-range 7dcontrol",
        )
        .arg(dimension())
        .args(series::flags(SummaryParams::request_parameters()))
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    let dimension = dimension_of(flags)?;
    let read = |query| SummaryParams::from_query_by(dimension, query);
    let params = series::request(flags, SummaryParams::request_parameters(), read)?;
    let title = title_of(&params, Some(params.dimension()));
    ask(flags, &params, params.asked_format(), &title)
}
