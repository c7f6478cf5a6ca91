//! What went wrong, where, and what to do.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use radar_ct_model::{AggInterval, DecodeError, ErrorBody, ParamError};
use radar_ct_transport::{TransportError, TransportErrorKind};

use crate::budget::RateBudget;
use crate::rate_limit::RateLimit;

/// How much of the body of a failed answer is kept, in bytes.
pub(crate) const MAX_ERROR_BODY: usize = 8 << 10;

/// A call that brought no data: what went wrong, where, and what to do.
///
/// Opaque, so that it can grow: ask its predicates. It never holds a credential, not even where a server repeats one.
///
/// ```
/// use radar_ct::{Credentials, Error};
/// let error: Error = Credentials::token("").unwrap_err();
/// assert!(error.is_usage() && error.status().is_none());
/// assert_eq!(error.to_string(), "the API token is empty");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    what: What,
    attempts: u32,
    status: Option<StatusCode>,
    ray_id: Option<String>,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
    body: Bytes,
    hint: Option<Cow<'static, str>>,
}

enum What {
    /// A parameter breaks a documented rule. Nothing was sent.
    Parameter(ParamError),
    /// The credentials, the base URL or the client's settings cannot be used. Nothing was sent.
    Configuration(String),
    /// No complete response arrived.
    Transport(TransportError),
    /// The call's time was over before any attempt could begin.
    Deadline,
    /// The turn in the client's own budget of requests would come too late: the budget.
    Budget(String),
    /// A status that is no success.
    Status(ErrorBody),
    /// A redirect, which is not followed: where to, without what a URL may hold.
    Redirect(Option<String>),
    /// A success whose body is no data.
    Decode(DecodeError),
    /// Data, of another aggregation interval than was asked for, where that matters.
    OtherInterval { asked: AggInterval, given: AggInterval },
    /// Data, all of another time than was asked for, where that matters.
    OtherWindow(Range<DateTime<Utc>>),
}

impl Error {
    fn new(what: What) -> Self {
        Self(Box::new(Inner {
            what,
            attempts: 0,
            status: None,
            ray_id: None,
            rate_limit: None,
            retry_after: None,
            body: Bytes::new(),
            hint: None,
        }))
    }

    pub(crate) fn parameter(error: ParamError) -> Self {
        Self::new(What::Parameter(error))
    }

    pub(crate) fn configuration(reason: impl Into<String>) -> Self {
        Self::new(What::Configuration(reason.into()))
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        Self::new(What::Transport(error))
    }

    /// A transport that could not be made, with the cause in the text, since there is nothing else to say.
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub(crate) fn setup(error: &TransportError) -> Self {
        match std::error::Error::source(error) {
            Some(cause) => Self::configuration(format!("{error}: {cause}")),
            None => Self::configuration(error.to_string()),
        }
    }

    pub(crate) fn deadline() -> Self {
        Self::new(What::Deadline)
    }

    pub(crate) fn budget(budget: &RateBudget) -> Self {
        Self::new(What::Budget(budget.to_string()))
    }

    pub(crate) fn status_error(body: ErrorBody) -> Self {
        Self::new(What::Status(body))
    }

    pub(crate) fn redirect(to: Option<String>) -> Self {
        Self::new(What::Redirect(to))
    }

    pub(crate) fn decode(error: DecodeError) -> Self {
        Self::new(What::Decode(error))
    }

    pub(crate) fn other_interval(asked: &AggInterval, given: &AggInterval) -> Self {
        Self::new(What::OtherInterval { asked: asked.clone(), given: given.clone() })
    }

    pub(crate) fn other_window(asked: Range<DateTime<Utc>>) -> Self {
        Self::new(What::OtherWindow(asked))
    }

