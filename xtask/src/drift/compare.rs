//! Differences between two sets of facts.
//!
//! A difference is a line: a sign, the endpoint, the subject, and the fact, unless the subject is missing.
//! The sign is `-` if only the first side has the fact, and `+` if only the second has it.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, Subjects};

/// Compares two SDKs. Formats count only within a language: TypeScript knows neither dates nor integers.
pub(super) fn differences(known: &Facts, found: &Facts, formats: bool) -> Vec<String> {
    compare(known, found, &|_, fact| formats || !fact.starts_with("format "))
}

/// Compares the model with an SDK. The model may read more types than the SDK documents, null among them.
pub(super) fn model_differences(model: &Facts, sdk: &Facts) -> Vec<String> {
    let ignored = |sign, fact: &str| fact.starts_with("format ") || sign == '-' && fact.starts_with("type ");
    compare(model, sdk, &|sign, fact| !ignored(sign, fact))
}

fn compare(known: &Facts, found: &Facts, counts: &dyn Fn(char, &str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for endpoint in union(known, found) {
        match (known.get(endpoint), found.get(endpoint)) {
            (Some(known), Some(found)) => compare_subjects(endpoint, known, found, counts, &mut lines),
            (known, _) => lines.push(format!("{} {endpoint}", sign(known.is_some()))),
        }
    }
    lines
}

fn compare_subjects(
    endpoint: &str,
    known: &Subjects,
    found: &Subjects,
    counts: &dyn Fn(char, &str) -> bool,
    lines: &mut Vec<String>,
) {
    let mut missing: Vec<&str> = Vec::new();
    for subject in union(known, found) {
        match (known.get(subject), found.get(subject)) {
            (Some(known), Some(found)) => {
                for (sign, one, other) in [('-', known, found), ('+', found, known)] {
                    let facts = one.difference(other).filter(|fact| counts(sign, fact));
                    lines.extend(facts.map(|fact| format!("{sign} {endpoint} {subject}: {fact}")));
                }
            }
            // A missing member takes along everything in it.
            _ if missing.iter().any(|outer| is_within(subject, outer)) => {}
            (known, _) => {
                missing.push(subject);
                lines.push(format!("{} {endpoint} {subject}", sign(known.is_some())));
            }
        }
    }
}

fn sign(is_known: bool) -> char {
    if is_known { '-' } else { '+' }
}

fn is_within(subject: &str, outer: &str) -> bool {
    subject.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.') || rest.starts_with("[]"))
}

fn union<'a, V>(one: &'a BTreeMap<String, V>, other: &'a BTreeMap<String, V>) -> BTreeSet<&'a String> {
    one.keys().chain(other.keys()).collect()
}
