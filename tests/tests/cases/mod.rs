//! The configuration of property tests.

use proptest::prelude::ProptestConfig;

/// A configuration without a file of past failures: each failure becomes a named test instead.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}
