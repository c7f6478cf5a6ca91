//! Whether the oldest versions that our manifests ask for will do: a user's lock file may have them.
//!
//! Our own requirements alone are taken at their word: those of our dependencies are theirs to keep.

use std::fs;
use std::io;
use std::path::Path;

use super::Outcome;
use crate::files;
use crate::process::{cargo_in, run as run_command};
use crate::workspace::{Workspace, target_folder};

/// What the workspace is made of, as far as building it goes.
const PARTS: &[&str] = &["Cargo.toml", "README.md", "crates", "tests", "xtask"];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    check(workspace).into()
}

fn check(workspace: &Workspace) -> Result<(), String> {
    let folder = target_folder("minimal")?;
    let copied = folder.join("copy");
    copy_to(workspace.root(), &copied).map_err(|error| format!("no copy of the workspace: {error}"))?;

    // Only cargo is told that it may: the code is built as ever.
    let mut resolve = cargo_in(&copied, &["generate-lockfile", "--quiet", "-Z", "direct-minimal-versions"]);
    resolve.env("RUSTC_BOOTSTRAP", "1");
    run_command(resolve).map_err(|problem| {
        format!(
            "{problem}: another dependency asks for more than we do, so raise the requirement in Cargo.toml"
        )
    })?;

    let mut build = cargo_in(&copied, &["check", "--quiet", "--workspace", "--all-features", "--locked"]);
    build.env("CARGO_TARGET_DIR", folder.join("build"));
    run_command(build).map_err(|problem| {
        format!(
            "{problem}: we use what the oldest version does not have, so raise the requirement in Cargo.toml"
        )
    })
}

/// A fresh copy, without the lock file.
fn copy_to(root: &Path, copied: &Path) -> io::Result<()> {
    if copied.exists() {
        fs::remove_dir_all(copied)?;
    }
    fs::create_dir_all(copied)?;
    PARTS.iter().try_for_each(|part| files::copy(&root.join(part), &copied.join(part)))
}
