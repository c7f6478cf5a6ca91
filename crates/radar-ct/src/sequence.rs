//! Things that take several calls, one after the other: what is the same about them, whatever the calls.

use radar_ct_model::Endpoint;

use crate::error::Error;

/// Decides what is called next, and what comes of it, without I/O. Items are handed out as they come.
pub(crate) trait Sequence {
    /// What is called.
    type Call: Endpoint<Answer = Self::Answer>;
    /// What a call answers.
    type Answer;
    /// What comes of it all.
    type Item;

    /// The next item that is there already.
    fn next_item(&mut self) -> Option<Self::Item>;

    /// What to call next, where there may be more.
    fn next_call(&mut self) -> Option<Self::Call>;

    /// Takes what came of the last call. An error is the end: there is no call after it.
    fn take(&mut self, answer: Result<Self::Answer, Error>) -> Result<(), Error>;
}
