//! The emulator from outside: by HTTP, with a client that knows nothing of it. One file, one question.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod client;
mod connections;
mod control;
mod credentials;
mod determinism;
mod groups;
mod intervals;
mod lists;
mod partitions;
mod program;
mod rate_limit;
mod refusals;
mod rhythm;
mod sister_refusals;
