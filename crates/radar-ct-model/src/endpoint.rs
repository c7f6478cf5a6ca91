//! The trait that ties a request to its answer.

use std::borrow::Cow;

use crate::request::problem::ParamError;
use crate::request::query::{Query, encode_path_segment};
use crate::response::envelope::DecodeError;
use crate::response::error_body::ErrorBody;
use crate::text::without_bom;

/// A request, and the answer to it.
///
/// Implement the trait to send a request of your own with the client's retries, deadline and errors.
///
/// ```
/// use std::borrow::Cow;
/// use radar_ct_model::{DecodeError, Endpoint, ParamError, Query};
///
/// /// `GET /radar/annotations`, with its answer undecoded.
/// struct Annotations;
///
/// impl Endpoint for Annotations {
///     type Answer = Vec<u8>;
///
///     fn path(&self) -> Cow<'static, str> {
///         "/radar/annotations".into()
///     }
///
///     fn prepare(&self) -> Result<Query, ParamError> {
///         Ok(Query::parse("limit=10")?)
///     }
///
///     fn prepare_csv(&self) -> Result<Query, ParamError> {
///         Ok(Query::parse("limit=10&format=CSV")?)
///     }
///
///     fn decode(&self, body: &[u8]) -> Result<Vec<u8>, DecodeError> {
///         Ok(body.to_vec())
///     }
/// }
/// ```
pub trait Endpoint {
    /// The decoded answer.
    type Answer;

    /// Returns the path below the base URL: it starts with `/`, and each segment is percent-encoded.
    fn path(&self) -> Cow<'static, str>;

    /// Checks the documented rules and returns the query of a call that decodes JSON.
    ///
    /// # Errors
    /// Returns the first broken rule.
    fn prepare(&self) -> Result<Query, ParamError>;

    /// Checks the documented rules and returns the query of a call that returns CSV.
    ///
    /// # Errors
    /// Returns the first broken rule.
    fn prepare_csv(&self) -> Result<Query, ParamError>;

    /// Decodes the body of a successful response.
    ///
    /// # Errors
    /// Returns an error if the body is cut off, is not JSON, reports `success: false`, or breaks a promise of
    /// the API.
    fn decode(&self, body: &[u8]) -> Result<Self::Answer, DecodeError>;
}

/// Lends a request to a call.
impl<E: Endpoint + ?Sized> Endpoint for &E {
    type Answer = E::Answer;

    fn path(&self) -> Cow<'static, str> {
        (**self).path()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        (**self).prepare()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        (**self).prepare_csv()
    }

    fn decode(&self, body: &[u8]) -> Result<Self::Answer, DecodeError> {
        (**self).decode(body)
    }
}

/// The same request, answered in CSV: the server's bytes, unchanged.
///
/// The API mangles the headers of its CSV beyond recovery, so that it cannot be decoded faithfully.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csv<'a, E>(pub &'a E);

impl<E: Endpoint> Endpoint for Csv<'_, E> {
    type Answer = Vec<u8>;

    fn path(&self) -> Cow<'static, str> {
        self.0.path()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.0.prepare_csv()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.0.prepare_csv()
    }

    /// Returns the bytes, unless they are plainly not CSV: nothing, an HTML page, or the JSON of an error.
    fn decode(&self, body: &[u8]) -> Result<Vec<u8>, DecodeError> {
        let start = without_bom(body).trim_ascii_start();
        match start.first() {
            None => Err(DecodeError::empty()),
            Some(b'<' | b'{') => match ErrorBody::parse(body) {
                found if found.is_text() => Ok(body.to_vec()),
                found => Err(DecodeError::not_csv(found)),
            },
            Some(_) => Ok(body.to_vec()),
        }
    }
}

/// Puts a value into the variable segment of a path such as `/radar/ct/logs/{log_slug}`.
pub(crate) fn fill_path(path: &'static str, segment: Option<&str>) -> Cow<'static, str> {
    let Some(segment) = segment else { return path.into() };
    let before = path.split('{').next().unwrap_or_default();
    // A value that cannot be a segment breaks a rule, so the call is refused before the path is used.
    format!("{before}{}", encode_path_segment(segment).unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthorityParams, Dimension, LogParams, SummaryParams};

    /// The path and both queries of a request.
    fn parts<E: Endpoint>(request: &E) -> (String, String, String) {
        let query = |query: Result<Query, ParamError>| query.unwrap().to_string();
        (request.path().into_owned(), query(request.prepare()), query(request.prepare_csv()))
    }

    #[test]
    fn a_reference_is_the_same_request() {
        let request = SummaryParams::by(Dimension::Ca).tld("com");
        assert_eq!(
            parts(&request),
            ("/radar/ct/summary/CA".into(), "tld=com".into(), "tld=com&format=CSV".into())
        );
        assert_eq!(parts(&&request), parts(&request));
        let body = br#"{"success":true,"result":{"summary_0":{"a":"1"}}}"#;
        assert_eq!(Endpoint::decode(&&request, body), request.decode(body));
        assert_eq!(request.decode(body).unwrap().series.len(), 1);
    }

    #[test]
    fn csv_always_requests_csv() {
        let request = SummaryParams::by(Dimension::Ca).tld("com");
        let (path, _, query) = parts(&request);
        assert_eq!(parts(&Csv(&request)), (path, query.clone(), query));
    }

    #[test]
    fn an_item_is_requested_by_its_path_alone() {
        let log = LogParams::new("argon2026h1".parse().unwrap());
        assert_eq!(parts(&log), ("/radar/ct/logs/argon2026h1".into(), String::new(), "format=CSV".into()));
        let authority = AuthorityParams::new("aB".repeat(32).parse().unwrap());
        let path = format!("/radar/ct/authorities/{}", "AB".repeat(32));
        assert_eq!(parts(&authority), (path, String::new(), "format=CSV".into()));
    }
}
