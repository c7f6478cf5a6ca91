//! The emulator, as a program in the background.

use std::io::{BufRead, BufReader};
use std::process::{ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use crate::shell::{Running, built};

const PROGRAM: &str = "radar-ct-emulator";
/// A Thursday at noon: no window begins or ends with a day or a week.
const NOW: &str = "2026-10-08T12:00:00Z";

/// A running emulator.
pub(crate) struct Emulator {
    _process: Running,
    // Kept open, since the program may print more.
    _output: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Emulator {
    /// Builds the emulator and starts it on a free port.
    pub(crate) fn start(sh: &Shell, options: &[&str]) -> Result<Self> {
        let mut command = Command::new(built(sh, PROGRAM)?);
        command.args(["--port", "0", "--now", NOW]).args(options).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Running(command.spawn().context(PROGRAM)?);
        let mut output = BufReader::new(process.0.stdout.take().context("the emulator has no output")?);
        let mut url = String::new();
        output.read_line(&mut url)?;
        let url = url.trim_end().to_owned();
        ensure!(url.starts_with("http://"), "the emulator printed `{url}` instead of its URL");
        Ok(Self { _process: process, _output: output, url })
    }
}
