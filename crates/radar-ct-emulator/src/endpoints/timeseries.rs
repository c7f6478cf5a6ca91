//! `GET /radar/ct/timeseries`: certificate volume over time.

use radar_ct_model::{Normalization, Series, SeriesParams, Timeseries, TimeseriesParams};

use super::Asked;
use super::series::{self, column, invalid};
use crate::csv::Table;
use crate::reply::Reply;
use crate::volume;
use crate::window::{Plan, Window};

pub(crate) fn answer(asked: &Asked<'_>) -> Result<Reply, Reply> {
    let params = TimeseriesParams::parse_query(asked.query).map_err(|error| invalid(&error))?;
    let plan = series::plan(asked, &params, params.asked_interval())?;
    series::check_cost(asked, plan.cost())?;
    let result = timeseries(asked, &params, &plan).ok_or_else(Reply::internal)?;
    series::reply(
        params.asked_format(),
        || serde_json::to_string(&result),
        || {
            let mut table = Table::default();
            for one in &result.series {
                table.timestamps(one.label(), one.timestamps());
                table.values(&[one.label(), "values"], one.values());
            }
            table
        },
    )
}

fn timeseries(asked: &Asked<'_>, params: &TimeseriesParams, plan: &Plan) -> Option<Timeseries> {
    let labels = params.labels();
    let series = params.series().zip(plan.windows()).zip(&labels);
    let series = series
        .map(|((series, window), label)| one(asked, plan, label, series, *window))
        .collect::<Option<_>>()?;
    Some(Timeseries { meta: series::meta(asked, plan, Normalization::RawValues)?, series })
}

fn one(asked: &Asked<'_>, plan: &Plan, label: &str, series: &SeriesParams, window: Window) -> Option<Series> {
    let strata = asked.world.matching(series);
    let timestamps = plan.timestamps(window, asked.now)?;
    let volumes = volume::buckets(&strata, window.start(), plan.width(), timestamps.len());
    Series::new(label, timestamps, column(volumes)).ok()
}
