//! Tables for reading.

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use comfy_table::{Cell, CellAlignment, TableComponent, presets};
use radar_ct::sanitize;

/// The text of a missing value, which is not zero.
const MISSING: &str = "-";

/// A header, and rows as long as the header, made while they are written.
pub(crate) struct Table<'t> {
    pub(super) header: Vec<String>,
    pub(super) rows: Box<dyn Iterator<Item = Vec<String>> + 't>,
}

impl<'t> Table<'t> {
    pub(super) fn new(header: &[impl AsRef<str>], rows: impl Iterator<Item = Vec<String>> + 't) -> Self {
        let header = header.iter().map(|name| name.as_ref().to_owned()).collect();
        Self { header, rows: Box::new(rows) }
    }

    /// Returns the table as text, with numbers and times aligned to the right.
    pub(super) fn text(self) -> String {
        let mut table = comfy_table::Table::new();
        table.load_preset(presets::NOTHING);
        for line in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
            table.set_style(line, '─');
        }
        table.set_header(self.header.iter().map(|name| sanitize::line(name)));
        for row in self.rows {
            table.add_row(row.iter().map(|text| {
                let alignment = if is_number(text) { CellAlignment::Right } else { CellAlignment::Left };
                Cell::new(sanitize::line(text)).set_alignment(alignment)
            }));
        }
        format!("{table}\n")
    }
}

/// Returns whether a cell reads like a number, a time or a missing value.
pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// Returns the text of a value.
pub(super) fn value(value: Option<f64>) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| value.to_string())
}

/// Writes an instant to the minute if it has no seconds, as on the API's grid.
fn time(at: &DateTime<Utc>) -> String {
    if at.second() == 0 && at.nanosecond() == 0 {
        at.format("%Y-%m-%d %H:%M").to_string()
    } else {
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

/// Columns side by side, each behind its column of times. Neighbours with the same times share one.
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

    pub(super) fn into_table(self) -> Table<'c> {
        let Self { header, mut cells, rows, .. } = self;
        let row = move |_| cells.iter_mut().map(|column| column.next().unwrap_or_default()).collect();
        Table::new(&header, (0..rows).map(row))
    }
}
