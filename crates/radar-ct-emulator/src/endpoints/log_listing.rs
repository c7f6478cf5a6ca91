//! The list of logs.

use serde_json::{Value, json};

use crate::data::logs;
use crate::endpoints::context::RequestContext;
use crate::endpoints::listing::{Listing, to_complete_value, to_value};
use crate::reply::Reply;

/// `GET /radar/ct/logs` and `GET /radar/ct/logs/{log_slug}`.
pub(crate) const LOGS: Listing =
    Listing { rows_member: "certificateLogs", record_member: "certificateLog", rows, record };

fn rows(_: &RequestContext<'_>) -> Result<Vec<Value>, Reply> {
    logs::all().iter().map(to_value).collect()
}

/// Finds a log by its slug, in any case as the filter `log` does.
fn record(context: &RequestContext<'_>) -> Result<Value, Reply> {
    let all = logs::all();
    let found = all.iter().find(|log| log.slug.eq_ignore_ascii_case(context.path_argument));
    let found = found.ok_or_else(Reply::not_found)?.clone();
    let log = logs::detailed(found, &all, context.world, context.now).ok_or_else(Reply::internal)?;
    let members = [
        ("related", json!([])),
        ("performance", Value::Null),
        ("submittableCertCount", Value::Null),
        ("submittedCertCount", Value::Null),
    ];
    to_complete_value(log, &members)
}
