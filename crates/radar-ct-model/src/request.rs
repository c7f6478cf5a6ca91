//! Requests: parameters, their values, their rules, and the query they are written to.

pub(crate) mod date_range;
pub(crate) mod format;
pub(crate) mod grouping;
pub(crate) mod item;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod parameter;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod rules;
pub(crate) mod series_params;
pub(crate) mod series_request;
pub(crate) mod table;
