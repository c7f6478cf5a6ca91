//! A Python of our own for each check, with its requirements installed and nothing else; and what a source distribution
//! holds besides.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::process::{succeeds, text};
use crate::tools::Missing;
use crate::workspace::{Workspace, target_folder};

/// What a check runs on.
pub(crate) struct Environment {
    /// In the target folder.
    pub(crate) folder: &'static str,
    /// The file that says what is installed, from the root of the workspace.
    pub(crate) requirements: &'static str,
    /// The oldest Python 3 that the requirements and the scripts run on.
    pub(crate) minor: u8,
}

/// In the virtual environment, written last: what it was made from.
const STAMP: &str = "made-from.txt";

/// What a check comes to: one that was skipped is no failure. `not_done` is what has to be known of it.
pub(crate) fn or_skipped(not_done: &str, outcome: Result<(), Missing>) -> Result<bool, String> {
    match outcome {
        Ok(()) => Ok(true),
        // Not everybody who builds this has Python or a network, and neither is a fault of the code.
        Err(Missing::Skip(why)) => {
            println!("\n!!!!!!!! SKIPPED: {not_done}");
            println!("!!!!!!!! because {why}");
            Ok(true)
        }
        Err(Missing::Broken(why)) => Err(why),
    }
}

/// Runs a script of the workspace to its end; it has to succeed.
pub(crate) fn script(
    workspace: &Workspace,
    python: &Path,
    script: &str,
    args: &[&OsStr],
) -> Result<(), Missing> {
    println!("==> {script}");
    let status = Command::new(python)
        .arg(workspace.root().join(script))
        .args(args)
        // No compiled files beside the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Missing::Broken(format!("{script} did not start: {error}")))?;
    if status.success() { Ok(()) } else { Err(Missing::Broken(format!("{script} ended with {status}"))) }
}

/// The interpreter of a virtual environment that has the requirements; kept until they, or the Python, change.
pub(crate) fn with_requirements(
    workspace: &Workspace,
    environment: &Environment,
) -> Result<PathBuf, Missing> {
    let broken = |what: &str, error: &dyn std::fmt::Display| Missing::Broken(format!("{what}: {error}"));
    let requirements = &workspace.root().join(environment.requirements);
    let minor = environment.minor;
    let system = find(minor).ok_or_else(|| {
        Missing::Skip(format!("there is no Python 3.{minor} or later with the modules venv and ensurepip"))
    })?;
    let version = capture(Command::new(system).args(["-VV"]))?;
    let wanted = fs::read_to_string(requirements)
        .map_err(|error| broken(&workspace.short(requirements).to_string(), &error))?;
    let wanted = format!("{wanted}\n{}", String::from_utf8_lossy(&version.stdout));

    let folder = folder(environment.folder)?;
    let python = interpreter(&folder);
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) && python.is_file() {
        return Ok(python);
    }

    println!("==> installing {}", workspace.short(requirements));
    // `--clear`, since what is left of an older one must not be found.
    let made = capture(Command::new(system).args(["-m", "venv", "--clear"]).arg(&folder))?;
    if !made.status.success() {
        return Err(Missing::Broken(format!("no virtual environment can be made:\n{}", text(&made))));
    }
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--requirement",
    ])
    .arg(requirements);
    let installed = capture(&mut pip)?;
    if !installed.status.success() {
        return Err(why_not_installed(&text(&installed)));
    }
    fs::write(&stamp, wanted).map_err(|error| broken("what was installed cannot be noted", &error))?;
    Ok(python)
}

