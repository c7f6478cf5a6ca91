//! Shared parts of the tests: a query parser that is independent of the model, setters by wire name,
//! fixtures, servers, and the properties that are fuzzed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a failed test panics"
)]

pub mod build;
pub mod faults;
pub mod fixtures;
pub mod fuzz;
pub mod proxy;
pub mod tls;
pub mod wire;
pub mod world;

/// The code in the project's README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The code in the guide of `radar-ct`.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../crates/radar-ct/docs/credentials.md")]
    struct Credentials;
    #[doc = include_str!("../../crates/radar-ct/docs/comparing.md")]
    struct Comparing;
    #[doc = include_str!("../../crates/radar-ct/docs/long_windows.md")]
    struct LongWindows;
    #[doc = include_str!("../../crates/radar-ct/docs/errors.md")]
    struct Errors;
    #[doc = include_str!("../../crates/radar-ct/docs/rate_limits.md")]
    struct RateLimits;
    #[doc = include_str!("../../crates/radar-ct/docs/transport.md")]
    struct Transport;
    #[doc = include_str!("../../crates/radar-ct/docs/testing.md")]
    struct Testing;
    #[doc = include_str!("../../crates/radar-ct/docs/endpoints.md")]
    struct Endpoints;
}
