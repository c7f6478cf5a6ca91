//! What `cargo xtask ci` was asked for.

use super::{STEPS, Step};

/// Which steps, and what becomes of one that is skipped.
pub(super) struct Asked {
    pub(super) steps: Vec<&'static Step>,
    /// A check that was not made is a failure.
    pub(super) strict: bool,
    /// Whether the steps were named one by one.
    named: bool,
}

impl Asked {
    /// The steps that are not in it, though no single ones were named.
    pub(super) fn left_out(&self) -> Vec<&'static str> {
        if self.named {
            return Vec::new();
        }
        let has = |step: &Step| self.steps.iter().any(|chosen| chosen.name == step.name);
        STEPS.iter().filter(|step| !has(step)).map(|step| step.name).collect()
    }
}

pub(super) fn parse(args: &[String]) -> Result<Asked, String> {
    let (mut steps, mut all, mut strict) = (Vec::new(), false, false);
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match arg {
            "--all" => all = true,
            "--strict" => strict = true,
            "--only" => {
                let name = args.next().unwrap_or_default();
                let step = STEPS.iter().find(|step| step.name == name);
                steps.push(step.ok_or_else(|| format!("`--only` wants one of: {}", names().join(", ")))?);
            }
            _ => {
                return Err(format!(
                    "`ci` does not know `{arg}`, only `--only STEP`, `--all` and `--strict`"
                ));
            }
        }
    }
    let named = !steps.is_empty();
    if !named {
        // Who allows no gaps has all of it in mind.
        steps.extend(STEPS.iter().filter(|step| all || strict || !step.costly));
    }
    Ok(Asked { steps, strict, named })
}

fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(args: &[&str]) -> Result<Vec<&'static str>, String> {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        parse(&args).map(|asked| asked.steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn without_arguments_every_step_runs_that_is_cheap() {
        let asked = parse(&[]).unwrap();
        assert!(asked.steps.iter().all(|step| !step.costly) && !asked.strict);
        assert_eq!(asked.steps.len() + asked.left_out().len(), STEPS.len());
        assert!(asked.left_out().contains(&"deny"));
    }

    #[test]
    fn all_and_strict_have_every_step() {
        assert_eq!(names_of(&["--all"]).unwrap(), names());
        assert_eq!(names_of(&["--strict"]).unwrap(), names());
    }

    #[test]
    fn only_may_be_repeated() {
        assert_eq!(parse(&["--only".to_owned(), "fmt".to_owned()]).unwrap().left_out(), [""; 0]);
        assert_eq!(names_of(&["--only", "trees", "--strict", "--only", "fmt"]).unwrap(), ["trees", "fmt"]);
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused() {
        for args in [&["--only", "nothing"][..], &["--only"], &["trees"]] {
            assert!(names_of(args).is_err(), "{args:?}");
        }
    }
}
