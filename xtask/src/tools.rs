//! Programs that a check needs and the toolchain does not bring: each pinned to a version, installed on its first use, and
//! kept in a folder of their own, so that nothing on the machine changes and nothing that is on it matters.

use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};

use crate::process::{cargo, run};
use crate::workspace::{Workspace, target_folder};

/// Why a check has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// What it needs is not to be had here.
    Skip(String),
    /// Something is wrong.
    Broken(String),
}

impl Missing {
    /// For who cannot do without.
    pub(crate) fn why(self) -> String {
        match self {
            Self::Skip(why) | Self::Broken(why) => why,
        }
    }
}

impl From<String> for Missing {
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

/// A program from a crate of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    /// The name of the crate and of the program.
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// Compares two versions of a crate by the rules of semantic versioning. It reads rustdoc's JSON, so that its version goes
/// with those of the compiler.
pub(crate) const SEMVER_CHECKS: Tool = Tool { name: "cargo-semver-checks", version: "0.51.0" };
/// Lists what a crate makes public, from rustdoc's JSON as well.
pub(crate) const PUBLIC_API: Tool = Tool { name: "cargo-public-api", version: "0.52.0" };
/// Builds programs that know what they are made of.
pub(crate) const AUDITABLE: Tool = Tool { name: "cargo-auditable", version: "0.7.7" };
/// Writes a bill of materials.
pub(crate) const CYCLONEDX: Tool = Tool { name: "cargo-cyclonedx", version: "0.5.9" };
/// A registry on one's own machine.
pub(crate) const HTTP_REGISTRY: Tool = Tool { name: "cargo-http-registry", version: "0.1.8" };

/// Names that folder, where it is not to be the one in the target folder: so that several clones share it, or a cache keeps it.
pub(crate) const FOLDER_VARIABLE: &str = "RADAR_CT_TOOLS";

/// Where the tools are.
pub(crate) fn folder() -> Result<PathBuf, String> {
    let Some(named) = env::var_os(FOLDER_VARIABLE).filter(|folder| !folder.is_empty()) else {
        return target_folder("tools");
    };
    // Tools run in other folders than this one. One that cannot be used is a mistake, and not a tool that is not to be had.
    let folder = absolute(&named).and_then(|folder| fs::create_dir_all(&folder).map(|()| folder));
    folder.map_err(|error| format!("{FOLDER_VARIABLE}: {} cannot be used: {error}", named.display()))
}

impl Tool {
    /// The program, installed if it is not yet. One that cannot be had is no fault of the code.
    pub(crate) fn program(self, workspace: &Workspace) -> Result<PathBuf, Missing> {
        let Self { name, version } = self;
        let root = folder()?.join(format!("{name}-{version}"));
        let program = path_in(&root, name);
        if program.is_file() {
            return Ok(program);
        }
        println!("==> installing {name} {version}; this happens once");
        let mut command = cargo(workspace, &["install", "--locked", "--quiet"]);
        command.arg(format!("{name}@{version}")).arg("--root").arg(&root);
        // It is built in a folder that cargo makes and removes: what is left there would be of no use to anything else.
        command.env_remove("CARGO_TARGET_DIR");
        let unavailable = |why: String| Missing::Skip(format!("{name} {version} cannot be installed: {why}"));
        run(command).map_err(unavailable)?;
        if program.is_file() {
            Ok(program)
        } else {
            Err(unavailable("it brought no such program".to_owned()))
        }
    }
}

fn path_in(root: &Path, name: &str) -> PathBuf {
    root.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_pinned_to_one_version() {
        for tool in [SEMVER_CHECKS, PUBLIC_API, AUDITABLE, CYCLONEDX, HTTP_REGISTRY] {
            let numbers: Vec<_> = tool.version.split('.').map(str::parse::<u32>).collect();
            assert!(numbers.len() == 3 && numbers.iter().all(Result::is_ok), "{tool:?}");
        }
    }

    #[test]
    fn a_program_is_where_cargo_installs_it() {
        let path = path_in(Path::new("root"), "name");
        assert_eq!(path.file_stem(), Some("name".as_ref()));
        assert_eq!(path.parent(), Some(Path::new("root/bin")));
    }
}
