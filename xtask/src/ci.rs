//! `cargo xtask ci`: every check. The tests are among those that have to be asked for, since whoever makes a change runs them
//! by themselves.

mod asked;
mod bootstrap;
mod dependencies;
mod external_types;
mod features;
mod lints;
mod minimal;
mod msrv;
mod outcome;
mod readme;
mod spelling;
mod tidy;
mod trees;

use std::process::ExitCode;
use std::time::Instant;

use asked::Asked;
use outcome::Outcome;

use crate::workspace::Workspace;
use crate::{Command, USAGE, docs};

pub(crate) const COMMAND: Command = Command {
    name: "ci",
    about: "runs the checks, all of them with `--all`; nothing may be skipped with `--strict`",
    run,
};

/// One check.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Takes minutes: for a tool that is compiled, for dependencies that are built once more, or for what is run by itself anyway.
    /// Left out unless it is asked for.
    pub(crate) costly: bool,
    run: fn(&Workspace) -> Outcome,
}

const fn step(name: &'static str, about: &'static str, run: fn(&Workspace) -> Outcome) -> Step {
    Step { name, about, costly: false, run }
}

const fn costly(name: &'static str, about: &'static str, run: fn(&Workspace) -> Outcome) -> Step {
    Step { name, about, costly: true, run }
}

/// In the order in which they run: what is quick and often wrong comes first.
pub(crate) const STEPS: &[Step] = &[
    step("fmt", "the code is formatted", lints::fmt),
    step("readme", "links, features and versions in the documents are those of the code", readme::run),
    step("tidy", "manifests, lengths of files, reasons of ignored tests", tidy::run),
    step("external-types", "types of other crates in our interface are on a list", external_types::run),
    step("trees", "nobody pulls in what they did not ask for", trees::run),
    step("spelling", "no word is misspelt", spelling::run),
    step("clippy", "no warning in any target", lints::clippy),
    step("docs", "the documentation builds without a warning", lints::docs),
    step("pictures", "the pictures in the README are what the program draws", pictures),
    step("msrv", "nothing is younger than the oldest Rust that will do", msrv::run),
    step("fuzz", "the fuzz targets compile without a warning, and a short run finds nothing", lints::fuzz),
    step("features", "every subset of the features compiles", features::run),
    costly("tests", "the tests and the examples in the documentation pass", lints::tests),
    costly("benches", "the benchmarks compile without a warning", lints::benches),
    costly("docs.rs", "the documentation builds as docs.rs builds it", bootstrap::docs_rs),
    costly("public-api", "what is public is what docs/api says", bootstrap::public_api),
    costly("unused", "no dependency is unused", dependencies::unused),
    costly("deny", "licences, sources and bans of dependencies; advisories", dependencies::deny),
    costly("minimal-versions", "the oldest dependencies that we ask for will do", minimal::run),
];

fn pictures(workspace: &Workspace) -> Outcome {
    docs::differences(workspace).into()
}

fn run(args: &[String]) -> ExitCode {
    let (workspace, asked) = match (Workspace::find(), asked::parse(args)) {
        (Ok(workspace), Ok(asked)) => (workspace, asked),
        (Err(message), _) | (_, Err(message)) => {
            eprintln!("{message}");
            return ExitCode::from(USAGE);
        }
    };
    let mut done = Vec::new();
    for step in &asked.steps {
        println!("\n==> {}: {}", step.name, step.about);
        let began = Instant::now();
        let outcome = (step.run)(&workspace);
        let took = began.elapsed().as_secs_f64();
        for problem in &outcome.wrong {
            println!("  wrong: {problem}");
        }
        for why in &outcome.skipped {
            println!("  !!!!!!!! SKIPPED: {why}");
        }
        println!("<== {}: {} in {took:.1} s", step.name, word(&outcome));
        done.push((step.name, outcome, took));
    }
    conclude(&asked, &done)
}

/// A line for each step, and whether all is well.
fn conclude(asked: &Asked, done: &[(&str, Outcome, f64)]) -> ExitCode {
    println!();
    for (name, outcome, took) in done {
        println!("  {name:<18}{took:>7.1} s  {}", word(outcome));
    }
    let names = |is_it: fn(&Outcome) -> bool| -> Vec<&str> {
        done.iter().filter(|(_, outcome, _)| is_it(outcome)).map(|(name, ..)| *name).collect()
    };
    let failed = names(|outcome| !outcome.wrong.is_empty());
    let skipped = names(|outcome| !outcome.skipped.is_empty());
    if !asked.left_out().is_empty() {
        println!("\nnot asked for: {}", asked.left_out().join(", "));
    }
    if !skipped.is_empty() {
        println!("\n!!!!!!!! SKIPPED, in whole or in part: {}", skipped.join(", "));
    }
    if !failed.is_empty() {
        println!("\nfailed: {}", failed.join(", "));
        return ExitCode::FAILURE;
    }
    if asked.strict && !skipped.is_empty() {
        println!("\nfailed, since nothing may be skipped: {}", skipped.join(", "));
        return ExitCode::FAILURE;
    }
    println!("\nall passed");
    ExitCode::SUCCESS
}

fn word(outcome: &Outcome) -> &'static str {
    match (outcome.wrong.is_empty(), outcome.skipped.is_empty()) {
        (true, true) => "passed",
        (true, false) => "SKIPPED, in whole or in part",
        (false, _) => "FAILED",
    }
}
