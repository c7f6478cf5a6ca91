//! The last step: commit, tag, publish. Each is left out where it has been done.

use super::ground::{State, read_file, subject};
use super::registry::Registry;
use super::{Release, changelog};
use crate::git::{does, maybe, said};
use crate::process::{cargo, run};
use crate::tools::Missing;

/// Does it, or says what would be done.
pub(super) fn run_step(release: &Release) -> Result<String, Missing> {
    let Release { workspace, asked, plan, .. } = release;
    let (target, tag) = (plan.target, plan.target.tag());
    let registry = Registry::new(workspace, asked.registry.as_deref());
    let packages = workspace.published()?;
    let (there, lacking) = registry.split(&packages, target)?;
    if !there.is_empty() {
        println!("  {} has {} at {target} already", registry.name(), there.join(", "));
    }
    if !asked.execute {
        return Ok(would(&tag, registry.name(), plan.state, &lacking));
    }
    commit(release)?;
    tag_it(release, &tag)?;
    if lacking.is_empty() {
        return Ok(format!("{} has every crate at {target}: there is nothing left to do", registry.name()));
    }
    // No `--allow-dirty` and no `--no-verify`, whatever happens. The order, and the waiting until the index shows what has
    // been uploaded, are cargo's.
    let mut command = cargo(workspace, &["publish", "--workspace", "--locked"]);
    command.args(registry.args()).env("CARGO_TARGET_DIR", release.build());
    for package in &there {
        command.args(["--exclude", package]);
    }
    run(command).map_err(|error| {
        format!("{error}\nthe commit and {tag} are there; when the cause is mended, the same command goes on from here")
    })?;
    let (_, lacking) = registry.split(&packages, target)?;
    if !lacking.is_empty() {
        return Err(Missing::Broken(format!(
            "cargo is done, and yet {} lacks {}: wait a moment, then run the same command again",
            registry.name(),
            lacking.join(", ")
        )));
    }
    Ok(format!("{target} is tagged, and {} has all {} crates", registry.name(), packages.len()))
}

fn would(tag: &str, registry: &str, state: State, lacking: &[String]) -> String {
    let before = match state {
        State::Fresh => format!("the commit would come to your branch, {tag} would be made, and "),
        State::Committed => format!("{tag} would be made, and "),
        State::Tagged => String::new(),
    };
    if lacking.is_empty() {
        format!("{before}nothing would be published: {registry} has every crate")
    } else {
        format!("{before}these would go to {registry}: {}", lacking.join(", "))
    }
}

/// Brings the very commit that was checked.
fn commit(release: &Release) -> Result<(), String> {
    let Release { workspace, copy, plan, .. } = release;
    let root = workspace.root();
    // It took a while: what has changed in the meantime was not looked at.
    if said(root, &["rev-parse", "HEAD"])? != plan.head || !said(root, &["status", "--porcelain"])?.is_empty()
    {
        return Err("the tree has changed while it was checked: commit that, and begin again".to_owned());
    }
    if plan.state != State::Fresh {
        return Ok(());
    }
    does(root, &["fetch", "--quiet", "--no-tags", &copy.root().to_string_lossy(), "HEAD"])?;
    does(root, &["merge", "--quiet", "--ff-only", "FETCH_HEAD"])?;
    println!("  committed: {}", subject(plan.target));
    Ok(())
}

fn tag_it(release: &Release, tag: &str) -> Result<(), String> {
    let root = release.workspace.root();
    let head = said(root, &["rev-parse", "HEAD"])?;
    if let Some(commit) =
        maybe(root, &["rev-parse", "--verify", "--quiet", &format!("refs/tags/{tag}^{{commit}}")])
    {
        return if commit == head {
            Ok(())
        } else {
            Err(format!("the tag {tag} is on another commit, {commit}"))
        };
    }
    let text = read_file(&release.workspace, "CHANGELOG.md")?;
    let notes = changelog::notes(&text, release.plan.target).unwrap_or_default();
    let message = format!("{}\n\n{notes}", subject(release.plan.target));
    // As it is: what begins with `#` is a heading here, and no remark for whoever edits the message.
    does(root, &["tag", "--annotate", "--cleanup=verbatim", "--message", &message, tag])?;
    println!("  tagged: {tag}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_done_depends_on_what_has_been() {
        let lacking = ["a".to_owned(), "b".to_owned()];
        assert!(would("v1.0.0", "r", State::Fresh, &lacking).starts_with("the commit would come"));
        assert_eq!(would("v1.0.0", "r", State::Tagged, &lacking), "these would go to r: a, b");
        assert!(would("v1.0.0", "r", State::Tagged, &[]).contains("nothing would be published"));
    }
}
