//! The requests that the emulator received, for tests to inspect.

use std::collections::VecDeque;

use hyper::Request;

/// The number of requests that are kept.
const CAPACITY: usize = 256;

/// Headers whose values are credentials.
const SECRET_HEADERS: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-auth-key",
    "x-auth-email",
    "x-auth-user-service-key",
];

/// A request that the emulator received, with the credentials redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The query, percent-encoded and without its `?`; empty if there was none.
    pub query: String,
    /// The headers, with names in lower case. Values that carry a credential read `[redacted]`.
    pub headers: Vec<(String, String)>,
}

impl RecordedRequest {
    /// Returns the first value of a header. The name may be in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The most recent requests, oldest first.
#[derive(Default)]
pub(crate) struct RecentRequests(VecDeque<RecordedRequest>);

impl RecentRequests {
    pub(crate) fn add<B>(&mut self, request: &Request<B>) {
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        let headers = request.headers().iter().map(|(name, value)| {
            let value = if SECRET_HEADERS.contains(&name.as_str()) {
                "[redacted]".to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name.as_str().to_owned(), value)
        });
        self.0.push_back(RecordedRequest {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: headers.collect(),
        });
    }

    pub(crate) fn list(&self) -> Vec<RecordedRequest> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_most_recent_requests_are_kept() {
        let mut recent = RecentRequests::default();
        for number in 0..CAPACITY + 2 {
            recent.add(&Request::get(format!("/{number}")).body(()).unwrap());
        }
        let list = recent.list();
        assert_eq!((list.len(), list[0].path.as_str()), (CAPACITY, "/2"));
    }
}
