//! Series as rows: one row for each value.

use chrono::{DateTime, Utc};
use radar_ct::endpoints::SeriesView;
use radar_ct::{Normalization, SeriesAnswer};

use super::cell::Cell;

/// A value of a series, with its timestamp and its group if the series has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row<'r> {
    pub(super) series: &'r str,
    pub(super) timestamp: Option<DateTime<Utc>>,
    pub(super) group: Option<&'r str>,
    pub(super) value: Option<f64>,
}

/// Returns the names of the cells of a row.
pub(crate) fn header<T: SeriesView>() -> &'static [&'static str] {
    match (T::HAS_TIMESTAMPS, T::IS_GROUPED) {
        (true, false) => &["series", "timestamp", "value"],
        (true, true) => &["series", "timestamp", "group", "value"],
        (false, true) => &["series", "group", "value"],
        (false, false) => &["series", "value"],
    }
}

/// Iterates over the values of all series, column by column.
pub(super) fn rows<T: SeriesView>(answer: &SeriesAnswer<T>) -> impl Iterator<Item = Row<'_>> {
    answer.frames().flat_map(|frame| {
        let (series, times) = (frame.label(), frame.timestamps().unwrap_or_default());
        frame.columns().flat_map(move |(name, values)| {
            let group = T::IS_GROUPED.then_some(name);
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

/// Returns whether values are, or could be, fractions. Normalized values could be; counts are whole, and an
/// answer that does not name its normalization is judged by its values.
pub(super) fn has_fractions<T: SeriesView>(answer: &SeriesAnswer<T>) -> bool {
    match &answer.meta.normalization {
        None | Some(Normalization::RawValues) => answer.frames().any(|frame| {
            frame.columns().any(|(_, values)| values.iter().flatten().any(|value| value.fract() != 0.0))
        }),
        Some(_) => true,
    }
}
