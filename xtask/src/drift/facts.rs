//! Facts about the API, from descriptions of its endpoints.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// Endpoints by method and path.
pub(super) type Endpoints = BTreeMap<String, Endpoint>;
/// An endpoint, as the model and the scripts in `xtask/drift` describe it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Endpoint {
    pub(super) doc: String,
    pub(super) parameters: BTreeMap<String, Parameter>,
    /// The JSON Schema of the answer.
    pub(super) answer: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Parameter {
    pub(super) doc: String,
    pub(super) schema: Value,
}

/// Facts by subject, such as `answer.meta.units[].name`.
pub(super) type Subjects = BTreeMap<String, BTreeSet<String>>;
/// Subjects by endpoint.
pub(super) type Facts = BTreeMap<String, Subjects>;

/// The members that `additionalProperties` describes: series by their labels, and groups.
const OTHER: &str = "<other>";

pub(super) fn count(facts: &Facts) -> usize {
    facts.values().flat_map(BTreeMap::values).map(BTreeSet::len).sum()
}

pub(super) fn facts(endpoints: &Endpoints) -> Result<Facts> {
    endpoints.iter().map(|(path, endpoint)| Ok((path.clone(), subjects(endpoint)?))).collect()
}

fn subjects(endpoint: &Endpoint) -> Result<Subjects> {
    let mut subjects = Subjects::from([("endpoint".to_owned(), rules(&endpoint.doc))]);
    for (name, Parameter { doc, schema }) in &endpoint.parameters {
        let subject = format!("parameter {name}");
        Walk { root: schema, subjects: &mut subjects }.schema(schema, &subject, None)?;
        subjects.entry(subject).or_default().extend(rules(doc));
    }
    let answer = &endpoint.answer;
    Walk { root: answer, subjects: &mut subjects }.schema(answer, "answer", None)?;
    Ok(subjects)
}

/// A walk through a JSON Schema.
struct Walk<'a> {
    root: &'a Value,
    subjects: &'a mut Subjects,
}

impl Walk<'_> {
    /// Adds the facts of a schema. Beside an `open` alternative, the members of this one are examples.
    fn schema(&mut self, schema: &Value, subject: &str, open: Option<&Value>) -> Result<()> {
        let schema = self.resolve(schema)?;
        let mut is_known = false;
        for (key, kind) in [("type", "type"), ("enum", "value"), ("const", "value"), ("format", "format")] {
            for text in list(schema.get(key)).iter().filter_map(Value::as_str) {
                is_known = true;
                if (kind, text) == ("type", "integer") {
                    self.add(subject, "type number");
                    self.add(subject, "format integer");
                } else {
                    self.add(subject, format!("{kind} {text}"));
                }
            }
        }
        if let Some(minimum) = schema.get("minimum").and_then(Value::as_u64).filter(|minimum| *minimum > 0) {
            self.add(subject, format!("minimum {minimum}"));
        }
        let branches = ["anyOf", "oneOf", "allOf"].iter().flat_map(|key| list(schema.get(key)));
        let branches: Vec<Value> = branches.map(|branch| self.resolve(&branch)).collect::<Result<_>>()?;
        if !is_known && branches.is_empty() {
            self.add(subject, "type any");
        }
        let with_any = branches.iter().find(|branch| other_members(branch).is_some());
        for branch in &branches {
            self.schema(branch, subject, with_any.filter(|open| *open != branch))?;
        }
        if let Some(items) = schema.get("items") {
            self.schema(items, &format!("{subject}[]"), None)?;
        }
        if let Some(members) = other_members(&schema) {
            self.schema(members, &format!("{subject}.{OTHER}"), None)?;
        }
        let required = list(schema.get("required"));
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_example = open.is_some_and(|open| open.pointer(&format!("/properties/{name}")).is_none());
            // `serie_0` and `summary_0` are labels.
            let is_label = subject == "answer" && name.ends_with(|end: char| end.is_ascii_digit());
            let inner = format!("{subject}.{}", if is_example || is_label { OTHER } else { name });
            if is_example {
                self.add(&inner, format!("key {name}"));
            }
            self.schema(member, &inner, None)?;
            if !required.contains(&Value::from(name.as_str())) {
                self.add(&inner, "type null");
            }
        }
        Ok(())
    }

    fn resolve(&self, schema: &Value) -> Result<Value> {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return Ok(schema.clone()) };
        let found = self.root.pointer(reference.trim_start_matches('#'));
        Ok(found.with_context(|| format!("the schema has no {reference}"))?.clone())
    }

    fn add(&mut self, subject: &str, fact: impl Into<String>) {
        self.subjects.entry(subject.to_owned()).or_default().insert(fact.into());
    }
}

