//! `cargo xtask ci`: a table of checks.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use crate::python::Environment;
use crate::shell::{Skip, capture, cargo, flags, libraries, program, published, target};
use crate::tools::{DENY, HACK, MACHETE, folder};
use crate::{api, external_types, pictures, trees};

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Options {
    /// Runs this step alone; may be repeated.
    #[arg(long, value_name = "STEP", value_parser = clap::builder::PossibleValuesParser::new(names()))]
    pub(crate) only: Vec<String>,
    /// Runs the costly steps, too.
    #[arg(long)]
    pub(crate) all: bool,
    /// Runs everything, and fails if a step is skipped.
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Always,
    /// Costly: it compiles a tool or dependencies, which takes minutes the first time.
    WithAll,
}
use Runs::{Always, WithAll};

type Step = (&'static str, &'static str, Runs, fn(&Shell) -> Result<()>);

#[rustfmt::skip]
const STEPS: &[Step] = &[
    ("fmt", "the code is formatted", Always, fmt),
    ("links", "links in documents lead somewhere (lychee)", Always, links),
    ("spelling", "no word is misspelt (typos)", Always, spelling),
    ("tidy", "crates ship the licences, inherit the lints and list their features", Always, tidy),
    ("external-types", "types of other crates in the public API are listed", Always, external_types::check),
    ("trees", "nobody pulls in what they did not choose", Always, trees::check),
    ("clippy", "no warning in any target", Always, |sh| cargo_once(sh, "clippy --workspace --all-targets --all-features -- -D warnings")),
    ("docs", "the documentation builds without a warning", Always, docs),
    ("pictures", "the pictures in the README are up to date", Always, pictures::check),
    ("msrv", "the oldest supported Rust compiles everything", Always, msrv),
    ("fuzz", "the fuzz targets compile, and a short run finds nothing", Always, fuzz),
    ("features", "every combination of features compiles (cargo-hack)", Always, features),
    ("tests", "all tests pass", WithAll, |sh| cargo_once(sh, "test --quiet --workspace --all-features")),
    ("benches", "the benchmarks compile without a warning", WithAll, |sh| separate(sh, "benches", "")),
    ("docs.rs", "the documentation builds as on docs.rs", WithAll, docs_rs),
    ("public-api", "docs/api is the public API (cargo-public-api)", WithAll, api::check),
    ("unused", "every dependency is used (cargo-machete)", WithAll, unused),
    ("deny", "licences, sources and advisories of dependencies (cargo-deny)", WithAll, deny),
    ("minimal-versions", "the oldest versions of our dependencies work", WithAll, minimal_versions),
];

fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(name, ..)| *name)
}

/// Describes all steps.
pub(crate) fn steps() -> String {
    let line = |(name, help, runs, _): &Step| {
        format!("  {name:<17} {help}{}\n", if *runs == WithAll { " [--all]" } else { "" })
    };
    format!("Steps:\n{}", STEPS.iter().map(line).collect::<String>())
}

/// Runs the steps and returns those that were skipped.
pub(crate) fn run(sh: &Shell, options: &Options) -> Result<Vec<&'static str>> {
    let chosen = |(name, _, runs, _): &&Step| match options.only.as_slice() {
        [] => *runs == Always || options.all || options.strict,
        only => only.iter().any(|wanted| wanted == name),
    };
    let (mut summary, mut failed, mut skipped) = (String::new(), Vec::new(), Vec::new());
    for (name, help, _, check) in STEPS.iter().filter(chosen) {
        println!("\n==> {name}: {help}");
        let began = Instant::now();
        let outcome = match check(sh) {
            Ok(()) => "passed",
            Err(error) if error.is::<Skip>() => {
                println!("!!!!!!!! SKIPPED: {error:#}");
                skipped.push(*name);
                "SKIPPED"
            }
            Err(error) => {
                println!("FAILED: {error:#}");
                failed.push(*name);
                "FAILED"
            }
        };
        summary += &format!("  {name:<17}{:>7.1} s  {outcome}\n", began.elapsed().as_secs_f64());
    }
    println!("\n{summary}");
    let left_out: Vec<_> = STEPS.iter().filter(|step| !chosen(step)).map(|(name, ..)| *name).collect();
    if options.only.is_empty() && !left_out.is_empty() {
        println!("not run without --all: {}", left_out.join(", "));
    }
    if !skipped.is_empty() {
        println!("!!!!!!!! SKIPPED: {}", skipped.join(", "));
    }
    ensure!(failed.is_empty(), "{}", failed.join(", "));
    ensure!(skipped.is_empty() || !options.strict, "with --strict nothing may be skipped");
    println!("everything else passed");
    Ok(skipped)
}

fn cargo_once(sh: &Shell, arguments: &str) -> Result<()> {
    Ok(cargo(sh, arguments).run()?)
}

fn fmt(sh: &Shell) -> Result<()> {
    cargo_once(sh, "fmt --all --check")?;
    ["benches", "fuzz"]
        .iter()
        .try_for_each(|name| cargo_once(sh, &format!("fmt --manifest-path {name}/Cargo.toml --check")))
}

const TEXT: Environment =
    Environment { folder: "text-venv", requirements: "xtask/text/requirements.txt", minor: 9 };

fn links(sh: &Shell) -> Result<()> {
    let files = crate::shell::git(sh, "ls-files *.md").read()?;
    let lychee = TEXT.program(sh, "lychee", "--offline --no-progress --include-fragments --root-dir .")?;
    // Links to items are rustdoc's, and `docs` checks them.
    Ok(lychee.args(["--exclude", "::"]).args(files.lines()).run()?)
}

