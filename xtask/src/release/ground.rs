//! The first step: what there is to release, and whether this is the place and the moment to do so.

use std::fs;

use super::Release;
use super::asked::Asked;
use super::changelog;
use super::registry::Registry;
use super::version::{Version, Wanted};
use crate::git::{maybe, said};
use crate::manifest::Manifest;
use crate::process::{cargo, compiler, read};
use crate::tools::{AUDITABLE, CYCLONEDX, Missing, PUBLIC_API, SEMVER_CHECKS, Tool};
use crate::workspace::Workspace;

/// How far this release has come before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing of it is there.
    Fresh,
    /// The commit is there. Everything is checked once more, since nothing says that it was.
    Committed,
    /// The tag is there, which is made when every check has passed: only publishing is left.
    Tagged,
}

/// What is going to happen.
#[derive(Debug)]
pub(super) struct Plan {
    /// The version of the workspace as it is.
    pub(super) current: Version,
    pub(super) target: Version,
    /// The last version with a tag, to compare with.
    pub(super) previous: Option<Version>,
    pub(super) state: State,
    pub(super) head: String,
}

/// The message of the commit that makes a version.
pub(super) fn subject(version: Version) -> String {
    format!("Release {version}")
}

/// Looks around.
pub(super) fn look(workspace: &Workspace, asked: &Asked) -> Result<Plan, Missing> {
    versions(workspace)?;
    let root = workspace.root();
    let dirty = said(root, &["status", "--porcelain"])?;
    if !dirty.is_empty() {
        return Err(Missing::Broken(format!("the tree is not clean; commit or remove:\n{dirty}")));
    }
    let head = said(root, &["rev-parse", "HEAD"])?;
    let current = current(workspace)?;
    let fresh = changelog::is_fresh(&read_file(workspace, "CHANGELOG.md")?)?;
    let tagged = maybe(
        root,
        &["rev-parse", "--verify", "--quiet", &format!("refs/tags/{}^{{commit}}", current.tag())],
    );
    let is_its_commit = said(root, &["log", "-1", "--format=%s"])? == subject(current);
    let here = Here { current, fresh, is_its_commit, tag: tagged.map(|commit| commit == head) };
    let (target, state) = decide(asked.wanted, &here)?;
    on_a_tip(workspace, state)?;
    if state == State::Fresh && asked.execute {
        is_free(workspace, asked, target)?;
        previous_is_whole(workspace, asked, current)?;
    }
    let previous = match state {
        State::Tagged => None,
        _ => maybe(root, &["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD"]),
    };
    let previous = previous.map(|tag| tag.trim_start_matches('v').parse()).transpose()?;
    Ok(Plan { current, target, previous, state, head })
}

/// What is known of the last version where we are.
#[derive(Debug, Clone, Copy)]
struct Here {
    current: Version,
    /// Whether nothing is unreleased.
    fresh: bool,
    /// Whether the last commit is the one that made the version.
    is_its_commit: bool,
    /// Whether its tag is on the last commit, if there is one.
    tag: Option<bool>,
}

/// A release that was cut is recognised by its commit and its tag, so that the same command finishes it.
fn decide(wanted: Wanted, here: &Here) -> Result<(Version, State), String> {
    let Here { current, fresh, is_its_commit, tag } = *here;
    let meant = !matches!(wanted, Wanted::Exactly(version) if version != current);
    match tag {
        Some(true) if meant && fresh => return Ok((current, State::Tagged)),
        None if meant && fresh && is_its_commit => return Ok((current, State::Committed)),
        _ => {}
    }
    let target = current.next(wanted);
    if target < current {
        Err(format!("the workspace is at {current} already, so that {target} would be a step back"))
    } else if target == current && tag.is_some() {
        let tag = current.tag();
        Err(format!(
            "{tag} is a tag already: name a later version, or go to {tag} to finish it (git checkout {tag})"
        ))
    } else {
        Ok((target, State::Fresh))
    }
}

/// A release is made where the next one will go on, and not beside it.
fn on_a_tip(workspace: &Workspace, state: State) -> Result<(), String> {
    let root = workspace.root();
    let Some(branch) = maybe(root, &["symbolic-ref", "--quiet", "--short", "HEAD"]) else {
        // What is left to do changes no branch.
        let finishing = state == State::Tagged;
        return if finishing {
            Ok(())
        } else {
            Err("no branch is checked out: git switch BRANCH".to_owned())
        };
    };
    println!("  branch: {branch}");
    let behind = maybe(root, &["rev-list", "--count", "HEAD..@{upstream}"]);
    match behind.as_deref() {
        None | Some("0") => Ok(()),
        Some(count) => Err(format!("{branch} is {count} commits behind its upstream: git pull --ff-only")),
    }
}

