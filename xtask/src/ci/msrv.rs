//! Whether the oldest Rust that will do, does.
//!
//! Clippy knows since when the standard library has what we use; the lint is on in every run of it, and this step sees that it
//! stays. What the language itself has learned since is only found by that compiler.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::Outcome;
use crate::manifest::Manifest;
use crate::process::{program, read, run as run_command};
use crate::tools::{self, Missing};
use crate::workspace::{Workspace, target_folder};

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let path = workspace.root().join("Cargo.toml");
    let manifest = match fs::read_to_string(path) {
        Ok(text) => Manifest::new(text),
        Err(error) => return Outcome::found(vec![format!("Cargo.toml: {error}")]),
    };
    let mut problems = Vec::new();
    if manifest.get("workspace.lints.clippy", "incompatible_msrv") != Some("warn") {
        problems.push("Cargo.toml: the lint `incompatible_msrv` is not on for the workspace".to_owned());
    }
    let Some(oldest) = manifest.get("workspace.package", "rust-version") else {
        problems.push("Cargo.toml names no rust-version".to_owned());
        return Outcome::found(problems);
    };
    Outcome::found(problems).and(check(workspace, oldest))
}

fn check(workspace: &Workspace, oldest: &str) -> Result<(), Missing> {
    let rustup = Rustup { workspace, home: None };
    let (rustup, toolchain) = match rustup.toolchain(oldest) {
        Some(toolchain) => (rustup, toolchain),
        None => Rustup::of_our_own(workspace, oldest)?,
    };
    let mut command = rustup.command(&["run", &toolchain, "cargo", "check", "--quiet"]);
    command.args(["--workspace", "--all-features", "--locked"]);
    command.env("CARGO_TARGET_DIR", target_folder("msrv")?);
    Ok(run_command(command)?)
}

/// Who has the toolchains.
struct Rustup<'w> {
    workspace: &'w Workspace,
    /// Where they are, if not where rustup has those of the user.
    home: Option<PathBuf>,
}

impl<'w> Rustup<'w> {
    /// Beside the other tools, with that toolchain in it: the user's list of toolchains is not ours to add to.
    fn of_our_own(workspace: &'w Workspace, oldest: &str) -> Result<(Self, String), Missing> {
        let rustup = Self { workspace, home: Some(tools::folder()?.join("rustup")) };
        if let Some(toolchain) = rustup.toolchain(oldest) {
            return Ok((rustup, toolchain));
        }
        println!("==> installing Rust {oldest}; this happens once");
        let install = ["toolchain", "install", oldest, "--profile", "minimal", "--no-self-update"];
        let installed = run_command(rustup.command(&install));
        let toolchain = installed.and_then(|()| {
            rustup.toolchain(oldest).ok_or_else(|| "it is not listed after it was installed".to_owned())
        });
        match toolchain {
            Ok(toolchain) => Ok((rustup, toolchain)),
            Err(why) => Err(Missing::Skip(format!(
                "Rust {oldest} cannot be installed, so only the lint has been checked: {why}"
            ))),
        }
    }

    fn toolchain(&self, oldest: &str) -> Option<String> {
        let installed = read(self.command(&["toolchain", "list"])).unwrap_or_default();
        installed.split_whitespace().find(|name| is_of(name, oldest)).map(str::to_owned)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = program(OsStr::new("rustup"), self.workspace.root());
        command.args(args);
        // Cargo puts its own toolchain in the way of any other.
        for name in ["RUSTUP_TOOLCHAIN", "RUSTC", "CARGO", "RUSTDOC"] {
            command.env_remove(name);
        }
        if let Some(home) = &self.home {
            command.env("RUSTUP_HOME", home);
        }
        command
    }
}

/// Whether it is a toolchain of that release: `1.89.0-x86_64-…` of 1.89.
fn is_of(toolchain: &str, release: &str) -> bool {
    toolchain.strip_prefix(release).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_is_known_by_its_release() {
        for name in ["1.89", "1.89.0", "1.89.0-x86_64-unknown-linux-gnu", "1.89-x86_64-unknown-linux-gnu"] {
            assert!(is_of(name, "1.89"), "{name}");
        }
        for name in ["1.8", "1.890", "stable-x86_64-unknown-linux-gnu", "nightly"] {
            assert!(!is_of(name, "1.89"), "{name}");
        }
    }
}
