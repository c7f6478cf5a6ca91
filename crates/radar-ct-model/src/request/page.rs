//! Requests for a page of a list.

use std::borrow::Cow;
use std::fmt::Debug;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::format::{self, FORMAT};
use super::parameter::{Kind, Parameter};
use super::problem::ParamError;
use super::query::Query;
use super::table::{self, Row, row};
use crate::endpoint::Endpoint;
use crate::enums::Format;
use crate::response::envelope::{DecodeError, decode_whole};
use crate::response::record::Record;

/// The page size of [`ListParams::page_size`]. Neither a default nor a maximum of the API is documented.
const DEFAULT_PAGE_SIZE: u32 = 100;

const LIMIT: Parameter =
    Parameter::new("limit", Kind::Integer { min: 1 }, "Maximum number of rows of a page");
const OFFSET: Parameter = Parameter::new("offset", Kind::Integer { min: 0 }, "Number of rows to skip");

/// An answer that is a page of a list.
pub trait Listing: Clone + Debug + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The path below the base URL.
    const PATH: &'static str;

    /// The kind of record in the list.
    type Record: Record;

    /// Creates a page.
    fn from_records(records: Vec<Self::Record>) -> Self;

    /// Returns the records of the page.
    fn records(&self) -> &[Self::Record];

    /// Returns the records of the page, owned.
    fn into_records(self) -> Vec<Self::Record>;
}

/// Parameters of an endpoint that answers a page of a list.
///
/// Use it by its aliases: [`AuthoritiesParams`](crate::AuthoritiesParams) and
/// [`LogsParams`](crate::LogsParams).
///
/// ```
/// use radar_ct_model::{Endpoint, LogsParams};
/// let params = LogsParams::new().limit(20).offset(40);
/// assert_eq!(format!("{}?{}", params.path(), params.prepare()?), "/radar/ct/logs?limit=20&offset=40");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "a request does nothing until a client sends it"]
pub struct ListParams<L> {
    options: ListOptions,
    listing: PhantomData<fn() -> L>,
}

/// Options of a [`ListParams`].
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ListOptions {
    /// The maximum number of rows: `limit`.
    pub limit: Option<u32>,
    /// The number of rows to skip: `offset`.
    pub offset: Option<u32>,
    /// The format of the answer: `format`.
    pub format: Option<Format>,
}

const ROWS: &[Row<ListOptions>] =
    &[row!(limit: u32 = LIMIT), row!(offset: u32 = OFFSET), row!(format: Format = FORMAT)];

impl<L: Listing> ListParams<L> {
    /// Creates a request for the first page, in the API's default size.
    pub fn new() -> Self {
        Self { options: ListOptions::default(), listing: PhantomData }
    }

    /// Maximum number of rows, at least one (`limit`).
    pub fn limit(mut self, limit: impl Into<Option<u32>>) -> Self {
        self.options.limit = limit.into();
        self
    }

    /// Number of rows to skip (`offset`).
    pub fn offset(mut self, offset: impl Into<Option<u32>>) -> Self {
        self.options.offset = offset.into();
        self
    }

    /// Format of the answer (`format`). An empty text clears it; the call that returns CSV sets it.
    pub fn format(mut self, format: impl Into<Format>) -> Self {
        self.options.format = format::given(format);
        self
    }

    /// Returns the options.
    pub fn options(&self) -> &ListOptions {
        &self.options
    }

    /// Returns every parameter, in the order in which they are written.
    pub fn parameters() -> Vec<Parameter> {
        table::parameters(ROWS)
    }

    /// Returns the page size for a walk through all pages: the limit, or 100.
    pub fn page_size(&self) -> u32 {
        self.options.limit.unwrap_or(DEFAULT_PAGE_SIZE)
    }

    /// Returns whether the request asks for CSV.
    pub fn is_csv(&self) -> bool {
        self.options.format.as_ref().is_some_and(Format::is_csv)
    }

    /// Returns the query.
    pub fn to_query(&self) -> Query {
        let mut query = Query::new();
        table::write(ROWS, &self.options, &mut query);
        query
    }

    /// Reads a request from a query. Unknown parameters are ignored.
    ///
    /// # Errors
    /// Returns an error if a value is not a number, or if a parameter is repeated.
    pub fn from_query(mut query: Query) -> Result<Self, ParamError> {
        let mut params = Self::new();
        table::take(ROWS, &mut params.options, &mut query)?;
        Ok(params)
    }

    /// Checks the documented rules.
    ///
    /// # Errors
    /// Returns the first broken rule.
    pub fn validate(&self) -> Result<(), ParamError> {
        table::check(ROWS, &self.options)
    }
}

impl<L: Listing> Endpoint for ListParams<L> {
    type Answer = L;

    fn path(&self) -> Cow<'static, str> {
        L::PATH.into()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.validate()?;
        format::refuse_csv(self.options.format.as_ref())?;
        Ok(self.to_query())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.validate()?;
        let mut query = self.to_query();
        format::set_csv(&mut query, self.options.format.as_ref());
        Ok(query)
    }

    fn decode(&self, body: &[u8]) -> Result<L, DecodeError> {
        decode_whole(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogsParams;

    #[test]
    fn different_requests_differ_in_their_queries() {
        let all = [
            LogsParams::new(),
            LogsParams::new().limit(7),
            LogsParams::new().limit(100),
            LogsParams::new().offset(7),
            LogsParams::new().limit(7).offset(100),
            LogsParams::new().limit(7).format("csv"),
        ];
        for (index, one) in all.iter().enumerate() {
            for (other_index, other) in all.iter().enumerate() {
                assert_eq!(one == &other.clone(), index == other_index, "{one:?} and {other:?}");
            }
            let query = one.to_query();
            let sent =
                |name| query.pairs().find(|(other, _)| *other == name).map(|(_, value)| value.to_owned());
            let options = one.options();
            assert_eq!(options.limit.map(|limit| limit.to_string()), sent("limit"));
            assert_eq!(options.offset.map(|offset| offset.to_string()), sent("offset"));
            assert_eq!(options.format.as_ref().map(|format| format.as_str().to_owned()), sent("format"));
            assert_eq!(Some(one.page_size()), options.limit.or(Some(100)));
            let csv = one.prepare_csv().unwrap().to_string();
            assert_eq!(csv.to_lowercase().matches("format=csv").count(), 1, "{csv}");
            assert!(csv.starts_with(&one.to_query().to_string()), "{csv}");
        }
    }

    #[test]
    fn a_page_has_at_least_one_row() {
        let error = LogsParams::new().limit(0).validate().unwrap_err();
        assert_eq!(error.to_string(), "parameter `limit` cannot be `0`: it is a whole number, at least 1");
        assert_eq!(LogsParams::new().limit(1).offset(0).validate(), Ok(()));
    }
}
