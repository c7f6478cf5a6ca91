//! The official SDKs: downloads, and the facts in their types and docs.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::Path;
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
const NEWEST: &str = "newest";
/// Fewer facts mean that an SDK was misread.
const MIN_FACTS: usize = 500;

/// A version of an SDK, such as `python@5.9.0` or `typescript@newest`.
#[derive(Debug, Clone)]
pub(super) struct Sdk {
    pub(super) is_python: bool,
    version: String,
}

/// The output of a script in `xtask/drift`.
#[derive(Deserialize)]
struct Description {
    version: String,
    endpoints: Endpoints,
}

impl Sdk {
    pub(super) fn newest(is_python: bool) -> Self {
        Self { is_python, version: NEWEST.to_owned() }
    }

    /// Downloads the SDK, and returns its name and its facts.
    pub(super) fn facts(&self, sh: &Shell) -> Result<(String, Facts)> {
        let folder = target("drift")?.join(self.to_string());
        if self.version == NEWEST {
            sh.remove_path(&folder)?;
        }
        let script = if self.is_python {
            self.describe_wheel(sh, &folder)
        } else {
            self.describe_package(sh, &folder)
        };
        let text = script?.quiet().read().with_context(|| self.to_string())?;
        let Description { version, endpoints } = serde_json::from_str(&text)?;
        let facts = facts(&endpoints).with_context(|| self.to_string())?;
        ensure!(count(&facts) >= MIN_FACTS, "the script misread {self}: {} facts", count(&facts));
        Ok((format!("{} SDK {version}", if self.is_python { "Python" } else { "TypeScript" }), facts))
    }

    fn describe_wheel<'s>(&self, sh: &'s Shell, folder: &Path) -> Result<Cmd<'s>> {
        let interpreter = ENVIRONMENT.interpreter(sh)?;
        cached(folder, "", || {
            let wanted = format!("cloudflare=={}", self.version).replace("==newest", "");
            let pip =
                python(sh, &interpreter, "-m pip download --quiet --disable-pip-version-check --no-input");
            install(pip.args(["--no-deps", "--only-binary", ":all:", "--dest"]).arg(folder).arg(wanted))
        })?;
        let mut files = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        let wheel = files.find(|path| path.extension() == Some(OsStr::new("whl")));
        let script = python(sh, interpreter, "xtask/drift/python_sdk.py").env("PYTHONUTF8", "1");
        Ok(script.arg(wheel.context("pip downloaded no wheel")?))
    }

    fn describe_package<'s>(&self, sh: &'s Shell, folder: &Path) -> Result<Cmd<'s>> {
        cached(folder, COMPILER, || {
            let wanted = format!("cloudflare@{}", self.version).replace("@newest", "@latest");
            let npm = sh
                .cmd(if cfg!(windows) { "npm.cmd" } else { "npm" })
                .arg("install")
                .arg("--prefix")
                .arg(folder);
            let npm = npm.args(["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
            install(npm.args([COMPILER, &wanted]))
        })?;
        Ok(sh.cmd("node").arg("xtask/drift/typescript_sdk.cjs").arg(folder))
    }
}

fn install(cmd: Cmd<'_>) -> Result<()> {
    capture(cmd).map(drop).map_err(|error| unreachable(&error.to_string()))
}

impl FromStr for Sdk {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((language @ ("python" | "typescript"), version)) = text.split_once('@') else {
            return Err("an SDK is `python@VERSION` or `typescript@VERSION`".to_owned());
        };
        if version != NEWEST {
            Version::parse(version).map_err(|error| error.to_string())?;
        }
        Ok(Self { is_python: language == "python", version: version.to_owned() })
    }
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", if self.is_python { "python" } else { "typescript" }, self.version)
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
