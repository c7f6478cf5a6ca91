//! The columns of an answer as lines: one form for all kinds of answers with series.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use radar_ct::Frame;

use super::windows::Windows;
use crate::chart::{Line, Style};

/// A series of any answer: columns of values over timestamps, or of single values without timestamps.
pub(super) struct AnySeries<'a> {
    pub(super) label: &'a str,
    pub(super) timestamps: Option<&'a [DateTime<Utc>]>,
    /// Values by the name of the column; a missing value is NaN.
    pub(super) columns: Vec<(&'a str, &'a [f64])>,
}

impl<'a> From<&'a Frame> for AnySeries<'a> {
    fn from(frame: &'a Frame) -> Self {
        let columns = frame.columns().map(|(name, values)| (name, values.as_slice()));
        Self { label: frame.label(), timestamps: frame.timestamps(), columns: columns.collect() }
    }
}

/// All columns of an answer.
pub(super) struct Columns<'a> {
    pub(super) labels: Vec<&'a str>,
    /// The names of the groups; in an answer without groups, there is one without a meaning.
    pub(super) groups: Vec<&'a str>,
    pub(super) is_grouped: bool,
    pub(super) has_times: bool,
    /// The columns of each series.
    pub(super) series: Vec<Vec<Column>>,
}

/// The values of a group.
pub(super) struct Column {
    /// The position of the group in the list of all groups.
    pub(super) group: usize,
    /// The values, moved by the shift of the series; without timestamps, a single point at zero.
    pub(super) line: Line,
}

impl<'a> Columns<'a> {
    pub(super) fn new(all: &[AnySeries<'a>], is_grouped: bool, windows: &Windows) -> Self {
        let mut groups: Vec<&str> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        let mut column = |series: usize, times: Option<&[DateTime<Utc>]>, name: &'a str, values: &[f64]| {
            let group = *positions.entry(name).or_insert(groups.len());
            if group == groups.len() {
                groups.push(name);
            }
            // Groups have the colours, and series that are compared have the patterns.
            let colour = if is_grouped { group } else { series };
            let dash = if all.len() > 1 { series } else { colour };
            let shift = |at: &DateTime<Utc>| at.timestamp_millis().saturating_add(windows.shift(series));
            let times: Vec<i64> = times.map_or(vec![0], |times| times.iter().map(shift).collect());
            let values = values.iter().map(|value| Some(*value).filter(|value| !value.is_nan()));
            let line =
                Line::new(Style { colour, dash }, times.into_iter().zip(values), windows.longest_step());
            Column { group, line }
        };
        let series = all.iter().enumerate().map(|(index, one)| {
            one.columns.iter().map(|(name, values)| column(index, one.timestamps, name, values)).collect()
        });
        let series = series.collect();
        Self {
            labels: all.iter().map(|series| series.label).collect(),
            groups,
            is_grouped,
            has_times: all.iter().all(|series| series.timestamps.is_some()),
            series,
        }
    }

    pub(super) fn is_compared(&self) -> bool {
        self.labels.len() > 1
    }
}
