//! The population: a few hundred strata, each with one value for every dimension, so that whatever filters are
//! combined, a stratum either matches or does not.

use radar_ct_model::{
    CertificateDuration, EntryType, ExpirationStatus, LogApi, PublicKeyAlgorithm, SeriesParams,
    SignatureAlgorithm, UniqueEntries, ValidationLevel,
};

use crate::hash::mix;
use crate::names::{
    DURATIONS, ENTRY_TYPES, EXPIRATION, KEYS, LEGACY_OWNER, LEVELS, LOGS, Log, OWNERS, Owner, TLDS, UNIQUE,
    WITH_IPS, WITH_WILDCARDS,
};

/// Strata of the usual kind, and those by which every documented value is met.
const USUAL: usize = 272;
const LEGACY: usize = 48;
/// How many certificates there are on a day of 2026.
const PER_DAY: u64 = 9_600_000;
/// Those of a legacy stratum: 48 of them are half a percent of the whole.
const PER_DAY_LEGACY: u64 = 1_000;

/// A part of the population that is alike in every dimension.
///
/// Its values are kept as a series that filters for just them. So there is no second table of dimensions beside the
/// model's.
pub(crate) struct Stratum {
    values: SeriesParams,
    /// What some of the values are also called.
    aliases: SeriesParams,
    per_day: u64,
    key: u64,
}

impl Stratum {
    /// Certificates on a day of reference.
    pub(crate) fn per_day(&self) -> u64 {
        self.per_day
    }

