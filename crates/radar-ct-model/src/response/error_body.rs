//! The bodies of errors, in every shape that the API and the proxies before it send.

use std::fmt;

use serde_json::Value;

use crate::sanitize;
use crate::text::{MAX_SHOWN, shorten, shorten_to, without_bom};

/// The longest body that is parsed as JSON, in bytes. No error is that long, and a parsed one takes a
/// multiple of it.
const LONGEST_PARSED: usize = 1 << 20;
/// The number of errors that are kept, including their causes, and so the depth to which a chain of causes is
/// followed.
const MOST_ERRORS: usize = 16;

/// An error as the body of a response describes it.
///
/// ```
/// use radar_ct_model::{ErrorBody, ErrorShape};
/// let body = ErrorBody::parse(br#"{"success":false,"errors":[{"code":7003,"message":"No route"}],"result":null}"#);
/// assert_eq!(body.shape(), ErrorShape::Envelope);
/// assert_eq!(body.code(), Some(7003));
/// assert_eq!(ErrorBody::parse(br#"{"error":"Not Found"}"#).to_string(), "Not Found");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorBody {
    shape: ErrorShape,
    errors: Vec<ApiMessage>,
}

/// The shapes of [`ErrorBody`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorShape {
    /// The API's envelope: `{"success":false,"errors":[…]}`, with or without codes.
    Envelope,
    /// `{"error":"Not Found"}`, as Radar answers for an unknown CA or log.
    Bare,
    /// An HTML page.
    Page,
    /// Other text, such as `error code: 520`, or bytes that are not text.
    Text,
    /// JSON of another shape.
    Json,
    /// An empty body.
    Empty,
}

impl fmt::Display for ErrorShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Envelope => "an API envelope",
            Self::Bare => "an error object",
            Self::Page => "an HTML page",
            Self::Text => "plain text",
            Self::Json => "JSON of another shape",
            Self::Empty => "empty",
        })
    }
}

/// One error of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiMessage {
    /// The code, if there is one. Radar documents 1015, 2000, 2001, 2002 and 7003.
    pub code: Option<i64>,
    /// The message, unescaped and shortened only if it is very long.
    pub message: String,
    /// The causes (`error_chain`).
    pub chain: Vec<ApiMessage>,
}

/// Writes a single line. [Unsafe characters](crate::sanitize) are escaped here, not in
/// [`message`](ApiMessage::message).
impl fmt::Display for ApiMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            f.write_str("no message")?;
        } else {
            write!(f, "{}", sanitize::line(&self.message))?;
        }
        if let Some(code) = self.code {
            write!(f, " (code {code})")?;
        }
        for cause in &self.chain {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl ErrorBody {
    /// Reads a body of any shape. It never fails: a body of an unknown shape is kept as text.
    pub fn parse(body: &[u8]) -> Self {
        let trimmed = without_bom(body).trim_ascii();
        if trimmed.is_empty() {
            return Self { shape: ErrorShape::Empty, errors: Vec::new() };
        }
        let parsed =
            if trimmed.len() <= LONGEST_PARSED { serde_json::from_slice(trimmed).ok() } else { None };
        match parsed {
            Some(value) => Self::from_json(&value),
            None => Self::from_text(trimmed),
        }
    }

    fn from_json(value: &Value) -> Self {
        let mut left = MOST_ERRORS;
        let envelope = value.get("success").is_some() || value.get("errors").is_some();
        if let (false, Some(error)) = (envelope, value.get("error")) {
            return Self {
                shape: ErrorShape::Bare,
                errors: ApiMessage::kept(std::slice::from_ref(error), &mut left),
            };
        }
        let errors = ApiMessage::list(value.get("errors"), &mut left);
        Self { shape: if envelope { ErrorShape::Envelope } else { ErrorShape::Json }, errors }
    }

    fn from_text(bytes: &[u8]) -> Self {
        // A page can be long, and only its title is shown. The cut can split a character, so the conversion
        // is lossy.
        let head = bytes.get(..bytes.len().min(16 << 10)).unwrap_or(bytes);
        let text = String::from_utf8_lossy(head);
        let is_page = text.starts_with('<');
        let message = if is_page { title(&text).unwrap_or_default() } else { text.into_owned() };
        let errors = vec![ApiMessage { code: None, message: shorten(&message), chain: Vec::new() }];
        Self { shape: if is_page { ErrorShape::Page } else { ErrorShape::Text }, errors }
    }

    /// The shape of the body.
    pub fn shape(&self) -> ErrorShape {
        self.shape
    }

    /// The errors, in order.
    pub fn errors(&self) -> &[ApiMessage] {
        &self.errors
    }

    /// The first code, causes not included.
    pub fn code(&self) -> Option<i64> {
        self.errors.iter().find_map(|error| error.code)
    }

    /// Returns whether an error or one of its causes has this code.
    pub fn has_code(&self, code: i64) -> bool {
        fn any(messages: &[ApiMessage], code: i64) -> bool {
            messages.iter().any(|message| message.code == Some(code) || any(&message.chain, code))
        }
        any(&self.errors, code)
    }

    /// Returns whether the body is an error of the API, and not of a proxy before it.
    pub(crate) fn is_api_error(&self) -> bool {
        matches!(self.shape, ErrorShape::Envelope | ErrorShape::Bare)
    }

    pub(crate) fn is_text(&self) -> bool {
        self.shape == ErrorShape::Text
    }

    /// The shape, and the first message.
    pub(crate) fn shape_in_words(&self) -> String {
        match self.errors.first() {
            Some(error) if !error.message.is_empty() => {
                format!("{}: {}", self.shape, sanitize::line(&error.message))
            }
            _ => self.shape.to_string(),
        }
    }
}

impl fmt::Display for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.errors.is_empty() {
            return f.write_str("no reason given");
        }
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl ApiMessage {
    fn list(value: Option<&Value>, left: &mut usize) -> Vec<Self> {
        let listed = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self::kept(listed, left)
    }

    /// Keeps as many errors as `left` allows, and then their causes.
    fn kept(errors: &[Value], left: &mut usize) -> Vec<Self> {
        let errors = errors.get(..errors.len().min(*left)).unwrap_or_default();
        // Siblings come first, so that a long chain of the first does not displace the second.
        *left -= errors.len();
        errors.iter().map(|error| Self::from_json(error, left)).collect()
    }

    fn from_json(value: &Value, left: &mut usize) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => shorten_to(text, 10 * MAX_SHOWN),
            other => shorten(&other.to_string()),
        };
        if !value.is_object() {
            return Self { code: None, message: text(value), chain: Vec::new() };
        }
        let code = value.get("code").and_then(|code| match code {
            Value::String(digits) => digits.parse().ok(),
            other => other.as_i64(),
        });
        let message = value.get("message").filter(|message| !message.is_null()).map(text).unwrap_or_default();
        Self { code, message, chain: Self::list(value.get("error_chain"), left) }
    }
}

