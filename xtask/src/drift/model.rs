//! What the model says of the API, from its own tables and its own behaviour.

mod rules;

use radar_ct_model::{Form, Kind, Member, Outline, Parameter};

use super::fact::{FORM, Facts, NULL, RULE, WORD};

/// The facts of the model.
pub(super) fn facts() -> Result<Facts, String> {
    let outlines = Outline::all().map_err(|error| format!("the model cannot tell what it reads: {error}"))?;
    let mut facts = Facts::default();
    for outline in &outlines {
        let path = outline.path.as_str();
        facts.add(path, "endpoint", FORM, "GET");
        for word in outline.dimension.iter().flat_map(|dimension| dimension.values) {
            facts.add(path, "path {dimension}", FORM, "text");
            facts.add(path, "path {dimension}", WORD, *word);
        }
        for parameter in &outline.of_series {
            add_parameter(&mut facts, path, parameter, "list of ");
        }
        for parameter in &outline.of_request {
            add_parameter(&mut facts, path, parameter, "");
        }
        for (parameter, rule) in rules::of(outline)? {
            facts.add(path, &subject(parameter), RULE, rule);
        }
        for member in &outline.members {
            add_member(&mut facts, path, member, &outline.members);
        }
    }
    Ok(facts)
}

fn subject(parameter: &str) -> String {
    format!("parameter {parameter}")
}

fn add_parameter(facts: &mut Facts, path: &str, parameter: &Parameter, list: &str) {
    let subject = subject(parameter.name);
    let form = match parameter.kind {
        Kind::Boolean => "boolean",
        Kind::Integer { .. } => "number",
        // On the wire.
        _ => "text",
    };
    facts.add(path, &subject, FORM, format!("{list}{form}"));
    if let Kind::Enum(words) = parameter.kind {
        for word in words {
            facts.add(path, &subject, WORD, *word);
        }
    }
}

fn add_member(facts: &mut Facts, path: &str, member: &Member, all: &[Member]) {
    // What an element is, is said with its list.
    if member.path.ends_with("[]") {
        return;
    }
    let subject = format!("answer {}", member.path);
    facts.add(path, &subject, FORM, form(member, all));
    if member.nullable {
        facts.add(path, &subject, NULL, "may be null or missing");
    }
    if let Form::Word(vocabulary) = member.form {
        for word in vocabulary.values {
            facts.add(path, &subject, WORD, *word);
        }
    }
}

fn form(member: &Member, all: &[Member]) -> String {
    match member.form {
        Form::Text | Form::Word(_) => "text".to_owned(),
        Form::Number => "number".to_owned(),
        Form::TextOrNumber => "text or number".to_owned(),
        Form::Boolean => "boolean".to_owned(),
        Form::Object => "object".to_owned(),
        Form::List => {
            let element = format!("{}[]", member.path);
            let element = all.iter().find(|member| member.path == element);
            format!("list of {}", element.map_or_else(String::new, |element| form(element, all)))
        }
        // The model has learnt a form that this has not.
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(path: &str, subject: &str, aspect: &str) -> Vec<String> {
        let facts = facts().unwrap();
        let subject = &facts.0[path][subject];
        subject.get(aspect).map(|values| values.iter().cloned().collect()).unwrap_or_default()
    }

    #[test]
    fn every_parameter_is_there() {
        let facts = facts().unwrap();
        let count =
            |path: &str| facts.0[path].keys().filter(|subject| subject.starts_with("parameter ")).count();
        assert_eq!(facts.0.len(), 7);
        assert_eq!(count("/radar/ct/timeseries"), 21);
        assert_eq!(count("/radar/ct/summary/{dimension}"), 22);
        assert_eq!(count("/radar/ct/timeseries_groups/{dimension}"), 23);
        assert_eq!((count("/radar/ct/logs"), count("/radar/ct/logs/{log_slug}")), (3, 1));
        assert_eq!((count("/radar/ct/authorities"), count("/radar/ct/authorities/{ca_slug}")), (3, 1));
    }

    #[test]
    fn what_holds_for_each_series_is_a_list() {
        let path = "/radar/ct/timeseries";
        assert_eq!(values(path, "parameter hasIps", FORM), ["list of boolean"]);
        assert_eq!(values(path, "parameter dateStart", FORM), ["list of text"]);
        assert_eq!(values(path, "parameter aggInterval", FORM), ["text"]);
        assert_eq!(values(path, "parameter aggInterval", WORD), ["15m", "1d", "1h", "1w"]);
    }

    #[test]
    fn what_is_read_of_meta_is_there_with_its_words() {
        let path = "/radar/ct/summary/{dimension}";
        for member in ["aggInterval", "confidenceInfo", "dateRange", "lastUpdated", "normalization", "units"]
        {
            assert_eq!(values(path, &format!("answer meta.{member}"), NULL).len(), 1, "{member}");
        }
        assert_eq!(values(path, "answer meta.units", FORM), ["list of object"]);
        assert_eq!(values(path, "answer meta.normalization", WORD).len(), 8);
        assert_eq!(values(path, "path {dimension}", WORD).len(), 14);
        assert_eq!(values(path, "answer <label>.<group>", FORM), ["text or number"]);
    }
}
