//! `_manifest.json`: what a directory holds, and so also how far an export has come.

use chrono::{DateTime, Utc};
use radar_ct::{Export, Meta};
use serde::{Deserialize, Serialize};

use super::Span;
use crate::failure::Failure;

/// Of the form of the manifest; another one is not ours to continue.
const VERSION: u32 = 1;

/// What a directory holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    about: String,
    pub(super) request: Request,
    /// The first instant of the window.
    pub(super) from: DateTime<Utc>,
    /// The end of the window, not included.
    pub(super) to: DateTime<Utc>,
    /// Whether everything up to the end, or to the present, is there.
    pub(super) complete: bool,
    /// Whether nothing of it changes any more.
    pub(super) settled: bool,
    columns: Vec<String>,
    /// What was done to the values, as the API says.
    pub(super) normalization: Option<String>,
    /// What the values count, as the API says.
    units: Vec<String>,
    pub(super) rows: u64,
    pub(super) files: Vec<FileEntry>,
}

/// What is asked for: the same for all of a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The filters of each series, and its name, by the names of the API.
    series: Vec<serde_json::Map<String, serde_json::Value>>,
    agg_interval: String,
    /// All of it as a query, without the dates.
    query: String,
    /// The form of the files.
    output: String,
    /// Whether the data are the emulator's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    invented: bool,
}

/// A file and what it covers.
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
    pub(super) fn of(export: &Export, output: &str, invented: bool) -> Self {
        let params = export.params();
        let series = params.series().map(|series| {
            let name =
                series.get(radar_ct::SeriesParams::NAME.name).map(|name| ("name".to_owned(), name.into()));
            let filters = series
                .filters()
                .map(|(parameter, value)| (parameter.name.to_owned(), value.into_owned().into()));
            name.into_iter().chain(filters).collect()
        });
        Self {
            series: series.collect(),
            agg_interval: params.asked_interval().map(ToString::to_string).unwrap_or_default(),
            query: params.to_query().to_string(),
            output: output.to_owned(),
            invented,
        }
    }
}

impl Manifest {
    pub(super) fn new(request: Request, window: &Span, columns: &[&str]) -> Self {
        Self {
            version: VERSION,
            about: "Certificate volume over time, exported from Cloudflare Radar's API; its data are under CC BY-NC 4.0"
                .to_owned(),
            request,
            from: window.start,
            to: window.end,
            complete: false,
            settled: false,
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            normalization: None,
            units: Vec::new(),
            rows: 0,
            files: Vec::new(),
        }
    }

    pub(super) fn read(text: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if manifest.version == VERSION {
            Ok(manifest)
        } else {
            Err(format!("it is of version {}, and this program knows version {VERSION}", manifest.version))
        }
    }

    pub(super) fn write(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The manifest of an earlier run, for this one to continue.
    pub(super) fn continued(mut self, wanted: &Self) -> Result<Self, Failure> {
        if self.request != wanted.request {
            return Err(Failure::usage(format!(
                "--out holds an export of something else: there it is `{}` as {}, here `{}` as {}; choose another directory",
                self.request.shown(),
                self.request.output,
                wanted.request.shown(),
                wanted.request.output,
            )));
        }
        if let Some(file) = self.files.iter().find(|file| file.to <= wanted.from || file.from >= wanted.to) {
            return Err(Failure::usage(format!(
                "--out holds {}, which is outside of the window: an export can grow, not shrink; choose another directory",
                file.path
            )));
        }
        (self.from, self.to, self.complete, self.settled) = (wanted.from, wanted.to, false, false);
        Ok(self)
    }

    pub(super) fn entry(&self, path: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Puts an entry in its place, by time.
    pub(super) fn put(&mut self, entry: FileEntry) {
        self.files.retain(|file| file.path != entry.path);
        let at = self.files.partition_point(|file| file.from < entry.from);
        self.files.insert(at, entry);
        self.rows = self.files.iter().map(|file| file.rows).sum();
    }

    /// Notes what an answer says about itself; says whether it contradicts what was noted before.
    pub(super) fn note(&mut self, meta: &Meta) -> bool {
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
    fn shown(&self) -> String {
        let source = if self.invented { "emulator: " } else { "" };
        format!("{source}{}", self.query)
    }
}
