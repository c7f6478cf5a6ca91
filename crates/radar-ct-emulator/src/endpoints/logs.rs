//! `GET /radar/ct/logs` and `GET /radar/ct/logs/{log_slug}`: the logs.

use radar_ct_model::Logs;
use serde_json::{Value, json};

use super::{Asked, listing};
use crate::logs;
use crate::reply::Reply;

pub(crate) fn list(asked: &Asked<'_>) -> Result<Reply, Reply> {
    let rows = logs::all().into_iter().map(serde_json::to_value);
    listing::page::<Logs>(asked, "certificateLogs", rows)
}

pub(crate) fn one(asked: &Asked<'_>, slug: &str) -> Result<Reply, Reply> {
    let all = logs::all();
    // As the filter does, in any case.
    let found = all.iter().find(|log| log.slug.eq_ignore_ascii_case(slug)).ok_or_else(Reply::not_found)?;
    let found = logs::detailed(found.clone(), &all, asked.world, asked.now).ok_or_else(Reply::internal)?;
    let always = [
        ("related", json!([])),
        ("performance", Value::Null),
        ("submittableCertCount", Value::Null),
        ("submittedCertCount", Value::Null),
    ];
    listing::one::<Logs>(asked, "certificateLog", serde_json::to_value(found), &always)
}
