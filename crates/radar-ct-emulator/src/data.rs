//! The synthetic data: CAs, logs, and the certificates that they issue and hold at any time.

pub(crate) mod authorities;
pub(crate) mod logs;
mod names;
mod population;
pub(crate) mod random;
pub(crate) mod slot;
pub(crate) mod stratum;
pub(crate) mod volume;
pub(crate) mod world;