    /// What its noise is made from.
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    fn matches(&self, filters: &[(&'static str, String)]) -> bool {
        let is_called = |own: &SeriesParams, name: &str, wanted: &str| {
            own.get(name).is_some_and(|own| own.eq_ignore_ascii_case(wanted))
        };
        filters.iter().all(|(name, wanted)| {
            is_called(&self.values, name, wanted) || is_called(&self.aliases, name, wanted)
        })
    }
}

/// All strata.
pub(crate) struct World {
    strata: Vec<Stratum>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let usual: Vec<Stratum> = OWNERS
            .iter()
            .flat_map(cas_of)
            .cycle()
            .take(USUAL)
            .enumerate()
            .map(|ca| usual(seed, ca))
            .collect();
        let whole: u64 = usual.iter().map(Stratum::per_day).sum();
        let scaled = |stratum: Stratum| {
            let per_day = stratum.per_day * PER_DAY / whole.max(1);
            Stratum { per_day, ..stratum }
        };
        let legacy = (0..LEGACY).map(|index| legacy(seed, index));
        Self { strata: usual.into_iter().map(scaled).chain(legacy).collect() }
    }

    /// The strata that a series is about.
    pub(crate) fn matching(&self, series: &SeriesParams) -> Vec<&Stratum> {
        let filters: Vec<_> =
            series.filters().map(|(parameter, value)| (parameter.name, value.into_owned())).collect();
        self.strata.iter().filter(|stratum| stratum.matches(&filters)).collect()
    }
}

struct Ca {
    owner: &'static Owner,
    name: &'static str,
    signature: &'static SignatureAlgorithm,
    share: u64,
}

fn cas_of(owner: &'static Owner) -> impl Iterator<Item = Ca> + Clone {
    let each = owner.share * 1000 / u64::try_from(owner.cas.len()).unwrap_or(1).max(1);
    owner.cas.iter().map(move |(name, signature)| Ca { owner, name, signature, share: each })
}

/// A stratum of a real CA, its other values drawn by how often they are met.
fn usual(seed: u64, (index, ca): (usize, Ca)) -> Stratum {
    let key = key(seed, index);
    let mut draws = (0..).map(|draw| mix(&[key, draw]));
    let mut draw = || draws.next().unwrap_or_default();
    let log = pick(LOGS, draw());
    let level = if ca.owner.domains_only {
        ValidationLevel::Domain
    } else {
        pick_value(LEVELS, draw(), ValidationLevel::Domain)
    };
    let values = SeriesParams::new()
        .ca(ca.name)
        .ca_owner(ca.owner.name)
        .signature_algorithm(ca.signature.clone())
        .validation_level(level)
        .duration(pick_value(DURATIONS, draw(), CertificateDuration::Gt47dLte100d))
        .entry_type(pick_value(ENTRY_TYPES, draw(), EntryType::Certificate))
        .expiration_status(pick_value(EXPIRATION, draw(), ExpirationStatus::Valid))
        .has_ips(pick_value(WITH_IPS, draw(), false))
        .has_wildcards(pick_value(WITH_WILDCARDS, draw(), false))
        .public_key_algorithm(pick_value(KEYS, draw(), PublicKeyAlgorithm::Ecdsa))
        .tld(pick_value(TLDS, draw(), "com"))
        .unique_entries(pick_value(UNIQUE, draw(), UniqueEntries::True));
    // From half to one and a half times the share.
    let per_day = ca.share * (50 + draw() % 101);
    Stratum {
        values: in_log(values, log),
        aliases: SeriesParams::new().ca(fingerprint(ca.name)).ca_owner(ca.owner.alias),
        per_day,
        key,
    }
}

/// A stratum of the legacy owner: each walks through all values of each dimension, whatever the seed.
fn legacy(seed: u64, index: usize) -> Stratum {
    let signature = nth(SignatureAlgorithm::VALUES, index);
    let ca = format!("Example Legacy {} CA", signature.split('_').next().unwrap_or_default());
    let fingerprint = fingerprint(&ca);
    let values = SeriesParams::new()
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
    Stratum {
        values: in_log(values, LOGS.get(index % LOGS.len()).map(|(log, _)| log)),
        aliases: SeriesParams::new().ca(fingerprint),
        per_day: PER_DAY_LEGACY,
        key: key(seed, USUAL + index),
    }
}

fn in_log(values: SeriesParams, log: Option<&'static Log>) -> SeriesParams {
    match log {
        Some(log) => values.log(log.slug).log_operator(log.operator).log_api(log.api.clone()),
        None => values.log_api(LogApi::Rfc6962),
    }
}

fn key(seed: u64, index: usize) -> u64 {
    mix(&[seed, u64::try_from(index).unwrap_or_default()])
}

/// A fingerprint for a CA that has none here: what a SHA-256 looks like, made from the name.
fn fingerprint(ca: &str) -> String {
    let name = ca.bytes().fold(0, |hash, byte| mix(&[hash, u64::from(byte)]));
    let parts = [0, 1, 2, 3].map(|part| format!("{:016X}", mix(&[name, part])));
    parts.concat()
}

/// Draws by share.
fn pick<T>(table: &'static [(T, u64)], draw: u64) -> Option<&'static T> {
    let whole: u64 = table.iter().map(|(_, share)| share).sum();
    let mut left = draw % whole.max(1);
    table.iter().find_map(|(value, share)| match left.checked_sub(*share) {
        Some(rest) => {
            left = rest;
            None
        }
        None => Some(value),
    })
}

fn pick_value<T: Clone>(table: &'static [(T, u64)], draw: u64, otherwise: T) -> T {
    pick(table, draw).cloned().unwrap_or(otherwise)
}

fn nth(values: &'static [&'static str], index: usize) -> &'static str {
    values.get(index % values.len().max(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stratum_has_a_value_for_every_filter_there_is() {
        let named = SeriesParams::parameters().skip_while(|parameter| parameter.name != "ca");
        let filters: Vec<_> = named.map(|parameter| parameter.name).collect();
        for stratum in World::new(1).strata {
            let own: Vec<_> = stratum.values.filters().map(|(parameter, _)| parameter.name).collect();
            assert_eq!(own, filters);
        }
    }

    #[test]
    fn a_ca_has_one_owner_and_one_algorithm_and_a_log_one_operator_and_one_api() {
        let mut seen = std::collections::HashMap::new();
        for stratum in World::new(2).strata {
            let get = |name: &str| stratum.values.get(name).unwrap().into_owned();
            let family = get("signatureAlgorithm").split('_').next().unwrap().to_owned();
            for (of, is) in [("ca", get("caOwner") + &family), ("log", get("logOperator") + &get("logApi"))] {
                let earlier = seen.entry((of, get(of))).or_insert_with(|| is.clone());
                assert_eq!(*earlier, is);
            }
        }
    }

    #[test]
    fn fingerprints_look_like_one() {
        let print = fingerprint("E7");
        assert_eq!(print.len(), 64);
        assert!(print.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        assert_ne!(print, fingerprint("E8"));
    }

    #[test]
    fn draws_follow_the_shares() {
        let drawn: Vec<_> = (0..10).map(|draw| *pick(WITH_WILDCARDS, draw).unwrap()).collect();
        assert_eq!(drawn, [true, true, true, false, false, false, false, false, false, false]);
    }
}
