//! Certificate volumes: a pure function of the stratum and the slot in integer arithmetic, so that
//! the numbers are the same on every machine.
//!
//! The volume of a day comes first: the stratum's share, times the rhythm of the week, the growth over the
//! years and some noise. The day is then cut at the boundaries of its slots, in proportion to the rhythm of
//! the day, with each boundary moved by a little noise. The volume of a bucket is that between its two
//! boundaries, so that the buckets add up to the day exactly.

use crate::data::random::mix_in;
use crate::data::slot::{SLOTS_PER_DAY, Slot};
use crate::data::stratum::Stratum;

/// Volume at full hours, relative to each other; interpolated in between. Issuance follows the working day of
/// Europe and America, on top of automatic renewals at all hours.
const HOURS: [u64; 24] = [
    89, 85, 81, 78, 76, 77, 80, 85, 92, 99, 105, 111, 116, 120, 122, 123, 121, 118, 114, 110, 105, 101, 97,
    93,
];
/// Volume from Monday to Sunday, in thousandths of the mean.
const WEEKDAYS: [u64; 7] = [1040, 1060, 1055, 1045, 1010, 905, 885];

const SLOTS_PER_HOUR: u64 = SLOTS_PER_DAY.unsigned_abs() / 24;
/// Parts of the day for each unit of [`HOURS`] and slot: the resolution at which it is cut.
const PARTS: u64 = 1000;
/// The bound of a boundary's noise, in parts. It is less than the narrowest slot, so that boundaries keep
/// their order.
const BOUNDARY_NOISE: u64 = 30 * SLOTS_PER_HOUR * PARTS;

/// 2013-03-01, the first day with certificates: there were hardly any logs before.
const FIRST_DAY: i64 = 15_765;
/// Days from [`FIRST_DAY`] to 2026-01-01, the reference day, on which a stratum has its nominal volume.
const DAYS_TO_REFERENCE: u64 = 4_689;
/// The days after [`FIRST_DAY`] at which growth ends, two centuries later, so that nothing overflows.
const LAST_GROWTH: u64 = 73_000;
const FACTOR_BITS: u32 = 16;
const NOISE_BITS: u32 = 10;
/// The noise of a day: up to about a tenth in either direction, in 1024ths.
const DAY_NOISE: u64 = 100;

/// Returns the number of certificates of all these strata in each of `count` consecutive buckets of `width`
/// slots.
///
/// The loops go by day and stratum, since the volume of a day is the expensive part and many buckets share
/// it.
pub(crate) fn buckets(strata: &[&Stratum], from: Slot, width: i64, count: usize) -> Vec<u64> {
    let mut volumes = vec![0; count];
    let parts = parts();
    let whole = parts.last().copied().unwrap_or(0).max(1);
    for (day, slots) in from.split_by_day(width.saturating_mul(i64::try_from(count).unwrap_or(0))) {
        let factor = factor(day);
        if factor == 0 {
            continue;
        }
        let start = Cut::at(slots.start, &parts);
        let mut cuts: Vec<(usize, Cut)> =
            from.bucket_ends(day, slots, width).map(|(bucket, end)| (bucket, Cut::at(end, &parts))).collect();
        for stratum in strata {
            let noise_seed = mix_in(stratum.key(), day.cast_unsigned());
            let volume = day_volume(stratum, factor, noise_seed);
            let mut before = start.before(volume, noise_seed, whole);
            for (_, cut) in &mut cuts {
                let after = cut.before(volume, noise_seed, whole);
                cut.total += after - before;
                before = after;
            }
        }
        for (bucket, cut) in cuts {
            if let Some(volume) = volumes.get_mut(bucket) {
                *volume += cut.total;
            }
        }
    }
    volumes
}

/// A boundary of a day, and the volume between the previous one and this, summed over the strata.
struct Cut {
    slot: u64,
    /// Its position without noise, in parts of the day.
    parts: u64,
    total: u64,
}

impl Cut {
    fn at(slot: i64, parts: &[u64]) -> Self {
        let at = usize::try_from(slot).ok().and_then(|slot| parts.get(slot));
        Self { slot: slot.cast_unsigned(), parts: at.copied().unwrap_or(0), total: 0 }
    }

