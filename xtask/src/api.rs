//! The public API of the libraries as text, an item per line, so that a review sees every change.

use std::path::PathBuf;

use anyhow::{Result, bail};
use xshell::Shell;

use crate::shell::{Skip, cargo, compiler, libraries, target};
use crate::tools::PUBLIC_API;

pub(crate) const FOLDER: &str = "docs/api";

/// The compiler whose rustdoc wrote the text. Another may name items differently.
const COMPILER: &str = "rustc 1.95.";

/// Returns the target folder of builds with unstable features. Build scripts look for these, so that the
/// usual target folder would be rebuilt twice.
pub(crate) fn unstable_target() -> Result<PathBuf> {
    target("bootstrap")
}

pub(crate) fn write(sh: &Shell) -> Result<()> {
    for (file, text) in current(sh)? {
        sh.write_file(&file, text)?;
        println!("{file}");
    }
    Ok(())
}

/// Compares the text with the code.
pub(crate) fn check(sh: &Shell) -> Result<()> {
    let mut differ = Vec::new();
    for (file, text) in current(sh)? {
        let before = sh.read_file(&file).unwrap_or_default();
        let only = |sign, a: &str, b: &str| {
            let rest = a.lines().filter(|line| !b.lines().any(|other| other == *line));
            rest.take(40).for_each(|line| println!("  {sign} {line}"));
        };
        if text != before {
            only('-', &before, &text);
            only('+', &text, &before);
            differ.push(file);
        }
    }
    if differ.is_empty() {
        return Ok(());
    }
    bail!("{} not up to date: run `cargo xtask api` and review the difference", differ.join(", "))
}

fn current(sh: &Shell) -> Result<Vec<(String, String)>> {
    let found = compiler(sh)?;
    if !found.starts_with(COMPILER) {
        bail!(Skip(format!("{FOLDER} was written with {COMPILER}x, and this is {found}")));
    }
    let mut all = Vec::new();
    for package in libraries(sh)? {
        let name = package.name.as_str();
        let rustdoc = cargo(sh, &format!("rustdoc --quiet --lib --all-features --package {name} --"));
        let rustdoc =
            rustdoc.args(["-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"]);
        rustdoc.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", unstable_target()?).quiet().run()?;
        let json = unstable_target()?.join("doc").join(format!("{}.json", name.replace('-', "_")));
        // Blanket and automatic implementations follow from the rest.
        let list =
            PUBLIC_API.command(sh, "public-api --simplified --simplified --color=never --rustdoc-json")?;
        all.push((format!("{FOLDER}/{name}.txt"), list.arg(json).quiet().read()? + "\n"));
    }
    Ok(all)
}