    pub(crate) fn is_other_interval(&self) -> bool {
        matches!(self.0.what, What::OtherInterval { .. })
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_reply(mut self, status: StatusCode, ray_id: Option<String>, body: Bytes) -> Self {
        self.0.status = Some(status);
        self.0.ray_id = ray_id;
        self.0.body = body;
        self
    }

    pub(crate) fn with_rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.0.rate_limit = limit;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// Says what to do, in place of what would be said otherwise.
    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Whether the fault was found before anything was sent: in a parameter, the credentials, the base URL or the
    /// settings of the client.
    pub fn is_usage(&self) -> bool {
        match &self.0.what {
            What::Parameter(_) | What::Configuration(_) => true,
            What::Transport(error) => error.kind() == TransportErrorKind::InvalidRequest,
            _ => false,
        }
    }

    /// The status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The API's own code, such as 2001, 2002, 1015 or 7003, where it gave one.
    pub fn code(&self) -> Option<i64> {
        self.api().and_then(ErrorBody::code)
    }

    /// What the API says of the failure, where it said anything.
    pub fn api(&self) -> Option<&ErrorBody> {
        match &self.0.what {
            What::Status(body) => Some(body),
            What::Decode(error) => error.api(),
            _ => None,
        }
    }

    /// The parameter that breaks a documented rule, where that is what is wrong.
    pub fn param_error(&self) -> Option<&ParamError> {
        match &self.0.what {
            What::Parameter(error) => Some(error),
            _ => None,
        }
    }

    /// What is wrong with the body of a success, where that is what is wrong.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.0.what {
            What::Decode(error) => Some(error),
            _ => None,
        }
    }

    /// Why no complete response arrived, where that is what is wrong.
    pub fn transport_kind(&self) -> Option<TransportErrorKind> {
        match &self.0.what {
            What::Transport(error) => Some(error.kind()),
            _ => None,
        }
    }

    /// How long the server asked to wait, where it did, or until there is a turn in the client's own budget.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many more requests are allowed, where the server said so.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.rate_limit
    }

    /// Whether the time was over: the whole call's, or an attempt's.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.what, What::Deadline) || self.transport_kind() == Some(TransportErrorKind::Timeout)
    }

    /// Whether the server was not reached, or did not prove who it is: nothing was sent.
    pub fn is_connect(&self) -> bool {
        use TransportErrorKind as Kind;
        matches!(self.transport_kind(), Some(Kind::Resolve | Kind::Connect | Kind::Proxy | Kind::Tls))
    }

    /// Whether the credentials are at fault, or what they are allowed to. The API answers a malformed token with
    /// status 400 and code 6003, which counts.
    pub fn is_authentication(&self) -> bool {
        /// Headers of credentials that are malformed or missing, and credentials that are not valid.
        const CODES: [i64; 4] = [6003, 9106, 9109, 10_000];
        matches!(self.0.status, Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
            || self.api().is_some_and(|api| CODES.iter().any(|code| api.has_code(*code)))
    }

    /// Whether too many requests were made: by the server's word, or by the client's own [`RateBudget`].
    pub fn is_rate_limited(&self) -> bool {
        matches!(self.0.what, What::Budget(_)) || self.0.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the same call may fare better later.
    pub fn is_retryable(&self) -> bool {
        match &self.0.what {
            What::Transport(error) => error.kind().is_retryable(),
            What::Status(_) => self.0.status.is_some_and(crate::retry::is_retryable),
            What::Deadline | What::Budget(_) => true,
            _ => false,
        }
    }

    /// How many requests were made.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The `cf-ray` of the last answer: what Cloudflare's support asks for.
    pub fn ray_id(&self) -> Option<&str> {
        self.0.ray_id.as_deref()
    }

    /// The body of the last answer, its first 8 KiB, without credentials. Empty where there was none.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// What to do about it, in a few words, where there is anything to be done.
    pub fn hint(&self) -> Option<&str> {
        if let Some(hint) = &self.0.hint {
            return Some(hint);
        }
        if matches!(self.0.what, What::Budget(_)) {
            return Some("allow more time, or a larger budget");
        }
        if self.is_rate_limited() {
            return Some("make fewer requests: 1200 in 5 minutes are allowed");
        }
        if self.is_authentication() {
            return Some("check the credentials, and that they may read Radar");
        }
        match &self.0.what {
            What::Status(body)
                if body.has_code(2002) || self.0.status == Some(StatusCode::UNPROCESSABLE_ENTITY) =>
            {
                Some("ask for less: a shorter window, a coarser aggregation interval or fewer series")
            }
            What::Status(_) if self.0.status == Some(StatusCode::NOT_FOUND) => Some("check the base URL"),
            What::Redirect(_) => Some("set the base URL to where the API is; redirects are not followed"),
            What::Transport(error) => match error.kind() {
                TransportErrorKind::Timeout => Some("allow more time, or ask for less"),
                TransportErrorKind::Resolve | TransportErrorKind::Connect => {
                    Some("check the network and the base URL")
                }
                TransportErrorKind::Proxy => Some("check the proxy in HTTPS_PROXY or ALL_PROXY"),
                TransportErrorKind::TooLarge => Some("ask for less, or allow a larger answer"),
                _ => None,
            },
            What::Deadline => Some("allow more time, or ask for less"),
            What::OtherWindow(_) => Some("check the base URL"),
            What::OtherInterval { .. } => Some("ask for an interval that the API keeps for so old a window"),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.what {
            What::Parameter(error) => error.fmt(f)?,
            What::Configuration(reason) => f.write_str(reason)?,
            What::Transport(error) => error.fmt(f)?,
            What::Deadline => f.write_str("the time for the call was over")?,
            What::Budget(budget) => write!(f, "the client's own budget of {budget} is used up")?,
            What::Status(body) => write!(f, "the API answered with an error: {body}")?,
            What::Redirect(Some(to)) => {
                write!(f, "the API answered with a redirect to {}", to.escape_debug())?;
            }
            What::Redirect(None) => f.write_str("the API answered with a redirect")?,
            What::Decode(error) => error.fmt(f)?,
            What::OtherInterval { asked, given } => {
                write!(f, "an aggregation interval of {asked} was asked for, and the answer has {given}")?;
            }
            What::OtherWindow(Range { start, end }) => {
                let (start, end) = (start.to_rfc3339(), end.to_rfc3339());
                write!(f, "points from {start} to {end} were asked for, and the answer has only others")?;
            }
        }
        let mut facts = Vec::new();
        if let Some(status) = self.0.status {
            facts.push(format!("status {}", status.as_u16()));
        }
        if let Some(ray_id) = &self.0.ray_id {
            facts.push(format!("ray {ray_id}"));
        }
        if let Some(wait) = self.0.retry_after {
            let who = if matches!(self.0.what, What::Budget(_)) {
                "the next is in"
            } else {
                "the server asks to wait"
            };
            facts.push(format!("{who} {} s", wait.as_secs()));
        }
        if self.0.attempts > 1 {
            facts.push(format!("{} attempts", self.0.attempts));
        }
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
            .field("what", &self.to_string())
            .field("attempts", &self.0.attempts)
            .field("body_bytes", &self.0.body.len());
        if let Some(source) = std::error::Error::source(self) {
            debug.field("source", &source.to_string());
        }
        debug.finish()
    }
}

/// What lies beneath a failed transport. Whatever else there is stands in the text already.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.what {
            What::Transport(error) => error.source(),
            _ => None,
        }
    }
}
