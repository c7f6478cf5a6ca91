//! Types of other crates in our public API. Each binds us to that crate's versions, so each
//! is listed in `external_types.toml`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use xshell::Shell;

use crate::api::FOLDER;
use crate::shell::libraries;

/// Reads the text that the step `public-api` compares with the code.
pub(crate) fn check(sh: &Shell) -> Result<()> {
    let allowed: BTreeMap<String, Vec<String>> = toml::from_str(&sh.read_file("xtask/external_types.toml")?)?;
    let mut problems = Vec::new();
    for package in libraries(sh)? {
        let name = package.name.as_str();
        let text = sh.read_file(format!("{FOLDER}/{name}.txt"))?;
        problems.extend(differences(name, &text, allowed.get(name).map_or(&[], Vec::as_slice)));
    }
    if problems.is_empty() { Ok(()) } else { bail!(problems.join("\n")) }
}

fn differences(package: &str, text: &str, allowed: &[String]) -> Vec<String> {
    let own = package.replace('-', "_");
    let is_foreign = |path: &&str| {
        let root = path.split("::").next().unwrap_or_default();
        root != own && !["core", "alloc", "std"].contains(&root)
    };
    let found: BTreeSet<&str> = text.lines().flat_map(paths).filter(is_foreign).collect();
    let below = |path: &str, root: &str| {
        path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let new = found.iter().filter(|path| !allowed.iter().any(|root| below(path, root)));
    let gone = allowed.iter().filter(|root| !found.iter().any(|path| below(path, root)));
    let new =
        new.map(|path| format!("{package} shows {path}: hide it, or allow it in xtask/external_types.toml"));
    let gone = gone.map(|root| format!("{package} no longer shows {root}: remove it from the list"));
    new.chain(gone).collect()
}

/// Finds the paths in a line. In `<S as a::B>::Ok` the last part is none.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let is_path =
        |word: &&str| word.contains("::") && word.starts_with(|c: char| c.is_lowercase() || c == '_');
    words.filter(is_path).map(|word| word.trim_end_matches(':'))
}
