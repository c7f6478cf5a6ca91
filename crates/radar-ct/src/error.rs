//! The error of a call, its predicates and its details.

use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use radar_ct_model::{AggInterval, DecodeError, ErrorBody, ParamError};
use radar_ct_transport::{TransportError, TransportErrorKind};

use crate::budget::RateBudget;
use crate::rate_limit::RateLimit;

/// The size in bytes up to which an error keeps the body of a response.
pub(crate) const MAX_ERROR_BODY: usize = 8 << 10;

/// The error of a call: what went wrong, where, and what to do about it.
///
/// The type is opaque, so that it can grow. Its predicates classify the failure:
///
/// | predicate | meaning |
/// | --- | --- |
/// | [`is_usage`](Self::is_usage) | invalid parameters, credentials or settings; nothing was sent |
/// | [`is_authentication`](Self::is_authentication) | the API rejected the credentials |
/// | [`is_rate_limited`](Self::is_rate_limited) | too many requests |
/// | [`is_timeout`](Self::is_timeout) | the timeout of an attempt, or of the whole call |
/// | [`is_connect`](Self::is_connect) | no connection to the server; nothing was sent |
/// | [`is_retryable`](Self::is_retryable) | the same call may succeed later |
///
/// It never contains credentials, not even if the server repeats them.
///
/// ```
/// use radar_ct::{Credentials, Error};
/// let error: Error = Credentials::token("").unwrap_err();
/// assert!(error.is_usage() && error.status().is_none());
/// assert_eq!(error.to_string(), "the API token is empty");
/// ```
pub struct Error(pub(crate) Box<Inner>);

pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) attempts: u32,
    pub(crate) status: Option<StatusCode>,
    pub(crate) ray_id: Option<String>,
    rate_limit: Option<RateLimit>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
    pub(crate) hint: Option<Cow<'static, str>>,
}

pub(crate) enum ErrorKind {
    /// A parameter breaks a documented rule. Nothing was sent.
    Parameter(ParamError),
    /// The credentials, the base URL or the settings of the client are invalid. Nothing was sent.
    Configuration(String),
    /// No complete response arrived.
    Transport(TransportError),
    /// The call ran out of time before an attempt could begin. Holds the message.
    Timeout(&'static str),
    /// The wait for the client-side rate budget would be too long. Holds the description of the budget.
    Budget(String),
    /// The status is not a success.
    Status(ErrorBody),
    /// The response is a redirect, which is not followed. Holds its target, reduced to the host.
    Redirect(Option<String>),
    /// The status is a success, but the body is not valid data.
    Decode(DecodeError),
    /// An export received another aggregation interval than it requested.
    IntervalMismatch { requested: AggInterval, received: AggInterval },
    /// An export received only points outside of the window that it requested.
    WindowMismatch(Range<DateTime<Utc>>),
}

/// A request that breaks a documented rule. Nothing was sent.
impl From<ParamError> for Error {
    fn from(error: ParamError) -> Self {
        Self::new(ErrorKind::Parameter(error))
    }
}

/// An answer that is not valid data, or that lacks a series.
impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::new(ErrorKind::Decode(error))
    }
}

