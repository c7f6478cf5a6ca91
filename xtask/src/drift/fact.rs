//! One thing that is known of the API.

use std::collections::{BTreeMap, BTreeSet};

/// What a form, of which a subject has one, is said under.
pub(super) const FORM: &str = "form";
/// A value of an enumeration.
pub(super) const WORD: &str = "word";
/// A rule, in the words of `xtask/surface/rules.py`.
pub(super) const RULE: &str = "rule";
/// That it may be null or missing.
pub(super) const NULL: &str = "null";
/// The name of a group that is known beforehand.
pub(super) const KEY: &str = "key";

const ASPECTS: &[&str] = &[FORM, WORD, RULE, NULL, KEY];

/// The values of one aspect of one subject.
pub(super) type Values = BTreeSet<String>;
/// What is known of one subject, by aspect.
pub(super) type Subject = BTreeMap<&'static str, Values>;

/// What somebody says of the API: by endpoint, then by subject, such as `parameter tld`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Facts(pub(super) BTreeMap<String, BTreeMap<String, Subject>>);

impl Facts {
    pub(super) fn add(
        &mut self,
        endpoint: &str,
        subject: &str,
        aspect: &'static str,
        value: impl Into<String>,
    ) {
        let subjects = self.0.entry(endpoint.to_owned()).or_default();
        let subject = subjects.entry(subject.to_owned()).or_default();
        subject.entry(aspect).or_default().insert(value.into());
    }

    /// Reads what `xtask/surface/main.py` prints.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut facts = Self::default();
        for line in text.lines() {
            let mut parts = line.split('\t');
            let (Some(endpoint), Some(subject), Some(aspect), Some(value), None) =
                (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
            else {
                return Err(format!("this is no fact: {line}"));
            };
            let aspect = ASPECTS.iter().find(|known| **known == aspect);
            let aspect = aspect.ok_or_else(|| format!("this is a fact of no known kind: {line}"))?;
            facts.add(endpoint, subject, aspect, value);
        }
        if facts.0.is_empty() {
            return Err("there is not one fact".to_owned());
        }
        Ok(facts)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values).map(BTreeSet::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_facts_and_nothing_else_does() {
        let facts = Facts::parse("/a\tparameter x\tword\tA\n/a\tparameter x\tword\tB\n").unwrap();
        assert_eq!(facts.count(), 2);
        for text in
            ["", "/a\tparameter x\tword", "/a\tparameter x\tcolour\tred", "Traceback", "a\tb\tform\td\te"]
        {
            assert!(Facts::parse(text).is_err(), "{text}");
        }
    }
}
