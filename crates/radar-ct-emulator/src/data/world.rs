//! The world: all strata, by filter and by dimension.

use std::collections::BTreeMap;

use radar_ct_model::{Dimension, SeriesParams};

use crate::data::population::population;
use crate::data::stratum::{Stratum, filters_of};

/// The group of strata without a value in a dimension, as the API's description calls it.
const WITHOUT_VALUE: &str = "unknown";

/// All strata.
pub(crate) struct World {
    strata: Vec<Stratum>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self { strata: population(seed) }
    }

    /// Returns the strata that match the filters of a series.
    pub(crate) fn matching(&self, series: &SeriesParams) -> Vec<&Stratum> {
        let filters: Vec<_> = filters_of(series).collect();
        self.strata.iter().filter(|stratum| stratum.matches(&filters)).collect()
    }

    /// Returns the same strata by their value in a dimension. Each is in exactly one group, so that groups
    /// add up.
    pub(crate) fn groups(
        &self,
        series: &SeriesParams,
        dimension: &Dimension,
    ) -> BTreeMap<String, Vec<&Stratum>> {
        let filter = filter_of(dimension);
        let mut groups = BTreeMap::<_, Vec<_>>::new();
        for stratum in self.matching(series) {
            let value = stratum.value(&filter).unwrap_or(WITHOUT_VALUE);
            groups.entry(group_key(dimension, value)).or_default().push(stratum);
        }
        groups
    }
}

/// Returns the filter of a dimension: `caOwner` for `CA_OWNER`.
fn filter_of(dimension: &Dimension) -> String {
    let mut filter = String::new();
    for (index, word) in dimension.as_str().split('_').enumerate() {
        let (first, rest) = word.split_at_checked(usize::from(index > 0)).unwrap_or(("", word));
        filter.push_str(first);
        filter.push_str(&rest.to_ascii_lowercase());
    }
    filter
}

/// Returns the API's key of a group, which is the filter's value except for booleans.
fn group_key(dimension: &Dimension, value: &str) -> String {
    match (dimension, value) {
        (Dimension::HasIps | Dimension::HasWildcards, "true") => "POSITIVE",
        (Dimension::HasIps | Dimension::HasWildcards, "false") => "NEGATIVE",
        _ => value,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::names::{LOGS, TLDS};
    use radar_ct_model::TimeseriesParams;

    #[test]
    fn every_dimension_has_a_filter() {
        let parameters: Vec<_> = SeriesParams::parameters().map(|parameter| parameter.name).collect();
        for dimension in Dimension::VALUES {
            let filter = filter_of(&Dimension::from(*dimension));
            assert!(parameters.contains(&filter.as_str()), "{dimension}: {filter}");
        }
    }

    #[test]
    fn every_tld_and_log_has_volume_for_every_seed() {
        for seed in [0, 1, 7] {
            let world = World::new(seed);
            for (tld, _) in TLDS {
                assert!(
                    !world.matching(TimeseriesParams::new().tld(*tld).series().next().unwrap()).is_empty(),
                    "{tld}"
                );
            }
            for (log, _) in LOGS {
                assert!(
                    !world
                        .matching(TimeseriesParams::new().log(log.slug).series().next().unwrap())
                        .is_empty(),
                    "{}",
                    log.slug
                );
            }
        }
    }
}
