//! Every place that names the version of the workspace, and how it is raised there.
//!
//! Text and not TOML: what is around a version, comments and order included, stays as it was written.

use super::version::Version;

/// The top manifest: the version of all crates, and the exact one with which they ask for each other.
pub(super) fn manifest(text: &str, old: Version, new: Version) -> Result<String, String> {
    let (mut own, mut asked) = (0, 0);
    let mut section = "";
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line.trim();
        }
        let is_own = section == "[workspace.package]" && line == format!("version = \"{old}\"");
        let is_internal = section == "[workspace.dependencies]" && line.contains("path = \"crates/");
        lines.push(if is_own {
            own += 1;
            format!("version = \"{new}\"")
        } else if is_internal {
            let raised = line.replace(&format!("version = \"={old}\""), &format!("version = \"={new}\""));
            if raised == line && old != new {
                return Err(format!("Cargo.toml: `{line}` does not ask for exactly {old}"));
            }
            asked += 1;
            raised
        } else {
            line.to_owned()
        });
    }
    if own == 1 && asked > 0 {
        Ok(joined(&lines))
    } else {
        Err(format!(
            "Cargo.toml: {own} versions of the workspace and {asked} dependencies of ours were found"
        ))
    }
}

/// A lock file: the packages of those names that come from no registry.
pub(super) fn lock(text: &str, names: &[String], old: Version, new: Version) -> String {
    let blocks = text.split("\n\n").map(|block| {
        let ours = names.iter().any(|name| block.contains(&format!("\nname = \"{name}\"\n")));
        if ours && !block.contains("\nsource = ") {
            block.replace(&format!("\nversion = \"{old}\""), &format!("\nversion = \"{new}\""))
        } else {
            block.to_owned()
        }
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// Where the version is named as users ask for it: `radar-ct = "0.1"` in an example, a README, a project of the tests.
pub(super) fn requirements(text: &str, old: Version, new: Version) -> String {
    let (old, new) = (format!("\"{}\"", old.short()), format!("\"{}\"", new.short()));
    let raised = |line: &str| if asks_for_ours(line) { line.replace(&old, &new) } else { line.to_owned() };
    joined(&text.lines().map(raised).collect::<Vec<_>>())
}

/// Whether it is, or quotes, a dependency of a crate of ours.
fn asks_for_ours(line: &str) -> bool {
    let Some((before, _)) = line.split_once(" = ") else { return false };
    let name = before.rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-')).next();
    name.is_some_and(|name| name == "radar-ct" || name.starts_with("radar-ct-"))
}

fn joined<S: AsRef<str>>(lines: &[S]) -> String {
    lines.iter().flat_map(|line| [line.as_ref(), "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\n\
        a = { path = \"crates/a\", version = \"=0.1.0\", default-features = false }\nother = \"0.1.0\"\n";

    fn versions() -> (Version, Version) {
        ("0.1.0".parse().unwrap(), "0.2.0".parse().unwrap())
    }

    #[test]
    fn the_manifest_is_raised_where_it_names_our_version_and_nowhere_else() {
        let (old, new) = versions();
        let raised = manifest(MANIFEST, old, new).unwrap();
        assert!(raised.contains("version = \"0.2.0\"\n\n"), "{raised}");
        assert!(raised.contains("version = \"=0.2.0\", default-features"), "{raised}");
        assert!(raised.contains("other = \"0.1.0\"\n"), "{raised}");
    }

    #[test]
    fn a_dependency_of_ours_with_another_version_is_refused() {
        let (old, new) = versions();
        assert!(manifest(&MANIFEST.replace("=0.1.0", "0.1.0"), old, new).is_err());
        assert!(manifest(&MANIFEST.replace("\nversion = \"0.1.0\"", ""), old, new).is_err());
        assert!(manifest("", old, new).is_err());
    }

    #[test]
    fn our_own_manifest_can_be_raised() {
        let text = include_str!("../../../Cargo.toml");
        let own = text.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
        let old: Version = own.unwrap().parse().unwrap();
        let new = old.next(super::super::version::Wanted::Major);
        let raised = manifest(text, old, new).unwrap();
        assert!(!raised.contains(&format!("=\"{old}")) && raised.contains(&format!("\"={new}\"")));
        assert_eq!(manifest(&raised, new, old).unwrap(), text);
    }

    #[test]
    fn a_lock_file_is_raised_for_our_packages_alone() {
        let (old, new) = versions();
        let text = "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"theirs\"\n\
            version = \"0.1.0\"\nsource = \"x\"\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\nsource = \"x\"\n";
        let raised = lock(text, &["ours".to_owned(), "theirs".to_owned()], old, new);
        assert_eq!(raised, text.replacen("0.1.0", "0.2.0", 1));
    }

    #[test]
    fn examples_ask_for_the_new_version() {
        let (old, new) = versions();
        let text = "with `radar-ct = { version = \"0.1\" }` and\nradar-ct-model = \"0.1\"\nhttp = \"0.1\"\nour-radar-ct = \"0.1\"\n";
        let wanted = "with `radar-ct = { version = \"0.2\" }` and\nradar-ct-model = \"0.2\"\nhttp = \"0.1\"\nour-radar-ct = \"0.1\"\n";
        assert_eq!(requirements(text, old, new), wanted);
    }
}
