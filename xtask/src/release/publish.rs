//! The last step: commit, tag, registry. Whatever has been done is left out.

use anyhow::{Context, Result, bail, ensure};
use semver::Version;

use super::Release;
use super::version::{State, notes, subject, tag};
use crate::shell::{capture, cargo, git, published};

pub(super) fn publish(release: &Release<'_>) -> Result<String> {
    let Release { sh, options, plan, .. } = release;
    let (there, lacking) = on_registry(release, &plan.target)?;
    if !options.execute {
        return Ok(format!("would publish: {}", lacking.join(", ")));
    }
    let unchanged =
        git(sh, "rev-parse HEAD").read()? == plan.head && git(sh, "status --porcelain").read()?.is_empty();
    ensure!(unchanged, "the tree has changed since it was checked: commit, and begin again");
    if plan.state == State::Fresh {
        git(sh, "fetch --quiet --no-tags").arg(release.copy.current_dir()).arg("HEAD").run()?;
        git(sh, "merge --quiet --ff-only FETCH_HEAD").run()?;
    }
    if let Some(commit) = tag(sh, &plan.target) {
        let head = git(sh, "rev-parse HEAD").read()?;
        ensure!(commit == head, "the tag is on another commit, {commit}");
    } else {
        let notes = notes(&sh.read_file("CHANGELOG.md")?, &plan.target)?;
        let message = format!("{}\n\n{notes}", subject(&plan.target));
        // Verbatim: headings begin with `#`, as comments do.
        let name = format!("v{}", plan.target);
        git(sh, "tag --annotate --cleanup=verbatim --message").args([message, name]).run()?;
    }
    if lacking.is_empty() {
        return Ok("the registry has every crate: there is nothing left to do".to_owned());
    }
    // Cargo knows the order, and waits until the index has what was uploaded.
    let publish = cargo(sh, "publish --workspace --locked").args(registry(release));
    let publish = there.iter().fold(publish, |publish, name| publish.args(["--exclude", name]));
    publish.run().context("the commit and the tag are there: the same command finishes the release")?;
    let (there, lacking) = on_registry(release, &plan.target)?;
    ensure!(lacking.is_empty(), "the registry lacks {}: run the same command again", lacking.join(", "));
    Ok(format!("{} is tagged, and the registry has all {} crates", plan.target, there.len()))
}

/// Checks that the version is free, and that the last one was published completely.
pub(super) fn nothing_in_between(release: &Release<'_>) -> Result<()> {
    let (there, _) = on_registry(release, &release.plan.target)?;
    ensure!(there.is_empty(), "the registry has {} already: choose a later version", there.join(", "));
    let current = &release.plan.current;
    let (there, lacking) = on_registry(release, current)?;
    let lacking = lacking.join(", ");
    ensure!(
        there.is_empty() || lacking.is_empty(),
        "{current} lacks {lacking}: check out v{current} and finish it first"
    );
    Ok(())
}

/// Returns the arguments that name the registry.
pub(super) fn registry<'o>(release: &Release<'o>) -> Vec<&'o str> {
    release.options.registry.as_deref().map_or_else(Vec::new, |name| vec!["--registry", name])
}

/// Returns the crates that the registry has in this version, and those that it lacks.
fn on_registry(release: &Release<'_>, version: &Version) -> Result<(Vec<String>, Vec<String>)> {
    let (mut there, mut lacking) = (Vec::new(), Vec::new());
    for package in published(release.sh)? {
        // Without a name, cargo would find the package in the workspace.
        let registry = release.options.registry.as_deref().unwrap_or("crates-io");
        let info = format!("info --quiet --registry {registry} {}@{version}", package.name);
        match capture(cargo(release.sh, &info)) {
            Ok(_) => there.push(package.name.to_string()),
            Err(error) if error.to_string().contains("could not find `") => {
                lacking.push(package.name.to_string());
            }
            Err(error) => bail!("the registry does not answer: {error}"),
        }
    }
    Ok((there, lacking))
}
