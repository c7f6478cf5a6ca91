//! How the program ends when it does not end well.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::screen;

/// Why there is no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong usage, found before anything was sent: exit code 2.
    Usage(String),
    /// The request failed: exit code 1.
    Request(String),
    /// What the parser of the command line says, help and version included.
    Parser(clap::Error),
    /// Whoever read our output has read enough: not a failure at all.
    NobodyReads,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// The same, with one more thing to say.
    pub(crate) fn and(self, more: &str) -> Self {
        match self {
            Self::Usage(message) => Self::Usage(format!("{message}\n{more}")),
            Self::Request(message) => Self::Request(format!("{message}\n{more}")),
            other => other,
        }
    }

    pub(crate) fn report(self) -> ExitCode {
        let (code, message) = match self {
            Self::NobodyReads => return ExitCode::SUCCESS,
            Self::Parser(error) => {
                let _ = error.print();
                return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
            }
            Self::Usage(message) => (2, message),
            Self::Request(message) => (1, message),
        };
        // Servers' words may be in there, and where this goes is not known for sure: harmless in any case. That nobody
        // can read it is no reason to fail differently.
        let _ = writeln!(io::stderr(), "error: {}", screen::harmless(&message));
        ExitCode::from(code)
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Parser(error)
    }
}

impl From<radar_ct::Error> for Failure {
    fn from(error: radar_ct::Error) -> Self {
        let mut lines = vec![error.to_string()];
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            lines.push(format!("  caused by: {cause}"));
            source = cause.source();
        }
        let message = lines.join("\n");
        if error.is_usage() { Self::Usage(message) } else { Self::Request(message) }
    }
}

/// Of writing the data.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Request(format!("the data could not be written: {error}")),
        }
    }
}
