//! One call as a state machine without I/O, for blocking and async clients alike.
//!
//! An operation does no I/O and reads no clock. It says what to send and how long to wait for the response,
//! is given the response, and decides: the call ends, or is retried after a wait.
//!
//! ```text
//! Ready --begin(now)--> (Attempt, InFlight) --finish(now, response)--> Done(result)
//!   ^                                                               \-> Retry { wait, ready }
//!   '-------------------------- after the wait ----------------------------'
//! ```
//! Each step consumes its state, so a wrong order does not compile. The deadline is set when the first
//! attempt begins: no attempt and no wait extends beyond it. Each client drives the operation in a few lines;
//! so can another runtime.
//!
//! ```
//! use std::sync::Arc;
//! use radar_ct::operation::{Outcome, Ready, Settings};
//! use radar_ct::{Credentials, TimeseriesParams};
//! use radar_ct_transport::Moment;
//!
//! let settings = Arc::new(Settings::new(Credentials::token("token")?));
//! let params = TimeseriesParams::new();
//! let (attempt, in_flight) = Ready::new(&settings, &params)?.begin(Moment::now())?;
//! let request = attempt.into_request();
//! assert_eq!(request.uri().path(), "/client/v4/radar/ct/timeseries");
//!
//! let response = http::Response::builder().status(503).body(bytes::Bytes::new())?;
//! match in_flight.finish(Moment::now(), Ok(response)) {
//!     Outcome::Retry { wait, .. } => assert!(wait.as_millis() <= 500),
//!     Outcome::Done(_) => unreachable!(),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, HeaderMap, HeaderValue};
use http::{Request, Response, StatusCode, Uri};
use radar_ct_model::{Endpoint, ErrorBody};
use radar_ct_transport::{Moment, TransportError};

use crate::answer::{Answer, ray_id};
use crate::budget::Permit;
use crate::error::{Error, MAX_ERROR_BODY};
use crate::observe::Event;
use crate::rate_limit::RateLimit;
use crate::redirect::redirect_target;
use crate::retry::{is_retryable, retry_after};
pub use crate::settings::Settings;

/// A call that is ready for its first or next attempt.
#[derive(Debug)]
#[must_use = "an operation does nothing until it is driven"]
pub struct Ready<E> {
    endpoint: E,
    settings: Arc<Settings>,
    uri: Uri,
    rng: fastrand::Rng,
    attempts: u32,
    /// The start of the first attempt.
    started: Option<Instant>,
    /// The deadline, which the first attempt sets. `None` after that means that it is beyond the range of the
    /// clock.
    deadline: Option<Instant>,
}

/// An attempt: the request to send after a wait, and the timeout of its response.
///
/// Dropping an attempt instead of sending it returns its permit to the rate budget.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "the request of an attempt has to be sent"]
pub struct Attempt {
    request: Request<Bytes>,
    permit: Option<Permit>,
    /// The wait before the request is sent. Not zero only if the rate budget is used up.
    pub wait: Duration,
    /// The timeout of the response, from the time when the request is sent.
    pub timeout: Duration,
    /// The number of the attempt in its call, from 1.
    pub number: u32,
}

/// A call that waits for the response to its attempt.
#[derive(Debug)]
#[must_use = "the response of an attempt has to be handled"]
pub struct InFlight<E> {
    call: Ready<E>,
    sent: Instant,
}

/// The outcome of an attempt.
#[derive(Debug)]
#[must_use = "the outcome is the result of the call, or its retry"]
pub enum Outcome<E: Endpoint> {
    /// The call has ended.
    Done(Result<Answer<E::Answer>, Error>),
    /// The call is retried after a wait.
    Retry {
        /// The wait.
        wait: Duration,
        /// The call, ready for the next attempt.
        ready: Ready<E>,
    },
}

impl Attempt {
    /// Takes the request in order to send it, which uses up the permit of the rate budget.
    ///
    /// The request contains the credentials, in headers that are marked as sensitive.
    #[inline]
    pub fn into_request(self) -> Request<Bytes> {
        if let Some(permit) = self.permit {
            permit.use_up();
        }
        self.request
    }
}

