//! Values that are known, without being the only ones.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use radar_ct::Problem;

/// What a value cannot be, with the known one that is meant where it is misspelt. Where only its case or its hyphens differ, the
/// model says so itself.
pub(crate) fn problem_with_suggestion(problem: &Problem) -> String {
    /// How alike two words must be, from 0 to 1: a slip in four letters, not in three.
    const ALIKE: f64 = 0.7;
    /// A slip is in a word. A long text is something else, and comparing takes its time.
    const LONGEST: usize = 64;
    let said = problem.to_string();
    let (value, known): (&str, &[&str]) = match problem {
        Problem::UnknownValue { value, known } => (value, known),
        Problem::NotBoolean(value) => (value, &["true", "false"]),
        _ => return said,
    };
    if said.contains("did you mean") || value.len() > LONGEST {
        return said;
    }
    let alike =
        |known: &str| strsim::normalized_damerau_levenshtein(&known.to_lowercase(), &value.to_lowercase());
    let candidates = known.iter().map(|known| (alike(known), known)).filter(|(alike, _)| *alike >= ALIKE);
    match candidates.max_by(|(one, _), (other, _)| one.total_cmp(other)) {
        Some((_, meant)) => format!("{said}; did you mean `{meant}`?"),
        None => said,
    }
}

/// Lets every text through and knows the documented ones, for completions: what is wrong with a text, and what it means to
/// have none, the model says better.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known(pub(crate) &'static [&'static str]);

impl TypedValueParser for Known {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|value| PossibleValue::new(*value))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let said = |value: &str| {
            let known = &["PRECERTIFICATE", "CERTIFICATE", "LTE_3D"];
            problem_with_suggestion(&Problem::UnknownValue { value: value.into(), known })
        };
        for (value, meant) in [
            ("PRECERTIFICAT", "PRECERTIFICATE"),
            ("certificaet", "CERTIFICATE"),
            ("pre-certificate", "PRECERTIFICATE"),
            ("lte3d", "LTE_3D"),
        ] {
            assert!(said(value).ends_with(&format!("; did you mean `{meant}`?")), "{}", said(value));
        }
        for value in ["", "-", "final", "GT_200D", "é", &"PRECERTIFICATE".repeat(9)] {
            assert!(!said(value).contains("did you mean"), "{}", said(value));
        }
        assert!(problem_with_suggestion(&Problem::NotBoolean("ture".into())).ends_with("`true`?"));
    }
}
