//! Records, such as logs: pages of a list, and single items.

use std::collections::BTreeMap;
use std::io::{self, Write};

use radar_ct::endpoints::{ItemKey, Listing, Record};
use serde_json::Value;

use super::cell::{self, Cell, Header};
use super::format::RowFormat;
use super::render::Render;
use super::table::Table;

/// A page of a list.
pub(crate) struct Page<L>(pub(crate) L);

/// A record that was requested by its key.
pub(crate) struct Item<K: ItemKey>(pub(crate) K::Record);

impl<L: Listing> Render for Page<L> {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&self.0)
    }

    fn write_rows(&self, format: RowFormat, out: &mut dyn Write, to_terminal: bool) -> io::Result<()> {
        write_records(self.0.records(), format, out, to_terminal)
    }

    fn table(&self) -> Table<'_> {
        let row = |record: &L::Record| texts(record).collect();
        Table::new(&header::<L::Record>(), self.0.records().iter().map(row))
    }
}

impl<K: ItemKey> Render for Item<K> {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&BTreeMap::from([(K::MEMBER, &self.0)]))
    }

    fn write_rows(&self, format: RowFormat, out: &mut dyn Write, to_terminal: bool) -> io::Result<()> {
        write_records(std::slice::from_ref(&self.0), format, out, to_terminal)
    }

    /// A row for each member. Lists and objects are left to JSON.
    fn table(&self) -> Table<'_> {
        let members = match serde_json::to_value(&self.0) {
            Ok(Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        let rows = members.into_iter().filter_map(|(name, value)| {
            let text = match value {
                Value::String(text) => text,
                Value::Array(_) | Value::Object(_) | Value::Null => return None,
                other => other.to_string(),
            };
            Some(vec![name, text])
        });
        Table::new(&["member", "value"], rows)
    }
}

fn header<R: Record>() -> Vec<&'static str> {
    R::COLUMNS.iter().map(|column| column.name).collect()
}

fn texts<R: Record>(record: &R) -> impl Iterator<Item = String> {
    R::COLUMNS.iter().map(|column| (column.text)(record).into_owned())
}

fn write_records<R: Record>(
    records: &[R],
    format: RowFormat,
    out: &mut dyn Write,
    to_terminal: bool,
) -> io::Result<()> {
    let names = header::<R>();
    let rows =
        records.iter().map(|record| R::COLUMNS.iter().map(move |column| Cell::Text((column.text)(record))));
    cell::write_rows(format, Header { names: &names, is_written: false }, rows, out, to_terminal)
}
