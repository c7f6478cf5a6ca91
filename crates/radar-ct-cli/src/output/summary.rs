//! The sentence above a chart. It claims only what is right for every answer with series: a total needs counts, a ranking
//! needs values of one scale, and a comparison needs a label that a reader recognises.

use std::collections::BTreeMap;

use radar_ct::{Meta, Normalization};

use crate::chart::{Line, Measure, Point, moment, number, signed};

/// From this factor on, a change in percent is hard to read; the smaller series is probably a part of the larger one.
const LARGEST_FACTOR: f64 = 10.0;
/// The group in which the API gathers what is beyond the limit of groups.
const OTHER: &str = "other";

/// A series with its columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    pub(super) label: &'a str,
    pub(super) columns: &'a [Column],
}

/// The values of a group.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The position of the group in the list of all groups.
    pub(super) group: usize,
    pub(super) line: Line,
}

impl Column {
    fn at(&self, at: i64) -> Option<f64> {
        self.line.points().find(|point| point.at == at).map(|point| point.value)
    }

    fn latest(&self) -> Option<Point> {
        self.line.points().last()
    }
}

/// The kind of answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) is_grouped: bool,
    pub(super) has_times: bool,
}

/// The meaning of values, as far as sentences depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Numbers of things, which can be added.
    Counts,
    /// Values of one scale, which can be ranked.
    Plain,
    /// Percentages of one whole, which can be ranked and subtracted.
    Shares,
    /// Anything else, such as values that were scaled for each series on its own.
    Other,
}

