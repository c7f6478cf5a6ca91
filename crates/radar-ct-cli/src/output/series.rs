//! Answers that hold series.

use radar_ct::{Distribution, Meta, Normalization, Summary, Timeseries, TimeseriesGroups};

use super::table::{self, Columns, Grid};
use super::{Cell, Show, picture};
use crate::chart::Picture;

type Rows<'r> = Box<dyn Iterator<Item = Vec<Cell>> + 'r>;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// Counts are whole. What was made of them need not be, and of what nobody says what it is the values tell.
fn has_fractions(meta: &Meta, mut values: impl Iterator<Item = f64>) -> bool {
    match &meta.normalization {
        None | Some(Normalization::RawValues) => values.any(|value| value.fract() != 0.0),
        Some(_) => true,
    }
}

impl Show for Timeseries {
    const IS_DRAWN: bool = true;

    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        &["series", "timestamp", "value"]
    }

    fn has_fractions(&self) -> bool {
        has_fractions(&self.meta, self.series.iter().flat_map(|series| series.values().iter().flatten()))
    }

    fn rows(&self) -> Rows<'_> {
        let rows = self.series.iter().flat_map(|series| {
            let row = |(at, value)| vec![text(series.label()), Cell::Time(at), Cell::Number(value)];
            series.points().map(row)
        });
        Box::new(rows)
    }

    fn grid(&self) -> Grid<'_> {
        let mut columns = Columns::new();
        for series in &self.series {
            columns.add(series.label().to_owned(), series.timestamps(), series.values().iter());
        }
        columns.grid()
    }

    fn picture(&self, request: &str) -> Option<Picture> {
        Some(picture::of_timeseries(self, request))
    }
}

impl Show for TimeseriesGroups {
    const IS_DRAWN: bool = true;

    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        &["series", "timestamp", "group", "value"]
    }

    fn has_fractions(&self) -> bool {
        let groups = self.series.iter().flat_map(radar_ct::GroupedSeries::groups);
        has_fractions(&self.meta, groups.flat_map(|(_, values)| values.iter().flatten()))
    }

    fn rows(&self) -> Rows<'_> {
        let rows = self.series.iter().flat_map(|series| {
            series.groups().flat_map(|(key, values)| {
                let points = series.timestamps().iter().zip(values.iter());
                points.map(|(at, value)| {
                    vec![text(series.label()), Cell::Time(*at), text(key), Cell::Number(value)]
                })
            })
        });
        Box::new(rows)
    }

    fn grid(&self) -> Grid<'_> {
        let mut columns = Columns::new();
        for series in &self.series {
            for (key, values) in series.groups() {
                let name =
                    if self.series.len() > 1 { format!("{}: {key}", series.label()) } else { key.to_owned() };
                columns.add(name, series.timestamps(), values.iter());
            }
        }
        columns.grid()
    }

    fn picture(&self, request: &str) -> Option<Picture> {
        Some(picture::of_timeseries_groups(self, request))
    }
}

impl Show for Summary {
    const IS_DRAWN: bool = true;

    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        &["series", "group", "value"]
    }

    fn has_fractions(&self) -> bool {
        let groups = self.series.iter().flat_map(Distribution::groups);
        has_fractions(&self.meta, groups.filter_map(|(_, value)| value))
    }

    fn rows(&self) -> Rows<'_> {
        let rows = self.series.iter().flat_map(|series| {
            let row = |(key, value): (&str, _)| vec![text(series.label()), text(key), Cell::Number(value)];
            series.groups().map(row)
        });
        Box::new(rows)
    }

    /// A row for each group, in the order in which the series first name them, and a column for each series.
    fn grid(&self) -> Grid<'_> {
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in self.series.iter().flat_map(Distribution::groups) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let header = std::iter::once("group").chain(self.series.iter().map(Distribution::label));
        let row = |key: &str| -> Vec<String> {
            let values = self.series.iter().map(|series| table::value(series.get(key)));
            std::iter::once(key.to_owned()).chain(values).collect()
        };
        Grid::new(&header.collect::<Vec<_>>(), keys.into_iter().map(row))
    }

    fn picture(&self, request: &str) -> Option<Picture> {
        Some(picture::of_summary(self, request))
    }
}
