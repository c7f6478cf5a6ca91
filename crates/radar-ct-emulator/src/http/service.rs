//! The service that turns requests into responses: routing, authentication, the rate limit, and the headers
//! of every response.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::Full;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use crate::builder::Builder;
use crate::data::random::mix;
use crate::data::world::World;
use crate::endpoints::context::RequestContext;
use crate::endpoints::router::Route;
use crate::http::auth::Authenticator;
use crate::http::rate_limit::{RateLimitStatus, RateLimiter};
use crate::http::recorded_request::{RecentRequests, RecordedRequest};
use crate::reply::Reply;

/// The emulator without its sockets.
pub(crate) struct Service {
    seed: u64,
    clock: Option<DateTime<Utc>>,
    max_points: usize,
    authenticator: Authenticator,
    world: World,
    limiter: Mutex<RateLimiter>,
    recent: Mutex<RecentRequests>,
    count: AtomicU64,
}

impl Service {
    pub(crate) fn new(config: Builder) -> Self {
        Self {
            seed: config.seed,
            clock: config.now,
            max_points: config.max_points,
            authenticator: Authenticator::new(config.token),
            world: World::new(config.seed),
            limiter: Mutex::new(RateLimiter::new(config.requests, config.period)),
            recent: Mutex::default(),
            count: AtomicU64::new(0),
        }
    }

    pub(crate) fn request_count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.recent).list()
    }

    pub(crate) fn respond<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        lock(&self.recent).add(request);
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.unwrap_or_else(Utc::now);
        let mut status = lock(&self.limiter).initial_status();
        let reply = self.answer(request, now, &mut status).unwrap_or_else(|refusal| refusal);
        self.response(reply, number, now, &status)
    }

    fn answer<B>(
        &self,
        request: &Request<B>,
        now: DateTime<Utc>,
        status: &mut RateLimitStatus,
    ) -> Result<Reply, Reply> {
        // An unknown path is a 404 with any credential and without one, so routing comes first.
        let route = Route::find(request.uri().path()).ok_or_else(Reply::unknown_path)?;
        // HEAD is answered like GET; hyper leaves out the body.
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return Err(Reply::method_not_allowed());
        }
        let credential = self.authenticator.authenticate(request.headers())?;
        {
            // Real time even if the clock is stopped: otherwise the limit would never reset.
            let mut limiter = lock(&self.limiter);
            *status = limiter.count(credential, Utc::now().timestamp_millis());
            if let Some(seconds) = status.retry_after {
                return Err(Reply::rate_limited(&limiter.message(), seconds));
            }
        }
        route.answer(&RequestContext {
            path_argument: &route.argument,
            query: request.uri().query().unwrap_or_default(),
            now,
            world: &self.world,
            max_points: self.max_points,
        })
    }

    fn response(
        &self,
        reply: Reply,
        number: u64,
        now: DateTime<Utc>,
        status: &RateLimitStatus,
    ) -> Response<Full<Bytes>> {
        let ray = format!("{:016x}-EMU", mix(&[self.seed, number]));
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let policy = lock(&self.limiter).policy();
        let common = [
            (header::CONTENT_TYPE, reply.content_type.to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::DATE, date),
            (HeaderName::from_static("cf-ray"), ray),
            (HeaderName::from_static("ratelimit"), status.to_string()),
            (HeaderName::from_static("ratelimit-policy"), policy),
        ];
        let mut response = Response::new(Full::new(Bytes::from(reply.body)));
        *response.status_mut() = reply.status;
        for (name, value) in common.into_iter().chain(reply.header) {
            match HeaderValue::try_from(value) {
                Ok(value) => drop(response.headers_mut().insert(name, value)),
                // All values are ASCII, so this is a bug of the emulator: make it visible.
                Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
            }
        }
        response
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("seed", &self.seed)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

/// Locks a mutex even if a thread panicked while it held it: what it guards is consistent after every
/// statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
