//! The population: some hundreds of strata, each with one value for every dimension, so that whatever filters are
//! combined, a stratum either matches or does not.

use std::collections::BTreeMap;

use radar_ct_model::{
    CertificateDuration, Dimension, EntryType, ExpirationStatus, LogApi, PublicKeyAlgorithm, SeriesParams,
    SignatureAlgorithm, UniqueEntries, ValidationLevel,
};

use crate::hash::mix;
use crate::names::{
    DURATIONS, ENTRY_TYPES, EXPIRATION, KEYS, LEGACY_OWNER, LEVELS, LOGS, Log, OWNERS, Owner, TLDS, UNIQUE,
    WITH_IPS, WITH_WILDCARDS,
};

/// Strata of each CA: more than thirty, so that what one certificate in thirty has is found at every CA.
const PER_CA: usize = 32;
/// Strata by which every documented value is met.
const LEGACY: usize = 48;
/// The group of what has no value in a dimension, in a word that the API's description has for that.
const WITHOUT_VALUE: &str = "unknown";
/// How many certificates there are on a day of 2026.
const PER_DAY: u64 = 9_600_000;
/// Those of a legacy stratum: 48 of them are half a percent of the whole.
const PER_DAY_LEGACY: u64 = 1_000;

/// A part of the population that is alike in every dimension.
pub(crate) struct Stratum {
    /// What it is called in each dimension, by the wire name of the filter; in some it has several names.
    names: Vec<(&'static str, String)>,
    per_day: u64,
    key: u64,
}

impl Stratum {
    /// Its values are told as a series that filters for just them, so there is no second table of dimensions beside the
    /// model's.
    fn new(values: &SeriesParams, aliases: &[SeriesParams], per_day: u64, key: u64) -> Self {
        Self { names: [values].into_iter().chain(aliases).flat_map(filters_of).collect(), per_day, key }
    }

    /// Certificates on a day of reference.
    pub(crate) fn per_day(&self) -> u64 {
        self.per_day
    }

    /// What its noise is made from.
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    /// What it is called by a filter; the first of its names where it has several.
    fn name(&self, filter: &str) -> Option<&str> {
        self.names.iter().find(|(name, _)| *name == filter).map(|(_, own)| own.as_str())
    }

