//! Commands of the workspace, run as `cargo xtask COMMAND`.

// Virtual time is for the product; a tool may read the clock. Nor does it matter how fast a tool builds a
// text.
#![allow(clippy::disallowed_methods, clippy::format_collect, clippy::format_push_string)]

mod api;
mod bench;
mod ci;
mod drift;
mod emulator;
mod external_types;
mod fuzz;
mod pictures;
mod python;
mod release;
mod shell;
mod tools;
mod trees;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use xshell::Shell;

use shell::Skip;

/// Checks, releases and benchmarks of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
enum Command {
    /// Runs the checks; the costly ones with `--all`.
    #[command(after_help = ci::steps())]
    Ci(ci::Options),
    /// Runs the official Python SDK, and its own tests, against the emulator.
    Sdk,
    /// Runs the recipes of docs/recipes.md and checks their results.
    Recipes,
    /// Compares the model with the newest official SDKs.
    Drift(drift::Options),
    /// Writes the public API of the libraries to docs/api.
    Api,
    /// Draws the pictures in the README.
    Docs,
    /// Fuzzes everything that is read from outside.
    Fuzz(fuzz::Options),
    /// Measures decoding and calls, and compares the results with their limits.
    Bench(bench::Options),
    /// Rehearses a release, or makes one with `--execute`.
    #[command(after_help = release::steps())]
    Release(release::Options),
}

impl Command {
    /// Returns whether a check that cannot run here is reported and then passes.
    fn may_be_skipped(&self) -> bool {
        matches!(self, Self::Sdk | Self::Recipes)
    }

    fn run(&self, sh: &Shell) -> Result<()> {
        match self {
            Self::Ci(options) => ci::run(sh, options).map(drop),
            Self::Sdk => python::sdk(sh),
            Self::Recipes => python::recipes(sh),
            Self::Drift(options) => drift::run(sh, options),
            Self::Api => api::write(sh),
            Self::Docs => pictures::write(sh),
            Self::Fuzz(options) => fuzz::run(sh, options),
            Self::Bench(options) => bench::run(sh, options),
            Self::Release(options) => release::run(sh, options),
        }
    }
}

fn main() -> ExitCode {
    let command = Command::parse();
    match shell::workspace().and_then(|sh| command.run(&sh)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Skip>() && command.may_be_skipped() => {
            println!("\n!!!!!!!! SKIPPED, nothing was checked: {error:#}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("\nFAILED: {error:#}");
            ExitCode::FAILURE
        }
    }
}
