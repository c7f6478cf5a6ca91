//! `_manifest.json`: the request, the files and the state of an export.

use std::io;

use chrono::{DateTime, Utc};
use radar_ct::{Export, Meta, Series, SeriesParams};
use serde::{Deserialize, Serialize};

use super::window::Window;
use crate::exit::Failure;
use crate::output::rows::header;

/// The version of the format. Manifests of other versions are refused.
const VERSION: u32 = 1;

/// The content of `_manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    about: String,
    pub(super) request: Request,
    /// The start of the window.
    pub(super) from: DateTime<Utc>,
    /// The end of the window, exclusive.
    pub(super) to: DateTime<Utc>,
    /// True if everything up to the end, or to the present, is there.
    pub(super) complete: bool,
    /// True if no file changes any more.
    pub(super) settled: bool,
    columns: Vec<String>,
    /// The normalization that the API reports.
    pub(super) normalization: Option<String>,
    /// The units that the API reports.
    units: Vec<String>,
    pub(super) rows: u64,
    pub(super) files: Vec<FileEntry>,
}

/// The request, one for the whole directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The name and the filters of each series, by wire names.
    series: Vec<serde_json::Map<String, serde_json::Value>>,
    agg_interval: String,
    /// The request as a query, without dates.
    query: String,
    /// The format of the files.
    output: String,
    /// True if the data are made up by the emulator.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    invented: bool,
}

/// A file and its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FileEntry {
    pub(super) path: String,
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
    pub(super) rows: u64,
    pub(super) sha256: String,
    pub(super) settled: bool,
}

impl Request {
    pub(super) fn new(export: &Export, output: &str, invented: bool) -> Self {
        let params = export.params();
        let series = params.series().map(|series| {
            let name = series.label().map(|label| (SeriesParams::NAME.name.to_owned(), label.into()));
            let filters = series
                .filters()
                .map(|(parameter, value)| (parameter.name.to_owned(), value.into_owned().into()));
            name.into_iter().chain(filters).collect()
        });
        Self {
            series: series.collect(),
            agg_interval: params.options().agg_interval.as_ref().map(ToString::to_string).unwrap_or_default(),
            query: params.to_query().to_string(),
            output: output.to_owned(),
            invented,
        }
    }
}

impl Manifest {
    pub(super) fn new(request: Request, window: &Window) -> Self {
        Self {
            version: VERSION,
            about: "Certificate volume over time, exported from Cloudflare Radar's API; its data are under CC BY-NC 4.0"
                .to_owned(),
            request,
            from: window.start,
            to: window.end,
            complete: false,
            settled: false,
            columns: header::<Series>().iter().map(|name| (*name).to_owned()).collect(),
            normalization: None,
            units: Vec::new(),
            rows: 0,
            files: Vec::new(),
        }
    }

    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if manifest.version == VERSION {
            Ok(manifest)
        } else {
            Err(format!("it has version {}, but this program knows version {VERSION}", manifest.version))
        }
    }

    pub(super) fn to_json(&self) -> io::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Adapts the manifest of an earlier run to this run.
    pub(super) fn continued(mut self, wanted: &Self) -> Result<Self, Failure> {
        if self.request != wanted.request {
            return Err(Failure::usage(format!(
                "--out has a different export: `{}` as {}, not `{}` as {}; choose another directory",
                self.request.describe(),
                self.request.output,
                wanted.request.describe(),
                wanted.request.output,
            )));
        }
        if let Some(file) = self.files.iter().find(|file| file.to <= wanted.from || file.from >= wanted.to) {
            return Err(Failure::usage(format!(
                "--out has {}, which is outside the window: an export can grow, but not shrink; choose another directory",
                file.path
            )));
        }
        (self.from, self.to, self.complete, self.settled) = (wanted.from, wanted.to, false, false);
        Ok(self)
    }

    pub(super) fn entry(&self, path: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Inserts or replaces an entry, in order of time.
    pub(super) fn put(&mut self, entry: FileEntry) {
        self.files.retain(|file| file.path != entry.path);
        let at = self.files.partition_point(|file| file.from < entry.from);
        self.files.insert(at, entry);
        self.rows = self.files.iter().map(|file| file.rows).sum();
    }

    /// Adds the units and the normalization of an answer. Returns whether its normalization contradicts
    /// earlier ones.
    pub(super) fn add_meta(&mut self, meta: &Meta) -> bool {
        for unit in &meta.units {
            if !self.units.contains(&unit.value) {
                self.units.push(unit.value.clone());
            }
        }
        let Some(given) = meta.normalization.as_ref().map(ToString::to_string) else { return false };
        *self.normalization.get_or_insert_with(|| given.clone()) != given
    }
}

impl Request {
    fn describe(&self) -> String {
        let source = if self.invented { "emulator: " } else { "" };
        format!("{source}{}", self.query)
    }
}
