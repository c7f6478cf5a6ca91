//! The envelope around every answer, and the errors of decoding one.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeSeed;
use serde_json::value::RawValue;

use crate::response::de::AnObject;
use crate::response::error_body::ErrorBody;
use crate::text::{shorten, without_bom};

/// An error in a body: its kind, a description and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    detail: String,
    series: Option<String>,
    index: Option<usize>,
    byte: Option<usize>,
}

/// The kinds of [`DecodeError`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The API reports a failure: `success: false`, or the body of an error in an answer with a status of
    /// success.
    Api(ErrorBody),
    /// The body ends in the middle of the answer.
    CutOff,
    /// The body is empty.
    Empty,
    /// The body is not JSON, or not CSV if CSV was requested.
    NotJson,
    /// The JSON does not have the documented shape.
    Shape,
    /// The answer is valid, but does not have the series that the caller needs.
    Series,
}

impl DecodeError {
    fn new(kind: DecodeErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), series: None, index: None, byte: None }
    }

    pub(crate) fn empty() -> Self {
        Self::new(DecodeErrorKind::Empty, "the body is empty")
    }

    /// Creates the error for a valid answer without the series that the caller needs. The detail is a sentence.
    pub(crate) fn missing_series(detail: impl Into<String>) -> Self {
        Self::new(DecodeErrorKind::Series, detail)
    }

    pub(crate) fn shape(detail: impl Into<String>) -> Self {
        Self::new(DecodeErrorKind::Shape, detail)
    }

    pub(crate) fn not_csv(found: ErrorBody) -> Self {
        if found.is_api_error() {
            return Self::new(DecodeErrorKind::Api(found), "");
        }
        Self::new(DecodeErrorKind::NotJson, format!("CSV was requested, but the body is {}", found.shape()))
    }

    fn at_byte(self, byte: usize) -> Self {
        Self { byte: Some(byte), ..self }
    }

    /// The kind of the error.
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.kind
    }

    /// The failure that the API reports, if the kind is [`DecodeErrorKind::Api`].
    pub fn api(&self) -> Option<&ErrorBody> {
        match &self.kind {
            DecodeErrorKind::Api(body) => Some(body),
            _ => None,
        }
    }

    /// The label of the series that has the error, if it is in one.
    pub fn series(&self) -> Option<&str> {
        self.series.as_deref()
    }

    /// The index of the value or timestamp within its column, from 0.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// The offset in the body in bytes, from 0.
    pub fn byte(&self) -> Option<usize> {
        self.byte
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DecodeErrorKind::Api(body) => return write!(f, "the API answered with an error: {body}"),
            DecodeErrorKind::CutOff => f.write_str("the answer is cut off: ")?,
            DecodeErrorKind::Empty => f.write_str("the answer is empty: ")?,
            DecodeErrorKind::NotJson => f.write_str("the answer is not in the requested format: ")?,
            DecodeErrorKind::Shape => f.write_str("the answer does not have the documented shape: ")?,
            DecodeErrorKind::Series => {}
        }
        if let Some(series) = &self.series {
            write!(f, "series `{}`: ", shorten(series).escape_debug())?;
        }
        f.write_str(&self.detail)?;
        if let Some(byte) = self.byte {
            write!(f, " (at byte {byte})")?;
        }
        Ok(())
    }
}

impl std::error::Error for DecodeError {}

/// The place that the visitors have reached, for the error that one of them may return.
#[derive(Debug, Default)]
pub(crate) struct Place {
    series: RefCell<Option<String>>,
    index: Cell<Option<usize>>,
}

impl Place {
    pub(crate) fn enter_series(&self, label: &str) {
        *self.series.borrow_mut() = Some(label.to_owned());
        self.index.set(None);
    }

    pub(crate) fn leave_series(&self) {
        *self.series.borrow_mut() = None;
        self.index.set(None);
    }

    pub(crate) fn at(&self, index: impl Into<Option<usize>>) {
        self.index.set(index.into());
    }
}

#[derive(serde::Deserialize)]
struct Envelope<'a> {
    success: Option<bool>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

/// Opens the envelope of a body and decodes its `result` with a seed.
///
/// # Errors
/// Returns an error if the body is not an answer; see [`DecodeErrorKind`].
pub(crate) fn decode_result<'de, S>(
    body: &'de [u8],
    seed: impl FnOnce(&'de Place) -> S,
    place: &'de Place,
) -> Result<S::Value, DecodeError>
where
    S: DeserializeSeed<'de>,
{
    let text = readable(body)?;
    let envelope: Envelope<'_> = serde_json::from_str(text)
        .map_err(|error| explain(&error, text, text_offset(body, text), &Place::default()))?;
    if envelope.success == Some(false) {
        return Err(DecodeError::new(DecodeErrorKind::Api(ErrorBody::parse(body)), ""));
    }
    let Some(result) = envelope.result else {
        let found = ErrorBody::parse(body);
        return Err(if found.is_api_error() {
            DecodeError::new(DecodeErrorKind::Api(found), "")
        } else {
            DecodeError::shape("`result` is missing or null")
        });
    };
    let text = result.get();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    seed(place)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| explain(&error, text, text_offset(body, text), place))
}

