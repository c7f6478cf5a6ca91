//! The copy in which everything happens until all of it has gone well, and the commit that is made there.

use std::fs;
use std::path::Path;

use super::ground::{Plan, State, read_file, subject};
use super::{Release, bump, changelog};
use crate::git::{does, maybe, said};
use crate::process::{cargo, read};
use crate::today::today;
use crate::tools::Missing;
use crate::workspace::{APART, Workspace};

/// Where the version is named as users ask for it.
const EXAMPLES: &[&str] = &["*README.md", "tests/consumers/*/Cargo.toml"];

/// Makes the copy, and in it the commit of the release.
pub(super) fn make(release: &Release) -> Result<String, Missing> {
    let Release { workspace, copy, plan, .. } = release;
    clone(workspace, copy.root(), &plan.head)?;
    if plan.state == State::Committed {
        return Ok(format!("the commit {} as it is", subject(plan.target)));
    }
    raise(copy, plan)?;
    does(copy.root(), &["commit", "--quiet", "--all", "--message", &subject(plan.target)])?;
    let changed = said(copy.root(), &["show", "--stat", "--format=", "HEAD"])?;
    println!("{changed}");
    Ok(format!("`{}` is committed in a copy", subject(plan.target)))
}

/// A clone with nothing of the tree but what is committed.
pub(super) fn clone(workspace: &Workspace, to: &Path, commit: &str) -> Result<(), String> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(|error| format!("{} is in the way: {error}", to.display()))?;
    }
    let root = workspace.root();
    let (from, path) = (root.to_string_lossy(), to.to_string_lossy());
    // The name of a branch that will not be: without one, git explains what it is.
    does(
        root,
        &["-c", "init.defaultBranch=main", "clone", "--quiet", "--shared", "--no-checkout", &from, &path],
    )?;
    // Who commits there is who commits here.
    for key in ["user.name", "user.email"] {
        if let Some(value) = maybe(root, &["config", key]) {
            does(to, &["config", key, &value])?;
        }
    }
    does(to, &["checkout", "--quiet", "--detach", commit])
}

/// Raises the version wherever it is named.
fn raise(copy: &Workspace, plan: &Plan) -> Result<(), Missing> {
    let Plan { current: old, target: new, .. } = *plan;
    let names = copy.members()?;
    edit(copy, "Cargo.toml", |text| bump::manifest(text, old, new))?;
    edit(copy, "CHANGELOG.md", |text| changelog::released(text, new, &today()?))?;
    for folder in workspaces() {
        edit(copy, &format!("{folder}/Cargo.lock"), |text| Ok(bump::lock(text, &names, old, new)))?;
    }
    let listed = said(copy.root(), &[&["ls-files", "--"], EXAMPLES].concat())?;
    for name in listed.lines() {
        edit(copy, name, |text| Ok(bump::requirements(text, old, new)))?;
    }
    // Cargo has the last word: with a lock file that does not fit, this fails.
    for folder in workspaces() {
        let manifest = format!("{folder}/Cargo.toml");
        let args = ["metadata", "--format-version", "1", "--locked", "--manifest-path", &manifest];
        read(cargo(copy, &args)).map_err(|error| format!("the lock file does not fit: {error}"))?;
    }
    Ok(())
}

/// Those that have a lock file with our crates in it.
fn workspaces() -> impl Iterator<Item = &'static str> {
    std::iter::once(".").chain(APART)
}

fn edit(copy: &Workspace, name: &str, change: impl Fn(&str) -> Result<String, String>) -> Result<(), String> {
    let text = read_file(copy, name)?;
    let changed = change(&text)?;
    if changed == text {
        return Ok(());
    }
    fs::write(copy.root().join(name), changed).map_err(|error| format!("{name} cannot be written: {error}"))
}
