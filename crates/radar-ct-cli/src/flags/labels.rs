//! Labels for series without a name, made of the filters in which the series differ.

use radar_ct::{Kind, Meta, Parameter, SeriesParams, SeriesRequest};

/// The values of one series by parameter. An empty text is no value.
pub(crate) type Values = Vec<(Parameter, String)>;

const NAME: &str = SeriesParams::NAME.name;

/// Gives every series without a name a unique label, if there are several.
pub(crate) fn complete(series: &mut [Values]) {
    if series.len() < 2 {
        return;
    }
    let differing: Vec<Parameter> = SeriesParams::parameters()
        .filter(|parameter| parameter.name != NAME && differs(series, parameter.name))
        .collect();
    let mut taken: Vec<String> = series.iter().map(|values| value_of(values, NAME).to_owned()).collect();
    // The answer has its metadata under this label.
    taken.push(Meta::MEMBER.to_owned());
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

/// Joins the values of the parameters in which series differ. A series without any of them is `all`.
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

/// Returns the filters that all series of a request share, as words.
pub(crate) fn shared_filters<O>(request: &SeriesRequest<O>) -> Vec<String> {
    let Some(first) = request.series().next() else { return Vec::new() };
    let is_shared = |parameter: Parameter, value: &str| {
        request.series().all(|series| series.get(parameter.name).is_some_and(|other| other == value))
    };
    let shared = first.filters().filter(|(parameter, value)| is_shared(*parameter, value));
    shared.map(|(parameter, value)| word(parameter, &value)).collect()
}

/// Returns a value, with the name of its parameter if the value alone is ambiguous.
fn word(parameter: Parameter, value: &str) -> String {
    if is_ambiguous(parameter) { format!("{}={value}", parameter.name) } else { value.to_owned() }
}

/// Shortens an instant at midnight to its date.
fn short(instant: &str) -> &str {
    instant.strip_suffix("T00:00:00Z").unwrap_or(instant)
}

/// Returns whether a value such as `true` needs the name of its parameter.
fn is_ambiguous(parameter: Parameter) -> bool {
    parameter.kind.values().iter().any(|value| Kind::Boolean.values().contains(value))
}

fn unique(label: String, taken: &[String]) -> String {
    let free = |candidate: &String| !taken.contains(candidate);
    if free(&label) {
        return label;
    }
    // There is one more number than labels, so one of them is free.
    let mut numbered = (2..taken.len() + 3).map(|number| format!("{label} ({number})"));
    numbered.find(free).unwrap_or(label)
}

/// Returns the value of a parameter; an empty text if there is none.
pub(crate) fn value_of<'v>(values: &'v Values, name: &str) -> &'v str {
    values.iter().find(|(parameter, _)| parameter.name == name).map_or("", |(_, value)| value.as_str())
}
