//! The months of an export: what of each is there, and the file that it becomes.

use chrono::{DateTime, Utc};
use radar_ct::{ExportCalls, Timeseries};

use super::Span;
use super::directory::{Directory, checksum};
use super::manifest::{FileEntry, Manifest};
use super::progress::month;
use crate::failure::Failure;
use crate::output::Tidy;

/// The months of an export, in order of time.
pub(super) struct Months(Vec<Month>);

/// A month, or what of it is in the window and not ahead of us.
pub(super) struct Month {
    path: String,
    window: Span,
    is_settled: bool,
    is_finished: bool,
    /// In order of time.
    parts: Vec<(Span, Timeseries)>,
}

impl Months {
    /// The months that the windows of a whole export are in; none of these is in two.
    pub(super) fn of(whole: &ExportCalls, extension: &str) -> Self {
        let mut months: Vec<Month> = Vec::new();
        for window in whole.pending() {
            let path = format!("{}.{extension}", month(window.start));
            match months.last_mut().filter(|month| month.path == path) {
                Some(month) => month.window.end = window.end,
                None => months.push(Month {
                    path,
                    window,
                    is_settled: false,
                    is_finished: false,
                    parts: Vec::new(),
                }),
            }
        }
        for month in &mut months {
            month.is_settled = month.window.end <= whole.settled_until();
        }
        Self(months)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn finished(&self) -> usize {
        self.0.iter().filter(|month| month.is_finished).count()
    }

    /// Refuses to write over files that are not ours.
    pub(super) fn refuse_strangers(&self, directory: &Directory, manifest: &Manifest) -> Result<(), Failure> {
        let is_strange =
            |month: &&Month| manifest.entry(&month.path).is_none() && directory.path(&month.path).exists();
        match self.0.iter().find(is_strange) {
            Some(month) => Err(Failure::usage(format!(
                "--out holds {}, which no export has written there; choose another directory",
                month.path
            ))),
            None => Ok(()),
        }
    }

    /// Finds what is there and changes no more: the windows that need not be asked for.
    pub(super) fn find(
        &mut self,
        directory: &Directory,
        manifest: &Manifest,
        earlier_start: Option<DateTime<Utc>>,
    ) -> Result<Vec<Span>, Failure> {
        // The first part of an export has what reaches into it from before, so it is another one where it begins elsewhere.
        let moved = earlier_start.filter(|earlier| *earlier != manifest.from);
        let is_another =
            |start: DateTime<Utc>| moved.is_some_and(|earlier| start == earlier || start == manifest.from);
        let mut there = Vec::new();
        for month in &mut self.0 {
            if let Some(entry) = manifest.entry(&month.path)
                && entry.settled
                && (entry.from, entry.to) == (month.window.start, month.window.end)
                && !is_another(entry.from)
                && directory.holds(&entry.path, &entry.sha256)?
            {
                month.is_finished = true;
                there.push(month.window.clone());
            }
        }
        for (window, data) in directory.parts()? {
            let home = self.0.iter_mut().find(|month| {
                month.window.start <= window.start && window.end <= month.window.end && !month.is_finished
            });
            match home {
                Some(month) if !is_another(window.start) && !month.overlaps(&window) => {
                    month.add(window.clone(), data);
                    there.push(window);
                }
                _ => directory.drop_part(&window),
            }
        }
        Ok(there)
    }

    /// Those of which all parts are there and no file is written yet.
    pub(super) fn unwritten(&mut self) -> impl Iterator<Item = &mut Month> {
        self.0.iter_mut().filter(|month| !month.is_finished && month.is_there())
    }

    pub(super) fn of_part(&mut self, window: &Span) -> Option<&mut Month> {
        self.0.iter_mut().find(|month| month.window.contains(&window.start))
    }
}

impl Month {
    pub(super) fn add(&mut self, window: Span, data: Timeseries) {
        let at = self.parts.partition_point(|(other, _)| other.start < window.start);
        self.parts.insert(at, (window, data));
    }

    fn overlaps(&self, window: &Span) -> bool {
        self.parts.iter().any(|(other, _)| other.start < window.end && window.start < other.end)
    }

    pub(super) fn windows(&self) -> impl Iterator<Item = Span> {
        self.parts.iter().map(|(window, _)| window.clone())
    }

    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Whether its parts, with one more, cover all of it.
    pub(super) fn is_there_with(&self, more: &Span) -> bool {
        let seconds = |window: &Span| (window.end - window.start).num_seconds();
        // None is in two parts, so that lengths tell.
        self.parts.iter().map(|(window, _)| seconds(window)).sum::<i64>() + seconds(more)
            == seconds(&self.window)
    }

    fn is_there(&self) -> bool {
        self.is_there_with(&(self.window.end..self.window.end))
    }

    /// The file of all its parts, and its entry.
    pub(super) fn file(&self, tidy: Tidy) -> Result<(FileEntry, Vec<u8>), Failure> {
        let mut parts = self.parts.iter().map(|(_, data)| data.clone());
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            whole.append(part).map_err(|error| Failure::request(format!("{}: {error}", self.path)))?;
        }
        let mut content = Vec::new();
        tidy.write(&whole, &mut content)?;
        let rows: usize = whole.series.iter().map(radar_ct::Series::len).sum();
        let entry = FileEntry {
            path: self.path.clone(),
            from: self.window.start,
            to: self.window.end,
            rows: u64::try_from(rows).unwrap_or(u64::MAX),
            sha256: checksum(&content),
            settled: self.is_settled,
        };
        Ok((entry, content))
    }

    /// It is in its file; its parts are not needed any more.
    pub(super) fn forget(&mut self) {
        self.is_finished = true;
        self.parts = Vec::new();
    }
}
