//! The official SDKs: which one, fetched from where, and what its sources say.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow};
use xshell::Shell;

use super::fact::Facts;
use crate::python::{python, unreachable};
use crate::shell::{Skip, capture, target};

const EXTRACTOR: &str = "xtask/surface/main.py";
/// Both go by this name.
const PACKAGE: &str = "cloudflare";
const NEWEST: &str = "newest";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    TypeScript,
}

/// A version of an SDK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) language: Language,
    /// The newest, if none.
    version: Option<String>,
}

impl Source {
    pub(super) fn newest(language: Language) -> Self {
        Self { language, version: None }
    }

    /// A version as it is given on the command line.
    pub(super) fn of(language: Language, version: &str) -> Result<Self, String> {
        if version == NEWEST {
            return Ok(Self::newest(language));
        }
        // It becomes the name of a folder and a part of a requirement.
        let is_version = version.starts_with(|first: char| first.is_ascii_digit())
            && version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
        if is_version {
            Ok(Self { language, version: Some(version.to_owned()) })
        } else {
            Err(format!("`{version}` is no version: one is like 5.9.0, or `{NEWEST}`"))
        }
    }

    /// `python@5.9.0` or `typescript@newest`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('@') {
            Some(("python", version)) => Self::of(Language::Python, version),
            Some(("typescript", version)) => Self::of(Language::TypeScript, version),
            _ => Err(format!("`{text}` is no SDK: one is like python@5.9.0 or typescript@{NEWEST}")),
        }
    }

    /// Its name with the version that was fetched, and its facts.
    pub(super) fn read(&self, sh: &Shell, interpreter: &Path) -> Result<(String, Facts)> {
        let archive = self.fetch(sh, interpreter)?;
        // The same letters on every system.
        let extractor = python(sh, interpreter, EXTRACTOR).arg(&archive).env("PYTHONUTF8", "1");
        let text = capture(extractor).with_context(|| self.to_string())?;
        let facts = Facts::parse(&text).map_err(Error::msg).with_context(|| self.to_string())?;
        Ok((format!("{} SDK {}", self.language, fetched_version(&archive)), facts))
    }

    /// The archive, kept in the target folder. Nothing of it is installed or run.
    fn fetch(&self, sh: &Shell, interpreter: &Path) -> Result<PathBuf> {
        let folder = target("drift")?.join(self.to_string());
        if self.version.is_some()
            && let Some(archive) = archive_in(&folder)
        {
            return Ok(archive);
        }
        sh.remove_path(&folder)?;
        sh.create_dir(&folder)?;
        match self.language {
            Language::Python => self.with_pip(sh, interpreter, &folder)?,
            Language::TypeScript => self.with_npm(sh, &folder)?,
        }
        archive_in(&folder).ok_or_else(|| anyhow!("{self}: no archive was fetched"))
    }

    fn with_pip(&self, sh: &Shell, interpreter: &Path, folder: &Path) -> Result<()> {
        let wanted =
            self.version.as_ref().map_or(PACKAGE.to_owned(), |version| format!("{PACKAGE}=={version}"));
        let pip = python(
            sh,
            interpreter,
            "-m pip download --quiet --disable-pip-version-check --no-input --no-deps",
        )
        // It is read and not run, so that neither does it have to be built nor does our own Python matter.
        .args(["--only-binary", ":all:", "--ignore-requires-python", "--dest"])
        .arg(folder)
        .arg(wanted);
        capture(pip).map(drop).map_err(|error| unreachable(&error.to_string()))
    }

    fn with_npm(&self, sh: &Shell, folder: &Path) -> Result<()> {
        let wanted = format!("{PACKAGE}@{}", self.version.as_deref().unwrap_or("latest"));
        let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
        if capture(sh.cmd(program).arg("--version")).is_err() {
            return Err(Skip("npm did not start".to_owned()).into());
        }
        // Where there is no package of ours that it could take for what is meant.
        let _folder = sh.push_dir(folder);
        let npm = sh.cmd(program).args(["pack", &wanted, "--ignore-scripts", "--loglevel", "error"]);
        let npm = npm.args(["--fetch-retries", "1", "--pack-destination"]).arg(folder);
        capture(npm).map(drop).map_err(|error| unreachable(&error.to_string()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Python => "Python",
            Self::TypeScript => "TypeScript",
        })
    }
}

/// As it is given on the command line.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.language.to_string().to_ascii_lowercase();
        write!(f, "{language}@{}", self.version.as_deref().unwrap_or(NEWEST))
    }
}

/// The only archive of a folder.
fn archive_in(folder: &Path) -> Option<PathBuf> {
    let is_archive = |path: &PathBuf| path.extension().is_some_and(|end| end == "whl" || end == "tgz");
    fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).find(is_archive)
}

/// Out of `cloudflare-5.9.0-py3-none-any.whl` or `cloudflare-7.3.0.tgz`.
fn fetched_version(archive: &Path) -> String {
    let stem = archive.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let version = stem.strip_prefix(PACKAGE).and_then(|rest| rest.strip_prefix('-')).unwrap_or(stem);
    version.strip_suffix("-py3-none-any").unwrap_or(version).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdk_is_a_language_and_a_version() {
        assert_eq!(Source::parse("python@5.9.0").unwrap().to_string(), "python@5.9.0");
        assert_eq!(Source::parse("typescript@newest").unwrap(), Source::newest(Language::TypeScript));
        for text in
            ["5.9.0", "go@6.6.0", "python", "python@", "python@../x", "typescript@file:x", "python@a b"]
        {
            assert!(Source::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_scripts_that_read_sources_pass_their_own_tests() {
        let sh = crate::shell::workspace().unwrap();
        let Ok(interpreter) = crate::python::find(&sh, 9) else {
            eprintln!("SKIPPED: there is no Python to run them with");
            return;
        };
        let text = capture(python(&sh, interpreter, "-m unittest discover -s xtask/surface")).unwrap();
        // None of them being found is a success to Python before 3.12.
        assert!(!text.contains("Ran 0 tests"));
    }

    #[test]
    fn the_version_is_in_the_name_of_the_archive() {
        let version = |name: &str| fetched_version(Path::new(name));
        assert_eq!(version("cloudflare-5.9.0-py3-none-any.whl"), "5.9.0");
        assert_eq!(version("cloudflare-6.0.0-beta.2.tgz"), "6.0.0-beta.2");
    }
}
