//! What the server says of its rate limit.

use std::time::Duration;

use http::HeaderMap;
use http::header::HeaderName;

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How many more requests are allowed: the headers `Ratelimit` and `Ratelimit-Policy`.
///
/// Source: the API documentation, "Rate limits".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests that are left.
    pub remaining: u64,
    /// When there will be more, from the answer on.
    pub reset_after: Option<Duration>,
    /// How many requests there are in a [`window`](Self::window).
    pub quota: Option<u64>,
    /// The time that the quota is for.
    pub window: Option<Duration>,
}

impl RateLimit {
    /// Reads `"default";r=50;t=30`, and `"default";q=100;w=60` beside it.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let limit = headers.get(RATELIMIT)?.to_str().ok()?;
        let policy =
            headers.get(RATELIMIT_POLICY).and_then(|policy| policy.to_str().ok()).unwrap_or_default();
        Some(Self {
            remaining: number(limit, "r")?,
            reset_after: number(limit, "t").map(Duration::from_secs),
            quota: number(policy, "q"),
            window: number(policy, "w").map(Duration::from_secs),
        })
    }
}

/// A parameter of the first member of a list.
fn number(text: &str, key: &str) -> Option<u64> {
    let first = text.split(',').next().unwrap_or_default();
    let mut members = first.split(';').filter_map(|member| member.trim().split_once('='));
    members.find(|(name, _)| *name == key)?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_limit_is_read_and_garbage_is_none() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("ratelimit", value.parse().unwrap());
            headers.insert("ratelimit-policy", "\"default\";q=100;w=60".parse().unwrap());
            RateLimit::read(&headers)
        };
        let limit = read("\"default\";r=50;t=30, \"burst\";r=9").unwrap();
        assert_eq!((limit.remaining, limit.reset_after), (50, Some(Duration::from_secs(30))));
        assert_eq!((limit.quota, limit.window), (Some(100), Some(Duration::from_secs(60))));
        assert_eq!(read("\"default\"; r=7").unwrap().reset_after, None);
        for garbage in ["", "r", "\"d\";r=-1", "\"d\";r=999999999999999999999", "\"d\";t=5"] {
            assert_eq!(read(garbage), None, "{garbage}");
        }
    }
}