impl Kind {
    fn new(meta: &Meta, unit: &str, series: &[Series<'_>]) -> Self {
        let is_count = |point: Point| point.value >= 0.0 && point.value.fract() == 0.0;
        let mut points =
            series.iter().flat_map(|series| series.columns).flat_map(|column| column.line.points());
        match &meta.normalization {
            None | Some(Normalization::RawValues) => {
                let is_counted = unit.to_ascii_lowercase().ends_with("certificates");
                if is_counted && points.all(is_count) { Self::Counts } else { Self::Plain }
            }
            Some(Normalization::Percentage | Normalization::OverlappedPercentage) => Self::Shares,
            Some(_) => Self::Other,
        }
    }
}

/// Returns whether the API made up a label because the request had none.
pub(super) fn is_generated(label: &str) -> bool {
    let number = label.strip_prefix("serie_").or_else(|| label.strip_prefix("summary_"));
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// Describes the first series, and compares it with the second one.
pub(super) fn summary(
    meta: &Meta,
    unit: &str,
    measure: Measure,
    groups: &[&str],
    series: &[Series<'_>],
    shape: Shape,
) -> String {
    let is_empty = |series: &Series<'_>| series.columns.iter().all(|column| column.latest().is_none());
    let Some((first, others)) = series.split_first().filter(|_| !series.iter().all(is_empty)) else {
        return "no values".to_owned();
    };
    let kind = Kind::new(meta, unit, series);
    let second = others.first().filter(|second| !second.label.is_empty() && !is_generated(second.label));
    let mut text = Sentence { kind, measure, shape, parts: Vec::new() };
    if is_empty(first) {
        text.parts.push(format!("no values in {}", first.label));
    } else if shape.is_grouped {
        text.largest(groups, first, second, !others.is_empty());
    } else {
        text.latest(first, second);
    }
    if shape.is_grouped {
        text.parts.push(format!("{} group{}", groups.len(), if groups.len() == 1 { "" } else { "s" }));
    } else if !others.is_empty() && !is_empty(first) {
        return format!("{}: {}", first.label, text.parts.join(", "));
    }
    text.parts.join(", ")
}

struct Sentence {
    kind: Kind,
    measure: Measure,
    shape: Shape,
    parts: Vec<String>,
}

impl Sentence {
    /// Adds the latest value of a series without groups, or its total and how that differs.
    fn latest(&mut self, first: &Series<'_>, second: Option<&Series<'_>>) {
        let Some(first) = first.columns.first() else { return };
        let Some(latest) = first.latest() else { return };
        self.parts.push(format!("latest {}", self.value(latest)));
        let columns = second.and_then(|second| Some((second.label, second.columns.first()?)));
        if self.kind != Kind::Counts {
            let change =
                columns.and_then(|(label, second)| self.change(latest.value, second.at(latest.at)?, label));
            self.parts.extend(change);
            return;
        }
        self.parts.push(format!("total {}", number(first.line.points().map(|point| point.value).sum())));
        let Some((label, second)) = columns else { return };
        let theirs: BTreeMap<i64, f64> = second.line.points().map(|point| (point.at, point.value)).collect();
        let common = first.line.points().filter_map(|point| Some((point.value, *theirs.get(&point.at)?)));
        let (ours, theirs_sum, count) = common
            .fold((0.0, 0.0, 0), |(sum, base, count), (one, other)| (sum + one, base + other, count + 1));
        if let Some(change) = self.change(ours, theirs_sum, label) {
            let all = first.line.points().count().max(theirs.len());
            let over = if count == all { String::new() } else { format!(" over {count} common points") };
            self.parts.push(format!("{change}{over}"));
        }
    }

    /// Adds the group with the largest value at the latest time, and how that value differs from the second series.
    fn largest(
        &mut self,
        groups: &[&str],
        first: &Series<'_>,
        second: Option<&Series<'_>>,
        is_compared: bool,
    ) {
        let latest = first.columns.iter().filter_map(Column::latest).map(|point| point.at).max();
        let Some(at) = latest.filter(|_| self.kind != Kind::Other) else { return };
        let name = |column: &Column| groups.get(column.group).copied().unwrap_or_default();
        let columns = first.columns.iter().filter(|column| name(column) != OTHER || groups.len() == 1);
        let values = columns.filter_map(|column| Some((column, column.at(at)?)));
        let largest = values.max_by(|one, other| one.1.total_cmp(&other.1));
        // Of negative values, readers may take the smallest for the largest.
        let Some((column, value)) = largest.filter(|(_, value)| *value >= 0.0) else { return };
        let place = if is_compared { format!(" in {}", first.label) } else { String::new() };
        self.parts.push(format!("largest{place}: {} {}", name(column), self.value(Point { at, value })));
        let change = second.and_then(|second| {
            let same = second.columns.iter().find(|other| other.group == column.group)?;
            self.change(value, same.at(at)?, second.label)
        });
        self.parts.extend(change);
    }

    fn value(&self, point: Point) -> String {
        let value = self.measure.text(point.value);
        if self.shape.has_times { format!("{value} ({})", moment(point.at)) } else { value }
    }

    /// The difference of two values: in percent for counts, in points for shares, and none for anything else.
    fn change(&self, value: f64, other: f64, label: &str) -> Option<String> {
        let change = match self.kind {
            Kind::Counts if other > 0.0 && value / other < LARGEST_FACTOR => {
                format!("{} %", signed(((value - other) / other * 10_000.0).round() / 100.0))
            }
            Kind::Shares => format!("{} points", signed(((value - other) * 1000.0).round() / 1000.0)),
            _ => return None,
        };
        Some(format!("{change} against {label}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{HOUR, Style};

    /// Describes series, given as their labels with the hourly values of each group.
    fn described(
        normalization: Option<&str>,
        unit: &str,
        groups: &[&str],
        series: &[(&str, &[&[f64]])],
    ) -> String {
        let mut meta = Meta::default();
        meta.normalization = normalization.map(Normalization::from);
        let is_share = normalization.is_some_and(|normalization| normalization.starts_with("PERCENTAGE"));
        let measure = if is_share { Measure::Percent } else { Measure::Number };
        let column = |(group, values): (usize, &&[f64])| {
            let points = (0..).zip(*values).map(|(hour, value)| (hour * HOUR, Some(*value)));
            let line = Line::new(
                Style { colour: 0, dash: 0 },
                points.filter(|(_, value)| !value.is_some_and(f64::is_nan)),
                HOUR,
            );
            Column { group, line }
        };
        let columns: Vec<Vec<Column>> =
            series.iter().map(|(_, columns)| columns.iter().enumerate().map(column).collect()).collect();
        let series: Vec<_> =
            series.iter().zip(&columns).map(|((label, _), columns)| Series { label, columns }).collect();
        let shape = Shape { is_grouped: !groups.is_empty(), has_times: true };
        summary(&meta, unit, measure, groups, &series, shape)
    }

    #[test]
    fn counts_have_a_total_and_are_compared_at_common_times() {
        let counts = |series: &[(&str, &[&[f64]])]| described(None, "certificates", &[], series);
        let this: &[&[f64]] = &[&[10.0, 20.0, 30.0]];
        assert_eq!(counts(&[("7d", this)]), "latest 30 (1 Jan 02:00), total 60");
        assert_eq!(
            counts(&[("7d", this), ("7dcontrol", &[&[10.0, 10.0, 20.0]])]),
            "7d: latest 30 (1 Jan 02:00), total 60, +50 % against 7dcontrol"
        );
        assert_eq!(
            counts(&[("7d", this), ("all", &[&[10.0, 10.0]])]),
            "7d: latest 30 (1 Jan 02:00), total 60, +50 % against all over 2 common points"
        );
        let plain = "7d: latest 30 (1 Jan 02:00), total 60";
        assert_eq!(counts(&[("7d", this), ("none", &[&[0.0, 0.0, 0.0]])]), plain);
        assert_eq!(counts(&[("7d", this), ("part", &[&[1.0, 1.0, 0.0]])]), plain);
        assert_eq!(counts(&[("7d", this), ("serie_1", this)]), plain);
        assert_eq!(counts(&[("7d", &[&[]])]), "no values");
        assert_eq!(counts(&[("7d", &[&[]]), ("7dcontrol", this)]), "no values in 7d");
    }

    #[test]
    fn shares_are_compared_in_points() {
        let this: (&str, &[&[f64]]) = ("7d", &[&[10.0, 20.0, 30.0]]);
        assert_eq!(
            described(
                Some("PERCENTAGE"),
                "certificates",
                &[],
                &[this, ("7dcontrol", &[&[10.0, 10.0, 20.0]])]
            ),
            "7d: latest 30.00 % (1 Jan 02:00), +10 points against 7dcontrol"
        );
    }

    #[test]
    fn other_values_are_neither_added_nor_compared() {
        let series: &[(&str, &[&[f64]])] = &[("a", &[&[1.0, 0.5]]), ("b", &[&[0.5, 1.0]])];
        for normalization in ["MIN0_MAX", "PERCENTAGE_CHANGE", "ROLLING_AVERAGE", "RATIO", "NEW"] {
            let text = described(Some(normalization), "certificates", &[], series);
            assert!(text.starts_with("a: latest 0.5") && text.ends_with(" (1 Jan 01:00)"), "{text}");
            let text = described(Some(normalization), "certificates", &["x"], series);
            assert_eq!(text, "1 group");
        }
        for (unit, values) in
            [("days", [90.0, 47.0]), ("certificates", [-1.0, 1.0]), ("certificates", [0.5, 1.0])]
        {
            let text = described(None, unit, &[], &[("a", &[&values]), ("b", &[&values])]);
            assert_eq!(text, format!("a: latest {} (1 Jan 01:00)", values[1]));
        }
    }

    #[test]
    fn the_largest_group_is_the_largest_at_the_latest_time() {
        let nan = f64::NAN;
        let groups = ["gone", "small", "large", "other"];
        let this: &[&[f64]] = &[&[90.0, nan], &[1.0, 2.0], &[2.0, 3.0], &[7.0, 50.0]];
        let text = described(Some("PERCENTAGE"), "certificates", &groups, &[("7d", this)]);
        assert_eq!(text, "largest: large 3.00 % (1 Jan 01:00), 4 groups");
        let before: &[&[f64]] = &[&[nan, nan], &[1.0, 2.0], &[2.0, 4.5]];
        let text =
            described(Some("PERCENTAGE"), "certificates", &groups, &[("7d", this), ("7dcontrol", before)]);
        assert_eq!(
            text,
            "largest in 7d: large 3.00 % (1 Jan 01:00), -1.5 points against 7dcontrol, 4 groups"
        );
        let text = described(None, "certificates", &["a"], &[("serie_0", &[&[3.0]]), ("serie_1", &[&[2.0]])]);
        assert_eq!(text, "largest in serie_0: a 3 (1 Jan 00:00), 1 group");
        assert_eq!(described(None, "", &["a", "b"], &[("x", &[&[-3.0], &[-4.0]])]), "2 groups");
    }
}
