//! The steps that are one call of cargo.

use std::process::Command;

use super::Outcome;
use crate::fuzz::folder as target_folder;
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

/// A workspace of its own, so that the steps above pass it by. Without libFuzzer, which wants a C++ compiler: what is
/// looked for here is targets that no longer fit the code, and what a short run finds. The long run is `cargo xtask fuzz`.
pub(super) fn fuzz(workspace: &Workspace) -> Outcome {
    let manifest = ["--manifest-path", "fuzz/Cargo.toml"];
    let fmt = cargo(workspace, &[&["fmt"], &manifest[..], &["--check"]].concat());
    let mut clippy = cargo(workspace, &[&["clippy"], &manifest[..], &["--no-default-features"]].concat());
    match target_folder() {
        Ok(folder) => clippy.arg("--target-dir").arg(folder.join("check")),
        Err(problem) => return Outcome::found(vec![problem]),
    };
    clippy.args(["--all-targets", "--", "-D", "warnings"]);
    // The corpus, and each of its files some hundreds of times with changes.
    let smoke = cargo(workspace, &["test", "--package", "radar-ct-tests", "--test", "fuzz_smoke"]);
    let problems: Vec<_> =
        [fmt, clippy, smoke].into_iter().filter_map(|command| run(command).err()).collect();
    Outcome::found(problems)
}

fn one(command: Command) -> Outcome {
    run(command).into()
}
