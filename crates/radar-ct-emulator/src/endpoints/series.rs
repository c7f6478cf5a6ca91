//! What the three endpoints that answer series have in common.

use radar_ct_model::{
    AggInterval, ConfidenceInfo, Format, Meta, Normalization, ParamError, ReportedInterval, RequestOptions,
    SeriesRequest, Unit, Values,
};

use super::Asked;
use crate::csv::Table;
use crate::reply::Reply;
use crate::window::{Plan, Slot};

/// How many series a request has at most. The API documents that a query can cost too much, not from where on: this is
/// an assumption.
const MOST_SERIES: usize = 50;

/// The documentation says that there is a level and that it is a whole number, but not of what scale.
const CONFIDENCE: f64 = 5.0;

pub(crate) fn invalid(error: &ParamError) -> Reply {
    Reply::invalid(&error.to_string())
}

/// Checks a request, and works out what it covers.
pub(crate) fn plan<O: RequestOptions>(
    asked: &Asked<'_>,
    params: &SeriesRequest<O>,
    interval: Option<&AggInterval>,
) -> Result<Plan, Reply> {
    // Before the rules are checked, since that takes a while for thousands of series.
    let count = params.series().len();
    if count > MOST_SERIES {
        return Err(Reply::too_costly(&format!("{count} series are asked for; the most is {MOST_SERIES}")));
    }
    params.validate().map_err(|error| invalid(&error))?;
    Plan::new(params.series(), interval, asked.now).map_err(|why| Reply::invalid(&why))
}

pub(crate) fn check_cost(asked: &Asked<'_>, cost: usize) -> Result<(), Reply> {
    let most = asked.max_points;
    if cost <= most {
        return Ok(());
    }
    Err(Reply::too_costly(&format!(
        "the query costs {cost}, the most is {most}: a point costs 1, and one of a week 7"
    )))
}

/// What an answer of points says about itself.
pub(crate) fn meta(asked: &Asked<'_>, plan: &Plan, normalization: Normalization) -> Option<Meta> {
    let mut meta = Meta::default();
    meta.date_range = plan.windows().iter().map(|window| window.time_range()).collect::<Option<_>>()?;
    meta.agg_interval = Some(ReportedInterval::from(plan.interval()));
    let mut confidence = ConfidenceInfo::default();
    confidence.level = Some(CONFIDENCE);
    meta.confidence_info = Some(confidence);
    meta.normalization = Some(normalization);
    meta.last_updated = Some(Slot::of(asked.now).begins()?.into());
    meta.units = vec![Unit::of_all("certificates")];
    Some(meta)
}

/// Counted certificates, as the values of a series.
pub(crate) fn column(volumes: Vec<u64>) -> Values {
    volumes.into_iter().map(count).collect()
}

/// A count as a value.
pub(crate) fn count(volume: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "nothing comes near 2^53 certificates")]
    let count = volume as f64;
    count
}

/// The answer in the format that was asked for.
pub(crate) fn reply(
    format: Option<&Format>,
    json: impl FnOnce() -> serde_json::Result<String>,
    table: impl FnOnce() -> Table,
) -> Result<Reply, Reply> {
    if format.is_some_and(Format::is_csv) {
        return Ok(Reply::csv(table().into_text()));
    }
    Ok(Reply::result(&json().map_err(|_| Reply::internal())?))
}
