//! Messages for broken rules, with flags in place of parameters.

use radar_ct::endpoints::ENDPOINTS;
use radar_ct::{ParamError, Problem, SeriesParams};

use crate::names::{flag, kebab};

/// The flag of parameters that the table of endpoints does not have.
pub(crate) const EXTRA: &str = "query";

/// Returns the message for a parameter that breaks a rule.
pub(crate) fn message(error: &ParamError) -> String {
    let (name, problem) = (error.parameter(), error.problem());
    if *problem == Problem::NotExtra {
        return format!("--{EXTRA} {name}: use the flag {}", flag(name));
    }
    let is_argument = ENDPOINTS.iter().any(|row| row.path_parameter.is_some_and(|path| path.name == name));
    if is_argument {
        return argument_message(name, problem);
    }
    let series = match error.series() {
        Some(index) if error.has_several_series() => format!(" of series {}", index + 1),
        _ => String::new(),
    };
    format!("{}{series} {}", flag(name), rule(error))
}

/// Returns the message for a positional argument, such as a dimension.
fn argument_message(name: &str, problem: &Problem) -> String {
    let subject = kebab(name).replace('-', " ");
    let Problem::UnknownValue { value, known } = problem else { return format!("the {subject} {problem}") };
    let known: Vec<String> = known.iter().map(|known| kebab(known)).collect();
    let suggestion = problem.suggestion().map(|known| format!("; did you mean `{}`?", kebab(known)));
    format!(
        "the {subject} cannot be `{}`: it is one of {}{}",
        value.escape_debug(),
        known.join(", "),
        suggestion.unwrap_or_default()
    )
}

/// Returns the broken rule. The model's text serves where it names no other parameter.
fn rule(error: &ParamError) -> String {
    match error.problem() {
        Problem::RangeAndWindow { with } => {
            format!(
                "cannot be combined with {}: a series has either a range or a start and an end",
                flag(with)
            )
        }
        Problem::HalfWindow { missing } => {
            format!("needs {} as well: a window has a start and an end", flag(missing))
        }
        Problem::EndBeforeStart { start, end } => {
            format!("({end}) must be later than {} ({start})", flag(SeriesParams::DATE_START.name))
        }
        Problem::TldWithLog { with } => {
            let with = flag(with);
            let is_inherited = error.series().is_some_and(|index| index > 0);
            let hint = if is_inherited {
                format!("; clear an inherited filter with {with} \"\"")
            } else {
                String::new()
            };
            format!("cannot be combined with {with}: data by top-level domain is not kept by log{hint}")
        }
        other => other.to_string(),
    }
}
