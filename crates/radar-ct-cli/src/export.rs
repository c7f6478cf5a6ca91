//! An export: a long window as tidy files, a month each, which can be stopped at any time and goes on where it was.

mod directory;
mod manifest;
mod months;
mod progress;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use indicatif::MultiProgress;
use radar_ct::blocking::Client;
use radar_ct::transport::Moment;
use radar_ct::{Error, Export, ExportCalls, Normalization, Part, Timeseries};

use crate::failure::Failure;
use crate::output::{Show, Tidy};
use directory::Directory;
use manifest::{Manifest, Request};
use months::Months;
use progress::Progress;

/// A window of time, its end not included.
type Span = Range<DateTime<Utc>>;

/// What is exported, how and where to.
pub(crate) struct Job {
    pub(crate) export: Export,
    pub(crate) folder: PathBuf,
    pub(crate) tidy: Tidy,
    /// Whether the data are the emulator's.
    pub(crate) invented: bool,
    /// How many requests are under way at once.
    pub(crate) at_once: usize,
    /// Where to draw how far it has come.
    pub(crate) bars: MultiProgress,
}

/// What an export has done.
pub(crate) struct Done {
    pub(crate) files: usize,
    pub(crate) rows: u64,
    /// How many of the files were there before.
    pub(crate) kept: usize,
    /// What the reader should know about the data.
    pub(crate) notes: Vec<String>,
}

impl Job {
    /// The calls that it would take, where it is `now`; the directory is not touched.
    pub(crate) fn plan(&self, now: SystemTime) -> ExportCalls {
        self.export.clone().calls(now)
    }

    pub(crate) fn run(self, client: &Client) -> Result<Done, Failure> {
        // Read once: where the present is the end, the months and the calls for them have to agree on when that is.
        let now = Moment::now().wall;
        let whole = self.plan(now);
        let mut months = Months::of(&whole, self.tidy.extension());
        let directory = Directory::open(&self.folder)?;
        let found = self.find(&directory, &mut months);
        let (manifest, there) = found.inspect_err(|_| directory.leave())?;
        let kept = months.finished();
        directory.put_manifest(&manifest.write().map_err(std::io::Error::from)?)?;

        let calls = self.export.clone().without(there).calls(now);
        let mut writer = Writer { directory, manifest, months, tidy: self.tidy, notes: Vec::new() };
        let result = writer.write_what_is_there().and_then(|()| self.ask(client, calls, &mut writer));
        if let Err(failure) = result {
            let (finished, all) = (writer.months.finished(), writer.months.len());
            return Err(failure
                .and(&format!("{finished} of {all} files are there; the same command goes on from here")));
        }
        let (files, rows) = (writer.months.len(), writer.manifest.rows);
        if writer.months.finished() < files {
            // Cannot be: the calls were for all of them. Should it be, the manifest must not say that all is there.
            return Err(Failure::request("the export ended, and not all of its files are there"));
        }
        let notes = std::mem::take(&mut writer.notes);
        writer.close(&self.export.window(), whole.settled_until())?;
        Ok(Done { files, rows, kept, notes })
    }

    /// The manifest to go on with and the parts that are there, unless the directory holds something else.
    fn find(&self, directory: &Directory, months: &mut Months) -> Result<(Manifest, Vec<Span>), Failure> {
        let request = Request::of(&self.export, self.tidy.extension(), self.invented);
        let mut manifest = Manifest::new(request, &self.export.window(), Timeseries::default().header());
        let mut earlier_start = None;
        if let Some(text) = directory.manifest()? {
            let earlier = Manifest::read(&text).map_err(|why| {
                Failure::usage(format!(
                    "--out holds a manifest that cannot be continued: {why}; choose another directory"
                ))
            })?;
            earlier_start = Some(earlier.from);
            manifest = earlier.continued(&manifest)?;
        }
        months.refuse_strangers(directory, &manifest)?;
        let there = months.find(directory, &manifest, earlier_start)?;
        Ok((manifest, there))
    }

