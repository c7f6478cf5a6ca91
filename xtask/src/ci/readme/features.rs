//! Tables of features, against the manifests.

use std::fs;

use crate::workspace::Workspace;

/// A crate, and the files with a table of its features.
const TABLES: &[(&str, &[&str])] = &[
    ("radar-ct", &["README.md", "crates/radar-ct/src/lib.rs"]),
    ("radar-ct-transport", &["crates/radar-ct-transport/src/lib.rs"]),
];

/// A feature, and whether it is on unless somebody says otherwise.
type Feature = (String, bool);

pub(super) fn differences(workspace: &Workspace) -> Result<Vec<String>, String> {
    let read = |path: &str| {
        fs::read_to_string(workspace.root().join(path)).map_err(|error| format!("{path}: {error}"))
    };
    let mut problems = Vec::new();
    for (package, files) in TABLES {
        let manifest = format!("crates/{package}/Cargo.toml");
        let wanted = of_manifest(&read(&manifest)?);
        for file in *files {
            let found = of_table(&read(file)?);
            if found != wanted {
                problems.push(format!(
                    "{file}: the table of features has {}, and {manifest} {}",
                    listed(&found),
                    listed(&wanted)
                ));
            }
        }
    }
    Ok(problems)
}

fn listed(features: &[Feature]) -> String {
    let one = |(name, is_default): &Feature| format!("{name}{}", if *is_default { " (default)" } else { "" });
    features.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// In the order of their names.
fn of_manifest(text: &str) -> Vec<Feature> {
    let mut section = "";
    let mut features = Vec::new();
    let mut default = "";
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section == "[features]"
            && let Some((name, value)) = line.split_once('=')
        {
            match name.trim() {
                "default" => default = value,
                name => features.push(name.to_owned()),
            }
        }
    }
    features.sort();
    let with_default = |name: String| {
        let is_default = default.contains(&format!("\"{name}\""));
        (name, is_default)
    };
    features.into_iter().map(with_default).collect()
}

/// The rows of the table whose first column is about features and whose last says `yes`.
fn of_table(text: &str) -> Vec<Feature> {
    let lines = text.lines().map(|line| line.trim_start_matches("//!").trim());
    let rows = lines.skip_while(|line| !line.starts_with("| feature")).skip(2);
    let mut features: Vec<_> = rows
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let name = cells.first()?.trim_matches('`');
            Some((name.to_owned(), cells.last() == Some(&"yes")))
        })
        .collect();
    features.sort();
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_a_manifest_are_read_alike() {
        let manifest = "[package]\nname = \"x\"\n[features]\ndefault = [\"b\"]\n## What it is.\nb = []\na = [\"dep:c\"]\n[dependencies]\nd = \"1\"\n";
        let table = "//! | feature of `x` | gives | default |\n//! | --- | --- | --- |\n//! | `a` | one | |\n\
            //! | `b` | two | yes |\n//!\n//! | `c` | |\n";
        let wanted = [("a".to_owned(), false), ("b".to_owned(), true)];
        assert_eq!(of_manifest(manifest), wanted);
        assert_eq!(of_table(table), wanted);
    }

    #[test]
    fn no_table_is_no_feature() {
        assert_eq!(of_table("nothing"), []);
    }
}
