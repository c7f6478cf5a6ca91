//! The steps that are one call of cargo.

use std::process::Command;

use super::Outcome;
use crate::process::{cargo, run};
use crate::workspace::{Workspace, target_folder};

pub(super) fn fmt(workspace: &Workspace) -> Outcome {
    one(cargo(workspace, &["fmt", "--all", "--check"]))
}

pub(super) fn clippy(workspace: &Workspace) -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    one(cargo(workspace, &args))
}

/// As the README has it.
pub(super) fn tests(workspace: &Workspace) -> Outcome {
    one(cargo(workspace, &["test", "--workspace", "--all-features"]))
}

pub(super) fn docs(workspace: &Workspace) -> Outcome {
    let mut command = cargo(workspace, &["doc", "--workspace", "--all-features", "--no-deps"]);
    // Of rustdoc alone: RUSTFLAGS would rebuild every dependency.
    command.env("RUSTDOCFLAGS", "-D warnings");
    one(command)
}

/// Without libFuzzer, which wants a C++ compiler: what is looked for here is targets that no longer fit the code, and what a
/// short run finds. The long run is `cargo xtask fuzz`.
pub(super) fn fuzz(workspace: &Workspace) -> Outcome {
    // The corpus, and each of its files some hundreds of times with changes.
    let smoke = cargo(workspace, &["test", "--package", "radar-ct-tests", "--test", "fuzz_smoke"]);
    of_its_own(workspace, "fuzz", &["--no-default-features"]).and(run(smoke))
}

/// Programs that no longer fit the code. What they measure is for `cargo xtask bench`.
pub(super) fn benches(workspace: &Workspace) -> Outcome {
    of_its_own(workspace, "benches", &[])
}

/// What `fmt` and `clippy` pass by, since it is a workspace of its own.
fn of_its_own(workspace: &Workspace, folder: &str, features: &[&str]) -> Outcome {
    let manifest = format!("{folder}/Cargo.toml");
    let manifest = ["--manifest-path", manifest.as_str()];
    let fmt = cargo(workspace, &[&["fmt"], &manifest[..], &["--check"]].concat());
    let mut clippy =
        cargo(workspace, &[&["clippy", "--locked", "--all-targets"], &manifest[..], features].concat());
    match target_folder(folder) {
        Ok(built) => clippy.arg("--target-dir").arg(built.join("check")),
        Err(problem) => return Outcome::found(vec![problem]),
    };
    clippy.args(["--", "-D", "warnings"]);
    Outcome::from(run(fmt)).and(run(clippy))
}

fn one(command: Command) -> Outcome {
    run(command).into()
}
