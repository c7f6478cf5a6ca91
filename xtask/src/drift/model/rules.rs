//! The rules of the model, found by asking it: each parameter alone, each with each other, and each way to say when. So
//! they are those that it does keep, whatever it says of itself.

use radar_ct_model::{
    AuthoritiesParams, DateRange, Dimension, Endpoint, Kind, LogsParams, Outline, ParamError, Parameter,
    Query, SummaryParams, TimeseriesGroupsParams, TimeseriesParams,
};

/// A dimension that forbids nothing.
const PLAIN: &str = "CA";
const DAY: &str = "2026-01-01T00:00:00Z";
const NEXT_DAY: &str = "2026-01-02T00:00:00Z";
/// More than any bound.
const MOST: u16 = 2000;

/// Each parameter of an endpoint that has a rule, and the rule in the words of `xtask/surface/rules.py`.
pub(super) fn of(outline: &Outline) -> Result<Rules, String> {
    let mut rules = Vec::new();
    let parameters: Vec<Parameter> = outline.of_series.iter().chain(&outline.of_request).copied().collect();
    match check(&outline.path) {
        Some(check) => {
            let asked = Asked { check, parameters };
            asked.integers(&mut rules);
            asked.pairs(&mut rules);
            asked.dimensions(outline, &mut rules);
            asked.dates(outline, &mut rules);
        }
        // A word of a list is all that can be right or wrong.
        None if parameters.iter().all(|one| matches!(one.kind, Kind::Enum(_))) => {}
        None => return Err(format!("how to ask the model about {} is not known here", outline.path)),
    }
    Ok(rules)
}

