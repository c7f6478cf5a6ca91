//! A series of an answer: a label, optional timestamps, and named columns of text, written as JSON or CSV.

use chrono::{DateTime, SecondsFormat, Utc};
use radar_ct_model::Meta;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::endpoints::csv::Table;

const TIMESTAMPS: &str = "timestamps";
const META: &str = "meta";

/// A series of an answer. All columns have the length of the timestamps, or one value if there are none.
pub(crate) struct Frame {
    label: String,
    timestamps: Option<Vec<String>>,
    columns: Vec<(String, Vec<String>)>,
}

impl Frame {
    pub(crate) fn new(
        label: String,
        timestamps: Option<Vec<DateTime<Utc>>>,
        columns: Vec<(String, Vec<String>)>,
    ) -> Self {
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let timestamps = timestamps.map(|timestamps| timestamps.into_iter().map(text).collect());
        Self { label, timestamps, columns }
    }
}

/// Writes the columns, without the label, as the API writes them below it.
impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(timestamps) = &self.timestamps {
            map.serialize_entry(TIMESTAMPS, timestamps)?;
        }
        for (key, values) in &self.columns {
            match &self.timestamps {
                Some(_) => map.serialize_entry(key, values)?,
                None => map.serialize_entry(key, &values.first())?,
            }
        }
        map.end()
    }
}

/// The `result` of an answer with series.
pub(crate) struct SeriesResult {
    pub(crate) frames: Vec<Frame>,
    pub(crate) meta: Meta,
}

/// Writes a member for each series, then `meta`, in the order of recorded answers.
impl Serialize for SeriesResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.frames.len() + 1))?;
        for frame in &self.frames {
            map.serialize_entry(&frame.label, frame)?;
        }
        map.serialize_entry(META, &self.meta)?;
        map.end()
    }
}

/// Returns the series side by side, as the API's CSV has them: without `meta`.
pub(crate) fn table(frames: Vec<Frame>) -> Table {
    let mut table = Table::default();
    for Frame { label, timestamps, columns } in frames {
        if let Some(timestamps) = timestamps {
            table.column(&[&label, TIMESTAMPS], timestamps);
        }
        for (key, values) in columns {
            table.column(&[&label, &key], values);
        }
    }
    table
}
