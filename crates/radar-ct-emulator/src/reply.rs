//! Answers and errors in the forms of the API.

use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderName, RETRY_AFTER};
use serde_json::{Value, json};

const JSON: &str = "application/json";
const CSV: &str = "text/csv";

/// A response without the headers that every response has.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// A header that only this response has.
    pub(crate) header: Option<(HeaderName, String)>,
}

impl Reply {
    fn new(status: u16, content_type: &'static str, body: String) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, content_type, body, header: None }
    }

    /// Returns an answer; `result` is JSON text.
    pub(crate) fn result(result: &str) -> Self {
        Self::new(200, JSON, format!(r#"{{"success":true,"errors":[],"result":{result}}}"#))
    }

    pub(crate) fn csv(table: String) -> Self {
        Self::new(200, CSV, table)
    }

    /// Returns an error in the form of the API as a whole.
    pub(crate) fn error(status: u16, code: u32, message: &str) -> Self {
        Self::api_error(status, &json!({ "code": code, "message": message }))
    }

    /// Returns an error with its cause, in the form of the API as a whole.
    pub(crate) fn error_with_cause(status: u16, (code, message): (u32, &str), cause: (u32, &str)) -> Self {
        let chain = json!([{ "code": cause.0, "message": cause.1 }]);
        Self::api_error(status, &json!({ "code": code, "message": message, "error_chain": chain }))
    }

    fn api_error(status: u16, error: &Value) -> Self {
        let body = json!({ "success": false, "errors": [error], "messages": [], "result": null });
        Self::new(status, JSON, body.to_string())
    }

    /// Returns an error in Radar's form: an empty result and no messages.
    fn radar_error(status: u16, code: u32, message: &str) -> Self {
        let error = json!({ "code": code, "message": message });
        let body = json!({ "success": false, "errors": [error], "result": {} });
        Self::new(status, JSON, body.to_string())
    }

    /// Returns the answer to a parameter that breaks a rule.
    pub(crate) fn invalid(message: &str) -> Self {
        Self::radar_error(400, 2001, message)
    }

    /// Returns the answer to a query that costs too much.
    pub(crate) fn too_costly(message: &str) -> Self {
        Self::radar_error(422, 2002, message)
    }

    /// Returns the answer to a bug of the emulator.
    pub(crate) fn internal() -> Self {
        Self::radar_error(500, 2000, "Internal error")
    }

    /// Returns Radar's answer to an unknown record, which has neither `success` nor a code.
    pub(crate) fn not_found() -> Self {
        Self::new(404, JSON, json!({ "error": "Not Found" }).to_string())
    }

    pub(crate) fn unknown_path() -> Self {
        Self::error(404, 7003, "Could not route the request: there is no such path")
    }

    pub(crate) fn method_not_allowed() -> Self {
        // The documentation has no code for this: an assumption.
        let reply = Self::error(405, 10405, "Method not allowed: this API is read-only");
        Self { header: Some((ALLOW, "GET, HEAD".to_owned())), ..reply }
    }

    pub(crate) fn rate_limited(message: &str, retry_after: u64) -> Self {
        let reply = Self::error(429, 1015, message);
        Self { header: Some((RETRY_AFTER, retry_after.to_string())), ..reply }
    }
}
