//! The list of certification authorities.

use radar_ct_model::Fingerprint;
use serde_json::{Value, json};

use crate::data::authorities;
use crate::endpoints::context::RequestContext;
use crate::endpoints::listing::{Listing, to_complete_value, to_value};
use crate::reply::Reply;

/// `GET /radar/ct/authorities` and `GET /radar/ct/authorities/{ca_slug}`.
pub(crate) const AUTHORITIES: Listing =
    Listing { rows_member: "certificateAuthorities", record_member: "certificateAuthority", rows, record };

fn rows(_: &RequestContext<'_>) -> Result<Vec<Value>, Reply> {
    authorities::all().iter().map(|authority| to_value(authorities::row(authority))).collect()
}

/// Finds an authority by its fingerprint. A malformed one is answered like an unknown one, not like a broken rule: an
/// assumption, since 404 is the only documented failure of this endpoint.
fn record(context: &RequestContext<'_>) -> Result<Value, Reply> {
    let fingerprint: Fingerprint = context.path_argument.parse().map_err(|_| Reply::not_found())?;
    let found = authorities::all().into_iter().find(|ca| ca.sha256_fingerprint == fingerprint.as_str());
    to_complete_value(found.ok_or_else(Reply::not_found)?, &[("related", json!([]))])
}
