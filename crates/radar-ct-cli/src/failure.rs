//! How the program ends when it does not end well.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::screen;

/// What kind of end it is, for a script that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The request brought no data, or the data could not be written.
    Request,
    /// Wrong usage, found before anything was sent.
    Usage,
    /// The API does not accept the credentials.
    Credentials,
    /// Too many requests were made.
    RateLimit,
    /// No complete response came.
    Network,
}

impl Exit {
    const ALL: [Self; 5] = [Self::Request, Self::Usage, Self::Credentials, Self::RateLimit, Self::Network];

    fn code(self) -> u8 {
        match self {
            Self::Request => 1,
            Self::Usage => 2,
            Self::Credentials => 3,
            Self::RateLimit => 4,
            Self::Network => 5,
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Request => "the request failed, or its data could not be written",
            Self::Usage => "wrong usage, or no usable credentials; nothing was sent",
            Self::Credentials => "the API does not accept the credentials",
            Self::RateLimit => "too many requests: the rate limit is reached",
            Self::Network => "no complete response came: the network, or the time was over",
        }
    }

    fn of(error: &radar_ct::Error) -> Self {
        match error {
            _ if error.is_usage() => Self::Usage,
            _ if error.is_authentication() => Self::Credentials,
            _ if error.is_rate_limited() => Self::RateLimit,
            _ if error.is_timeout() || error.transport_kind().is_some() => Self::Network,
            _ => Self::Request,
        }
    }
}

/// The exit codes, for the help.
pub(crate) fn exit_codes() -> String {
    let mut text = "Exit codes:\n  0  data".to_owned();
    for exit in Exit::ALL {
        // Writing to a string does not fail.
        let _ = write!(text, "\n  {}  {}", exit.code(), exit.meaning());
    }
    text
}

/// Why there is no data.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is said on stderr, and the kind of end.
    Said { exit: Exit, message: String },
    /// What the parser of the command line says, help and version included.
    Parser(clap::Error),
    /// Whoever read our output has read enough: not a failure at all.
    NobodyReads,
}

impl Failure {
    /// Wrong usage, found before anything was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Said { exit: Exit::Usage, message: message.into() }
    }

    /// No data, for a reason that is none of the others.
    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::Said { exit: Exit::Request, message: message.into() }
    }

    /// The same, with one more thing to say.
    pub(crate) fn and(self, more: &str) -> Self {
        match self {
            Self::Said { exit, message } => Self::Said { exit, message: format!("{message}\n{more}") },
            other => other,
        }
    }

    pub(crate) fn report(self) -> ExitCode {
        let (exit, message) = match self {
            Self::NobodyReads => return ExitCode::SUCCESS,
            Self::Parser(error) => {
                let _ = error.print();
                return if error.use_stderr() { Exit::Usage.code().into() } else { ExitCode::SUCCESS };
            }
            Self::Said { exit, message } => (exit, message),
        };
        // Servers' words may be in there, and where this goes is not known for sure: harmless in any case. That nobody
        // can read it is no reason to fail differently.
        let _ = writeln!(io::stderr(), "error: {}", screen::harmless(&message));
        exit.code().into()
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
        Self::Said { exit: Exit::of(&error), message: lines.join("\n") }
    }
}

/// Of writing the data.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::request(format!("the data could not be written: {error}")),
        }
    }
}
