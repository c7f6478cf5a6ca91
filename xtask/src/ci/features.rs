//! Features only ever add: every subset of them has to compile, without a warning.

use std::time::Instant;

use super::Outcome;
use crate::process::{cargo, run as run_command};
use crate::workspace::Workspace;

/// The crates, and the features of each that a user may combine.
const CRATES: &[(&str, &[&str])] = &[
    ("radar-ct-model", &["schema"]),
    ("radar-ct-transport", &["ureq", "reqwest", "rustls", "rustls-no-provider"]),
    ("radar-ct", &["blocking", "async", "rustls", "rustls-no-provider", "schema", "tracing"]),
];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let mut problems = Vec::new();
    for (package, features) in CRATES {
        for set in subsets(features) {
            let began = Instant::now();
            let set = set.join(",");
            match check(workspace, package, &set) {
                Ok(()) => println!("  {package} [{set}] {:.1} s", began.elapsed().as_secs_f64()),
                Err(problem) => problems.push(problem),
            }
        }
    }
    Outcome::found(problems)
}

/// Clippy in place of `cargo check`: it takes `-D warnings` for our own crates alone, where RUSTFLAGS would rebuild
/// every dependency.
fn check(workspace: &Workspace, package: &str, set: &str) -> Result<(), String> {
    let mut args = vec!["clippy", "--quiet", "--package", package, "--no-default-features"];
    if !set.is_empty() {
        args.extend(["--features", set]);
    }
    args.extend(["--", "-D", "warnings"]);
    run_command(cargo(workspace, &args))
}

/// Every subset, the empty one first.
fn subsets<'f>(features: &[&'f str]) -> Vec<Vec<&'f str>> {
    let mut all = vec![Vec::new()];
    for feature in features {
        let with: Vec<Vec<&str>> =
            all.iter().map(|set| set.iter().copied().chain([*feature]).collect()).collect();
        all.extend(with);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a feature that is missing from the list, no subset would be tried.
    #[test]
    fn every_feature_is_on_the_list() {
        for (package, features) in CRATES {
            let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/");
            let text = std::fs::read_to_string(format!("{manifest}{package}/Cargo.toml")).unwrap();
            let section = text.split("[features]").nth(1).unwrap_or("").split("\n[").next().unwrap();
            let names = section.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
            let mut names: Vec<_> = names.filter(|name| *name != "default").collect();
            let mut listed = features.to_vec();
            names.sort_unstable();
            listed.sort_unstable();
            assert_eq!(names, listed, "{package}");
        }
    }

    #[test]
    fn subsets_are_complete_and_differ() {
        assert_eq!(subsets(&[]), [[""; 0]]);
        assert_eq!(subsets(&["a", "b"]), [vec![], vec!["a"], vec!["b"], vec!["a", "b"]]);
        assert_eq!(subsets(&["a", "b", "c", "d"]).len(), 16);
    }
}
