//! From a request to a response: who asks, how often, for what, and the headers that every answer has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::Full;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use crate::auth::Guard;
use crate::builder::Builder;
use crate::endpoints::Asked;
use crate::hash::mix;
use crate::limit::{Limiter, Standing};
use crate::record::{Record, RecordedRequest};
use crate::reply::Reply;
use crate::route::Route;
use crate::world::World;

/// Everything that answers, apart from the sockets.
pub(crate) struct Service {
    seed: u64,
    clock: Option<DateTime<Utc>>,
    max_points: usize,
    guard: Guard,
    world: World,
    limiter: Mutex<Limiter>,
    record: Mutex<Record>,
    count: AtomicU64,
}

impl Service {
    pub(crate) fn new(told: Builder) -> Self {
        Self {
            seed: told.seed,
            clock: told.now,
            max_points: told.max_points,
            guard: Guard::new(told.token),
            world: World::new(told.seed),
            limiter: Mutex::new(Limiter::new(told.requests, told.per)),
            record: Mutex::default(),
            count: AtomicU64::new(0),
        }
    }

    pub(crate) fn request_count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.record).list()
    }

    pub(crate) fn respond<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        lock(&self.record).add(request);
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.unwrap_or_else(Utc::now);
        let mut standing = lock(&self.limiter).fresh();
        let reply = self.answer(request, now, &mut standing).unwrap_or_else(|refusal| refusal);
        self.finish(reply, number, now, &standing)
    }

    fn answer<B>(
        &self,
        request: &Request<B>,
        now: DateTime<Utc>,
        standing: &mut Standing,
    ) -> Result<Reply, Reply> {
        // An unknown path is unknown to whoever asks, so the route comes before the credential.
        let route = Route::find(request.uri().path()).ok_or_else(Reply::no_route)?;
        // To HEAD the answer is GET's, of which hyper leaves out the body.
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return Err(Reply::method_not_allowed());
        }
        let who = self.guard.admit(request.headers())?;
        {
            // Real time even when the clock is stopped: a limit that never resets would be none of the API's.
            let mut limiter = lock(&self.limiter);
            *standing = limiter.take(who, Utc::now().timestamp_millis());
            if let Some(seconds) = standing.retry_after {
                return Err(Reply::rate_limited(&limiter, seconds));
            }
        }
        let query = request.uri().query().unwrap_or_default();
        route.answer(&Asked { query, now, world: &self.world, max_points: self.max_points })
    }

    fn finish(
        &self,
        reply: Reply,
        number: u64,
        now: DateTime<Utc>,
        standing: &Standing,
    ) -> Response<Full<Bytes>> {
        let ray = format!("{:016x}-EMU", mix(&[self.seed, number]));
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let policy = lock(&self.limiter).policy();
        let common = [
            (header::CONTENT_TYPE, reply.content_type.to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::DATE, date),
            (HeaderName::from_static("cf-ray"), ray),
            (HeaderName::from_static("ratelimit"), standing.to_string()),
            (HeaderName::from_static("ratelimit-policy"), policy),
        ];
        let mut response = Response::new(Full::new(Bytes::from(reply.body)));
        *response.status_mut() = reply.status;
        for (name, value) in common.into_iter().chain(reply.header) {
            match HeaderValue::try_from(value) {
                Ok(value) => drop(response.headers_mut().insert(name, value)),
                // Cannot be: all of them are ASCII. Should it be, it must be seen.
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

/// What is behind these locks is whole after every statement, so a panic elsewhere spoils nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
