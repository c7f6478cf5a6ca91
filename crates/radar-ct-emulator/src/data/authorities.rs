//! The invented certification authorities, as the API describes them: a root for each owner, and below it the
//! CAs that issue the counted certificates.

use radar_ct_model::{
    Authority, CertificateRecordType, RelatedAuthority, RevocationStatus, RootStatus, SignatureAlgorithm,
    Timestamp,
};
use serde_json::Value;

use crate::data::names::{
    COUNTRIES, DOCUMENTED_CA, DOCUMENTED_COUNTRY, DOCUMENTED_FINGERPRINT, DOCUMENTED_OWNER, DOCUMENTED_ROOT,
    LEGACY_OWNER, LEGACY_ROOT, OWNERS,
};
use crate::data::population::{fingerprint, legacy_ca};
use crate::data::random::{mix, mix_text};

const LEGACY_COUNTRY: &str = "US";

/// The validity of a root, in years.
const ROOT_YEARS: u64 = 25;
/// The validity of a CA below a root, in years.
const CA_YEARS: u64 = 10;

/// The statuses in the root programs of Apple, Chrome, Microsoft and Mozilla, in this order.
type Statuses = [RootStatus; 4];

/// Returns all authorities in the order of the list, with their details.
pub(crate) fn all() -> Vec<Authority> {
    let included = [const { RootStatus::Included }; 4];
    let usual = OWNERS.iter().flat_map(|owner| {
        let cas = owner.cas.iter().map(|(ca, _)| (*ca).to_owned());
        of_owner(owner.name, owner.country, owner.root, cas, &included)
    });
    let candidate = [
        RootStatus::NotIncluded,
        RootStatus::NotYetIncluded,
        RootStatus::Included,
        RootStatus::NotYetIncluded,
    ];
    let documented = [DOCUMENTED_CA.to_owned()].into_iter();
    let documented = of_owner(DOCUMENTED_OWNER, DOCUMENTED_COUNTRY, DOCUMENTED_ROOT, documented, &candidate)
        .map(|ca| {
            let is_example = ca.name == DOCUMENTED_CA;
            if is_example {
                with(ca, |ca| DOCUMENTED_FINGERPRINT.clone_into(&mut ca.sha256_fingerprint))
            } else {
                ca
            }
        });
    let distrusted = [RootStatus::Removed, RootStatus::Blocked, RootStatus::Disabled, RootStatus::NotBefore];
    let mut families: Vec<_> = SignatureAlgorithm::VALUES.iter().map(|text| legacy_ca(text)).collect();
    families.dedup();
    let legacy =
        of_owner(LEGACY_OWNER, LEGACY_COUNTRY, LEGACY_ROOT, families.into_iter(), &distrusted).map(|ca| {
            let is_root = ca.certificate_record_type == Some(CertificateRecordType::Root);
            let status = if is_root { RevocationStatus::Revoked } else { RevocationStatus::ParentRevoked };
            with(ca, |ca| ca.revocation_status = Some(status))
        });
    let all: Vec<_> = usual.chain(documented).chain(legacy).collect();
    let related: Vec<_> = all.iter().map(|ca| related(ca, &all)).collect();
    all.into_iter().zip(related).map(|(ca, related)| with(ca, |ca| ca.related = related)).collect()
}

/// Returns an authority without the members that lists leave out.
pub(crate) fn row(ca: &Authority) -> Authority {
    with(Authority::default(), |row| {
        row.certificate_record_type.clone_from(&ca.certificate_record_type);
        row.country.clone_from(&ca.country);
        row.country_name.clone_from(&ca.country_name);
        row.name.clone_from(&ca.name);
        row.owner.clone_from(&ca.owner);
        row.parent_name.clone_from(&ca.parent_name);
        row.parent_sha256_fingerprint.clone_from(&ca.parent_sha256_fingerprint);
        row.revocation_status.clone_from(&ca.revocation_status);
        row.sha256_fingerprint.clone_from(&ca.sha256_fingerprint);
    })
}

/// Changes a value in an expression. The structs of the model are non-exhaustive, so that a literal does not
/// compile.
fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

fn of_owner(
    owner: &str,
    country: &str,
    root: &str,
    cas: impl Iterator<Item = String>,
    statuses: &Statuses,
) -> impl Iterator<Item = Authority> {
    let [apple, chrome, microsoft, mozilla] = statuses;
    let country_name = COUNTRIES.iter().find(|(code, _)| *code == country).map_or("", |(_, name)| *name);
    let common = with(Authority::default(), |ca| {
        owner.clone_into(&mut ca.owner);
        country.clone_into(&mut ca.country);
        country_name.clone_into(&mut ca.country_name);
        ca.revocation_status = Some(RevocationStatus::NotRevoked);
        ca.apple_status = Some(apple.clone());
        ca.chrome_status = Some(chrome.clone());
        ca.microsoft_status = Some(microsoft.clone());
        ca.mozilla_status = Some(mozilla.clone());
    });
    let root = with(common.clone(), |ca| {
        ca.certificate_record_type = Some(CertificateRecordType::Root);
        ca.authority_key_identifier = Some(key_identifier(root));
        // With these years, every root is older than the CAs that it signs, and outlives them.
        identify(ca, root, 2010, ROOT_YEARS);
    });
    let below: Vec<_> = cas
        .map(|name| {
            with(common.clone(), |ca| {
                ca.certificate_record_type = Some(CertificateRecordType::Intermediate);
                ca.parent_name.clone_from(&root.name);
                ca.parent_sha256_fingerprint.clone_from(&root.sha256_fingerprint);
                ca.authority_key_identifier.clone_from(&root.subject_key_identifier);
                identify(ca, &name, 2018, CA_YEARS);
            })
        })
        .collect();
    std::iter::once(root).chain(below)
}

/// Sets the members that follow from the name: the fingerprint, which filters accept, too, the key and the
/// validity.
fn identify(ca: &mut Authority, name: &str, from: u64, years: u64) {
    let fingerprint = fingerprint(name);
    let chance = mix(&[mix_text(&fingerprint)]);
    let (year, month, day) = (from + chance % 7, 1 + (chance >> 8) % 12, 1 + (chance >> 16) % 28);
    ca.valid_from = date(&format!("{year}-{month:02}-{day:02}"));
    ca.valid_to = date(&format!("{}-{month:02}-{day:02}", year + years));
    name.clone_into(&mut ca.name);
    ca.sha256_fingerprint = fingerprint;
    ca.subject_key_identifier = Some(key_identifier(name));
}

/// Returns a date without a time, as the API writes validity.
fn date(text: &str) -> Option<Timestamp> {
    serde_json::from_value(Value::from(text)).ok()
}

/// Returns an invented key identifier: it looks like a SHA-1, and is made from the name.
fn key_identifier(ca: &str) -> String {
    fingerprint(&format!("key of {ca}")).chars().take(40).collect()
}

/// Returns the other authorities of the same owner.
fn related(ca: &Authority, all: &[Authority]) -> Vec<RelatedAuthority> {
    let others = all
        .iter()
        .filter(|other| other.owner == ca.owner && other.sha256_fingerprint != ca.sha256_fingerprint);
    let brief = |other: &Authority| {
        with(RelatedAuthority::default(), |brief| {
            brief.certificate_record_type.clone_from(&other.certificate_record_type);
            brief.name.clone_from(&other.name);
            brief.revocation_status.clone_from(&other.revocation_status);
            brief.sha256_fingerprint.clone_from(&other.sha256_fingerprint);
        })
    };
    others.map(brief).collect()
}
