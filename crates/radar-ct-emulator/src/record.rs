//! The requests that came, for tests to look at.

use std::collections::VecDeque;

use hyper::Request;

/// How many requests are kept.
const KEPT: usize = 256;

/// Headers whose value is a credential.
const SECRET: [&str; 6] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-auth-key",
    "x-auth-email",
    "x-auth-user-service-key",
];

/// A request as it came, without the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, still encoded.
    pub path: String,
    /// The query, still encoded, without its `?`; empty if there was none.
    pub query: String,
    /// The headers, names in lower case; the value of one that carries a credential is `[redacted]`.
    pub headers: Vec<(String, String)>,
}

impl RecordedRequest {
    /// The first value of a header; its name in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The last requests.
#[derive(Default)]
pub(crate) struct Record(VecDeque<RecordedRequest>);

impl Record {
    pub(crate) fn add<B>(&mut self, request: &Request<B>) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        let headers = request.headers().iter().map(|(name, value)| {
            let value = if SECRET.contains(&name.as_str()) {
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
    fn only_the_last_requests_are_kept() {
        let mut record = Record::default();
        for number in 0..KEPT + 2 {
            record.add(&Request::get(format!("/{number}")).body(()).unwrap());
        }
        let list = record.list();
        assert_eq!((list.len(), list[0].path.as_str()), (KEPT, "/2"));
    }
}
