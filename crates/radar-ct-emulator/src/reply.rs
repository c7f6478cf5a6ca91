//! Answers and errors in the shapes of the API.

use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderName, RETRY_AFTER};
use serde_json::{Value, json};

use crate::limit::Limiter;

const JSON: &str = "application/json";
const CSV: &str = "text/csv";

/// What is answered, before the headers that every answer has.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// The header that only this answer has.
    pub(crate) header: Option<(HeaderName, String)>,
}

impl Reply {
    fn new(status: u16, content_type: &'static str, body: String) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, content_type, body, header: None }
    }

    /// An answer; `result` is JSON already.
    pub(crate) fn result(result: &str) -> Self {
        Self::new(200, JSON, format!(r#"{{"success":true,"errors":[],"result":{result}}}"#))
    }

    pub(crate) fn csv(table: String) -> Self {
        Self::new(200, CSV, table)
    }

    /// An error in the shape that the API as a whole has.
    pub(crate) fn failure(status: u16, code: u32, message: &str) -> Self {
        Self::general(status, &json!({ "code": code, "message": message }))
    }

    /// An error with what led to it.
    pub(crate) fn failure_because(status: u16, (code, message): (u32, &str), cause: (u32, &str)) -> Self {
        let chain = json!([{ "code": cause.0, "message": cause.1 }]);
        Self::general(status, &json!({ "code": code, "message": message, "error_chain": chain }))
    }

    fn general(status: u16, error: &Value) -> Self {
        let body = json!({ "success": false, "errors": [error], "messages": [], "result": null });
        Self::new(status, JSON, body.to_string())
    }

    /// An error in the shape that Radar has: an empty result and no messages.
    fn radar(status: u16, code: u32, message: &str) -> Self {
        let error = json!({ "code": code, "message": message });
        let body = json!({ "success": false, "errors": [error], "result": {} });
        Self::new(status, JSON, body.to_string())
    }

    /// A parameter breaks a rule.
    pub(crate) fn invalid(why: &str) -> Self {
        Self::radar(400, 2001, why)
    }

    /// The query costs more than the most that is answered.
    pub(crate) fn too_costly(why: &str) -> Self {
        Self::radar(422, 2002, why)
    }

    /// Nobody's fault but the emulator's.
    pub(crate) fn internal() -> Self {
        Self::radar(500, 2000, "Internal error")
    }

    /// Radar's own shape for what is not there, which has neither `success` nor a code.
    pub(crate) fn not_found() -> Self {
        Self::new(404, JSON, json!({ "error": "Not Found" }).to_string())
    }

    pub(crate) fn no_route() -> Self {
        Self::failure(404, 7003, "Could not route the request: there is no such path")
    }

    pub(crate) fn method_not_allowed() -> Self {
        // The code is an assumption; the documentation has none for this.
        let reply = Self::failure(405, 10405, "Method not allowed: the API is only read");
        Self { header: Some((ALLOW, "GET, HEAD".to_owned())), ..reply }
    }

    pub(crate) fn rate_limited(limiter: &Limiter, seconds: u64) -> Self {
        let reply = Self::failure(429, 1015, &limiter.message());
        Self { header: Some((RETRY_AFTER, seconds.to_string())), ..reply }
    }
}
