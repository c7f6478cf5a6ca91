//! What differs between two descriptions of the API.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{FORM, Facts, KEY, NULL, RULE, Subject, Values, WORD};

/// One difference, from what was known to what is said now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    pub(super) endpoint: String,
    pub(super) change: Change,
    /// What it is about: `parameter tld: rule: not with log`.
    pub(super) what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    Appeared,
    Vanished,
    Changed,
}

impl Change {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Appeared => "appeared",
            Self::Vanished => "vanished",
            Self::Changed => "changed",
        }
    }
}

/// How closely to look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison {
    /// A time is a time and no text, and a whole number no other: only one who says so can be held to it.
    pub(super) exact: bool,
    /// What was known is what is read, and may be lenient: nulls that nobody writes do no harm.
    pub(super) lenient: bool,
}

impl Comparison {
    /// The differences, by endpoint.
    pub(super) fn of(self, known: &Facts, said: &Facts) -> Vec<Difference> {
        let mut found = Vec::new();
        for endpoint in union(&known.0, &said.0) {
            let mut differences = Differences { endpoint, found: Vec::new() };
            match (known.0.get(endpoint), said.0.get(endpoint)) {
                (Some(known), Some(said)) => self.subjects(known, said, &mut differences),
                (known, _) => differences.one_sided(known.is_some(), "the endpoint".to_owned()),
            }
            found.extend(differences.found);
        }
        found.sort();
        found
    }

    fn subjects(
        self,
        known: &BTreeMap<String, Subject>,
        said: &BTreeMap<String, Subject>,
        to: &mut Differences<'_>,
    ) {
        let mut parents: Vec<&str> = Vec::new();
        for subject in union(known, said) {
            match (known.get(subject), said.get(subject)) {
                (Some(known), Some(said)) => self.aspects(subject, known, said, to),
                // With a member goes all that is in it.
                _ if parents.iter().any(|parent| is_within(subject, parent)) => {}
                (known, _) => {
                    parents.push(subject);
                    to.one_sided(known.is_some(), subject.to_owned());
                }
            }
        }
    }

    fn aspects(self, subject: &str, known: &Subject, said: &Subject, to: &mut Differences<'_>) {
        let none = Values::new();
        let of = |subject: &'_ Subject, aspect: &str| subject.get(aspect).unwrap_or(&none).clone();
        let (was, is) = (self.form(&of(known, FORM)), self.form(&of(said, FORM)));
        if !was.iter().chain(&is).all(|form| was.contains(form) && is.contains(form) || reads(&was, &is)) {
            to.changed(format!("{subject}: {} is now {}", join(&was), join(&is)));
        }
        for (aspect, one, all) in [
            (WORD, "value", "a list of values"),
            (KEY, "key", "a list of keys"),
            (RULE, "rule", ""),
            (NULL, "it", ""),
        ] {
            let (known, said) = (of(known, aspect), of(said, aspect));
            // Where only one of them has any, the words are not what differs.
            if !all.is_empty() && known.is_empty() != said.is_empty() {
                to.one_sided(said.is_empty(), format!("{subject}: {all}"));
                continue;
            }
            for value in known.difference(&said).filter(|_| !(self.lenient && aspect == NULL)) {
                to.one_sided(true, format!("{subject}: {one} {value}"));
            }
            for value in said.difference(&known) {
                to.one_sided(false, format!("{subject}: {one} {value}"));
            }
        }
    }

    /// The form, as far as it can be told.
    fn form(self, forms: &Values) -> Values {
        let coarse = |form: &String| {
            if self.exact {
                return form.clone();
            }
            let words = form.split(' ').map(|word| match word {
                "time" | "date" => "text",
                "integer" => "number",
                other => other,
            });
            words.collect::<Vec<_>>().join(" ")
        };
        forms.iter().map(coarse).collect()
    }
}

/// Whether what reads text and numbers alike reads what is said now.
fn reads(was: &Values, is: &Values) -> bool {
    let reads = |form: &String| {
        was.iter().any(|was| {
            ["text", "number"].iter().any(|one| was.replace("text or number", one) == *form) || was == form
        })
    };
    !is.is_empty() && is.iter().all(reads)
}

struct Differences<'e> {
    endpoint: &'e str,
    found: Vec<Difference>,
}

