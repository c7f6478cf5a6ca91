//! Where the workspace is.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::manifest::Manifest;

/// Folders in it that are workspaces of their own, and depend on its crates all the same.
pub(crate) const APART: [&str; 2] = ["benches", "fuzz"];

/// The folder with the top `Cargo.toml`.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Asked for at run time and not compiled in: a target folder may be shared by several clones.
    pub(crate) fn find() -> Result<Self, String> {
        let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = own.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        match root {
            Some(root) if root.join("Cargo.toml").is_file() => Ok(Self { root }),
            _ => Err("the workspace was not found: run this as `cargo xtask`".to_owned()),
        }
    }

    /// Another one: a copy of this one, say.
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folders under `crates/`, by name.
    pub(crate) fn crates(&self) -> io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(self.root.join("crates"))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
        Ok(folders)
    }

    /// The packages that are published: all that is under `crates/`.
    pub(crate) fn published(&self) -> Result<Vec<String>, String> {
        let folders = self.crates().map_err(|error| format!("the crates cannot be listed: {error}"))?;
        folders.iter().map(|folder| name_of_package(folder)).collect()
    }

    /// All packages of the workspace.
    pub(crate) fn members(&self) -> Result<Vec<String>, String> {
        let mut names = self.published()?;
        for folder in ["tests", "xtask"] {
            names.push(name_of_package(&self.root.join(folder))?);
        }
        Ok(names)
    }

    /// A path as people write it: relative to the root.
    pub(crate) fn short<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

fn name_of_package(folder: &Path) -> Result<String, String> {
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    let name = Manifest::new(text).get("package", "name").map(ToOwned::to_owned);
    name.ok_or_else(|| format!("{} names no package", manifest.display()))
}

/// A folder of ours in the target folder, which is told from where xtask itself has been built to.
pub(crate) fn target_folder(name: &str) -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("where xtask itself is cannot be told: {error}"))?;
    let target = own.parent().and_then(Path::parent);
    target.map(|target| target.join(name)).ok_or_else(|| "xtask itself is in no target folder".to_owned())
}
