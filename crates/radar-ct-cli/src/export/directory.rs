//! The directory of an export. Its files are complete or absent, whenever the program is stopped.
//!
//! - `2025-01.csv`: a month, once all of it is there.
//! - `_manifest.json`: the list of files. An entry is written before its file is moved into place, so every
//!   file in place has an entry; a file whose checksum differs from its entry's is not complete.
//! - `_parts`: parts of months that are incomplete or not settled. Removed when no file changes any more.
//!
//! Tools that read whole directories, such as Spark, skip names that start with `_`.

use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use radar_ct::Timeseries;
use sha2::{Digest, Sha256};

use super::window::Window;
use crate::exit::Failure;

const MANIFEST: &str = "_manifest.json";
const PARTS: &str = "_parts";
const LOCK: &str = "lock";
const INSTANT: &str = "%Y%m%dT%H%M%SZ";

/// A directory, locked by this process.
pub(super) struct Directory {
    root: PathBuf,
    /// True if no export was here before.
    is_new: bool,
    /// Held, not used: the lock ends with the process.
    _lock: File,
}

impl Directory {
    /// Creates the directory if it does not exist, and locks it.
    pub(super) fn open(root: &Path) -> Result<Self, Failure> {
        let parts = root.join(PARTS);
        let is_new = !parts.exists();
        fs::create_dir_all(&parts).map_err(|error| at(root, &error))?;
        let path = parts.join(LOCK);
        let lock = File::create(&path).map_err(|error| at(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), is_new, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::request(format!(
                "another export is writing to {}; wait until it ends",
                root.display()
            ))),
            Err(TryLockError::Error(error)) => Err(at(&path, &error)),
        }
    }

    /// Removes the traces of this run from a directory that is refused.
    pub(super) fn leave(&self) {
        if self.is_new {
            let parts = self.root.join(PARTS);
            // A leftover does no harm.
            let _ = fs::remove_file(parts.join(LOCK)).and_then(|()| fs::remove_dir(parts));
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Reads the manifest of an earlier run, if there is one.
    pub(super) fn manifest(&self) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.root.join(MANIFEST);
        match fs::read(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(&path, &error)),
        }
    }

    pub(super) fn put_manifest(&self, text: &str) -> Result<(), Failure> {
        self.prepare(MANIFEST, text.as_bytes())?;
        self.put_in_place(MANIFEST)
    }

    /// Writes a file beside its final place.
    pub(super) fn prepare(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        let path = self.root.join(PARTS).join(name);
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(content)?;
            // Otherwise a crash of the machine could leave the name without the content.
            file.sync_all()
        };
        write().map_err(|error| at(&path, &error))
    }

    /// Moves a prepared file into place, atomically.
    pub(super) fn put_in_place(&self, name: &str) -> Result<(), Failure> {
        let place = self.root.join(name);
        fs::rename(self.root.join(PARTS).join(name), &place).map_err(|error| at(&place, &error))
    }

    /// Returns whether a file has this checksum. A prepared file that has it is moved into place.
    pub(super) fn holds(&self, name: &str, sha256: &str) -> Result<bool, Failure> {
        if checksum_of(&self.root.join(name)).as_deref() == Some(sha256) {
            return Ok(true);
        }
        if checksum_of(&self.root.join(PARTS).join(name)).as_deref() == Some(sha256) {
            self.put_in_place(name)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Saves a part of a month.
    pub(super) fn put_part(&self, window: &Window, data: &Timeseries) -> Result<(), Failure> {
        let (name, text) = (part_name(window), serde_json::to_string(data).map_err(io::Error::from)?);
        // Under another name first, so that a part is complete when it appears.
        let beside = format!("{name}.new");
        self.prepare(&beside, text.as_bytes())?;
        let folder = self.root.join(PARTS);
        let place = folder.join(&name);
        fs::rename(folder.join(beside), &place).map_err(|error| at(&place, &error))
    }

    /// Reads the saved parts, in order of time. Unreadable ones are ignored.
    pub(super) fn parts(&self) -> Result<Vec<(Window, Timeseries)>, Failure> {
        let folder = self.root.join(PARTS);
        let mut parts = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|error| at(&folder, &error))? {
            let path = entry.map_err(|error| at(&folder, &error))?.path();
            let window = path.file_name().and_then(|name| part_window(name.to_str()?));
            let data = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
            if let (Some(window), Some(data)) = (window, data) {
                parts.push((window, data));
            }
        }
        parts.sort_by_key(|(window, _)| window.start);
        Ok(parts)
    }

    /// Removes a part that is not needed any more. A leftover does no harm.
    pub(super) fn drop_part(&self, window: &Window) {
        let _ = fs::remove_file(self.root.join(PARTS).join(part_name(window)));
    }

    /// Removes the saved parts of an export whose files no longer change.
    pub(super) fn remove_parts(self) {
        let parts = self.root.join(PARTS);
        drop(self);
        // A leftover does no harm.
        let _ = fs::remove_dir_all(parts);
    }
}

pub(super) fn checksum(content: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(content) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn checksum_of(path: &Path) -> Option<String> {
    fs::read(path).ok().map(|content| checksum(&content))
}

fn part_name(window: &Window) -> String {
    format!("{}-{}.json", window.start.format(INSTANT), window.end.format(INSTANT))
}

fn part_window(name: &str) -> Option<Window> {
    let (start, end) = name.strip_suffix(".json")?.split_once('-')?;
    let instant = |text| NaiveDateTime::parse_from_str(text, INSTANT).ok().map(|at| at.and_utc());
    Some(instant(start)?..instant(end)?).filter(|window| !window.is_empty())
}

fn at(path: &Path, error: &io::Error) -> Failure {
    Failure::request(format!("cannot use {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_names_round_trip() {
        let window = "2025-01-01T00:00:00Z".parse().unwrap().."2025-01-16T10:15:01Z".parse().unwrap();
        let name = part_name(&window);
        assert_eq!(name, "20250101T000000Z-20250116T101501Z.json");
        assert_eq!(part_window(&name), Some(window));
        for other in
            ["lock", "_manifest.json", "2025-01.csv", "20250101T000000Z-20250101T000000Z.json", "a-b.json"]
        {
            assert_eq!(part_window(other), None, "{other}");
        }
    }
}