    /// Makes the calls, a few at once. After a failure no more are begun, and those under way are waited for, so that
    /// nothing that has come is lost.
    fn ask(&self, client: &Client, mut calls: ExportCalls, writer: &mut Writer) -> Result<(), Failure> {
        let mut progress = Progress::new(calls.pending(), &self.bars);
        let (send, answers) = mpsc::channel();
        let (mut under_way, mut failure) = (0, None);
        loop {
            while under_way < self.at_once.max(1) && failure.is_none() {
                let Some((call, params)) = calls.next_call() else { break };
                let (client, send) = (client.clone(), send.clone());
                std::thread::spawn(move || {
                    // Nobody listens any more where the export has ended.
                    let _ = send.send((call, client.timeseries(&params)));
                });
                under_way += 1;
            }
            if under_way == 0 {
                break;
            }
            let Ok((call, answer)) = answers.recv() else { break };
            under_way -= 1;
            let taken: Result<Option<Part>, Error> = calls.finish(call, answer);
            let written = taken.map_err(Failure::from).and_then(|part| match part {
                Some(part) => {
                    progress.add(&part.window, rows_of(&part));
                    writer.take(part)
                }
                None => Ok(()),
            });
            failure = failure.or(written.err());
        }
        progress.clear();
        failure.map_or(Ok(()), Err)
    }
}

/// Puts parts where they belong.
struct Writer {
    directory: Directory,
    manifest: Manifest,
    months: Months,
    tidy: Tidy,
    notes: Vec<String>,
}

impl Writer {
    fn take(&mut self, part: Part) -> Result<(), Failure> {
        let contradicts = self.manifest.note(&part.data.meta);
        self.note_normalization(&part, contradicts);
        let Some(month) = self.months.of_part(&part.window) else { return Ok(()) };
        // A part that changes no more is kept while its month is not over, or still changes.
        let is_last = month.is_there_with(&part.window);
        if part.is_settled && !(is_last && month.is_settled()) {
            self.directory.put_part(&part.window, &part.data)?;
        }
        month.add(part.window, part.data);
        self.write_what_is_there()
    }

    /// Writes the months of which all parts are there.
    fn write_what_is_there(&mut self) -> Result<(), Failure> {
        for month in self.months.unwritten() {
            let (entry, content) = month.file(self.tidy)?;
            let name = entry.path.clone();
            self.directory.prepare(&name, &content)?;
            self.manifest.put(entry);
            self.directory.put_manifest(&self.manifest.write().map_err(std::io::Error::from)?)?;
            self.directory.put_in_place(&name)?;
            if month.is_settled() {
                month.windows().for_each(|window| self.directory.drop_part(&window));
            }
            month.forget();
        }
        Ok(())
    }

    /// Values that are scaled within each answer are not what one big answer would have.
    fn note_normalization(&mut self, part: &Part, contradicts: bool) {
        use Normalization as N;
        let given = part.data.meta.normalization.as_ref();
        let is_of_each_answer =
            matches!(given, Some(N::Min0Max | N::MinMax | N::PercentageChange | N::RollingAverage));
        if (contradicts || is_of_each_answer && self.months.len() > 1) && self.notes.is_empty() {
            let given = given.map(ToString::to_string).unwrap_or_default();
            self.notes.push(format!(
                "the API scales values within each answer ({given}), so those of one file cannot be compared with those of another"
            ));
        }
    }

    fn close(mut self, window: &Span, settled_to: DateTime<Utc>) -> Result<(), Failure> {
        let manifest = &mut self.manifest;
        manifest.complete = true;
        manifest.settled = window.end <= settled_to && manifest.files.iter().all(|file| file.settled);
        self.directory.put_manifest(&manifest.write().map_err(std::io::Error::from)?)?;
        if manifest.settled {
            self.directory.close_settled();
        }
        Ok(())
    }
}

fn rows_of(part: &Part) -> u64 {
    part.data.series.iter().map(|series| u64::try_from(series.len()).unwrap_or(u64::MAX)).sum()
}
