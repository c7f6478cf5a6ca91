//! Folders with all that is in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Every file below a folder, by name. A link counts as a file: there are some that lead in a circle.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// Every `.rs` file below a folder, by name. A folder that does not exist has none.
pub(crate) fn of_rust(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = below(folder)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    Ok(files)
}

/// Copies a file, or a folder with every file below it.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    for file in below(from)? {
        let path = to.join(file.strip_prefix(from).unwrap_or(&file));
        fs::create_dir_all(path.parent().unwrap_or(to))?;
        fs::copy(&file, &path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_every_file_and_no_other() {
        let folder = std::env::temp_dir().join(format!("radar-ct-files-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(from.join("a/b")).unwrap();
        for name in ["one.rs", "a/two.txt", "a/b/three.rs"] {
            fs::write(from.join(name), name).unwrap();
        }
        copy(&from, &to).unwrap();
        copy(&from.join("one.rs"), &folder.join("alone.rs")).unwrap();
        let names = |files: Vec<PathBuf>, root: &Path| -> Vec<_> {
            files.iter().map(|file| file.strip_prefix(root).unwrap().to_owned()).collect()
        };
        let (copied, of_rust) = (names(below(&to).unwrap(), &to), names(of_rust(&to).unwrap(), &to));
        let (alone, text) = (folder.join("alone.rs").is_file(), fs::read(to.join("a/b/three.rs")).unwrap());
        let nothing = super::of_rust(&folder.join("nowhere")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(copied, ["a/b/three.rs", "a/two.txt", "one.rs"].map(PathBuf::from));
        assert_eq!(of_rust, ["a/b/three.rs", "one.rs"].map(PathBuf::from));
        assert!(alone && text == b"a/b/three.rs" && nothing.is_empty());
    }
}