impl Differences<'_> {
    fn add(&mut self, change: Change, what: String) {
        self.found.push(Difference { endpoint: self.endpoint.to_owned(), change, what });
    }

    fn one_sided(&mut self, was_known: bool, what: String) {
        self.add(if was_known { Change::Vanished } else { Change::Appeared }, what);
    }

    fn changed(&mut self, what: String) {
        self.add(Change::Changed, what);
    }
}

fn union<'m, T>(one: &'m BTreeMap<String, T>, other: &'m BTreeMap<String, T>) -> BTreeSet<&'m str> {
    one.keys().chain(other.keys()).map(String::as_str).collect()
}

fn is_within(subject: &str, parent: &str) -> bool {
    subject.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.') || rest.starts_with("[]"))
}

fn join(values: &Values) -> String {
    if values.is_empty() {
        "nothing".to_owned()
    } else {
        values.iter().cloned().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: Comparison = Comparison { exact: false, lenient: true };
    const VERSIONS: Comparison = Comparison { exact: true, lenient: false };

    fn differences(comparison: Comparison, known: &str, said: &str) -> Vec<String> {
        let facts = |text: &str| {
            let lines: Vec<_> =
                text.split("; ").map(|fact| format!("/a\t{}", fact.replace('|', "\t"))).collect();
            Facts::parse(&lines.join("\n")).unwrap()
        };
        let found = comparison.of(&facts(known), &facts(said));
        found.into_iter().map(|one| format!("{}: {}", one.change.word(), one.what)).collect()
    }

    #[test]
    fn a_description_does_not_differ_from_itself() {
        let text =
            "parameter x|form|text; parameter x|word|A; parameter x|rule|at least 2; answer m|null|yes";
        assert_eq!(differences(MODEL, text, text), [""; 0]);
        assert_eq!(differences(VERSIONS, text, text), [""; 0]);
    }

    #[test]
    fn words_and_rules_come_and_go() {
        let found = differences(
            MODEL,
            "p x|word|A; p x|word|B; p x|form|text",
            "p x|word|B; p x|word|C; p x|rule|at least 2; p x|form|text",
        );
        assert_eq!(
            found,
            ["appeared: p x: rule at least 2", "appeared: p x: value C", "vanished: p x: value A"]
        );
    }

    #[test]
    fn one_who_takes_any_word_differs_once() {
        let found =
            differences(MODEL, "answer x|form|text", "answer x|form|text; answer x|word|A; answer x|word|B");
        assert_eq!(found, ["appeared: answer x: a list of values"]);
    }

    #[test]
    fn what_is_in_a_member_goes_with_it() {
        let known = "answer m|form|object";
        let said = "answer m|form|object; answer m.x|form|list of object; answer m.x[].y|form|text; answer m.xy|form|text";
        assert_eq!(differences(MODEL, known, said), ["appeared: answer m.x", "appeared: answer m.xy"]);
    }

    #[test]
    fn an_endpoint_that_is_new_is_one_difference() {
        let facts = |text: &str| Facts::parse(text).unwrap();
        let found = MODEL.of(&facts("/a\tp\tform\ttext"), &facts("/a\tp\tform\ttext\n/b\tp\tform\ttext"));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].change, found[0].what.as_str()), (Change::Appeared, "the endpoint"));
    }

    #[test]
    fn a_form_is_compared_as_closely_as_it_can_be_told() {
        assert_eq!(differences(MODEL, "a|form|list of text", "a|form|list of time"), [""; 0]);
        assert_eq!(differences(MODEL, "a|form|list of text or number", "a|form|list of text"), [""; 0]);
        assert_eq!(differences(VERSIONS, "a|form|text", "a|form|date"), ["changed: a: text is now date"]);
        assert_eq!(
            differences(MODEL, "a|form|text", "a|form|list of text"),
            ["changed: a: text is now list of text"]
        );
        assert_eq!(differences(MODEL, "a|form|text", "a|form|text or number").len(), 1);
        assert_eq!(
            differences(MODEL, "a|form|text; a|word|A", "a|word|A"),
            ["changed: a: text is now nothing"]
        );
    }

    #[test]
    fn a_null_that_is_not_read_matters_and_one_that_is_not_written_does_not() {
        let (with, without) = ("a|form|text; a|null|may be null", "a|form|text");
        assert_eq!(differences(MODEL, without, with), ["appeared: a: it may be null"]);
        assert_eq!(differences(MODEL, with, without), [""; 0]);
        assert_eq!(differences(VERSIONS, with, without), ["vanished: a: it may be null"]);
    }
}
