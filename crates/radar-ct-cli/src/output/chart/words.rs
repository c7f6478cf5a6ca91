//! What is said about a picture: its summary in one line, its notes.

use std::collections::BTreeMap;

use radar_ct::{Annotation, Meta, Normalization};

use super::scale::{number, signed};
use super::time::moment;
use super::{Bars, Point};
use crate::screen::harmless_cell;

/// The level that the emulator and the API's examples give to data that are as they should be. That lower means worse is
/// assumed.
const USUAL_LEVEL: f64 = 5.0;
/// From here on something is so many times as large, and no longer larger by so many percent.
const TIMES: f64 = 10.0;
/// How many notes a picture takes.
const MOST: usize = 3;

/// What kind of numbers the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Numbers of things: their sum means something.
    Counts,
    Percent,
    Other,
}

impl Measure {
    pub(super) fn of(meta: &Meta) -> Self {
        match &meta.normalization {
            None | Some(Normalization::RawValues) => Self::Counts,
            Some(
                Normalization::Percentage
                | Normalization::OverlappedPercentage
                | Normalization::PercentageChange,
            ) => Self::Percent,
            // What a word that is new to us makes of counts is not known, so they are not added up.
            Some(_) => Self::Other,
        }
    }

    pub(super) fn text(self, value: f64) -> String {
        match self {
            // As many decimals in one as in the other, so that they can be compared.
            Self::Percent if (0.01..10_000.0).contains(&value.abs()) => format!("{value:.2} %"),
            _ => format!("{}{}", number(value), self.suffix()),
        }
    }

    pub(super) fn suffix(self) -> &'static str {
        if self == Self::Percent { " %" } else { "" }
    }
}

/// A line as the summary speaks of it: without its window, and one that has a name of its own only.
pub(super) struct Told<'p> {
    pub(super) name: String,
    pub(super) points: Vec<&'p Point>,
}

impl Told<'_> {
    fn latest(&self) -> Option<&Point> {
        self.points.last().copied()
    }

    fn total(&self) -> f64 {
        self.points.iter().map(|point| point.value).sum()
    }
}

