//! Measurements and their limits.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, ensure};

/// Measurements of one section, and the limits of all.
pub(super) struct Report {
    text: String,
    /// By name, `at_most` or `at_least` a number.
    limits: BTreeMap<String, BTreeMap<String, f64>>,
    measured: Vec<String>,
    pub(super) missed: Vec<String>,
}

impl Report {
    pub(super) fn new(limits: &str) -> Result<Self> {
        let limits = toml::from_str(limits).context("benches/limits.toml")?;
        Ok(Self { text: String::new(), limits, measured: Vec::new(), missed: Vec::new() })
    }

    /// Begins a table.
    pub(super) fn heading(&mut self, title: &str) {
        println!("==> {title}");
        self.text += &format!("\n### {title}\n\n| measured | value | limit |\n| --- | --: | --: |\n");
    }

    /// Adds a measurement, and compares it with its limit if there is one. NaN is within no limit.
    pub(super) fn add(&mut self, name: &str, value: f64) {
        let limit = self.limits.iter().find(|(pattern, _)| matches(pattern, name));
        let bound = |key: &str| limit.and_then(|(_, limit)| limit.get(key)).copied();
        let (most, least) = (bound("at_most"), bound("at_least"));
        let is_met = most.is_none_or(|most| value <= most) && least.is_none_or(|least| value >= least);
        let mut limit = most.map_or_else(String::new, |most| format!("at most {}", short(most)));
        limit += &least.map_or_else(String::new, |least| format!("at least {}", short(least)));
        if !is_met {
            limit += ", MISSED";
            self.missed.push(format!("{name}: {value}, {limit}"));
        }
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "| {name} | {} | {limit} |", short(value));
        self.measured.push(name.to_owned());
    }

    /// Returns the section and begins the next.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// A limit that nothing is compared with would hold nothing.
    pub(super) fn every_limit_was_measured(&self, with_peers: bool) -> Result<()> {
        for (pattern, _) in
            self.limits.iter().filter(|(pattern, _)| with_peers || !pattern.starts_with("SDK"))
        {
            let is_used = self.measured.iter().any(|name| matches(pattern, name));
            ensure!(is_used, "benches/limits.toml: nothing was measured for {pattern:?}");
        }
        Ok(())
    }
}

/// Compares a name with a pattern in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end)),
        None => pattern == name,
    }
}

/// Writes a number with the digits that matter.
fn short(number: f64) -> String {
    match number.abs() {
        100.0.. => format!("{number:.0}"),
        size if size.fract() == 0.0 => format!("{number:.0}"),
        1.0.. => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_inclusive_and_never_met_by_nan() {
        let mut report = Report::new("\"a *\" = { at_most = 4 }\n\"b\" = { at_least = 1.5 }\n").unwrap();
        for (name, value) in [("a x", 4.0), ("b", 1.5), ("c", 9.0)] {
            report.add(name, value);
        }
        assert_eq!(report.missed, [""; 0]);
        for (name, value) in [("a x", 4.1), ("a", 9.0), ("a y", f64::NAN), ("b", 1.4)] {
            report.add(name, value);
        }
        assert_eq!(report.missed.len(), 3);
    }

    #[test]
    fn every_limit_is_compared_with_something() {
        let mut report = Report::new("a = { at_most = 4 }\nSDK = { at_most = 1 }\n").unwrap();
        assert!(report.every_limit_was_measured(false).is_err());
        report.add("a", 1.0);
        assert!(
            report.every_limit_was_measured(false).is_ok() && report.every_limit_was_measured(true).is_err()
        );
    }
}
