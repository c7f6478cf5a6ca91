//! `cargo xtask bench`: builds the programs in benches/, and what they are compared with.

use std::env;

use anyhow::{Context, Result};
use chrono::Utc;
use xshell::{Cmd, Shell};

use crate::python::{Environment, python, unreachable};
use crate::shell::{Skip, capture, cargo, compiler, git, target};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Measures the official Python and TypeScript SDKs, too.
    #[arg(long)]
    peers: bool,
    /// Fails if something cannot be measured here.
    #[arg(long)]
    strict: bool,
}

const PYTHON: Environment =
    Environment { folder: "bench/peers-venv", requirements: "benches/peers/requirements.txt", minor: 9 };

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    // The limits are those of a plain build.
    let plain = |cmd: Cmd<'_>| cmd.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").run();
    let build = cargo(sh, "build --release --locked --manifest-path benches/Cargo.toml");
    plain(build.env("CARGO_TARGET_DIR", target("bench/build")?))?;
    plain(cargo(sh, "build --release --locked --package radar-ct-cli"))?;

    let commit = git(sh, "rev-parse --short HEAD").read()?;
    let changed = git(sh, "status --porcelain --untracked-files=no -- . :!benches/RESULTS.md").read()?;
    let changed = if changed.is_empty() { "" } else { " with changes" };
    let made = format!("{}, commit {commit}{changed}, {}", Utc::now().format("%Y-%m-%d"), compiler(sh)?);

    let program = |name: &str| target(&format!("{name}{}", env::consts::EXE_SUFFIX));
    let bench = sh.cmd(program("bench/build/release/bench")?).arg(program("release/radar-ct")?);
    let bench = bench.args([&made, &options.strict.to_string()]).quiet();
    if !options.peers {
        return Ok(bench.run()?);
    }
    match sdks(sh) {
        Ok(sdks) => Ok(bench.args(sdks).run()?),
        Err(error) if error.is::<Skip>() && !options.strict => {
            println!("!!!!!!!! SKIPPED: the SDKs are not measured: {error:#}");
            Ok(bench.run()?)
        }
        Err(error) => Err(error),
    }
}

/// Installs both SDKs. Returns an interpreter, a folder for Node.js, and the versions.
fn sdks(sh: &Shell) -> Result<[String; 3]> {
    let interpreter = PYTHON.interpreter(sh)?;
    let node =
        capture(sh.cmd("node").arg("--version")).map_err(|_| Skip("there is no Node.js".to_owned()))?;
    let folder = target("bench/peers-npm")?;
    sh.create_dir(&folder)?;
    sh.copy_file("benches/peers/package.json", folder.join("package.json"))?;
    let npm =
        sh.cmd(if cfg!(windows) { "npm.cmd" } else { "npm" }).args(["install", "--prefix"]).arg(&folder);
    let npm =
        npm.args(["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"]);
    capture(npm).map_err(|error| unreachable(&error.to_string()))?;

    let packages = sh.read_file(PYTHON.requirements)?.replace('\n', " ");
    let manifest: serde_json::Value = serde_json::from_str(&sh.read_file("benches/peers/package.json")?)?;
    let sdk = manifest.pointer("/dependencies/cloudflare").context("package.json names no SDK")?;
    let python_version = capture(python(sh, &interpreter, "--version"))?;
    let versions = format!("{python_version}, {}, Node.js {node}, cloudflare {sdk} (npm)", packages.trim());
    let path = |path: &std::path::Path| path.to_str().map(str::to_owned).context("a path that is not UTF-8");
    Ok([path(&interpreter)?, path(&folder)?, versions])
}
