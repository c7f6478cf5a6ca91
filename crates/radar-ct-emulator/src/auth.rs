//! Credentials: an API token, or an email address with a global key.

use std::hash::{DefaultHasher, Hash, Hasher};

use hyper::header::{AUTHORIZATION, HeaderMap};

use crate::reply::Reply;

const EMAIL: &str = "x-auth-email";
const KEY: &str = "x-auth-key";

/// Who is let through.
pub(crate) struct Guard {
    /// The only token that is good, if not every one is.
    token: Option<String>,
}

impl Guard {
    pub(crate) fn new(token: Option<String>) -> Self {
        Self { token }
    }

    /// Lets a request through and says whose it is, by a number that does not give the credential away.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<u64, Reply> {
        let token = match headers.get(AUTHORIZATION) {
            Some(value) => Some(
                value
                    .to_str()
                    .ok()
                    .and_then(bearer)
                    .ok_or_else(|| malformed(6111, "Invalid format for Authorization header"))?,
            ),
            None => None,
        };
        let pair = if token.is_none() { Some(email_and_key(headers)?) } else { None };
        if self.token.is_some() && self.token.as_deref() != token {
            // Well-formed but not good. That it is this status and code is an assumption; a malformed credential, whose
            // answers are recorded, is another matter.
            return Err(Reply::failure(401, 10000, "Authentication error"));
        }
        let mut hasher = DefaultHasher::new();
        (token, pair).hash(&mut hasher);
        Ok(hasher.finish())
    }
}

/// Whether a token or key can be one: visible ASCII. How long a real one is does not matter here.
pub(crate) fn is_well_formed(secret: &str) -> bool {
    !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic())
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && is_well_formed(token)).then_some(token)
}

fn email_and_key(headers: &HeaderMap) -> Result<(&[u8], &str), Reply> {
    // One without the other is answered as neither; an assumption.
    let (Some(email), Some(key)) = (headers.get(EMAIL), headers.get(KEY)) else {
        return Err(Reply::failure(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"));
    };
    if !email.as_bytes().contains(&b'@') {
        return Err(malformed(6102, "Invalid format for X-Auth-Email header"));
    }
    let key = key.to_str().ok().filter(|key| is_well_formed(key));
    Ok((email.as_bytes(), key.ok_or_else(|| malformed(6103, "Invalid format for X-Auth-Key header"))?))
}

/// Status 400, as recorded, where one would expect 401.
fn malformed(code: u32, message: &str) -> Reply {
    Reply::failure_because(400, (6003, "Invalid request headers"), (code, message))
}
