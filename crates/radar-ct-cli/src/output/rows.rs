//! Series as rows: one row for each value.

use chrono::{DateTime, Utc};
use radar_ct_model::{Frame, Layout, Meta, Normalization, SeriesView};

use super::cell::Cell;

/// A value of a series, with its timestamp and its group where the layout has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row<'r> {
    pub(super) series: &'r str,
    pub(super) timestamp: Option<DateTime<Utc>>,
    pub(super) group: Option<&'r str>,
    pub(super) value: Option<f64>,
}

/// Returns the names of the cells of the rows of a kind of series.
pub(crate) fn columns<T: SeriesView>() -> &'static [&'static str] {
    header(T::LAYOUT)
}

/// Returns whether a kind of series has timestamps.
pub(crate) fn has_timestamps<T: SeriesView>() -> bool {
    T::LAYOUT != Layout::Summary
}

/// Returns the names of the cells of a row.
pub(super) fn header(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::Series => &["series", "timestamp", "value"],
        Layout::Groups => &["series", "timestamp", "group", "value"],
        Layout::Summary => &["series", "group", "value"],
    }
}

/// Iterates over the values of all series, column by column.
pub(super) fn rows<'r>(
    layout: Layout,
    frames: impl Iterator<Item = &'r Frame>,
) -> impl Iterator<Item = Row<'r>> {
    frames.flat_map(move |frame| {
        let series = frame.label();
        frame.columns().flat_map(move |(name, values)| {
            let group = (layout != Layout::Series).then_some(name);
            let times = frame.timestamps().unwrap_or_default();
            values.iter().enumerate().map(move |(index, value)| Row {
                series,
                timestamp: times.get(index).copied(),
                group,
                value,
            })
        })
    })
}

impl<'r> Row<'r> {
    /// Iterates over the cells below the [`header`].
    pub(super) fn cells(self, with_point: bool) -> impl Iterator<Item = Cell<'r>> {
        let cells = [
            Some(Cell::Text(self.series.into())),
            self.timestamp.map(Cell::Time),
            self.group.map(|group| Cell::Text(group.into())),
            Some(Cell::Number { value: self.value, with_point }),
        ];
        cells.into_iter().flatten()
    }
}

/// Returns whether values are, or could be, fractions. Normalized values could be; counts are whole, and an answer
/// that does not name its normalization is judged by its values.
pub(super) fn has_fractions<'r>(meta: &Meta, mut frames: impl Iterator<Item = &'r Frame>) -> bool {
    match &meta.normalization {
        None | Some(Normalization::RawValues) => frames.any(|frame| {
            frame.columns().any(|(_, values)| values.iter().flatten().any(|value| value.fract() != 0.0))
        }),
        Some(_) => true,
    }
}
