//! `GET /radar/ct/summary/{dimension}`: how certificates are distributed over a dimension.

use radar_ct_model::{Distribution, Normalization, Query, SeriesParams, Summary, SummaryParams};

use super::Asked;
use super::groups;
use super::series::{self, count, invalid};
use crate::csv::Table;
use crate::reply::Reply;
use crate::window::{Plan, Window};

pub(crate) fn answer(asked: &Asked<'_>, dimension: &str) -> Result<Reply, Reply> {
    let query = Query::parse(asked.query).map_err(|error| invalid(&error))?;
    let params =
        SummaryParams::from_query_by(groups::dimension(dimension), query).map_err(|error| invalid(&error))?;
    // It covers what `timeseries_groups` covers at the interval that it picks by itself, so it is the sum of that.
    let plan = series::plan(asked, &params, None)?;
    groups::check_limit(&params)?;
    series::check_cost(asked, plan.cost())?;
    let result = summary(asked, &params, &plan).ok_or_else(Reply::internal)?;
    series::reply(params.asked_format(), || serde_json::to_string(&result), || table(&result))
}

fn summary(asked: &Asked<'_>, params: &SummaryParams, plan: &Plan) -> Option<Summary> {
    let normalization = groups::normalization(params);
    let labels = params.labels();
    let series = params.series().zip(plan.windows()).zip(&labels);
    let series = series
        .map(|((series, window), label)| one(asked, params, plan, label, series, *window))
        .collect::<Option<_>>()?;
    let mut meta = series::meta(asked, plan, normalization)?;
    meta.agg_interval = None;
    Some(Summary { meta, series })
}

fn one(
    asked: &Asked<'_>,
    params: &SummaryParams,
    plan: &Plan,
    label: &str,
    series: &SeriesParams,
    window: Window,
) -> Option<Distribution> {
    let groups = groups::groups(asked, params, plan, series, window);
    let volumes: Vec<_> = groups.iter().map(|group| group.volume).collect();
    let values = if groups::normalization(params) == Normalization::Percentage {
        groups::percent(&volumes)
    } else {
        volumes.into_iter().map(count).collect()
    };
    let keys = groups.into_iter().map(|group| group.key);
    Distribution::new(label, keys.zip(values.into_iter().map(Some))).ok()
}

fn table(result: &Summary) -> Table {
    let mut table = Table::default();
    for one in &result.series {
        for (key, value) in one.groups() {
            let cell = value.map(|value| value.to_string()).unwrap_or_default();
            table.column(&[one.label(), key], std::iter::once(cell));
        }
    }
    table
}
