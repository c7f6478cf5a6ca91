//! The differences that are known and accepted, each with its reason.
//!
//! A reason stands behind `because:` at the beginning of a line. The lines under it, indented, are the differences as they are
//! printed, endpoint and all; a `*` at the end of an endpoint stands for any rest.

use super::compare::Difference;

const REASON: &str = "because:";

#[derive(Debug)]
pub(super) struct Allowed {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    line: usize,
    text: String,
    endpoint: String,
    change: String,
    what: String,
    used: bool,
}

impl Allowed {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut entries: Vec<Entry> = Vec::new();
        // Of the last reason: its line, and how many entries there were before it.
        let mut reason: Option<(usize, usize)> = None;
        for (line, text) in text.lines().enumerate().map(|(index, text)| (index + 1, text)) {
            if text.trim().is_empty() || text.starts_with('#') {
                continue;
            }
            if let Some(why) = text.strip_prefix(REASON) {
                if why.trim().is_empty() {
                    return Err(format!("line {line}: a reason without words"));
                }
                reason_is_for_something(reason, entries.len())?;
                reason = Some((line, entries.len()));
            } else if !text.starts_with(' ') {
                return Err(format!("line {line}: neither `{REASON}` nor, indented, a difference"));
            } else if reason.is_none() {
                return Err(format!("line {line}: accepted without a reason"));
            } else {
                entries.push(Entry::parse(line, text.trim())?);
            }
        }
        reason_is_for_something(reason, entries.len())?;
        Ok(Self { entries })
    }

    /// Whether it is accepted, which is noted.
    pub(super) fn accepts(&mut self, difference: &Difference) -> bool {
        let mut accepted = false;
        for entry in self.entries.iter_mut().filter(|entry| entry.matches(difference)) {
            entry.used = true;
            accepted = true;
        }
        accepted
    }

    /// What was accepted and is no difference any more.
    pub(super) fn stale(&self) -> impl Iterator<Item = String> {
        self.entries
            .iter()
            .filter(|entry| !entry.used)
            .map(|entry| format!("line {}: {}", entry.line, entry.text))
    }
}

fn reason_is_for_something(reason: Option<(usize, usize)>, entries: usize) -> Result<(), String> {
    match reason {
        Some((line, before)) if before == entries => Err(format!("line {line}: a reason for nothing")),
        _ => Ok(()),
    }
}

impl Entry {
    fn parse(line: usize, text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ": ").map(str::to_owned);
        let (Some(change), Some(endpoint), Some(what)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format!("line {line}: not `CHANGE: ENDPOINT: WHAT`"));
        };
        if !["appeared", "vanished", "changed"].contains(&change.as_str()) {
            return Err(format!("line {line}: `{change}` is neither appeared, vanished nor changed"));
        }
        Ok(Self { line, text: text.to_owned(), endpoint, change, what, used: false })
    }

    fn matches(&self, difference: &Difference) -> bool {
        let endpoint = match self.endpoint.strip_suffix('*') {
            Some(beginning) => difference.endpoint.starts_with(beginning),
            None => difference.endpoint == self.endpoint,
        };
        endpoint && difference.change.word() == self.change && difference.what == self.what
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare::Change;
    use super::*;

    fn difference(endpoint: &str, what: &str) -> Difference {
        Difference { endpoint: endpoint.to_owned(), change: Change::Vanished, what: what.to_owned() }
    }

    #[test]
    fn what_is_listed_is_accepted_and_nothing_else() {
        let text = "# words\n\nbecause: of old answers\n  vanished: /a/*: answer x: value EVENT\n  vanished: /b: answer y\n";
        let mut allowed = Allowed::parse(text).unwrap();
        assert!(allowed.accepts(&difference("/a/one", "answer x: value EVENT")));
        assert!(!allowed.accepts(&difference("/b", "answer x: value EVENT")));
        assert!(!allowed.accepts(&difference("/a/one", "answer x: value OTHER")));
        let appeared = Difference { change: Change::Appeared, ..difference("/b", "answer y") };
        assert!(!allowed.accepts(&appeared));
        assert_eq!(allowed.stale().collect::<Vec<_>>(), ["line 5: vanished: /b: answer y"]);
    }

    #[test]
    fn every_entry_has_a_reason_and_every_reason_an_entry() {
        for text in [
            "  vanished: /a: answer x",
            "because:\n  vanished: /a: answer x",
            "because: of this",
            "because: of this\nbecause: of that\n  vanished: /a: answer x",
            "because: of this\nvanished: /a: answer x",
            "because: of this\n  gone: /a: answer x",
            "because: of this\n  vanished: answer x",
        ] {
            assert!(Allowed::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn our_own_list_can_be_read() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/drift_allowed.txt");
        Allowed::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    }
}
