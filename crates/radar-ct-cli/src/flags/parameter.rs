//! A flag or positional argument for one parameter.

use std::ffi::OsString;

use clap::{Arg, ArgMatches};
use radar_ct::endpoints::{ENDPOINTS, EndpointInfo};
use radar_ct::{Kind, Parameter, Query, SeriesParams};

use super::possible_values::PossibleValues;
use crate::exit::Failure;
use crate::names::{flag as flag_name, kebab, placeholder};

/// Creates the flag of a parameter.
pub(crate) fn flag(parameter: Parameter) -> Arg {
    // A text may start with a hyphen. The model refuses one in other kinds, with a better message than the
    // parser.
    let arg =
        Arg::new(parameter.name).long(kebab(parameter.name)).help(parameter.help).allow_hyphen_values(true);
    let values = parameter.kind.values();
    let arg = if values.is_empty() {
        arg
    } else {
        let known = PossibleValues(values.iter().map(Into::into).collect());
        arg.value_parser(known).hide_possible_values(true)
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

/// Creates the positional argument of a parameter in a path.
pub(crate) fn argument(parameter: Parameter) -> Arg {
    let arg = Arg::new(parameter.name).required(true).value_name(placeholder(parameter.name));
    let values: Vec<String> = parameter.kind.values().iter().map(|value| kebab(value)).collect();
    if values.is_empty() {
        return arg.help(parameter.help);
    }
    let help = format!("{}: {}", parameter.help, values.join(", "));
    let known = PossibleValues(values.into_iter().map(Into::into).collect());
    arg.value_parser(known).hide_possible_values(true).help(help)
}

/// Returns the value of a positional argument, in its documented spelling if it has one.
///
/// Case does not matter, and hyphens are as good as underscores.
pub(crate) fn argument_value(flags: &ArgMatches, parameter: Parameter) -> &str {
    let given = flags.get_one::<String>(parameter.name).map_or("", String::as_str);
    let hyphenated = given.replace('_', "-");
    let mut known = parameter.kind.values().iter();
    known.find(|known| kebab(known).eq_ignore_ascii_case(&hyphenated)).map_or(given, |known| *known)
}

/// Adds the parameters whose flags are given to a query.
pub(crate) fn add_to_query(query: &mut Query, parameters: &[Parameter], flags: &ArgMatches) {
    for parameter in parameters {
        // A command may leave out the flag of a parameter.
        if let Ok(Some(value)) = flags.try_get_one::<String>(parameter.name) {
            query.push(parameter.name, canonical(*parameter, value));
        }
    }
}

/// Returns the documented spelling of a value that differs from it in case only, or else the value itself.
pub(crate) fn canonical(parameter: Parameter, value: &str) -> &str {
    let mut known = parameter.kind.values().iter();
    known.find(|known| known.eq_ignore_ascii_case(value)).map_or(value, |known| *known)
}

/// Refuses a flag in the place of a value: the value was forgotten, and the parser would take the flag for
/// it.
pub(crate) fn refuse_flags_as_values(args: &[OsString]) -> Result<(), Failure> {
    let is_flag = |arg: &str| arg.len() > 2 && arg.starts_with("--");
    for pair in args.windows(2) {
        if let [flag, value] = pair
            && let (Some(flag), Some(value)) = (flag.to_str(), value.to_str())
            && is_flag(flag)
            && is_flag(value)
            && is_parameter(flag)
        {
            return Err(Failure::usage(format!(
                "{flag} needs a value, and `{value}` looks like a flag; if it is the value, write {flag}={value}"
            )));
        }
    }
    Ok(())
}

/// Returns whether a flag belongs to a parameter of any endpoint.
fn is_parameter(flag: &str) -> bool {
    // Converting the case of every name would take longer than the rest of the start.
    let letters = |text: &str| -> Vec<u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let wanted = letters(flag);
    let of_requests = ENDPOINTS.iter().flat_map(EndpointInfo::request_parameters);
    let mut similar = SeriesParams::parameters().chain(of_requests).filter(|one| letters(one.name) == wanted);
    similar.any(|parameter| flag_name(parameter.name) == flag)
}
