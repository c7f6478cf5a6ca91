//! What was measured, as tables, and whether it is good enough.

use std::fmt;

/// Numbers under headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) title: &'static str,
    /// What has to be known to read it.
    pub(super) note: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(title: &'static str, note: impl Into<String>, columns: &[&str]) -> Self {
        let columns = columns.iter().map(ToString::to_string).collect();
        Self { title, note: note.into(), columns, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }
}

/// As Markdown, which is good to read on a terminal too.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.title)?;
        if !self.note.is_empty() {
            writeln!(f, "{}\n", self.note)?;
        }
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&self.columns]).filter_map(|row| row.get(column));
            // Three dashes at least make a line of a table.
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
        };
        let line = |f: &mut fmt::Formatter<'_>, row: &[String]| {
            for (column, cell) in row.iter().enumerate() {
                let width = width(column);
                // The first says what it is about, the others are numbers.
                if column == 0 { write!(f, "| {cell:<width$} ")? } else { write!(f, "| {cell:>width$} ")? }
            }
            writeln!(f, "|")
        };
        line(f, &self.columns)?;
        for column in 0..self.columns.len() {
            let dashes = "-".repeat(width(column));
            let colon = if column == 0 { "" } else { ":" };
            // The colon, which has numbers stand to the right, takes the place of a dash.
            write!(f, "| {}{colon} ", dashes.get(colon.len()..).unwrap_or_default())?;
        }
        writeln!(f, "|")?;
        self.rows.iter().try_for_each(|row| line(f, row))
    }
}

/// A number that has to keep to a limit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gate {
    what: String,
    value: f64,
    limit: Limit,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    Most(f64),
    Least(f64),
}

impl Gate {
    pub(super) fn at_most(what: impl Into<String>, value: f64, limit: f64) -> Self {
        Self { what: what.into(), value, limit: Limit::Most(limit) }
    }

    pub(super) fn at_least(what: impl Into<String>, value: f64, limit: f64) -> Self {
        Self { what: what.into(), value, limit: Limit::Least(limit) }
    }

    /// What is no number keeps to no limit.
    pub(super) fn is_met(&self) -> bool {
        match self.limit {
            Limit::Most(limit) => self.value <= limit,
            Limit::Least(limit) => self.value >= limit,
        }
    }
}

/// All gates, as a table.
pub(super) fn verdicts(gates: &[Gate]) -> Table {
    let mut table = Table::new("Gates", "", &["gate", "measured", "limit", "verdict"]);
    for gate in gates {
        let limit = match gate.limit {
            Limit::Most(limit) => format!("at most {}", short(limit)),
            Limit::Least(limit) => format!("at least {}", short(limit)),
        };
        let verdict = if gate.is_met() { "met" } else { "MISSED" };
        table.row([gate.what.clone(), short(gate.value), limit, verdict.to_owned()]);
    }
    table
}

/// A ratio or a small number, with as many digits as mean something.
pub(super) fn short(number: f64) -> String {
    let digits = match number.abs() {
        0.0..1.0 if number != 0.0 => 3,
        0.0..100.0 if number.fract() != 0.0 => 2,
        _ => 0,
    };
    format!("{number:.digits$}")
}

/// A count, in groups of three digits.
pub(super) fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A time in nanoseconds, in microseconds.
pub(super) fn micros(nanos: f64) -> String {
    format!("{:.1}", nanos / 1e3)
}

pub(super) fn times(ratio: f64) -> String {
    format!("{}x", short(ratio))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(count(1_234_567.4), "1,234,567");
        assert_eq!(count(999.0), "999");
        assert_eq!(count(-1234.0), "-1,234");
        assert_eq!(
            (short(0.2846), short(19.13), short(330.4), short(4.0)),
            ("0.285".into(), "19.13".into(), "330".into(), "4".into())
        );
    }

    #[test]
    fn a_gate_is_met_up_to_its_limit_and_never_by_what_is_no_number() {
        assert!(Gate::at_most("", 4.0, 4.0).is_met() && Gate::at_least("", 10.0, 10.0).is_met());
        assert!(!Gate::at_most("", 4.1, 4.0).is_met() && !Gate::at_least("", 9.9, 10.0).is_met());
        assert!(!Gate::at_most("", f64::NAN, 4.0).is_met() && !Gate::at_least("", f64::NAN, 4.0).is_met());
    }

    #[test]
    fn a_table_is_as_wide_as_its_cells() {
        let mut table = Table::new("T", "N.", &["a", "b"]);
        table.row(["long".to_owned(), "1".to_owned()]);
        assert_eq!(table.to_string(), "### T\n\nN.\n\n| a    |   b |\n| ---- | --: |\n| long |   1 |\n");
    }
}
