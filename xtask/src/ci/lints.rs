//! The steps that are one call of cargo.

use std::process::Command;

use super::Outcome;
use crate::process::{cargo, run};
use crate::workspace::Workspace;

pub(super) fn fmt(workspace: &Workspace) -> Outcome {
    one(cargo(workspace, &["fmt", "--all", "--check"]))
}

pub(super) fn clippy(workspace: &Workspace) -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    one(cargo(workspace, &args))
}

pub(super) fn docs(workspace: &Workspace) -> Outcome {
    let mut command = cargo(workspace, &["doc", "--workspace", "--all-features", "--no-deps"]);
    // Of rustdoc alone: RUSTFLAGS would rebuild every dependency.
    command.env("RUSTDOCFLAGS", "-D warnings");
    one(command)
}

fn one(command: Command) -> Outcome {
    run(command).map_err(|problem| vec![problem])
}
