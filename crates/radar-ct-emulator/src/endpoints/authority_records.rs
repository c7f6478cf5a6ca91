//! The certification authorities as JSON: the rows of their list, and each one with its details.

use radar_ct_model::Fingerprint;
use serde_json::{Value, json};

use crate::data::authorities;
use crate::endpoints::context::RequestContext;
use crate::endpoints::listing::{to_complete_value, to_value};
use crate::reply::Reply;

/// Returns all rows of the list.
pub(crate) fn rows() -> Result<Vec<Value>, Reply> {
    authorities::all().iter().map(|ca| to_value(authorities::row(ca))).collect()
}

/// Returns the authority whose fingerprint is in the path.
///
/// A malformed fingerprint is answered like an unknown one, not like a broken rule: an assumption, since 404
/// is the only documented failure of this endpoint.
pub(crate) fn record(context: &RequestContext<'_>) -> Result<Value, Reply> {
    let fingerprint: Fingerprint = context.path_argument.parse().map_err(|_| Reply::not_found())?;
    let found = authorities::all().into_iter().find(|ca| ca.sha256_fingerprint == fingerprint.as_str());
    to_complete_value(found.ok_or_else(Reply::not_found)?, &[("related", json!([]))])
}
