//! How many certificates: a pure function of the stratum and the slot, in whole numbers, so that it is the same on every
//! machine.
//!
//! The day is decided first: the stratum's share, times the rhythm of the week, the growth over the years and some noise.
//! The day is then cut at the boundaries of its slots, in proportion to the rhythm of the day, each boundary moved by
//! a little noise. A bucket is what lies between two boundaries, so what is cut adds up to the day again, to the last
//! certificate.

use crate::hash::mix_in;
use crate::window::Slot;
use crate::world::Stratum;

/// Volume at full hours, in parts of the day's mean; between them it is interpolated. Issuance follows the working day of
/// Europe and America, on top of renewals by machine at all hours.
const HOURS: [u64; 24] = [
    89, 85, 81, 78, 76, 77, 80, 85, 92, 99, 105, 111, 116, 120, 122, 123, 121, 118, 114, 110, 105, 101, 97,
    93,
];
/// Monday to Sunday, in thousandths.
const WEEKDAYS: [u64; 7] = [1040, 1060, 1055, 1045, 1010, 905, 885];

const SLOTS_PER_HOUR: i64 = 4;
const SLOTS_PER_DAY: i64 = 24 * SLOTS_PER_HOUR;
/// How finely the day can be cut: parts for each unit of [`HOURS`] and slot.
const PARTS: u64 = 1000;
/// Boundaries move by less than this many parts. It is below the narrowest slot, so that they never pass each other.
const BOUNDARY_NOISE: u64 = 30 * SLOTS_PER_HOUR.unsigned_abs() * PARTS;

/// 2013-03-01: there were no logs to speak of before.
const FIRST_DAY: i64 = 15_765;
/// From [`FIRST_DAY`] to 2026-01-01, when a stratum has the volume that it says.
const DAYS_TO_REFERENCE: u64 = 4_689;
/// Growth ends here, two centuries on, lest the numbers overflow.
const LAST_GROWTH: u64 = 73_000;
const FACTOR_BITS: u32 = 16;
const NOISE_BITS: u32 = 10;
/// The noise of a day, in 1024ths: about a tenth to either side.
const DAY_NOISE: u64 = 100;

/// The certificates of all these strata together, in so many buckets on end, each of `width` slots, from the first on.
///
/// Day by day and stratum by stratum, since what a day costs once would otherwise be paid for each of its buckets.
pub(crate) fn buckets(strata: &[&Stratum], from: Slot, width: i64, count: usize) -> Vec<u64> {
    let mut volumes = vec![0; count];
    let parts = parts();
    let whole = parts.last().copied().unwrap_or(0).max(1);
    for (day, slots) in from.days(width.saturating_mul(i64::try_from(count).unwrap_or(0))) {
        let factor = factor(day);
        if factor == 0 {
            continue;
        }
        let start = Cut::at(slots.start, &parts);
        let mut cuts: Vec<(usize, Cut)> =
            from.buckets_in(day, slots, width).map(|(bucket, end)| (bucket, Cut::at(end, &parts))).collect();
        for stratum in strata {
            let chance = mix_in(stratum.key(), day.cast_unsigned());
            let volume = day_volume(stratum, factor, chance);
            let mut before = start.before(volume, chance, whole);
            for (_, cut) in &mut cuts {
                let after = cut.before(volume, chance, whole);
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

/// A boundary at which a day is cut, and what lies between it and the one before, over all strata so far.
struct Cut {
    slot: u64,
    /// Where it lies, in parts of the day, without noise.
    parts: u64,
    total: u64,
}

impl Cut {
    fn at(slot: i64, parts: &[u64]) -> Self {
        let at = usize::try_from(slot).ok().and_then(|slot| parts.get(slot));
        Self { slot: slot.cast_unsigned(), parts: at.copied().unwrap_or(0), total: 0 }
    }

    /// How much of a day's volume lies before it, where it is moved by this chance. The ends of the day stay where they are.
    fn before(&self, volume: u64, chance: u64, whole: u64) -> u64 {
        if self.slot == 0 {
            0
        } else if self.slot == SLOTS_PER_DAY.unsigned_abs() {
            volume
        } else {
            (self.parts + mix_in(chance, self.slot) % BOUNDARY_NOISE) * volume / whole
        }
    }
}

/// Rhythm of the week and growth over the years, which grows with the square of the time since there are logs: from
/// one year to the next by about a sixth in 2026.
fn factor(day: i64) -> u64 {
    let age = u64::try_from(day - FIRST_DAY).unwrap_or(0).min(LAST_GROWTH);
    // The epoch began on a Thursday.
    let weekday = usize::try_from((day + 3).rem_euclid(7)).ok().and_then(|index| WEEKDAYS.get(index));
    let weekday = weekday.copied().unwrap_or(0);
    ((weekday * age * age) << FACTOR_BITS) / (1000 * DAYS_TO_REFERENCE * DAYS_TO_REFERENCE)
}

fn day_volume(stratum: &Stratum, factor: u64, chance: u64) -> u64 {
    let noise = (1 << NOISE_BITS) - DAY_NOISE + chance % (2 * DAY_NOISE + 1);
    (stratum.per_day() * factor * noise) >> (FACTOR_BITS + NOISE_BITS)
}

/// The rhythm of the day, added up until each of its slots and until its end.
fn parts() -> Vec<u64> {
    let hours = HOURS.iter().zip(HOURS.iter().cycle().skip(1));
    let slots = hours.flat_map(|(hour, next)| {
        (0..SLOTS_PER_HOUR.unsigned_abs())
            .map(move |past| PARTS * (hour * (SLOTS_PER_HOUR.unsigned_abs() - past) + next * past))
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
    use crate::world::World;
    use radar_ct_model::SeriesParams;

    fn slot(text: &str) -> Slot {
        Slot::of(text.parse().unwrap())
    }

    #[test]
    fn boundaries_never_pass_each_other() {
        let narrowest = HOURS.iter().min().unwrap() * PARTS * 4;
        assert!(BOUNDARY_NOISE <= narrowest, "{BOUNDARY_NOISE} {narrowest}");
        let parts = parts();
        assert_eq!(parts.len(), 97);
        assert!(parts.windows(2).all(|pair| pair[1] - pair[0] >= narrowest));
    }

    #[test]
    fn a_bucket_is_the_sum_of_its_slots_wherever_it_begins() {
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
    fn a_slot_has_about_a_hundred_thousand_certificates() {
        let world = World::new(0);
        let week =
            sum(&world.matching(&SeriesParams::new()), slot("2026-01-05T00:00:00Z"), 7 * 96) / (7 * 96);
        assert!((90_000..110_000).contains(&week), "{week}");
    }

    #[test]
    fn nothing_before_there_were_logs_and_no_overflow_at_the_end_of_time() {
        let world = World::new(0);
        let strata = world.matching(&SeriesParams::new());
        assert_eq!(sum(&strata, slot("2013-02-28T00:00:00Z"), 96), 0);
        assert!(sum(&strata, slot("2013-06-01T00:00:00Z"), 96) > 0);
        assert!(sum(&strata, slot("+262000-01-01T00:00:00Z"), 96) > 0);
    }
}
