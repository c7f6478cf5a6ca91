//! No word is misspelt, in code, documents and help alike.
//!
//! The program `typos` comes as a wheel, which is there in seconds; from its crate it would be minutes.

use std::ffi::OsStr;

use super::Outcome;
use crate::process::{program, run as run_command};
use crate::python::{Environment, with_requirements};
use crate::tools::Missing;
use crate::workspace::Workspace;

const ENVIRONMENT: Environment =
    Environment { folder: "spelling-venv", requirements: "xtask/spelling/requirements.txt", minor: 9 };

const RULES: &str = "xtask/spelling/typos.toml";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    check(workspace).into()
}

fn check(workspace: &Workspace) -> Result<(), Missing> {
    let python = with_requirements(workspace, &ENVIRONMENT)?;
    let mut typos = program(python.with_file_name("typos").as_os_str(), workspace.root());
    typos.args([OsStr::new("--config"), OsStr::new(RULES)]);
    run_command(typos).map_err(|problem| {
        Missing::Broken(format!("{problem}: mend the word, or if it is right say so in {RULES}"))
    })
}
