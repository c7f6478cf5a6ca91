//! The emulator as its users start it: the program, not the library.

use std::io::{BufRead, BufReader};
use std::process::{ChildStdout, Command, Stdio};

use crate::process::{Running, built};
use crate::workspace::Workspace;

const PROGRAM: &str = "radar-ct-emulator";

/// A Thursday at noon, so that no window begins or ends at a border of days or weeks.
const NOW: &str = "2026-10-08T12:00:00Z";

/// A running emulator; it ends with this value.
pub(crate) struct Emulator {
    _process: Running,
    base_url: String,
    /// Held open for as long as the program may print.
    output: BufReader<ChildStdout>,
}

impl Emulator {
    /// Builds it and starts it on a free port with these options.
    pub(crate) fn start(workspace: &Workspace, options: &[&str]) -> Result<Self, String> {
        let mut child = Command::new(built(workspace, PROGRAM, PROGRAM)?)
            .args(["--port", "0", "--now", NOW])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{PROGRAM} did not start: {error}"))?;
        let output = child.stdout.take();
        // From here on it is stopped whatever happens.
        let process = Running(child);
        let output = output.ok_or_else(|| format!("{PROGRAM} has no output"))?;
        let mut emulator =
            Self { _process: process, base_url: String::new(), output: BufReader::new(output) };
        let read = emulator.output.read_line(&mut emulator.base_url);
        emulator.base_url.truncate(emulator.base_url.trim_end().len());
        match read {
            Ok(_) if emulator.base_url.starts_with("http://") => Ok(emulator),
            Ok(_) => Err(format!("{PROGRAM} printed no URL but `{}`", emulator.base_url)),
            Err(error) => Err(format!("{PROGRAM} printed no URL: {error}")),
        }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }
}
