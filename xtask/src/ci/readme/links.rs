//! Links that lead nowhere, and files that are named and are not there.

use std::path::Path;

use super::Document;
use crate::files;
use crate::workspace::Workspace;

/// The folders whose files documents speak of.
const NAMED: &[&str] = &[".ci", "benches", "crates", "docs", "fuzz", "tests", "xtask"];

/// How the names of files end that are always ours; others are of data that the reader makes.
const ENDINGS: &[&str] = &[".rs", ".toml", ".txt", ".md", ".svg"];

pub(super) fn broken(workspace: &Workspace, documents: &[Document]) -> Result<Vec<String>, String> {
    let mut named = Vec::new();
    for folder in NAMED {
        let below =
            files::below(&workspace.root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
        named.extend(below.iter().filter_map(|path| relative(workspace.root(), path)));
    }
    named.extend(super::files(workspace.root())?.iter().filter_map(|path| relative(workspace.root(), path)));

    let mut problems = Vec::new();
    for document in documents {
        let folder = document.path.parent().unwrap_or(workspace.root());
        for (index, line) in document.text.lines().enumerate() {
            let at = document.at(workspace, index);
            for target in targets(line).filter(|target| !folder.join(target).exists()) {
                problems.push(format!("{at}: the link to {target} leads nowhere"));
            }
            for name in names(line).filter(|name| !named.iter().any(|file| ends_with(file, name))) {
                problems.push(format!("{at}: there is no file `{name}`"));
            }
        }
    }
    Ok(problems)
}

/// With `/` on every system, as documents write it.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.iter().map(|part| part.to_string_lossy());
    Some(parts.collect::<Vec<_>>().join("/"))
}

/// The files that a line links to. Other pages are not ours to keep, and items in the text of rustdoc are rustdoc's.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let reference =
        line.split_once("]: ").filter(|(label, _)| label.starts_with('[')).map(|(_, target)| target);
    inline.chain(reference).filter_map(|target| {
        let target = target.split('#').next().unwrap_or_default();
        let is_file = !target.is_empty() && !target.contains("://") && !target.contains("::");
        is_file.then_some(target)
    })
}

/// The files that a line names as code.
fn names(line: &str) -> impl Iterator<Item = &str> {
    let spans = line.split('`').skip(1).step_by(2);
    spans.filter(|span| {
        !span.contains(|c: char| c.is_whitespace() || "*{<".contains(c))
            && ENDINGS.iter().any(|ending| span.len() > ending.len() && span.ends_with(ending))
    })
}

fn ends_with(file: &str, name: &str) -> bool {
    file.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found_in_both_forms() {
        let found = |line| targets(line).collect::<Vec<_>>();
        assert_eq!(found("see [this](docs/a.md#part) and ![that](b.svg)"), ["docs/a.md", "b.svg"]);
        assert_eq!(found("[a]: docs/a.md"), ["docs/a.md"]);
        assert_eq!(found("[a](https://host.example) [b](#here) [c](crate::Error) [d]"), [""; 0]);
    }

    #[test]
    fn files_are_named_as_code() {
        let found = |line| names(line).collect::<Vec<_>>();
        assert_eq!(found("`a/b.rs` and `c.rs`, not d.rs"), ["a/b.rs", "c.rs"]);
        assert_eq!(found("`.rs` `cargo run a.rs` `out/*.md` `table.csv`"), [""; 0]);
    }

    #[test]
    fn a_name_is_compared_from_a_folder_on() {
        assert!(ends_with("crates/a/src/b.rs", "src/b.rs") && ends_with("b.rs", "b.rs"));
        assert!(!ends_with("crates/a/src/ab.rs", "b.rs"));
    }
}
