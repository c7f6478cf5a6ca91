//! What ties a request to its answer.

use crate::request::parameter::ParamError;
use crate::request::query::Query;
use crate::response::envelope::DecodeError;
use crate::response::error_body::ErrorBody;
use crate::text::without_bom;

/// One endpoint of the API: where it is, what is asked, what is answered.
///
/// To add an endpoint, add one file to this crate that holds the parameters and the answer, and implement this trait
/// for the parameters. The clients need nothing but one method that names the type.
pub trait Endpoint {
    /// The decoded answer.
    type Answer;

    /// The path below the base URL, each segment encoded, beginning with `/`.
    fn path(&self) -> String;

    /// Checks the documented rules and writes the query of a call that ends in [`decode`](Self::decode).
    ///
    /// # Errors
    /// The first rule that is broken.
    fn prepare(&self) -> Result<Query, ParamError>;

    /// As [`prepare`](Self::prepare), for a call that ends in CSV.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn prepare_csv(&self) -> Result<Query, ParamError>;

    /// Decodes the body of an answer with a status of success.
    ///
    /// # Errors
    /// Where the body is cut off, is no JSON, says `success: false`, or breaks what the API promises.
    fn decode(&self, body: &[u8]) -> Result<Self::Answer, DecodeError>;
}

/// A request can be lent to a call.
impl<E: Endpoint + ?Sized> Endpoint for &E {
    type Answer = E::Answer;

    fn path(&self) -> String {
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

/// The same request, answered as CSV: the server's bytes, untouched.
///
/// The API's CSV cannot be decoded faithfully (its headers are changed beyond recovery), so it is passed through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csv<'a, E>(pub &'a E);

impl<E: Endpoint> Endpoint for Csv<'_, E> {
    type Answer = Vec<u8>;

    fn path(&self) -> String {
        self.0.path()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.0.prepare_csv()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.0.prepare_csv()
    }

    /// The bytes, unless they are plainly something else: nothing, a page, or the JSON of an error.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthorityParams, Dimension, LogParams, SummaryParams};

    /// All that a call makes of a request.
    fn said<E: Endpoint>(request: &E) -> (String, String, String) {
        let query = |query: Result<Query, ParamError>| query.unwrap().to_string();
        (request.path(), query(request.prepare()), query(request.prepare_csv()))
    }

    #[test]
    fn a_request_that_is_lent_is_the_same_request() {
        let request = SummaryParams::by(Dimension::Ca).tld("com");
        assert_eq!(
            said(&request),
            ("/radar/ct/summary/CA".into(), "tld=com".into(), "tld=com&format=CSV".into())
        );
        assert_eq!(said(&&request), said(&request));
        let body = br#"{"success":true,"result":{"summary_0":{"a":"1"}}}"#;
        assert_eq!(Endpoint::decode(&&request, body), request.decode(body));
        assert_eq!(request.decode(body).unwrap().series.len(), 1);
    }

    #[test]
    fn csv_is_asked_for_where_the_answer_is_not_to_be_decoded() {
        let request = SummaryParams::by(Dimension::Ca).tld("com");
        let (path, _, query) = said(&request);
        assert_eq!(said(&Csv(&request)), (path, query.clone(), query));
    }

    #[test]
    fn one_thing_is_asked_for_by_its_path_alone() {
        let log = LogParams::new("argon2026h1".parse().unwrap());
        assert_eq!(said(&log), ("/radar/ct/logs/argon2026h1".into(), String::new(), "format=CSV".into()));
        let authority = AuthorityParams::new("aB".repeat(32).parse().unwrap());
        let path = format!("/radar/ct/authorities/{}", "AB".repeat(32));
        assert_eq!(said(&authority), (path, String::new(), "format=CSV".into()));
    }
}
