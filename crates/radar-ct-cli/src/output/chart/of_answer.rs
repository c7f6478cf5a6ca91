//! Pictures of answers.

use chrono::{DateTime, Utc};
use radar_ct::{Distribution, GroupedSeries, Meta, Summary, Timeseries, TimeseriesGroups};

use super::align::{self, Window};
use super::time::window;
use super::title;
use super::words::{self, Measure, Told};
use super::{Bars, Body, Entry, Graph, Group, Line, Picture, Style};
use crate::screen::harmless_cell;

/// Where the series of an answer lie.
struct Places {
    windows: Vec<Option<Window>>,
    shifts: Vec<i64>,
    interval: Option<i64>,
}

impl Places {
    fn of(meta: &Meta, times: &[&[DateTime<Utc>]]) -> Self {
        let windows = align::windows(meta, times);
        let shifts = align::shifts(&windows);
        Self { windows, shifts, interval: align::interval(meta, times) }
    }

    fn shift(&self, series: usize) -> i64 {
        self.shifts.get(series).copied().unwrap_or(0)
    }

    fn first(&self) -> Option<Window> {
        self.windows.first().copied().flatten()
    }

    /// The name of a series, with its window where the windows differ.
    fn legend(&self, series: usize, name: &str) -> String {
        let name = harmless_cell(name);
        match self.windows.get(series) {
            Some(Some(own)) if self.shifts.iter().any(|shift| *shift != 0) => {
                format!("{name} ({})", window(own.start, own.end))
            }
            _ => name,
        }
    }

    /// Entries of the legend for the series, which have the patterns.
    fn series(&self, names: &[&str], colour: fn(usize) -> Option<usize>) -> Vec<Entry> {
        let entry = |(index, name): (usize, &&str)| Entry {
            name: self.legend(index, name),
            colour: colour(index),
            dash: index,
        };
        names.iter().enumerate().map(entry).collect()
    }

    fn lines(&self, lines: Vec<Line>, legend: Vec<Entry>) -> Body {
        let span = align::span(lines.iter().flat_map(Line::points), self.first(), self.interval);
        Body::Graph(Graph { lines, legend, span })
    }
}

fn told<'l>(name: &str, line: &'l Line) -> Told<'l> {
    Told { name: harmless_cell(name), points: line.runs.iter().flatten().collect() }
}

impl From<&Timeseries> for Picture {
    fn from(answer: &Timeseries) -> Self {
        let times: Vec<&[DateTime<Utc>]> = answer.series.iter().map(radar_ct::Series::timestamps).collect();
        let names: Vec<&str> = answer.series.iter().map(radar_ct::Series::label).collect();
        let places = Places::of(&answer.meta, &times);
        let line = |(index, series): (usize, &radar_ct::Series)| Line {
            style: Style { colour: index, dash: index },
            runs: align::runs(series.timestamps(), series.values(), places.shift(index), places.interval),
        };
        let lines: Vec<Line> = answer.series.iter().enumerate().map(line).collect();
        let measure = Measure::of(&answer.meta);
        let told: Vec<Told<'_>> = names.iter().zip(&lines).map(|(name, line)| told(name, line)).collect();
        let summary = words::of_series(measure, &told);
        let legend = places.series(&names, Some);
        picture(&answer.meta, &names, &places, summary, places.lines(lines, legend))
    }
}

