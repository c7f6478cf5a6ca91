//! Checks in Python, each in a virtual environment with pinned requirements.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xshell::{Cmd, Shell};

use crate::emulator::Emulator;
use crate::shell::{Skip, built, capture, program, target};

/// A virtual environment in the target folder.
pub(crate) struct Environment {
    pub(crate) folder: &'static str,
    pub(crate) requirements: &'static str,
    /// The oldest Python 3 that has everything.
    pub(crate) minor: u8,
}

const SDK: Environment =
    Environment { folder: "sdk-venv", requirements: "tests/python/requirements.txt", minor: 9 };
const RECIPES: Environment =
    Environment { folder: "recipes-venv", requirements: "tests/python/recipes_requirements.txt", minor: 11 };

const PIP: &str = "-m pip --quiet --disable-pip-version-check --no-input";

/// Runs our checks of the official SDK, then the tests that its authors wrote. Nobody here wrote the SDK, so
/// it notices mistakes that the emulator and the client share.
pub(crate) fn sdk(sh: &Shell) -> Result<()> {
    let interpreter = SDK.interpreter(sh)?;
    // Enough requests for all checks but the last, which uses up the limit.
    let strict = Emulator::start(sh, &["--token", "sdk-check-token", "--requests", "200"])?;
    let checks = python(sh, &interpreter, "tests/python/sdk_against_emulator.py");
    checks.args([&strict.url, "sdk-check-token"]).run()?;

    let sources = sdk_sources(sh, &interpreter)?;
    let open = Emulator::start(sh, &[])?;
    python(sh, &interpreter, "tests/python/sdk_own_tests.py").arg(sources).arg(&open.url).run()?;
    Ok(())
}

pub(crate) fn recipes(sh: &Shell) -> Result<()> {
    let interpreter = RECIPES.interpreter(sh)?;
    let client = built(sh, "radar-ct")?;
    let emulator = Emulator::start(sh, &[])?;
    let script = python(sh, &interpreter, "tests/python/recipes.py docs/recipes.md");
    Ok(script.arg(client).arg(&emulator.url).run()?)
}

/// Prepares an interpreter. The user's own settings would add modules that the requirements do not name.
pub(crate) fn python<'s>(sh: &'s Shell, interpreter: impl AsRef<Path>, arguments: &str) -> Cmd<'s> {
    let cmd = program(sh, interpreter, arguments).env_remove("PYTHONPATH").env_remove("PYTHONHOME");
    cmd.env("PYTHONDONTWRITEBYTECODE", "1")
}

/// Finds a Python with the modules of virtual environments, which some distributions leave out.
pub(crate) fn find(sh: &Shell, minor: u8) -> Result<&'static str> {
    let probe = format!("import sys, venv, ensurepip; sys.exit(sys.version_info < (3, {minor}))");
    let works = |name: &&str| capture(python(sh, name, "-c").arg(&probe)).is_ok();
    let missing =
        || Skip(format!("there is no Python 3.{minor} or later with the modules venv and ensurepip"));
    Ok(["python3", "python"].into_iter().find(works).ok_or_else(missing)?)
}

impl Environment {
    /// Returns the interpreter, and makes the environment if the requirements or the Python have changed.
    pub(crate) fn interpreter(&self, sh: &Shell) -> Result<PathBuf> {
        let system = find(sh, self.minor)?;
        let version = capture(python(sh, system, "-VV"))?;
        let wanted = format!("{}\n{version}", sh.read_file(self.requirements)?);
        let folder = target(self.folder)?;
        let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        cached(&folder, &wanted, || {
            println!("==> installing {}", self.requirements);
            capture(python(sh, system, "-m venv --clear").arg(&folder))?;
            let pip = python(sh, &interpreter, PIP).args(["install", "--requirement", self.requirements]);
            capture(pip).map(drop).map_err(|error| unreachable(&error.to_string()))
        })?;
        Ok(interpreter)
    }

    /// Prepares a program that the requirements have installed.
    pub(crate) fn program<'s>(&self, sh: &'s Shell, name: &str, arguments: &str) -> Result<Cmd<'s>> {
        Ok(program(sh, self.interpreter(sh)?.with_file_name(name), arguments))
    }
}

/// Fills a folder, unless it has been filled for the same text.
pub(crate) fn cached(folder: &Path, text: &str, fill: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = folder.join("made-from.txt");
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == text) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    fill()?;
    Ok(fs::write(stamp, text)?)
}

/// Downloads the SDK's source distribution, which has the tests that its wheel lacks.
fn sdk_sources(sh: &Shell, interpreter: &Path) -> Result<PathBuf> {
    let pinned = sh.read_file("tests/python/sdist.txt")?;
    let name = pinned.split_whitespace().next().unwrap_or_default().replace("==", "-");
    let folder = target("sdk-sdist")?;
    cached(&folder, &pinned, || {
        println!("==> downloading the sources of {name}");
        let pip = python(sh, interpreter, PIP);
        let pip = pip.args(["download", "--no-binary", ":all:", "--no-deps", "--require-hashes"]);
        let pip = pip.args(["--requirement", "tests/python/sdist.txt", "--dest"]).arg(&folder);
        capture(pip).map_err(|error| unreachable(&error.to_string()))?;
        let tarfile = python(sh, interpreter, "-m tarfile --extract");
        capture(tarfile.arg(folder.join(format!("{name}.tar.gz"))).arg(&folder)).map(drop)
    })?;
    Ok(folder.join(name))
}

/// Turns a failure of pip or npm into an error: a [`Skip`] if the index is out of reach. Requirements that no
/// index can meet are our own fault.
pub(crate) fn unreachable(text: &str) -> anyhow::Error {
    #[rustfmt::skip]
    const SIGNS: &[&str] = &[
        "Could not fetch URL", "Retrying (", "Max retries exceeded", "NewConnectionError", "ConnectTimeout",
        "Failed to establish a new connection", "ReadTimeout", "ProxyError", "Network is unreachable",
        "Temporary failure in name resolution", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET",
        "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "ENETUNREACH", "EHOSTUNREACH",
    ];
    // pip lists the versions that the index has, so it has reached the index.
    let answered = text.contains("(from versions: ") && !text.contains("(from versions: none)");
    if !answered && SIGNS.iter().any(|sign| text.contains(sign)) {
        Skip(format!("the package index is out of reach:\n{text}")).into()
    } else {
        anyhow!("the packages cannot be installed:\n{text}")
    }
}
