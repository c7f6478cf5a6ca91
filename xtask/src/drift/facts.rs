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
    for (name, parameter) in &endpoint.parameters {
        let subject = format!("parameter {name}");
        Walk { root: &parameter.schema, subjects: &mut subjects }.schema(&parameter.schema, &subject)?;
        subjects.entry(subject).or_default().extend(rules(&parameter.doc));
    }
    Walk { root: &endpoint.answer, subjects: &mut subjects }.schema(&endpoint.answer, "answer")?;
    Ok(subjects)
}

/// A walk through a JSON Schema.
struct Walk<'a> {
    root: &'a Value,
    subjects: &'a mut Subjects,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, subject: &str) -> Result<()> {
        let schema = self.resolve(schema)?;
        let types = list(schema.get("type"));
        for name in types.iter().filter_map(Value::as_str) {
            self.add(subject, format!("type {}", if name == "integer" { "number" } else { name }));
            if name == "integer" {
                self.add(subject, "format integer");
            }
        }
        if let Some(format) = schema.get("format").and_then(Value::as_str) {
            self.add(subject, format!("format {format}"));
        }
        if let Some(minimum) = schema.get("minimum").and_then(Value::as_u64).filter(|minimum| *minimum > 0) {
            self.add(subject, format!("minimum {minimum}"));
        }
        let values = [list(schema.get("enum")), list(schema.get("const"))].concat();
        for value in values.iter().filter_map(Value::as_str) {
            self.add(subject, format!("value {value}"));
        }
        let branches =
            [list(schema.get("anyOf")), list(schema.get("oneOf")), list(schema.get("allOf"))].concat();
        if types.is_empty() && values.is_empty() && branches.is_empty() {
            self.add(subject, "type any");
        }
        self.branches(&branches, subject)?;
        if let Some(items) = schema.get("items") {
            self.schema(items, &format!("{subject}[]"))?;
        }
        if let Some(members) = schema.get("additionalProperties").filter(|members| members.is_object()) {
            self.schema(members, &format!("{subject}.{OTHER}"))?;
        }
        self.members(&schema, subject)
    }

    fn members(&mut self, schema: &Value, subject: &str) -> Result<()> {
        let required = list(schema.get("required"));
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            // `serie_0` and `summary_0` are labels.
            let label = subject == "answer" && name.ends_with(|end: char| end.is_ascii_digit());
            let inner = format!("{subject}.{}", if label { OTHER } else { name });
            self.schema(member, &inner)?;
            if !required.contains(&Value::from(name.as_str())) {
                self.add(&inner, "type null");
            }
        }
        Ok(())
    }

    fn branches(&mut self, branches: &[Value], subject: &str) -> Result<()> {
        let branches: Vec<Value> =
            branches.iter().map(|branch| self.resolve(branch)).collect::<Result<_>>()?;
        let open =
            branches.iter().find(|branch| branch.get("additionalProperties").is_some_and(Value::is_object));
        for branch in &branches {
            match (open, branch.get("properties").and_then(Value::as_object)) {
                // Beside a branch with any members, the members of another are examples of these.
                (Some(open), Some(examples)) if branch != open => {
                    for (name, member) in examples {
                        if open.get("properties").and_then(|members| members.get(name)).is_none() {
                            let other = format!("{subject}.{OTHER}");
                            self.add(&other, format!("key {name}"));
                            self.schema(member, &other)?;
                        }
                    }
                }
                _ => self.schema(branch, subject)?,
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
        " requir", " cannot ", " can t ", " not supported ", " unsupported ", " unless ", " exactly ", " mandatory ",
        " deprecated ", " up to ", " no more than ", " mutually ", " together with ", " alternative to ", " or set ",
        " equivalent ", " floored ",
    ];
    let sounds_like_rule = |sentence: &String| {
        let words: Vec<&str> =
            sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let plain = format!(" {} ", words.join(" ").to_lowercase());
        SIGNS.iter().any(|sign| plain.contains(sign))
    };
    sentences(doc).into_iter().filter(sounds_like_rule).map(|rule| format!("rule {rule}")).collect()
}

fn sentences(doc: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut words = doc.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(sentence) = sentences.last_mut() else { break };
        sentence.push_str(word);
        let abbreviation = ["vs.", "e.g.", "i.e."].iter().any(|end| word.ends_with(end));
        match words.peek() {
            Some(next)
                if word.ends_with('.')
                    && !abbreviation
                    && next.starts_with(|start: char| start == '`' || start.is_uppercase()) =>
            {
                sentences.push(String::new());
            }
            Some(_) => sentence.push(' '),
            None => {}
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_become_facts_by_member() {
        let answer = json!({
            "$defs": { "Unit": { "type": "object", "properties": { "name": { "type": "string" } } } },
            "type": "object",
            "required": ["units", "level"],
            "properties": {
                "units": { "type": "array", "items": { "$ref": "#/$defs/Unit" } },
                "level": { "anyOf": [{ "const": "HIGH" }, { "type": ["integer", "null"] }] },
            },
        });
        let endpoint = Endpoint { answer, ..Endpoint::default() };
        let lines: Vec<String> =
            subjects(&endpoint).unwrap().into_iter().map(|one| format!("{one:?}")).collect();
        assert_eq!(
            lines,
            [
                r#"("answer", {"type object"})"#,
                r#"("answer.level", {"format integer", "type null", "type number", "value HIGH"})"#,
                r#"("answer.units", {"type array"})"#,
                r#"("answer.units[]", {"type object"})"#,
                r#"("answer.units[].name", {"type null", "type string"})"#,
                r#"("endpoint", {})"#,
            ]
        );
    }

    #[test]
    fn listed_groups_are_examples_of_open_ones() {
        let open = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        let listed =
            json!({ "type": "object", "properties": { "RSA": { "type": "number" } }, "required": ["RSA"] });
        let answer = json!({ "type": "object", "properties": { "summary_0": { "anyOf": [open, listed] } } });
        let subjects = subjects(&Endpoint { answer, ..Endpoint::default() }).unwrap();
        let facts: Vec<&String> = subjects["answer.<other>.<other>"].iter().collect();
        assert_eq!(facts, ["key RSA", "type number", "type string"]);
    }

    #[test]
    fn sentences_that_sound_like_a_rule_are_facts() {
        let doc = "Filters by entry type (final vs.\n Pre). Incompatible with the `tld`\n  filter. `1` or more. Must be `2`.";
        let facts: Vec<String> = rules(doc).into_iter().collect();
        assert_eq!(facts, ["rule Incompatible with the `tld` filter.", "rule Must be `2`."]);
        assert!(rules("Names the series.").is_empty());
    }
}