/// Opens the envelope of a body and decodes its `result` as a `T`, which must be an object.
///
/// # Errors
/// Returns an error if the body is not an answer; see [`DecodeErrorKind`].
pub(crate) fn decode_whole<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let AnObject(whole) = decode_result(body, |_| PhantomData::<AnObject<T>>, &Place::default())?;
    Ok(whole)
}

/// Returns the body as text that begins with an object, without what surrounds it.
fn readable(body: &[u8]) -> Result<&str, DecodeError> {
    let bytes = without_bom(body).trim_ascii();
    if bytes.is_empty() {
        return Err(DecodeError::empty());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let byte = body.len().saturating_sub(body.trim_ascii_end().len());
        let at = (body.len() - byte - bytes.len()) + error.valid_up_to();
        match error.error_len() {
            // The body ends within a character, so it is cut off rather than malformed.
            None => DecodeError::new(DecodeErrorKind::CutOff, "it ends within a character").at_byte(at),
            Some(_) => DecodeError::new(DecodeErrorKind::NotJson, "it is not UTF-8").at_byte(at),
        }
    })?;
    if text.starts_with('{') {
        return Ok(text);
    }
    let found = ErrorBody::parse(body);
    Err(DecodeError::new(DecodeErrorKind::NotJson, format!("the body is {}", found.shape_in_words())))
}

/// The offset of a part of the body in bytes.
fn text_offset(body: &[u8], part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(body.as_ptr() as usize)
}

/// Converts an error of the parser: its place in bytes, and the series that the visitors had reached.
fn explain(error: &serde_json::Error, text: &str, offset: usize, place: &Place) -> DecodeError {
    let lines_before: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let byte = offset + lines_before + error.column().saturating_sub(1);
    let (kind, detail) = match error.classify() {
        serde_json::error::Category::Eof => (DecodeErrorKind::CutOff, "the JSON ends too early".to_owned()),
        serde_json::error::Category::Data => (DecodeErrorKind::Shape, without_place(error)),
        serde_json::error::Category::Syntax if ends_within_number(error, text, lines_before) => {
            (DecodeErrorKind::CutOff, "it ends within a number".to_owned())
        }
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            (DecodeErrorKind::NotJson, format!("the JSON is malformed: {}", without_place(error)))
        }
    };
    DecodeError {
        kind,
        detail,
        series: place.series.borrow().clone(),
        index: place.index.get(),
        byte: Some(byte),
    }
}

/// Returns whether the text ends within a number, which the parser reports as an invalid number and not as an
/// early end.
fn ends_within_number(error: &serde_json::Error, text: &str, lines_before: usize) -> bool {
    lines_before + error.column() >= text.len()
        && text.ends_with(['-', '+', '.', 'e', 'E'])
        && without_place(error) == "invalid number"
}

/// The message of the parser without line and column, which are useless for a body of one line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let words = text.rfind(" at line ").and_then(|end| text.get(..end)).unwrap_or(&text);
    // The message can quote a text of any length before the part that states what was expected.
    match words.rfind(", expected ").map(|at| words.split_at(at)) {
        Some((found, expected)) => format!("{}{}", shorten(found), shorten(expected)),
        None => shorten(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timeseries;

    fn error(body: &[u8]) -> DecodeError {
        Timeseries::from_slice(body).unwrap_err()
    }

    #[test]
    fn invalid_utf8_is_reported_at_its_offset() {
        let text = r#"{"success":true,"result":"#;
        for (before, after) in [("", ""), ("\u{feff}", ""), (" \n", ""), ("", "\r\n   "), ("\u{feff} ", " ")]
        {
            for (wrong, kind) in
                [(&b"\xFF"[..], DecodeErrorKind::NotJson), (b"\xE2\x82", DecodeErrorKind::CutOff)]
            {
                let body = [before.as_bytes(), text.as_bytes(), wrong, after.as_bytes()].concat();
                let error = error(&body);
                assert_eq!(
                    (error.kind(), error.byte()),
                    (&kind, Some(before.len() + text.len())),
                    "{body:?}"
                );
            }
        }
    }

    #[test]
    fn an_end_within_a_number_is_cut_off_and_a_malformed_number_is_not_json() {
        for text in [r#"{"new":-"#, r#"{"new":1."#, r#"{"new":1e"#, r#"{"new":1E-"#, "{\n\n\"new\":1e+"] {
            assert_eq!(error(text.as_bytes()).kind(), &DecodeErrorKind::CutOff, "{text}");
        }
        for text in [r#"{"new":1]"#, r#"{"new":-]"#, r#"{"new":1.}"#, r#"{"new":e"#, "{\n\"new\":1-"] {
            assert_eq!(error(text.as_bytes()).kind(), &DecodeErrorKind::NotJson, "{text}");
        }
    }

    #[test]
    fn a_body_of_another_format_is_named_and_quoted() {
        for (body, words) in [
            ("<html><title>502\nBad gateway</title>", "the body is an HTML page: 502 Bad gateway"),
            ("<html>", "the body is an HTML page"),
            ("error code: 520", "the body is plain text: error code: 520"),
            ("[1]", "the body is JSON of another shape"),
        ] {
            let expected = format!("the answer is not in the requested format: {words}");
            assert_eq!(error(body.as_bytes()).to_string(), expected);
        }
    }
}
