//! `GET /radar/ct/timeseries_groups/{dimension}`: certificate volume over time, by a dimension.

use radar_ct_model::{GroupedSeries, Normalization, Query, TimeseriesGroups, TimeseriesGroupsParams, Values};

use super::Asked;
use super::groups::{self, Group};
use super::series::{self, column, invalid};
use crate::csv::Table;
use crate::reply::Reply;
use crate::volume;
use crate::window::{Plan, Window};

pub(crate) fn answer(asked: &Asked<'_>, dimension: &str) -> Result<Reply, Reply> {
    let query = Query::parse(asked.query).map_err(|error| invalid(&error))?;
    let params = TimeseriesGroupsParams::from_query_by(groups::dimension(dimension), query)
        .map_err(|error| invalid(&error))?;
    let plan = series::plan(asked, &params, params.asked_interval())?;
    groups::check_limit(&params)?;
    // Before anything is counted: finding the groups takes as long as one series does.
    series::check_cost(asked, plan.cost())?;
    let cut = params.series().zip(plan.windows());
    let cut: Vec<_> = cut
        .map(|(series, window)| (groups::groups(asked, &params, &plan, series, *window), *window))
        .collect();
    let columns = cut.iter().map(|(groups, window)| plan.cost_of(*window).saturating_mul(groups.len()));
    series::check_cost(asked, columns.fold(0, usize::saturating_add))?;
    let result = answered(asked, &params, &plan, cut).ok_or_else(Reply::internal)?;
    series::reply(params.asked_format(), || serde_json::to_string(&result), || table(&result))
}

fn answered(
    asked: &Asked<'_>,
    params: &TimeseriesGroupsParams,
    plan: &Plan,
    cut: Vec<(Vec<Group<'_>>, Window)>,
) -> Option<TimeseriesGroups> {
    let normalization = groups::normalization(params);
    let labels = params.labels();
    let series = cut.into_iter().zip(&labels);
    let series = series
        .map(|((groups, window), label)| one(asked, plan, label, groups, window, &normalization))
        .collect::<Option<_>>()?;
    Some(TimeseriesGroups { meta: series::meta(asked, plan, normalization)?, series })
}

fn one(
    asked: &Asked<'_>,
    plan: &Plan,
    label: &str,
    groups: Vec<Group<'_>>,
    window: Window,
    normalization: &Normalization,
) -> Option<GroupedSeries> {
    let timestamps = plan.timestamps(window, asked.now)?;
    let count =
        |group: &Group<'_>| volume::buckets(&group.strata, window.start(), plan.width(), timestamps.len());
    let volumes: Vec<_> = groups.iter().map(count).collect();
    let columns: Vec<Values> = if *normalization == Normalization::Percentage {
        shares(volumes, timestamps.len())
    } else {
        volumes.into_iter().map(column).collect()
    };
    let keys = groups.into_iter().map(|group| group.key);
    GroupedSeries::new(label, timestamps, keys.zip(columns).collect()).ok()
}

/// Point by point the shares of the groups: a column of each.
fn shares(volumes: Vec<Vec<u64>>, points: usize) -> Vec<Values> {
    let mut shares: Vec<Vec<f64>> = volumes.iter().map(|column| Vec::with_capacity(column.len())).collect();
    let mut volumes: Vec<_> = volumes.into_iter().map(Vec::into_iter).collect();
    for _ in 0..points {
        let row: Vec<_> = volumes.iter_mut().map(|column| column.next().unwrap_or_default()).collect();
        for (column, share) in shares.iter_mut().zip(groups::percent(&row)) {
            column.push(share);
        }
    }
    shares.into_iter().map(|column| column.into_iter().collect()).collect()
}

fn table(result: &TimeseriesGroups) -> Table {
    let mut table = Table::default();
    for one in &result.series {
        table.timestamps(one.label(), one.timestamps());
        for (key, values) in one.groups() {
            table.values(&[one.label(), key], values);
        }
    }
    table
}
