//! Strata: parts of the population that are alike in every dimension.

use radar_ct_model::{SeriesParams, TimeseriesParams};

/// A part of the population with one value for every dimension, so that it matches a combination of filters
/// as a whole or not at all.
pub(crate) struct Stratum {
    /// Its values, by the wire name of the filter; in some dimensions it has aliases.
    values: Vec<(&'static str, String)>,
    per_day: u64,
    key: u64,
}

impl Stratum {
    /// Creates a stratum. Its values are those of a request that filters for just them, so that the model's
    /// table of filters is the only one.
    pub(crate) fn new(
        values: &TimeseriesParams,
        aliases: &[TimeseriesParams],
        per_day: u64,
        key: u64,
    ) -> Self {
        let series = [values].into_iter().chain(aliases).flat_map(TimeseriesParams::series);
        Self { values: series.flat_map(filters_of).collect(), per_day, key }
    }

    /// Replaces the number of certificates on a reference day.
    pub(crate) fn with_per_day(self, per_day: u64) -> Self {
        Self { per_day, ..self }
    }

    /// Returns the number of certificates on a reference day.
    pub(crate) fn per_day(&self) -> u64 {
        self.per_day
    }

    /// Returns the seed of its noise.
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    /// Returns all of its values and aliases, by the wire name of the filter.
    #[cfg(test)]
    pub(crate) fn values(&self) -> &[(&'static str, String)] {
        &self.values
    }

    /// Returns its value for a filter, not an alias.
    pub(crate) fn value(&self, filter: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| *name == filter).map(|(_, value)| value.as_str())
    }

    /// Returns whether it matches all of these filters.
    pub(crate) fn matches(&self, filters: &[(&'static str, String)]) -> bool {
        filters.iter().all(|(filter, wanted)| {
            self.values.iter().any(|(name, value)| name == filter && value.eq_ignore_ascii_case(wanted))
        })
    }
}

/// Returns the filters of a series, by wire name.
pub(crate) fn filters_of(series: &SeriesParams) -> impl Iterator<Item = (&'static str, String)> {
    series.filters().map(|(parameter, value)| (parameter.name, value.into_owned()))
}
