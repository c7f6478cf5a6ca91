//! Environment variables.

use std::ffi::OsString;

use radar_ct_transport::internal;

use crate::error::Error;

/// Returns the text of an environment variable. An empty variable counts as unset.
pub(crate) fn env_text(
    name: &str,
    variable: impl FnOnce(&str) -> Option<OsString>,
) -> Result<Option<String>, Error> {
    internal::env_text(name, variable(name)).map_err(Error::configuration)
}
