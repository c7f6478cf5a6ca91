//! Requests for one record by its key.

use std::borrow::Cow;
use std::fmt::Debug;
use std::str::FromStr;

use super::format::{self, FORMAT};
use super::parameter::Parameter;
use super::problem::{ParamError, Problem};
use super::query::Query;
use crate::endpoint::{Endpoint, fill_path};
use crate::response::envelope::DecodeError;
use crate::response::record::{Record, decode_member};

/// The key of a record: the variable segment of the path of its endpoint.
pub trait ItemKey: Clone + Debug + PartialEq + AsRef<str> + FromStr<Err = Problem> {
    /// The path below the base URL, its variable segment in braces.
    const PATH: &'static str;

    /// The variable segment of the path.
    const PARAMETER: Parameter;

    /// The word for the key in help and messages, such as `fingerprint`.
    const NOUN: &'static str;

    /// The member of the result that holds the record.
    const MEMBER: &'static str;

    /// The kind of record.
    type Record: Record;
}

/// Parameters of an endpoint that answers one record.
///
/// Use it by its aliases: [`AuthorityParams`](crate::AuthorityParams) and [`LogParams`](crate::LogParams).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use = "a request does nothing until a client sends it"]
pub struct ItemParams<K> {
    key: K,
}

impl<K: ItemKey> ItemParams<K> {
    /// Creates a request for the record with that key.
    pub fn new(key: K) -> Self {
        Self { key }
    }

    /// Returns the key.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// Returns every parameter of the query.
    pub fn parameters() -> Vec<Parameter> {
        vec![FORMAT]
    }
}

impl<K: ItemKey> Endpoint for ItemParams<K> {
    type Answer = K::Record;

    fn path(&self) -> Cow<'static, str> {
        fill_path(K::PATH, Some(self.key.as_ref()))
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        Ok(Query::new())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        let mut query = Query::new();
        format::set_csv(&mut query, None);
        Ok(query)
    }

    fn decode(&self, body: &[u8]) -> Result<K::Record, DecodeError> {
        decode_member(body, K::MEMBER)
    }
}
