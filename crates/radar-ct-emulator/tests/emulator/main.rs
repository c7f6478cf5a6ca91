//! Tests of the emulator over HTTP, with an independent client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod answers;
mod connections;
mod control_ranges;
mod credentials;
mod determinism;
mod group_and_list_refusals;
mod groups;
mod http_client;
mod intervals;
mod lists;
mod partitions;
mod program;
mod rate_limit;
mod seasonality;
mod series_refusals;
