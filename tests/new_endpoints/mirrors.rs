//! `GET /radar/ct/mirrors`: an endpoint that does not exist, with a list.

use serde::{Deserialize, Serialize};

use crate::request::page::{ListParams, Listing};
use crate::response::de::{null_as_default, objects};
use crate::response::record::{Record, RecordColumn};

/// Parameters of `GET /radar/ct/mirrors`.
pub type MirrorsParams = ListParams<Mirrors>;

/// A page of mirrors.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Mirrors {
    /// The rows.
    #[serde(deserialize_with = "objects")]
    pub log_mirrors: Vec<Mirror>,
}

impl Listing for Mirrors {
    const PATH: &'static str = "/radar/ct/mirrors";

    type Record = Mirror;

    fn from_records(records: Vec<Mirror>) -> Self {
        Self { log_mirrors: records }
    }

    fn records(&self) -> &[Mirror] {
        &self.log_mirrors
    }

    fn into_records(self) -> Vec<Mirror> {
        self.log_mirrors
    }
}

/// A mirror of a log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Mirror {
    /// Slug of the mirror.
    #[serde(deserialize_with = "null_as_default")]
    pub slug: String,
    /// Slug of the log.
    #[serde(deserialize_with = "null_as_default")]
    pub log_slug: String,
}

impl Record for Mirror {
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        RecordColumn::new("slug", |mirror| mirror.slug.as_str().into()),
        RecordColumn::new("log", |mirror| mirror.log_slug.as_str().into()),
    ];

    const EXAMPLE: &'static str = r#"{"slug":"argon2026h1-eu","logSlug":"argon2026h1"}"#;

    fn key(&self) -> &str {
        &self.slug
    }
}
