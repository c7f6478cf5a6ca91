//! What the documents say of the project, against the project. Their code is tested where all code is: as doctests. So are
//! the numbers they name, by a test of their own.

mod features;
mod links;
mod tested;
mod versions;

use std::fs;
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::workspace::Workspace;

/// A text that is written for people, and the folder from which it links.
struct Document {
    path: PathBuf,
    text: String,
}

impl Document {
    fn read(path: PathBuf) -> Result<Self, String> {
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path, text })
    }

    /// What stands in front of every complaint: the file and the line.
    fn at(&self, workspace: &Workspace, index: usize) -> String {
        format!("{}:{}", workspace.short(&self.path), index + 1)
    }
}

pub(super) fn run(workspace: &Workspace) -> Outcome {
    look(workspace).into()
}

fn look(workspace: &Workspace) -> Result<Vec<String>, String> {
    let documents = documents(workspace)?;
    Ok([
        links::broken(workspace, &documents)?,
        tested::missing(workspace, &documents)?,
        features::differences(workspace)?,
        versions::differences(workspace, &documents)?,
    ]
    .concat())
}

/// The Markdown at the top, in `docs`, and in every crate.
fn documents(workspace: &Workspace) -> Result<Vec<Document>, String> {
    let mut folders = vec![workspace.root().to_path_buf(), workspace.root().join("docs")];
    for folder in workspace.crates().map_err(|error| error.to_string())? {
        folders.push(folder.join("docs"));
        folders.push(folder);
    }
    let mut documents = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for path in files(folder)? {
            if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(Document::read(path)?);
            }
        }
    }
    Ok(documents)
}

/// The files of a folder itself, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
