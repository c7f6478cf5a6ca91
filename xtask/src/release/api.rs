//! What users would notice: each crate that is a library, compared with the last version.
//!
//! Two checks, since neither sees everything. The one knows the rules and looks at features too, and is blind to a type that
//! has changed; the other compares what is public line by line, and knows no rule.

use std::collections::BTreeSet;
use std::path::Path;

use super::Release;
use super::copy::clone;
use super::version::Version;
use crate::api::libraries;
use crate::process::{capture, program, text};
use crate::rustdoc::public_items;
use crate::tools::{Missing, SEMVER_CHECKS};
use crate::workspace::Workspace;

const FIRST: &str = "there is no earlier version: nothing to compare with";

/// What is compared with what.
pub(super) struct Comparison<'r> {
    pub(super) new: &'r Workspace,
    pub(super) target: Version,
    pub(super) previous: Version,
    pub(super) libraries: Vec<String>,
    /// For what is built.
    pub(super) folder: &'r Path,
}

impl Release {
    fn comparison(&self) -> Result<Option<Comparison<'_>>, String> {
        let Some(previous) = self.plan.previous else { return Ok(None) };
        let libraries = libraries(&self.copy)?;
        Ok(Some(Comparison {
            new: &self.copy,
            target: self.plan.target,
            previous,
            libraries,
            folder: &self.folder,
        }))
    }
}

/// By the rules of semantic versioning.
pub(super) fn semver(release: &Release) -> Result<String, Missing> {
    release.comparison()?.map_or(Ok(FIRST.to_owned()), |comparison| by_the_rules(&comparison))
}

/// Line by line.
pub(super) fn public(release: &Release) -> Result<String, Missing> {
    let reviewed = release.asked.api_reviewed;
    release.comparison()?.map_or(Ok(FIRST.to_owned()), |comparison| line_by_line(&comparison, reviewed))
}

pub(super) fn by_the_rules(comparison: &Comparison<'_>) -> Result<String, Missing> {
    let Comparison { new, target, previous, libraries, folder } = comparison;
    let tool = SEMVER_CHECKS.program(new)?;
    let mut check = program(tool.as_os_str(), new.root());
    check.args(["semver-checks", "check-release", "--color=never", "--baseline-rev", &previous.tag()]);
    for package in libraries {
        check.args(["--package", package]);
    }
    check.env("CARGO_TARGET_DIR", folder.join("build"));
    let output = capture(check)?;
    let said = text(&output);
    println!("{said}");
    if output.status.success() {
        return Ok(format!(
            "{} libraries keep what {previous} promised, as far as {target} has to",
            libraries.len()
        ));
    }
    let broken: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("--- failure ")).collect();
    Err(Missing::Broken(if broken.is_empty() {
        format!("{previous} and {target} could not be compared: what was said above has to be mended")
    } else {
        let broken: Vec<_> = broken.iter().map(|rule| rule.trim_end_matches([' ', '-'])).collect();
        let broken = broken.join("\n  ");
        format!(
            "{target} would break who uses {previous}:\n  {broken}\ntake it back, or release a version that breaks"
        )
    }))
}

pub(super) fn line_by_line(comparison: &Comparison<'_>, reviewed: bool) -> Result<String, Missing> {
    let Comparison { new, target, previous, libraries: wanted, folder } = comparison;
    let old = Workspace::at(folder.join("previous"));
    clone(new, old.root(), &previous.tag())?;
    let build = folder.join("api");
    let (mut gone, mut come) = (0, 0);
    for package in wanted {
        if !libraries(&old)?.contains(package) {
            println!("  {package}: new");
            continue;
        }
        let (before, after) = (public_items(&old, package, &build)?, public_items(new, package, &build)?);
        let (minus, plus) = difference(&before, &after);
        println!(
            "  {package}: {} items, {} gone or changed, {} new",
            after.lines().count(),
            minus.len(),
            plus.len()
        );
        for (sign, lines) in [("-", &minus), ("+", &plus)] {
            for line in lines {
                println!("    {sign} {line}");
            }
        }
        gone += minus.len();
        come += plus.len();
    }
    let said = format!("{gone} public items gone or changed, {come} new or changed since {previous}");
    if gone > 0 && !target.breaks(*previous) && !reviewed {
        return Err(Missing::Broken(format!(
            "{said}, and {target} promises that none is. If nobody's code can notice, say so with --api-reviewed; \
             otherwise take it back, or release a version that breaks"
        )));
    }
    Ok(said)
}

fn difference<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.lines().collect(), after.lines().collect());
    let only = |these: &BTreeSet<&'t str>, those| these.difference(those).copied().collect();
    (only(&before, &after), only(&after, &before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_changed_is_gone_and_new() {
        let (minus, plus) =
            difference("pub fn a()\npub fn b() -> u8\n", "pub fn a()\npub fn b() -> u16\npub fn c()\n");
        assert_eq!(minus, ["pub fn b() -> u8"]);
        assert_eq!(plus, ["pub fn b() -> u16", "pub fn c()"]);
    }
}
