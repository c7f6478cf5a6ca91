//! One call, decided once, for blocking and async alike.
//!
//! The operation does no I/O and reads no clock. It says what to send and for how long to wait for it, is told
//! what came of it, and says whether that is the end or how long to wait before the next attempt:
//!
//! ```text
//! Ready --begin(now)--> (Attempt, InFlight) --finish(now, reply)--> Done(result)
//!   ^                                                            \-> Retry { wait, ready }
//!   '------------------------ after the wait -------------------------------'
//! ```
//! Each state is consumed by the step out of it, so that a wrong order cannot be written. The two clients drive it in
//! a few lines each; so can another runtime.
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
//! assert_eq!(attempt.request.uri().path(), "/client/v4/radar/ct/timeseries");
//!
//! let reply = http::Response::builder().status(503).body(bytes::Bytes::new())?;
//! match in_flight.finish(Moment::now(), Ok(reply)) {
//!     Outcome::Retry { wait, .. } => assert!(wait.as_millis() <= 500),
//!     Outcome::Done(_) => unreachable!(),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};
use http::{Request, Response, StatusCode, Uri};
use radar_ct_model::{Endpoint, ErrorBody};
use radar_ct_transport::{Moment, TransportError};

use crate::answer::{Answer, ray_id};
use crate::base_url::BaseUrl;
use crate::budget::RateBudget;
use crate::credentials::Credentials;
use crate::error::{Error, MAX_ERROR_BODY};
use crate::observe::{Event, Observers};
use crate::rate_limit::RateLimit;
use crate::retry::{RetryPolicy, is_retryable, retry_after};

/// What holds for every call of a client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Where the API is.
    pub base_url: BaseUrl,
    /// Who is asking.
    pub credentials: Credentials,
    /// When a call is tried again.
    pub retry: RetryPolicy,
    /// The time for a whole call, attempts and waits included; 60 seconds.
    pub timeout: Duration,
    /// The budget of requests that calls take their turns from; none.
    pub budget: Option<RateBudget>,
    /// Who is told what calls do; nobody.
    pub(crate) observers: Observers,
    /// The time for one attempt; 30 seconds, and never more than is left of the call's.
    pub attempt_timeout: Duration,
}

impl Settings {
    /// The defaults, for these credentials.
    pub fn new(credentials: Credentials) -> Self {
        Self {
            base_url: BaseUrl::default(),
            credentials,
            retry: RetryPolicy::default(),
            budget: None,
            observers: Observers::default(),
            timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(30),
        }
    }
}

/// A call that may begin its first or next attempt.
#[derive(Debug)]
pub struct Ready<E> {
    endpoint: E,
    settings: Arc<Settings>,
    uri: Uri,
    chance: fastrand::Rng,
    attempts: u32,
    /// When the first attempt began.
    began: Option<Instant>,
    /// Set by the first attempt. `None` beyond what the clock can say: then there is no deadline.
    deadline: Option<Instant>,
}

/// What to send, when, and within which time the whole response must be there.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The request, credentials included; their headers are marked as sensitive.
    pub request: Request<Bytes>,
    /// How long to wait first, for a turn in the budget of requests. Mostly not at all.
    pub after: Duration,
    /// The time for it, from when it is sent.
    pub within: Duration,
    /// Which attempt of the call it is, from 1.
    pub number: u32,
}

/// A call that waits for the response to its attempt.
#[derive(Debug)]
pub struct InFlight<E> {
    call: Ready<E>,
    sent: Instant,
}

/// What came of an attempt.
#[derive(Debug)]
pub enum Outcome<E: Endpoint> {
    /// The call is over.
    Done(Result<Answer<E::Answer>, Error>),
    /// Another attempt is due, after a wait.
    Retry {
        /// How long to wait.
        wait: Duration,
        /// The call, ready for the next attempt.
        ready: Ready<E>,
    },
}

