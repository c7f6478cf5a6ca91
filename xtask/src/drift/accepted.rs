//! Accepted differences, each with its reason.

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::compare::Difference;
use super::model::check;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accepted {
    accepted: Vec<Entry>,
    /// The pairs of endpoint and difference that occurred.
    #[serde(skip)]
    used: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    reason: String,
    /// Endpoints, in which `*` stands for any text.
    endpoints: Vec<String>,
    /// Differences as they are printed, in which `*` stands for any text. Each occurs at each endpoint.
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
        let accepted: Self = toml::from_str(text)?;
        for entry in &accepted.accepted {
            ensure!(!entry.reason.trim().is_empty(), "no reason for {:?}", entry.differences);
        }
        Ok(accepted)
    }

    /// Returns whether a difference is accepted, and notes that it occurred.
    pub(super) fn accepts(&mut self, difference: &Difference) -> bool {
        let what = format!("{} {}", difference.sign, difference.what);
        let is_meant = |(endpoint, pattern): &(String, String)| {
            matches(endpoint, &difference.endpoint) && matches(pattern, &what)
        };
        let found: Vec<_> = self.pairs().filter(is_meant).collect();
        self.used.extend(found.iter().cloned());
        !found.is_empty()
    }

    /// Returns the accepted differences that did not occur.
    pub(super) fn unused(&self) -> impl Iterator<Item = String> {
        let unused = self.pairs().filter(|pair| !self.used.contains(pair));
        unused.map(|(endpoint, difference)| format!("{difference} ({endpoint})"))
    }

    /// Returns the requests on which the model's verdict is another.
    pub(super) fn wrong_requests(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for entry in &self.accepted {
            for request in &entry.refused {
                if check(request)?.is_ok() {
                    wrong.push(format!("the model does not refuse {request}"));
                }
            }
            for request in &entry.sent {
                if let Err(error) = check(request)? {
                    wrong.push(format!("the model refuses {request}: {error}"));
                }
            }
        }
        Ok(wrong)
    }

    fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.accepted.iter().flat_map(|entry| {
            let differences =
                |endpoint| entry.differences.iter().map(move |one| (String::clone(endpoint), one.clone()));
            entry.endpoints.iter().flat_map(differences)
        })
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

    fn difference(sign: char, endpoint: &str, what: &str) -> Difference {
        Difference { sign, endpoint: endpoint.to_owned(), what: what.to_owned() }
    }

    #[test]
    fn listed_differences_are_accepted_and_no_others() {
        let text = r#"accepted = [{ reason = "Old answers.", endpoints = ["*/a", "*/b"], differences = ["- x: value *"] }]"#;
        let mut accepted = Accepted::parse(text).unwrap();
        assert!(accepted.accepts(&difference('-', "GET /a", "x: value EVENT")));
        assert!(!accepted.accepts(&difference('+', "GET /a", "x: value EVENT")));
        assert!(!accepted.accepts(&difference('-', "GET /c", "x: value EVENT")));
        assert!(!accepted.accepts(&difference('-', "GET /a", "x: type null")));
        assert_eq!(accepted.unused().collect::<Vec<_>>(), ["- x: value * (*/b)"]);
        assert!(Accepted::parse(&text.replace("Old answers.", "")).is_err());
    }

    #[test]
    fn the_model_keeps_the_accepted_rules() {
        let accepted = Accepted::parse(include_str!("../../drift/accepted.toml")).unwrap();
        assert_eq!(accepted.wrong_requests().unwrap(), [""; 0]);
    }
}
