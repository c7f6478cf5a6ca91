//! Output: every answer in every format.

pub(crate) mod append;
mod cell;
pub(crate) mod format;
mod picture;
pub(crate) mod records;
pub(crate) mod render;
pub(crate) mod rows;
mod series;
mod table;
pub(crate) mod write;
