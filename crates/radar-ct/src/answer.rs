//! What came with an answer.

use http::HeaderMap;
use http::header::HeaderName;

use crate::credentials::Credentials;
use crate::rate_limit::RateLimit;

/// An answer, with what came along with it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The decoded answer.
    pub data: T,
    /// How many requests were made for it.
    pub attempts: u32,
    /// The `cf-ray` of the answer.
    pub ray_id: Option<String>,
    /// How many more requests are allowed, where the server says so.
    pub rate_limit: Option<RateLimit>,
}

const CF_RAY: HeaderName = HeaderName::from_static("cf-ray");

/// The `cf-ray`, if it looks like one.
pub(crate) fn ray_id(headers: &HeaderMap, credentials: &Credentials) -> Option<String> {
    let text = headers.get(CF_RAY)?.to_str().ok()?;
    let plain = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let harmless = matches!(credentials.redact(text.as_bytes()), std::borrow::Cow::Borrowed(_));
    (plain && harmless && !text.is_empty()).then(|| text.to_owned())
}
