//! The population: a few hundred strata of real CAs, and those of a legacy owner that cover every documented
//! value.

use radar_ct_model::{
    CertificateDuration, EntryType, ExpirationStatus, LogApi, PublicKeyAlgorithm, SignatureAlgorithm,
    TimeseriesParams, UniqueEntries, ValidationLevel,
};

use crate::data::names::{
    DURATIONS, ENTRY_TYPES, EXPIRATION, KEYS, LEGACY_OWNER, LEVELS, LOGS, NamedLog, OWNERS, Owner, TLDS,
    UNIQUE, WITH_IPS, WITH_WILDCARDS,
};
use crate::data::random::{mix, mix_text};
use crate::data::stratum::Stratum;

/// Strata of each CA. There are more than thirty, so that a value with a share of one in thirty occurs at
/// every CA.
const PER_CA: usize = 32;
/// Strata that cover every documented value.
const LEGACY: usize = 48;
/// Certificates on a day of 2026.
const PER_DAY: u64 = 9_600_000;
/// Certificates of a legacy stratum on a day; all 48 together are half a percent of the whole.
const PER_DAY_LEGACY: u64 = 1_000;
/// Random numbers that make up a stratum.
const DRAWS: u64 = 11;

/// Returns all strata.
pub(crate) fn population(seed: u64) -> Vec<Stratum> {
    let key = |part| mix(&[seed, part]);
    let regular: Vec<Stratum> =
        OWNERS.iter().zip(1..).flat_map(|(owner, number)| strata_of(owner, key(number))).collect();
    let whole: u64 = regular.iter().map(Stratum::per_day).sum();
    let scaled = regular.into_iter().map(|stratum| {
        let per_day = stratum.per_day() * PER_DAY / whole.max(1);
        stratum.with_per_day(per_day)
    });
    scaled.chain((0..LEGACY).map(|index| legacy(key(0), index))).collect()
}

/// Returns the strata of an owner. For every seed, a value has its share of the strata; the
/// combinations are random.
fn strata_of(owner: &'static Owner, key: u64) -> Vec<Stratum> {
    let count = owner.cas.len() * PER_CA;
    let columns: Vec<_> = (0..DRAWS).map(|draw| quantiles(count, mix(&[key, draw]))).collect();
    let cas = owner.cas.iter().cycle().take(count).enumerate();
    let share = owner.share * 1000 / u64::try_from(owner.cas.len()).unwrap_or(1).max(1);
    cas.map(|(index, ca)| {
        let draws = columns.iter().map(|column| column.get(index).copied().unwrap_or_default());
        regular(owner, ca, share, numbered(key, index), draws)
    })
    .collect()
}

/// Returns equal steps from 0 to 1, in units of 2^-32, shuffled.
fn quantiles(count: usize, key: u64) -> Vec<u64> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let mut steps: Vec<u64> = (0..count).collect();
    steps.sort_by_key(|step| mix(&[key, *step]));
    steps.into_iter().map(|step| ((2 * step + 1) << 32) / (2 * count)).collect()
}

/// Returns a stratum of a real CA. Its other values are drawn by their shares.
fn regular(
    owner: &'static Owner,
    (ca, signature): &'static (&'static str, SignatureAlgorithm),
    share: u64,
    key: u64,
    mut draws: impl Iterator<Item = u64>,
) -> Stratum {
    let mut draw = || draws.next().unwrap_or_default();
    let log = pick(LOGS, draw());
    let level = if owner.domains_only {
        ValidationLevel::Domain
    } else {
        pick_value(LEVELS, draw(), ValidationLevel::Domain)
    };
    let values = TimeseriesParams::new()
        .ca(*ca)
        .ca_owner(owner.name)
        .signature_algorithm(signature.clone())
        .validation_level(level)
        .duration(pick_value(DURATIONS, draw(), CertificateDuration::Gt47dLte100d))
        .entry_type(pick_value(ENTRY_TYPES, draw(), EntryType::Certificate))
        .expiration_status(pick_value(EXPIRATION, draw(), ExpirationStatus::Valid))
        .has_ips(pick_value(WITH_IPS, draw(), false))
        .has_wildcards(pick_value(WITH_WILDCARDS, draw(), false))
        .public_key_algorithm(pick_value(KEYS, draw(), PublicKeyAlgorithm::Ecdsa))
        .tld(pick_value(TLDS, draw(), "com"))
        .unique_entries(pick_value(UNIQUE, draw(), UniqueEntries::True));
    // Between half and one and a half times the share.
    let per_day = share * (50 + scaled(draw(), 101));
    let owners = owner.aliases.iter().map(|alias| TimeseriesParams::new().ca_owner(*alias));
    let aliases: Vec<_> = owners.chain([TimeseriesParams::new().ca(fingerprint(ca))]).collect();
    Stratum::new(&in_log(values, log), &aliases, per_day, key)
}

/// Returns the name of the legacy CA that signs with the algorithms of a family.
pub(crate) fn legacy_ca(signature: &str) -> String {
    format!("Example Legacy {} CA", signature.split('_').next().unwrap_or_default())
}

