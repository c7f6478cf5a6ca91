//! What is handed out beside the crates: the program, what it is made of, completions, manual pages, and checksums.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Release;
use super::away::Away;
use super::packed::{self, sha256};
use crate::files;
use crate::process::{With, cargo_in, host, program, read, run};
use crate::tools::{AUDITABLE, CYCLONEDX, Missing};

const PACKAGE: &str = "radar-ct-cli";
const PROGRAM: &str = "radar-ct";
/// The shells, and how each wants the file to be called.
const SHELLS: &[(&str, &str)] = &[("bash", "radar-ct.bash"), ("zsh", "_radar-ct"), ("fish", "radar-ct.fish")];
/// The section in which cargo-auditable puts the list of dependencies.
const SECTION: &[u8] = b".dep-v0";
const SUMS: &str = "SHA256SUMS";

/// Builds it all into an empty folder.
pub(super) fn run_step(release: &Release) -> Result<String, Missing> {
    let folder = &release.dist;
    // Both first: without them there is no half of it either.
    let (auditable, cyclonedx) = (AUDITABLE.program(&release.copy)?, CYCLONEDX.program(&release.copy)?);
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    for inside in [folder.clone(), folder.join("completions"), folder.join("man")] {
        fs::create_dir_all(&inside).map_err(|error| failed(&inside, &error))?;
    }
    // From the package, as everybody gets it. In the workspace both lists would name what only its tests use: there, features
    // that any member asks for count for all.
    let away = Away::new("dist", &packed::lay_out(release)?)?;
    let package = packed::folder(release).join(format!("{PACKAGE}-{}", release.plan.target));
    let sources = away.bring(&package, PACKAGE)?;
    let built = build(release, &auditable, &sources)?;
    write_out(release, &built)?;
    bill(release, &cyclonedx, &sources)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&release.copy.root().join(licence), &folder.join(licence))?;
    }
    let files = sums(folder).map_err(|error| failed(folder, &error))?;
    Ok(format!("{files} files and their {SUMS} in {}", release.workspace.short(folder)))
}

/// The program, with the list of its dependencies in it.
fn build(release: &Release, auditable: &Path, sources: &Path) -> Result<PathBuf, String> {
    let mut command = program(auditable.as_os_str(), sources);
    command.args(["auditable", "build", "--release", "--locked", "--bin", PROGRAM]);
    let target = release.folder.join("program");
    packed::forget_ours(&target)?;
    command.env("CARGO_TARGET_DIR", &target);
    // Where it was built is nobody's business.
    command.env("RUSTFLAGS", format!("--remap-path-prefix={}=", packed::folder(release).display()));
    run(command)?;
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let built = target.join("release").join(&name);
    let bytes = fs::read(&built).map_err(|error| failed(&built, &error))?;
    if !bytes.windows(SECTION.len()).any(|window| window == SECTION) {
        return Err(format!("{name} does not hold the list of its dependencies"));
    }
    let said = read(program(built.as_os_str(), sources).with("--version"))?;
    let wanted = release.plan.target.to_string();
    if !said.split_whitespace().any(|word| word == wanted) {
        return Err(format!("{name} says that it is `{}`, and not {wanted}", said.trim()));
    }
    Ok(built)
}

/// What the program writes about itself.
fn write_out(release: &Release, built: &Path) -> Result<(), String> {
    let folder = &release.dist;
    let host = host(&release.copy)?;
    let name = format!("{PROGRAM}-{}-{host}{}", release.plan.target, std::env::consts::EXE_SUFFIX);
    copy(built, &folder.join(name))?;
    for (shell, name) in SHELLS {
        let script = read(program(built.as_os_str(), folder).with("completions").with(shell))?;
        let path = folder.join("completions").join(name);
        fs::write(&path, script).map_err(|error| failed(&path, &error))?;
    }
    run(program(built.as_os_str(), folder).with("man").with("--out").with("man"))
}

/// The bill of materials of the program, written beside its manifest and taken from there.
fn bill(release: &Release, cyclonedx: &Path, sources: &Path) -> Result<(), String> {
    let mut command = program(cyclonedx.as_os_str(), sources);
    command.args([
        "cyclonedx",
        "--quiet",
        "--format",
        "json",
        "--spec-version",
        "1.5",
        "--describe",
        "binaries",
    ]);
    run(command)?;
    let made = sources.join(format!("{PROGRAM}_bin.cdx.json"));
    let text = fs::read_to_string(&made).map_err(|error| failed(&made, &error))?;
    // More than these are listed, here and in the program: the tools ask cargo for its metadata, which hold what a feature
    // behind a `?` would bring even where nothing asks for it. Less must not be.
    let tree = read(cargo_in(sources, &["tree", "--locked", "--edges", "normal", "--prefix", "none"]))?;
    let linked: BTreeSet<_> = tree.lines().filter_map(package_url).collect();
    if let Some(lacking) = linked.iter().find(|url| !text.contains(url.as_str())) {
        return Err(format!("the bill of materials lacks {lacking}"));
    }
    println!("  the bill of materials has all {} crates of the program", linked.len());
    let to = release.dist.join(format!("{PROGRAM}-{}.cdx.json", release.plan.target));
    // Its own package has the path for a name.
    let text = text.replace(&sources.to_string_lossy().into_owned(), &format!("/{PACKAGE}"));
    fs::write(&to, text).map_err(|error| failed(&to, &error))
}

/// The name that a bill of materials has for a line of `cargo tree`: a name and a version.
fn package_url(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    Some(format!("\"pkg:cargo/{}@{}", words.next()?, words.next()?.strip_prefix('v')?))
}

/// Writes the checksums of all that is there, and says how many there are.
fn sums(folder: &Path) -> io::Result<usize> {
    let files = files::below(folder)?;
    let mut text = String::new();
    for file in &files {
        let inside = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
        text.extend([sha256(file)?.as_str(), "  ", &inside, "\n"]);
    }
    fs::write(folder.join(SUMS), text)?;
    Ok(files.len())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|error| failed(from, &error))
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_a_tree_is_named_as_in_a_bill() {
        assert_eq!(package_url("ureq v3.1.4 (*)").unwrap(), "\"pkg:cargo/ureq@3.1.4");
        assert_eq!(package_url(""), None);
    }

    #[test]
    fn checksums_name_the_files_as_seen_from_the_folder() {
        let folder = std::env::temp_dir().join(format!("radar-ct-sums-{}", std::process::id()));
        fs::create_dir_all(folder.join("man")).unwrap();
        fs::write(folder.join("man/a.1"), "abc").unwrap();
        let files = sums(&folder).unwrap();
        let text = fs::read_to_string(folder.join(SUMS)).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(files, 1);
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  man/a.1\n");
    }
}
