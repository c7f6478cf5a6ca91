//! The packages, as they would be uploaded.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use super::Release;
use super::publish::registry;
use crate::shell::{cargo, flags, git, published, target};

/// Files that cargo adds.
const ADDED: &[&str] = &[".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];

/// Packs everything. The next steps build the packages.
pub(super) fn pack(release: &Release<'_>) -> Result<String> {
    let copy = &release.copy;
    let packages = published(copy)?;
    let pack = cargo(copy, &format!("package --quiet --locked --no-verify {}", flags(&packages)));
    pack.args(registry(release)).run()?;
    for package in &packages {
        let list = copy.cmd("tar").arg("-tzf").arg(archive(release, &package.name)?).quiet().read()?;
        let mut packed: BTreeSet<_> = list.lines().filter_map(|line| Some(line.split_once('/')?.1)).collect();
        packed.retain(|file| !ADDED.contains(file));
        let folder = package.manifest_path.parent().context("no folder")?;
        let committed = git(copy, "-C").arg(folder).arg("ls-files").read()?;
        let committed: BTreeSet<_> = committed.lines().collect();
        let differing: Vec<_> = packed.symmetric_difference(&committed).collect();
        ensure!(differing.is_empty(), "{}: packed or committed, but not both: {differing:?}", package.name);
        for needed in ["LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            ensure!(packed.contains(needed), "{} lacks {needed}", package.name);
        }
    }
    Ok(format!("{} packages hold what is committed and nothing else", packages.len()))
}

fn archive(release: &Release<'_>, package: &str) -> Result<PathBuf> {
    target(&format!("package/{package}-{}.crate", release.plan.target))
}

/// A folder outside the workspace, with the packages unpacked. It is removed when this value is dropped.
pub(super) struct Unpacked {
    pub(super) sh: Shell,
    pub(super) folder: PathBuf,
}

impl Unpacked {
    /// Unpacks the packages. Every project in the folder finds them in place of those on crates.io, and
    /// builds offline with the dependencies of the lock file.
    pub(super) fn new(release: &Release<'_>) -> Result<Self> {
        // Always the same folder, so that dependencies are built once.
        let folder = env::temp_dir().join("radar-ct-release");
        let sh = crate::shell::at(release.sh.current_dir().as_path())?;
        sh.remove_path(&folder)?;
        sh.create_dir(&folder)?;
        sh.change_dir(&folder);
        let mut config = "[net]\noffline = true\n\n[patch.crates-io]\n".to_owned();
        for package in published(&release.copy)? {
            // With the current time, since cargo rebuilds by time and all packages have the same.
            sh.cmd("tar").arg("-xzmf").arg(archive(release, &package.name)?).quiet().run()?;
            let path = folder.join(format!("{}-{}", package.name, release.plan.target));
            config += &format!("{} = {{ path = '{}' }}\n", package.name, path.display());
        }
        sh.write_file(".cargo/config.toml", config)?;
        Ok(Self { sh, folder })
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // It is in the folder for temporary files.
        let _ = self.sh.remove_path(&self.folder);
    }
}
