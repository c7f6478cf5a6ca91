//! The columns of an answer: which strata each one counts, and their values.

use std::cell::OnceCell;
use std::cmp::Reverse;

use radar_ct_model::SeriesParams;
use radar_ct_model::endpoints::VALUES;

use crate::data::stratum::Stratum;
use crate::data::volume;
use crate::data::world::World;
use crate::endpoints::plan::{Plan, Window};
use crate::endpoints::series_query::Grouping;

/// The group of everything beyond the limit.
const OTHER: &str = "other";

/// A hundred percent in millionths of a percent, the smallest part that is written.
const WHOLE: u64 = 100_000_000;

/// A column of a series: its key, and the strata that it counts.
pub(crate) struct Column<'w> {
    pub(crate) key: String,
    strata: Vec<&'w Stratum>,
    /// The volume of the window, counted once for both the order of groups and a summary.
    total: OnceCell<u64>,
}

/// Returns the columns of a series: a single one, or the groups of a dimension with the largest first.
pub(crate) fn columns<'w>(
    world: &'w World,
    plan: &Plan,
    series: &SeriesParams,
    window: Window,
    grouping: Option<&Grouping>,
) -> Vec<Column<'w>> {
    match grouping {
        None => vec![Column::new(VALUES.to_owned(), world.matching(series))],
        Some(grouping) => groups(world, plan, series, window, grouping),
    }
}

fn groups<'w>(
    world: &'w World,
    plan: &Plan,
    series: &SeriesParams,
    window: Window,
    grouping: &Grouping,
) -> Vec<Column<'w>> {
    let groups = world.groups(series, &grouping.dimension).into_iter();
    let mut groups: Vec<_> = groups.map(|(key, strata)| Column::new(key, strata)).collect();
    groups.sort_by(|a, b| {
        let total = |group: &Column<'_>| Reverse(group.total(plan, window));
        (total(a), &a.key).cmp(&(total(b), &b.key))
    });
    if let Some(limit) = grouping.limit.filter(|limit| *limit < groups.len()) {
        let rest = groups.split_off(limit);
        let strata = rest.into_iter().flat_map(|group| group.strata).collect();
        groups.push(Column::new(OTHER.to_owned(), strata));
    }
    groups
}

impl<'w> Column<'w> {
    fn new(key: String, strata: Vec<&'w Stratum>) -> Self {
        Self { key, strata, total: OnceCell::new() }
    }

    /// Returns the number of certificates in each of the first `points` buckets of a window.
    pub(crate) fn volumes(&self, plan: &Plan, window: Window, points: usize) -> Vec<u64> {
        volume::buckets(&self.strata, window.start(), plan.width(), points)
    }

    /// Returns the number of certificates in the whole window.
    pub(crate) fn total(&self, plan: &Plan, window: Window) -> u64 {
        *self.total.get_or_init(|| match plan.covered_slots(window) {
            0 => 0,
            // A bucket is the sum of its slots, so that one as wide as the window is the sum of all points.
            slots => volume::buckets(&self.strata, window.start(), slots, 1).into_iter().sum(),
        })
    }
}

/// Replaces volumes by their shares, point by point.
pub(crate) fn shares(volumes: Vec<Vec<u64>>) -> Vec<Vec<f64>> {
    let points = volumes.first().map_or(0, Vec::len);
    let mut shares: Vec<_> = volumes.iter().map(|_| Vec::with_capacity(points)).collect();
    let mut volumes: Vec<_> = volumes.into_iter().map(Vec::into_iter).collect();
    for _ in 0..points {
        let row: Vec<_> = volumes.iter_mut().map(|column| column.next().unwrap_or_default()).collect();
        for (column, share) in shares.iter_mut().zip(percent(&row)) {
            column.push(share);
        }
    }
    shares
}

/// Returns the share of each volume in their sum, in percent. As written, the shares add up to exactly 100,
/// or to 0 if all volumes are 0.
fn percent(volumes: &[u64]) -> Vec<f64> {
    let whole: u64 = volumes.iter().sum();
    let millionths = |sum: u64| u128::from(sum) * u128::from(WHOLE) / u128::from(whole.max(1));
    let mut sum = 0;
    volumes
        .iter()
        .map(|volume| {
            // Rounding the running sums, not the shares, is what makes the shares add up.
            let before = millionths(sum);
            sum += volume;
            let share = u32::try_from(millionths(sum) - before).unwrap_or_default();
            f64::from(share) / 1e6
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_adds_up_to_a_hundred_or_to_zero() {
        assert_eq!(percent(&[1, 1, 1]), [33.333_333, 33.333_333, 33.333_334]);
        assert_eq!(percent(&[3, 0, 1]), [75.0, 0.0, 25.0]);
        assert_eq!(percent(&[0, 7]), [0.0, 100.0]);
        assert_eq!(percent(&[0, 0]), [0.0, 0.0]);
        assert_eq!(percent(&[]), [0.0; 0]);
        // The product of two such numbers does not fit into 64 bits.
        assert_eq!(percent(&[1 << 60, 1 << 60]), [50.0, 50.0]);
    }
}
