//! The endpoints, one file each.

pub(crate) mod authorities;
pub(crate) mod logs;
pub(crate) mod summary;
pub(crate) mod timeseries;
pub(crate) mod timeseries_groups;
