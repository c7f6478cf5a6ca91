//! Flags of series, and `--vs`, which starts the next series.
//!
//! The values go to the model as a query, so that the model alone decides which of them are valid.

use clap::{Arg, ArgAction, ArgMatches};
use radar_ct::endpoints::SeriesOptions;
use radar_ct::{Parameter, Query, SeriesParams, SeriesRequest};

use super::labels::{self, Values, value_of};
use super::parameter::{self, canonical};
use crate::exit::Failure;
use crate::names;
use crate::problem::EXTRA;

const VS: &str = "vs";
const SERIES_HEADING: &str = "Series";
const REQUEST_HEADING: &str = "Request";

/// The parameters of a period. A series has a range or a window, so one replaces the other if it is
/// inherited.
const DATE_RANGE: &str = SeriesParams::DATE_RANGE.name;
const WINDOW: [&str; 2] = [SeriesParams::DATE_START.name, SeriesParams::DATE_END.name];

/// The position of flags that come last below their heading.
const LAST: usize = 999;

/// Creates the flags that belong to no parameter.
pub(crate) fn own_flags() -> [Arg; 2] {
    let vs = Arg::new(VS)
        .long(VS)
        .action(ArgAction::Append)
        .num_args(0)
        .default_missing_value("")
        .help_heading(SERIES_HEADING)
        .display_order(LAST)
        .help("Add a series to compare with: a copy of the first, changed by the flags after --vs")
        .long_help(
            "Add a series to compare with: a copy of the first without its name, changed by the flags after --vs. An \
             empty value clears an inherited filter: --ca-owner \"\". Can be repeated.",
        );
    let extra = Arg::new(EXTRA)
        .long(EXTRA)
        .value_name("NAME=VALUE")
        .action(ArgAction::Append)
        .help_heading(REQUEST_HEADING)
        .display_order(LAST)
        .help("Send a parameter that has no flag, unchecked; can be repeated");
    [vs, extra]
}

/// Creates the flags of the parameters of a series, and of these parameters of the whole request.
pub(crate) fn parameter_flags(request_parameters: &[Parameter]) -> Vec<Arg> {
    let series = SeriesParams::parameters()
        .map(|parameter| parameter::flag(parameter).action(ArgAction::Append).help_heading(SERIES_HEADING));
    let request = request_parameters.iter().map(|one| parameter::flag(*one).help_heading(REQUEST_HEADING));
    series.chain(request).collect()
}

/// Returns the request that the flags describe. Every series has a label if there are several.
///
/// The values are parsed; the rules between them are left to the call.
pub(crate) fn request<O: SeriesOptions>(
    path_parameter: Option<Parameter>,
    flags: &ArgMatches,
) -> Result<SeriesRequest<O>, Failure> {
    let mut series = inherit(given(flags)?);
    labels::complete(&mut series);
    let mut query = Query::new();
    for parameter in SeriesParams::parameters() {
        let column: Vec<&str> = series.iter().map(|values| value_of(values, parameter.name)).collect();
        if column.iter().any(|value| !value.is_empty()) {
            for value in column {
                query.push(parameter.name, canonical(parameter, value));
            }
        }
    }
    parameter::add_to_query(&mut query, &SeriesRequest::<O>::request_parameters(), flags);
    let segment = path_parameter.map_or("", |path| parameter::argument_value(flags, path));
    let request = SeriesRequest::<O>::from_parts(segment, query)?;
    Ok(extra(flags)?.into_iter().fold(request, |request, (name, value)| request.extra(name, value)))
}

/// Returns the parameters of `--query`.
fn extra(flags: &ArgMatches) -> Result<Vec<(&str, &str)>, Failure> {
    let given = flags.get_many::<String>(EXTRA).into_iter().flatten();
    given
        .map(|pair| {
            let pair = pair.split_once('=').filter(|(name, _)| !name.is_empty());
            pair.ok_or_else(|| {
                Failure::usage(format!("--{EXTRA} needs a name and a value: --{EXTRA} NAME=VALUE"))
            })
        })
        .collect()
}

/// Returns the values of each series as given: those before the first `--vs`, and those after each.
fn given(flags: &ArgMatches) -> Result<Vec<Values>, Failure> {
    let cuts: Vec<usize> = flags.indices_of(VS).into_iter().flatten().collect();
    let mut parts = vec![Values::new(); cuts.len() + 1];
    for parameter in SeriesParams::parameters() {
        let values = flags.get_many::<String>(parameter.name).into_iter().flatten();
        let indices = flags.indices_of(parameter.name).into_iter().flatten();
        for (value, index) in values.zip(indices) {
            let position = cuts.iter().filter(|cut| **cut < index).count();
            let Some(part) = parts.get_mut(position) else { continue };
            if part.iter().any(|(other, _)| *other == parameter) {
                let flag = names::flag(parameter.name);
                return Err(Failure::usage(format!(
                    "{flag} is given twice for one series; to compare two series, start the second with --vs"
                )));
            }
            part.push((parameter, value.clone()));
        }
    }
    Ok(parts)
}

/// Completes every series but the first with the values of the first that it does not replace.
fn inherit(parts: Vec<Values>) -> Vec<Values> {
    let first = parts.first().cloned().unwrap_or_default();
    let complete = |(index, own): (usize, Values)| {
        if index == 0 {
            return own;
        }
        let has = |name: &str| own.iter().any(|(parameter, _)| parameter.name == name);
        let is_replaced = |name: &str| match name {
            _ if has(name) || name == SeriesParams::NAME.name => true,
            DATE_RANGE => WINDOW.into_iter().any(has),
            _ => WINDOW.contains(&name) && has(DATE_RANGE),
        };
        let kept = first.iter().filter(|(parameter, _)| !is_replaced(parameter.name));
        kept.cloned().chain(own.iter().cloned()).collect()
    };
    parts.into_iter().enumerate().map(complete).collect()
}