/// Of series that have a line each.
pub(super) fn of_series(measure: Measure, series: &[Told<'_>]) -> String {
    let Some((first, others)) = series.split_first() else { return nothing() };
    let Some(latest) = first.latest() else { return nothing() };
    let mut parts = vec![format!("latest {} ({})", measure.text(latest.value), moment(latest.at))];
    if let Some(second) = others.first() {
        parts.extend(change(measure, first, second));
    }
    if measure == Measure::Counts {
        parts.push(format!("total {}", number(first.total())));
    }
    let name = if others.is_empty() { String::new() } else { format!("{}: ", first.name) };
    format!("{name}{}", parts.join(", "))
}

/// Of groups: those of the first series, and of the second one, by their names.
pub(super) fn of_groups(
    measure: Measure,
    groups: &[Told<'_>],
    second: Option<(&str, &[Told<'_>])>,
) -> String {
    let latest = |told: &Told<'_>| told.latest().map_or(f64::NEG_INFINITY, |point| point.value);
    let named = groups.iter().filter(|told| is_one(&told.name, groups.len()));
    let largest = named.max_by(|one, other| latest(one).total_cmp(&latest(other)));
    let Some((largest, point)) = largest.and_then(|told| Some((told, told.latest()?))) else {
        return nothing();
    };
    let mut parts =
        vec![format!("largest: {} {} ({})", largest.name, measure.text(point.value), moment(point.at))];
    if let Some((name, others)) = second
        && let Some(same) = others.iter().find(|told| told.name == largest.name)
    {
        let same = Told { name: name.to_owned(), points: same.points.clone() };
        parts.extend(change(measure, largest, &same));
    }
    if measure == Measure::Counts {
        parts.push(format!("total {}", number(groups.iter().map(Told::total).sum())));
    }
    parts.push(counted(groups.len()));
    parts.join(", ")
}

/// Of bars.
pub(super) fn of_bars(measure: Measure, bars: &Bars, second: Option<&str>) -> String {
    let value = |group: &super::Group| group.values.first().copied().flatten();
    let named = bars.groups.iter().filter(|group| is_one(&group.name, bars.groups.len()));
    let largest = named.filter_map(|group| Some((group, value(group)?)));
    let Some((group, most)) = largest.max_by(|one, other| one.1.total_cmp(&other.1)) else {
        return nothing();
    };
    let mut first = format!("largest: {} {}", group.name, measure.text(most));
    if let (Some(Some(other)), Some(name)) = (group.values.get(1), second) {
        first = format!("{first} ({} in {})", measure.text(*other), harmless_cell(name));
    }
    let mut parts = vec![first];
    if measure == Measure::Counts {
        parts.push(format!("total {}", number(bars.groups.iter().filter_map(value).sum())));
    }
    parts.push(counted(bars.groups.len()));
    parts.join(", ")
}

/// Whether a group is one of its kind, and not where the API gathers what is beyond the limit of groups.
fn is_one(name: &str, groups: usize) -> bool {
    name != "other" || groups == 1
}

fn counted(groups: usize) -> String {
    format!("{groups} group{}", if groups == 1 { "" } else { "s" })
}

fn nothing() -> String {
    "no values".to_owned()
}

/// The first series against the second one, at the times (or the offsets) that both have: in percent of the second one's
/// sum where there are sums, by the latest value where there are none.
fn change(measure: Measure, first: &Told<'_>, second: &Told<'_>) -> Option<String> {
    let theirs: BTreeMap<i64, f64> = second.points.iter().map(|point| (point.at, point.value)).collect();
    let both: Vec<(f64, f64)> = first
        .points
        .iter()
        .filter_map(|point| Some((point.value, theirs.get(&point.at).copied()?)))
        .collect();
    let (latest, before) = both.last().copied()?;
    let change = match measure {
        Measure::Counts => {
            let (sum, base) =
                both.iter().fold((0.0, 0.0), |(sum, base), (one, other)| (sum + one, base + other));
            let percent = (sum - base) / base * 100.0;
            if !percent.is_finite() {
                return None;
            }
            // A share of the whole rather than a change: in percent nobody reads it.
            if sum / base >= TIMES {
                return Some(format!("{} times {}", number(sum / base), second.name));
            }
            format!("{} %", signed((percent * 100.0).round() / 100.0))
        }
        Measure::Percent => format!("{} points", signed(((latest - before) * 1000.0).round() / 1000.0)),
        Measure::Other => signed(latest - before),
    };
    let least = first.points.len().max(second.points.len());
    let over = match both.len() {
        all if all == least || measure != Measure::Counts => String::new(),
        some => format!(" over {some} common points"),
    };
    Some(format!("{change} against {}{over}", second.name))
}

/// What may have touched the data, one line each.
pub(super) fn notes(meta: &Meta) -> Vec<String> {
    let Some(info) = &meta.confidence_info else { return Vec::new() };
    let mut notes: Vec<String> = info.annotations.iter().take(MOST).map(note).collect();
    if info.annotations.len() > MOST {
        notes.push(format!("and {} more notes", info.annotations.len() - MOST));
    }
    if let Some(level) = info.level.filter(|level| *level < USUAL_LEVEL) {
        notes.push(format!("confidence level {}", number(level)));
    }
    notes
}

fn note(annotation: &Annotation) -> String {
    let kind = annotation.event_type.as_ref().map(|kind| kind.as_str().to_owned());
    let what = annotation.description.clone().filter(|text| !text.trim().is_empty()).or(kind);
    let what = what.unwrap_or_else(|| "an event without a description".to_owned());
    let time = |one: &Option<radar_ct::Timestamp>, other: &Option<radar_ct::Timestamp>| {
        let time = one.as_ref().or(other.as_ref()).filter(|time| !time.is_empty())?;
        Some(time.to_utc().map_or_else(|| time.to_string(), |at| moment(at.timestamp_millis())))
    };
    let start = time(&annotation.start_date, &annotation.start_time);
    let end = time(&annotation.end_date, &annotation.end_time).filter(|end| Some(end) != start.as_ref());
    let when = match (start, end) {
        (Some(start), Some(end)) => format!(" ({start} - {end})"),
        (Some(start), None) => format!(" ({start})"),
        (None, Some(end)) => format!(" (until {end})"),
        (None, None) => String::new(),
    };
    harmless_cell(&format!("note: {}{when}", what.trim()))
}

#[cfg(test)]
mod tests {
    use radar_ct::ConfidenceInfo;

    use super::super::time::HOUR;
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        (0..).zip(values).map(|(at, value)| Point { at: at * HOUR, value: *value }).collect()
    }

    fn told<'p>(name: &str, points: &'p [Point]) -> Told<'p> {
        Told { name: name.to_owned(), points: points.iter().collect() }
    }

    #[test]
    fn the_first_series_is_compared_with_the_second_where_both_have_values() {
        let (this, earlier) = (points(&[10.0, 20.0, 30.0]), points(&[10.0, 10.0, 20.0]));
        let series = [told("7d", &this), told("7dcontrol", &earlier)];
        assert_eq!(
            of_series(Measure::Counts, &series),
            "7d: latest 30 (1 Jan 02:00), +50 % against 7dcontrol, total 60"
        );
        assert_eq!(
            of_series(Measure::Percent, &series),
            "7d: latest 30.00 % (1 Jan 02:00), +10 points against 7dcontrol"
        );
        assert_eq!(of_series(Measure::Counts, &series[..1]), "latest 30 (1 Jan 02:00), total 60");
        let series = [told("7d", &this), told("all", &earlier[..2])];
        assert_eq!(
            of_series(Measure::Counts, &series),
            "7d: latest 30 (1 Jan 02:00), +50 % against all over 2 common points, total 60"
        );
        let small = points(&[1.0, 1.0, 0.0]);
        let series = [told("all", &this), told("DigiCert", &small)];
        let times = "all: latest 30 (1 Jan 02:00), 30 times DigiCert, total 60";
        assert_eq!(of_series(Measure::Counts, &series), times);
        let nothing = points(&[0.0, 0.0, 0.0]);
        let series = [told("7d", &this), told("none", &nothing)];
        assert_eq!(of_series(Measure::Counts, &series), "7d: latest 30 (1 Jan 02:00), total 60");
        assert_eq!(of_series(Measure::Counts, &[told("7d", &[])]), "no values");
    }

    #[test]
    fn annotations_are_told_with_their_times() {
        let mut meta = Meta::default();
        assert!(notes(&meta).is_empty());
        let mut info = ConfidenceInfo::default();
        info.level = Some(3.0);
        let mut annotation = Annotation::default();
        annotation.description = Some("A log\u{1b}[2J was late\n".to_owned());
        annotation.start_date =
            Some("2026-10-03T10:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into());
        info.annotations = vec![annotation, Annotation::default()];
        meta.confidence_info = Some(info);
        assert_eq!(
            notes(&meta),
            [
                "note: A log\\u{1b}[2J was late (3 Oct 10:00)",
                "note: an event without a description",
                "confidence level 3"
            ]
        );
    }
}
