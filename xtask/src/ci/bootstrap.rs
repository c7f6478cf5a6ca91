//! The steps that need what is not stable: the stable compiler does it when it is told that it may. All of them build in a
//! folder of their own, which is why they are together.

use super::Outcome;
use crate::api;
use crate::process::{cargo, run};
use crate::workspace::Workspace;

/// What is public, against the text that is committed.
pub(super) fn public_api(workspace: &Workspace) -> Outcome {
    api::differences(workspace).into()
}

/// As docs.rs does it: all features, and a badge on what needs one.
pub(super) fn docs_rs(workspace: &Workspace) -> Outcome {
    build_docs(workspace).into()
}

fn build_docs(workspace: &Workspace) -> Result<(), String> {
    let mut command = cargo(workspace, &["doc", "--quiet", "--lib", "--no-deps", "--all-features"]);
    for package in api::libraries(workspace)? {
        command.args(["--package", &package]);
    }
    command.env("RUSTDOCFLAGS", "--cfg docsrs -D warnings");
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", api::build_folder()?);
    run(command)
}
