//! The version of a release, and every place that names it.

use std::fmt;

use anyhow::{Context, Result, anyhow, ensure};
use chrono::Utc;
use semver::{Version, VersionReq};
use toml_edit::{DocumentMut, value};
use xshell::Shell;

use super::{Release, clone, copy_folder};
use crate::shell::{capture, cargo, git, published, try_git};

/// Returns the version that `patch`, `minor`, `major` or a version itself stands for.
pub(super) fn after(wanted: &str, version: &Version) -> Result<Version> {
    Ok(match wanted {
        "patch" => Version::new(version.major, version.minor, version.patch + 1),
        "minor" => Version::new(version.major, version.minor + 1, 0),
        "major" => Version::new(version.major + 1, 0, 0),
        exact => exact.parse().context("a release is patch, minor, major or a version such as 1.2.3")?,
    })
}

/// Returns whether cargo would keep users of `earlier` away from `version`.
pub(super) fn breaks(version: &Version, earlier: &Version) -> bool {
    !VersionReq::parse(&format!("^{earlier}")).is_ok_and(|compatible| compatible.matches(version))
}

/// The progress of an earlier run of the same command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Fresh,
    /// The commit is there. Nothing tells whether it was checked, so it is checked again.
    Committed,
    /// The tag is there, which is made after all checks: the registry may lack crates.
    Tagged,
}

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) current: Version,
    pub(super) target: Version,
    /// The last release, to compare with.
    pub(super) previous: Option<Version>,
    pub(super) state: State,
    pub(super) head: String,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { current, target, .. } = self;
        match self.state {
            State::Fresh => write!(f, "release {target}, after {current}"),
            State::Committed => write!(f, "release {target}, whose commit is there"),
            State::Tagged => {
                write!(f, "release {target}, whose tag is there: what the registry lacks is left")
            }
        }
    }
}

/// Returns the subject of the commit that makes a version.
pub(super) fn subject(version: &Version) -> String {
    format!("Release {version}")
}

/// Looks at the tree and decides what there is to do.
pub(super) fn plan(sh: &Shell, wanted: &str) -> Result<Plan> {
    let dirty = git(sh, "status --porcelain").read()?;
    ensure!(dirty.is_empty(), "commit or remove what is in the tree:\n{dirty}");
    let head = git(sh, "rev-parse HEAD").read()?;
    let current = published(sh)?.first().context("there are no packages")?.version.clone();
    let released = !has_news(&sh.read_file("CHANGELOG.md")?)
        && git(sh, "log -1 --format=%s").read()? == subject(&current);
    let tag = tag(sh, &current).map(|commit| commit == head);
    let (target, state) = decide(wanted, &current, released, tag)?;
    if try_git(sh, "symbolic-ref --quiet HEAD").is_none() {
        ensure!(state == State::Tagged, "no branch is checked out: git switch BRANCH");
    } else if let Some(behind) = try_git(sh, "rev-list --count HEAD..@{upstream}") {
        ensure!(behind == "0", "the branch is {behind} commits behind its upstream: git pull --ff-only");
    }
    let previous = try_git(sh, "describe --tags --abbrev=0 --match v[0-9]* HEAD");
    let previous = previous.map(|tag| tag.trim_start_matches('v').parse()).transpose()?;
    Ok(Plan { current, target, previous, state, head })
}

/// Returns the commit of a version's tag.
pub(super) fn tag(sh: &Shell, version: &Version) -> Option<String> {
    try_git(sh, &format!("rev-parse --verify --quiet refs/tags/v{version}^{{commit}}"))
}

/// Recognises a release that was cut by its commit and its tag. `tag` is whether the current version's tag,
/// if there is one, is on the last commit.
fn decide(wanted: &str, current: &Version, released: bool, tag: Option<bool>) -> Result<(Version, State)> {
    let is_meant = wanted.parse::<Version>().map_or(true, |exact| exact == *current);
    match tag {
        Some(true) if is_meant && released => return Ok((current.clone(), State::Tagged)),
        None if is_meant && released => return Ok((current.clone(), State::Committed)),
        _ => {}
    }
    let target = after(wanted, current)?;
    ensure!(target >= *current, "{target} is older than {current}");
    ensure!(
        target > *current || tag.is_none(),
        "v{current} exists: name a later version, or check it out to finish it"
    );
    Ok((target, State::Fresh))
}

/// Makes the copy, and in it the commit.
pub(super) fn commit(release: &Release<'_>) -> Result<String> {
    let Plan { current, target, state, head, .. } = &release.plan;
    let copy = clone(release.sh, &copy_folder()?, head)?;
    if *state == State::Fresh {
        raise(&copy, current, target)?;
        git(&copy, "commit --quiet --all --message").arg(subject(target)).run()?;
        println!("{}", git(&copy, "show --stat --format= HEAD").read()?);
    }
    Ok(subject(target))
}

