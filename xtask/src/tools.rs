//! What a check needs and the toolchain does not bring.

/// Why a check has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// What it needs is not to be had here.
    Skip(String),
    /// Something is wrong.
    Broken(String),
}
