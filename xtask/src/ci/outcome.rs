//! What a step comes to.

use crate::tools::Missing;

/// What is wrong, and what could not be looked at; neither, if all is well. A line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(super) wrong: Vec<String>,
    pub(super) skipped: Vec<String>,
}

impl Outcome {
    /// A step that found what is wrong, or nothing.
    pub(super) fn found(wrong: Vec<String>) -> Self {
        Self { wrong, skipped: Vec::new() }
    }

    /// What a part of a step comes to, added.
    pub(super) fn and(mut self, part: impl Into<Self>) -> Self {
        let part = part.into();
        self.wrong.extend(part.wrong);
        self.skipped.extend(part.skipped);
        self
    }
}

impl From<Result<(), Missing>> for Outcome {
    fn from(result: Result<(), Missing>) -> Self {
        match result {
            Ok(()) => Self::default(),
            Err(Missing::Skip(why)) => Self { skipped: vec![why], ..Self::default() },
            Err(Missing::Broken(why)) => Self::found(vec![why]),
        }
    }
}

impl From<Result<(), String>> for Outcome {
    fn from(result: Result<(), String>) -> Self {
        Self::found(result.err().into_iter().collect())
    }
}

/// The problems of a step that looks at several things and may itself break.
impl<E: Into<Missing>> From<Result<Vec<String>, E>> for Outcome {
    fn from(result: Result<Vec<String>, E>) -> Self {
        match result {
            Ok(wrong) => Self::found(wrong),
            Err(missing) => Self::from(Err::<(), Missing>(missing.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_had_is_skipped_and_what_is_broken_is_wrong() {
        let skip = Outcome::from(Err::<(), _>(Missing::Skip("no".to_owned())));
        let broken = Outcome::from(Err::<(), _>(Missing::Broken("bad".to_owned())));
        let both = Outcome::default().and(skip).and(broken).and(Ok::<(), String>(()));
        assert_eq!(both, Outcome { wrong: vec!["bad".to_owned()], skipped: vec!["no".to_owned()] });
    }
}
