//! `GET /radar/ct/authorities` and `GET /radar/ct/authorities/{ca_slug}`: certification authorities.

use radar_ct_model::{Authorities, Fingerprint};
use serde_json::json;

use super::{Asked, listing};
use crate::authorities;
use crate::reply::Reply;

pub(crate) fn list(asked: &Asked<'_>) -> Result<Reply, Reply> {
    let rows = authorities::all().into_iter().map(|ca| serde_json::to_value(authorities::row(&ca)));
    listing::page::<Authorities>(asked, "certificateAuthorities", rows)
}

/// What is no fingerprint is the fingerprint of nothing: that it is answered like that, and not as a broken rule, is an
/// assumption; 404 is the only failure that the description of this endpoint has.
pub(crate) fn one(asked: &Asked<'_>, slug: &str) -> Result<Reply, Reply> {
    let fingerprint: Fingerprint = slug.parse().map_err(|_| Reply::not_found())?;
    let found = authorities::all().into_iter().find(|ca| ca.sha256_fingerprint == fingerprint.as_str());
    let found = serde_json::to_value(found.ok_or_else(Reply::not_found)?);
    listing::one::<Authorities>(asked, "certificateAuthority", found, &[("related", json!([]))])
}