fn other_members(schema: &Value) -> Option<&Value> {
    schema.get("additionalProperties").filter(|members| members.is_object())
}

/// Returns the elements of an array, or any other value as the only one.
fn list(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(values)) => values.clone(),
        value => value.into_iter().cloned().collect(),
    }
}

/// Returns the sentences of a description that sound like a rule, as facts.
fn rules(doc: &str) -> BTreeSet<String> {
    #[rustfmt::skip]
    const SIGNS: &[&str] = &[
        " must ", " only ", " at least ", " at most ", " minimum ", " maximum ", " incompatible ", " reject",
        " require", " cannot ", " can t ", " not supported ", " unsupported ", " unless ", " exactly ",
        " mandatory ", " deprecated ", " up to ", " no more than ", " mutually ", " together with ",
        " alternative to ", " or set ", " equivalent ", " floored ",
    ];
    let mut sentences: Vec<String> = Vec::new();
    for word in doc.split_whitespace() {
        match sentences.last_mut() {
            Some(last) if !last.ends_with('.') || !word.starts_with(char::is_uppercase) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => sentences.push(word.to_owned()),
        }
    }
    sentences.retain(|sentence| {
        let words: Vec<&str> =
            sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let plain = format!(" {} ", words.join(" ").to_lowercase());
        SIGNS.iter().any(|sign| plain.contains(sign))
    });
    sentences.into_iter().map(|rule| format!("rule {rule}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(answer: Value) -> Vec<String> {
        let subjects = subjects(&Endpoint { answer, ..Endpoint::default() }).unwrap();
        let line = |(subject, facts): (String, BTreeSet<String>)| {
            format!("{subject}: {}", Vec::from_iter(facts).join(", "))
        };
        subjects.into_iter().map(line).collect()
    }

    #[test]
    fn schemas_become_facts_by_member() {
        let found = lines(json!({
            "$defs": { "Unit": { "type": "object", "properties": { "name": { "type": "string" } } } },
            "type": "object",
            "required": ["units", "level"],
            "properties": {
                "units": { "type": "array", "items": { "$ref": "#/$defs/Unit" } },
                "level": { "anyOf": [{ "const": "HIGH" }, { "type": ["integer", "null"] }] },
            },
        }));
        let level = "answer.level: format integer, type null, type number, value HIGH";
        let units = [
            "answer.units: type array",
            "answer.units[]: type object",
            "answer.units[].name: type null, type string",
        ];
        assert_eq!(found, [&["answer: type object", level], &units[..], &["endpoint: "]].concat());
    }

    #[test]
    fn listed_groups_are_examples_of_open_ones() {
        let open = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        let listed = json!({ "required": ["RSA"], "properties": { "RSA": { "type": "number" } } });
        let found = lines(json!({ "properties": { "summary_0": { "anyOf": [open, listed] } } }));
        assert_eq!(found[2], "answer.<other>.<other>: key RSA, type number, type string");
    }

    #[test]
    fn sentences_that_sound_like_a_rule_are_facts() {
        let doc = "Filters by type (final vs.\n pre). Incompatible with the `tld`\n  filter. Must be `2`.";
        let facts: Vec<String> = rules(doc).into_iter().collect();
        assert_eq!(facts, ["rule Incompatible with the `tld` filter.", "rule Must be `2`."]);
    }
}
