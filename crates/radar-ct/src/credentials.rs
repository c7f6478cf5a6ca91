//! Who is asking.

use std::borrow::Cow;
use std::fmt;

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::environment::text_of;
use crate::error::Error;

const API_TOKEN: &str = "CLOUDFLARE_API_TOKEN";
const API_EMAIL: &str = "CLOUDFLARE_EMAIL";
const API_KEY: &str = "CLOUDFLARE_API_KEY";

const X_AUTH_EMAIL: HeaderName = HeaderName::from_static("x-auth-email");
const X_AUTH_KEY: HeaderName = HeaderName::from_static("x-auth-key");

/// A secret shorter than this is not looked for in what a server says: it would be found everywhere.
const SHORTEST_REDACTED: usize = 4;
const REDACTED: &str = "[redacted]";

/// Who is asking: an API token, or an email address with the global API key.
///
/// Checked when made, so that a stray newline is found here and not by the server. Never shown: `Debug` redacts, no
/// error holds it, and it is sent over TLS or to loopback only.
#[derive(Clone)]
pub struct Credentials {
    kind: Kind,
    /// As they are sent; made once, and shared by all requests.
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Clone)]
enum Kind {
    Token(String),
    Key { email: String, key: String },
}

impl Credentials {
    /// An API token: the way that Cloudflare recommends, since a token can be limited to reading Radar.
    ///
    /// # Errors
    /// Where the token is empty or holds anything but visible ASCII characters.
    pub fn token(token: impl Into<String>) -> Result<Self, Error> {
        let token = token.into();
        check("the API token", &token)?;
        Self::new(Kind::Token(token))
    }

    /// An email address and the global API key.
    ///
    /// # Errors
    /// Where either is empty or holds anything but visible ASCII characters, or the address has no `@`.
    pub fn email_and_key(email: impl Into<String>, key: impl Into<String>) -> Result<Self, Error> {
        let (email, key) = (email.into(), key.into());
        check("the email address", &email)?;
        check("the global API key", &key)?;
        if !email.contains('@') {
            return Err(Error::configuration("the email address of the credentials has no `@`"));
        }
        Self::new(Kind::Key { email, key })
    }

    /// From the standard environment variables: `CLOUDFLARE_API_TOKEN`, or `CLOUDFLARE_EMAIL` with
    /// `CLOUDFLARE_API_KEY`. The token is preferred; an empty variable counts as none.
    ///
    /// # Errors
    /// Where neither is there, only half of the second is, or what is there cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Result<Self, Error> {
        let read = |name: &str| text_of(name, &variable);
        if let Some(token) = read(API_TOKEN)? {
            return Self::token(token);
        }
        match (read(API_EMAIL)?, read(API_KEY)?) {
            (Some(email), Some(key)) => Self::email_and_key(email, key),
            (Some(_), None) => Err(Error::configuration(format!(
                "{API_EMAIL} is set, but {API_KEY} is not: set both, or {API_TOKEN}"
            ))),
            (None, Some(_)) => Err(Error::configuration(format!(
                "{API_KEY} is set, but {API_EMAIL} is not: set both, or {API_TOKEN}"
            ))),
            (None, None) => Err(Error::configuration(format!(
                "there are no credentials: set {API_TOKEN}, or {API_EMAIL} and {API_KEY}"
            ))),
        }
    }

    fn new(kind: Kind) -> Result<Self, Error> {
        let header = |name: HeaderName, value: &str| {
            // Checked before; the error is for what that check may ever miss.
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| Error::configuration("the credentials cannot be written as a header"))?;
            value.set_sensitive(true);
            Ok((name, value))
        };
        let headers = match &kind {
            Kind::Token(token) => vec![header(AUTHORIZATION, &format!("Bearer {token}"))?],
            Kind::Key { email, key } => vec![header(X_AUTH_EMAIL, email)?, header(X_AUTH_KEY, key)?],
        };
        Ok(Self { kind, headers })
    }

    /// Puts the headers into a request, marked as sensitive.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
    }

    /// What a server says, without the credentials that it may repeat.
    pub(crate) fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let secrets: &[&String] = match &self.kind {
            Kind::Token(token) => &[token],
            Kind::Key { email, key } => &[key, email],
        };
        secrets.iter().fold(Cow::Borrowed(text), |text, secret| match replace(&text, secret.as_bytes()) {
            Some(replaced) => Cow::Owned(replaced),
            None => text,
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Token(_) => "Credentials::Token([redacted])",
            Kind::Key { .. } => "Credentials::EmailAndKey([redacted])",
        })
    }
}

