//! `cargo xtask ci`: every check but the tests.

mod features;
mod lints;
mod tidy;
mod trees;

use std::process::ExitCode;
use std::time::Instant;

use crate::workspace::Workspace;
use crate::{Command, USAGE, docs};

pub(crate) const COMMAND: Command =
    Command { name: "ci", about: "runs every check but the tests; fails at the end, not at the first", run };

/// What a step found: nothing, or everything that is wrong, a line each.
type Outcome = Result<(), Vec<String>>;

/// One check.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    run: fn(&Workspace) -> Outcome,
}

/// In the order in which they run: what is quick and often wrong comes first.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", run: lints::fmt },
    Step { name: "clippy", about: "no warning in any target", run: lints::clippy },
    Step {
        name: "fuzz",
        about: "the fuzz targets compile without a warning, and a short run finds nothing",
        run: lints::fuzz,
    },
    Step { name: "docs", about: "the documentation builds without a warning", run: lints::docs },
    Step { name: "features", about: "every subset of the features compiles", run: features::run },
    Step { name: "trees", about: "nobody pulls in what they did not ask for", run: trees::run },
    Step { name: "pictures", about: "the pictures in the README are what the program draws", run: pictures },
    Step { name: "tidy", about: "manifests, lengths of files, reasons of ignored tests", run: tidy::run },
];

fn pictures(workspace: &Workspace) -> Outcome {
    docs::differences(workspace).map_err(|problem| vec![problem]).and_then(outcome)
}

fn run(args: &[String]) -> ExitCode {
    let (workspace, steps) = match (Workspace::find(), chosen(args)) {
        (Ok(workspace), Ok(steps)) => (workspace, steps),
        (Err(message), _) | (_, Err(message)) => {
            eprintln!("{message}");
            return ExitCode::from(USAGE);
        }
    };
    let failed: Vec<_> =
        steps.into_iter().filter(|step| !passes(step, &workspace)).map(|step| step.name).collect();
    if failed.is_empty() {
        println!("\nall passed");
        ExitCode::SUCCESS
    } else {
        println!("\nfailed: {}", failed.join(", "));
        ExitCode::FAILURE
    }
}

/// All steps, or those named with `--only`.
fn chosen(args: &[String]) -> Result<Vec<&'static Step>, String> {
    let mut steps = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg != "--only" {
            return Err(format!("`ci` does not know `{arg}`, only `--only STEP`"));
        }
        let name = args.next().map_or("", String::as_str);
        match STEPS.iter().find(|step| step.name == name) {
            Some(step) => steps.push(step),
            None => return Err(format!("`--only` wants one of: {}", names().join(", "))),
        }
    }
    Ok(if steps.is_empty() { STEPS.iter().collect() } else { steps })
}

fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

fn passes(step: &Step, workspace: &Workspace) -> bool {
    println!("\n==> {}: {}", step.name, step.about);
    let began = Instant::now();
    let outcome = (step.run)(workspace);
    let took = began.elapsed().as_secs_f64();
    match outcome {
        Ok(()) => println!("<== {}: passed in {took:.1} s", step.name),
        Err(ref problems) => {
            for problem in problems {
                println!("  wrong: {problem}");
            }
            println!("<== {}: FAILED in {took:.1} s", step.name);
        }
    }
    outcome.is_ok()
}

/// The outcome of a step that gathers what is wrong.
fn outcome(problems: Vec<String>) -> Outcome {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(args: &[&str]) -> Result<Vec<&'static str>, String> {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        chosen(&args).map(|steps| steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn without_arguments_every_step_runs() {
        assert_eq!(names_of(&[]).unwrap(), names());
    }

    #[test]
    fn only_may_be_repeated() {
        assert_eq!(names_of(&["--only", "trees", "--only", "fmt"]).unwrap(), ["trees", "fmt"]);
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused() {
        for args in [&["--only", "nothing"][..], &["--only"], &["trees"]] {
            assert!(names_of(args).is_err(), "{args:?}");
        }
    }
}
