//! The official SDKs: downloads, and the facts in their types and docs.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use semver::Version;
use serde::Deserialize;
use xshell::{Cmd, Shell};

use super::facts::{Endpoints, Facts, count, facts};
use crate::python::{Environment, cached, python, unreachable};
use crate::shell::{capture, target};

const ENVIRONMENT: Environment =
    Environment { folder: "drift-venv", requirements: "xtask/drift/requirements.txt", minor: 10 };
const COMPILER: &str = "typescript@5.9.3";
/// Fewer facts mean that an SDK was not understood.
const MIN_FACTS: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    TypeScript,
}

/// A version of an SDK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sdk {
    pub(super) language: Language,
    /// `None` is the newest.
    version: Option<Version>,
}

/// The output of a script.
#[derive(Deserialize)]
struct Description {
    version: String,
    endpoints: Endpoints,
}

impl Sdk {
    pub(super) const fn newest(language: Language) -> Self {
        Self { language, version: None }
    }

    pub(super) fn new(language: Language, version: &str) -> Result<Self, String> {
        let parse = |version: &str| Version::parse(version).map_err(|error| error.to_string());
        Ok(Self { language, version: (version != "newest").then(|| parse(version)).transpose()? })
    }

    /// Downloads the SDK, and returns its name and its facts.
    pub(super) fn facts(&self, sh: &Shell) -> Result<(String, Facts)> {
        let text = self.describe(sh)?.quiet().read().with_context(|| self.to_string())?;
        let Description { version, endpoints } = serde_json::from_str(&text)?;
        let facts = facts(&endpoints).with_context(|| self.to_string())?;
        ensure!(count(&facts) >= MIN_FACTS, "{self} has only {} facts: the script misread it", count(&facts));
        Ok((format!("{:?} SDK {version}", self.language), facts))
    }

    /// Prepares the script that describes the SDK.
    fn describe<'s>(&self, sh: &'s Shell) -> Result<Cmd<'s>> {
        let folder = target("drift")?.join(self.to_string());
        if self.version.is_none() {
            sh.remove_path(&folder)?;
        }
        match self.language {
            Language::Python => {
                let interpreter = ENVIRONMENT.interpreter(sh)?;
                cached(&folder, "", || self.download_wheel(sh, &interpreter, &folder))?;
                Ok(python(sh, interpreter, "xtask/drift/python_sdk.py")
                    .arg(wheel(&folder)?)
                    .env("PYTHONUTF8", "1"))
            }
            Language::TypeScript => {
                cached(&folder, COMPILER, || self.install_package(sh, &folder))?;
                Ok(sh.cmd("node").arg("xtask/drift/typescript_sdk.cjs").arg(folder))
            }
        }
    }

    fn download_wheel(&self, sh: &Shell, interpreter: &Path, folder: &Path) -> Result<()> {
        let version = self.version.as_ref().map(|version| format!("=={version}")).unwrap_or_default();
        let pip = python(
            sh,
            interpreter,
            "-m pip download --quiet --disable-pip-version-check --no-input --no-deps",
        );
        let pip =
            pip.args(["--only-binary", ":all:", "--dest"]).arg(folder).arg(format!("cloudflare{version}"));
        capture(pip).map(drop).map_err(|error| unreachable(&error.to_string()))
    }

    fn install_package(&self, sh: &Shell, folder: &Path) -> Result<()> {
        let version = self.version.as_ref().map_or("latest".to_owned(), Version::to_string);
        let npm =
            sh.cmd(if cfg!(windows) { "npm.cmd" } else { "npm" }).arg("install").arg("--prefix").arg(folder);
        let npm = npm.args(["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
        let npm = npm.args([COMPILER, &format!("cloudflare@{version}")]);
        capture(npm).map(drop).map_err(|error| unreachable(&error.to_string()))
    }
}

fn wheel(folder: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    files.find(|path| path.extension() == Some(OsStr::new("whl"))).context("pip downloaded no wheel")
}

/// Parses `python@5.9.0` or `typescript@newest`.
impl FromStr for Sdk {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('@') {
            Some(("python", version)) => Self::new(Language::Python, version),
            Some(("typescript", version)) => Self::new(Language::TypeScript, version),
            _ => Err("an SDK is `python@VERSION` or `typescript@VERSION`".to_owned()),
        }
    }
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = format!("{:?}", self.language).to_lowercase();
        write!(f, "{language}@{}", self.version.as_ref().map_or("newest".to_owned(), Version::to_string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sdk_is_a_language_and_a_version() {
        for text in ["python@5.9.0", "typescript@6.0.0-beta.2", "python@newest"] {
            assert_eq!(text.parse::<Sdk>().unwrap().to_string(), text);
        }
        for text in ["5.9.0", "go@6.6.0", "python", "python@", "python@../x", "typescript@file:x"] {
            assert!(text.parse::<Sdk>().is_err(), "{text}");
        }
    }
}
