//! The sentence above a chart. It claims only what is right for every answer with series: a total needs
//! counts, a ranking needs values of one scale, and a comparison needs a label that a reader recognises.

use std::collections::BTreeMap;

use radar_ct::endpoints::ENDPOINTS;
use radar_ct::{Meta, Normalization};

use super::columns::{Column, Columns};
use crate::chart::{Measure, Point, moment, number, signed};

/// The factor from which a change in percent is hard to read; the smaller series is probably a part of the
/// larger.
const LARGEST_FACTOR: f64 = 10.0;
/// The group in which the API gathers what is beyond the limit of groups.
const OTHER: &str = "other";

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
    fn new(meta: &Meta, unit: &str, columns: &Columns<'_>) -> Self {
        let is_count = |point: Point| point.value >= 0.0 && point.value.fract() == 0.0;
        let mut points = columns.series.iter().flatten().flat_map(|column| column.line.points());
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
    let mut numbers = ENDPOINTS.iter().filter_map(|endpoint| label.strip_prefix(endpoint.label_prefix?));
    numbers.any(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// Describes the first series, and compares it with the second one.
pub(super) fn summary(meta: &Meta, unit: &str, measure: Measure, columns: &Columns<'_>) -> String {
    let latest =
        |series: &Vec<Column>| series.iter().filter_map(|column| Some(column.line.points().last()?.at)).max();
    let is_empty = columns.series.iter().all(|series| latest(series).is_none());
    let Some(first) = columns.series.first().filter(|_| !is_empty) else { return "no values".to_owned() };
    let label = columns.labels.first().filter(|_| columns.is_compared());
    let kind = Kind::new(meta, unit, columns);
    let groups = match columns.groups.len() {
        _ if !columns.is_grouped => None,
        1 => Some("1 group".to_owned()),
        count => Some(format!("{count} groups")),
    };
    let at = latest(first);
    let leading = at.and_then(|at| leading(columns, first, at, kind));
    let (Some(at), Some((column, value))) = (at, leading) else {
        let missing = at.is_none().then(|| "no values".to_owned());
        let parts: Vec<String> = missing.into_iter().chain(groups).collect();
        return label.map_or_else(String::new, |label| format!("{label}: ")) + &parts.join(", ");
    };
    let name = columns.groups.get(column.group).filter(|_| columns.is_grouped);
    let name = match (label, name) {
        (None, None) => "latest".to_owned(),
        (Some(label), None) => format!("{label}: latest"),
        (None, Some(group)) => format!("largest: {group}"),
        (Some(label), Some(group)) => format!("{label}, largest: {group}"),
    };
    let time = if columns.has_times { format!(" ({})", moment(at)) } else { String::new() };
    let mut parts = vec![format!("{name} {}{time}", measure.text(value))];
    // Groups may overlap or be limited, so they have no total.
    let has_total = kind == Kind::Counts && !columns.is_grouped;
    if has_total {
        parts.push(format!("total {}", number(column.line.points().map(|point| point.value).sum())));
    }
    parts.extend(change(kind, column, columns, |point| has_total || point.at == at));
    parts.extend(groups);
    parts.join(", ")
}

/// The column that the summary is about: the only one, or the group with the largest value at an instant.
fn leading<'c>(
    columns: &Columns<'_>,
    series: &'c [Column],
    at: i64,
    kind: Kind,
) -> Option<(&'c Column, f64)> {
    let is_other = |column: &Column| columns.groups.get(column.group) == Some(&OTHER);
    let named = series.iter().filter(|column| columns.groups.len() == 1 || !is_other(column));
    let value = |column: &'c Column| Some((column, column.line.points().find(|point| point.at == at)?.value));
    let largest = named.filter_map(value).max_by(|one, other| one.1.total_cmp(&other.1));
    // Of negative values, a reader may take the smallest for the largest.
    largest.filter(|(_, value)| !columns.is_grouped || (kind != Kind::Other && *value >= 0.0))
}

/// The difference to the same column of the second series, at those points of both that are selected: in
/// percent for counts, in points for shares, and none for anything else.
fn change(
    kind: Kind,
    column: &Column,
    columns: &Columns<'_>,
    select: impl Fn(&Point) -> bool,
) -> Option<String> {
    let label = columns.labels.get(1).filter(|label| !label.is_empty() && !is_generated(label))?;
    let same = columns.series.get(1)?.iter().find(|same| same.group == column.group)?;
    let theirs: BTreeMap<i64, f64> =
        same.line.points().filter(&select).map(|point| (point.at, point.value)).collect();
    let ours: Vec<Point> = column.line.points().filter(&select).collect();
    let common: Vec<(f64, f64)> =
        ours.iter().filter_map(|point| Some((point.value, *theirs.get(&point.at)?))).collect();
    let (value, base) = common.iter().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    let change = match kind {
        Kind::Counts if base > 0.0 && value / base < LARGEST_FACTOR => {
            format!("{} %", signed(((value - base) / base * 10_000.0).round() / 100.0))
        }
        Kind::Shares if !common.is_empty() => {
            format!("{} points", signed(((value - base) * 1000.0).round() / 1000.0))
        }
        _ => return None,
    };
    let is_whole = common.len() == ours.len().max(theirs.len());
    let over = if is_whole { String::new() } else { format!(" over {} common points", common.len()) };
    Some(format!("{change} against {label}{over}"))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::super::columns::AnySeries;
    use super::super::windows::Windows;
    use super::*;

    /// The summary of hourly series, given as their labels with the values of each group.
    fn described(meaning: [&str; 2], groups: &[&str], series: &[(&str, &[&[f64]])]) -> String {
        let [normalization, unit] = meaning;
        let mut meta = Meta::default();
        meta.normalization = Some(Normalization::from(normalization)).filter(|_| !normalization.is_empty());
        let times: Vec<_> = (0..9).map(|hour| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(hour)).collect();
        let names = if groups.is_empty() { &["values"] } else { groups };
        let all = series.iter().map(|(label, columns)| AnySeries {
            label,
            timestamps: Some(&times),
            columns: names.iter().copied().zip(columns.iter().copied()).collect(),
        });
        let all: Vec<_> = all.collect();
        let columns = Columns::new(&all, !groups.is_empty(), &Windows::new(&meta, &[]));
        let measure = if normalization == "PERCENTAGE" { Measure::Percent } else { Measure::Number };
        summary(&meta, unit, measure, &columns)
    }

    #[test]
    fn counts_have_a_total_and_are_compared_at_common_times() {
        let counts = |series: &[(&str, &[&[f64]])]| described(["", "certificates"], &[], series);
        let this: &[&[f64]] = &[&[10.0, 20.0, 30.0]];
        let plain = "7d: latest 30 (1 Jan 02:00), total 60";
        assert_eq!(counts(&[("7d", this)]), "latest 30 (1 Jan 02:00), total 60");
        for (label, values, change) in [
            ("7dcontrol", &[10.0, 10.0, 20.0][..], ", +50 % against 7dcontrol"),
            ("all", &[10.0, 10.0], ", +50 % against all over 2 common points"),
            ("none", &[0.0, 0.0, 0.0], ""),
            ("part", &[1.0, 1.0, 0.0], ""),
            ("serie_1", &[10.0, 10.0, 20.0], ""),
        ] {
            assert_eq!(counts(&[("7d", this), (label, &[values])]), format!("{plain}{change}"));
        }
        assert_eq!(counts(&[("7d", &[&[]])]), "no values");
        assert_eq!(counts(&[("7d", &[&[]]), ("7dcontrol", this)]), "7d: no values");
    }

    #[test]
    fn shares_are_compared_in_points() {
        let series: &[(_, &[&[f64]])] = &[("7d", &[&[10.0, 30.0]]), ("7dcontrol", &[&[10.0, 20.0]])];
        assert_eq!(
            described(["PERCENTAGE", "certificates"], &[], series),
            "7d: latest 30.00 % (1 Jan 01:00), +10 points against 7dcontrol"
        );
    }

    #[test]
    fn other_values_are_neither_added_nor_compared() {
        let series: &[(_, &[&[f64]])] = &[("a", &[&[1.0, 0.5]]), ("b", &[&[0.5, 1.0]])];
        for normalization in ["MIN0_MAX", "PERCENTAGE_CHANGE", "ROLLING_AVERAGE", "RATIO", "NEW"] {
            let meaning = [normalization, "certificates"];
            assert_eq!(described(meaning, &[], series), "a: latest 0.5 (1 Jan 01:00)");
            assert_eq!(described(meaning, &["x"], series), "a: 1 group");
        }
        let cases: [(_, &[&[f64]]); 3] = [
            ("days", &[&[90.0, 47.0]]),
            ("certificates", &[&[-1.0, 47.0]]),
            ("certificates", &[&[0.5, 47.0]]),
        ];
        for (unit, values) in cases {
            let series = [("a", values), ("b", values)];
            assert_eq!(described(["", unit], &[], &series), "a: latest 47 (1 Jan 01:00)");
        }
    }

    #[test]
    fn the_largest_group_is_the_largest_at_the_latest_time() {
        let groups = ["gone", "small", "large", "other"];
        let this: &[&[f64]] = &[&[90.0, f64::NAN], &[1.0, 2.0], &[2.0, 3.0], &[7.0, 50.0]];
        let before: &[&[f64]] = &[&[f64::NAN, f64::NAN], &[1.0, 2.0], &[2.0, 4.5]];
        let shares = ["PERCENTAGE", "certificates"];
        let text = described(shares, &groups, &[("7d", this)]);
        assert_eq!(text, "largest: large 3.00 % (1 Jan 01:00), 4 groups");
        let text = described(shares, &groups, &[("7d", this), ("7dcontrol", before)]);
        let change = "-1.5 points against 7dcontrol";
        assert_eq!(text, format!("7d, largest: large 3.00 % (1 Jan 01:00), {change}, 4 groups"));
        let text = described(["", "days"], &["a"], &[("serie_0", &[&[3.0]]), ("serie_1", &[&[2.0]])]);
        assert_eq!(text, "serie_0, largest: a 3 (1 Jan 00:00), 1 group");
        assert_eq!(described(["", ""], &["a", "b"], &[("x", &[&[-3.0], &[-4.0]])]), "2 groups");
    }
}