#[expect(clippy::indexing_slicing, reason = "members of a TOML document are made where they are missing")]
fn raise(copy: &Shell, old: &Version, new: &Version) -> Result<()> {
    let mut manifest: DocumentMut = copy.read_file("Cargo.toml")?.parse()?;
    manifest["workspace"]["package"]["version"] = value(new.to_string());
    let dependencies =
        manifest["workspace"]["dependencies"].as_table_like_mut().context("no dependencies")?;
    for (_, dependency) in dependencies.iter_mut().filter(|(_, dependency)| dependency.get("path").is_some())
    {
        dependency["version"] = value(format!("={new}"));
    }
    copy.write_file("Cargo.toml", manifest.to_string())?;

    let changelog =
        released(&copy.read_file("CHANGELOG.md")?, new, &Utc::now().format("%Y-%m-%d").to_string())?;
    copy.write_file("CHANGELOG.md", changelog)?;

    // Where users see how to depend on us.
    let minor = |version: &Version| format!("\"{}.{}\"", version.major, version.minor);
    for file in git(copy, "ls-files -- *README.md tests/consumers/*/Cargo.toml").read()?.lines() {
        let text = copy.read_file(file)?;
        let raised = |line: &str| {
            if line.contains("radar-ct") { line.replace(&minor(old), &minor(new)) } else { line.to_owned() }
        };
        copy.write_file(file, text.lines().map(|line| raised(line) + "\n").collect::<String>())?;
    }
    for folder in ["", "benches/", "fuzz/"] {
        let update = format!("update --workspace --offline --manifest-path {folder}Cargo.toml");
        capture(cargo(copy, &update)).with_context(|| format!("{folder}Cargo.lock"))?;
    }
    Ok(())
}

const UNRELEASED: &str = "## [Unreleased]";

fn has_news(changelog: &str) -> bool {
    let news = changelog.split(UNRELEASED).nth(1).unwrap_or_default();
    news.lines().take_while(|line| !line.starts_with("## ")).any(|line| line.starts_with("- "))
}

/// Puts everything unreleased under a version and a date.
pub(super) fn released(changelog: &str, version: &Version, date: &str) -> Result<String> {
    ensure!(has_news(changelog), "{UNRELEASED} in CHANGELOG.md is empty: write what is new for users");
    ensure!(!changelog.contains(&format!("## [{version}]")), "CHANGELOG.md has {version} already");
    Ok(changelog.replacen(UNRELEASED, &format!("{UNRELEASED}\n\n## [{version}] - {date}"), 1))
}

/// Returns the section of a version.
pub(super) fn notes(changelog: &str, version: &Version) -> Result<String> {
    let (_, rest) = changelog
        .split_once(&format!("## [{version}]"))
        .ok_or_else(|| anyhow!("no section for {version}"))?;
    let lines = rest.lines().skip(1).take_while(|line| !line.starts_with("## "));
    Ok(lines.collect::<Vec<_>>().join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn an_unfinished_release_is_finished_by_the_same_command() {
        let decided = |wanted: &str, released, tag| decide(wanted, &version("0.1.0"), released, tag).ok();
        for wanted in ["patch", "minor", "0.1.0"] {
            assert_eq!(decided(wanted, true, Some(true)), Some((version("0.1.0"), State::Tagged)));
            assert_eq!(decided(wanted, true, None), Some((version("0.1.0"), State::Committed)));
        }
        assert_eq!(decided("patch", false, Some(false)), Some((version("0.1.1"), State::Fresh)));
        // The first release may have the version that is there.
        assert_eq!(decided("0.1.0", false, None), Some((version("0.1.0"), State::Fresh)));
        assert_eq!((decided("0.1.0", false, Some(false)), decided("0.0.9", false, None)), (None, None));
    }

    #[test]
    fn a_changelog_without_news_cannot_be_released() {
        let text = "# Changelog\n\n## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-01-02\n\n- Old.\n";
        let text = released(text, &version("0.1.1"), "2026-02-03").unwrap();
        assert!(
            text.contains("## [Unreleased]\n\n## [0.1.1] - 2026-02-03\n\n- New.\n\n## [0.1.0]"),
            "{text}"
        );
        assert_eq!(notes(&text, &version("0.1.1")).unwrap(), "- New.");
        assert!(released(&text, &version("0.1.2"), "2026-02-03").is_err());
    }
}
