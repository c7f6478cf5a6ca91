//! Answers that hold series.

use chrono::{DateTime, SecondsFormat, Utc};
use radar_ct::{Distribution, Summary, Timeseries, TimeseriesGroups};

use super::Show;
use super::table::{self, Columns};

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// An empty cell where a value is missing.
fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

impl Show for Timeseries {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        &["series", "timestamp", "value"]
    }

    fn rows(&self) -> Box<dyn Iterator<Item = Vec<String>> + '_> {
        let rows = self.series.iter().flat_map(|series| {
            let row = |(at, value)| vec![series.name().to_owned(), instant(at), number(value)];
            series.points().map(row)
        });
        Box::new(rows)
    }

    fn table(&self) -> String {
        let mut columns = Columns::new();
        for series in &self.series {
            columns.add(series.name().to_owned(), series.timestamps(), series.values().iter());
        }
        columns.table()
    }
}

impl Show for TimeseriesGroups {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        &["series", "timestamp", "group", "value"]
    }

    fn rows(&self) -> Box<dyn Iterator<Item = Vec<String>> + '_> {
        let rows = self.series.iter().flat_map(|series| {
            series.groups().flat_map(|(key, values)| {
                let points = series.timestamps().iter().zip(values.iter());
                points.map(|(at, value)| {
                    vec![series.name().to_owned(), instant(*at), key.to_owned(), number(value)]
                })
            })
        });
        Box::new(rows)
    }

    fn table(&self) -> String {
        let mut columns = Columns::new();
        for series in &self.series {
            for (key, values) in series.groups() {
                let name =
                    if self.series.len() > 1 { format!("{}: {key}", series.name()) } else { key.to_owned() };
                columns.add(name, series.timestamps(), values.iter());
            }
        }
        columns.table()
    }
}

impl Show for Summary {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        &["series", "group", "value"]
    }

    fn rows(&self) -> Box<dyn Iterator<Item = Vec<String>> + '_> {
        let rows = self.series.iter().flat_map(|series| {
            let row = |(key, value): (&str, _)| vec![series.name().to_owned(), key.to_owned(), number(value)];
            series.groups().map(row)
        });
        Box::new(rows)
    }

    /// A row for each group, in the order in which the series first name them, and a column for each series.
    fn table(&self) -> String {
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in self.series.iter().flat_map(Distribution::groups) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let header = std::iter::once("group").chain(self.series.iter().map(Distribution::name));
        let row = |key: &str| {
            let values = self.series.iter().map(|series| table::value(series.get(key)));
            std::iter::once(key.to_owned()).chain(values).collect()
        };
        table::of(&header.collect::<Vec<_>>(), keys.iter().map(|key| row(key)))
    }
}
