//! Credentials of the API, their headers, and their redaction.

use std::borrow::Cow;
use std::fmt;

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::environment::env_text;
use crate::error::Error;
use crate::redact::redact;

const X_AUTH_EMAIL: HeaderName = HeaderName::from_static("x-auth-email");
const X_AUTH_KEY: HeaderName = HeaderName::from_static("x-auth-key");

/// Credentials of the API: an API token, or an email address with the global API key.
///
/// They are validated when they are created, so that a stray newline is found here and not by the server.
/// They are never shown: `Debug` redacts them, no error contains them, and they are sent over TLS or to
/// loopback only.
#[derive(Clone)]
pub struct Credentials {
    kind: Kind,
    /// The headers, which are created once and shared by all requests.
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Clone)]
enum Kind {
    Token(String),
    EmailAndKey { email: String, key: String },
}

impl Credentials {
    /// The environment variable of the API token: `CLOUDFLARE_API_TOKEN`.
    pub const TOKEN_VARIABLE: &str = "CLOUDFLARE_API_TOKEN";

    /// The environment variable of the email address: `CLOUDFLARE_EMAIL`.
    pub const EMAIL_VARIABLE: &str = "CLOUDFLARE_EMAIL";

    /// The environment variable of the global API key: `CLOUDFLARE_API_KEY`.
    pub const KEY_VARIABLE: &str = "CLOUDFLARE_API_KEY";

    /// Creates credentials from an API token. Cloudflare recommends tokens, since a token can be limited to
    /// reading Radar.
    ///
    /// # Errors
    /// Returns an error if the token is empty or contains anything but visible ASCII characters.
    pub fn token(token: impl Into<String>) -> Result<Self, Error> {
        let token = token.into();
        validate("the API token", &token)?;
        Self::new(Kind::Token(token))
    }

    /// Creates credentials from an email address and the global API key.
    ///
    /// # Errors
    /// Returns an error if either is empty or contains anything but visible ASCII characters, or if the
    /// address has no `@`.
    pub fn email_and_key(email: impl Into<String>, key: impl Into<String>) -> Result<Self, Error> {
        let (email, key) = (email.into(), key.into());
        validate("the email address", &email)?;
        validate("the global API key", &key)?;
        if !email.contains('@') {
            return Err(Error::configuration("the email address of the credentials has no `@`"));
        }
        Self::new(Kind::EmailAndKey { email, key })
    }

    /// Reads the credentials from the environment: [`TOKEN_VARIABLE`](Self::TOKEN_VARIABLE), or
    /// [`EMAIL_VARIABLE`](Self::EMAIL_VARIABLE) with [`KEY_VARIABLE`](Self::KEY_VARIABLE). The token takes
    /// precedence; an empty variable counts as unset.
    ///
    /// # Errors
    /// Returns an error if the variables are unset, only one of the pair is set, or a value is invalid.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Result<Self, Error> {
        const TOKEN: &str = Credentials::TOKEN_VARIABLE;
        const EMAIL: &str = Credentials::EMAIL_VARIABLE;
        const KEY: &str = Credentials::KEY_VARIABLE;
        let read = |name: &str| env_text(name, &variable);
        if let Some(token) = read(TOKEN)? {
            return Self::token(token);
        }
        match (read(EMAIL)?, read(KEY)?) {
            (Some(email), Some(key)) => Self::email_and_key(email, key),
            (Some(_), None) => {
                Err(Error::configuration(format!("{EMAIL} is set, but {KEY} is not: set both, or {TOKEN}")))
            }
            (None, Some(_)) => {
                Err(Error::configuration(format!("{KEY} is set, but {EMAIL} is not: set both, or {TOKEN}")))
            }
            (None, None) => Err(Error::configuration(format!(
                "there are no credentials: set {TOKEN}, or {EMAIL} and {KEY}"
            ))),
        }
    }

    fn new(kind: Kind) -> Result<Self, Error> {
        let header = |name: HeaderName, value: &str| {
            // `validate` is stricter than this, so the error is for a mistake in there.
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| Error::configuration("the credentials cannot be written as a header"))?;
            value.set_sensitive(true);
            Ok::<_, Error>((name, value))
        };
        let headers = match &kind {
            Kind::Token(token) => vec![header(AUTHORIZATION, &format!("Bearer {token}"))?],
            Kind::EmailAndKey { email, key } => {
                vec![header(X_AUTH_EMAIL, email)?, header(X_AUTH_KEY, key)?]
            }
        };
        Ok(Self { kind, headers })
    }

    /// Adds the headers to a request, marked as sensitive.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
    }

    /// Redacts the credentials in a text from a server, which may repeat them.
    pub(crate) fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let secrets: &[&String] = match &self.kind {
            Kind::Token(token) => &[token],
            Kind::EmailAndKey { email, key } => &[key, email],
        };
        secrets.iter().fold(Cow::Borrowed(text), |text, secret| match redact(&text, secret.as_bytes()) {
            Some(redacted) => Cow::Owned(redacted),
            None => text,
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Token(_) => "Credentials::Token([redacted])",
            Kind::EmailAndKey { .. } => "Credentials::EmailAndKey([redacted])",
        })
    }
}

