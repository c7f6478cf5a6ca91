//! The logs as JSON: the rows of their list, and each one with its details.

use serde_json::{Value, json};

use crate::data::logs;
use crate::endpoints::context::RequestContext;
use crate::endpoints::listing::{to_complete_value, to_value};
use crate::reply::Reply;

/// Returns all rows of the list.
pub(crate) fn rows() -> Result<Vec<Value>, Reply> {
    logs::all().iter().map(to_value).collect()
}

/// Returns the log whose slug is in the path, in any case as for the filter `log`.
pub(crate) fn record(context: &RequestContext<'_>) -> Result<Value, Reply> {
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
