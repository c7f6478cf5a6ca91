//! The endpoints: the router at the top, one path for all series, one for all lists.

mod authority_records;
mod columns;
pub(crate) mod context;
mod csv;
mod listing;
mod log_records;
mod plan;
pub(crate) mod router;
mod series;
mod series_query;
