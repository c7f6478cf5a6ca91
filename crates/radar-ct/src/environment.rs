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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_and_empty_variables_have_no_text() {
        assert_eq!(env_text("A", |_| None).unwrap(), None);
        assert_eq!(env_text("A", |_| Some("".into())).unwrap(), None);
        assert_eq!(env_text("A", |name| Some(format!("{name}b").into())).unwrap().unwrap(), "Ab");
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_utf8_is_a_usage_error() {
        use std::os::unix::ffi::OsStringExt;

        let error = env_text("A_NAME", |_| Some(OsString::from_vec(b"http://h/\xFF".to_vec()))).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("A_NAME is not UTF-8"), "{error}");
    }
}
