//! The iterators of the blocking client, over lists and exports.

use std::fmt;

use radar_ct_model::ListParams;
use radar_ct_model::endpoints::Listing;

use super::client::Client;
use crate::error::Error;
use crate::export::{Export, Part};
use crate::export_calls::ExportSequence;
use crate::pages::Pager;
use crate::sequence::Sequence;

impl Client {
    /// Returns all rows of a list, page by page: of [`AuthoritiesParams`](crate::AuthoritiesParams) or
    /// [`LogsParams`](crate::LogsParams). Each row comes once, and the iterator ends after the first error.
    ///
    /// ```no_run
    /// # fn example(client: radar_ct::blocking::Client) -> Result<(), radar_ct::Error> {
    /// use radar_ct::LogsParams;
    /// for log in client.all(&LogsParams::new()) {
    ///     println!("{}", log?.slug);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn all<L: Listing>(&self, params: &ListParams<L>) -> Rows<'_, L> {
        Rows { client: self, pager: Pager::new(params) }
    }

    /// Exports a long window in parts, in order and in as many calls as necessary: see [`Export`]. The
    /// iterator ends after the first error. The parts before it are valid; [`Export::without`] excludes them
    /// from another run.
    ///
    /// ```no_run
    /// # use radar_ct::{Error, Export, blocking::Client};
    /// # fn example(client: Client, export: Export) -> Result<(), Error> {
    /// for part in client.export(export) {
    ///     let part = part?;
    ///     println!("{}: {} points", part.window.start, part.data.single()?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, export: Export) -> Parts<'_> {
        let calls = export.calls(self.now().wall);
        Parts { client: self, sequence: ExportSequence::new(calls) }
    }
}

/// The rows of a list: see [`Client::all`].
#[must_use = "iterators are lazy and do nothing until they are consumed"]
pub struct Rows<'c, L: Listing> {
    client: &'c Client,
    pager: Pager<L>,
}

impl<L: Listing> Iterator for Rows<'_, L> {
    type Item = Result<L::Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next_item(self.client, &mut self.pager)
    }
}

impl<L: Listing> fmt::Debug for Rows<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The parts of an export: see [`Client::export`].
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing until they are consumed"]
pub struct Parts<'c> {
    client: &'c Client,
    sequence: ExportSequence,
}

impl Iterator for Parts<'_> {
    type Item = Result<Part, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next_item(self.client, &mut self.sequence)
    }
}

/// Returns the next item of a sequence, after as many calls as it takes.
fn next_item<S: Sequence>(client: &Client, sequence: &mut S) -> Option<Result<S::Item, Error>> {
    loop {
        if let Some(item) = sequence.next_item() {
            return Some(Ok(item));
        }
        let answer = client.call(sequence.next_call()?).map(|answer| answer.data);
        if let Err(error) = sequence.accept(answer) {
            return Some(Err(error));
        }
    }
}
