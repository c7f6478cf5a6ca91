//! Tidy CSV: one row per point.

use std::io::{self, Write};

use chrono::SecondsFormat;
use radar_ct::Timeseries;

use crate::failure::Failure;
use crate::screen;

pub(super) fn write(answer: &Timeseries, out: &mut impl Write, to_terminal: bool) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(["series", "timestamp", "value"]).map_err(io_error)?;
    for series in &answer.series {
        let name = if to_terminal { screen::harmless_cell(series.name()) } else { series.name().to_owned() };
        for (at, value) in series.points() {
            let at = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            rows.write_record([&name, &at, &value]).map_err(io_error)?;
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
