//! What a registry has already.

use super::version::Version;
use crate::process::{capture, cargo, text};
use crate::workspace::Workspace;

/// A registry that cargo knows by name.
pub(super) struct Registry<'r> {
    workspace: &'r Workspace,
    name: Option<&'r str>,
}

impl<'r> Registry<'r> {
    pub(super) fn new(workspace: &'r Workspace, name: Option<&'r str>) -> Self {
        Self { workspace, name }
    }

    /// As people call it.
    pub(super) fn name(&self) -> &'r str {
        self.name.unwrap_or("crates-io")
    }

    /// The arguments with which a command of cargo means it.
    pub(super) fn args(&self) -> Vec<&'r str> {
        self.name.map_or_else(Vec::new, |name| vec!["--registry", name])
    }

    /// Of these packages, which it has at this version, and which it lacks.
    pub(super) fn split(
        &self,
        packages: &[String],
        version: Version,
    ) -> Result<(Vec<String>, Vec<String>), String> {
        let mut split = (Vec::new(), Vec::new());
        for package in packages {
            let side = if self.has(package, version)? { &mut split.0 } else { &mut split.1 };
            side.push(package.clone());
        }
        Ok(split)
    }

    fn has(&self, package: &str, version: Version) -> Result<bool, String> {
        // The name is given even for crates-io: without, cargo would look at the workspace first and find it there.
        let name = self.name.unwrap_or("crates-io");
        let asked = format!("{package}@{version}");
        let output = capture(cargo(self.workspace, &["info", "--quiet", "--registry", name, &asked]))?;
        let said = text(&output);
        if output.status.success() {
            Ok(true)
        } else if is_absent(&said) {
            Ok(false)
        } else {
            // Not to know is not the same as not to have: with a guess here a crate would be left out.
            Err(format!("whether {} has {package} {version} cannot be told:\n{said}", self.name()))
        }
    }
}

fn is_absent(said: &str) -> bool {
    said.contains("could not find `")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_told_from_what_cannot_be_asked() {
        assert!(is_absent("error: could not find `radar-ct@0.1.0` in registry `https://example.com`"));
        assert!(!is_absent("error: failed to query replaced source registry `crates-io`"));
        assert!(!is_absent("error: registry index was not found in any configuration: `mine`"));
    }
}
