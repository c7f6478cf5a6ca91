//! The request as endpoints see it.

use chrono::{DateTime, Utc};

use crate::data::world::World;

/// An authenticated request, and the data to answer it from.
pub(crate) struct RequestContext<'a> {
    /// The variable segment of the path, decoded; empty if the endpoint has none.
    pub(crate) path_argument: &'a str,
    /// The query, still encoded, without its `?`.
    pub(crate) query: &'a str,
    pub(crate) now: DateTime<Utc>,
    pub(crate) world: &'a World,
    /// The most points that an answer may have.
    pub(crate) max_points: usize,
}
