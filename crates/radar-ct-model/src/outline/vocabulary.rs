//! Enumerations as data.

use crate::enums::{
    CertificateRecordType, Dimension, EventType, LogApi, LogState, Normalization, ReportedInterval,
    RevocationStatus, RootStatus,
};

/// An enumeration, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vocabulary {
    /// The name of its type here.
    pub name: &'static str,
    /// The documented values, as they are written on the wire.
    pub values: &'static [&'static str],
}

macro_rules! vocabularies {
    ($($name:ident),*) => {
        const VOCABULARIES: &[Vocabulary] =
            &[$(Vocabulary { name: stringify!($name), values: $name::VALUES }),*];
    };
}

// Those in answers, and the one in a path.
vocabularies!(
    CertificateRecordType,
    Dimension,
    EventType,
    LogApi,
    LogState,
    Normalization,
    ReportedInterval,
    RevocationStatus,
    RootStatus
);

impl Vocabulary {
    /// That of a type here.
    pub(crate) fn find(name: &str) -> Option<Self> {
        VOCABULARIES.iter().find(|vocabulary| vocabulary.name == name).copied()
    }
}
