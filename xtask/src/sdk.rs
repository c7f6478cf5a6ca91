//! `cargo xtask sdk`: the official Python SDK against the emulator.
//!
//! Everything else here was written by the people who wrote the emulator; the SDK was not, so it notices what they all
//! got wrong alike. First by checks of ours, then by the tests that the SDK's authors wrote for it.

use std::process::ExitCode;

use crate::emulator::Emulator;
use crate::python::{self, Environment, Missing, script};
use crate::workspace::Workspace;
use crate::{Command as Task, USAGE};

pub(crate) const COMMAND: Task =
    Task { name: "sdk", about: "runs the official Python SDK against the emulator", run };

const ENVIRONMENT: Environment =
    Environment { folder: "sdk-venv", requirements: "tests/python/requirements.txt", minor: 9 };
/// The source distribution of the SDK, which holds its own tests: fetched when they are run, and never kept here.
const SDIST: &str = "tests/python/sdist.txt";
const CHECKS: &str = "tests/python/sdk_against_emulator.py";
const OWN_TESTS: &str = "tests/python/sdk_own_tests.py";

/// Only the emulator knows it, so it is no secret.
const TOKEN: &str = "sdk-check-token";
/// More than the checks before the one of the limit need, and little enough to be used up at once.
const REQUESTS: &str = "200";

fn run(args: &[String]) -> ExitCode {
    if let Some(arg) = args.first() {
        eprintln!("`sdk` takes no arguments, so not `{arg}` either");
        return ExitCode::from(USAGE);
    }
    let checked = Workspace::find().map_err(Missing::Broken).and_then(|workspace| check(&workspace));
    python::conclude(
        "sdk",
        "the official Python SDK was NOT run against the emulator with all its tests",
        checked,
    )
}

fn check(workspace: &Workspace) -> Result<(), Missing> {
    let python = python::with_requirements(workspace, &ENVIRONMENT)?;
    let strict = Emulator::start(workspace, &["--token", TOKEN, "--requests", REQUESTS]);
    let strict = strict.map_err(Missing::Broken)?;
    script(workspace, &python, CHECKS, &[strict.base_url().as_ref(), TOKEN.as_ref()])?;

    let sdist = python::unpacked_sdist(&python, &workspace.root().join(SDIST))?;
    // The SDK's tests have a key of their own.
    let open = Emulator::start(workspace, &[]).map_err(Missing::Broken)?;
    script(workspace, &python, OWN_TESTS, &[sdist.as_os_str(), open.base_url().as_ref()])
}
