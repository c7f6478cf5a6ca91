//! `cargo xtask recipes`: the recipes of `docs/recipes.md`, run as they stand.
//!
//! What other programs make of our files is theirs to decide, and they change their minds: here each is asked.

use std::process::ExitCode;

use crate::emulator::Emulator;
use crate::process::built;
use crate::python::{self, Environment, script};
use crate::tools::Missing;
use crate::workspace::Workspace;
use crate::{Command as Task, conclude, no_arguments};

pub(crate) const COMMAND: Task =
    Task { name: "recipes", about: "runs the recipes of docs/recipes.md and compares what they give", run };

/// pandas wants the most recent Python of them all.
const ENVIRONMENT: Environment =
    Environment { folder: "recipes-venv", requirements: "tests/python/recipes_requirements.txt", minor: 11 };
const PAGE: &str = "docs/recipes.md";
const CHECKS: &str = "tests/python/recipes.py";
const PACKAGE: &str = "radar-ct-cli";
const PROGRAM: &str = "radar-ct";

fn run(args: &[String]) -> ExitCode {
    conclude("recipes", no_arguments("recipes", args), |workspace, ()| {
        python::or_skipped("the recipes of docs/recipes.md were NOT run", check(workspace))
    })
}

fn check(workspace: &Workspace) -> Result<(), Missing> {
    let python = python::with_requirements(workspace, &ENVIRONMENT)?;
    let program = built(workspace, PACKAGE, PROGRAM).map_err(Missing::Broken)?;
    let emulator = Emulator::start(workspace, &[]).map_err(Missing::Broken)?;
    let page = workspace.root().join(PAGE);
    script(workspace, &python, CHECKS, &[page.as_ref(), program.as_ref(), emulator.base_url().as_ref()])
}