/// What is published stays: a version that somebody has cannot be made again.
fn is_free(workspace: &Workspace, asked: &Asked, version: Version) -> Result<(), String> {
    let registry = Registry::new(workspace, asked.registry.as_deref());
    let (there, _) = registry.split(&workspace.published()?, version)?;
    if there.is_empty() {
        return Ok(());
    }
    Err(format!("{} has {version} of {} already: choose a later one", registry.name(), there.join(", ")))
}

/// A version of which some crates are published and some are not has to be finished first: afterwards nobody thinks of it.
fn previous_is_whole(workspace: &Workspace, asked: &Asked, version: Version) -> Result<(), String> {
    let registry = Registry::new(workspace, asked.registry.as_deref());
    let (there, lacking) = registry.split(&workspace.published()?, version)?;
    if there.is_empty() || lacking.is_empty() {
        return Ok(());
    }
    let tag = version.tag();
    Err(format!(
        "{version} is published by half, without {}: finish it first, with `git checkout {tag}` and \
         `cargo xtask release {version} --execute`",
        lacking.join(", ")
    ))
}

/// The version of the workspace.
pub(super) fn current(workspace: &Workspace) -> Result<Version, String> {
    let manifest = Manifest::new(read_file(workspace, "Cargo.toml")?);
    let version = manifest.get("workspace.package", "version");
    version.ok_or("Cargo.toml names no version of the workspace")?.parse()
}

pub(super) fn read_file(workspace: &Workspace, name: &str) -> Result<String, String> {
    fs::read_to_string(workspace.root().join(name)).map_err(|error| format!("{name} cannot be read: {error}"))
}

/// With what it is done.
fn versions(workspace: &Workspace) -> Result<(), String> {
    println!("  {}", read(cargo(workspace, &["--version"]))?.trim());
    println!("  {}", compiler(workspace)?);
    println!(
        "  {}",
        said(workspace.root(), &["--version"]).map_err(|error| format!("{error}; install git"))?
    );
    for Tool { name, version } in [SEMVER_CHECKS, PUBLIC_API, AUDITABLE, CYCLONEDX] {
        println!("  {name} {version}");
    }
    Ok(())
}

impl Release {
    /// What is released, in a line.
    pub(super) fn described(plan: &Plan) -> String {
        let Plan { current, target, previous, state, .. } = plan;
        match (state, previous) {
            (State::Tagged, _) => {
                format!("{target}, whose commit and tag are there; what the registry lacks is left")
            }
            (State::Committed, _) => format!("{target}, whose commit is there"),
            (State::Fresh, None) => format!("{target}, the first release"),
            (State::Fresh, Some(_)) => format!("{current} -> {target}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    fn decided(
        wanted: &str,
        fresh: bool,
        is_its_commit: bool,
        tag: Option<bool>,
    ) -> Result<(String, State), String> {
        let here = Here { current: version("0.1.0"), fresh, is_its_commit, tag };
        decide(wanted.parse().unwrap(), &here).map(|(version, state)| (version.to_string(), state))
    }

    #[test]
    fn after_a_release_comes_the_next() {
        assert_eq!(decided("patch", false, false, Some(false)), Ok(("0.1.1".to_owned(), State::Fresh)));
        assert_eq!(decided("0.2.0", false, false, Some(false)), Ok(("0.2.0".to_owned(), State::Fresh)));
    }

    #[test]
    fn the_first_may_have_the_version_that_is_there() {
        assert_eq!(decided("0.1.0", false, false, None), Ok(("0.1.0".to_owned(), State::Fresh)));
        assert_eq!(decided("patch", false, false, None), Ok(("0.1.1".to_owned(), State::Fresh)));
    }

    #[test]
    fn what_was_cut_is_finished_by_the_same_command() {
        for wanted in ["patch", "minor", "0.1.0"] {
            assert_eq!(decided(wanted, true, true, Some(true)), Ok(("0.1.0".to_owned(), State::Tagged)));
            assert_eq!(decided(wanted, true, true, None), Ok(("0.1.0".to_owned(), State::Committed)));
        }
    }

    #[test]
    fn no_version_is_made_twice_and_none_goes_back() {
        assert!(decided("0.1.0", false, false, Some(false)).is_err());
        assert!(decided("0.0.9", false, false, Some(true)).is_err());
    }
}