    /// Returns the share of a day's volume before it. The noise seed moves it, unless it is an end of the
    /// day.
    fn before(&self, volume: u64, noise_seed: u64, whole: u64) -> u64 {
        if self.slot == 0 {
            0
        } else if self.slot == SLOTS_PER_DAY.unsigned_abs() {
            volume
        } else {
            (self.parts + mix_in(noise_seed, self.slot) % BOUNDARY_NOISE) * volume / whole
        }
    }
}

/// Returns the factor of the week's rhythm and the growth over the years. Volume grows with the square of the
/// time since the first day, which is by about a sixth a year in 2026.
fn factor(day: i64) -> u64 {
    let age = u64::try_from(day - FIRST_DAY).unwrap_or(0).min(LAST_GROWTH);
    // The epoch began on a Thursday.
    let weekday = usize::try_from((day + 3).rem_euclid(7)).ok().and_then(|index| WEEKDAYS.get(index));
    let weekday = weekday.copied().unwrap_or(0);
    ((weekday * age * age) << FACTOR_BITS) / (1000 * DAYS_TO_REFERENCE * DAYS_TO_REFERENCE)
}

fn day_volume(stratum: &Stratum, factor: u64, noise_seed: u64) -> u64 {
    let noise = (1 << NOISE_BITS) - DAY_NOISE + noise_seed % (2 * DAY_NOISE + 1);
    (stratum.per_day() * factor * noise) >> (FACTOR_BITS + NOISE_BITS)
}

/// Returns the running sums of the day's rhythm at the start of each slot, and at the end of the day.
fn parts() -> Vec<u64> {
    let hours = HOURS.iter().zip(HOURS.iter().cycle().skip(1));
    let slots = hours.flat_map(|(hour, next)| {
        (0..SLOTS_PER_HOUR).map(move |past| PARTS * (hour * (SLOTS_PER_HOUR - past) + next * past))
    });
    let ends = slots.scan(0, |sum, parts| {
        *sum += parts;
        Some(*sum)
    });
    std::iter::once(0).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::world::World;
    use radar_ct_model::SeriesParams;

    fn slot(text: &str) -> Slot {
        Slot::containing(text.parse().unwrap())
    }

    #[test]
    fn boundaries_keep_their_order() {
        let narrowest = HOURS.iter().min().unwrap() * PARTS * 4;
        assert!(BOUNDARY_NOISE <= narrowest, "{BOUNDARY_NOISE} {narrowest}");
        let parts = parts();
        assert_eq!(parts.len(), 97);
        assert!(parts.windows(2).all(|pair| pair[1] - pair[0] >= narrowest));
    }

    #[test]
    fn buckets_are_sums_of_slots_at_any_offset() {
        let world = World::new(5);
        let strata = world.matching(&SeriesParams::new());
        let slots = buckets(&strata, slot("2026-10-08T00:00:00Z"), 1, 3 * 7 * 96);
        for (begins, skipped) in [("2026-10-08T00:00:00Z", 0), ("2026-10-08T09:30:00Z", 38)] {
            for width in [2, 4, 5, 96, 100, 7 * 96] {
                let sums = slots[skipped..].chunks_exact(width).map(|slots| slots.iter().sum::<u64>());
                let wide = buckets(&strata, slot(begins), i64::try_from(width).unwrap(), sums.len());
                assert!(sums.eq(wide), "{width} slots from {begins}");
            }
        }
    }

    fn sum(strata: &[&Stratum], from: Slot, width: i64) -> u64 {
        buckets(strata, from, width, 1)[0]
    }

    #[test]
    fn slots_hold_about_a_hundred_thousand_certificates() {
        let world = World::new(0);
        let week =
            sum(&world.matching(&SeriesParams::new()), slot("2026-01-05T00:00:00Z"), 7 * 96) / (7 * 96);
        assert!((90_000..110_000).contains(&week), "{week}");
    }

    #[test]
    fn volume_begins_with_the_first_day_and_never_overflows() {
        let world = World::new(0);
        let strata = world.matching(&SeriesParams::new());
        assert_eq!(sum(&strata, slot("2013-02-28T00:00:00Z"), 96), 0);
        assert!(sum(&strata, slot("2013-06-01T00:00:00Z"), 96) > 0);
        assert!(sum(&strata, slot("+262000-01-01T00:00:00Z"), 96) > 0);
    }
}
