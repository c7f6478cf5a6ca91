//! The conversion of an answer into a picture. The chart itself knows no type of the API.

mod columns;
mod summary;
mod windows;

use radar_ct::endpoints::SeriesView;
use radar_ct::{Annotation, EventType, Meta, Normalization, SeriesAnswer, Timestamp};

use crate::chart::{
    BarChart, Body, DAY, Group, HOUR, LegendEntry, LineChart, MINUTE, Measure, Picture, Text, WEEK, duration,
    moment, moment_with_year, number,
};
use columns::{AnySeries, Columns};
use summary::{is_generated, summary};
use windows::{Window, Windows};

/// The level of confidence of good data, by the API's examples. That lower levels are worse is an assumption.
const FULL_CONFIDENCE: f64 = 5.0;
/// The largest number of notes.
const NOTES: usize = 3;
/// The largest number of names in a title.
const NAMES: usize = 3;

/// The licence of the data, as markup for the footer of a page.
pub(super) const LICENCE: &str = "\
Cloudflare Radar's data are published under \
<a href=\"https://creativecommons.org/licenses/by-nc/4.0/\">CC BY-NC 4.0</a>: name \
<a href=\"https://radar.cloudflare.com\">Cloudflare Radar</a> as the source, and do not use them commercially.";

/// Converts an answer into a picture. `request` is the part of the title that describes the request.
pub(super) fn picture<T: SeriesView>(answer: &SeriesAnswer<T>, request: &str) -> Picture {
    let series: Vec<AnySeries<'_>> = answer.frames().map(AnySeries::from).collect();
    draw(&answer.meta, &series, T::IS_GROUPED, request)
}

/// Draws lines over timestamps, and bars without them.
fn draw(meta: &Meta, series: &[AnySeries<'_>], is_grouped: bool, request: &str) -> Picture {
    let times: Vec<_> = series.iter().map(|series| series.timestamps.unwrap_or_default()).collect();
    let windows = Windows::new(meta, &times);
    let columns = Columns::new(series, is_grouped, &windows);
    let (measure, unit) = (measure(meta), unit(meta));
    Picture {
        title: title(meta, &columns.labels, &windows, request).into(),
        summary: summary(meta, unit, measure, &columns).into(),
        notes: notes(meta),
        facts: facts(meta, &columns.labels, &windows),
        measure,
        body: if columns.has_times { lines(columns, &windows) } else { bars(&columns, &windows) },
    }
}

/// The legend has an entry for each line, or for each group and for each series that is compared, which is
/// shorter.
fn lines(columns: Columns<'_>, windows: &Windows) -> Body {
    let is_compared = columns.is_compared();
    let groups = columns.groups.iter().enumerate().filter(|_| columns.is_grouped).map(|(index, name)| {
        let dash = if is_compared { 0 } else { index };
        LegendEntry { name: name.into(), colour: Some(index), dash }
    });
    let labels = columns.labels.iter().enumerate().filter(|_| is_compared || !columns.is_grouped);
    let series = labels.map(|(index, label)| LegendEntry {
        name: windows.label(index, label).into(),
        colour: Some(index).filter(|_| !columns.is_grouped),
        dash: index,
    });
    let legend = groups.chain(series).collect();
    let lines = columns.series.into_iter().flatten().map(|column| column.line).collect();
    let mut chart = LineChart::new(lines, legend);
    windows.extend(&mut chart);
    Body::Lines(chart)
}

fn bars(columns: &Columns<'_>, windows: &Windows) -> Body {
    let labels = columns.labels.iter().enumerate();
    let series: Vec<Text> = labels.map(|(index, label)| windows.label(index, label).into()).collect();
    let group = |name: &&str| Group { name: name.into(), values: vec![None; series.len()] };
    let mut groups: Vec<Group> = columns.groups.iter().map(group).collect();
    for (index, columns) in columns.series.iter().enumerate() {
        for column in columns {
            let slot = groups.get_mut(column.group).and_then(|group| group.values.get_mut(index));
            if let Some(slot) = slot {
                *slot = column.line.points().next().map(|point| point.value);
            }
        }
    }
    Body::Bars(BarChart::new(series, groups))
}

fn measure(meta: &Meta) -> Measure {
    use Normalization::{OverlappedPercentage, Percentage, PercentageChange};
    match &meta.normalization {
        Some(Percentage | OverlappedPercentage | PercentageChange) => Measure::Percent,
        _ => Measure::Number,
    }
}

/// The unit of all values, or of the first that has one.
fn unit(meta: &Meta) -> &str {
    let unit = meta.units.iter().find(|unit| unit.name == "*").or(meta.units.first());
    match unit.map_or("", |unit| unit.value.trim()) {
        "" => "certificates",
        unit => unit,
    }
}

/// A title such as `Certificates, DigiCert, 7 days to 25 Nov 2026 10:00 UTC, hourly`.
fn title(meta: &Meta, labels: &[&str], windows: &Windows, request: &str) -> String {
    let subject = subject(meta);
    let mut chars = subject.chars();
    let capital = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars);
    let mut title: String = capital.chain(request.chars()).collect();
    let named: Vec<&str> = labels.iter().copied().filter(|label| !is_generated(label)).collect();
    let named = (!named.is_empty()).then(|| listed(&named));
    let window = windows.first().map(period);
    for part in [named, window, windows.interval.map(every)].into_iter().flatten() {
        title.extend([", ", &part]);
    }
    title
}

