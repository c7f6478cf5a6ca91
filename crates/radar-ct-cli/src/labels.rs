//! Labels for series that have no name: what sets each apart from the others.

use radar_ct_model::{Kind, Meta, Parameter, SeriesParams, SeriesRequest};

/// The values of one series, by parameter; empty ones are none.
pub(crate) type Values = Vec<(Parameter, String)>;

const NAME: &str = SeriesParams::NAME.name;
/// The label of the answer's metadata.
const RESERVED: &str = Meta::MEMBER;

/// Gives every series without a name a label of its own, where there are several.
pub(crate) fn complete(series: &mut [Values]) {
    if series.len() < 2 {
        return;
    }
    let differing: Vec<Parameter> = SeriesParams::parameters()
        .filter(|parameter| parameter.name != NAME && differs(series, parameter.name))
        .collect();
    let mut taken: Vec<String> = series.iter().map(|values| value_of(values, NAME).to_owned()).collect();
    taken.push(RESERVED.to_owned());
    for (index, values) in series.iter_mut().enumerate() {
        if !value_of(values, NAME).is_empty() {
            continue;
        }
        let label = match differing.as_slice() {
            [] => format!("series {}", index + 1),
            differing => describe(values, differing),
        };
        let label = unique(label, &taken);
        taken.push(label.clone());
        values.retain(|(parameter, _)| parameter.name != NAME);
        values.push((SeriesParams::NAME, label));
    }
}

fn differs(series: &[Values], name: &str) -> bool {
    let mut values = series.iter().map(|values| value_of(values, name));
    let first = values.next();
    values.any(|value| Some(value) != first)
}

/// The values of what differs; where the series has none of them, it is the whole.
fn describe(values: &Values, differing: &[Parameter]) -> String {
    let mut words: Vec<String> = Vec::new();
    for parameter in differing {
        let value = value_of(values, parameter.name);
        match parameter.name {
            _ if value.is_empty() => {}
            name if name == SeriesParams::DATE_START.name => words.push(short(value).to_owned()),
            name if name == SeriesParams::DATE_END.name => words.push(format!("to {}", short(value))),
            _ => words.push(word(*parameter, value)),
        }
    }
    if words.is_empty() { "all".to_owned() } else { words.join(" ") }
}

/// The filters that all the series of a request have, in words.
pub(crate) fn in_common<O>(params: &SeriesRequest<O>) -> Vec<String> {
    let Some(first) = params.series().next() else { return Vec::new() };
    let all_have = |parameter: Parameter, value: &str| {
        params.series().all(|series| series.get(parameter.name).is_some_and(|other| other == value))
    };
    let common = first.filters().filter(|(parameter, value)| all_have(*parameter, value));
    common.map(|(parameter, value)| word(parameter, &value)).collect()
}

/// A value, with its parameter where it says nothing by itself.
fn word(parameter: Parameter, value: &str) -> String {
    if says_little(parameter) { format!("{}={value}", parameter.name) } else { value.to_owned() }
}

/// An instant at midnight is its date.
fn short(instant: &str) -> &str {
    instant.strip_suffix("T00:00:00Z").unwrap_or(instant)
}

/// Whether a value of the parameter says nothing without the parameter's name.
fn says_little(parameter: Parameter) -> bool {
    match parameter.kind {
        Kind::Boolean => true,
        Kind::Enum(values) => values.contains(&"true"),
        _ => false,
    }
}

fn unique(label: String, taken: &[String]) -> String {
    let free = |candidate: &String| !taken.contains(candidate);
    if free(&label) {
        return label;
    }
    // One of these is free, since there is one more of them than labels are taken.
    let mut numbered = (2..taken.len() + 3).map(|number| format!("{label} ({number})"));
    numbered.find(free).unwrap_or(label)
}

/// The value of a parameter; empty where it has none.
pub(crate) fn value_of<'v>(values: &'v Values, name: &str) -> &'v str {
    values.iter().find(|(parameter, _)| parameter.name == name).map_or("", |(_, value)| value.as_str())
}
