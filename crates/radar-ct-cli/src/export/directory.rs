//! The directory of an export: files that are there whole or not at all, whenever the program is stopped.
//!
//! - `2025-01.csv`: a month, as soon as all of it is there.
//! - `_manifest.json`: what is there. An entry is written before its file is put in place, so that a file in place always has
//!   its entry, and one whose checksum is not its entry's is not finished.
//! - `_parts`: parts of months that are not finished yet, or not settled; gone when nothing changes any more.
//!
//! Names that begin with `_` are passed over by the readers that read directories.

use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use radar_ct::Timeseries;
use sha2::{Digest, Sha256};

use super::Span;
use crate::failure::Failure;

const MANIFEST: &str = "_manifest.json";
const PARTS: &str = "_parts";
const LOCK: &str = "lock";
const INSTANT: &str = "%Y%m%dT%H%M%SZ";

/// A directory that is this program's alone while it lives.
pub(super) struct Directory {
    root: PathBuf,
    /// Whether it has been no export's before.
    is_new: bool,
    /// Held, not used: the lock ends with it, and with the program, however that ends.
    _lock: File,
}

impl Directory {
    /// Makes the directory, where there is none, and takes it.
    pub(super) fn open(root: &Path) -> Result<Self, Failure> {
        let parts = root.join(PARTS);
        let is_new = !parts.exists();
        fs::create_dir_all(&parts).map_err(|error| at(root, &error))?;
        let path = parts.join(LOCK);
        let lock = File::create(&path).map_err(|error| at(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), is_new, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::request(format!(
                "another export is writing to {}; wait until it has ended",
                root.display()
            ))),
            Err(TryLockError::Error(error)) => Err(at(&path, &error)),
        }
    }

    /// Leaves a directory that is not to be written to as it was.
    pub(super) fn leave(&self) {
        if self.is_new {
            let parts = self.root.join(PARTS);
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(parts.join(LOCK)).and_then(|()| fs::remove_dir(parts));
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The manifest of an earlier run, if there was one.
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

    /// Writes a file beside its place.
    pub(super) fn prepare(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        let path = self.root.join(PARTS).join(name);
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(content)?;
            // Before it is put in place, lest a machine that stops leaves a name without its content.
            file.sync_all()
        };
        write().map_err(|error| at(&path, &error))
    }

    /// Puts a file that was prepared in its place, in one step.
    pub(super) fn put_in_place(&self, name: &str) -> Result<(), Failure> {
        let place = self.root.join(name);
        fs::rename(self.root.join(PARTS).join(name), &place).map_err(|error| at(&place, &error))
    }

    /// Whether a file has this checksum; one that was only prepared is put in its place for it.
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

    /// Keeps a part of a month.
    pub(super) fn put_part(&self, window: &Span, data: &Timeseries) -> Result<(), Failure> {
        let (name, text) = (part_name(window), serde_json::to_string(data).map_err(io::Error::from)?);
        // Under another name first: a part's own name is only ever that of a whole part.
        let beside = format!("{name}.new");
        self.prepare(&beside, text.as_bytes())?;
        let folder = self.root.join(PARTS);
        let place = folder.join(&name);
        fs::rename(folder.join(beside), &place).map_err(|error| at(&place, &error))
    }

    /// The parts that were kept, in order of time. One that cannot be read is as good as none.
    pub(super) fn parts(&self) -> Result<Vec<(Span, Timeseries)>, Failure> {
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

    /// Lets go of a part that is in a finished month. That it is left there would do no harm.
    pub(super) fn drop_part(&self, window: &Span) {
        let _ = fs::remove_file(self.root.join(PARTS).join(part_name(window)));
    }

    /// Clears up behind an export of which nothing changes any more.
    pub(super) fn close_settled(self) {
        let parts = self.root.join(PARTS);
        drop(self);
        // That something is left there does no harm.
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

fn part_name(window: &Span) -> String {
    format!("{}-{}.json", window.start.format(INSTANT), window.end.format(INSTANT))
}

fn part_window(name: &str) -> Option<Span> {
    let (start, end) = name.strip_suffix(".json")?.split_once('-')?;
    let instant = |text| NaiveDateTime::parse_from_str(text, INSTANT).ok().map(|at| at.and_utc());
    Some(instant(start)?..instant(end)?).filter(|window| !window.is_empty())
}

fn at(path: &Path, error: &io::Error) -> Failure {
    Failure::request(format!("{} cannot be used: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_part_is_its_window() {
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
