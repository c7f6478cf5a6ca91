//! The JSON Schema of an enumeration.

use schemars::{Schema, json_schema};

/// The schema of an enumeration: its documented values, or any other text.
pub(crate) fn open_enum(name: &str, values: &[&str]) -> Schema {
    json_schema!({ "title": name, "anyOf": [{ "enum": values }, { "type": "string" }] })
}