fn spelling(sh: &Shell) -> Result<()> {
    TEXT.program(sh, "typos", "--config xtask/text/typos.toml")?.run()?;
    Ok(())
}

/// Checks what cargo packages without a complaint.
fn tidy(sh: &Shell) -> Result<()> {
    let readme = sh.read_file("README.md")?;
    for package in published(sh)? {
        let (name, folder) = (&package.name, package.manifest_path.parent().context("no folder")?);
        let lints = sh.read_file(&package.manifest_path)?.contains("[lints]\nworkspace = true");
        ensure!(lints && package.readme.is_some(), "{name} has no readme, or does not inherit the lints");
        // Copies, since a link may become a file with a path in it.
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let copy = sh.read_file(folder.join(licence)).unwrap_or_default();
            ensure!(copy == sh.read_file(licence)?, "{name} has no copy of {licence}");
        }
        for feature in
            package.features.keys().filter(|feature| name.as_str() == "radar-ct" && *feature != "default")
        {
            ensure!(
                readme.contains(&format!("| `{feature}` |")),
                "README.md does not list the feature {feature}"
            );
        }
    }
    Ok(())
}

fn docs(sh: &Shell) -> Result<()> {
    // RUSTFLAGS would rebuild every dependency.
    Ok(cargo(sh, "doc --workspace --all-features --no-deps").env("RUSTDOCFLAGS", "-D warnings").run()?)
}

/// Installs the oldest toolchain among the tools. It finds language features that are too new; for the
/// standard library there is the lint `incompatible_msrv`.
fn msrv(sh: &Shell) -> Result<()> {
    let version =
        published(sh)?.iter().find_map(|package| package.rust_version.clone()).context("no rust-version")?;
    let home = folder()?.join("rustup");
    let rustup = |arguments: &str| {
        let cmd = program(sh, "rustup", arguments).env("RUSTUP_HOME", &home).env("RUSTUP_AUTO_INSTALL", "0");
        // Cargo puts its own toolchain first.
        ["RUSTUP_TOOLCHAIN", "RUSTC", "CARGO", "RUSTDOC"].into_iter().fold(cmd, xshell::Cmd::env_remove)
    };
    if capture(rustup(&format!("run {version} cargo --version"))).is_err() {
        let install = format!("toolchain install {version} --profile minimal --no-self-update");
        capture(rustup(&install))
            .map_err(|error| Skip(format!("Rust {version} cannot be installed: {error}")))?;
    }
    let check = rustup(&format!("run {version} cargo check --quiet --workspace --all-features --locked"));
    Ok(check.env("CARGO_TARGET_DIR", target("msrv")?).run()?)
}

/// Checks a folder that is a workspace of its own.
fn separate(sh: &Shell, name: &str, features: &str) -> Result<()> {
    let clippy = format!(
        "clippy --quiet --locked --all-targets --manifest-path {name}/Cargo.toml {features} -- -D warnings"
    );
    Ok(cargo(sh, &clippy).env("CARGO_TARGET_DIR", target(name)?.join("check")).run()?)
}

fn fuzz(sh: &Shell) -> Result<()> {
    // Without libFuzzer, which needs a C++ compiler.
    separate(sh, "fuzz", "--no-default-features")?;
    cargo_once(sh, "test --quiet --package radar-ct-tests --test fuzz_smoke")
}

fn features(sh: &Shell) -> Result<()> {
    let packages = flags(&libraries(sh)?);
    // Clippy, since it denies the warnings of our own crates alone.
    let hack = format!(
        "hack clippy --quiet --feature-powerset --exclude-features default {packages} -- -D warnings"
    );
    Ok(HACK.command(sh, &hack)?.run()?)
}

fn docs_rs(sh: &Shell) -> Result<()> {
    let packages = flags(&libraries(sh)?);
    let doc = cargo(sh, &format!("doc --quiet --lib --no-deps --all-features {packages}"));
    let doc = doc.env("RUSTDOCFLAGS", "--cfg docsrs -D warnings").env("RUSTC_BOOTSTRAP", "1");
    Ok(doc.env("CARGO_TARGET_DIR", api::unstable_target()?).run()?)
}

fn unused(sh: &Shell) -> Result<()> {
    // Called by cargo, it takes its first argument for its own name.
    Ok(MACHETE.command(sh, "benches crates tests xtask")?.env_remove("CARGO").run()?)
}

fn deny(sh: &Shell) -> Result<()> {
    let check =
        |what: &str| DENY.command(sh, &format!("--all-features --config xtask/deny.toml check {what}"));
    check("licenses bans sources")?.run()?;
    capture(check("advisories")?).map(drop).map_err(|error| match error.to_string() {
        text if text.contains("failed to fetch advisory database")
            || text.contains("failed to open advisory") =>
        {
            Skip(format!("the advisories cannot be downloaded: {}", text.lines().next().unwrap_or_default()))
                .into()
        }
        text => anyhow::anyhow!(text),
    })
}

/// Replaces the lock file for a while. The requirements of our dependencies are taken as resolved.
fn minimal_versions(sh: &Shell) -> Result<()> {
    let lock = sh.read_file("Cargo.lock")?;
    // Cargo alone may use unstable options, not the code.
    let resolve =
        cargo(sh, "generate-lockfile --quiet -Z direct-minimal-versions").env("RUSTC_BOOTSTRAP", "1");
    let check = cargo(sh, "check --quiet --workspace --all-features --locked")
        .env("CARGO_TARGET_DIR", target("minimal")?);
    let outcome = resolve.run().and_then(|()| check.run());
    sh.write_file("Cargo.lock", lock)?;
    outcome.context("raise the version in Cargo.toml to the one that is really needed")
}