impl<E: Endpoint> Ready<E> {
    /// Validates the parameters of a call and prepares its request.
    ///
    /// # Errors
    /// Returns an error if a parameter breaks a documented rule, or if the URL is too long.
    pub fn new(settings: &Arc<Settings>, endpoint: E) -> Result<Self, Error> {
        let url = settings.base_url.url_for(&endpoint)?;
        let length = url.len();
        let uri = Uri::try_from(url).map_err(|_| {
            Error::configuration(format!("the URL of the request is too long: {length} bytes"))
                .with_hint("request fewer series, or use shorter names and filters")
        })?;
        let (settings, rng) = (Arc::clone(settings), settings.retry.rng());
        Ok(Self { endpoint, settings, uri, rng, attempts: 0, started: None, deadline: None })
    }

    /// Begins an attempt.
    ///
    /// # Errors
    /// Returns an error if the deadline has passed, or would pass before the rate budget has a permit.
    pub fn begin(mut self, now: Moment) -> Result<(Attempt, InFlight<E>), Error> {
        if self.started.is_none() {
            self.started = Some(now.monotonic);
            self.deadline = now.monotonic.checked_add(self.settings.timeout);
        }
        let remaining = self.until_deadline(now);
        if remaining.is_zero() {
            return Err(self.fail(now, Error::timeout("deadline exceeded before the attempt could begin")));
        }
        let (permit, wait) = match &self.settings.budget {
            None => (None, Duration::ZERO),
            Some(budget) => match budget.acquire(now.monotonic, remaining) {
                Ok((permit, wait)) => (Some(permit), wait),
                Err(wait) => {
                    let error = Error::budget(budget).with_retry_after(Some(wait));
                    return Err(self.fail(now, error));
                }
            },
        };
        self.attempts += 1;
        let number = self.attempts;
        let timeout = self.settings.attempt_timeout.min(remaining.saturating_sub(wait));
        self.settings.observers.notify(|| Event::Attempt { number, url: self.redacted_url(), wait, timeout });
        let attempt = Attempt { request: self.request(), permit, wait, timeout, number };
        let sent = now.later_by(wait).monotonic;
        Ok((attempt, InFlight { call: self, sent }))
    }

    /// Returns the URL for observers.
    fn redacted_url(&self) -> Arc<str> {
        let url = self.uri.to_string();
        String::from_utf8_lossy(&self.settings.credentials.redact(url.as_bytes())).into()
    }

    fn request(&self) -> Request<Bytes> {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/csv;q=0.9"));
        self.settings.credentials.add_to(&mut headers);
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        request
    }

    fn until_deadline(&self, now: Moment) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now.monotonic))
    }

    /// Ends the call with an error.
    fn fail(&self, now: Moment, error: Error) -> Error {
        self.notify_done(now, false);
        error.with_attempts(self.attempts)
    }

    fn notify_done(&self, now: Moment, ok: bool) {
        self.settings.observers.notify(|| Event::Done {
            ok,
            attempts: self.attempts,
            elapsed: self
                .started
                .map_or(Duration::ZERO, |started| now.monotonic.saturating_duration_since(started)),
        });
    }

    /// Applies the retry policy to a failed attempt: the call is retried after a wait, or ends with the
    /// error.
    fn retry_or_fail(mut self, now: Moment, retry_after: Option<Duration>, error: Error) -> Outcome<E> {
        let error = error.with_retry_after(retry_after);
        let policy = &self.settings.retry;
        let retry = self.attempts.saturating_sub(1);
        let is_too_long = retry_after.is_some_and(|wait| wait > policy.max_retry_after);
        if !error.is_retryable() || retry >= policy.max_retries || is_too_long {
            return Outcome::Done(Err(self.fail(now, error)));
        }
        let wait = retry_after.unwrap_or_else(|| policy.wait_before(retry, &mut self.rng));
        if wait >= self.until_deadline(now) {
            return Outcome::Done(Err(self.fail(now, error)));
        }
        self.settings.observers.notify(|| Event::Retry {
            number: self.attempts.saturating_add(1),
            max_attempts: policy.max_retries.saturating_add(1),
            status: error.status().map(|status| status.as_u16()),
            transport_kind: error.transport_kind(),
            wait,
            from_retry_after: retry_after.is_some(),
        });
        Outcome::Retry { wait, ready: self }
    }
}

