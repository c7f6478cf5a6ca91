//! The answer of every series endpoint: from checked parameters to JSON or CSV.

use radar_ct_model::{ConfidenceInfo, Meta, Normalization, ReportedInterval, Unit};

use crate::data::slot::Slot;
use crate::endpoints::columns::{Column, columns, shares};
use crate::endpoints::context::RequestContext;
use crate::endpoints::frame::{Frame, SeriesResult, table};
use crate::endpoints::plan::{Plan, Window};
use crate::endpoints::series_query::SeriesQuery;
use crate::reply::Reply;

/// The documentation calls the level a whole number, but names no scale.
const CONFIDENCE_LEVEL: f64 = 5.0;

/// The form of a column's values, the only difference between series endpoints apart from their parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A value for each bucket, with timestamps.
    OverTime,
    /// A single value for the window, which covers what the default interval covers.
    Total,
}

/// Answers a request for series with the volumes of the world.
///
/// # Errors
/// Returns the API's answer to a request that breaks a rule or costs too much.
pub(crate) fn answer(
    context: &RequestContext<'_>,
    shape: Shape,
    query: &SeriesQuery,
) -> Result<Reply, Reply> {
    let plan = Plan::new(&query.series, query.agg_interval.as_ref(), context.now)
        .map_err(|rule| Reply::invalid(&rule))?;
    let grouping = query.grouping.as_ref();
    if let Some(grouping) = grouping {
        grouping.check_limit()?;
    }
    // Before anything is counted: finding the groups takes as long as counting one series.
    check_cost(context, plan.cost())?;
    let split: Vec<_> = query
        .series
        .iter()
        .zip(plan.windows())
        .map(|(series, window)| (columns(context.world, &plan, series, *window, grouping), *window))
        .collect();
    if shape == Shape::OverTime {
        let costs =
            split.iter().map(|(columns, window)| plan.column_cost(*window).saturating_mul(columns.len()));
        check_cost(context, costs.fold(0, usize::saturating_add))?;
    }
    let normalization = query.normalization();
    let frames = split
        .iter()
        .zip(&query.labels)
        .map(|((columns, window), label)| frame(label, columns, &plan, *window, shape, &normalization));
    let frames = frames.collect::<Option<Vec<_>>>().ok_or_else(Reply::internal)?;
    if query.is_csv {
        return Ok(Reply::csv(table(frames).into_text()));
    }
    let meta = meta(context, &plan, shape, normalization).ok_or_else(Reply::internal)?;
    let result = serde_json::to_string(&SeriesResult { frames, meta }).map_err(|_| Reply::internal())?;
    Ok(Reply::result(&result))
}

fn check_cost(context: &RequestContext<'_>, cost: usize) -> Result<(), Reply> {
    let limit = context.max_points;
    if cost <= limit {
        return Ok(());
    }
    Err(Reply::too_costly(&format!(
        "the query costs {cost}, and the limit is {limit}: a point costs 1, and a point of a week 7"
    )))
}

/// Counts one series; `None` if chrono cannot represent a timestamp.
fn frame(
    label: &str,
    columns: &[Column<'_>],
    plan: &Plan,
    window: Window,
    shape: Shape,
    normalization: &Normalization,
) -> Option<Frame> {
    let timestamps = match shape {
        Shape::OverTime => Some(plan.timestamps(window)?),
        Shape::Total => None,
    };
    let volumes = columns.iter().map(|column| match &timestamps {
        Some(timestamps) => column.volumes(plan, window, timestamps.len()),
        None => vec![column.total(plan, window)],
    });
    let volumes = volumes.collect();
    let values: Vec<Vec<String>> =
        if *normalization == Normalization::Percentage { texts(shares(volumes)) } else { texts(volumes) };
    let keys = columns.iter().map(|column| column.key.clone());
    Some(Frame::new(label.to_owned(), timestamps, keys.zip(values).collect()))
}

/// Writes numbers as the API does, as decimal text.
fn texts<N: ToString>(columns: Vec<Vec<N>>) -> Vec<Vec<String>> {
    columns.into_iter().map(|column| column.iter().map(N::to_string).collect()).collect()
}

/// Returns the metadata of an answer; `None` if chrono cannot represent a date in it.
fn meta(
    context: &RequestContext<'_>,
    plan: &Plan,
    shape: Shape,
    normalization: Normalization,
) -> Option<Meta> {
    let mut meta = Meta::default();
    meta.date_range = plan.windows().iter().map(|window| window.time_range()).collect::<Option<_>>()?;
    meta.agg_interval = (shape == Shape::OverTime).then(|| ReportedInterval::from(plan.interval()));
    let mut confidence = ConfidenceInfo::default();
    confidence.level = Some(CONFIDENCE_LEVEL);
    meta.confidence_info = Some(confidence);
    meta.normalization = Some(normalization);
    meta.last_updated = Some(Slot::containing(context.now).start()?.into());
    meta.units = vec![Unit::of_all("certificates")];
    Some(meta)
}
