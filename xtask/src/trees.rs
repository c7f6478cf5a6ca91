//! Dependency trees: what each kind of user pulls in, and what must never be among it.
//!
//! Counted are the crates that end up in the user's program on this platform. A crate in two versions counts
//! twice; procedural macros do not count.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use xshell::{Cmd, Shell};

use crate::shell::cargo;

/// A package with some features, the crates that it must not pull in, and the most crates that it may.
type Tree = (&'static str, &'static str, &'static [&'static str], usize);

#[rustfmt::skip]
const TREES: &[Tree] = &[
    // A program with its own HTTP client.
    ("radar-ct-model", "", &[
        "http", "httparse", "hyper", "reqwest", "ureq", "rustls", "native-tls", "openssl", "ring", "aws-lc-rs",
        "tokio", "async-std", "smol", "futures-util", "url", "idna",
    ], 20),
    // A program with its own transport.
    ("radar-ct", "", &["ureq", "ureq-proto", "reqwest", "hyper", "tokio", "rustls", "native-tls", "ring"], usize::MAX),
    // A script.
    ("radar-ct", "blocking,rustls", &["tokio", "hyper", "reqwest"], 40),
    // A service.
    ("radar-ct", "async,rustls", &["ureq", "ureq-proto"], 95),
    // Both, as when two crates of a program chose differently.
    ("radar-ct", "async,blocking,rustls", &[], usize::MAX),
];

/// Wherever TLS is linked, exactly one provider is, and no other TLS.
const OTHER_TLS: &[&str] = &["aws-lc-rs", "native-tls", "openssl", "openssl-sys"];

pub(crate) fn check(sh: &Shell) -> Result<()> {
    for (package, features, forbidden, most) in TREES {
        let tree = cargo(sh, &format!("tree --package {package} --no-default-features"));
        let crates = crates(tree.args(["--features", features]))?;
        println!("  {package} [{features}]: {} crates", crates.len());
        let has = |name: &str| crates.iter().any(|(found, _)| found == name);
        ensure!(has(package), "the tree of {package} cannot be read");
        ensure!(crates.len() <= *most, "{package} [{features}] has more than {most} crates");
        for name in forbidden.iter().chain(OTHER_TLS) {
            ensure!(!has(name), "{package} [{features}] pulls in {name}");
        }
        if features.contains("rustls") {
            let rings = crates.iter().filter(|(name, _)| name == "ring").count();
            ensure!(rings == 1, "{package} [{features}] links {rings} versions of ring");
        }
    }
    Ok(())
}

/// Runs `cargo tree` and returns names and versions. A line is `name vVERSION`, and may have more behind.
pub(crate) fn crates(tree: Cmd<'_>) -> Result<BTreeSet<(String, String)>> {
    let text = tree.args(["--edges", "normal,no-proc-macro", "--prefix", "none"]).quiet().read()?;
    let one = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split_whitespace().next()?.to_owned()))
    };
    Ok(text.lines().filter_map(one).collect())
}
