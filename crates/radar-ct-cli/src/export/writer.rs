//! Puts the parts of an export into its files.

use chrono::{DateTime, Utc};
use radar_ct::{Normalization, Part};

use super::directory::Directory;
use super::manifest::Manifest;
use super::months::Months;
use super::window::Window;
use crate::exit::Failure;
use crate::output::format::RowFormat;

/// The files of an export while it runs.
pub(super) struct Writer {
    directory: Directory,
    manifest: Manifest,
    months: Months,
    format: RowFormat,
    notes: Vec<String>,
}

impl Writer {
    pub(super) fn new(directory: Directory, manifest: Manifest, months: Months, format: RowFormat) -> Self {
        Self { directory, manifest, months, format, notes: Vec::new() }
    }

    pub(super) fn months(&self) -> &Months {
        &self.months
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Adds a part, and writes its month if that is complete.
    pub(super) fn add(&mut self, part: Part) -> Result<(), Failure> {
        let contradicts = self.manifest.add_meta(&part.data.meta);
        self.note_normalization(&part, contradicts);
        let Some(month) = self.months.of_part(&part.window) else { return Ok(()) };
        // A settled part is saved until its month is complete and settled.
        let is_last = month.is_complete_with(&part.window);
        if part.is_settled && !(is_last && month.is_settled()) {
            self.directory.put_part(&part.window, &part.data)?;
        }
        month.add(part.window, part.data);
        self.write_complete_months()
    }

    /// Writes the months whose parts are all there.
    pub(super) fn write_complete_months(&mut self) -> Result<(), Failure> {
        for month in self.months.unwritten() {
            let (entry, content) = month.to_file(self.format)?;
            let name = entry.path.clone();
            self.directory.prepare(&name, &content)?;
            self.manifest.put(entry);
            self.directory.put_manifest(&self.manifest.to_json()?)?;
            self.directory.put_in_place(&name)?;
            if month.is_settled() {
                month.windows().for_each(|window| self.directory.drop_part(&window));
            }
            month.finish();
        }
        Ok(())
    }

    /// Warns about values that the API scaled within each answer: they differ from those of one large answer.
    fn note_normalization(&mut self, part: &Part, contradicts: bool) {
        use Normalization as N;
        let given = part.data.meta.normalization.as_ref();
        let is_scaled =
            matches!(given, Some(N::Min0Max | N::MinMax | N::PercentageChange | N::RollingAverage));
        if (contradicts || is_scaled && self.months.len() > 1) && self.notes.is_empty() {
            let given = given.map(ToString::to_string).unwrap_or_default();
            self.notes.push(format!(
                "the API scales values within each answer ({given}), so values of different files cannot be compared"
            ));
        }
    }

    /// Marks the export as complete.
    pub(super) fn close(mut self, window: &Window, settled_until: DateTime<Utc>) -> Result<(), Failure> {
        let manifest = &mut self.manifest;
        manifest.complete = true;
        manifest.settled = window.end <= settled_until && manifest.files.iter().all(|file| file.settled);
        self.directory.put_manifest(&manifest.to_json()?)?;
        if manifest.settled {
            self.directory.remove_parts();
        }
        Ok(())
    }
}
