//! `GET /radar/ct/authorities` and `GET /radar/ct/authorities/{ca_slug}`: certification authorities.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Authorities".

use serde::{Deserialize, Serialize};

use crate::enums::{CertificateRecordType, RevocationStatus, RootStatus};
use crate::ids::Fingerprint;
use crate::request::item::{ItemKey, ItemParams};
use crate::request::page::{ListParams, Listing};
use crate::request::parameter::{Kind, Parameter};
use crate::response::de::{null_as_default, objects};
use crate::response::record::{Record, RecordColumn, optional};
use crate::response::timestamp::Timestamp;

/// Parameters of `GET /radar/ct/authorities`.
pub type AuthoritiesParams = ListParams<Authorities>;

/// Parameters of `GET /radar/ct/authorities/{ca_slug}`: one certification authority by its fingerprint.
///
/// ```
/// use radar_ct_model::{AuthorityParams, Endpoint};
/// let fingerprint = "24edd4e503a8d3fdb5ffb4af66c887359901cbe687a5a0760d10a08eed99a7c3".parse()?;
/// let params = AuthorityParams::new(fingerprint);
/// assert!(params.path().starts_with("/radar/ct/authorities/24EDD4E5"));
/// # Ok::<(), radar_ct_model::Problem>(())
/// ```
pub type AuthorityParams = ItemParams<Fingerprint>;

/// A page of certification authorities.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Authorities {
    /// The rows.
    #[serde(deserialize_with = "objects")]
    pub certificate_authorities: Vec<Authority>,
}

impl Listing for Authorities {
    const PATH: &'static str = "/radar/ct/authorities";

    type Record = Authority;

    fn from_records(records: Vec<Authority>) -> Self {
        Self { certificate_authorities: records }
    }

    fn records(&self) -> &[Authority] {
        &self.certificate_authorities
    }

    fn into_records(self) -> Vec<Authority> {
        self.certificate_authorities
    }
}

impl ItemKey for Fingerprint {
    const PATH: &'static str = "/radar/ct/authorities/{ca_slug}";

    const PARAMETER: Parameter = Parameter::new(
        "ca_slug",
        Kind::Text,
        "SHA-256 fingerprint of the authority's certificate, 64 hexadecimal digits",
    );

    const NOUN: &'static str = "fingerprint";

    const MEMBER: &'static str = "certificateAuthority";

    type Record = Authority;
}

impl Record for Authority {
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        RecordColumn::new("fingerprint", |ca| ca.sha256_fingerprint.as_str().into()),
        RecordColumn::new("name", |ca| ca.name.as_str().into()),
        RecordColumn::new("owner", |ca| ca.owner.as_str().into()),
        RecordColumn::new("country", |ca| ca.country.as_str().into()),
        RecordColumn::new("type", |ca| {
            optional(ca.certificate_record_type.as_ref().map(CertificateRecordType::as_str))
        }),
        RecordColumn::new("revocation_status", |ca| {
            optional(ca.revocation_status.as_ref().map(RevocationStatus::as_str))
        }),
        RecordColumn::new("parent_fingerprint", |ca| ca.parent_sha256_fingerprint.as_str().into()),
    ];

    const EXAMPLE: &'static str = r#"{"certificateRecordType":"INTERMEDIATE_CERTIFICATE","country":"PT","countryName":"Portugal",
        "name":"MULTICERT Advanced Certification Authority 005","owner":"MULTICERT",
        "parentName":"MULTICERT Root Certification Authority 01",
        "parentSha256Fingerprint":"604D32D036895AED3BFEFAEB727C009EC0F2B3CDFA42A1C71730E6A72C3BE9D4",
        "revocationStatus":"NOT_REVOKED",
        "sha256Fingerprint":"24EDD4E503A8D3FDB5FFB4AF66C887359901CBE687A5A0760D10A08EED99A7C3"}"#;

    fn key(&self) -> &str {
        &self.sha256_fingerprint
    }
}

/// A certification authority: a certificate that issues others.
///
/// A list leaves out the members after [`sha256_fingerprint`](Self::sha256_fingerprint).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Authority {
    /// Root or intermediate certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_record_type: Option<CertificateRecordType>,
    /// Country of the owner, two letters.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub country: String,
    /// Name of the country.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub country_name: String,
    /// Name of the authority.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub name: String,
    /// The owner, as CCADB names it.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub owner: String,
    /// Name of the issuer; empty for a root.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub parent_name: String,
    /// Fingerprint of the issuer's certificate; empty for a root.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub parent_sha256_fingerprint: String,
    /// Revocation status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_status: Option<RevocationStatus>,
    /// SHA-256 fingerprint of the certificate, in the form that [`Fingerprint`] parses.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub sha256_fingerprint: String,
    /// Status in Apple's root program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apple_status: Option<RootStatus>,
    /// Status in Chrome's root program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chrome_status: Option<RootStatus>,
    /// Status in Microsoft's root program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microsoft_status: Option<RootStatus>,
    /// Status in Mozilla's root program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mozilla_status: Option<RootStatus>,
    /// Identifier of the issuer's key (RFC 5280, section 4.2.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_key_identifier: Option<String>,
    /// Identifier of the authority's key (RFC 5280, section 4.2.1.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_key_identifier: Option<String>,
    /// Other certificates of the same authority.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<RelatedAuthority>>"))]
    pub related: Vec<RelatedAuthority>,
    /// Start of the validity (`notBefore`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// End of the validity (`notAfter`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
}

/// Another certificate of the same authority.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RelatedAuthority {
    /// Root or intermediate certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_record_type: Option<CertificateRecordType>,
    /// Name of the authority.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub name: String,
    /// Revocation status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_status: Option<RevocationStatus>,
    /// SHA-256 fingerprint of the certificate.
    #[serde(deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub sha256_fingerprint: String,
}
