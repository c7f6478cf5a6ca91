//! Rows of cells as CSV and as newline-delimited JSON.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use radar_ct::sanitize;

use super::format::RowFormat;
use crate::terminal;

/// A cell of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'c> {
    Text(Cow<'c, str>),
    Time(DateTime<Utc>),
    Number {
        /// `None` is a missing value, which is not zero.
        value: Option<f64>,
        /// Writes a whole number with a decimal point, for readers that take the type of a column from its
        /// first rows.
        with_point: bool,
    },
}

impl Cell<'_> {
    /// Appends the cell as plain text.
    fn write_text(&self, text: &mut String) {
        // Writing to a string does not fail.
        let _ = match self {
            Self::Text(value) => text.write_str(value),
            Self::Time(at) => text.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::Number { value: None, .. } => Ok(()),
            Self::Number { value: Some(value), with_point: true } if value.fract() == 0.0 => {
                write!(text, "{value}.0")
            }
            Self::Number { value: Some(value), .. } => write!(text, "{value}"),
        };
    }

    /// Appends the cell as JSON. The shortest decimal text of a finite number is JSON, too.
    fn write_json(&self, json: &mut String) -> serde_json::Result<()> {
        match self {
            Self::Number { value: None, .. } => json.push_str("null"),
            Self::Number { .. } => self.write_text(json),
            Self::Text(value) => json.push_str(&serde_json::to_string(value)?),
            Self::Time(_) => {
                json.push('"');
                self.write_text(json);
                json.push('"');
            }
        }
        Ok(())
    }
}

/// Writes rows, and a header above them if the format has one.
pub(super) fn write_rows<'c, R: IntoIterator<Item = Cell<'c>>>(
    format: RowFormat,
    header: Header<'_>,
    rows: impl Iterator<Item = R>,
    out: &mut dyn Write,
    to_terminal: bool,
) -> io::Result<()> {
    match format {
        RowFormat::Csv => write_csv(header, rows, out, to_terminal),
        RowFormat::Ndjson => write_ndjson(header, rows, out),
    }
}

/// The names of the columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'h> {
    pub(super) names: &'h [&'h str],
    /// Leaves the header out of formats that have one, to continue rows that were written before.
    pub(super) is_written: bool,
}

fn write_csv<'c, R: IntoIterator<Item = Cell<'c>>>(
    header: Header<'_>,
    rows: impl Iterator<Item = R>,
    out: &mut dyn Write,
    to_terminal: bool,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    if !header.is_written {
        csv.write_record(header.names).map_err(io_error)?;
    }
    // One buffer for all cells, since an answer can have millions of them.
    let mut text = String::new();
    for row in rows {
        for cell in row {
            text.clear();
            cell.write_text(&mut text);
            if to_terminal {
                csv.write_field(sanitize::line(&text).as_bytes()).map_err(io_error)?;
            } else {
                csv.write_field(&text).map_err(io_error)?;
            }
        }
        csv.write_record(None::<&[u8]>).map_err(io_error)?;
    }
    csv.flush()
}

fn write_ndjson<'c, R: IntoIterator<Item = Cell<'c>>>(
    header: Header<'_>,
    rows: impl Iterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let names: Vec<String> =
        header.names.iter().map(serde_json::to_string).collect::<serde_json::Result<_>>()?;
    let mut line = String::new();
    for row in rows {
        line.clear();
        for (name, cell) in names.iter().zip(row) {
            line.push(if line.is_empty() { '{' } else { ',' });
            line.push_str(name);
            line.push(':');
            cell.write_json(&mut line)?;
        }
        line.push_str("}\n");
        terminal::write_json(out, &line)?;
    }
    Ok(())
}

/// Returns the error of the writer below, so that a closed pipe is recognised.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: Option<f64>, with_point: bool) -> Cell<'static> {
        Cell::Number { value, with_point }
    }

    fn written(format: RowFormat, to_terminal: bool) -> String {
        let cells = [
            Cell::Text("a\"b\u{1b}\n".into()),
            Cell::Time("2026-01-01T00:00:00Z".parse().unwrap()),
            number(Some(412.0), false),
            number(Some(412.0), true),
            number(None, true),
            number(Some(1.4e-5), true),
        ];
        let header = Header { names: &["s", "t", "v", "w", "x", "y"], is_written: true };
        let mut out = Vec::new();
        write_rows(format, header, [cells].into_iter(), &mut out, to_terminal).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_row_is_one_json_object_with_numbers_as_numbers() {
        assert_eq!(
            written(RowFormat::Ndjson, false),
            "{\"s\":\"a\\\"b\\u001b\\n\",\"t\":\"2026-01-01T00:00:00Z\",\"v\":412,\"w\":412.0,\"x\":null,\"y\":0.000014}\n"
        );
    }

    #[test]
    fn a_row_is_one_csv_record_with_empty_cells_for_missing_values() {
        let numbers = "2026-01-01T00:00:00Z,412,412.0,,0.000014\n";
        assert_eq!(written(RowFormat::Csv, false), format!("\"a\"\"b\u{1b}\n\",{numbers}"));
        assert_eq!(written(RowFormat::Csv, true), format!("\"a\"\"b\\u{{1b}}\\n\",{numbers}"));
    }
}
