//! What no compiler looks at: manifests and licences of what is published, files that grow, tests that are switched off.

use std::fs;
use std::path::Path;

use super::Outcome;
use crate::files;
use crate::manifest::Manifest;
use crate::workspace::Workspace;

/// A file that is longer has more than one reason to change.
const LONGEST: usize = 600;

/// A package holds the files of its own folder alone, so each crate has a copy: not a link, which a checkout on Windows may
/// turn into a file that holds a path.
const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// The folders with code of ours.
const CODE: &[&str] = &["crates", "tests", "xtask"];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    look(workspace).map_err(|error| error.to_string()).into()
}

fn look(workspace: &Workspace) -> std::io::Result<Vec<String>> {
    let mut problems = Vec::new();
    for folder in workspace.crates()? {
        let text = fs::read_to_string(folder.join("Cargo.toml"))?;
        for problem in against_manifest(&Manifest::new(text), &folder) {
            problems.push(format!("{}: {problem}", workspace.short(&folder)));
        }
        for problem in against_licences(workspace.root(), &folder)? {
            problems.push(format!("{}: {problem}", workspace.short(&folder)));
        }
        for file in files::of_rust(&folder.join("src"))? {
            let lines = fs::read_to_string(&file)?.lines().count();
            if lines > LONGEST {
                problems.push(format!("{}: {lines} lines, more than {LONGEST}", workspace.short(&file)));
            }
        }
    }
    for folder in CODE {
        for file in files::of_rust(&workspace.root().join(folder))? {
            let text = fs::read_to_string(&file)?;
            for (index, _) in text.lines().enumerate().filter(|(_, line)| ignores_without_reason(line)) {
                problems.push(format!("{}:{}: ignored without a reason", workspace.short(&file), index + 1));
            }
        }
    }
    Ok(problems)
}

fn against_manifest(manifest: &Manifest, folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    match manifest.get("package", "readme") {
        Some(name) if folder.join(name).is_file() => {}
        Some(name) => problems.push(format!("its readme {name} is not there")),
        None => problems.push("names no readme".to_owned()),
    }
    if manifest.get("package", "description").is_none_or(str::is_empty) {
        problems.push("has no description".to_owned());
    }
    if manifest.get("lints", "workspace") != Some("true") {
        problems.push("does not inherit the lints".to_owned());
    }
    problems
}

/// What differs between the licences at the top and those that a crate ships.
fn against_licences(root: &Path, folder: &Path) -> std::io::Result<Vec<String>> {
    let mut problems = Vec::new();
    for name in LICENCES {
        let wanted = fs::read(root.join(name))?;
        if !fs::read(folder.join(name)).is_ok_and(|shipped| shipped == wanted) {
            problems.push(format!("its {name} is not a copy of the one at the top"));
        }
    }
    Ok(problems)
}

/// Whether the line is an attribute that switches a test off and does not say why.
fn ignores_without_reason(line: &str) -> bool {
    let line: String = line.split_whitespace().collect();
    line.starts_with("#[")
        && ["#[ignore]", "#[ignore=\"\"]", ",ignore)]", ",ignore=\"\")]"]
            .iter()
            .any(|bare| line.contains(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_test_says_why() {
        for bare in ["#[ignore]", "  #[test] #[ignore]", "#[ignore = \"\"]", "#[cfg_attr(windows, ignore)]"] {
            assert!(ignores_without_reason(bare), "{bare}");
        }
        for fine in
            ["#[ignore = \"needs an account\"]", "// #[ignore]", "#[cfg_attr(windows, ignore = \"why\")]"]
        {
            assert!(!ignores_without_reason(fine), "{fine}");
        }
    }

    #[test]
    fn an_empty_manifest_lacks_everything() {
        assert_eq!(against_manifest(&Manifest::new(String::new()), Path::new("nowhere")).len(), 3);
    }

    #[test]
    fn a_crate_without_licences_is_found() {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = xtask.parent().unwrap();
        assert_eq!(against_licences(root, xtask).unwrap().len(), 2);
        assert_eq!(against_licences(root, &root.join("crates/radar-ct")).unwrap(), [""; 0]);
    }

    #[test]
    fn our_own_crate_inherits_and_is_described() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = Manifest::new(fs::read_to_string(folder.join("Cargo.toml")).unwrap());
        assert_eq!(against_manifest(&manifest, folder), ["names no readme"]);
    }
}
