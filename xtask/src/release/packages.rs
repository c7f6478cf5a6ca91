//! The packages as they would be uploaded: built, and compared file by file with what is committed.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::registry::Registry;
use super::version::Version;
use super::{Release, packed};
use crate::git::said;
use crate::process::{cargo, read, run};
use crate::tools::Missing;

/// What cargo adds to a package by itself.
const ADDED: &[&str] = &[".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];

/// What each package must have, whatever is committed.
const NEEDED: &[&str] = &["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Packs and builds everything, and looks into what came out.
pub(super) fn run_step(release: &Release) -> Result<String, Missing> {
    let Release { copy, asked, .. } = release;
    let registry = Registry::new(copy, asked.registry.as_deref());
    let packages = copy.published()?;
    packed::forget_ours(&release.build())?;
    forget_unpacked(&sources_of_cargo()?, &packages, release.plan.target)
        .map_err(|error| format!("what an earlier rehearsal has left cannot be removed: {error}"))?;
    // With the verification, which builds each package from its own files alone.
    let mut dry = cargo(copy, &["publish", "--workspace", "--dry-run", "--locked"]);
    dry.args(registry.args()).env("CARGO_TARGET_DIR", release.build());
    run(dry)?;
    // That keeps no files. They have just been built, so here they are only written.
    let mut pack = cargo(copy, &["package", "--quiet", "--locked", "--no-verify"]);
    for package in &packages {
        pack.args(["--package", package]);
    }
    pack.args(registry.args()).env("CARGO_TARGET_DIR", release.build());
    run(pack)?;

    let mut problems = Vec::new();
    for folder in copy.crates().map_err(|error| error.to_string())? {
        let package = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let packed = contents(&archive(release, &package))?;
        let inside = folder.to_string_lossy();
        let committed = said(copy.root(), &["-C", &inside, "ls-files"])?;
        let committed: BTreeSet<String> = committed.lines().map(ToOwned::to_owned).collect();
        println!("  {package}: {} files", packed.len());
        problems
            .extend(differences(&packed, &committed).into_iter().map(|what| format!("{package}: {what}")));
    }
    if problems.is_empty() {
        Ok(format!("{} packages build, and hold what is committed and nothing else", packages.len()))
    } else {
        Err(Missing::Broken(problems.join("\n")))
    }
}

/// Where cargo unpacks what it builds.
fn sources_of_cargo() -> Result<PathBuf, String> {
    let home = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.map(|home| home.join("registry/src"))
        .ok_or_else(|| "where cargo is at home cannot be told".to_owned())
}

/// Removes our packages as an earlier rehearsal of the same version had them. To build one from the packages of the others,
/// cargo makes a registry of these, and unpacks what comes from it once and for all: a crate would be built with
/// what the others were then.
fn forget_unpacked(sources: &Path, packages: &[String], version: Version) -> io::Result<()> {
    if !sources.is_dir() {
        return Ok(());
    }
    for registry in fs::read_dir(sources)? {
        let registry = registry?;
        // Named after its host, and one in a folder has none. What was published for good is left alone.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for package in packages {
            let unpacked = registry.path().join(format!("{package}-{version}"));
            if unpacked.is_dir() {
                fs::remove_dir_all(unpacked)?;
            }
        }
    }
    Ok(())
}

/// Where the package of a crate is, once it has been packed.
pub(super) fn archive(release: &Release, package: &str) -> PathBuf {
    release.build().join("package").join(format!("{package}-{}.crate", release.plan.target))
}

/// The names of the files in a package, without the folder that they are in.
fn contents(archive: &Path) -> Result<BTreeSet<String>, String> {
    let mut tar = Command::new("tar");
    tar.arg("-tzf").arg(archive);
    let listed = read(tar)?;
    Ok(listed.lines().filter_map(|line| Some(line.split_once('/')?.1.to_owned())).collect())
}

fn differences(packed: &BTreeSet<String>, committed: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for name in packed.difference(committed).filter(|name| !ADDED.contains(&name.as_str())) {
        found.push(format!("{name} is packed, and not committed"));
    }
    for name in committed.difference(packed) {
        found.push(format!("{name} is committed, and not packed"));
    }
    for name in NEEDED.iter().filter(|name| !packed.contains(**name)) {
        found.push(format!("{name} is missing"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_our_packages_of_a_folder_and_of_this_version_are_forgotten() {
        let sources = env::temp_dir().join(format!("radar-ct-sources-{}", std::process::id()));
        let gone = sources.join("-0a/ours-0.1.1");
        let kept =
            ["-0a/ours-0.1.0", "-0a/theirs-0.1.1", "host-0a/ours-0.1.1"].map(|name| sources.join(name));
        for folder in kept.iter().chain([&gone]) {
            fs::create_dir_all(folder).unwrap();
        }
        forget_unpacked(&sources, &["ours".to_owned()], "0.1.1".parse().unwrap()).unwrap();
        let left = (gone.exists(), kept.each_ref().map(|folder| folder.exists()));
        fs::remove_dir_all(&sources).unwrap();
        assert_eq!(left, (false, [true; 3]));
        assert!(forget_unpacked(&sources, &[], "0.1.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_package_holds_what_is_committed_and_what_cargo_adds() {
        let mut committed = set(NEEDED);
        committed.insert("src/lib.rs".to_owned());
        let mut packed = committed.clone();
        packed.extend(set(ADDED));
        assert_eq!(differences(&packed, &committed), [""; 0]);
        packed.insert("notes.txt".to_owned());
        packed.remove("src/lib.rs");
        packed.remove("LICENSE-MIT");
        assert_eq!(
            differences(&packed, &committed),
            [
                "notes.txt is packed, and not committed",
                "LICENSE-MIT is committed, and not packed",
                "src/lib.rs is committed, and not packed",
                "LICENSE-MIT is missing",
            ]
        );
    }
}
