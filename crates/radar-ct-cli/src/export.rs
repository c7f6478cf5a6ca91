//! Exports: a long window as files, one for each month, resumable at any time.

mod directory;
pub(crate) mod job;
mod manifest;
mod months;
mod progress;
mod window;
mod writer;
