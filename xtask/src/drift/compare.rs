//! Differences between two sets of facts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::facts::{Facts, Subjects};

/// A fact that one side alone has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// `-` for the first side, which is the model or the older SDK, and `+` for the second.
    pub(super) sign: char,
    pub(super) endpoint: String,
    /// The subject and the fact; the subject alone if the other side does not have it.
    pub(super) what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.sign, self.endpoint, self.what)
    }
}

/// Compares two SDKs. Formats are compared only within a language: TypeScript knows neither dates nor integers.
pub(super) fn differences(known: &Facts, found: &Facts, formats: bool) -> Vec<Difference> {
    compare(known, found, |_, fact| formats || !fact.starts_with("format "))
}

/// Compares the model with an SDK. The model may read more types than the SDK documents, null among them.
pub(super) fn model_differences(model: &Facts, sdk: &Facts) -> Vec<Difference> {
    let ignored = |sign, fact: &str| fact.starts_with("format ") || sign == '-' && fact.starts_with("type ");
    compare(model, sdk, |sign, fact| !ignored(sign, fact))
}

fn compare(known: &Facts, found: &Facts, counts: impl Fn(char, &str) -> bool) -> Vec<Difference> {
    let mut differences = Vec::new();
    for endpoint in union(known, found) {
        let mut add = |sign, what: String| {
            differences.push(Difference { sign, endpoint: endpoint.clone(), what });
        };
        match (known.get(endpoint), found.get(endpoint)) {
            (Some(known), Some(found)) => compare_subjects(known, found, &counts, &mut add),
            (known, _) => add(if known.is_some() { '-' } else { '+' }, "endpoint".to_owned()),
        }
    }
    differences
}

fn compare_subjects(
    known: &Subjects,
    found: &Subjects,
    counts: &impl Fn(char, &str) -> bool,
    add: &mut impl FnMut(char, String),
) {
    let mut missing: Vec<&str> = Vec::new();
    for subject in union(known, found) {
        match (known.get(subject), found.get(subject)) {
            (Some(known), Some(found)) => {
                for (sign, one, other) in [('-', known, found), ('+', found, known)] {
                    for fact in one.difference(other).filter(|fact| counts(sign, fact)) {
                        add(sign, format!("{subject}: {fact}"));
                    }
                }
            }
            // A missing member takes along everything in it.
            _ if missing.iter().any(|outer| is_within(subject, outer)) => {}
            (known, _) => {
                missing.push(subject);
                add(if known.is_some() { '-' } else { '+' }, subject.clone());
            }
        }
    }
}

fn is_within(subject: &str, outer: &str) -> bool {
    subject.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.') || rest.starts_with("[]"))
}

fn union<'a, V>(one: &'a BTreeMap<String, V>, other: &'a BTreeMap<String, V>) -> BTreeSet<&'a String> {
    one.keys().chain(other.keys()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses `SUBJECT: FACT, FACT; SUBJECT: FACT`.
    fn facts(text: &str) -> Facts {
        let subject = |text: &str| {
            let (subject, facts) = text.split_once(": ").unwrap();
            (subject.to_owned(), facts.split(", ").map(str::to_owned).collect())
        };
        Facts::from([("/a".to_owned(), text.split("; ").map(subject).collect())])
    }

    fn texts(differences: Vec<Difference>) -> Vec<String> {
        differences.into_iter().map(|one| format!("{} {}", one.sign, one.what)).collect()
    }

    #[test]
    fn facts_of_one_side_are_differences() {
        let (old, new) =
            (facts("p: type string, value A, value B"), facts("p: type string, value B, rule C"));
        assert_eq!(texts(differences(&old, &new, true)), ["- p: value A", "+ p: rule C"]);
        assert!(differences(&old, &old, true).is_empty());
    }

    #[test]
    fn a_missing_member_is_one_difference() {
        let new = facts("m: type array; m[]: type object; m[].x: type string; mx: type string; n: type null");
        assert_eq!(texts(differences(&facts("n: type null"), &new, true)), ["+ m", "+ mx"]);
        assert_eq!(texts(differences(&new, &Facts::new(), true)), ["- endpoint"]);
    }

    #[test]
    fn the_model_may_read_more_types_and_no_fewer() {
        let model = facts("p: type string, type number, type null");
        assert_eq!(texts(model_differences(&model, &facts("p: type string, format date-time"))), [""; 0]);
        assert_eq!(texts(model_differences(&model, &facts("p: type array"))), ["+ p: type array"]);
    }
}
