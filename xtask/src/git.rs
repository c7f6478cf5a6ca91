//! Asking git.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::{read, run};

/// A command of git in a repository.
pub(crate) fn git(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(args).stdin(Stdio::null());
    // Set while a hook runs, and then about the repository of the hook.
    command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    command
}

/// What it printed, without the end of the line.
pub(crate) fn said(root: &Path, args: &[&str]) -> Result<String, String> {
    read(git(root, args)).map(|text| text.trim_end().to_owned())
}

/// Does it.
pub(crate) fn does(root: &Path, args: &[&str]) -> Result<(), String> {
    run(git(root, args))
}

/// What it printed, if it succeeded. What it complains about is passed over.
pub(crate) fn maybe(root: &Path, args: &[&str]) -> Option<String> {
    let output = git(root, args).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}
