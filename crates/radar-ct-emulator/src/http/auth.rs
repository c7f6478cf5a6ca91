//! Authentication by an API token, or by an email address with a global API key.

use std::hash::{DefaultHasher, Hash, Hasher};

use hyper::header::{AUTHORIZATION, HeaderMap};

use crate::reply::Reply;
use crate::token::is_well_formed;

const EMAIL: &str = "x-auth-email";
const KEY: &str = "x-auth-key";

/// A hash that identifies a credential without revealing it.
pub(crate) type CredentialId = u64;

/// Accepts or refuses credentials.
pub(crate) struct Authenticator {
    /// The only token to accept; `None` accepts every well-formed credential.
    token: Option<String>,
}

impl Authenticator {
    pub(crate) fn new(token: Option<String>) -> Self {
        Self { token }
    }

    /// Returns the credential of a request. A token takes precedence over an email address with a key.
    ///
    /// # Errors
    /// Returns the API's answer if the credential is missing, malformed or not accepted.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<CredentialId, Reply> {
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
            // Status and code of a well-formed credential that is not accepted are assumptions; the answers
            // to malformed ones are recorded.
            return Err(Reply::error(401, 10000, "Authentication error"));
        }
        let mut hasher = DefaultHasher::new();
        (token, pair).hash(&mut hasher);
        Ok(hasher.finish())
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && is_well_formed(token)).then_some(token)
}

fn email_and_key(headers: &HeaderMap) -> Result<(&[u8], &str), Reply> {
    // One without the other is answered as if both were missing: an assumption.
    let (Some(email), Some(key)) = (headers.get(EMAIL), headers.get(KEY)) else {
        return Err(Reply::error(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"));
    };
    if !email.as_bytes().contains(&b'@') {
        return Err(malformed(6102, "Invalid format for X-Auth-Email header"));
    }
    let key = key.to_str().ok().filter(|key| is_well_formed(key));
    Ok((email.as_bytes(), key.ok_or_else(|| malformed(6103, "Invalid format for X-Auth-Key header"))?))
}

/// Returns the answer to a malformed credential: status 400, as recorded, instead of the expected 401.
fn malformed(code: u32, message: &str) -> Reply {
    Reply::error_with_cause(400, (6003, "Invalid request headers"), (code, message))
}
