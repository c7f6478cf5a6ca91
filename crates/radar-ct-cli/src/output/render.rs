//! The trait of answers that can be written.

use std::io::{self, Write};

use super::format::RowFormat;
use super::table::Table;
use crate::chart::Picture;

/// An answer that can be written in every format.
pub(crate) trait Render {
    /// Returns the API's `result`.
    fn json(&self) -> serde_json::Result<String>;

    /// Writes a row for each value or record.
    fn write_rows(&self, format: RowFormat, out: &mut dyn Write, to_terminal: bool) -> io::Result<()>;

    /// Returns a table for reading.
    fn table(&self) -> Table<'_>;

    /// Returns a chart, if the answer can be drawn. `request` completes its title.
    fn picture(&self, _request: &str) -> Option<Picture> {
        None
    }
}