impl<E: Endpoint> Ready<E> {
    /// Checks a call and prepares its request.
    ///
    /// # Errors
    /// Where a parameter breaks a documented rule, or the URL is longer than one can be.
    pub fn new(settings: &Arc<Settings>, endpoint: E) -> Result<Self, Error> {
        let url = settings.base_url.url_of(&endpoint)?;
        let length = url.len();
        let uri = Uri::try_from(url).map_err(|_| {
            let reason =
                format!("the URL of the request has {length} bytes, which is more than one can have");
            Error::configuration(reason).with_hint("ask for fewer series, or shorter texts")
        })?;
        let (settings, chance) = (Arc::clone(settings), settings.retry.chance());
        Ok(Self { endpoint, settings, uri, chance, attempts: 0, began: None, deadline: None })
    }

    /// Begins an attempt.
    ///
    /// # Errors
    /// Where the time for the call is over, or would be before it is its turn in the budget of requests.
    pub fn begin(mut self, now: Moment) -> Result<(Attempt, InFlight<E>), Error> {
        if self.began.is_none() {
            self.began = Some(now.monotonic);
            self.deadline = now.monotonic.checked_add(self.settings.timeout);
        }
        let left = self.time_left(now);
        if left.is_zero() {
            return Err(self.over(now, Error::deadline()));
        }
        let after = match &self.settings.budget {
            None => Duration::ZERO,
            Some(budget) => match budget.take_turn(now.monotonic, left) {
                Ok(wait) => wait,
                Err(wait) => {
                    let error = Error::budget(budget).with_retry_after(Some(wait));
                    return Err(self.over(now, error));
                }
            },
        };
        self.attempts += 1;
        let within = self.settings.attempt_timeout.min(left.saturating_sub(after));
        self.settings.observers.tell(|| Event::Attempt {
            number: self.attempts,
            url: self.url_to_show(),
            after,
            within,
        });
        let attempt = Attempt { request: self.request(), after, within, number: self.attempts };
        let sent = now.later_by(after).monotonic;
        Ok((attempt, InFlight { call: self, sent }))
    }

    /// As observers may see it.
    fn url_to_show(&self) -> Arc<str> {
        let url = self.uri.to_string();
        String::from_utf8_lossy(&self.settings.credentials.redact(url.as_bytes())).into()
    }

    fn request(&self) -> Request<Bytes> {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/csv;q=0.9"));
        self.settings.credentials.write(&mut headers);
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        request
    }

    fn time_left(&self, now: Moment) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now.monotonic))
    }

    /// The end of the call without data.
    fn over(&self, now: Moment, error: Error) -> Error {
        self.tell_the_end(now, false);
        error.with_attempts(self.attempts)
    }

    fn tell_the_end(&self, now: Moment, ok: bool) {
        self.settings.observers.tell(|| Event::Done {
            ok,
            attempts: self.attempts,
            took: self.began.map_or(Duration::ZERO, |began| now.monotonic.saturating_duration_since(began)),
        });
    }

    /// Decides on a failed attempt: another one after a wait, or the end.
    fn again_or(mut self, now: Moment, asked: Option<Duration>, error: Error) -> Outcome<E> {
        let error = error.with_retry_after(asked);
        let policy = &self.settings.retry;
        let retry = self.attempts.saturating_sub(1);
        let is_too_long = asked.is_some_and(|asked| asked > policy.max_retry_after);
        if !error.is_retryable() || retry >= policy.max_retries || is_too_long {
            return Outcome::Done(Err(self.over(now, error)));
        }
        let wait = asked.unwrap_or_else(|| policy.backoff(retry, &mut self.chance));
        if wait >= self.time_left(now) {
            return Outcome::Done(Err(self.over(now, error)));
        }
        self.settings.observers.tell(|| Event::Retry {
            number: self.attempts.saturating_add(1),
            at_most: policy.max_retries.saturating_add(1),
            status: error.status().map(|status| status.as_u16()),
            fault: error.transport_kind(),
            wait,
            asked: asked.is_some(),
        });
        Outcome::Retry { wait, ready: self }
    }
}

