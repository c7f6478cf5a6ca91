//! Answers with series, in every format.

use std::io::{self, Write};

use radar_ct::endpoints::SeriesView;
use radar_ct::{Frame, SeriesAnswer};

use super::cell::{self, Header};
use super::format::RowFormat;
use super::picture;
use super::render::Render;
use super::rows::{has_fractions, header, rows};
use super::table::{Columns, Table, value};
use crate::chart::Picture;

impl<T: SeriesView> Render for SeriesAnswer<T> {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn write_rows(&self, format: RowFormat, out: &mut dyn Write, to_terminal: bool) -> io::Result<()> {
        let with_point = has_fractions(self);
        let rows = rows(self).map(|row| row.cells(with_point));
        let header = Header { names: header::<T>(), is_written: false };
        cell::write_rows(format, header, rows, out, to_terminal)
    }

    fn table(&self) -> Table<'_> {
        let frames: Vec<&Frame> = self.frames().collect();
        if T::HAS_TIMESTAMPS { points_by_column(&frames, T::IS_GROUPED) } else { groups_by_series(&frames) }
    }

    fn picture(&self, request: &str) -> Option<Picture> {
        Some(picture::picture(self, request))
    }
}

/// A row for each timestamp, and a column for each column of each series.
fn points_by_column<'t>(frames: &[&'t Frame], is_grouped: bool) -> Table<'t> {
    let mut columns = Columns::new();
    for frame in frames {
        for (group, values) in frame.columns() {
            let name = match (is_grouped, frames) {
                (false, _) => frame.label().to_owned(),
                (true, [_]) => group.to_owned(),
                (true, _) => format!("{}: {group}", frame.label()),
            };
            columns.add(name, frame.timestamps().unwrap_or_default(), values.iter());
        }
    }
    columns.into_table()
}

/// A row for each group, in the order in which the series first name them, and a column for each series.
fn groups_by_series<'t>(frames: &[&'t Frame]) -> Table<'t> {
    let mut groups: Vec<&str> = Vec::new();
    for (group, _) in frames.iter().flat_map(|frame| frame.columns()) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let header: Vec<&str> =
        std::iter::once("group").chain(frames.iter().map(|frame| frame.label())).collect();
    let frames = frames.to_vec();
    let row = move |group: &str| -> Vec<String> {
        let values = frames.iter().map(|frame| value(frame.column(group).and_then(|values| values.get(0))));
        std::iter::once(group.to_owned()).chain(values).collect()
    };
    Table::new(&header, groups.into_iter().map(row))
}