impl Error {
    fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            attempts: 0,
            status: None,
            ray_id: None,
            rate_limit: None,
            retry_after: None,
            body: Bytes::new(),
            hint: None,
        }))
    }

    pub(crate) fn configuration(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration(reason.into()))
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        Self::new(ErrorKind::Transport(error))
    }

    /// Creates the error for a transport that cannot be built. Its cause is part of the text, which would say
    /// too little otherwise.
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub(crate) fn setup(error: &TransportError) -> Self {
        match std::error::Error::source(error) {
            Some(cause) => Self::configuration(format!("{error}: {cause}")),
            None => Self::configuration(error.to_string()),
        }
    }

    pub(crate) fn timeout(message: &'static str) -> Self {
        Self::new(ErrorKind::Timeout(message))
    }

    pub(crate) fn budget(budget: &RateBudget) -> Self {
        Self::new(ErrorKind::Budget(budget.to_string()))
    }

    pub(crate) fn status_error(body: ErrorBody) -> Self {
        Self::new(ErrorKind::Status(body))
    }

    pub(crate) fn redirect(target: Option<String>) -> Self {
        Self::new(ErrorKind::Redirect(target))
    }

    pub(crate) fn interval_mismatch(requested: &AggInterval, received: &AggInterval) -> Self {
        Self::new(ErrorKind::IntervalMismatch { requested: requested.clone(), received: received.clone() })
    }

    pub(crate) fn window_mismatch(requested: Range<DateTime<Utc>>) -> Self {
        Self::new(ErrorKind::WindowMismatch(requested))
    }

    pub(crate) fn is_interval_mismatch(&self) -> bool {
        matches!(self.0.kind, ErrorKind::IntervalMismatch { .. })
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_response(mut self, status: StatusCode, ray_id: Option<String>, body: Bytes) -> Self {
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

    /// Replaces the hint.
    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Returns whether the call was invalid before anything was sent: a parameter, the credentials, the base
    /// URL or the settings of the client.
    pub fn is_usage(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Parameter(_) | ErrorKind::Configuration(_) => true,
            ErrorKind::Transport(error) => error.kind() == TransportErrorKind::InvalidRequest,
            _ => false,
        }
    }

    /// Returns whether the API rejected the credentials or their permissions: status 401 or 403, or one of
    /// its codes for credentials. A malformed token causes status 400 with code 6003.
    pub fn is_authentication(&self) -> bool {
        /// The codes for malformed, missing and invalid credentials.
        const CODES: [i64; 4] = [6003, 9106, 9109, 10_000];
        matches!(self.0.status, Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
            || self.api().is_some_and(|api| CODES.iter().any(|code| api.has_code(*code)))
    }

    /// Returns whether there were too many requests: the server answered 429, or the client's own
    /// [`RateBudget`] is used up.
    pub fn is_rate_limited(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Budget(_)) || self.0.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns whether time ran out: the timeout of the call, or of its last attempt.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout(_))
            || self.transport_kind() == Some(TransportErrorKind::Timeout)
    }

    /// Returns whether no trusted connection to the server could be made. Nothing was sent.
    pub fn is_connect(&self) -> bool {
        use TransportErrorKind as Kind;
        matches!(self.transport_kind(), Some(Kind::Resolve | Kind::Connect | Kind::Proxy | Kind::Tls))
    }

    /// Returns whether the same call may succeed later: the client has retried it, as far as its
    /// [`RetryPolicy`](crate::RetryPolicy) and its timeout allowed.
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Transport(error) => error.kind().is_retryable(),
            ErrorKind::Status(_) => self.0.status.is_some_and(crate::retry::is_retryable),
            ErrorKind::Timeout(_) | ErrorKind::Budget(_) => true,
            _ => false,
        }
    }

    /// Returns the status of the last response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the API's error code, such as 2001, 2002, 1015 or 7003.
    pub fn code(&self) -> Option<i64> {
        self.api().and_then(ErrorBody::code)
    }

    /// Returns the API's description of the error.
    pub fn api(&self) -> Option<&ErrorBody> {
        match &self.0.kind {
            ErrorKind::Status(body) => Some(body),
            ErrorKind::Decode(error) => error.api(),
            _ => None,
        }
    }

    /// Returns the documented rule that a parameter breaks, if that is the error.
    pub fn param_error(&self) -> Option<&ParamError> {
        match &self.0.kind {
            ErrorKind::Parameter(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the decode error, if the status was a success but the body was not valid data.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.0.kind {
            ErrorKind::Decode(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the kind of the transport error, if no complete response arrived.
    pub fn transport_kind(&self) -> Option<TransportErrorKind> {
        match &self.0.kind {
            ErrorKind::Transport(error) => Some(error.kind()),
            _ => None,
        }
    }

    /// Returns the server's `Retry-After`, or the time until the client's own [`RateBudget`] has a permit
    /// again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the rate limit, if the server reported it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.rate_limit
    }

    /// Returns the number of requests that were sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the ray ID of the last response (its header `cf-ray`), which Cloudflare's support asks for.
    pub fn ray_id(&self) -> Option<&str> {
        self.0.ray_id.as_deref()
    }

    /// Returns the first 8 KiB of the body of the last response, with credentials redacted. Empty if there
    /// was none.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }
}
