//! Whether the code in documents is tested: a page of Rust has to be taken in by a source, as documentation.

use std::fs;
use std::path::{Path, PathBuf};

use super::Document;
use crate::files;
use crate::workspace::Workspace;

/// The folder whose library takes in what belongs to no crate, or needs more than its crate has.
const TESTS: &str = "tests/src";

pub(super) fn missing(workspace: &Workspace, documents: &[Document]) -> Result<Vec<String>, String> {
    let mut folders = vec![workspace.root().join(TESTS)];
    folders.extend(workspace.crates().map_err(|error| error.to_string())?);
    let mut tested = Vec::new();
    for folder in folders {
        for file in files::of_rust(&folder).map_err(|error| error.to_string())? {
            let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let folder = file.parent().unwrap_or(workspace.root());
            tested.extend(taken_in(&text).filter_map(|name| folder.join(name).canonicalize().ok()));
        }
    }
    let is_tested = |path: &Path| path.canonicalize().is_ok_and(|path: PathBuf| tested.contains(&path));
    let untested = documents.iter().filter(|document| has_rust(&document.text) && !is_tested(&document.path));
    let problem = |document: &Document| {
        format!(
            "{}: its code is tested by nobody: take it in in {TESTS}/lib.rs",
            workspace.short(&document.path)
        )
    };
    Ok(untested.map(problem).collect())
}

fn has_rust(text: &str) -> bool {
    text.lines().any(|line| line.trim().starts_with("```rust"))
}

/// The files that a source takes in for its doctests: the guide's pages are taken in twice, once to be read.
fn taken_in(text: &str) -> impl Iterator<Item = &str> {
    let tested = text.split("#[cfg(doctest)]").skip(1);
    tested.flat_map(|rest| rest.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_in_for_readers_is_not_tested_by_that() {
        let reading = "#[doc = include_str!(\"../a.md\")]\n";
        let testing = "#[cfg(doctest)]\n#[doc = include_str!(\"../b.md\")]\nstruct B;\n";
        let found: Vec<_> = taken_in(&format!("{reading}{testing}")).map(ToOwned::to_owned).collect();
        assert_eq!(found, ["../b.md"]);
    }

    #[test]
    fn a_page_of_commands_needs_no_test() {
        assert!(has_rust("a\n```rust,no_run\nb\n```"));
        assert!(!has_rust("```console\n$ rust\n```"));
    }
}
