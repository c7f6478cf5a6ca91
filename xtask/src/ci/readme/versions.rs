//! Versions in documents: of Rust, and of ours as users ask for it.

use std::fs;

use super::Document;
use crate::manifest::Manifest;
use crate::workspace::{APART, Workspace};

pub(super) fn differences(workspace: &Workspace, documents: &[Document]) -> Result<Vec<String>, String> {
    let path = workspace.root().join("Cargo.toml");
    let text = fs::read_to_string(path).map_err(|error| format!("Cargo.toml: {error}"))?;
    let manifest = Manifest::new(text);
    let get = |key| manifest.get("workspace.package", key).ok_or_else(|| format!("Cargo.toml has no {key}"));
    let rust = get("rust-version")?;
    let own = short(get("version")?);

    let mut problems = Vec::new();
    // Which inherit nothing.
    for folder in APART {
        let name = format!("{folder}/Cargo.toml");
        let text =
            fs::read_to_string(workspace.root().join(&name)).map_err(|error| format!("{name}: {error}"))?;
        if Manifest::new(text).get("package", "rust-version") != Some(rust) {
            problems.push(format!("{name}: its rust-version is not {rust}, as in Cargo.toml"));
        }
    }
    for document in documents {
        // What is written of older releases was true of them.
        let lines = document.text.lines().enumerate().take_while(|(_, line)| !is_of_a_release(line));
        for (index, line) in lines {
            let at = document.at(workspace, index);
            for named in of_rust(line).filter(|named| *named != rust) {
                problems.push(format!("{at}: names Rust {named}, and Cargo.toml {rust}"));
            }
            for named in of_ours(line).filter(|named| *named != own) {
                problems.push(format!("{at}: asks for {named}, and this is {own}"));
            }
        }
    }
    Ok(problems)
}

fn is_of_a_release(line: &str) -> bool {
    line.starts_with("## [") && !line.starts_with("## [Unreleased]")
}

/// `0.1` of `0.1.3`.
fn short(version: &str) -> &str {
    version.rsplit_once('.').map_or(version, |(short, _)| short)
}

/// What may be a version of the compiler, where the line is about Rust: `1.` and two digits.
fn of_rust(line: &str) -> impl Iterator<Item = &str> {
    let is_about_rust =
        ["Rust ", "rustc", "rust-version", "MSRV", "toolchain"].iter().any(|word| line.contains(word));
    let words = line.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|word| word.trim_matches('.'));
    words.filter(move |word| {
        is_about_rust && word.strip_prefix("1.").is_some_and(|rest| rest.len() == 2 && !rest.contains('.'))
    })
}

/// The version in `radar-ct = "0.1"` and in `radar-ct-model = { version = "0.1", …`.
fn of_ours(line: &str) -> impl Iterator<Item = &str> {
    line.split("radar-ct").skip(1).filter_map(|rest| {
        let (name, value) = rest.split_once(" = ")?;
        let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let value = value.strip_prefix("{ version = ").unwrap_or(value);
        value.strip_prefix('"').filter(|_| is_name)?.split('"').next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_rust_are_found_where_the_line_is_about_it() {
        let found = |line| of_rust(line).collect::<Vec<_>>();
        assert_eq!(found("The oldest Rust that will do is 1.89."), ["1.89"]);
        assert_eq!(found("rust-version 1.85, not Rust 1.5 or 1.2.3"), ["1.85"]);
        assert_eq!(found("keep a changelog 1.10"), [""; 0]);
    }

    #[test]
    fn our_own_versions_are_found_in_both_forms() {
        let found = |line| of_ours(line).collect::<Vec<_>>();
        assert_eq!(found("with `radar-ct = { version = \"0.1\", features = [] }`"), ["0.1"]);
        assert_eq!(found("radar-ct-model = \"0.2\""), ["0.2"]);
        assert_eq!(found("radar-ct is = \"0.2\" and serde = \"1.0\""), [""; 0]);
    }

    #[test]
    fn a_version_is_asked_for_without_its_last_number() {
        assert_eq!(short("0.1.3"), "0.1");
    }
}
