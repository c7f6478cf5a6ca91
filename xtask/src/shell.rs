//! Programs and folders: a thin layer over `xshell`.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Child;

use anyhow::{Context, Result, bail};
use cargo_metadata::{MetadataCommand, Package};
use xshell::{Cmd, Shell};

/// The reason why a check cannot run on this machine. It fails a run with `--strict` only.
#[derive(Debug)]
pub(crate) struct Skip(pub(crate) String);

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Skip {}

/// Opens a shell in the root of the workspace. Everything that it builds goes to one target folder.
pub(crate) fn workspace() -> Result<Shell> {
    // Read at run time: several clones may share a target folder, and with it this program.
    let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = own.as_deref().and_then(Path::parent).context("run this as `cargo xtask`")?;
    at(root)
}

/// Opens a shell in another folder, with the same target folder.
pub(crate) fn at(folder: &Path) -> Result<Shell> {
    let sh = Shell::new()?;
    sh.change_dir(folder);
    sh.set_var("CARGO_TARGET_DIR", target("")?);
    Ok(sh)
}

/// Returns a path in the target folder.
pub(crate) fn target(name: &str) -> Result<PathBuf> {
    let own = env::current_exe()?;
    let target = own.parent().and_then(Path::parent).context("xtask is not in a target folder")?;
    Ok(if name.is_empty() { target.to_owned() } else { target.join(name) })
}

pub(crate) fn cargo_home() -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("the home of cargo is not known")
}

/// Prepares a program. The arguments are separated by spaces; add others with `arg`.
pub(crate) fn program<'s>(sh: &'s Shell, program: impl AsRef<Path>, arguments: &str) -> Cmd<'s> {
    // `cargo run` describes this package in the environment. Build scripts watch these variables, so that a
    // nested cargo would rebuild what the user's own cargo has built, and the other way round.
    let ours = |name: &OsString| {
        let prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        name.to_str().is_some_and(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
    };
    let cmd = sh.cmd(program).args(arguments.split_whitespace());
    env::vars_os().map(|(name, _)| name).filter(ours).fold(cmd, Cmd::env_remove)
}

/// Prepares the cargo that runs this program.
pub(crate) fn cargo<'s>(sh: &'s Shell, arguments: &str) -> Cmd<'s> {
    program(sh, env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

pub(crate) fn git<'s>(sh: &'s Shell, arguments: &str) -> Cmd<'s> {
    // Hooks set these for their own repository.
    let cmd = sh.cmd("git").args(arguments.split_whitespace()).quiet();
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"].into_iter().fold(cmd, Cmd::env_remove)
}

/// Returns the output of a git command, or nothing if it fails.
pub(crate) fn try_git(sh: &Shell, arguments: &str) -> Option<String> {
    git(sh, arguments).ignore_stderr().read().ok()
}

/// Runs a command and returns both of its outputs, as an error if it fails.
pub(crate) fn capture(cmd: Cmd<'_>) -> Result<String> {
    let output = cmd.quiet().ignore_status().output()?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).trim().to_owned();
    if output.status.success() { Ok(text) } else { bail!(text) }
}

/// Builds a program of the workspace and returns its path. With the features of the tests, so that
/// dependencies are built once.
pub(crate) fn built(sh: &Shell, name: &str) -> Result<PathBuf> {
    cargo(sh, &format!("build --quiet --workspace --all-features --bin {name}")).quiet().run()?;
    target(&format!("debug/{name}{}", env::consts::EXE_SUFFIX))
}

/// Returns the name and the version of the compiler.
pub(crate) fn compiler(sh: &Shell) -> Result<String> {
    Ok(program(sh, env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()), "--version").quiet().read()?)
}

/// Returns the target triple of this machine.
pub(crate) fn host(sh: &Shell) -> Result<String> {
    let about = cargo(sh, "--version --verbose").quiet().read()?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("cargo does not name its host")
}

/// Returns the packages that are published, in alphabetical order.
pub(crate) fn published(sh: &Shell) -> Result<Vec<Package>> {
    let metadata = MetadataCommand::new().current_dir(sh.current_dir()).no_deps().exec()?;
    let mut packages = metadata.packages;
    packages.retain(|package| package.publish.as_ref().is_none_or(|registries| !registries.is_empty()));
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

/// Returns the published packages that are libraries.
pub(crate) fn libraries(sh: &Shell) -> Result<Vec<Package>> {
    let mut packages = published(sh)?;
    packages.retain(|package| package.targets.iter().any(cargo_metadata::Target::is_lib));
    Ok(packages)
}

/// Names the packages for cargo.
pub(crate) fn flags(packages: &[Package]) -> String {
    packages.iter().map(|package| format!("--package {} ", package.name)).collect()
}

/// A program in the background. It ends when this value is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
