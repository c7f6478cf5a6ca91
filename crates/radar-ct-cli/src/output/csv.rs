//! Tidy CSV.

use std::io::{self, Write};

use super::Show;
use crate::failure::Failure;
use crate::screen;

pub(super) fn write(answer: &impl Show, out: &mut impl Write, to_terminal: bool) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(answer.header()).map_err(io_error)?;
    for row in answer.rows() {
        if to_terminal {
            rows.write_record(row.iter().map(|cell| screen::harmless_cell(cell))).map_err(io_error)?;
        } else {
            rows.write_record(row).map_err(io_error)?;
        }
    }
    Ok(rows.flush()?)
}

/// The fault of the writer beneath, as it was, so that a reader who has left is still recognised.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Cannot be: every row has as many cells as the header.
        other => io::Error::other(format!("{other:?}")),
    }
}
