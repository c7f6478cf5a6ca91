//! The examples below the help of a command.

use radar_ct::{Kind, Parameter};

use crate::names::{flag, kebab};

/// Returns the section of the help with these command lines.
pub(super) fn examples(lines: &[String]) -> String {
    format!("Examples:\n  {}", lines.join("\n  "))
}

/// Returns a value that a parameter accepts, as an argument.
pub(super) fn value(parameter: Parameter) -> String {
    match parameter.kind {
        Kind::Integer { min } => min.max(5).to_string(),
        kind => kind.values().last().map_or_else(String::new, |value| kebab(value)),
    }
}

/// Returns the first of these parameters with a value that needs no explanation, as a flag with its value.
pub(super) fn first_flag(parameters: &[Parameter]) -> Option<String> {
    let parameter = parameters.iter().find(|parameter| match parameter.kind {
        Kind::Integer { .. } => true,
        kind => !kind.values().is_empty(),
    })?;
    let value = match parameter.kind {
        Kind::Integer { .. } => value(*parameter),
        kind => (*kind.values().last()?).to_owned(),
    };
    Some(format!("{} {value}", flag(parameter.name)))
}