/// Returns a stratum of the legacy owner. Together they go through all values of each dimension, whatever the
/// seed.
fn legacy(key: u64, index: usize) -> Stratum {
    let signature = nth(SignatureAlgorithm::VALUES, index);
    let ca = legacy_ca(signature);
    let fingerprint = fingerprint(&ca);
    let values = TimeseriesParams::new()
        .ca(ca)
        .ca_owner(LEGACY_OWNER)
        .signature_algorithm(signature)
        .validation_level(nth(ValidationLevel::VALUES, index))
        .duration(nth(CertificateDuration::VALUES, index))
        .entry_type(nth(EntryType::VALUES, index))
        .expiration_status(nth(ExpirationStatus::VALUES, index / 2))
        .has_ips(index.is_multiple_of(3))
        .has_wildcards(index.is_multiple_of(5))
        .public_key_algorithm(nth(PublicKeyAlgorithm::VALUES, index))
        .tld(TLDS.get(index % TLDS.len()).map_or("com", |(tld, _)| tld))
        .unique_entries(nth(UniqueEntries::VALUES, index / 4));
    let log = LOGS.get(index % LOGS.len()).map(|(log, _)| log);
    let aliases = [TimeseriesParams::new().ca(fingerprint)];
    Stratum::new(&in_log(values, log), &aliases, PER_DAY_LEGACY, numbered(key, index))
}

fn in_log(values: TimeseriesParams, log: Option<&'static NamedLog>) -> TimeseriesParams {
    match log {
        Some(log) => values.log(log.slug).log_operator(log.operator).log_api(log.api.clone()),
        None => values.log_api(LogApi::Rfc6962),
    }
}

/// Returns the key of an indexed stratum.
fn numbered(key: u64, index: usize) -> u64 {
    mix(&[key, u64::try_from(index).unwrap_or_default()])
}

/// Returns an invented fingerprint for a CA: it looks like a SHA-256, and is made from the name.
pub(crate) fn fingerprint(ca: &str) -> String {
    let name = mix_text(ca);
    let parts = [0, 1, 2, 3].map(|part| format!("{:016X}", mix(&[name, part])));
    parts.concat()
}

/// Scales a quantile to the range from 0 to `whole`, exclusive.
fn scaled(quantile: u64, whole: u64) -> u64 {
    (quantile * whole) >> 32
}

/// Picks a value by the shares.
fn pick<T>(table: &'static [(T, u64)], quantile: u64) -> Option<&'static T> {
    let whole: u64 = table.iter().map(|(_, share)| share).sum();
    let mut left = scaled(quantile, whole);
    table.iter().find_map(|(value, share)| match left.checked_sub(*share) {
        Some(rest) => {
            left = rest;
            None
        }
        None => Some(value),
    })
}

fn pick_value<T: Clone>(table: &'static [(T, u64)], quantile: u64, otherwise: T) -> T {
    pick(table, quantile).cloned().unwrap_or(otherwise)
}

fn nth(values: &'static [&'static str], index: usize) -> &'static str {
    values.get(index % values.len().max(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_have_a_value_for_every_filter() {
        let named = radar_ct_model::SeriesParams::parameters().skip_while(|parameter| parameter.name != "ca");
        let filters: Vec<_> = named.map(|parameter| parameter.name).collect();
        for stratum in population(1) {
            let (values, _) = stratum.values().split_at(filters.len());
            assert!(values.iter().map(|(name, _)| name).eq(&filters));
        }
    }

    #[test]
    fn cas_have_one_owner_and_algorithm_and_logs_one_operator_and_api() {
        let mut seen = std::collections::HashMap::new();
        for stratum in population(2) {
            let get = |name: &str| stratum.value(name).unwrap().to_owned();
            let family = get("signatureAlgorithm").split('_').next().unwrap().to_owned();
            for (of, is) in [("ca", get("caOwner") + &family), ("log", get("logOperator") + &get("logApi"))] {
                let earlier = seen.entry((of, get(of))).or_insert_with(|| is.clone());
                assert_eq!(*earlier, is);
            }
        }
    }

    #[test]
    fn owner_names_and_aliases_are_unique() {
        let names = OWNERS.iter().flat_map(|owner| owner.aliases.iter().chain([&owner.name]));
        let mut names: Vec<_> = names.chain([&LEGACY_OWNER]).map(|name| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }

    #[test]
    fn fingerprints_are_64_hex_digits() {
        let print = fingerprint("E7");
        assert_eq!(print.len(), 64);
        assert!(print.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        assert_ne!(print, fingerprint("E8"));
    }

    #[test]
    fn draws_follow_the_shares() {
        let drawn: Vec<_> =
            quantiles(1000, 3).into_iter().map(|draw| *pick(WITH_WILDCARDS, draw).unwrap()).collect();
        assert_eq!(drawn.iter().filter(|with| **with).count(), 300);
        assert!(!drawn[..300].iter().all(|with| *with));
    }
}
