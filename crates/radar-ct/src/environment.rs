//! Reading the environment.

use std::ffi::OsString;

use crate::error::Error;

/// What a variable holds; an empty one counts as none.
pub(crate) fn text_of(
    name: &str,
    variable: impl FnOnce(&str) -> Option<OsString>,
) -> Result<Option<String>, Error> {
    match variable(name).filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) => value
            .into_string()
            .map(Some)
            .map_err(|_| Error::configuration(format!("the environment variable {name} is not UTF-8"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_holds_text_or_nothing() {
        assert_eq!(text_of("A", |_| None).unwrap(), None);
        assert_eq!(text_of("A", |_| Some("".into())).unwrap(), None);
        assert_eq!(text_of("A", |name| Some(format!("{name}b").into())).unwrap().unwrap(), "Ab");
    }

    /// Whatever else were made of it, it would not be what was meant: a token could go to another host.
    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_an_error_and_not_nothing() {
        use std::os::unix::ffi::OsStringExt;

        let error = text_of("A_NAME", |_| Some(OsString::from_vec(b"http://h/\xFF".to_vec()))).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("A_NAME is not UTF-8"), "{error}");
    }
}
