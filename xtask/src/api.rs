//! `cargo xtask api`: what the libraries make public, as text with an item a line, so that a change of it is seen by who
//! reviews it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::process::{cargo, read};
use crate::rustdoc::public_items;
use crate::tools::Missing;
use crate::workspace::{Workspace, target_folder};
use crate::{Command, conclude, no_arguments};

pub(crate) const COMMAND: Command =
    Command { name: "api", about: "writes down anew what is public: docs/api", run };

const FOLDER: &str = "docs/api";

/// The compiler whose rustdoc wrote what is in the folder. Another one may name things otherwise, or write a format that our
/// tool does not know.
const COMPILER: &str = "1.95.";

/// So many lines of a difference are shown.
const SHOWN: usize = 40;

fn run(args: &[String]) -> ExitCode {
    conclude("api", no_arguments("api", args), |workspace, ()| {
        write(workspace).map(|()| true).map_err(Missing::why)
    })
}

fn write(workspace: &Workspace) -> Result<(), Missing> {
    let folder = workspace.root().join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    for (file, text) in now(workspace)? {
        fs::write(&file, text).map_err(|error| format!("{}: {error}", workspace.short(&file)))?;
        println!("{}", workspace.short(&file));
    }
    Ok(())
}

/// What is public now and was not, or was and is no more.
pub(crate) fn differences(workspace: &Workspace) -> Result<Vec<String>, Missing> {
    let mut problems = Vec::new();
    for (file, now) in now(workspace)? {
        let before = fs::read_to_string(&file).unwrap_or_default();
        let changed = changes(&before, &now);
        if changed.is_empty() && before == now {
            continue;
        }
        let file = workspace.short(&file);
        problems.push(format!("{file} is not what is public: run `cargo xtask api`, and read what changes"));
        let count = changed.len();
        problems.extend(changed.into_iter().take(SHOWN));
        if count > SHOWN {
            problems.push(format!("and {} lines more", count - SHOWN));
        }
    }
    Ok(problems)
}

/// What is written down of each library: its package and the text.
pub(crate) fn written(workspace: &Workspace) -> Result<Vec<(String, String)>, String> {
    let text = |package: String| {
        let file = file(workspace, &package);
        let text = fs::read_to_string(&file);
        let text = text.map_err(|error| format!("{}: {error}", workspace.short(&file)))?;
        Ok((package, text))
    };
    libraries(workspace)?.into_iter().map(text).collect()
}

fn now(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>, Missing> {
    let about = read(cargo(workspace, &["--version"]))?;
    if !about.starts_with(&format!("cargo {COMPILER}")) {
        return Err(Missing::Skip(format!(
            "{FOLDER} was written by the rustdoc of Rust {COMPILER}x, and this is {}",
            about.trim()
        )));
    }
    let build = build_folder()?;
    let mut all = Vec::new();
    for package in libraries(workspace)? {
        let text = public_items(workspace, &package, &build)?;
        all.push((file(workspace, &package), text));
    }
    Ok(all)
}

/// Whatever is built with what is not stable: build scripts ask for that, so that it would make the ordinary target folder
/// build everything anew, twice.
pub(crate) fn build_folder() -> Result<PathBuf, String> {
    target_folder("bootstrap")
}

/// The published packages that others can build upon.
pub(crate) fn libraries(workspace: &Workspace) -> Result<Vec<String>, String> {
    let is_library = |package: &String| library(workspace, package).is_file();
    Ok(workspace.published()?.into_iter().filter(is_library).collect())
}

fn library(workspace: &Workspace, package: &str) -> PathBuf {
    workspace.root().join("crates").join(package).join("src/lib.rs")
}

fn file(workspace: &Workspace, package: &str) -> PathBuf {
    workspace.root().join(Path::new(FOLDER)).join(format!("{package}.txt"))
}

/// The lines that are in one text alone, as in a patch.
fn changes(before: &str, now: &str) -> Vec<String> {
    let only = |sign: char, text: &str, other: &str| -> Vec<String> {
        let has = |line: &str| other.lines().any(|theirs| theirs == line);
        text.lines().filter(|line| !has(line)).map(|line| format!("{sign} {line}")).collect()
    };
    [only('-', before, now), only('+', now, before)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_what_one_text_has_alone() {
        assert_eq!(changes("a\nb\n", "b\nc\n"), ["- a", "+ c"]);
        assert_eq!(changes("a\nb\n", "b\na\n"), [""; 0]);
    }
}
