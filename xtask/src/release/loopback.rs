//! A registry on loopback, by `cargo-http-registry`: its index is a git repository in a folder.

use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use xshell::Shell;

use crate::shell::{Running, target};
use crate::tools::HTTP_REGISTRY;

/// The name that cargo knows it by.
pub(super) const NAME: &str = "loopback";

/// A running registry. It is removed when this value is dropped.
pub(super) struct Loopback {
    _process: Running,
    folder: PathBuf,
}

impl Drop for Loopback {
    fn drop(&mut self) {
        // It is in the target folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Loopback {
    pub(super) fn start(sh: &Shell) -> Result<Self> {
        // Another folder each time: cargo takes what it has built from a registry to be current.
        let folder = target(&format!("releasing/registry-{}", std::process::id()))?;
        let command = HTTP_REGISTRY.command(sh, "--addr 127.0.0.1:0")?.arg(&folder);
        let registry = Self { _process: Running(Command::from(command).spawn()?), folder };
        let mut tries = 0..500;
        // Written last, with the port in it.
        while !sh
            .read_file(registry.folder.join("config.json"))
            .is_ok_and(|text| text.trim_end().ends_with('}'))
        {
            tries.next().context("the registry did not start")?;
            sleep(Duration::from_millis(20));
        }
        Ok(registry)
    }

    /// Returns the variables that tell cargo about it.
    pub(super) fn variables(&self) -> [(&'static str, String); 2] {
        let index = format!("file://{}", self.folder.display());
        [("CARGO_REGISTRIES_LOOPBACK_INDEX", index), ("CARGO_REGISTRIES_LOOPBACK_TOKEN", NAME.to_owned())]
    }

    /// Returns the number of crates that were uploaded. The registry refuses a second upload of one.
    pub(super) fn uploads(&self, sh: &Shell) -> Result<usize> {
        Ok(sh.cmd("find").arg(&self.folder).args(["-name", "*.crate"]).quiet().read()?.lines().count())
    }
}