/// The content of the `title` element.
fn title(page: &str) -> Option<String> {
    // ASCII lowercase does not move any byte, so the offsets hold in the original.
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    page.get(start..end).map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_recognised() {
        let table: &[(&str, ErrorShape, Option<i64>, &str)] = &[
            (
                r#"{"success":false,"errors":[{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}],"messages":[],"result":null}"#,
                ErrorShape::Envelope,
                Some(6003),
                "Invalid request headers (code 6003): Invalid format for Authorization header (code 6111)",
            ),
            (
                r#"{"result":{},"success":false,"errors":[{"message":"bad dateRange"}]}"#,
                ErrorShape::Envelope,
                None,
                "bad dateRange",
            ),
            (r#"{"error":"Not Found"}"#, ErrorShape::Bare, None, "Not Found"),
            (
                "<!DOCTYPE html><html><head><Title>api | 502:\n Bad gateway</title>",
                ErrorShape::Page,
                None,
                "api | 502: Bad gateway",
            ),
            ("error code: 520", ErrorShape::Text, None, "error code: 520"),
            ("", ErrorShape::Empty, None, "no reason given"),
            ("[1]", ErrorShape::Json, None, "no reason given"),
            (r#"{"success":false,"errors":null}"#, ErrorShape::Envelope, None, "no reason given"),
            (
                r#"{"success":false,"errors":["odd",{"code":"1015"}]}"#,
                ErrorShape::Envelope,
                Some(1015),
                "odd; no message (code 1015)",
            ),
        ];
        for (body, shape, code, text) in table {
            let parsed = ErrorBody::parse(body.as_bytes());
            assert_eq!(
                (parsed.shape(), parsed.code(), parsed.to_string().as_str()),
                (*shape, *code, *text),
                "{body}"
            );
        }
    }

    #[test]
    fn has_code_searches_causes() {
        let body = br#"{"success":false,"errors":[{"code":6003,"message":"","error_chain":[{"code":6103,"message":""}]}]}"#;
        let parsed = ErrorBody::parse(body);
        assert!(parsed.has_code(6103) && parsed.has_code(6003) && !parsed.has_code(1));
    }

    #[test]
    fn siblings_are_kept_before_causes_up_to_the_limit() {
        let cause = r#"{"code":2,"message":"why"}"#;
        let error = format!(r#"{{"code":1,"message":"what","error_chain":[{}]}}"#, [cause; 20].join(","));
        let body = format!(r#"{{"errors":[{}]}}"#, [error.as_str(); 3].join(","));
        let kept = ErrorBody::parse(body.as_bytes());
        let causes: Vec<_> = kept.errors().iter().map(|error| error.chain.len()).collect();
        assert_eq!(causes, [MOST_ERRORS - 3, 0, 0]);
    }

    #[test]
    fn display_escapes_unsafe_characters() {
        let body = "{\"error\":\"a\\nb\u{85}c\u{2028}d\u{202e}e\u{2066}f e\u{301} 'g'\"}";
        let shown = ErrorBody::parse(body.as_bytes()).to_string();
        assert_eq!(shown, "a\\nb\\u{85}c\\u{2028}d\\u{202e}e\\u{2066}f e\u{301} 'g'");
    }

    #[test]
    fn messages_and_text_are_shortened() {
        let message = |body: &str| ErrorBody::parse(body.as_bytes()).errors()[0].message.chars().count();
        let of_json = |length: usize| message(&format!(r#"{{"error":"{}"}}"#, "é".repeat(length)));
        let of_text = |length: usize| message(&"é".repeat(length));
        // The ellipsis counts as a character.
        assert_eq!([2000, 2001, 9000].map(of_json), [2000, 2001, 2001]);
        assert_eq!([200, 201, 9000].map(of_text), [200, 201, 201]);
        assert!(ErrorBody::parse("x".repeat(201).as_bytes()).to_string().ends_with("x…"));
        assert!(!ErrorBody::parse("x".repeat(200).as_bytes()).to_string().ends_with('…'));
    }

    #[test]
    fn long_and_deeply_nested_bodies_are_not_parsed() {
        let deep = format!(r#"{{"errors":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(ErrorBody::parse(deep.as_bytes()).shape(), ErrorShape::Text);
        let long = "x".repeat(2 << 20);
        assert!(ErrorBody::parse(long.as_bytes()).to_string().len() < 1000);
    }
}