impl From<&TimeseriesGroups> for Picture {
    /// Groups have the colours; where several series are compared, series have the patterns.
    fn from(answer: &TimeseriesGroups) -> Self {
        let times: Vec<&[DateTime<Utc>]> = answer.series.iter().map(GroupedSeries::timestamps).collect();
        let names: Vec<&str> = answer.series.iter().map(GroupedSeries::label).collect();
        let places = Places::of(&answer.meta, &times);
        let is_compared = answer.series.len() > 1;
        let mut keys: Vec<&str> = Vec::new();
        let mut lines: Vec<(usize, &str, Line)> = Vec::new();
        for (index, series) in answer.series.iter().enumerate() {
            for (key, values) in series.groups() {
                let known = keys.iter().position(|known| *known == key);
                let colour = known.unwrap_or_else(|| {
                    keys.push(key);
                    keys.len() - 1
                });
                let runs = align::runs(series.timestamps(), values, places.shift(index), places.interval);
                let style = Style { colour, dash: if is_compared { index } else { colour } };
                lines.push((index, key, Line { style, runs }));
            }
        }
        let of = |wanted: usize| -> Vec<Told<'_>> {
            let lines = lines.iter().filter(|(series, _, _)| *series == wanted);
            lines.map(|(_, key, line)| told(key, line)).collect()
        };
        let second = of(1);
        let second_name = names.get(1).map(|name| harmless_cell(name));
        let second = second_name.as_deref().map(|name| (name, second.as_slice()));
        let summary = words::of_groups(Measure::of(&answer.meta), &of(0), second);
        let lines = lines.into_iter().map(|(_, _, line)| line).collect();
        // With several series what is said of the colours and what is said of the patterns is shorter than both together
        // for each line.
        let group = |(index, key): (usize, &&str)| Entry {
            name: harmless_cell(key),
            colour: Some(index),
            dash: if is_compared { 0 } else { index },
        };
        let mut legend: Vec<Entry> = keys.iter().enumerate().map(group).collect();
        if is_compared {
            legend.extend(places.series(&names, |_| None));
        }
        picture(&answer.meta, &names, &places, summary, places.lines(lines, legend))
    }
}

impl From<&Summary> for Picture {
    fn from(answer: &Summary) -> Self {
        let names: Vec<&str> = answer.series.iter().map(Distribution::label).collect();
        let places = Places::of(&answer.meta, &vec![&[][..]; names.len()]);
        let mut groups: Vec<(&str, Group)> = Vec::new();
        for (index, series) in answer.series.iter().enumerate() {
            for (key, value) in series.groups() {
                let position = groups.iter().position(|(known, _)| *known == key);
                let position = position.unwrap_or_else(|| {
                    let values = vec![None; names.len()];
                    groups.push((key, Group { name: harmless_cell(key), values }));
                    groups.len() - 1
                });
                if let Some(slot) =
                    groups.get_mut(position).and_then(|(_, group)| group.values.get_mut(index))
                {
                    *slot = value;
                }
            }
        }
        let series = names.iter().enumerate().map(|(index, name)| places.legend(index, name)).collect();
        let bars = Bars { series, groups: groups.into_iter().map(|(_, group)| group).collect() };
        let summary = words::of_bars(Measure::of(&answer.meta), &bars, names.get(1).copied());
        picture(&answer.meta, &names, &places, summary, Body::Bars(bars))
    }
}

fn picture(meta: &Meta, names: &[&str], places: &Places, summary: String, body: Body) -> Picture {
    Picture {
        title: title::title(meta, names, places.first(), places.interval),
        summary,
        notes: words::notes(meta),
        facts: facts(meta, names, places),
        measure: Measure::of(meta),
        body,
    }
}

fn facts(meta: &Meta, names: &[&str], places: &Places) -> Vec<(&'static str, String)> {
    let measure = Measure::of(meta);
    let mut facts = Vec::new();
    let unit = title::unit(meta);
    facts.push(("Unit", if measure == Measure::Percent { format!("percent of {unit}") } else { unit }));
    for (name, window) in names.iter().zip(&places.windows) {
        if let Some(window) = window {
            let window = title::covered(*window);
            let window = if names.len() > 1 { format!("{}: {window}", harmless_cell(name)) } else { window };
            facts.push(("Window", window));
        }
    }
    facts.extend(places.interval.map(|interval| ("Aggregation interval", title::every(interval))));
    let normalization = meta.normalization.as_ref().map(|word| harmless_cell(word.as_str()));
    facts.extend(normalization.map(|word| ("Normalization", word)));
    let updated = meta.last_updated.as_ref().filter(|updated| !updated.is_empty());
    facts.extend(updated.map(|updated| ("Last updated", harmless_cell(updated.as_str()))));
    let level = meta.confidence_info.as_ref().and_then(|info| info.level);
    facts.extend(level.map(|level| ("Confidence level", super::scale::number(level))));
    facts
}
