//! The endpoints, one file each.

pub(crate) mod authorities;
mod groups;
mod listing;
pub(crate) mod logs;
mod series;
pub(crate) mod summary;
pub(crate) mod timeseries;
pub(crate) mod timeseries_groups;

use chrono::{DateTime, Utc};

use crate::world::World;

/// What an endpoint knows of a request that has been let through.
pub(crate) struct Asked<'a> {
    /// The query, still encoded, without its `?`.
    pub(crate) query: &'a str,
    pub(crate) now: DateTime<Utc>,
    pub(crate) world: &'a World,
    /// How many points an answer may have.
    pub(crate) max_points: usize,
}
