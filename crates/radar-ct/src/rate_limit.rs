//! The rate limit that the server reports.

use std::time::Duration;

use http::HeaderMap;
use http::header::HeaderName;

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The rate limit that the server reports in the headers `Ratelimit` and `Ratelimit-Policy`.
///
/// Source: the API documentation, "Rate limits".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that remain.
    pub remaining: u64,
    /// The time from the response until the quota is reset.
    pub reset_after: Option<Duration>,
    /// The number of requests in a [`window`](Self::window).
    pub quota: Option<u64>,
    /// The period of the quota.
    pub window: Option<Duration>,
}

impl RateLimit {
    /// Parses `"default";r=50;t=30`, with `"default";q=100;w=60` as its policy.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let limit = headers.get(RATELIMIT)?.to_str().ok()?;
        let policy =
            headers.get(RATELIMIT_POLICY).and_then(|policy| policy.to_str().ok()).unwrap_or_default();
        Some(Self {
            remaining: parameter(limit, "r")?,
            reset_after: parameter(limit, "t").map(Duration::from_secs),
            quota: parameter(policy, "q"),
            window: parameter(policy, "w").map(Duration::from_secs),
        })
    }
}

/// Returns a parameter of the first member of a structured list.
fn parameter(text: &str, key: &str) -> Option<u64> {
    let first = text.split(',').next().unwrap_or_default();
    let mut members = first.split(';').filter_map(|member| member.trim().split_once('='));
    members.find(|(name, _)| *name == key)?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_limit_is_parsed_and_malformed_headers_are_ignored() {
        let parse = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("ratelimit", value.parse().unwrap());
            headers.insert("ratelimit-policy", "\"default\";q=100;w=60".parse().unwrap());
            RateLimit::from_headers(&headers)
        };
        let limit = parse("\"default\";r=50;t=30, \"burst\";r=9").unwrap();
        assert_eq!((limit.remaining, limit.reset_after), (50, Some(Duration::from_secs(30))));
        assert_eq!((limit.quota, limit.window), (Some(100), Some(Duration::from_secs(60))));
        assert_eq!(parse("\"default\"; r=7").unwrap().reset_after, None);
        for malformed in ["", "r", "\"d\";r=-1", "\"d\";r=999999999999999999999", "\"d\";t=5"] {
            assert_eq!(parse(malformed), None, "{malformed}");
        }
    }
}
