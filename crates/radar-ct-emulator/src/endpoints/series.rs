//! The answer of every series endpoint: from checked parameters to JSON or CSV.

use radar_ct_model::endpoints::SeriesView;
use radar_ct_model::{
    ConfidenceInfo, Frame, Meta, Normalization, ReportedInterval, SeriesAnswer, Unit, Values,
};

use crate::data::slot::Slot;
use crate::endpoints::columns::{Column, columns, shares};
use crate::endpoints::context::RequestContext;
use crate::endpoints::csv;
use crate::endpoints::plan::{Plan, Window};
use crate::endpoints::series_query::SeriesQuery;
use crate::reply::Reply;

/// The documentation calls the level a whole number, but names no scale.
const CONFIDENCE_LEVEL: f64 = 5.0;

/// Answers a request for series with the volumes of the world.
///
/// # Errors
/// Returns the API's answer to a request that breaks a rule or costs too much.
pub(crate) fn answer<T: SeriesView>(
    context: &RequestContext<'_>,
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
    if T::HAS_TIMESTAMPS {
        let costs =
            split.iter().map(|(columns, window)| plan.column_cost(*window).saturating_mul(columns.len()));
        check_cost(context, costs.fold(0, usize::saturating_add))?;
    }
    let normalization = query.normalization();
    let series = split
        .iter()
        .zip(&query.labels)
        .map(|((columns, window), label)| series::<T>(label, columns, &plan, *window, &normalization))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(Reply::internal)?;
    let meta = meta(context, &plan, T::HAS_TIMESTAMPS, normalization).ok_or_else(Reply::internal)?;
    let answer = SeriesAnswer { meta, series };
    if query.is_csv {
        return Ok(Reply::csv(csv::of_frames(answer.frames()).into_text()));
    }
    Ok(Reply::result(&serde_json::to_string(&answer).map_err(|_| Reply::internal())?))
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
fn series<T: SeriesView>(
    label: &str,
    columns: &[Column<'_>],
    plan: &Plan,
    window: Window,
    normalization: &Normalization,
) -> Option<T> {
    let timestamps = if T::HAS_TIMESTAMPS { Some(plan.timestamps(window)?) } else { None };
    let volumes = columns.iter().map(|column| match &timestamps {
        Some(timestamps) => column.volumes(plan, window, timestamps.len()),
        None => vec![column.total(plan, window)],
    });
    let volumes = volumes.collect();
    let values: Vec<Vec<f64>> =
        if *normalization == Normalization::Percentage { shares(volumes) } else { counts(volumes) };
    let keys = columns.iter().map(|column| column.key.clone());
    let columns = keys.zip(values.into_iter().map(|values| values.into_iter().collect::<Values>()));
    T::try_from(Frame::new(label, timestamps, columns).ok()?).ok()
}

fn counts(columns: Vec<Vec<u64>>) -> Vec<Vec<f64>> {
    #[expect(clippy::cast_precision_loss, reason = "no volume comes near 2^53 certificates")]
    let count = |volume: u64| volume as f64;
    columns.into_iter().map(|column| column.into_iter().map(count).collect()).collect()
}

/// Returns the metadata of an answer; `None` if chrono cannot represent a date in it.
fn meta(
    context: &RequestContext<'_>,
    plan: &Plan,
    has_interval: bool,
    normalization: Normalization,
) -> Option<Meta> {
    let mut meta = Meta::default();
    meta.date_range = plan.windows().iter().map(|window| window.time_range()).collect::<Option<_>>()?;
    meta.agg_interval = has_interval.then(|| ReportedInterval::from(plan.interval()));
    let mut confidence = ConfidenceInfo::default();
    confidence.level = Some(CONFIDENCE_LEVEL);
    meta.confidence_info = Some(confidence);
    meta.normalization = Some(normalization);
    meta.last_updated = Some(Slot::containing(context.now).start()?.into());
    meta.units = vec![Unit::of_all("certificates")];
    Some(meta)
}
