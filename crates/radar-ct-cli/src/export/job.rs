//! The run of an export.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::SystemTime;

use indicatif::MultiProgress;
use radar_ct::blocking::Client;
use radar_ct::transport::Moment;
use radar_ct::{Error, Export, ExportCalls, Part};

use super::directory::Directory;
use super::manifest::{Manifest, Request};
use super::months::{Months, row_count};
use super::progress::Progress;
use super::window::Window;
use super::writer::Writer;
use crate::exit::Failure;
use crate::output::format::RowFormat;

/// An export, its destination and its format.
pub(crate) struct Job {
    pub(crate) export: Export,
    pub(crate) folder: PathBuf,
    pub(crate) format: RowFormat,
    /// Recorded in the manifest, so that made-up data are never continued with real ones.
    pub(crate) is_emulated: bool,
    /// The number of concurrent requests.
    pub(crate) concurrency: usize,
    /// The place for a progress bar.
    pub(crate) bars: MultiProgress,
}

/// The result of an export.
pub(crate) struct Done {
    pub(crate) files: usize,
    pub(crate) rows: u64,
    /// The number of files that an earlier run had completed.
    pub(crate) kept: usize,
    /// Warnings about the data.
    pub(crate) notes: Vec<String>,
}

impl Job {
    /// Returns the calls of the whole export at the instant `now`. The directory is not touched.
    pub(crate) fn calls(&self, now: SystemTime) -> ExportCalls {
        self.export.clone().calls(now)
    }

    pub(crate) fn run(self, client: &Client) -> Result<Done, Failure> {
        // Read once: months and calls must agree on the present, where a window without an end stops.
        let now = Moment::now().wall;
        let whole = self.calls(now);
        let mut months = Months::new(&whole, self.format.name());
        let directory = Directory::open(&self.folder)?;
        let resumed = self.resume(&directory, &mut months);
        let (manifest, complete) = resumed.inspect_err(|_| directory.leave())?;
        let kept = months.finished();
        directory.put_manifest(&manifest.to_json()?)?;

        let calls = self.export.clone().without(complete).calls(now);
        let mut writer = Writer::new(directory, manifest, months, self.format);
        let result = writer.write_complete_months().and_then(|()| self.fetch(client, calls, &mut writer));
        if let Err(failure) = result {
            let (finished, all) = (writer.months().finished(), writer.months().len());
            return Err(failure.with_line(&format!(
                "{finished} of {all} files are complete; run the same command to resume"
            )));
        }
        let (files, rows) = (writer.months().len(), writer.manifest().rows);
        if writer.months().finished() < files {
            // The calls cover all months. If they ever do not, the manifest must not claim to be complete.
            return Err(Failure::request("the export ended before all files were complete"));
        }
        let notes = writer.take_notes();
        writer.close(&self.export.window(), whole.settled_until())?;
        Ok(Done { files, rows, kept, notes })
    }

    /// Returns the manifest to continue and the windows that need no call.
    fn resume(&self, directory: &Directory, months: &mut Months) -> Result<(Manifest, Vec<Window>), Failure> {
        let request = Request::new(&self.export, self.format.name(), self.is_emulated);
        let mut manifest = Manifest::new(request, &self.export.window());
        let mut earlier_start = None;
        if let Some(text) = directory.manifest()? {
            let earlier = Manifest::parse(&text).map_err(|reason| {
                Failure::usage(format!(
                    "--out has a manifest that cannot be continued: {reason}; choose another directory"
                ))
            })?;
            earlier_start = Some(earlier.from);
            manifest = earlier.continued(&manifest)?;
        }
        months.refuse_foreign_files(directory, &manifest)?;
        let complete = months.find_complete(directory, &manifest, earlier_start)?;
        Ok((manifest, complete))
    }

    /// Runs the calls, several at once. After a failure no call starts, but running ones are awaited, so that
    /// no answer is lost.
    fn fetch(&self, client: &Client, mut calls: ExportCalls, writer: &mut Writer) -> Result<(), Failure> {
        let mut progress = Progress::new(calls.pending(), &self.bars);
        let (send, answers) = mpsc::channel();
        let (mut running, mut failure) = (0, None);
        loop {
            while running < self.concurrency.max(1) && failure.is_none() {
                let Some((call, params)) = calls.next_call() else { break };
                let (client, send) = (client.clone(), send.clone());
                std::thread::spawn(move || {
                    // The receiver is gone if the export has ended.
                    let _ = send.send((call, client.timeseries(&params)));
                });
                running += 1;
            }
            if running == 0 {
                break;
            }
            let Ok((call, answer)) = answers.recv() else { break };
            running -= 1;
            let part: Result<Option<Part>, Error> = calls.finish(call, answer);
            let written = part.map_err(Failure::from).and_then(|part| match part {
                Some(part) => {
                    progress.add(&part.window, row_count(&part.data));
                    writer.add(part)
                }
                None => Ok(()),
            });
            failure = failure.or(written.err());
        }
        progress.clear();
        failure.map_or(Ok(()), Err)
    }
}
