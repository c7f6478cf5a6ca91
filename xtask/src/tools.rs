//! Programs from crates.io, each pinned to a version and installed on first use in a folder of their own.

use std::env;
use std::fs;
use std::path::{PathBuf, absolute};

use anyhow::{Context, Result};
use xshell::{Cmd, Shell};

use crate::shell::{Skip, cargo, program, target};

/// A crate with a program of the same name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool(&'static str, &'static str);

pub(crate) const AUDITABLE: Tool = Tool("cargo-auditable", "0.7.7");
pub(crate) const CYCLONEDX: Tool = Tool("cargo-cyclonedx", "0.5.9");
pub(crate) const DENY: Tool = Tool("cargo-deny", "0.20.2");
pub(crate) const FUZZ: Tool = Tool("cargo-fuzz", "0.13.2");
pub(crate) const HACK: Tool = Tool("cargo-hack", "0.6.44");
pub(crate) const HTTP_REGISTRY: Tool = Tool("cargo-http-registry", "0.1.8");
pub(crate) const MACHETE: Tool = Tool("cargo-machete", "0.9.2");
// These two read rustdoc's JSON: a new compiler may require new versions.
pub(crate) const PUBLIC_API: Tool = Tool("cargo-public-api", "0.52.0");
pub(crate) const SEMVER_CHECKS: Tool = Tool("cargo-semver-checks", "0.51.0");

/// Returns the folder of all tools: `RADAR_CT_TOOLS`, which clones can share, or one in the target folder.
pub(crate) fn folder() -> Result<PathBuf> {
    let Some(named) = env::var_os("RADAR_CT_TOOLS").filter(|folder| !folder.is_empty()) else {
        return target("tools");
    };
    let folder = absolute(&named)?;
    fs::create_dir_all(&folder)
        .with_context(|| format!("RADAR_CT_TOOLS cannot be used: {}", named.display()))?;
    Ok(folder)
}

impl Tool {
    /// Prepares a command of the tool, and installs the tool before if necessary.
    pub(crate) fn command<'s>(self, sh: &'s Shell, arguments: &str) -> Result<Cmd<'s>> {
        let Self(name, version) = self;
        let root = folder()?.join(format!("{name}-{version}"));
        let path = root.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
        if !path.is_file() {
            println!("==> installing {name} {version}; this happens once");
            let install = cargo(sh, &format!("install --locked --quiet {name}@{version} --root")).arg(root);
            // The target folder would keep objects that nothing else can use.
            let installed = install.env_remove("CARGO_TARGET_DIR").run();
            installed.map_err(|error| Skip(format!("{name} {version} cannot be installed: {error}")))?;
        }
        Ok(program(sh, path, arguments))
    }
}
