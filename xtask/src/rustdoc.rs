//! What a crate makes public, as text with an item a line.
//!
//! From rustdoc's JSON, which the stable compiler writes when it is told that it may do what is not stable. Its format has
//! a version: the tool that reads it is pinned to one that knows the compiler's.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::process::{cargo, program, read, run};
use crate::tools::{Missing, PUBLIC_API};
use crate::workspace::Workspace;

/// The public items of a package with all its features, sorted; `build` is a target folder.
pub(crate) fn public_items(workspace: &Workspace, package: &str, build: &Path) -> Result<String, Missing> {
    let tool = PUBLIC_API.program(workspace)?;
    let json = json(workspace, package, build)?;
    let mut list = program(tool.as_os_str(), workspace.root());
    // Blanket and automatic implementations follow from the rest and would drown it.
    list.args(["public-api", "--simplified", "--simplified", "--color=never", "--rustdoc-json"]).arg(json);
    Ok(read(list)?)
}

fn json(workspace: &Workspace, package: &str, build: &Path) -> Result<PathBuf, String> {
    let args = ["rustdoc", "--quiet", "--lib", "--all-features", "--package", package];
    let mut command = cargo(workspace, &args);
    command.args(["--", "-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"]);
    command.env("RUSTC_BOOTSTRAP", OsStr::new("1")).env("CARGO_TARGET_DIR", build);
    run(command)?;
    Ok(build.join("doc").join(format!("{}.json", package.replace('-', "_"))))
}
