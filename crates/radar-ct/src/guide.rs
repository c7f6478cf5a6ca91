//! A guide with a page per topic. The code on these pages is tested.
//!
//! - [`credentials`]: tokens and keys, and where they are sent.
//! - [`comparing`]: several series in one request.
//! - [`long_windows`]: windows that are too long for one answer.
//! - [`errors`]: predicates, retries and timeouts.
//! - [`rate_limits`]: client-side rate limits and observers.
//! - [`transport`]: your own HTTP library.
//! - [`testing`]: the emulator and simulated failures.
//! - [`endpoints`]: endpoints that this crate does not have yet.

#[doc = include_str!("../docs/credentials.md")]
pub mod credentials {}

#[doc = include_str!("../docs/comparing.md")]
pub mod comparing {}

#[doc = include_str!("../docs/long_windows.md")]
pub mod long_windows {}

#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/rate_limits.md")]
pub mod rate_limits {}

#[doc = include_str!("../docs/transport.md")]
pub mod transport {}

#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/endpoints.md")]
pub mod endpoints {}
