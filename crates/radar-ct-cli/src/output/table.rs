//! A table to read.

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use comfy_table::{Cell, CellAlignment, Table, TableComponent, presets};

use crate::screen::harmless_cell;

/// What stands for a missing value, which is not zero.
const MISSING: &str = "-";

/// A header and rows, each as long as the header, made as they are written.
pub(crate) struct Grid<'g> {
    pub(super) header: Vec<String>,
    pub(super) rows: Box<dyn Iterator<Item = Vec<String>> + 'g>,
}

impl<'g> Grid<'g> {
    pub(super) fn new(header: &[impl AsRef<str>], rows: impl Iterator<Item = Vec<String>> + 'g) -> Self {
        let header = header.iter().map(|name| name.as_ref().to_owned()).collect();
        Self { header, rows: Box::new(rows) }
    }

    /// Numbers and times to the right, words to the left.
    pub(super) fn text(self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        for line in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
            table.set_style(line, '─');
        }
        table.set_header(self.header.iter().map(|name| harmless_cell(name)));
        for row in self.rows {
            table.add_row(row.iter().map(|text| {
                let alignment =
                    if Self::is_number(text) { CellAlignment::Right } else { CellAlignment::Left };
                Cell::new(harmless_cell(text)).set_alignment(alignment)
            }));
        }
        format!("{table}\n")
    }

    /// Whether a cell reads like a number or a time, or stands for one that is missing.
    pub(super) fn is_number(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
    }
}

pub(super) fn value(value: Option<f64>) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| value.to_string())
}

/// To the minute where there are no seconds, as on the API's grid there are none.
pub(super) fn time(at: &DateTime<Utc>) -> String {
    if at.second() == 0 && at.nanosecond() == 0 {
        at.format("%Y-%m-%d %H:%M").to_string()
    } else {
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

/// Columns side by side, those of the same times behind one column of times; one over other times, such as an earlier
/// week, brings its own.
pub(super) struct Columns<'c> {
    header: Vec<String>,
    cells: Vec<Box<dyn Iterator<Item = String> + 'c>>,
    times: Option<&'c [DateTime<Utc>]>,
    rows: usize,
}

impl<'c> Columns<'c> {
    pub(super) fn new() -> Self {
        Self { header: Vec::new(), cells: Vec::new(), times: None, rows: 0 }
    }

    pub(super) fn add(
        &mut self,
        name: String,
        times: &'c [DateTime<Utc>],
        values: impl Iterator<Item = Option<f64>> + 'c,
    ) {
        if self.times != Some(times) {
            self.times = Some(times);
            self.rows = self.rows.max(times.len());
            self.header.push("time (UTC)".to_owned());
            self.cells.push(Box::new(times.iter().map(time)));
        }
        self.header.push(name);
        self.cells.push(Box::new(values.map(value)));
    }

    pub(super) fn grid(self) -> Grid<'c> {
        let Self { header, mut cells, rows, .. } = self;
        let row = move |_| cells.iter_mut().map(|column| column.next().unwrap_or_default()).collect();
        Grid::new(&header, (0..rows).map(row))
    }
}