impl<E: Endpoint> InFlight<E> {
    /// Ends the attempt with its response or transport error, and decides whether the call is retried.
    pub fn finish(self, now: Moment, response: Result<Response<Bytes>, TransportError>) -> Outcome<E> {
        let Self { call, sent } = self;
        let number = call.attempts;
        let elapsed = || now.monotonic.saturating_duration_since(sent);
        let observers = &call.settings.observers;
        let (head, body) = match response {
            Ok(response) => response.into_parts(),
            Err(error) => {
                observers.notify(|| Event::TransportError { number, kind: error.kind(), elapsed: elapsed() });
                return call.retry_or_fail(now, None, Error::transport(error));
            }
        };
        let (status, bytes) = (head.status.as_u16(), body.len());
        let rate_limit = RateLimit::from_headers(&head.headers);
        observers.notify(|| Event::Response { number, status, bytes, elapsed: elapsed(), rate_limit });
        let credentials = &call.settings.credentials;
        let ray_id = ray_id(&head.headers, credentials);
        let decoded = is_complete_success(head.status).then(|| call.endpoint.decode(&body));
        if let Some(Ok(data)) = decoded {
            call.notify_done(now, true);
            return Outcome::Done(Ok(Answer { data, attempts: call.attempts, ray_id, rate_limit }));
        }
        // The error quotes the body, and the server may repeat the credentials in there.
        let redacted = credentials.redact(&body);
        let error = match decoded {
            Some(_) => match call.endpoint.decode(&redacted) {
                Err(error) => Error::from(error),
                Ok(_) => Error::status_error(ErrorBody::parse(&redacted)),
            },
            None if head.status.is_redirection() => {
                Error::redirect(redirect_target(&head.headers, credentials))
            }
            None => Error::status_error(ErrorBody::parse(&redacted)),
        };
        let kept = Bytes::copy_from_slice(redacted.get(..MAX_ERROR_BODY).unwrap_or(&redacted));
        let retry_after = retry_after(&head.headers, now.wall).filter(|_| is_retryable(head.status));
        if let (StatusCode::TOO_MANY_REQUESTS, Some(wait), Some(budget)) =
            (head.status, retry_after, &call.settings.budget)
        {
            budget.pause(now.monotonic, wait);
        }
        let error = error.with_response(head.status, ray_id, kept).with_rate_limit(rate_limit);
        call.retry_or_fail(now, retry_after, error)
    }
}

/// Returns whether a status is a success with a complete body. 206 is an error, since no request has a
/// `Range`.
fn is_complete_success(status: StatusCode) -> bool {
    status.is_success() && status != StatusCode::PARTIAL_CONTENT
}

#[cfg(test)]
mod tests {
    use http::header::LOCATION;
    use radar_ct_model::TimeseriesParams;

    use super::*;
    use crate::credentials::Credentials;

    /// Returns the error for a redirect to a location.
    fn redirect_error(location: Option<&str>) -> Error {
        let settings = Arc::new(Settings::new(Credentials::token("c0ffee-c0ffee").unwrap()));
        let (_, in_flight) =
            Ready::new(&settings, TimeseriesParams::new()).unwrap().begin(Moment::now()).unwrap();
        let mut response = Response::builder().status(302);
        if let Some(location) = location {
            response = response.header(LOCATION, location);
        }
        match in_flight.finish(Moment::now(), Ok(response.body(Bytes::new()).unwrap())) {
            Outcome::Done(result) => result.unwrap_err(),
            Outcome::Retry { .. } => panic!("a redirect is not retried"),
        }
    }

    #[test]
    fn redirects_are_errors_that_name_only_the_host() {
        for (location, expected) in [
            (Some("https://other.example/a?token=x#y"), "a redirect to https://other.example ("),
            (Some("/elsewhere?token=x"), "a redirect to another path of the same host ("),
            (Some("https://c0ffee-c0ffee.example/"), "a redirect to https://[redacted].example ("),
            (Some("no uri at all"), "with a redirect ("),
            (None, "with a redirect ("),
        ] {
            let error = redirect_error(location);
            let text = error.to_string();
            assert!(text.contains(expected) && !text.contains("token") && !text.contains("c0ffee"), "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("base URL")));
        }
    }
}
