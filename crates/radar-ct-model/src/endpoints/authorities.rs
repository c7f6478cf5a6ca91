//! `GET /radar/ct/authorities` and `GET /radar/ct/authorities/{ca_slug}`: certification authorities.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Authorities".

use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;
use crate::enums::{CertificateRecordType, RevocationStatus, RootStatus};
use crate::ids::Fingerprint;
use crate::request::format;
use crate::request::page::{ListParams, Listing};
use crate::request::parameter::{ParamError, Parameter};
use crate::request::query::Query;
use crate::response::de::{null_as_default, object, objects};
use crate::response::envelope::{DecodeError, decode_whole};
use crate::response::timestamp::Timestamp;

/// What is asked of `GET /radar/ct/authorities`.
pub type AuthoritiesParams = ListParams<Authorities>;

/// A page of certification authorities.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Authorities {
    /// The rows.
    #[serde(deserialize_with = "objects")]
    pub certificate_authorities: Vec<Authority>,
}

impl Authorities {
    /// A page.
    pub fn new(rows: Vec<Authority>) -> Self {
        Self { certificate_authorities: rows }
    }
}

impl Listing for Authorities {
    const PATH: &'static str = "/radar/ct/authorities";

    type Item = Authority;

    fn into_items(self) -> Vec<Authority> {
        self.certificate_authorities
    }

    fn key(item: &Authority) -> &str {
        &item.sha256_fingerprint
    }
}

/// What is asked of `GET /radar/ct/authorities/{ca_slug}`: one certification authority.
///
/// ```
/// use radar_ct_model::{AuthorityParams, Endpoint};
/// let fingerprint = "24edd4e503a8d3fdb5ffb4af66c887359901cbe687a5a0760d10a08eed99a7c3".parse()?;
/// let params = AuthorityParams::new(fingerprint);
/// assert!(params.path().starts_with("/radar/ct/authorities/24EDD4E5"));
/// # Ok::<(), radar_ct_model::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityParams {
    fingerprint: Fingerprint,
}

impl AuthorityParams {
    /// The authority with that fingerprint.
    pub fn new(fingerprint: Fingerprint) -> Self {
        Self { fingerprint }
    }

    /// Every parameter. The call that returns CSV sets it by itself.
    pub fn parameters() -> impl Iterator<Item = Parameter> {
        [format::FORMAT].into_iter()
    }
}

impl Endpoint for AuthorityParams {
    type Answer = Authority;

    fn path(&self) -> String {
        // Hexadecimal digits need no encoding.
        format!("{}/{}", Authorities::PATH, self.fingerprint)
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        Ok(Query::new())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        let mut query = Query::new();
        format::ask_for_csv(&mut query, None);
        Ok(query)
    }

    fn decode(&self, body: &[u8]) -> Result<Authority, DecodeError> {
        decode_whole::<OneAuthority>(body).map(|one| one.certificate_authority)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OneAuthority {
    #[serde(deserialize_with = "object")]
    certificate_authority: Authority,
}

/// A certification authority: a certificate that issues others. In a list what comes behind
/// [`sha256_fingerprint`](Self::sha256_fingerprint) is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Authority {
    /// Whether it is a root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_record_type: Option<CertificateRecordType>,
    /// Country of the owner, two letters.
    #[serde(deserialize_with = "null_as_default")]
    pub country: String,
    /// Name of the country.
    #[serde(deserialize_with = "null_as_default")]
    pub country_name: String,
    /// Name of the authority.
    #[serde(deserialize_with = "null_as_default")]
    pub name: String,
    /// Who owns it.
    #[serde(deserialize_with = "null_as_default")]
    pub owner: String,
    /// Name of the authority above it; empty for a root.
    #[serde(deserialize_with = "null_as_default")]
    pub parent_name: String,
    /// Fingerprint of the authority above it; empty for a root.
    #[serde(deserialize_with = "null_as_default")]
    pub parent_sha256_fingerprint: String,
    /// Whether it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_status: Option<RevocationStatus>,
    /// SHA-256 fingerprint of the certificate, as the API writes it: what [`Fingerprint`] reads.
    #[serde(deserialize_with = "null_as_default")]
    pub sha256_fingerprint: String,
    /// What Apple's root program makes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apple_status: Option<RootStatus>,
    /// What Chrome's root program makes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chrome_status: Option<RootStatus>,
    /// What Microsoft's root program makes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microsoft_status: Option<RootStatus>,
    /// What Mozilla's root program makes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mozilla_status: Option<RootStatus>,
    /// Identifies the key that signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_key_identifier: Option<String>,
    /// Identifies its own key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_key_identifier: Option<String>,
    /// Other certificates of the same key.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub related: Vec<RelatedAuthority>,
    /// First day of its validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Last day of its validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
}

/// Another certificate of the same authority.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RelatedAuthority {
    /// Whether it is a root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_record_type: Option<CertificateRecordType>,
    /// Its name.
    #[serde(deserialize_with = "null_as_default")]
    pub name: String,
    /// Whether it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_status: Option<RevocationStatus>,
    /// Its SHA-256 fingerprint.
    #[serde(deserialize_with = "null_as_default")]
    pub sha256_fingerprint: String,
}
