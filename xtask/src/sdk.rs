//! `cargo xtask sdk`: the official Python SDK against the emulator.
//!
//! Everything else here was written by the people who wrote the emulator; the SDK was not, so it notices what they all
//! got wrong alike.

mod emulator;
mod python;

use std::process::{Command, ExitCode, Stdio};

use emulator::Emulator;
use python::Missing;

use crate::workspace::Workspace;
use crate::{Command as Task, USAGE};

pub(crate) const COMMAND: Task =
    Task { name: "sdk", about: "runs the official Python SDK against the emulator", run };

const SCRIPT: &str = "tests/python/sdk_against_emulator.py";
const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// Only the emulator knows it, so it is no secret.
const TOKEN: &str = "sdk-check-token";

fn run(args: &[String]) -> ExitCode {
    if let Some(arg) = args.first() {
        eprintln!("`sdk` takes no arguments, so not `{arg}` either");
        return ExitCode::from(USAGE);
    }
    let checked = Workspace::find().map_err(Missing::Broken).and_then(|workspace| check(&workspace));
    match checked {
        Ok(()) => ExitCode::SUCCESS,
        // Not everybody who builds this has Python or a network, and neither is a fault of the code.
        Err(Missing::Skip(why)) => {
            println!("\n!!!!!!!! SKIPPED: the official Python SDK was NOT run against the emulator");
            println!("!!!!!!!! because {why}");
            ExitCode::SUCCESS
        }
        Err(Missing::Broken(why)) => {
            eprintln!("\nsdk: FAILED: {why}");
            ExitCode::FAILURE
        }
    }
}

fn check(workspace: &Workspace) -> Result<(), Missing> {
    let python = python::with_requirements(workspace, &workspace.root().join(REQUIREMENTS))?;
    let emulator = Emulator::start(workspace, TOKEN).map_err(Missing::Broken)?;
    println!("==> {SCRIPT} against {}", emulator.base_url());
    let status = Command::new(python)
        .arg(workspace.root().join(SCRIPT))
        .args([emulator.base_url(), TOKEN])
        // No compiled files beside the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Missing::Broken(format!("{SCRIPT} did not start: {error}")))?;
    if status.success() { Ok(()) } else { Err(Missing::Broken(format!("{SCRIPT} ended with {status}"))) }
}