/// The text with every occurrence of a secret replaced, however JSON may spell it; `None` where there is none.
fn replace(text: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let first = *secret.first().filter(|_| secret.len() >= SHORTEST_REDACTED)?;
    // As itself or as an escape; nowhere else is there anything to compare.
    let may_begin = |byte: &u8| *byte == first || *byte == b'\\';
    let mut replaced: Option<Vec<u8>> = None;
    let (mut rest, mut kept) = (text, 0);
    while let Some(passed) = rest.get(kept..).and_then(|from| from.iter().position(may_begin)) {
        kept += passed;
        let from = rest.get(kept..).unwrap_or_default();
        if let Some(length) = spelled(from, secret) {
            let out = replaced.get_or_insert_default();
            out.extend_from_slice(rest.get(..kept).unwrap_or_default());
            out.extend_from_slice(REDACTED.as_bytes());
            rest = from.get(length..).unwrap_or_default();
            kept = 0;
        } else {
            kept += 1;
        }
    }
    let mut out = replaced?;
    out.extend_from_slice(rest);
    Some(out)
}

/// How many bytes a secret takes at the beginning of a text, if it stands there. JSON may write any of its characters
/// as an escape (RFC 8259, section 7), and whoever parses that finds the secret.
fn spelled(text: &[u8], secret: &[u8]) -> Option<usize> {
    let mut rest = text;
    for byte in secret {
        rest = match rest {
            [b'\\', b'u', b'0', b'0', high, low, after @ ..] if is_hex_of(*byte, *high, *low) => after,
            [b'\\', escaped, after @ ..] if escaped == byte && b"\"\\/".contains(byte) => after,
            [plain, after @ ..] if plain == byte => after,
            _ => return None,
        };
    }
    Some(text.len() - rest.len())
}

fn is_hex_of(byte: u8, high: u8, low: u8) -> bool {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    digit(high).zip(digit(low)).is_some_and(|(high, low)| high * 16 + low == u32::from(byte))
}

/// A header can carry it, and so can the API: not empty, and visible ASCII alone.
fn check(what: &str, secret: &str) -> Result<(), Error> {
    if secret.is_empty() {
        return Err(Error::configuration(format!("{what} is empty")));
    }
    let Some(position) = secret.bytes().position(|byte| !byte.is_ascii_graphic()) else { return Ok(()) };
    let found = match secret.as_bytes().get(position) {
        Some(b'\n' | b'\r') => "a line break",
        Some(b' ' | b'\t') => "white space",
        Some(0..=31 | 127) => "a control character",
        _ => "a character outside ASCII",
    };
    let reason =
        format!("{what} holds {found} at position {position}: copy it again, without anything around it");
    Err(Error::configuration(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<Credentials, Error> {
        Credentials::from_variables(|name| {
            pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).into())
        })
    }

    fn headers(credentials: &Credentials) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        credentials.write(&mut headers);
        assert!(headers.values().all(HeaderValue::is_sensitive));
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
    }

    #[test]
    fn the_token_is_preferred_and_empty_is_none() {
        let both = from(&[(API_TOKEN, "tokn"), (API_EMAIL, "a@b"), (API_KEY, "key")]).unwrap();
        assert_eq!(headers(&both), [("authorization".to_owned(), "Bearer tokn".to_owned())]);
        let key = from(&[(API_TOKEN, ""), (API_EMAIL, "a@b"), (API_KEY, "key1")]).unwrap();
        assert_eq!(headers(&key).len(), 2);
        assert!(from(&[]).unwrap_err().to_string().contains(API_TOKEN));
        assert!(from(&[(API_EMAIL, "a@b")]).unwrap_err().to_string().contains("CLOUDFLARE_API_KEY is not"));
    }

    #[test]
    fn what_no_header_can_carry_is_refused_without_being_shown() {
        for secret in ["s3cr3t\n", "s3cr3t value", "", "s3cr\u{e9}t", "\u{7f}s3cr"] {
            let error = Credentials::token(secret).unwrap_err();
            assert!(error.is_usage(), "{secret:?}");
            assert!(!format!("{error} {error:?}").contains("s3cr"), "{error:?}");
        }
        assert!(Credentials::email_and_key("nobody", "key").is_err());
    }

    #[test]
    fn nothing_shows_them() {
        let credentials = Credentials::email_and_key("me@example.com", "k3y-k3y").unwrap();
        assert!(!format!("{credentials:?}").contains("k3y"));
        let echoed = credentials.redact(b"bad key k3y-k3y, k3y-k3y of me@example.com!");
        assert_eq!(&*echoed, b"bad key [redacted], [redacted] of [redacted]!");
        assert!(matches!(credentials.redact(b"nothing here"), Cow::Borrowed(_)));
    }

    #[test]
    fn spelling_them_as_json_may_shows_them_no_more() {
        let credentials = Credentials::email_and_key("me@example.com", "k3y/k\\3\"y<").unwrap();
        for spelled in [
            r#"k3y/k\3"y<"#,
            r#"k3y\/k\\3\"y\u003c"#,
            r"\u006b\u0033\u0079\u002F\u006b\u005c\u0033\u0022y\u003C",
        ] {
            let text = format!("a{spelled}b\\u003");
            assert_eq!(&*credentials.redact(text.as_bytes()), b"a[redacted]b\\u003", "{text}");
        }
        for other in [r"k3y/k\\4", r"\u006b\u0033\u007", r"k3y\u002g", "k3y"] {
            assert!(matches!(credentials.redact(other.as_bytes()), Cow::Borrowed(_)), "{other}");
        }
    }
}
