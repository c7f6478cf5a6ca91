//! Away from the workspace: what is built there cannot lean on it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files;

/// A folder where no manifest and no configuration of ours is above. It goes when this value goes.
pub(super) struct Away {
    pub(super) folder: PathBuf,
}

impl Away {
    /// With a configuration for cargo.
    pub(super) fn new(name: &str, configuration: &str) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("radar-ct-{name}-{}", std::process::id()));
        let away = Self { folder };
        let settings = away.folder.join(".cargo");
        let written = fs::create_dir_all(away.folder.join("home"))
            .and_then(|()| fs::create_dir_all(&settings))
            .and_then(|()| fs::write(settings.join("config.toml"), configuration));
        written.map_err(|error| format!("{} cannot be made: {error}", away.folder.display()))?;
        Ok(away)
    }

    /// Brings a project.
    pub(super) fn bring(&self, from: &Path, name: &str) -> Result<PathBuf, String> {
        let to = self.folder.join(name);
        files::copy(from, &to).map_err(|error| format!("{} cannot be copied: {error}", from.display()))?;
        Ok(to)
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for what is temporary.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
