//! The program and everything that is handed out with it.

use std::env;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use super::Release;
use super::packages::Unpacked;
use crate::shell::{at, cargo, cargo_home, host, target};
use crate::tools::{AUDITABLE, CYCLONEDX};
use crate::trees::crates;

/// Builds from the package, as users do: in the workspace, cargo's metadata has the features of all members.
pub(super) fn build(release: &Release<'_>) -> Result<String> {
    let version = &release.plan.target;
    let unpacked = Unpacked::new(release)?;
    let sources = unpacked.folder.join(format!("radar-ct-cli-{version}"));
    let sh = at(&sources)?;
    sh.copy_file(release.copy.current_dir().join("Cargo.lock"), "Cargo.lock")?;
    // A rehearsal builds a version that may never be.
    let dist = if release.options.execute {
        release.sh.current_dir().join("dist")
    } else {
        target("releasing/dist")?
    };
    sh.remove_path(&dist)?;
    sh.create_dir(dist.join("completions"))?;

    let suffix = env::consts::EXE_SUFFIX;
    // The paths of this machine do not belong into the program.
    let remap = |path: &Path| format!("--remap-path-prefix={}=", path.display());
    let flags = format!("{} {}", remap(&unpacked.folder), remap(&cargo_home()?));
    let build = AUDITABLE.command(&sh, "auditable build --release --quiet --bin radar-ct")?;
    build.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", target("releasing/dist-build")?).run()?;
    let compiled = target(&format!("releasing/dist-build/release/radar-ct{suffix}"))?;
    let bytes = sh.read_binary_file(&compiled)?;
    ensure!(
        bytes.windows(8).any(|window| window == b".dep-v0\0"),
        "the program does not list its dependencies"
    );
    let about = sh.cmd(&compiled).arg("--version").quiet().read()?;
    ensure!(about.ends_with(&version.to_string()), "the program is `{about}`, not {version}");

    sh.copy_file(&compiled, dist.join(format!("radar-ct-{version}-{}{suffix}", host(&sh)?)))?;
    for (shell, name) in [("bash", "radar-ct.bash"), ("zsh", "_radar-ct"), ("fish", "radar-ct.fish")] {
        let script = sh.cmd(&compiled).args(["completions", shell]).quiet().read()?;
        sh.write_file(dist.join("completions").join(name), script + "\n")?;
    }
    sh.cmd(&compiled).args(["man", "--out"]).arg(dist.join("man")).quiet().run()?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        sh.copy_file(licence, dist.join(licence))?;
    }
    let bill = "cyclonedx --quiet --format json --spec-version 1.5 --describe binaries";
    CYCLONEDX.command(&sh, bill)?.run()?;
    let bill = sh.read_file("radar-ct_bin.cdx.json")?;
    for (name, version) in crates(cargo(&sh, "tree"))? {
        let is_listed = bill.contains(&format!("\"pkg:cargo/{name}@{version}"));
        ensure!(is_listed, "the bill of materials lacks {name} {version}");
    }
    let bill = bill.replace(sources.to_str().context("a path that is not UTF-8")?, "/radar-ct-cli");
    sh.write_file(dist.join(format!("radar-ct-{version}.cdx.json")), bill)?;

    let (mut sums, mut files) = (String::new(), Vec::new());
    for entry in sh.read_dir(&dist)? {
        if entry.is_dir() { files.extend(sh.read_dir(entry)?) } else { files.push(entry) }
    }
    for file in &files {
        let digest = Sha256::digest(sh.read_binary_file(file)?);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        sums += &format!("{digest}  {}\n", file.strip_prefix(&dist)?.to_string_lossy().replace('\\', "/"));
    }
    sh.write_file(dist.join("SHA256SUMS"), sums)?;
    Ok(format!("{} files and their checksums in {}", files.len(), dist.display()))
}
