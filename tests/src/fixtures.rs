//! Readers of the files below `data/`.

use std::collections::BTreeMap;
use std::path::Path;

/// Reads every file of a folder below `data/`, by name.
///
/// # Panics
/// Panics if the folder cannot be read.
pub fn read_folder(folder: &str) -> BTreeMap<String, Vec<u8>> {
    read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder))
}

/// Reads every file of a folder and its subfolders, by its relative path.
///
/// # Panics
/// Panics if the folder cannot be read.
pub fn read_all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(current) = open.pop() {
        let entries = std::fs::read_dir(&current)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", current.display()));
        for path in entries.map(|entry| entry.expect("an entry of the folder").path()) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
            found.insert(name, std::fs::read(&path).expect("a readable file"));
        }
    }
    found
}