fn subject(meta: &Meta) -> String {
    let unit = unit(meta);
    match &meta.normalization {
        None | Some(Normalization::RawValues) => unit.to_owned(),
        Some(Normalization::Percentage | Normalization::OverlappedPercentage) => format!("share of {unit}"),
        Some(Normalization::PercentageChange) => format!("change of {unit}"),
        Some(Normalization::RollingAverage) => format!("rolling average of {unit}"),
        Some(Normalization::Ratio) => format!("ratio of {unit}"),
        Some(Normalization::Min0Max | Normalization::MinMax) => format!("{unit}, scaled to 1"),
        Some(other) => format!("{unit}, {}", other.as_str()),
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [one, other] => format!("{one} and {other}"),
        names => match names.split_at_checked(NAMES) {
            Some((first, more)) if !more.is_empty() => {
                format!("{} and {} more", first.join(", "), more.len())
            }
            _ => names.join(", "),
        },
    }
}

fn period(window: Window) -> String {
    let (start, end) = (moment_with_year(window.start), moment_with_year(window.end));
    if window.end == window.start {
        format!("{start} UTC")
    } else if window.is_stated {
        format!("{} to {end} UTC", duration(window.end - window.start))
    } else {
        format!("{start} to {end} UTC")
    }
}

fn every(interval: i64) -> String {
    const QUARTER: i64 = 15 * MINUTE;
    const MONTH: i64 = 31 * DAY;
    match interval {
        QUARTER => "every 15 minutes".to_owned(),
        HOUR => "hourly".to_owned(),
        DAY => "daily".to_owned(),
        WEEK => "weekly".to_owned(),
        MONTH => "monthly".to_owned(),
        other => format!("every {}", duration(other)),
    }
}

/// Events that may have affected the data, and a low level of confidence.
fn notes(meta: &Meta) -> Vec<Text> {
    let Some(info) = &meta.confidence_info else { return Vec::new() };
    let mut notes: Vec<Text> = info.annotations.iter().take(NOTES).map(|event| note(event).into()).collect();
    if info.annotations.len() > NOTES {
        notes.push(format!("and {} more notes", info.annotations.len() - NOTES).into());
    }
    if let Some(level) = info.level.filter(|level| *level < FULL_CONFIDENCE) {
        notes.push(format!("confidence level {}", number(level)).into());
    }
    notes
}

fn note(event: &Annotation) -> String {
    let description = event.description.as_deref().filter(|text| !text.trim().is_empty());
    let kind = event.event_type.as_ref().map(EventType::as_str);
    let text = description.or(kind).unwrap_or("an event without a description");
    let time = |new: &Option<Timestamp>, old: &Option<Timestamp>| {
        let time = new.as_ref().or(old.as_ref()).filter(|time| !time.is_empty())?;
        Some(time.to_utc().map_or_else(|| time.to_string(), |at| moment(at.timestamp_millis())))
    };
    let start = time(&event.start_date, &event.start_time);
    let end = time(&event.end_date, &event.end_time).filter(|end| Some(end) != start.as_ref());
    let period = match (start, end) {
        (Some(start), Some(end)) => format!(" ({start} - {end})"),
        (Some(start), None) => format!(" ({start})"),
        (None, Some(end)) => format!(" (until {end})"),
        (None, None) => String::new(),
    };
    format!("note: {}{period}", text.trim())
}

/// The metadata that a page lists.
fn facts(meta: &Meta, labels: &[&str], windows: &Windows) -> Vec<(&'static str, Text)> {
    let unit = unit(meta);
    let unit = if measure(meta) == Measure::Percent { format!("percent of {unit}") } else { unit.to_owned() };
    let mut facts = vec![("Unit", Text::from(unit))];
    for (label, window) in labels.iter().zip(&windows.all) {
        let Some(window) = window.map(period) else { continue };
        let window = if labels.len() > 1 { format!("{label}: {window}") } else { window };
        facts.push(("Window", window.into()));
    }
    let interval = windows.interval.map(every);
    let normalization = meta.normalization.as_ref().map(Normalization::as_str);
    let updated = meta.last_updated.as_ref().filter(|updated| !updated.is_empty());
    let level = meta.confidence_info.as_ref().and_then(|info| info.level);
    facts.extend(interval.map(|interval| ("Aggregation interval", interval.into())));
    facts.extend(normalization.map(|normalization| ("Normalization", normalization.into())));
    facts.extend(updated.map(|updated| ("Last updated", updated.as_str().into())));
    facts.extend(level.map(|level| ("Confidence level", number(level).into())));
    facts
}

#[cfg(test)]
mod tests;
