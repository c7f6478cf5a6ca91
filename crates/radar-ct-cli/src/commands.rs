//! The commands: each file defines one and runs it.

mod call;
pub(crate) mod completions;
pub(crate) mod endpoint;
mod examples;
pub(crate) mod export;
mod item;
mod list;
pub(crate) mod man;
mod series;
mod table;
