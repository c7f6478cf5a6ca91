//! The rule for API tokens and keys.

/// Returns whether a text can be a token or key: visible ASCII. The length of real ones does not matter here.
pub(crate) fn is_well_formed(secret: &str) -> bool {
    !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic())
}
