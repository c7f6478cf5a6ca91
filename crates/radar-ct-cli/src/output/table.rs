//! A table to read: a row per point, a column per series.

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use comfy_table::{Cell, CellAlignment, Table, TableComponent, presets};
use radar_ct::{Series, Timeseries};

use crate::screen::harmless_cell;

/// What stands for a missing value, which is not zero.
const MISSING: &str = "-";

/// Series over the same times share a column of times; one over others, such as an earlier week, brings its own.
pub(super) fn of(answer: &Timeseries) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    for line in [TableComponent::HeaderLines, TableComponent::MiddleHeaderIntersections] {
        table.set_style(line, '─');
    }
    let mut header = Vec::new();
    let mut columns: Vec<Box<dyn Iterator<Item = String> + '_>> = Vec::new();
    let mut times: Option<&[DateTime<Utc>]> = None;
    for series in &answer.series {
        if times != Some(series.timestamps()) {
            times = Some(series.timestamps());
            header.push("time (UTC)".to_owned());
            columns.push(Box::new(series.timestamps().iter().map(written)));
        }
        header.push(harmless_cell(series.name()));
        columns.push(Box::new(series.values().iter().map(value)));
    }
    table.set_header(header);
    let rows = answer.series.iter().map(Series::len).max().unwrap_or(0);
    for _ in 0..rows {
        let cells = columns.iter_mut().map(|column| column.next().unwrap_or_default());
        table.add_row(cells.map(|text| Cell::new(text).set_alignment(CellAlignment::Right)));
    }
    format!("{table}\n")
}

fn value(value: Option<f64>) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| value.to_string())
}

/// To the minute where there are no seconds, as on the API's grid there are none.
fn written(at: &DateTime<Utc>) -> String {
    if at.second() == 0 && at.nanosecond() == 0 {
        at.format("%Y-%m-%d %H:%M").to_string()
    } else {
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}
