//! Rows of one answer after another, each written once.

use std::collections::HashMap;
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use radar_ct::SeriesAnswer;
use radar_ct::endpoints::SeriesView;

use super::cell::{Header, write_rows};
use super::format::RowFormat;
use super::rows::{Row, has_fractions, header, rows};

/// Writes the points of each answer that are newer than those written before.
pub(crate) struct Appender {
    format: RowFormat,
    has_header: bool,
    newest: Newest,
}

impl Appender {
    pub(crate) fn new(format: RowFormat) -> Self {
        Self { format, has_header: false, newest: Newest::default() }
    }

    pub(crate) fn write<T: SeriesView>(
        &mut self,
        answer: &SeriesAnswer<T>,
        out: &mut dyn Write,
        to_terminal: bool,
    ) -> io::Result<()> {
        let header = Header { names: header::<T>(), is_written: self.has_header };
        let with_point = has_fractions(answer);
        let new = rows(answer).filter(|row| self.newest.is_new(row)).map(|row| row.cells(with_point));
        write_rows(self.format, header, new, out, to_terminal)?;
        self.has_header = true;
        rows(answer).for_each(|row| self.newest.add(&row));
        Ok(())
    }
}

/// The newest timestamp of each group of each series.
#[derive(Default)]
struct Newest(HashMap<String, HashMap<String, DateTime<Utc>>>);

impl Newest {
    fn get(&self, row: &Row<'_>) -> Option<DateTime<Utc>> {
        self.0.get(row.series)?.get(row.group.unwrap_or_default()).copied()
    }

    fn is_new(&self, row: &Row<'_>) -> bool {
        row.timestamp > self.get(row)
    }

    fn add(&mut self, row: &Row<'_>) {
        if let (Some(at), true) = (row.timestamp, self.is_new(row)) {
            let groups = self.0.entry(row.series.to_owned()).or_default();
            groups.insert(row.group.unwrap_or_default().to_owned(), at);
        }
    }
}
