//! The examples below the help of a command.

use radar_ct::{Kind, Parameter};

use crate::names::{flag, kebab, placeholder};

/// Returns the section of the help with these command lines.
pub(super) fn examples(lines: &[String]) -> String {
    format!("Examples:\n  {}", lines.join("\n  "))
}

/// Returns the first value of a positional argument.
pub(super) fn first_value(parameter: Parameter) -> String {
    parameter.kind.values().first().map_or_else(|| placeholder(parameter.name), |value| kebab(value))
}

/// Returns the first of these parameters whose values are known, as a flag with a value.
pub(super) fn first_flag(parameters: &[Parameter]) -> Option<String> {
    parameters.iter().find_map(|parameter| {
        let value = match parameter.kind {
            Kind::Integer { min } => min.max(5).to_string(),
            Kind::Boolean => true.to_string(),
            // The last one, since intervals become longer.
            kind => (*kind.values().last()?).to_owned(),
        };
        Some(format!("{} {value}", flag(parameter.name)))
    })
}
