//! `cargo xtask release`: from the checks to the registry.
//!
//! Everything happens in a copy, up to the commit. Only when all checks have passed does that commit come to
//! the branch, is the tag made and are the crates published.

mod consumers;
mod dist;
mod loopback;
mod packages;
mod publish;
mod self_test;
mod version;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use semver::Version;
use xshell::Shell;

use crate::shell::{self, Skip, capture, flags, git, libraries, target, try_git};
use crate::tools::SEMVER_CHECKS;
use crate::{api, ci};
use version::{Plan, State};

#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Options {
    /// patch, minor, major, or a version such as 1.2.3.
    #[arg(required_unless_present = "self_test")]
    wanted: Option<String>,
    /// Makes the release instead of rehearsing it.
    #[arg(long)]
    execute: bool,
    /// Fails if a step cannot run here; implied by `--execute`.
    #[arg(long)]
    strict: bool,
    /// Accepts removed lines of docs/api that no user's code can notice.
    #[arg(long)]
    api_reviewed: bool,
    /// Publishes to another registry of cargo's configuration.
    #[arg(long, value_name = "NAME")]
    registry: Option<String>,
    /// Leaves a step out; not in a release to crates.io.
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Tests the release itself, against a registry on loopback.
    #[arg(long)]
    self_test: bool,
}

/// A release in progress.
struct Release<'a> {
    sh: &'a Shell,
    /// The copy, at the commit of the release.
    copy: Shell,
    options: &'a Options,
    plan: Plan,
}

type Step = (&'static str, &'static str, fn(&Release<'_>) -> Result<String>);

const STEPS: &[Step] = &[
    ("version", "makes the commit in a copy: versions, lock files, changelog", version::commit),
    ("ci", "runs `cargo xtask ci --all` in the copy", checks),
    ("semver", "checks the libraries by the rules of semantic versioning", semver_checks),
    ("api", "compares docs/api with the last release, line by line", public_api),
    ("packages", "packs the crates, and compares their files with the commit", packages::pack),
    ("consumers", "builds and runs tests/consumers with the packed crates, offline", consumers::check),
    ("dist", "builds the program with completions, man pages, bill of materials and checksums", dist::build),
    ("publish", "brings the commit to the branch, makes the tag and publishes", publish::publish),
];

/// Describes all steps.
pub(crate) fn steps() -> String {
    format!(
        "Steps:\n{}",
        STEPS.iter().map(|(name, help, _)| format!("  {name:<10} {help}\n")).collect::<String>()
    )
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let Some(wanted) = &options.wanted else { return self_test::run(sh) };
    ensure!(
        options.skip.is_empty() || !options.execute || options.registry.is_some(),
        "a release to crates.io leaves no step out"
    );
    let plan = version::plan(sh, wanted)?;
    println!("==> {plan}");
    let release = Release { sh, copy: shell::at(&copy_folder()?)?, options, plan };
    if release.plan.state == State::Fresh && options.execute {
        publish::nothing_in_between(&release)?;
    }
    let mut summary = String::new();
    for (name, help, step) in STEPS {
        if release.plan.state == State::Tagged && *name != "publish" {
            continue;
        }
        println!("\n==> {name}: {help}");
        let began = Instant::now();
        let outcome = if options.skip.iter().any(|skip| skip == name) {
            "!!!!!!!! LEFT OUT".to_owned()
        } else {
            match step(&release) {
                Ok(outcome) => outcome,
                Err(error) if error.is::<Skip>() && !options.strict && !options.execute => {
                    format!("!!!!!!!! SKIPPED: {error:#}")
                }
                Err(error) => return Err(error.context(format!("the step {name} failed"))),
            }
        };
        let line = format!("{name:<10}{:>7.1} s  {outcome}\n", began.elapsed().as_secs_f64());
        println!("<== {line}");
        summary += &line;
    }
    println!("\n{}\n{summary}", release.plan);
    if options.execute {
        println!("now run: git push --atomic origin HEAD v{}", release.plan.target);
    } else {
        println!("rehearsed: nothing outside the target folder has changed");
    }
    Ok(())
}

fn copy_folder() -> Result<PathBuf> {
    target("releasing/copy")
}

/// Runs the checks with this program, and with the target folder of the workspace: dependencies are built
/// once.
fn checks(release: &Release<'_>) -> Result<String> {
    let strict = release.options.strict || release.options.execute;
    let skipped = ci::run(&release.copy, &ci::Options { all: true, strict, ..ci::Options::default() })?;
    Ok(if skipped.is_empty() {
        "passed".to_owned()
    } else {
        format!("passed, but SKIPPED {}", skipped.join(", "))
    })
}

fn semver_checks(release: &Release<'_>) -> Result<String> {
    match &release.plan.previous {
        Some(previous) => by_the_rules(&release.copy, previous),
        None => Ok("there is no earlier release".to_owned()),
    }
}

fn by_the_rules(sh: &Shell, previous: &Version) -> Result<String> {
    let packages = flags(&libraries(sh)?);
    let check = format!("semver-checks check-release --color=never --baseline-rev v{previous} {packages}");
    let text =
        capture(SEMVER_CHECKS.command(sh, &check)?).context("users of the last release would break")?;
    Ok(text.lines().filter(|line| line.contains("Summary")).collect::<Vec<_>>().join("; "))
}

fn public_api(release: &Release<'_>) -> Result<String> {
    let Plan { previous, target, .. } = &release.plan;
    let Some(previous) = previous else { return Ok("there is no earlier release".to_owned()) };
    line_by_line(&release.copy, previous, target, release.options.api_reviewed)
}

/// The rules of `semver` are blind to changed types. The lines of docs/api, which `ci` compares with the
/// code, are not.
fn line_by_line(sh: &Shell, previous: &Version, target: &Version, reviewed: bool) -> Result<String> {
    let diff = git(sh, &format!("diff --unified=0 v{previous} -- {}", api::FOLDER)).read()?;
    let lines = |sign: &str| {
        diff.lines().filter(|line| line.starts_with(sign) && !line.starts_with(&sign.repeat(3))).count()
    };
    let (removed, added) = (lines("-"), lines("+"));
    let outcome = format!("{removed} public items removed or changed, {added} added or changed");
    if removed > 0 && !version::breaks(target, previous) && !reviewed {
        bail!("{diff}\n{outcome}: revert them, make a breaking release, or say --api-reviewed");
    }
    Ok(outcome)
}

/// Makes or updates a clone of a commit. Files that have not changed keep their times, for cargo.
fn clone(sh: &Shell, folder: &std::path::Path, commit: &str) -> Result<Shell> {
    if !folder.join(".git").exists() {
        sh.create_dir(folder)?;
        let clone = git(sh, "-c init.defaultBranch=main clone --quiet --no-checkout");
        clone.arg(sh.current_dir()).arg(folder).run()?;
    }
    let copy = shell::at(folder)?;
    for key in ["user.name", "user.email"] {
        if let Some(value) = try_git(sh, &format!("config {key}")) {
            git(&copy, "config").args([key, &value]).run()?;
        }
    }
    git(&copy, "fetch --quiet --force --tags").arg(sh.current_dir()).arg("HEAD").run()?;
    git(&copy, &format!("checkout --quiet --force --detach {commit}")).run()?;
    git(&copy, "clean -ffdxq").run()?;
    Ok(copy)
}
