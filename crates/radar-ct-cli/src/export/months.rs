//! The months of an export: their parts, and the files that these become.

use chrono::{DateTime, Utc};
use radar_ct::{ExportCalls, Timeseries};

use super::directory::{Directory, checksum};
use super::manifest::{FileEntry, Manifest};
use super::window::{Window, month, seconds};
use crate::exit::Failure;
use crate::output::format::RowFormat;
use crate::output::render::Render;

/// The months of an export, in order of time.
pub(super) struct Months(Vec<Month>);

/// A month, cut to the window and to the present.
pub(super) struct Month {
    path: String,
    window: Window,
    is_settled: bool,
    is_finished: bool,
    /// The parts that were fetched, in order of time.
    parts: Vec<(Window, Timeseries)>,
}

impl Months {
    /// Returns the months of the calls of a whole export. No call spans two months.
    pub(super) fn new(whole: &ExportCalls, extension: &str) -> Self {
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

    /// Refuses to overwrite files that no export wrote.
    pub(super) fn refuse_foreign_files(
        &self,
        directory: &Directory,
        manifest: &Manifest,
    ) -> Result<(), Failure> {
        let is_foreign =
            |month: &&Month| manifest.entry(&month.path).is_none() && directory.path(&month.path).exists();
        match self.0.iter().find(is_foreign) {
            Some(month) => Err(Failure::usage(format!(
                "--out has {}, which no export wrote; choose another directory",
                month.path
            ))),
            None => Ok(()),
        }
    }

    /// Finds files and parts that no longer change, and returns their windows, which need no call.
    pub(super) fn find_complete(
        &mut self,
        directory: &Directory,
        manifest: &Manifest,
        earlier_start: Option<DateTime<Utc>>,
    ) -> Result<Vec<Window>, Failure> {
        // The first part includes the point that reaches into the window, so it differs if the window starts
        // elsewhere.
        let moved = earlier_start.filter(|earlier| *earlier != manifest.from);
        let has_moved =
            |start: DateTime<Utc>| moved.is_some_and(|earlier| start == earlier || start == manifest.from);
        let mut complete = Vec::new();
        for month in &mut self.0 {
            if let Some(entry) = manifest.entry(&month.path)
                && entry.settled
                && (entry.from, entry.to) == (month.window.start, month.window.end)
                && !has_moved(entry.from)
                && directory.holds(&entry.path, &entry.sha256)?
            {
                month.is_finished = true;
                complete.push(month.window.clone());
            }
        }
        for (window, data) in directory.parts()? {
            let home = self.0.iter_mut().find(|month| {
                month.window.start <= window.start && window.end <= month.window.end && !month.is_finished
            });
            match home {
                Some(month) if !has_moved(window.start) && !month.overlaps(&window) => {
                    month.add(window.clone(), data);
                    complete.push(window);
                }
                _ => directory.drop_part(&window),
            }
        }
        Ok(complete)
    }

    /// Iterates over the months whose parts are all there, but whose file is not written.
    pub(super) fn unwritten(&mut self) -> impl Iterator<Item = &mut Month> {
        self.0.iter_mut().filter(|month| !month.is_finished && month.is_complete())
    }

    pub(super) fn of_part(&mut self, window: &Window) -> Option<&mut Month> {
        self.0.iter_mut().find(|month| month.window.contains(&window.start))
    }
}

impl Month {
    pub(super) fn add(&mut self, window: Window, data: Timeseries) {
        let at = self.parts.partition_point(|(other, _)| other.start < window.start);
        self.parts.insert(at, (window, data));
    }

    fn overlaps(&self, window: &Window) -> bool {
        self.parts.iter().any(|(other, _)| other.start < window.end && window.start < other.end)
    }

    pub(super) fn windows(&self) -> impl Iterator<Item = Window> {
        self.parts.iter().map(|(window, _)| window.clone())
    }

    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Returns whether its parts and one more cover the whole month.
    pub(super) fn is_complete_with(&self, more: &Window) -> bool {
        // Parts do not overlap, so their lengths decide.
        self.parts.iter().map(|(window, _)| seconds(window)).sum::<u64>() + seconds(more)
            == seconds(&self.window)
    }

    fn is_complete(&self) -> bool {
        self.is_complete_with(&(self.window.end..self.window.end))
    }

    /// Returns the content of its file and the entry in the manifest.
    pub(super) fn to_file(&self, format: RowFormat) -> Result<(FileEntry, Vec<u8>), Failure> {
        let mut parts = self.parts.iter().map(|(_, data)| data.clone());
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            whole.append(part).map_err(|error| Failure::request(format!("{}: {error}", self.path)))?;
        }
        let mut content = Vec::new();
        whole.write_rows(format, &mut content, false)?;
        let entry = FileEntry {
            path: self.path.clone(),
            from: self.window.start,
            to: self.window.end,
            rows: row_count(&whole),
            sha256: checksum(&content),
            settled: self.is_settled,
        };
        Ok((entry, content))
    }

    /// Drops the parts, which are in the file now.
    pub(super) fn finish(&mut self) {
        self.is_finished = true;
        self.parts = Vec::new();
    }
}

/// Returns the number of rows that an answer becomes.
pub(super) fn row_count(data: &Timeseries) -> u64 {
    data.frames().map(|frame| u64::try_from(frame.len()).unwrap_or(u64::MAX)).sum()
}
