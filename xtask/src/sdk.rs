//! `cargo xtask sdk`: the official Python SDK against the emulator.
//!
//! Everything else here was written by the people who wrote the emulator; the SDK was not, so it notices what they all
//! got wrong alike. First by checks of ours, then by the tests that the SDK's authors wrote for it.

use std::process::ExitCode;

use crate::emulator::Emulator;
use crate::python::{self, Environment, script};
use crate::tools::Missing;
use crate::workspace::Workspace;
use crate::{Command as Task, conclude, no_arguments};

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
    conclude("sdk", no_arguments("sdk", args), |workspace, ()| {
        let not_done = "the official Python SDK was NOT run against the emulator with all its tests";
        python::or_skipped(not_done, check(workspace))
    })
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
