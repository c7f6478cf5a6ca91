//! The text of an error, and the hint that says what to do.

use std::fmt;
use std::ops::Range;

use http::StatusCode;
use radar_ct_transport::TransportErrorKind;

use crate::error::{Error, ErrorKind};

impl Error {
    /// Returns what to do about the error, in a few words.
    pub fn hint(&self) -> Option<&str> {
        const TIMEOUT: &str = "raise the timeout, or request less data";
        if let Some(hint) = &self.0.hint {
            return Some(hint);
        }
        if matches!(self.0.kind, ErrorKind::Budget(_)) {
            return Some("raise the timeout or the budget");
        }
        if self.is_rate_limited() {
            return Some("send fewer requests: Cloudflare allows 1200 in 5 minutes");
        }
        if self.is_authentication() {
            return Some("check the credentials and their permission to read Radar");
        }
        match &self.0.kind {
            ErrorKind::Status(body)
                if body.has_code(2002) || self.0.status == Some(StatusCode::UNPROCESSABLE_ENTITY) =>
            {
                Some("request less data: a shorter window, a coarser aggregation interval or fewer series")
            }
            ErrorKind::Status(_) if self.0.status == Some(StatusCode::NOT_FOUND) => {
                Some("check the base URL")
            }
            ErrorKind::Redirect(_) => Some("correct the base URL; redirects are not followed"),
            ErrorKind::Transport(error) => match error.kind() {
                TransportErrorKind::Timeout => Some(TIMEOUT),
                TransportErrorKind::Resolve | TransportErrorKind::Connect => {
                    Some("check the network and the base URL")
                }
                TransportErrorKind::Proxy => Some("check the proxy, in HTTPS_PROXY or ALL_PROXY by default"),
                TransportErrorKind::TooLarge => Some("request less data, or allow a larger body"),
                _ => None,
            },
            ErrorKind::Timeout(_) => Some(TIMEOUT),
            ErrorKind::WindowMismatch(_) => Some("check the base URL"),
            ErrorKind::IntervalMismatch { .. } => {
                Some("request an interval that the API still has for a window this old")
            }
            _ => None,
        }
    }

    /// Returns the facts that follow the text in parentheses.
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(status) = self.0.status {
            facts.push(format!("status {}", status.as_u16()));
        }
        if let Some(ray_id) = &self.0.ray_id {
            facts.push(format!("ray {ray_id}"));
        }
        if let Some(wait) = self.0.retry_after {
            let reason = match self.0.kind {
                ErrorKind::Budget(_) => "the next permit is in",
                _ => "the server asks to wait",
            };
            facts.push(format!("{reason} {} s", wait.as_secs()));
        }
        if self.0.attempts > 1 {
            facts.push(format!("{} attempts", self.0.attempts));
        }
        facts
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ErrorKind::Parameter(error) => error.fmt(f)?,
            ErrorKind::Configuration(reason) => f.write_str(reason)?,
            ErrorKind::Transport(error) => error.fmt(f)?,
            ErrorKind::Timeout(message) => f.write_str(message)?,
            ErrorKind::Budget(budget) => write!(f, "the client's rate budget of {budget} is used up")?,
            ErrorKind::Status(body) => write!(f, "the API answered with an error: {body}")?,
            ErrorKind::Redirect(Some(target)) => {
                write!(f, "the API answered with a redirect to {}", target.escape_debug())?;
            }
            ErrorKind::Redirect(None) => f.write_str("the API answered with a redirect")?,
            ErrorKind::Decode(error) => error.fmt(f)?,
            ErrorKind::IntervalMismatch { requested, received } => {
                write!(
                    f,
                    "the aggregation interval of the answer is {received}, but {requested} was requested"
                )?;
            }
            ErrorKind::WindowMismatch(Range { start, end }) => {
                let (start, end) = (start.to_rfc3339(), end.to_rfc3339());
                write!(
                    f,
                    "the answer has only points outside of the requested window from {start} to {end}"
                )?;
            }
        }
        let facts = self.facts();
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("message", &self.to_string())
            .field("attempts", &self.0.attempts)
            .field("body_bytes", &self.0.body.len());
        if let Some(source) = std::error::Error::source(self) {
            debug.field("source", &source.to_string());
        }
        debug.finish()
    }
}

/// The source of a transport error. The text of all other errors includes their cause.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Transport(error) => error.source(),
            _ => None,
        }
    }
}