/// Checks that a secret is not empty and consists of visible ASCII characters. The error does not show it.
fn validate(name: &str, secret: &str) -> Result<(), Error> {
    if secret.is_empty() {
        return Err(Error::configuration(format!("{name} is empty")));
    }
    let Some(position) = secret.bytes().position(|byte| !byte.is_ascii_graphic()) else { return Ok(()) };
    let found = match secret.as_bytes().get(position) {
        Some(b'\n' | b'\r') => "a line break",
        Some(b' ' | b'\t') => "white space",
        Some(0..=31 | 127) => "a control character",
        _ => "a character outside ASCII",
    };
    let reason =
        format!("{name} contains {found} at byte {position}: copy it again, without anything around it");
    Err(Error::configuration(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = Credentials::TOKEN_VARIABLE;
    const EMAIL: &str = Credentials::EMAIL_VARIABLE;
    const KEY: &str = Credentials::KEY_VARIABLE;

    fn from_pairs(pairs: &[(&str, &str)]) -> Result<Credentials, Error> {
        Credentials::from_variables(|name| {
            pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).into())
        })
    }

    fn headers(credentials: &Credentials) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        credentials.add_to(&mut headers);
        assert!(headers.values().all(HeaderValue::is_sensitive));
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
    }

    #[test]
    fn the_token_takes_precedence_and_empty_variables_are_unset() {
        let both = from_pairs(&[(TOKEN, "tokn"), (EMAIL, "a@b"), (KEY, "key")]).unwrap();
        assert_eq!(headers(&both), [("authorization".to_owned(), "Bearer tokn".to_owned())]);
        let key = from_pairs(&[(TOKEN, ""), (EMAIL, "a@b"), (KEY, "key1")]).unwrap();
        assert_eq!(headers(&key).len(), 2);
        assert!(from_pairs(&[]).unwrap_err().to_string().contains("CLOUDFLARE_API_TOKEN"));
        let error = from_pairs(&[(EMAIL, "a@b")]).unwrap_err();
        assert!(error.to_string().contains("CLOUDFLARE_API_KEY is not"));
    }

    #[test]
    fn invalid_secrets_are_refused_without_being_shown() {
        for secret in ["s3cr3t\n", "s3cr3t value", "", "s3cr\u{e9}t", "\u{7f}s3cr"] {
            let error = Credentials::token(secret).unwrap_err();
            assert!(error.is_usage(), "{secret:?}");
            assert!(!format!("{error} {error:?}").contains("s3cr"), "{error:?}");
        }
        assert!(Credentials::email_and_key("nobody", "key").is_err());
    }

    #[test]
    fn debug_and_redact_hide_the_secrets() {
        let credentials = Credentials::email_and_key("me@example.com", "k3y-k3y").unwrap();
        assert!(!format!("{credentials:?}").contains("k3y"));
        let echoed = credentials.redact(b"bad key k3y-k3y, k3y-k3y of me@example.com!");
        assert_eq!(&*echoed, b"bad key [redacted], [redacted] of [redacted]!");
        assert!(matches!(credentials.redact(b"nothing here"), Cow::Borrowed(_)));
    }
}
