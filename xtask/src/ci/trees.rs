//! What each kind of user pulls in, read from `cargo tree`, and what they must never.
//!
//! Counted are the crates that end up in the user's program on this platform, our own among them: a crate in two
//! versions twice, procedural macros and what they are made of not at all, since they stay in the compiler.

use std::collections::BTreeSet;

use super::Outcome;
use crate::process::{cargo, read};
use crate::workspace::Workspace;

/// What holds for one crate with one set of features.
struct Tree {
    package: &'static str,
    features: &'static str,
    forbidden: &'static [&'static str],
    at_most: Option<usize>,
    /// Whether TLS is linked: then one provider is, ring, and no other TLS stack.
    tls: bool,
}

const TREES: &[Tree] = &[
    // Somebody with an HTTP client of their own.
    Tree { package: "radar-ct-model", features: "", forbidden: MODEL_NEVER, at_most: Some(20), tls: false },
    // Somebody who brings a transport.
    Tree {
        package: "radar-ct",
        features: "",
        forbidden: &["ureq", "ureq-proto", "reqwest", "hyper", "tokio", "rustls", "native-tls", "ring"],
        at_most: None,
        tls: false,
    },
    // A script.
    Tree {
        package: "radar-ct",
        features: "blocking,rustls",
        forbidden: &["tokio", "hyper", "reqwest"],
        at_most: Some(40),
        tls: true,
    },
    // A service.
    Tree {
        package: "radar-ct",
        features: "async,rustls",
        forbidden: &["ureq", "ureq-proto"],
        at_most: Some(95),
        tls: true,
    },
    // Both in one program, as when two crates of it chose differently.
    Tree { package: "radar-ct", features: "async,blocking,rustls", forbidden: &[], at_most: None, tls: true },
];

/// HTTP, TLS, runtimes, and URLs with their tables of names.
#[rustfmt::skip]
const MODEL_NEVER: &[&str] = &[
    "http", "httparse", "hyper", "reqwest", "ureq",
    "rustls", "native-tls", "openssl", "ring", "aws-lc-rs",
    "tokio", "async-std", "smol", "futures-util",
    "url", "idna",
];

const PROVIDERS: &[&str] = &["ring", "aws-lc-rs"];
const PROVIDER: &str = "ring";
const OTHER_TLS: &[&str] = &["native-tls", "openssl", "openssl-sys"];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let mut problems = Vec::new();
    for tree in TREES {
        let title = format!("{} [{}]", tree.package, tree.features);
        let crates = match list(workspace, tree) {
            Ok(crates) => crates,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let limit = tree.at_most.map_or_else(String::new, |most| format!(" of at most {most}"));
        println!("  {title}: {} crates{limit}", crates.len());
        problems.extend(broken(tree, &crates).into_iter().map(|problem| format!("{title} {problem}")));
    }
    Outcome::found(problems)
}

fn list(workspace: &Workspace, tree: &Tree) -> Result<BTreeSet<Package>, String> {
    let mut args = vec!["tree", "--package", tree.package, "--no-default-features"];
    if !tree.features.is_empty() {
        args.extend(["--features", tree.features]);
    }
    args.extend(["--edges", "normal,no-proc-macro", "--prefix", "none"]);
    let crates = parse(&read(cargo(workspace, &args))?);
    // A tree that is misread would pass every check on what is absent.
    if crates.iter().any(|found| found.name == tree.package) {
        Ok(crates)
    } else {
        Err(format!("the tree of {} could not be read", tree.package))
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
}

/// A line is `name vVERSION`, then a path, `(proc-macro)` or `(*)`.
fn parse(text: &str) -> BTreeSet<Package> {
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words.next()?.to_owned();
        let version = words.next()?.strip_prefix('v')?.to_owned();
        Some(Package { name, version })
    };
    text.lines().filter_map(package).collect()
}

/// What a tree has against its rules.
fn broken(tree: &Tree, crates: &BTreeSet<Package>) -> Vec<String> {
    let mut problems = Vec::new();
    let has = |name: &str| crates.iter().any(|found| found.name == name);
    let other_tls = if tree.tls { OTHER_TLS } else { &[] };
    for name in tree.forbidden.iter().chain(other_tls).filter(|name| has(name)) {
        problems.push(format!("pulls in `{name}`"));
    }
    if let Some(most) = tree.at_most.filter(|most| crates.len() > *most) {
        problems.push(format!("has {} crates, more than {most}", crates.len()));
    }
    if tree.tls {
        let linked: Vec<_> =
            crates.iter().map(|found| found.name.as_str()).filter(|name| PROVIDERS.contains(name)).collect();
        if linked != [PROVIDER] {
            problems.push(format!("links the crypto providers {linked:?}, not `{PROVIDER}` alone"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "radar-ct v0.1.0 (/somewhere)\nring v0.17.14\nserde_derive v1.0.0 (proc-macro)\n\
        ring v0.17.14 (*)\nsyn v2.0.0\nsyn v3.0.0\n";

    fn tree(forbidden: &'static [&'static str], at_most: usize) -> Tree {
        Tree { package: "radar-ct", features: "", forbidden, at_most: Some(at_most), tls: true }
    }

    #[test]
    fn a_crate_counts_once_for_each_version() {
        assert_eq!(parse(TEXT).len(), 5);
    }

    #[test]
    fn rules_that_hold_say_nothing() {
        assert_eq!(broken(&tree(&["tokio"], 5), &parse(TEXT)), [""; 0]);
    }

    #[test]
    fn a_forbidden_crate_and_a_crate_too_many_are_found() {
        let problems = broken(&tree(&["syn"], 4), &parse(TEXT));
        assert_eq!(problems, ["pulls in `syn`", "has 5 crates, more than 4"]);
    }

    #[test]
    fn a_name_is_compared_as_a_whole() {
        assert_eq!(broken(&tree(&["serde", "radar"], 5), &parse(TEXT)), [""; 0]);
    }

    #[test]
    fn a_second_or_missing_provider_or_another_stack_is_found() {
        for lines in [
            "ring v0.17.14\naws-lc-rs v1.0.0",
            "aws-lc-rs v1.0.0",
            "ring v1.0.0\nring v2.0.0",
            "ring v1.0.0\nopenssl v0.1.0",
        ] {
            assert_eq!(broken(&tree(&[], 9), &parse(lines)).len(), 1, "{lines}");
        }
        assert_eq!(broken(&tree(&[], 9), &parse("syn v1.0.0")).len(), 1);
    }
}
