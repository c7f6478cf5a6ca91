//! Failures, and the exit codes that they end the program with.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use radar_ct::{ParamError, sanitize};

use crate::problem;

/// A kind of failure with an exit code of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The request failed, or its data could not be written.
    Request,
    /// Wrong usage or unusable credentials, found before anything was sent.
    Usage,
    /// The API rejected the credentials.
    Credentials,
    /// The rate limit was reached.
    RateLimit,
    /// No complete response arrived.
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
            Self::Usage => "wrong usage or unusable credentials; nothing was sent",
            Self::Credentials => "the API rejected the credentials",
            Self::RateLimit => "the rate limit was reached",
            Self::Network => "no complete response: network failure or timeout",
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

/// Returns the exit codes as a section of the help.
pub(crate) fn exit_codes() -> String {
    let mut text = "Exit codes:\n  0  data was written".to_owned();
    for exit in Exit::ALL {
        // Writing to a string does not fail.
        let _ = write!(text, "\n  {}  {}", exit.code(), exit.meaning());
    }
    text
}

/// An error that ends the program.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A message for stderr and its exit code.
    Message { exit: Exit, message: String },
    /// An error of the command-line parser, or the help or version that was requested.
    Parser(clap::Error),
    /// The reader of stdout closed it. The program ends without an error.
    BrokenPipe,
}

impl Failure {
    /// Creates a failure for wrong usage that was found before anything was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Message { exit: Exit::Usage, message: message.into() }
    }

    /// Creates a failure without an exit code of its own.
    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::Message { exit: Exit::Request, message: message.into() }
    }

    /// Appends a line to the message.
    pub(crate) fn with_line(self, line: &str) -> Self {
        match self {
            Self::Message { exit, message } => Self::Message { exit, message: format!("{message}\n{line}") },
            other => other,
        }
    }

    /// Prints the failure and returns its exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (exit, message) = match self {
            Self::BrokenPipe => return ExitCode::SUCCESS,
            Self::Parser(error) => {
                let _ = error.print();
                return if error.use_stderr() { Exit::Usage.code().into() } else { ExitCode::SUCCESS };
            }
            Self::Message { exit, message } => (exit, message),
        };
        // Messages may quote a server. A closed stderr changes nothing about the exit code.
        let _ = writeln!(io::stderr(), "error: {}", sanitize::lines(&message));
        exit.code().into()
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Parser(error)
    }
}

impl From<ParamError> for Failure {
    fn from(error: ParamError) -> Self {
        Self::usage(problem::message(&error))
    }
}

impl From<radar_ct::Error> for Failure {
    fn from(error: radar_ct::Error) -> Self {
        if let Some(error) = error.param_error() {
            return Self::usage(problem::message(error));
        }
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            let _ = write!(message, "\n  caused by: {cause}");
            source = cause.source();
        }
        Self::Message { exit: Exit::of(&error), message }
    }
}

/// Errors of writing data.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::request(format!("the data could not be written: {error}")),
        }
    }
}
