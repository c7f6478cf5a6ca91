//! The documented rules that tie several parameters or several series together.

use std::borrow::Cow;

use super::date_range::{Period, check_instant, write_instant};
use super::parameter::Parameter;
use super::problem::{ParamError, Problem};
use super::series_params::{DATE_END, DATE_RANGE, DATE_START, NAME, SeriesParams};
use crate::enums::Dimension;
use crate::response::meta::META;

/// The filter and the dimension that exclude [`KEPT_BY_LOG`].
const TLD: &str = "tld";

/// Filters that do not go with [`TLD`]: data by top-level domain is not kept by log.
const KEPT_BY_LOG: [&str; 4] = ["log", "logApi", "logOperator", "entryType"];

/// Checks the rules on series, each by itself and all together.
pub(crate) fn check_series(series: &[SeriesParams], label_prefix: &str) -> Result<(), ParamError> {
    let count = series.len();
    for (position, one) in series.iter().enumerate() {
        check_one(one).map_err(|error| error.in_series(position, count))?;
    }
    check_durations(series)?;
    check_labels(series, label_prefix)
}

fn check_one(series: &SeriesParams) -> Result<(), ParamError> {
    series.check()?;
    if let Some((tld, with)) = tld_with_log(series) {
        return Err(ParamError::new(tld.name, Problem::TldWithLog { with: with.name }));
    }
    if let Some(Period::Window { start, end }) = series.period() {
        let refused = |parameter: Parameter| move |problem| ParamError::new(parameter.name, problem);
        check_instant(&start).map_err(refused(DATE_START))?;
        check_instant(&end).map_err(refused(DATE_END))?;
        if end <= start {
            let (start, end) = (write_instant(&start).into(), write_instant(&end).into());
            return Err(refused(DATE_END)(Problem::EndBeforeStart { start, end }));
        }
    }
    Ok(())
}

fn tld_with_log(series: &SeriesParams) -> Option<(Parameter, Parameter)> {
    // Most series have no such filter, and need no search by name.
    series.tld()?;
    let (tld, _) = series.filters().find(|(parameter, _)| parameter.name == TLD)?;
    let (with, _) = series.filters().find(|(parameter, _)| KEPT_BY_LOG.contains(&parameter.name))?;
    Some((tld, with))
}

/// Checks that all series cover equally long windows. A series without a period is left out: the API's
/// default for it is not known.
fn check_durations(series: &[SeriesParams]) -> Result<(), ParamError> {
    let mut first = None;
    for (position, one) in series.iter().enumerate() {
        let Some(period) = one.period() else { continue };
        let minutes = period.floored_minutes();
        let first = *first.get_or_insert(minutes);
        if minutes != first {
            let parameter = match period {
                Period::Range(_) => DATE_RANGE,
                Period::Window { .. } => DATE_END,
            };
            let problem = Problem::UnequalDurations { minutes, first };
            return Err(ParamError::new(parameter.name, problem).in_series(position, series.len()));
        }
    }
    Ok(())
}

/// Checks that the answer can tell all series apart by their labels.
fn check_labels(series: &[SeriesParams], label_prefix: &str) -> Result<(), ParamError> {
    let refused =
        |position, problem| Err(ParamError::new(NAME.name, problem).in_series(position, series.len()));
    // A single series cannot be confused with another.
    if let [one] = series {
        return if one.label() == Some(META) { refused(0, Problem::ReservedLabel) } else { Ok(()) };
    }
    let last_named = series.iter().rposition(|one| one.label().is_some());
    let mut labels: Vec<Cow<'_, str>> = Vec::with_capacity(series.len());
    for (position, one) in series.iter().enumerate() {
        let label = one.label_in_answer(label_prefix, position);
        if label == META {
            return refused(position, Problem::ReservedLabel);
        }
        if one.label().is_none() && last_named.is_some_and(|last| last > position) {
            return refused(position, Problem::UnnamedBeforeNamed);
        }
        if let Some(other) = labels.iter().position(|earlier| *earlier == label) {
            return refused(position, Problem::DuplicateLabel { label: label.as_ref().into(), other });
        }
        labels.push(label);
    }
    Ok(())
}

/// Checks that no series has a filter that excludes the dimension: data by top-level domain is not kept by
/// log.
pub(crate) fn check_dimension(dimension: &Dimension, series: &[SeriesParams]) -> Result<(), ParamError> {
    let by_log = matches!(
        dimension,
        Dimension::Log | Dimension::LogApi | Dimension::LogOperator | Dimension::EntryType
    );
    let by_tld = *dimension == Dimension::Tld;
    for (position, one) in series.iter().enumerate() {
        let excludes = |parameter: &Parameter| {
            (by_log && parameter.name == TLD) || (by_tld && KEPT_BY_LOG.contains(&parameter.name))
        };
        if let Some((parameter, _)) = one.filters().find(|(parameter, _)| excludes(parameter)) {
            let problem = Problem::WithDimension { dimension: dimension.as_str().into() };
            return Err(ParamError::new(parameter.name, problem).in_series(position, series.len()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_on_logs_names_existing_filters() {
        for name in KEPT_BY_LOG.iter().chain(&[TLD]) {
            assert!(SeriesParams::parameters().any(|parameter| parameter.name == *name), "{name}");
        }
    }
}
