//! Iteration that spans several calls: lists and exports.

use radar_ct_model::Endpoint;

use crate::error::Error;

/// A sequence of calls whose answers become items. It decides without I/O, and each client drives it.
pub(crate) trait Sequence {
    /// The endpoint that is called.
    type Call: Endpoint<Answer = Self::Answer>;
    /// The answer to one call.
    type Answer;
    /// The items of the sequence.
    type Item;

    /// Returns the next item that is available without a call.
    fn next_item(&mut self) -> Option<Self::Item>;

    /// Returns the next call, or `None` at the end.
    fn next_call(&mut self) -> Option<Self::Call>;

    /// Accepts the result of the last call. After an error there are no more calls.
    fn accept(&mut self, answer: Result<Self::Answer, Error>) -> Result<(), Error>;
}