type Rules = Vec<(&'static str, String)>;

/// Whether the model would send a query with a dimension, where there is one.
type Check = fn(&str, &str) -> Result<(), ParamError>;

/// How to ask about the endpoint with that path.
fn check(path: &str) -> Option<Check> {
    let checks: [(String, Check); 5] = [
        (TimeseriesParams::new().path(), |_, query| TimeseriesParams::parse_query(query)?.validate()),
        (below(&SummaryParams::by(Dimension::Ca)), |dimension, query| {
            SummaryParams::from_query_by(dimension, Query::parse(query)?)?.validate()
        }),
        (below(&TimeseriesGroupsParams::by(Dimension::Ca)), |dimension, query| {
            TimeseriesGroupsParams::from_query_by(dimension, Query::parse(query)?)?.validate()
        }),
        (AuthoritiesParams::new().path(), |_, query| {
            AuthoritiesParams::from_query(Query::parse(query)?)?.validate()
        }),
        (LogsParams::new().path(), |_, query| LogsParams::from_query(Query::parse(query)?)?.validate()),
    ];
    checks.into_iter().find(|(known, _)| known == path).map(|(_, check)| check)
}

struct Asked {
    check: Check,
    parameters: Vec<Parameter>,
}

impl Asked {
    fn allows(&self, query: &str) -> bool {
        (self.check)(PLAIN, query).is_ok()
    }

    /// The parameters that one cannot be without.
    fn needs(&self, one: &Parameter) -> Vec<Parameter> {
        if self.allows(&written(&[*one])) {
            return Vec::new();
        }
        self.parameters.iter().filter(|other| self.allows(&written(&[*one, **other]))).copied().collect()
    }

    fn integers(&self, rules: &mut Rules) {
        for one in &self.parameters {
            if matches!(one.kind, Kind::Integer { .. }) && !self.allows(&format!("{}=0", one.name)) {
                let least = (1..MOST).find(|least| self.allows(&format!("{}={least}", one.name)));
                rules.extend(least.map(|least| (one.name, format!("at least {least}"))));
            }
        }
    }

    fn pairs(&self, rules: &mut Rules) {
        let complete: Vec<(Parameter, Vec<Parameter>)> =
            self.parameters.iter().map(|one| (*one, self.needs(one))).collect();
        for (one, needs) in &complete {
            rules.extend(needs.iter().map(|other| (one.name, format!("needs {}", other.name))));
            for (other, needs_of_other) in &complete {
                let mut all = vec![*one];
                for more in needs.iter().chain([other]).chain(needs_of_other) {
                    if !all.contains(more) {
                        all.push(*more);
                    }
                }
                if !self.allows(&written(&all)) {
                    rules.push((one.name, format!("not with {}", other.name)));
                }
            }
        }
    }

    fn dimensions(&self, outline: &Outline, rules: &mut Rules) {
        for dimension in outline.dimension.iter().flat_map(|dimension| dimension.values) {
            for one in &self.parameters {
                let mut all = self.needs(one);
                all.push(*one);
                let query = written(&all);
                if self.allows(&query) && (self.check)(dimension, &query).is_err() {
                    rules.push((one.name, format!("not with the dimension {dimension}")));
                }
            }
        }
    }

    fn dates(&self, outline: &Outline, rules: &mut Rules) {
        for one in &outline.of_series {
            match one.kind {
                Kind::DateRange => self.range(one.name, rules),
                Kind::DateTime => self.window(one, rules),
                _ => {}
            }
        }
    }

    fn range(&self, name: &'static str, rules: &mut Rules) {
        for unit in ["d", "w"] {
            let most = (1..MOST).rev().find(|count| self.allows(&format!("{name}={count}{unit}")));
            rules.extend(most.map(|most| (name, format!("up to {most}{unit}"))));
        }
        let pair = |one: &str, other: &str| self.allows(&format!("{name}={one}&{name}={other}"));
        if pair("7d", "1w") && !pair("7d", "8d") {
            rules.push((name, "all series equally long".to_owned()));
        }
        let days_back = |text: &str| text.parse::<DateRange>().ok().map(|range| range.offset().num_days());
        if pair("7d", "7dcontrol") && days_back("7dcontrol") == Some(7) {
            rules.push((name, "control is the period before".to_owned()));
        }
        if pair("10d", "10dcontrol") && days_back("10dcontrol") == Some(14) {
            rules.push((name, "control is whole weeks earlier".to_owned()));
        }
    }

    /// A second window, one end of which is later by ever more minutes, until the model notices.
    fn window(&self, one: &Parameter, rules: &mut Rules) {
        let allows = |own: &str| {
            let mut query = vec![format!("{}={}", one.name, sample(one)), format!("{}={own}", one.name)];
            for other in self.needs(one) {
                query.extend([written(&[other]), written(&[other])]);
            }
            self.allows(&query.join("&"))
        };
        let day = sample(one).get(..11).unwrap_or_default();
        let later = |minutes: u16| format!("{day}{:02}:{:02}:00Z", minutes / 60, minutes % 60);
        if !allows(sample(one)) {
            return;
        }
        if let Some(minutes) = (1..=120).find(|minutes| !allows(&later(*minutes))) {
            rules.push((one.name, "all series equally long".to_owned()));
            rules.push((one.name, format!("floored to {minutes} minutes")));
        }
    }
}

/// The path of an endpoint with the dimension named.
fn below<E: Endpoint>(request: &E) -> String {
    request.path().replace(&format!("/{PLAIN}"), "/{dimension}")
}

fn written(parameters: &[Parameter]) -> String {
    parameters.iter().map(|one| format!("{}={}", one.name, sample(one))).collect::<Vec<_>>().join("&")
}

/// A value that is right by itself.
fn sample(parameter: &Parameter) -> &'static str {
    match parameter.kind {
        Kind::Boolean => "true",
        Kind::Enum(words) => words.first().copied().unwrap_or_default(),
        Kind::DateRange => "7d",
        Kind::DateTime if parameter.name.ends_with("End") => NEXT_DAY,
        Kind::DateTime => DAY,
        Kind::Integer { .. } => "9",
        _ => "a",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, parameter: &str) -> Vec<String> {
        let outline = Outline::all().unwrap().into_iter().find(|outline| outline.path == path).unwrap();
        of(&outline)
            .unwrap()
            .into_iter()
            .filter(|(name, _)| *name == parameter)
            .map(|(_, rule)| rule)
            .collect()
    }

    #[test]
    fn top_level_domains_do_not_go_with_logs() {
        let plain = ["not with entryType", "not with log", "not with logApi", "not with logOperator"];
        assert_eq!(rules("/radar/ct/timeseries", "tld"), plain);
        let with_dimension = rules("/radar/ct/summary/{dimension}", "tld");
        assert!(with_dimension.contains(&"not with the dimension LOG_API".to_owned()), "{with_dimension:?}");
        let path = "/radar/ct/timeseries_groups/{dimension}";
        assert_eq!(rules(path, "logOperator"), ["not with tld", "not with the dimension TLD"]);
        assert_eq!(rules(path, "limitPerGroup"), ["at least 2"]);
    }

    #[test]
    fn dates_have_bounds_and_go_together() {
        let path = "/radar/ct/timeseries";
        assert_eq!(
            rules(path, "dateStart"),
            ["needs dateEnd", "not with dateRange", "all series equally long", "floored to 15 minutes"]
        );
        assert_eq!(
            rules(path, "dateRange"),
            [
                "not with dateStart",
                "not with dateEnd",
                "up to 364d",
                "up to 52w",
                "all series equally long",
                "control is the period before",
                "control is whole weeks earlier",
            ]
        );
    }

    #[test]
    fn other_parameters_have_no_rules() {
        for parameter in ["name", "ca", "duration", "hasIps", "aggInterval", "format"] {
            assert_eq!(rules("/radar/ct/timeseries", parameter), [""; 0], "{parameter}");
        }
    }
}
