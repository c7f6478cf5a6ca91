//! The flags of the series, and `--vs`, which begins the next one.
//!
//! The flags are made from the model's table of parameters, and what they are given goes back to the model as a query:
//! so the model alone says what is right, and what is wrong about what is not.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches};
use radar_ct_model::{
    Kind, LogsParams, ParamError, Parameter, Problem, Query, RequestOptions, SeriesParams, SeriesRequest,
    TimeseriesGroupsParams,
};

use crate::failure::Failure;
use crate::known::{Known, problem_with_suggestion};
use crate::labels::{self, Values, value_of};

const VS: &str = "vs";
const EXTRA: &str = "query";
const HEADING: &str = "Series";

/// The parameters of the period: a series has a range or a window, so one takes the inherited other's place.
const DATE_RANGE: &str = SeriesParams::DATE_RANGE.name;
const WINDOW: [&str; 2] = [SeriesParams::DATE_START.name, SeriesParams::DATE_END.name];

/// The flags of the series, and those of the request that the model lists.
pub(crate) fn flags(of_request: impl Iterator<Item = Parameter>) -> Vec<Arg> {
    let vs = Arg::new(VS)
        .long(VS)
        .action(ArgAction::Append)
        .num_args(0)
        .default_missing_value("")
        .help_heading(HEADING)
        .help("Begin one more series to compare with: a copy of the first, which the flags behind --vs change")
        .long_help(
            "Begin one more series to compare with: a copy of the first, without its name, which the flags behind --vs \
             change. An empty value clears an inherited filter: --ca-owner \"\". May be given again and again.",
        );
    let extra = Arg::new(EXTRA)
        .long(EXTRA)
        .value_name("NAME=VALUE")
        .action(ArgAction::Append)
        .help_heading("Request")
        .help("A parameter that this version does not know, sent as it is; may be repeated");
    let series = SeriesParams::parameters()
        .map(|parameter| flag(parameter).action(ArgAction::Append).help_heading(HEADING));
    let request = of_request.map(|parameter| flag(parameter).help_heading("Request"));
    series.chain([vs]).chain(request).chain([extra]).collect()
}

pub(crate) fn flag(parameter: Parameter) -> Arg {
    // A text may begin with a hyphen. Of the other kinds no value does; but that is better said by the model.
    let arg =
        Arg::new(parameter.name).long(parameter.kebab_name()).help(parameter.help).allow_hyphen_values(true);
    let arg = match parameter.kind {
        Kind::Boolean | Kind::Enum(_) => {
            arg.value_parser(Known(words(parameter.kind))).hide_possible_values(true)
        }
        _ => arg,
    };
    match parameter.kind {
        Kind::Text => arg.value_name("TEXT"),
        Kind::Boolean => arg.value_name("true|false"),
        Kind::Enum(values) => arg
            .value_name(if values.len() <= 4 { values.join("|") } else { "VALUE".to_owned() })
            .long_help(format!("{}\n[possible values: {}]", parameter.help, values.join(", "))),
        Kind::DateRange => arg.value_name("RANGE"),
        Kind::DateTime => arg.value_name("RFC3339"),
        Kind::Integer { .. } => arg.value_name("N"),
        _ => arg.value_name("VALUE"),
    }
}

/// Refuses a flag where a value belongs: the value was forgotten, and the flag would vanish in its place.
pub(crate) fn refuse_flags_as_values(args: &[OsString]) -> Result<(), Failure> {
    let takes_a_value =
        |arg: &str| all_parameters().any(|parameter| arg.strip_prefix("--") == Some(&parameter.kebab_name()));
    for pair in args.windows(2) {
        if let [flag, value] = pair
            && let (Some(flag), Some(value)) = (flag.to_str(), value.to_str())
            && takes_a_value(flag)
            && value.strip_prefix("--").is_some_and(|name| !name.is_empty())
        {
            return Err(Failure::usage(format!(
                "{flag} needs a value, and `{value}` looks like a flag; if it is the value, write {flag}={value}"
            )));
        }
    }
    Ok(())
}

/// The request that the flags describe, checked, with a label for every series of several.
pub(crate) fn request<O: RequestOptions>(
    flags: &ArgMatches,
    of_request: impl Iterator<Item = Parameter>,
    from_query: impl FnOnce(Query) -> Result<SeriesRequest<O>, ParamError>,
) -> Result<SeriesRequest<O>, Failure> {
    let mut series = read(flags)?;
    labels::complete(&mut series);
    let refused = |error| refusal(&error, series.len());
    let mut params = from_query(query(&series, flags, of_request)).map_err(refused)?;
    for (name, value) in extra(flags)? {
        params = params.extra(name, value);
    }
    params.validate().map_err(refused)?;
    Ok(params)
}

