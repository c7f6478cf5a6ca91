//! Authorities and logs.

use radar_ct::{Authorities, Authority, Log, Logs};
use serde_json::json;

use super::table::Grid;
use super::{Cell, Show};

type Rows<'r> = Box<dyn Iterator<Item = Vec<Cell>> + 'r>;

const AUTHORITY: &[&str] =
    &["fingerprint", "name", "owner", "country", "type", "revocation_status", "parent_fingerprint"];
const LOG: &[&str] = &["slug", "operator", "api", "state", "start", "end", "description", "url"];

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn cells(texts: Vec<String>) -> Vec<Cell> {
    texts.into_iter().map(Cell::Text).collect()
}

fn authority(one: &Authority) -> Vec<Cell> {
    cells(vec![
        one.sha256_fingerprint.clone(),
        one.name.clone(),
        one.owner.clone(),
        one.country.clone(),
        text(one.certificate_record_type.as_ref()),
        text(one.revocation_status.as_ref()),
        one.parent_sha256_fingerprint.clone(),
    ])
}

fn log(one: &Log) -> Vec<Cell> {
    cells(vec![
        one.slug.clone(),
        one.operator.clone(),
        text(one.api.as_ref()),
        text(one.state.as_ref()),
        text(one.start_inclusive.as_ref()),
        text(one.end_exclusive.as_ref()),
        one.description.clone(),
        one.url.clone(),
    ])
}

impl Show for Authorities {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        AUTHORITY
    }

    fn rows(&self) -> Rows<'_> {
        Box::new(self.certificate_authorities.iter().map(authority))
    }
}

impl Show for Authority {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&json!({ "certificateAuthority": self }))
    }

    fn header(&self) -> &'static [&'static str] {
        AUTHORITY
    }

    fn rows(&self) -> Rows<'_> {
        Box::new(std::iter::once(authority(self)))
    }

    fn grid(&self) -> Grid<'_> {
        members(self)
    }
}

impl Show for Logs {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn header(&self) -> &'static [&'static str] {
        LOG
    }

    fn rows(&self) -> Rows<'_> {
        Box::new(self.certificate_logs.iter().map(log))
    }
}

impl Show for Log {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&json!({ "certificateLog": self }))
    }

    fn header(&self) -> &'static [&'static str] {
        LOG
    }

    fn rows(&self) -> Rows<'_> {
        Box::new(std::iter::once(log(self)))
    }

    fn grid(&self) -> Grid<'_> {
        members(self)
    }
}

/// One thing, member by member, as the API names them; what is a list or an object is left to `--output json`.
fn members(one: &impl serde::Serialize) -> Grid<'static> {
    let members = match serde_json::to_value(one) {
        Ok(serde_json::Value::Object(members)) => members,
        // Cannot be: what has members is an object.
        _ => serde_json::Map::new(),
    };
    let rows = members.into_iter().filter_map(|(name, value)| {
        let shown = match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Array(_) | serde_json::Value::Object(_) | serde_json::Value::Null => {
                return None;
            }
            other => other.to_string(),
        };
        Some(vec![name, shown])
    });
    Grid::new(&["member", "value"], rows)
}
