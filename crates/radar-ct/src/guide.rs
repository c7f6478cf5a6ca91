//! How to do what is done often, a page each. The code on these pages is tested.
//!
//! - [`credentials`]: who asks, and where the secret goes.
//! - [`comparing`]: several series in one request.
//! - [`long_windows`]: more than one answer holds.
//! - [`errors`]: what went wrong, and what is tried again.
//! - [`rate_limits`]: budgets, and seeing what clients do.
//! - [`transport`]: an HTTP library of your own.
//! - [`testing`]: the emulator, and faults on purpose.
//! - [`endpoints`]: what this crate does not have yet.

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