/// Reads the series.
fn read(flags: &ArgMatches) -> Result<Vec<Values>, Failure> {
    given(flags).map(inherited)
}

/// Writes the series as a query, with the parameters of the request behind them.
fn query(series: &[Values], flags: &ArgMatches, of_request: impl Iterator<Item = Parameter>) -> Query {
    let mut query = Query::new();
    for parameter in SeriesParams::parameters() {
        let column: Vec<&str> = series.iter().map(|values| value_of(values, parameter.name)).collect();
        if column.iter().any(|value| !value.is_empty()) {
            for value in column {
                query.push(parameter.name, canonical(parameter, value));
            }
        }
    }
    for parameter in of_request {
        if let Some(value) = flags.get_one::<String>(parameter.name) {
            query.push(parameter.name, canonical(parameter, value));
        }
    }
    query
}

/// The parameters that the model does not know.
fn extra(flags: &ArgMatches) -> Result<Vec<(&str, &str)>, Failure> {
    let given = flags.get_many::<String>(EXTRA).into_iter().flatten();
    given
        .map(|pair| {
            let pair = pair.split_once('=').filter(|(name, _)| !name.is_empty());
            pair.ok_or_else(|| Failure::usage("--query wants a name and a value: --query NAME=VALUE"))
        })
        .collect()
}

/// What stands behind the command, and behind each `--vs`.
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
                let flag = parameter.kebab_name();
                return Err(Failure::usage(format!(
                    "--{flag} is given twice for one series; to compare two, begin the second with --vs"
                )));
            }
            part.push((parameter, value.clone()));
        }
    }
    Ok(parts)
}

/// Every series but the first begins as a copy of it, and what it says itself takes the place of what it inherits.
fn inherited(parts: Vec<Values>) -> Vec<Values> {
    let first = parts.first().cloned().unwrap_or_default();
    let complete = |(index, own): (usize, Values)| {
        if index == 0 {
            return own;
        }
        let says = |name: &str| own.iter().any(|(parameter, _)| parameter.name == name);
        let replaced = |name: &str| match name {
            _ if name == SeriesParams::NAME.name => true,
            DATE_RANGE => WINDOW.into_iter().any(says),
            _ => says(name) || (WINDOW.contains(&name) && says(DATE_RANGE)),
        };
        let kept = first.iter().filter(|(parameter, _)| !replaced(parameter.name) && !says(parameter.name));
        kept.cloned().chain(own.iter().cloned()).collect()
    };
    parts.into_iter().enumerate().map(complete).collect()
}

/// The documented spelling of a word that is one of the documented ones but for its case.
pub(crate) fn canonical(parameter: Parameter, value: &str) -> String {
    let known = words(parameter.kind).iter().find(|known| known.eq_ignore_ascii_case(value));
    known.map_or(value, |known| *known).to_owned()
}

/// The words of a kind that has such.
fn words(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Enum(values) => values,
        Kind::Boolean => &["true", "false"],
        _ => &[],
    }
}

/// What the model has against a request for `count` series, in the words of the command line.
pub(crate) fn refusal(error: &ParamError, count: usize) -> Failure {
    if *error.problem() == Problem::NotExtra {
        let flag = flag_of(error.parameter());
        return Failure::usage(format!(
            "--{EXTRA} {}: this has a flag of its own, {flag}",
            error.parameter()
        ));
    }
    let of_series = match error.series() {
        Some(series) if count > 1 => format!(" of series {}", series + 1),
        _ => String::new(),
    };
    let problem = problem_with_suggestion(error.problem());
    // The problem names the other parameter as the wire does.
    let other = match error.problem() {
        Problem::TldWithLog { with } | Problem::RangeAndWindow { with } => with,
        Problem::HalfWindow { missing } => missing,
        _ => SeriesParams::DATE_START.name,
    };
    let problem = problem.replace(&format!("`{other}`"), &flag_of(other));
    let hint = match error.problem() {
        Problem::TldWithLog { with } if error.series().is_some_and(|series| series > 0) => {
            format!("; what is inherited from the first series is cleared with {} \"\"", flag_of(with))
        }
        _ => String::new(),
    };
    Failure::usage(format!("{}{of_series} {problem}{hint}", flag_of(error.parameter())))
}

fn all_parameters() -> impl Iterator<Item = Parameter> {
    SeriesParams::parameters()
        .chain(TimeseriesGroupsParams::request_parameters())
        .chain(LogsParams::parameters())
}

/// The flag of a parameter; one that has none came with `--query`.
pub(crate) fn flag_of(wire_name: &str) -> String {
    match all_parameters().find(|parameter| parameter.name == wire_name) {
        Some(parameter) => format!("--{}", parameter.kebab_name()),
        None => format!("--{EXTRA} {wire_name}"),
    }
}
