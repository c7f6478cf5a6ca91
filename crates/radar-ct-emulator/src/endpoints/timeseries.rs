//! `GET /radar/ct/timeseries`: certificate volume over time.

use radar_ct_model::{
    ConfidenceInfo, Format, Meta, Normalization, ReportedInterval, Series, SeriesParams, Timeseries,
    TimeseriesParams, Unit,
};

use super::Asked;
use crate::csv;
use crate::reply::Reply;
use crate::volume;
use crate::window::{Plan, Slot, Window};

/// How many series a request has at most. The API documents that a query can cost too much, not from where on: this is
/// an assumption.
const MOST_SERIES: usize = 50;

pub(crate) fn answer(asked: &Asked<'_>) -> Result<Reply, Reply> {
    let invalid = |error: radar_ct_model::ParamError| Reply::invalid(&error.to_string());
    let params = TimeseriesParams::parse_query(asked.query).map_err(invalid)?;
    // Before the rules are checked, since that takes a while for thousands of series.
    let count = params.series().len();
    if count > MOST_SERIES {
        return Err(Reply::too_costly(&format!("{count} series are asked for; the most is {MOST_SERIES}")));
    }
    params.validate().map_err(invalid)?;
    let plan = Plan::new(&params, asked.now).map_err(|why| Reply::invalid(&why))?;
    let (cost, most) = (plan.cost(), asked.max_points);
    if cost > most {
        return Err(Reply::too_costly(&format!(
            "the query costs {cost}, the most is {most}: a point costs 1, and one of a week 7"
        )));
    }
    let result = timeseries(asked, &params, &plan).ok_or_else(Reply::internal)?;
    if params.asked_format().is_some_and(Format::is_csv) {
        return Ok(Reply::csv(csv::table(&result.series)));
    }
    let result = serde_json::to_string(&result).map_err(|_| Reply::internal())?;
    Ok(Reply::result(&result))
}

fn timeseries(asked: &Asked<'_>, params: &TimeseriesParams, plan: &Plan) -> Option<Timeseries> {
    let labels = params.labels();
    let series = params.series().zip(plan.windows()).zip(&labels);
    let series = series
        .map(|((series, window), label)| one(asked, plan, label, series, *window))
        .collect::<Option<_>>()?;
    Some(Timeseries { meta: meta(asked, plan)?, series })
}

fn one(asked: &Asked<'_>, plan: &Plan, label: &str, series: &SeriesParams, window: Window) -> Option<Series> {
    let strata = asked.world.matching(series);
    let timestamps = plan.buckets(window, asked.now).map(Slot::begins).collect::<Option<Vec<_>>>()?;
    let volumes = volume::buckets(&strata, window.start(), plan.width(), timestamps.len());
    #[expect(clippy::cast_precision_loss, reason = "no bucket comes near 2^53 certificates")]
    let values = volumes.into_iter().map(|volume| volume as f64).collect();
    Series::new(label, timestamps, values).ok()
}

fn meta(asked: &Asked<'_>, plan: &Plan) -> Option<Meta> {
    let mut meta = Meta::default();
    meta.date_range = plan.windows().iter().map(|window| window.time_range()).collect::<Option<_>>()?;
    meta.agg_interval = Some(ReportedInterval::from(plan.interval()));
    // Recorded answers have a `level` of null, which is what the default is written as.
    meta.confidence_info = Some(ConfidenceInfo::default());
    meta.normalization = Some(Normalization::RawValues);
    meta.last_updated = Some(Slot::of(asked.now).begins()?.into());
    meta.units = vec![Unit::of_all("certificates")];
    Some(meta)
}
