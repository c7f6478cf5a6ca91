//! Lists that come page by page.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::endpoint::Endpoint;
use crate::enums::Format;
use crate::request::format;
use crate::request::parameter::{Kind, ParamError, Parameter, Problem};
use crate::request::query::Query;
use crate::response::envelope::{DecodeError, decode_whole};

/// How few rows a page can have.
const FEWEST_ROWS: u32 = 1;
/// How many rows a page has where nothing else is asked for and all pages are wanted. What the API takes is not
/// documented, nor is a limit to it.
const ROWS: u32 = 100;

const LIMIT: Parameter =
    Parameter::new("limit", Kind::Integer { least: FEWEST_ROWS }, "How many rows a page has at most");
const OFFSET: Parameter = Parameter::new("offset", Kind::Integer { least: 0 }, "How many rows to skip");

/// An answer that is one page of a list.
pub trait Listing: DeserializeOwned {
    /// The path below the base URL.
    const PATH: &'static str;

    /// A row.
    type Item;

    /// The rows of the page.
    fn into_items(self) -> Vec<Self::Item>;

    /// What tells a row from every other.
    fn key(item: &Self::Item) -> &str;
}

/// What is asked of an endpoint that lists: [`AuthoritiesParams`](crate::AuthoritiesParams) and
/// [`LogsParams`](crate::LogsParams).
///
/// ```
/// use radar_ct_model::{Endpoint, LogsParams};
/// let params = LogsParams::new().limit(20).offset(40);
/// assert_eq!(format!("{}?{}", params.path(), params.prepare()?), "/radar/ct/logs?limit=20&offset=40");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub struct ListParams<L> {
    limit: Option<u32>,
    offset: Option<u32>,
    format: Option<Format>,
    of: PhantomData<fn() -> L>,
}

impl<L> ListParams<L> {
    /// The first page, as large as the API likes.
    pub fn new() -> Self {
        Self { limit: None, offset: None, format: None, of: PhantomData }
    }

    /// How many rows a page has at most, at least one: `limit`.
    pub fn limit(mut self, limit: impl Into<Option<u32>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// How many rows to skip: `offset`.
    pub fn offset(mut self, offset: impl Into<Option<u32>>) -> Self {
        self.offset = offset.into();
        self
    }

    /// Format of the answer: `format`. The call that returns CSV sets this by itself.
    pub fn format(mut self, format: impl Into<Format>) -> Self {
        self.format = Some(format.into()).filter(|format| !format.as_str().is_empty());
        self
    }

    /// The limit asked for, if any.
    pub fn asked_limit(&self) -> Option<u32> {
        self.limit
    }

    /// The offset asked for, if any.
    pub fn asked_offset(&self) -> Option<u32> {
        self.offset
    }

    /// The format asked for, if any.
    pub fn asked_format(&self) -> Option<&Format> {
        self.format.as_ref()
    }

    /// Every parameter, in the order in which they are written.
    pub fn parameters() -> impl Iterator<Item = Parameter> {
        [LIMIT, OFFSET, format::FORMAT].into_iter()
    }

    /// The rows of a page where all pages are wanted: what was asked for, or a hundred.
    pub fn page_size(&self) -> u32 {
        self.limit.unwrap_or(ROWS)
    }

    /// The query.
    pub fn to_query(&self) -> Query {
        let mut query = Query::new();
        for (parameter, value) in [(LIMIT, self.limit), (OFFSET, self.offset)] {
            if let Some(value) = value {
                query.add_shown(parameter.name, value);
            }
        }
        format::write(&mut query, self.format.as_ref());
        query
    }

    /// Reads a request back from a query. What the API does not know of lists is passed over.
    ///
    /// # Errors
    /// Where a value is no number, or a parameter is repeated.
    pub fn from_query(mut query: Query) -> Result<Self, ParamError> {
        let (limit, offset) = (query.take_integer(LIMIT)?, query.take_integer(OFFSET)?);
        let format = query.take_one(format::FORMAT.name)?.map(Format::from);
        Ok(Self { limit, offset, format, of: PhantomData })
    }

    /// Checks the documented rules.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        if let Some(limit) = self.limit.filter(|limit| *limit < FEWEST_ROWS) {
            let problem = Problem::NotInteger { value: limit.to_string().into(), least: FEWEST_ROWS };
            return Err(ParamError::new(LIMIT.name, problem));
        }
        format::check(self.format.as_ref())
    }
}

impl<L: Listing> Endpoint for ListParams<L> {
    type Answer = L;

    fn path(&self) -> String {
        L::PATH.to_owned()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.validate()?;
        format::refuse_csv(self.format.as_ref())?;
        Ok(self.to_query())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.validate()?;
        let mut query = self.to_query();
        format::ask_for_csv(&mut query, self.format.as_ref());
        Ok(query)
    }

    fn decode(&self, body: &[u8]) -> Result<L, DecodeError> {
        decode_whole(body)
    }
}

// Derived, these would ask the same of the answer, which is only named here.

impl<L> Default for ListParams<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L> Clone for ListParams<L> {
    fn clone(&self) -> Self {
        Self { limit: self.limit, offset: self.offset, format: self.format.clone(), of: PhantomData }
    }
}

impl<L> PartialEq for ListParams<L> {
    fn eq(&self, other: &Self) -> bool {
        (self.limit, self.offset, &self.format) == (other.limit, other.offset, &other.format)
    }
}

impl<L> fmt::Debug for ListParams<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListParams")
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .field("format", &self.format)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogsParams;

    #[test]
    fn what_is_asked_of_a_list_is_what_is_sent_and_told_apart() {
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
            let sent = one.to_query();
            let sent =
                |name| sent.pairs().find(|(other, _)| *other == name).map(|(_, value)| value.to_owned());
            assert_eq!(one.asked_limit().map(|limit| limit.to_string()), sent("limit"));
            assert_eq!(one.asked_offset().map(|offset| offset.to_string()), sent("offset"));
            assert_eq!(one.asked_format().map(|format| format.as_str().to_owned()), sent("format"));
            assert_eq!(Some(one.page_size()), one.asked_limit().or(Some(100)));
            let csv = one.prepare_csv().unwrap().to_string();
            assert_eq!(csv.to_lowercase().matches("format=csv").count(), 1, "{csv}");
            assert!(csv.starts_with(&one.to_query().to_string()), "{csv}");
        }
    }

    #[test]
    fn a_page_of_no_rows_is_refused_and_one_of_a_single_row_is_not() {
        let error = LogsParams::new().limit(0).validate().unwrap_err();
        assert_eq!(error.to_string(), "parameter `limit` cannot be `0`: it is a whole number, at least 1");
        assert_eq!(LogsParams::new().limit(1).offset(0).validate(), Ok(()));
    }
}
