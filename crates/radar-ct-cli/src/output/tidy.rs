//! The tidy form: one row for each value, as CSV or as one JSON object on each line.

use std::collections::HashMap;
use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};

use super::Show;
use crate::failure::Failure;
use crate::screen;

/// A cell of a tidy row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Time(DateTime<Utc>),
    /// Nothing, where a value is missing.
    Number(Option<f64>),
    /// A number that is written with a point, whole or not.
    Fraction(f64),
}

impl Cell {
    /// As it stands in a column that has fractions: a number is seen to be one that can have them, since readers settle for
    /// the type of the first rows.
    fn of_fractions(self) -> Self {
        match self {
            Self::Number(Some(value)) => Self::Fraction(value),
            other => other,
        }
    }

    /// As it stands in CSV: an empty cell where a value is missing.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Time(at) => at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            Self::Number(value) => value.map(|value| value.to_string()).unwrap_or_default(),
            Self::Fraction(value) if value.fract() == 0.0 => format!("{value}.0"),
            Self::Fraction(value) => value.to_string(),
        }
    }

    /// As it stands in JSON: a number as a number, null where a value is missing.
    fn json(&self) -> serde_json::Result<String> {
        match self {
            Self::Number(None) => Ok("null".to_owned()),
            // The shortest decimal text of a finite number is JSON, and whole numbers look whole.
            Self::Number(Some(_)) | Self::Fraction(_) => Ok(self.text()),
            Self::Text(_) | Self::Time(_) => serde_json::to_string(&self.text()),
        }
    }
}

/// A tidy form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tidy {
    Csv,
    Ndjson,
}

impl Tidy {
    /// What files of the form are called, behind the dot.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// Writes an answer where no terminal is.
    pub(crate) fn write(self, answer: &impl Show, out: &mut impl Write) -> Result<(), Failure> {
        match self {
            Self::Csv => csv(answer, out, false),
            Self::Ndjson => ndjson(answer, out),
        }
    }
}

/// The rows, their numbers of one look.
fn rows(answer: &impl Show) -> impl Iterator<Item = Vec<Cell>> {
    let has_fractions = answer.has_fractions();
    answer.rows().map(
        move |row| {
            if has_fractions { row.into_iter().map(Cell::of_fractions).collect() } else { row }
        },
    )
}

/// CSV, under a header.
pub(super) fn csv(answer: &impl Show, out: &mut impl Write, to_terminal: bool) -> Result<(), Failure> {
    csv_rows(Some(answer.header()), rows(answer), out, to_terminal)
}

fn csv_rows(
    header: Option<&[&str]>,
    rows: impl Iterator<Item = Vec<Cell>>,
    out: &mut impl Write,
    to_terminal: bool,
) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    if let Some(header) = header {
        csv.write_record(header).map_err(io_error)?;
    }
    for row in rows {
        let cells = row.iter().map(Cell::text);
        if to_terminal {
            csv.write_record(cells.map(|cell| screen::harmless_cell(&cell))).map_err(io_error)?;
        } else {
            csv.write_record(cells).map_err(io_error)?;
        }
    }
    Ok(csv.flush()?)
}

/// Writes the rows of answer after answer, each point once: when it is there for the first time.
pub(crate) struct Appender {
    tidy: Tidy,
    has_begun: bool,
    /// The last point that was written, of each series or group.
    last: HashMap<Vec<String>, DateTime<Utc>>,
}

impl Appender {
    pub(crate) fn new(tidy: Tidy) -> Self {
        Self { tidy, has_begun: false, last: HashMap::new() }
    }

    pub(crate) fn write(
        &mut self,
        answer: &impl Show,
        out: &mut impl Write,
        to_terminal: bool,
    ) -> Result<(), Failure> {
        let mut last = self.last.clone();
        let mut new = Vec::new();
        for row in rows(answer) {
            let (of, at) = key(&row);
            if at <= self.last.get(&of).copied() {
                continue;
            }
            if let Some(at) = at {
                let last = last.entry(of).or_insert(at);
                *last = at.max(*last);
            }
            new.push(row);
        }
        match self.tidy {
            Tidy::Csv => {
                let header = (!self.has_begun).then_some(answer.header());
                csv_rows(header, new.into_iter(), out, to_terminal)?;
            }
            Tidy::Ndjson => new.iter().try_for_each(|row| ndjson_row(answer.header(), row, out))?,
        }
        (self.last, self.has_begun) = (last, true);
        Ok(())
    }
}

/// Which series or group a row is of, and when.
fn key(row: &[Cell]) -> (Vec<String>, Option<DateTime<Utc>>) {
    let (mut of, mut at) = (Vec::new(), None);
    for cell in row {
        match cell {
            Cell::Text(text) => of.push(text.clone()),
            Cell::Time(time) => at = Some(*time),
            Cell::Number(_) | Cell::Fraction(_) => {}
        }
    }
    (of, at)
}

/// An object for each row, each on a line of its own.
pub(super) fn ndjson(answer: &impl Show, out: &mut impl Write) -> Result<(), Failure> {
    for row in rows(answer) {
        ndjson_row(answer.header(), &row, out)?;
    }
    Ok(())
}

/// One row, as a line.
pub(super) fn ndjson_row(header: &[&str], row: &[Cell], out: &mut impl Write) -> Result<(), Failure> {
    let mut line = String::new();
    for (name, cell) in header.iter().zip(row) {
        line.push(if line.is_empty() { '{' } else { ',' });
        line.push_str(&serde_json::to_string(name).map_err(io::Error::from)?);
        line.push(':');
        line.push_str(&cell.json().map_err(io::Error::from)?);
    }
    line.push_str("}\n");
    Ok(screen::write_json(out, &line)?)
}

/// The fault of the writer beneath, as it was, so that a reader who has left is still recognised.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Cannot be: every row has as many cells as the header.
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_object_with_numbers_as_numbers() {
        let cells = [
            Cell::Text("a\"b\u{1b}\n".to_owned()),
            Cell::Time("2026-01-01T00:00:00Z".parse().unwrap()),
            Cell::Number(Some(412.0)),
            Cell::Number(None),
            Cell::Number(Some(1.4e-5)),
        ];
        let mut out = Vec::new();
        ndjson_row(&["s", "t", "v", "w", "x"], &cells, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"s\":\"a\\\"b\\u001b\\n\",\"t\":\"2026-01-01T00:00:00Z\",\"v\":412,\"w\":null,\"x\":0.000014}\n"
        );
    }
}