/// The folder with what is in the one source distribution that a file of requirements names; kept until that changes.
pub(crate) fn unpacked_sdist(python: &Path, requirements: &Path) -> Result<PathBuf, Missing> {
    let broken = |what: &str, error: &dyn std::fmt::Display| Missing::Broken(format!("{what}: {error}"));
    let wanted =
        fs::read_to_string(requirements).map_err(|error| broken("no source distribution", &error))?;
    let requirement = wanted.split_whitespace().next().unwrap_or_default();
    let name = requirement.replace("==", "-");
    let folder = folder("sdk-sdist")?;
    let (unpacked, stamp) = (folder.join(&name), folder.join(STAMP));
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) && unpacked.is_dir() {
        return Ok(unpacked);
    }

    println!("==> fetching the source distribution {requirement}");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| broken("what was unpacked is in the way", &error))?;
    }
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--no-binary", ":all:", "--no-deps", "--require-hashes", "--requirement"])
        .arg(requirements)
        .arg("--dest")
        .arg(&folder);
    let fetched = capture(&mut pip)?;
    if !fetched.status.success() {
        return Err(why_not_installed(&text(&fetched)));
    }
    let archive = folder.join(format!("{name}.tar.gz"));
    let mut tar = Command::new(python);
    let extracted = capture(tar.args(["-m", "tarfile", "--extract"]).arg(archive).arg(&folder))?;
    if !extracted.status.success() {
        return Err(Missing::Broken(format!(
            "the source distribution cannot be unpacked:\n{}",
            text(&extracted)
        )));
    }
    fs::write(&stamp, wanted).map_err(|error| broken("what was unpacked cannot be noted", &error))?;
    Ok(unpacked)
}

/// A Python that is recent enough, with what a virtual environment is made of, which some distributions package apart.
pub(crate) fn find(minor: u8) -> Option<&'static str> {
    let probe = format!("import sys, venv, ensurepip; sys.exit(sys.version_info < (3, {minor}))");
    ["python3", "python"].into_iter().find(|name| {
        let mut probed = Command::new(name);
        succeeds(probed.args(["-c", &probe]))
    })
}

/// In the target folder, wherever that is: we are in `TARGET/PROFILE/xtask`.
fn folder(name: &str) -> Result<PathBuf, Missing> {
    target_folder(name).map_err(Missing::Broken)
}

fn interpreter(folder: &Path) -> PathBuf {
    if cfg!(windows) { folder.join("Scripts").join("python.exe") } else { folder.join("bin").join("python") }
}

/// Runs it to its end. Python's own settings from outside would bring in modules that the requirements do not name.
pub(crate) fn capture(command: &mut Command) -> Result<Output, Missing> {
    command.env_remove("PYTHONPATH").env_remove("PYTHONHOME").stdin(Stdio::null());
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|error| Missing::Broken(format!("{program} did not start: {error}")))
}

/// Tells an index that is out of reach from requirements that no index can meet: the first is the machine's, the second
/// ours, and skipping it would hide that the check has stopped working.
pub(crate) fn why_not_installed(said: &str) -> Missing {
    const OUT_OF_REACH: &[&str] = &[
        "Could not fetch URL",
        "Retrying (",
        "Max retries exceeded",
        "NewConnectionError",
        "Failed to establish a new connection",
        "ConnectTimeout",
        "ReadTimeout",
        "ProxyError",
        "Network is unreachable",
        "Temporary failure in name resolution",
    ];
    // pip lists what the index does have, so it has reached it.
    let index_answered = said.contains("(from versions: ") && !said.contains("(from versions: none)");
    if !index_answered && OUT_OF_REACH.iter().any(|sign| said.contains(sign)) {
        Missing::Skip(format!("pip cannot reach an index:\n{said}"))
    } else {
        Missing::Broken(format!("the requirements cannot be installed:\n{said}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_out_of_reach_is_skipped() {
        let said = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'\n\
            ERROR: Could not find a version that satisfies the requirement a==1 (from versions: none)";
        assert!(matches!(why_not_installed(said), Missing::Skip(why) if why.contains("a==1")));
    }

    #[test]
    fn requirements_that_cannot_be_met_are_not() {
        for said in [
            "ERROR: Could not find a version that satisfies the requirement a==9 (from versions: 1.0, 2.0)",
            "WARNING: Retrying (once)\nERROR: Could not find a version a==9 (from versions: 1.0)",
            "ERROR: No matching distribution found for a==9",
            "error: invalid requirement",
            "",
        ] {
            assert!(matches!(why_not_installed(said), Missing::Broken(_)), "{said}");
        }
    }
}