impl<E: Endpoint> InFlight<E> {
    /// Takes what came of the attempt and decides.
    pub fn finish(self, now: Moment, reply: Result<Response<Bytes>, TransportError>) -> Outcome<E> {
        let Self { call, sent } = self;
        let number = call.attempts;
        let took = || now.monotonic.saturating_duration_since(sent);
        let (head, body) = match reply {
            Ok(response) => response.into_parts(),
            Err(error) => {
                call.settings.observers.tell(|| Event::Fault { number, kind: error.kind(), took: took() });
                return call.again_or(now, None, Error::transport(error));
            }
        };
        let (status, bytes) = (head.status.as_u16(), body.len());
        let rate_limit = RateLimit::read(&head.headers);
        call.settings.observers.tell(|| Event::Response { number, status, bytes, took: took(), rate_limit });
        let credentials = &call.settings.credentials;
        let ray_id = ray_id(&head.headers, credentials);
        let decoded = is_complete_success(head.status).then(|| call.endpoint.decode(&body));
        if let Some(Ok(data)) = decoded {
            call.tell_the_end(now, true);
            return Outcome::Done(Ok(Answer { data, attempts: call.attempts, ray_id, rate_limit }));
        }
        // What follows may quote what the server said, and a server may repeat the credentials.
        let shown = credentials.redact(&body);
        let error = match decoded {
            Some(_) => match call.endpoint.decode(&shown) {
                Err(error) => Error::decode(error),
                Ok(_) => Error::status_error(ErrorBody::parse(&shown)),
            },
            None if head.status.is_redirection() => Error::redirect(target(&head.headers, credentials)),
            None => Error::status_error(ErrorBody::parse(&shown)),
        };
        let kept = Bytes::copy_from_slice(shown.get(..MAX_ERROR_BODY).unwrap_or(&shown));
        let asked = retry_after(&head.headers, now.wall).filter(|_| is_retryable(head.status));
        if let (StatusCode::TOO_MANY_REQUESTS, Some(wait), Some(budget)) =
            (head.status, asked, &call.settings.budget)
        {
            budget.silence(now.monotonic, wait);
        }
        let error = error.with_reply(head.status, ray_id, kept).with_rate_limit(rate_limit);
        call.again_or(now, asked, error)
    }
}

/// A success that is whole: part of an answer was never asked for.
fn is_complete_success(status: StatusCode) -> bool {
    status.is_success() && status != StatusCode::PARTIAL_CONTENT
}

/// Where a redirect leads: the scheme and the host alone, since the rest may hold anything.
fn target(headers: &HeaderMap, credentials: &Credentials) -> Option<String> {
    let uri: Uri = headers.get(LOCATION)?.to_str().ok()?.parse().ok()?;
    match (uri.scheme_str(), uri.host()) {
        (Some(scheme), Some(host)) => {
            let place = format!("{scheme}://{host}");
            Some(String::from_utf8_lossy(&credentials.redact(place.as_bytes())).into_owned())
        }
        _ => Some("another path of the same host".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use radar_ct_model::TimeseriesParams;

    use super::*;

    /// What is said of a redirect to there.
    fn redirected(location: Option<&str>) -> Error {
        let settings = Arc::new(Settings::new(Credentials::token("c0ffee-c0ffee").unwrap()));
        let (_, in_flight) =
            Ready::new(&settings, TimeseriesParams::new()).unwrap().begin(Moment::now()).unwrap();
        let mut reply = Response::builder().status(302);
        if let Some(location) = location {
            reply = reply.header(LOCATION, location);
        }
        match in_flight.finish(Moment::now(), Ok(reply.body(Bytes::new()).unwrap())) {
            Outcome::Done(result) => result.unwrap_err(),
            Outcome::Retry { .. } => panic!("a redirect is not tried again"),
        }
    }

    #[test]
    fn a_redirect_says_where_to_and_no_more_than_the_host() {
        for (location, said) in [
            (Some("https://other.example/a?token=x#y"), "a redirect to https://other.example ("),
            (Some("/elsewhere?token=x"), "a redirect to another path of the same host ("),
            (Some("https://c0ffee-c0ffee.example/"), "a redirect to https://[redacted].example ("),
            (Some("no uri at all"), "with a redirect ("),
            (None, "with a redirect ("),
        ] {
            let error = redirected(location);
            let text = error.to_string();
            assert!(text.contains(said) && !text.contains("token") && !text.contains("c0ffee"), "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("base URL")));
        }
    }
}
