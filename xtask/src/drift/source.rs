//! The official SDKs: which one, fetched from where, and what its sources say.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::fact::Facts;
use crate::process::text;
use crate::python::{capture, why_not_installed};
use crate::tools::Missing;
use crate::workspace::{Workspace, target_folder};

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
    pub(super) fn read(&self, workspace: &Workspace, python: &Path) -> Result<(String, Facts), Missing> {
        let archive = self.fetch(python)?;
        let mut extractor = Command::new(python);
        extractor.arg(workspace.root().join(EXTRACTOR)).arg(&archive);
        // No compiled files beside the sources, and the same letters on every system.
        extractor.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
        let output = capture(&mut extractor)?;
        if !output.status.success() {
            return Err(Missing::Broken(format!("{self}: {}", text(&output))));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let facts = Facts::parse(&text).map_err(|error| Missing::Broken(format!("{self}: {error}")))?;
        Ok((format!("{} SDK {}", self.language, fetched_version(&archive)), facts))
    }

    /// The archive, kept in the target folder. Nothing of it is installed or run.
    fn fetch(&self, python: &Path) -> Result<PathBuf, Missing> {
        let folder = target_folder("drift").map_err(Missing::Broken)?.join(self.to_string());
        let cannot = |error: std::io::Error| Missing::Broken(format!("{}: {error}", folder.display()));
        if self.version.is_some()
            && let Some(archive) = archive_in(&folder)
        {
            return Ok(archive);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(cannot)?;
        }
        fs::create_dir_all(&folder).map_err(cannot)?;
        match self.language {
            Language::Python => self.with_pip(python, &folder)?,
            Language::TypeScript => self.with_npm(&folder)?,
        }
        archive_in(&folder).ok_or_else(|| Missing::Broken(format!("{self}: no archive was fetched")))
    }

    fn with_pip(&self, python: &Path, folder: &Path) -> Result<(), Missing> {
        let wanted =
            self.version.as_ref().map_or(PACKAGE.to_owned(), |version| format!("{PACKAGE}=={version}"));
        let mut pip = Command::new(python);
        pip.args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--no-deps",
        ])
        // It is read and not run, so that neither does it have to be built nor does our own Python matter.
        .args(["--only-binary", ":all:", "--ignore-requires-python", "--dest"])
        .arg(folder)
        .arg(wanted);
        let fetched = capture(&mut pip)?;
        if fetched.status.success() { Ok(()) } else { Err(why_not_installed(&text(&fetched))) }
    }

    fn with_npm(&self, folder: &Path) -> Result<(), Missing> {
        let wanted = format!("{PACKAGE}@{}", self.version.as_deref().unwrap_or("latest"));
        let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut npm = Command::new(program);
        npm.args(["pack", &wanted, "--ignore-scripts", "--loglevel", "error", "--fetch-retries", "1"])
            .arg("--pack-destination")
            .arg(folder)
            // Where there is no package of ours that it could take for what is meant.
            .current_dir(folder)
            .stdin(Stdio::null());
        let packed = match npm.output() {
            Ok(packed) => packed,
            Err(error) => return Err(Missing::Skip(format!("npm did not start: {error}"))),
        };
        if packed.status.success() { Ok(()) } else { Err(why_not_packed(&text(&packed))) }
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

/// Tells a registry that is out of reach from a version that is not there.
pub(crate) fn why_not_packed(said: &str) -> Missing {
    const OUT_OF_REACH: &[&str] = &[
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "ERR_SOCKET_TIMEOUT",
        "ENETUNREACH",
        "EHOSTUNREACH",
    ];
    if OUT_OF_REACH.iter().any(|sign| said.contains(sign)) {
        // What follows is where in npm that was noticed.
        let first = said.lines().take(4).collect::<Vec<_>>().join("\n");
        Missing::Skip(format!("npm cannot reach a registry:\n{first}"))
    } else {
        Missing::Broken(format!("the package cannot be fetched:\n{said}"))
    }
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
        let Some(python) = crate::python::find(9) else {
            eprintln!("SKIPPED: there is no Python to run them with");
            return;
        };
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/surface");
        let mut tests = Command::new(python);
        tests.args(["-m", "unittest", "discover", "-s", folder]).env("PYTHONDONTWRITEBYTECODE", "1");
        let output = capture(&mut tests).unwrap();
        assert!(output.status.success(), "{}", text(&output));
        // None of them being found is a success to Python before 3.12.
        assert!(!text(&output).contains("Ran 0 tests"));
    }

    #[test]
    fn the_version_is_in_the_name_of_the_archive() {
        let version = |name: &str| fetched_version(Path::new(name));
        assert_eq!(version("cloudflare-5.9.0-py3-none-any.whl"), "5.9.0");
        assert_eq!(version("cloudflare-6.0.0-beta.2.tgz"), "6.0.0-beta.2");
    }

    #[test]
    fn a_registry_out_of_reach_is_skipped_and_a_version_that_is_not_there_is_not() {
        assert!(matches!(why_not_packed("npm error code ENOTFOUND"), Missing::Skip(_)));
        assert!(matches!(why_not_packed("npm error code ETARGET"), Missing::Broken(_)));
    }
}
