//! A registry on this machine, with nothing in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::files;
use crate::process::Running;

/// What cargo calls it.
pub(super) const NAME: &str = "self-test";

/// Its index is in a folder, and what is uploaded goes through a port of 127.0.0.1.
pub(super) struct Loopback {
    process: Running,
    folder: PathBuf,
}

impl Loopback {
    pub(super) fn start(program: &Path, folder: &Path) -> Result<Self, String> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let child = Command::new(program)
            .args(["--addr", "127.0.0.1:0"])
            .arg(folder)
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("the registry did not start: {error}"))?;
        let mut registry = Self { process: Running(child), folder: folder.to_owned() };
        let began = Instant::now();
        // Written last, with the port in it.
        while !fs::read_to_string(folder.join("config.json")).is_ok_and(|text| text.trim_end().ends_with('}'))
        {
            if began.elapsed() > Duration::from_secs(20) || !matches!(registry.process.0.try_wait(), Ok(None))
            {
                return Err("the registry did not start".to_owned());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(registry)
    }

    fn index(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// How cargo gets to know it. It lets everybody in, and cargo wants a token all the same.
    pub(super) fn variables(&self) -> [(&'static str, String); 2] {
        [
            ("CARGO_REGISTRIES_SELF_TEST_INDEX", self.index()),
            ("CARGO_REGISTRIES_SELF_TEST_TOKEN", NAME.to_owned()),
        ]
    }

    /// The same as a file, for who only builds from it.
    pub(super) fn configuration(&self) -> String {
        format!("[registries.{NAME}]\nindex = \"{}\"\n", self.index())
    }

    /// The crates it has, with their versions, by name.
    pub(super) fn crates(&self) -> Result<Vec<String>, String> {
        let files =
            files::below(&self.folder).map_err(|error| format!("{}: {error}", self.folder.display()))?;
        let name = |path: PathBuf| Some(path.file_name()?.to_str()?.strip_suffix(".crate")?.to_owned());
        let mut names: Vec<_> = files.into_iter().filter_map(name).collect();
        names.sort();
        Ok(names)
    }

    /// Whether each was uploaded once and not again.
    pub(super) fn each_once(&self, crates: &[String]) -> Result<(), String> {
        for name in crates {
            let package = name.rsplit_once('-').map_or(name.as_str(), |(package, _)| package);
            let files = files::below(&self.folder).map_err(|error| error.to_string())?;
            let entry = files.iter().find(|path| path.file_name().is_some_and(|name| name == package));
            let text = entry.and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
            if text.lines().filter(|line| line.contains("\"vers\"")).count() != 1 {
                return Err(format!("the index does not have {package} once:\n{text}"));
            }
        }
        Ok(())
    }
}

/// Removes what cargo has kept of an earlier registry in the same folder: the same versions with other contents.
pub(super) fn forget(home: &Path) -> io::Result<()> {
    for kept in ["index", "cache", "src"] {
        let kept = home.join("registry").join(kept);
        if !kept.is_dir() {
            continue;
        }
        for entry in fs::read_dir(kept)? {
            let entry = entry?;
            // Named after the host, and a folder has none.
            if entry.file_name().to_string_lossy().starts_with('-') {
                fs::remove_dir_all(entry.path())?;
            }
        }
    }
    Ok(())
}

/// The top manifest, with our crates to be found in the registry: without that, cargo would look for them on crates-io.
pub(super) fn depend_on(manifest: &str) -> String {
    let line = |line: &str| {
        line.replace("{ path = \"crates/", &format!("{{ registry = \"{NAME}\", path = \"crates/"))
    };
    manifest.lines().map(|text| line(text) + "\n").collect()
}

/// The manifest of a stranger, the same.
pub(super) fn ask_for(manifest: &str) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((name, rest)) if name.starts_with("radar-ct") => match rest.strip_prefix('{') {
            Some(table) => format!("{name} = {{ registry = \"{NAME}\",{table}\n"),
            None => format!("{name} = {{ registry = \"{NAME}\", version = {rest} }}\n"),
        },
        _ => format!("{line}\n"),
    };
    manifest.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_crates_are_asked_for_in_the_registry_and_no_others() {
        let text = "radar-ct = \"0.1\"\nradar-ct-model = { version = \"0.1\" }\nhttp = \"1\"\n";
        let wanted = "radar-ct = { registry = \"self-test\", version = \"0.1\" }\n\
            radar-ct-model = { registry = \"self-test\", version = \"0.1\" }\nhttp = \"1\"\n";
        assert_eq!(ask_for(text), wanted);
        let text = "a = { path = \"crates/a\", version = \"=0.1.0\" }\nhttp = \"1\"\n";
        let wanted =
            "a = { registry = \"self-test\", path = \"crates/a\", version = \"=0.1.0\" }\nhttp = \"1\"\n";
        assert_eq!(depend_on(text), wanted);
    }
}
