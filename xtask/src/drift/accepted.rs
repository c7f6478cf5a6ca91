//! Accepted differences, each with its reason.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::model::check;

#[derive(Debug)]
pub(super) struct Accepted {
    entries: Vec<Entry>,
    /// The pattern of each difference, and whether it occurred.
    patterns: Vec<(String, bool)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    reason: String,
    /// Endpoints, in which `*` stands for any text.
    endpoints: Vec<String>,
    /// Differences without their endpoints, in which `*` stands for any text. Each occurs at each endpoint.
    differences: Vec<String>,
    /// Requests that the model refuses, as proof of the reason.
    #[serde(default)]
    refused: Vec<String>,
    /// Requests that the model sends, as proof of the reason.
    #[serde(default)]
    sent: Vec<String>,
}

impl Accepted {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let file: BTreeMap<String, Vec<Entry>> = toml::from_str(text)?;
        let entries: Vec<Entry> = file.into_values().flatten().collect();
        let mut patterns = Vec::new();
        for entry in &entries {
            ensure!(!entry.reason.trim().is_empty(), "no reason for {:?}", entry.differences);
            for difference in &entry.differences {
                let (sign, what) = difference.split_once(' ').with_context(|| difference.clone())?;
                let pattern = |endpoint| (format!("{sign} {endpoint} {what}"), false);
                patterns.extend(entry.endpoints.iter().map(pattern));
            }
        }
        Ok(Self { entries, patterns })
    }

    /// Returns whether a difference is accepted, and notes that it occurred.
    pub(super) fn accepts(&mut self, difference: &str) -> bool {
        let mut accepted = false;
        for (_, occurred) in self.patterns.iter_mut().filter(|(pattern, _)| matches(pattern, difference)) {
            *occurred = true;
            accepted = true;
        }
        accepted
    }

    /// Returns the accepted differences that did not occur.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().filter(|(_, occurred)| !occurred).map(|(pattern, _)| pattern.as_str())
    }

    /// Returns the requests on which the model's verdict is another.
    pub(super) fn wrong_requests(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for entry in &self.entries {
            let refused = entry.refused.iter().map(|request| (request, false));
            for (request, sent) in refused.chain(entry.sent.iter().map(|request| (request, true))) {
                let verdict = check(request)?;
                if verdict.is_ok() != sent {
                    wrong.push(format!("{request} is {verdict:?}"));
                }
            }
        }
        Ok(wrong)
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    (0..=text.len()).filter_map(|at| text.get(at..)).any(|tail| matches(rest, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_differences_are_accepted_and_no_others() {
        let text =
            r#"accepted = [{ reason = "Old.", endpoints = ["*/a", "*/b"], differences = ["- x: value *"] }]"#;
        let mut accepted = Accepted::parse(text).unwrap();
        assert!(accepted.accepts("- GET /a x: value EVENT"));
        for other in ["+ GET /a x: value EVENT", "- GET /c x: value EVENT", "- GET /a x: type null"] {
            assert!(!accepted.accepts(other), "{other}");
        }
        assert_eq!(accepted.unused().collect::<Vec<_>>(), ["- */b x: value *"]);
        assert!(Accepted::parse(&text.replace("Old.", "")).is_err());
    }

    #[test]
    fn the_model_keeps_the_accepted_rules() {
        let accepted = Accepted::parse(include_str!("../../drift/accepted.toml")).unwrap();
        assert_eq!(accepted.wrong_requests().unwrap(), [""; 0]);
    }
}
