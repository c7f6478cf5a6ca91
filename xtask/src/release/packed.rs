//! A source for cargo that has our packages as they are uploaded, and beside them what they need: no network, no tree.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use super::Release;
use super::packages::archive;
use crate::files;
use crate::process::{cargo, run};

/// Where it is.
pub(super) fn folder(release: &Release) -> PathBuf {
    release.folder.join("packed")
}

/// Lays it out, and returns cargo's configuration for whoever builds from it.
pub(super) fn lay_out(release: &Release) -> Result<String, String> {
    let folder = folder(release);
    let mut vendor = cargo(&release.copy, &["vendor", "--quiet", "--locked", "--versioned-dirs"]);
    // What it prints is a configuration for the tree.
    vendor.arg(&folder).stdout(std::process::Stdio::null());
    run(vendor)?;
    for package in release.copy.published()? {
        unpack(&archive(release, &package), &folder, &format!("{package}-{}", release.plan.target))?;
    }
    Ok(configuration(&folder, release.asked.registry.as_deref()))
}

/// Unpacks one beside the others, with its checksum, without which cargo takes none.
fn unpack(archive: &Path, folder: &Path, name: &str) -> Result<(), String> {
    let failed = |error: io::Error| format!("{} cannot be unpacked: {error}", archive.display());
    let own = folder.join(name);
    if own.exists() {
        fs::remove_dir_all(&own).map_err(failed)?;
    }
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(archive).arg("-C").arg(folder);
    run(tar)?;
    let mut files = Vec::new();
    for path in files::below(&own).map_err(failed)? {
        let inside = path.strip_prefix(&own).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        files.push(format!("\"{inside}\":\"{}\"", sha256(&path).map_err(failed)?));
    }
    let package = sha256(archive).map_err(failed)?;
    let text = format!("{{\"files\":{{{}}},\"package\":\"{package}\"}}", files.join(","));
    fs::write(own.join(".cargo-checksum.json"), text).map_err(failed)
}

/// Every source that a package may name leads to the folder.
fn configuration(folder: &Path, registry: Option<&str>) -> String {
    let folder = folder.display();
    let text = format!(
        "[source.crates-io]\nreplace-with = \"packed\"\n\n[source.packed]\ndirectory = '{folder}'\n\n[net]\noffline = true\n"
    );
    let index = registry.and_then(|name| {
        let name = name.replace('-', "_").to_uppercase();
        std::env::var(format!("CARGO_REGISTRIES_{name}_INDEX")).ok()
    });
    match index {
        Some(index) => {
            format!("{text}\n[source.published]\nregistry = '{index}'\nreplace-with = \"packed\"\n")
        }
        None => text,
    }
}

/// Removes what has been built of our crates in a target folder. What comes from a registry is never built again for one
/// version, since nobody can change it there; we can, from one rehearsal to the next.
pub(super) fn forget_ours(target: &Path) -> Result<(), String> {
    for profile in ["debug", "release"] {
        for kept in ["deps", ".fingerprint", "incremental"] {
            let folder = target.join(profile).join(kept);
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries {
                let removed = entry.and_then(|entry| {
                    let path = entry.path();
                    match entry.file_name().to_string_lossy() {
                        name if !is_ours(&name) => Ok(()),
                        _ if path.is_dir() => fs::remove_dir_all(path),
                        _ => fs::remove_file(path),
                    }
                });
                removed.map_err(|error| format!("{}: {error}", folder.display()))?;
            }
        }
    }
    Ok(())
}

/// Whether something built is of a crate of ours, or of the projects that use them.
fn is_ours(name: &str) -> bool {
    let name = name.strip_prefix("lib").unwrap_or(name).replace('_', "-");
    name.starts_with("radar-ct") || name.starts_with("consumer-")
}

/// The checksum of a file, as everybody writes it.
pub(super) fn sha256(file: &Path) -> io::Result<String> {
    let digits =
        |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('?'));
    Ok(Sha256::digest(fs::read(file)?).iter().flat_map(digits).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_lower_case_hex() {
        let file = std::env::temp_dir().join(format!("radar-ct-sha256-{}", std::process::id()));
        fs::write(&file, "abc").unwrap();
        let sum = sha256(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert_eq!(sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_is_built_of_ours_is_told_from_the_rest() {
        for ours in ["libradar_ct_model-0a.rlib", "radar-ct-0a", "radar_ct-0a.d", "consumer_async-0a"] {
            assert!(is_ours(ours), "{ours}");
        }
        for theirs in ["libureq-0a.rlib", "radar-0a", "libc-0a"] {
            assert!(!is_ours(theirs), "{theirs}");
        }
    }

    #[test]
    fn crates_io_is_replaced() {
        let text = configuration(Path::new("somewhere"), None);
        assert!(text.contains("[source.crates-io]\nreplace-with = \"packed\""), "{text}");
        assert!(text.contains("directory = 'somewhere'") && text.contains("offline = true"), "{text}");
    }
}
