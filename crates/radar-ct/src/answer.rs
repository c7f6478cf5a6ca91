//! The answer to a call, with the metadata of its response.

use http::HeaderMap;
use http::header::HeaderName;

use crate::credentials::Credentials;
use crate::rate_limit::RateLimit;

/// The answer to a call, with the metadata of its response.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The decoded data.
    pub data: T,
    /// The number of requests that were sent, retries included.
    pub attempts: u32,
    /// The ray ID of the response: its header `cf-ray`.
    pub ray_id: Option<String>,
    /// The rate limit, if the server reported it.
    pub rate_limit: Option<RateLimit>,
}

const CF_RAY: HeaderName = HeaderName::from_static("cf-ray");

/// Returns the header `cf-ray`, if it looks like a ray ID and contains no credentials.
pub(crate) fn ray_id(headers: &HeaderMap, credentials: &Credentials) -> Option<String> {
    let text = headers.get(CF_RAY)?.to_str().ok()?;
    let is_plain = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let has_no_secret = matches!(credentials.redact(text.as_bytes()), std::borrow::Cow::Borrowed(_));
    (is_plain && has_no_secret && !text.is_empty()).then(|| text.to_owned())
}
