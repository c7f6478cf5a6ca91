//! Running cargo from within cargo, and other programs.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::workspace::Workspace;

/// What `cargo run` tells the program it runs about that program's own package. Build scripts (ring's, for one) watch
/// these variables: handed on, they would make every nested cargo rebuild what an ordinary one has built, and the
/// other way round.
fn is_of_our_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The same cargo that runs us, in the root of the workspace, with an environment as from a shell.
pub(crate) fn cargo(workspace: &Workspace, args: &[&str]) -> Command {
    cargo_in(workspace.root(), args)
}

/// The same in a folder that is not of the workspace.
pub(crate) fn cargo_in(folder: &Path, args: &[&str]) -> Command {
    let mut command = program(&env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), folder);
    command.args(args);
    command
}

/// A program that may call cargo, in a folder, with an environment as from a shell.
pub(crate) fn program(program: &OsStr, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_of_our_package) {
            command.env_remove(&name);
        }
    }
    // A relative one is meant from where we were called, and the nested cargo is called elsewhere.
    if let (Some(target), Ok(here)) =
        (env::var_os("CARGO_TARGET_DIR").filter(|target| !target.is_empty()), env::current_dir())
    {
        command.env("CARGO_TARGET_DIR", here.join(target));
    }
    command
}

/// A command with its arguments in one expression.
pub(crate) trait With {
    fn with(self, arg: &str) -> Self;
}

impl With for Command {
    fn with(mut self, arg: &str) -> Self {
        self.arg(arg);
        self
    }
}

/// Runs it with its output going where ours goes.
pub(crate) fn run(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", written(&command))),
        Err(error) => Err(format!("{} did not start: {error}", written(&command))),
    }
}

/// Runs it and returns what it printed.
pub(crate) fn read(mut command: Command) -> Result<String, String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{} did not start: {error}", written(&command)))?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", written(&command), output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{} printed no UTF-8", written(&command)))
}

/// Whether a program can be started and succeeds, without a word.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// What the compiler says of itself, in a line.
pub(crate) fn compiler(workspace: &Workspace) -> Result<String, String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    read(program(&rustc, workspace.root()).with("--version")).map(|text| text.trim().to_owned())
}

/// What this machine is to the compiler.
pub(crate) fn host(workspace: &Workspace) -> Result<String, String> {
    let about = read(cargo(workspace, &["--version", "--verbose"]))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "cargo does not name its host".to_owned())
}

/// A program that goes on beside us; it ends with this value.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // If it has ended by itself, there is nothing left to stop.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds a program of a package, with the profile that we were built with, and says where it is.
pub(crate) fn built(workspace: &Workspace, package: &str, program: &str) -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("where xtask itself is cannot be told: {error}"))?;
    // Cargo puts what it builds with one profile for one target into one folder, so the program will be beside us.
    let folder = own.parent().ok_or("xtask itself is in no folder")?;
    let profile = profile(folder.file_name().and_then(|name| name.to_str()));
    run(cargo(workspace, &["build", "--package", package, "--bin", program, "--profile", profile]))?;
    Ok(folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
}

/// The profile whose output is in a folder of that name.
fn profile(folder: Option<&str>) -> &str {
    match folder {
        None | Some("debug") => "dev",
        Some(name) => name,
    }
}

/// Runs it without a word and returns how it ended and what it said.
pub(crate) fn capture(mut command: Command) -> Result<Output, String> {
    command.output().map_err(|error| format!("{} did not start: {error}", written(&command)))
}

/// Both outputs as text.
pub(crate) fn text(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr)).trim().to_owned()
}

/// The command as one would type it.
pub(crate) fn written(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args()).map(OsStr::to_string_lossy);
    format!("`{}`", words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_our_package_is_not_handed_on() {
        assert!(is_of_our_package("CARGO_PKG_VERSION"));
        assert!(is_of_our_package("CARGO_MANIFEST_DIR"));
        assert!(!is_of_our_package("CARGO_TARGET_DIR"));
        assert!(!is_of_our_package("CARGO_HOME"));
    }

    #[test]
    fn a_folder_has_the_name_of_its_profile_but_for_one() {
        assert_eq!(profile(Some("debug")), "dev");
        assert_eq!(profile(Some("release")), "release");
    }
}
