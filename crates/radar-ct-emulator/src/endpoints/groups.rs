//! How series are cut into groups by a dimension, for the two endpoints that do.

use std::cmp::Reverse;

use radar_ct_model::{
    Dimension, GroupNormalization, Grouped, Normalization, RequestOptions, SeriesParams, SeriesRequest,
};

use super::Asked;
use crate::reply::Reply;
use crate::volume;
use crate::window::{Plan, Window};
use crate::world::Stratum;

/// What gathers the groups beyond the limit.
const OTHER: &str = "other";

/// A hundred percent in the finest part that is written: six decimals.
const WHOLE: u64 = 100_000_000;

/// A group: its key, its strata, and how many certificates it has in the window.
pub(crate) struct Group<'w> {
    pub(crate) key: String,
    pub(crate) strata: Vec<&'w Stratum>,
    pub(crate) volume: u64,
}

/// Whether a dimension has so many values that they can be limited. The API documents that there are such dimensions, not
/// which: an assumption.
fn has_many_values(dimension: &Dimension) -> bool {
    matches!(
        dimension,
        Dimension::Ca | Dimension::CaOwner | Dimension::Log | Dimension::LogOperator | Dimension::Tld
    )
}

/// The dimension of a path, in whatever case it is written there.
pub(crate) fn dimension(segment: &str) -> Dimension {
    Dimension::from(segment.to_ascii_uppercase())
}

pub(crate) fn check_limit<O>(params: &SeriesRequest<Grouped<O>>) -> Result<(), Reply> {
    if params.asked_limit_per_group().is_none() || has_many_values(params.dimension()) {
        return Ok(());
    }
    let dimension = params.dimension();
    Err(Reply::invalid(&format!(
        "parameter `limitPerGroup` cannot be combined with the dimension {dimension}: it has few values"
    )))
}

/// Counted or in percent, as asked for. What the API does by itself is not known: an assumption.
pub(crate) fn normalization<O>(params: &SeriesRequest<Grouped<O>>) -> Normalization {
    match params.asked_normalization() {
        Some(asked) => Normalization::from(asked.as_str()),
        None => Normalization::from(GroupNormalization::Percentage.as_str()),
    }
}

/// The groups of a series, the largest first; beyond the limit they are one more, the last.
pub(crate) fn groups<'w, O: RequestOptions>(
    asked: &Asked<'w>,
    params: &SeriesRequest<Grouped<O>>,
    plan: &Plan,
    series: &SeriesParams,
    window: Window,
) -> Vec<Group<'w>> {
    // A bucket is the sum of its slots, so one as wide as all of them is the sum of the points.
    let width = plan.width().saturating_mul(plan.points(window, asked.now));
    let volume = |strata: &[&Stratum]| match width {
        0 => 0,
        _ => volume::buckets(strata, window.start(), width, 1).into_iter().sum(),
    };
    let found = asked.world.groups(series, params.dimension()).into_iter();
    let mut groups: Vec<_> =
        found.map(|(key, strata)| Group { key, volume: volume(&strata), strata }).collect();
    groups.sort_by(|a, b| (Reverse(a.volume), &a.key).cmp(&(Reverse(b.volume), &b.key)));
    let limit = params.asked_limit_per_group().and_then(|limit| usize::try_from(limit).ok());
    if let Some(limit) = limit.filter(|limit| *limit < groups.len()) {
        let rest = groups.split_off(limit);
        groups.push(Group {
            key: OTHER.to_owned(),
            volume: rest.iter().map(|group| group.volume).sum(),
            strata: rest.into_iter().flat_map(|group| group.strata).collect(),
        });
    }
    groups
}

/// The shares of these volumes in their sum, in percent. As written they add up to 100 exactly, or to 0 where there is
/// nothing to share: what is rounded is the sum up to each.
pub(crate) fn percent(volumes: &[u64]) -> Vec<f64> {
    let whole: u64 = volumes.iter().sum();
    let parts = |sum: u64| u128::from(sum) * u128::from(WHOLE) / u128::from(whole.max(1));
    let mut sum = 0;
    volumes
        .iter()
        .map(|volume| {
            let before = parts(sum);
            sum += volume;
            let millionths = u32::try_from(parts(sum) - before).unwrap_or_default();
            f64::from(millionths) / 1e6
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_a_hundred_or_to_nothing() {
        assert_eq!(percent(&[1, 1, 1]), [33.333_333, 33.333_333, 33.333_334]);
        assert_eq!(percent(&[3, 0, 1]), [75.0, 0.0, 25.0]);
        assert_eq!(percent(&[0, 7]), [0.0, 100.0]);
        assert_eq!(percent(&[0, 0]), [0.0, 0.0]);
        assert_eq!(percent(&[]), [0.0; 0]);
        // Beyond what 64 bits hold on the way.
        assert_eq!(percent(&[1 << 60, 1 << 60]), [50.0, 50.0]);
    }

    #[test]
    fn a_dimension_is_known_in_any_case() {
        for text in Dimension::VALUES {
            for written in [(*text).to_owned(), text.to_lowercase()] {
                assert_eq!(dimension(&written).as_str(), *text);
            }
        }
        assert!(!dimension("caowner").is_known());
    }
}
