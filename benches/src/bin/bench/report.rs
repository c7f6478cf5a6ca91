//! Measurements and their limits.

use std::fmt::Write;

use anyhow::{Result, ensure};

use crate::limits::{LIMITS, Limit};

/// The measurements of the current section, and the names of all.
#[derive(Default)]
pub(crate) struct Report {
    text: String,
    measured: Vec<String>,
    pub(crate) missed: Vec<String>,
}

impl Report {
    /// Begins a table.
    pub(crate) fn heading(&mut self, title: &str) {
        println!("==> {title}");
        // Writing to a string does not fail, here and below.
        let _ = write!(self.text, "\n### {title}\n\n| measured | value | limit |\n| --- | --: | --: |\n");
    }

    /// Adds a measurement, and compares it with its limit if there is one. NaN is within no limit.
    pub(crate) fn add(&mut self, name: &str, value: f64) {
        let (mut limit, is_met) = match LIMITS.iter().find(|(pattern, _)| matches(pattern, name)) {
            Some((_, Limit::AtMost(most))) => (format!("at most {}", short(*most)), value <= *most),
            Some((_, Limit::AtLeast(least))) => (format!("at least {}", short(*least)), value >= *least),
            None => (String::new(), true),
        };
        if !is_met {
            limit += ", MISSED";
            self.missed.push(format!("{name}: {value}, {limit}"));
        }
        let _ = writeln!(self.text, "| {name} | {} | {limit} |", short(value));
        self.measured.push(name.to_owned());
    }

    /// Returns the section and begins the next.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Fails if no measurement matches a limit, since such a limit checks nothing.
    pub(crate) fn every_limit_was_used(&self, with_peers: bool) -> Result<()> {
        for (pattern, _) in LIMITS.iter().filter(|(pattern, _)| with_peers || !pattern.starts_with("SDK")) {
            let is_used = self.measured.iter().any(|name| matches(pattern, name));
            ensure!(is_used, "nothing was measured for the limit {pattern:?}");
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
        let mut report = Report::default();
        for (name, value) in
            [("dry run: ms", 5.0), ("gzip 1: Mbit/s below which it pays", 100.0), ("other", 9.0)]
        {
            report.add(name, value);
        }
        assert_eq!(report.missed, [""; 0]);
        assert!(report.every_limit_was_used(false).is_err());
        for (name, value) in
            [("dry run: ms", 5.1), ("dry run: ms", f64::NAN), ("gzip 1: Mbit/s below which it pays", 99.0)]
        {
            report.add(name, value);
        }
        assert_eq!(report.missed.len(), 3);
    }
}