    fn matches(&self, filters: &[(&'static str, String)]) -> bool {
        filters.iter().all(|(filter, wanted)| {
            self.names.iter().any(|(name, own)| name == filter && own.eq_ignore_ascii_case(wanted))
        })
    }
}

fn filters_of(series: &SeriesParams) -> impl Iterator<Item = (&'static str, String)> {
    series.filters().map(|(parameter, value)| (parameter.name, value.into_owned()))
}

/// All strata.
pub(crate) struct World {
    strata: Vec<Stratum>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let key = |part| mix(&[seed, part]);
        let usual: Vec<Stratum> =
            OWNERS.iter().zip(1..).flat_map(|(owner, number)| of_owner(owner, key(number))).collect();
        let whole: u64 = usual.iter().map(Stratum::per_day).sum();
        let scaled = |stratum: Stratum| {
            let per_day = stratum.per_day * PER_DAY / whole.max(1);
            Stratum { per_day, ..stratum }
        };
        let legacy = (0..LEGACY).map(|index| legacy(key(0), index));
        Self { strata: usual.into_iter().map(scaled).chain(legacy).collect() }
    }

    /// The strata that a series is about.
    pub(crate) fn matching(&self, series: &SeriesParams) -> Vec<&Stratum> {
        let filters: Vec<_> = filters_of(series).collect();
        self.strata.iter().filter(|stratum| stratum.matches(&filters)).collect()
    }

    /// The same, by the value that they have in a dimension. Each is in exactly one group, so that groups add up.
    pub(crate) fn groups(
        &self,
        series: &SeriesParams,
        dimension: &Dimension,
    ) -> BTreeMap<String, Vec<&Stratum>> {
        let filter = filter_of(dimension);
        let mut groups = BTreeMap::<_, Vec<_>>::new();
        for stratum in self.matching(series) {
            let value = stratum.name(&filter).unwrap_or(WITHOUT_VALUE);
            groups.entry(key_of(dimension, value)).or_default().push(stratum);
        }
        groups
    }
}

/// The filter for a dimension: `CA_OWNER` is `caOwner`.
fn filter_of(dimension: &Dimension) -> String {
    let mut filter = String::new();
    for (index, word) in dimension.as_str().split('_').enumerate() {
        let (first, rest) = word.split_at_checked(usize::from(index > 0)).unwrap_or(("", word));
        filter.push_str(first);
        filter.push_str(&rest.to_ascii_lowercase());
    }
    filter
}

/// What the API calls a group: a boolean has words of its own.
fn key_of(dimension: &Dimension, value: &str) -> String {
    match (dimension, value) {
        (Dimension::HasIps | Dimension::HasWildcards, "true") => "POSITIVE",
        (Dimension::HasIps | Dimension::HasWildcards, "false") => "NEGATIVE",
        _ => value,
    }
    .to_owned()
}

/// The strata of an owner. Each value of a dimension is met in as many of them as is its share, whatever the seed; which
/// meets which is left to chance.
fn of_owner(owner: &'static Owner, key: u64) -> Vec<Stratum> {
    let count = owner.cas.len() * PER_CA;
    let columns: Vec<_> = (0..DIMENSIONS).map(|dimension| quantiles(count, mix(&[key, dimension]))).collect();
    let cas = owner.cas.iter().cycle().take(count).enumerate();
    let share = owner.share * 1000 / u64::try_from(owner.cas.len()).unwrap_or(1).max(1);
    cas.map(|(index, ca)| {
        let draws = columns.iter().map(|column| column.get(index).copied().unwrap_or_default());
        usual(owner, ca, share, number(key, index), draws)
    })
    .collect()
}

/// How many draws a stratum takes.
const DIMENSIONS: u64 = 11;

/// From 0 to 1 in equal steps, in units of 2^-32, shuffled.
fn quantiles(count: usize, key: u64) -> Vec<u64> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let mut steps: Vec<u64> = (0..count).collect();
    steps.sort_by_key(|step| mix(&[key, *step]));
    steps.into_iter().map(|step| ((2 * step + 1) << 32) / (2 * count)).collect()
}

/// A stratum of a real CA, its other values drawn by how often they are met.
fn usual(
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
    let values = SeriesParams::new()
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
    // From half to one and a half times the share.
    let per_day = share * (50 + scaled(draw(), 101));
    let owners = owner.aliases.iter().map(|alias| SeriesParams::new().ca_owner(*alias));
    let aliases: Vec<_> = owners.chain([SeriesParams::new().ca(fingerprint(ca))]).collect();
    Stratum::new(&in_log(values, log), &aliases, per_day, key)
}

/// The legacy CA that signs with an algorithm, or one of its family.
pub(crate) fn legacy_ca(signature: &str) -> String {
    format!("Example Legacy {} CA", signature.split('_').next().unwrap_or_default())
}

/// A stratum of the legacy owner: each walks through all values of each dimension, whatever the seed.
fn legacy(key: u64, index: usize) -> Stratum {
    let signature = nth(SignatureAlgorithm::VALUES, index);
    let ca = legacy_ca(signature);
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
    let log = LOGS.get(index % LOGS.len()).map(|(log, _)| log);
    let aliases = [SeriesParams::new().ca(fingerprint)];
    Stratum::new(&in_log(values, log), &aliases, PER_DAY_LEGACY, number(key, index))
}

fn in_log(values: SeriesParams, log: Option<&'static Log>) -> SeriesParams {
    match log {
        Some(log) => values.log(log.slug).log_operator(log.operator).log_api(log.api.clone()),
        None => values.log_api(LogApi::Rfc6962),
    }
}

/// A key for each of many.
fn number(key: u64, index: usize) -> u64 {
    mix(&[key, u64::try_from(index).unwrap_or_default()])
}

/// A fingerprint for a CA that has none here: what a SHA-256 looks like, made from the name.
pub(crate) fn fingerprint(ca: &str) -> String {
    let name = ca.bytes().fold(0, |hash, byte| mix(&[hash, u64::from(byte)]));
    let parts = [0, 1, 2, 3].map(|part| format!("{:016X}", mix(&[name, part])));
    parts.concat()
}

/// A quantile of 0 to `whole`, which is left out.
fn scaled(quantile: u64, whole: u64) -> u64 {
    (quantile * whole) >> 32
}

/// Draws by share.
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
    fn a_stratum_has_a_value_for_every_filter_there_is() {
        let named = SeriesParams::parameters().skip_while(|parameter| parameter.name != "ca");
        let filters: Vec<_> = named.map(|parameter| parameter.name).collect();
        for stratum in World::new(1).strata {
            let (values, _) = stratum.names.split_at(filters.len());
            assert!(values.iter().map(|(name, _)| name).eq(&filters));
        }
    }

    #[test]
    fn every_dimension_is_a_filter() {
        let parameters: Vec<_> = SeriesParams::parameters().map(|parameter| parameter.name).collect();
        for dimension in Dimension::VALUES {
            let filter = filter_of(&Dimension::from(*dimension));
            assert!(parameters.contains(&filter.as_str()), "{dimension}: {filter}");
        }
    }

    #[test]
    fn a_ca_has_one_owner_and_one_algorithm_and_a_log_one_operator_and_one_api() {
        let mut seen = std::collections::HashMap::new();
        for stratum in World::new(2).strata {
            let get = |name: &str| stratum.names.iter().find(|(own, _)| *own == name).unwrap().1.clone();
            let family = get("signatureAlgorithm").split('_').next().unwrap().to_owned();
            for (of, is) in [("ca", get("caOwner") + &family), ("log", get("logOperator") + &get("logApi"))] {
                let earlier = seen.entry((of, get(of))).or_insert_with(|| is.clone());
                assert_eq!(*earlier, is);
            }
        }
    }

    #[test]
    fn no_owner_goes_by_the_name_of_another() {
        let names = OWNERS.iter().flat_map(|owner| owner.aliases.iter().chain([&owner.name]));
        let mut names: Vec<_> = names.chain([&LEGACY_OWNER]).map(|name| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }

    #[test]
    fn every_name_has_some_volume_whatever_the_seed() {
        for seed in [0, 1, 7] {
            let world = World::new(seed);
            for (tld, _) in TLDS {
                assert!(!world.matching(&SeriesParams::new().tld(*tld)).is_empty(), "{tld}");
            }
            for (log, _) in LOGS {
                assert!(!world.matching(&SeriesParams::new().log(log.slug)).is_empty(), "{}", log.slug);
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
        let drawn: Vec<_> =
            quantiles(1000, 3).into_iter().map(|draw| *pick(WITH_WILDCARDS, draw).unwrap()).collect();
        assert_eq!(drawn.iter().filter(|with| **with).count(), 300);
        assert!(!drawn[..300].iter().all(|with| *with));
    }
}
