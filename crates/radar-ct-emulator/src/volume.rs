//! How many certificates: a pure function of the stratum and the slot, in whole numbers, so that it is the same on every
//! machine.
//!
//! The day is decided first: the stratum's share, times the rhythm of the week, the growth over the years and some noise.
//! The day is then cut at the boundaries of its slots, in proportion to the rhythm of the day, each boundary moved by
//! a little noise. A slot is what lies between two boundaries. So any stretch of a day costs two boundaries, and what is
//! cut adds up to the day again to the last certificate.

use crate::hash::mix;
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

/// The certificates of all these strata together in a number of slots from the first on.
pub(crate) fn sum(strata: &[&Stratum], from: Slot, width: i64) -> u64 {
    let mut total = 0;
    for (day, slots) in from.days(width) {
        let factor = factor(day);
        if factor == 0 {
            continue;
        }
        let ends = (parts_until(slots.start), parts_until(slots.end), parts_until(SLOTS_PER_DAY));
        for stratum in strata {
            let volume = day_volume(stratum, day, factor);
            let until = |slot, parts| boundary(stratum, day, slot, parts) * volume / ends.2;
            total += until(slots.end, ends.1) - until(slots.start, ends.0);
        }
    }
    total
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

fn day_volume(stratum: &Stratum, day: i64, factor: u64) -> u64 {
    let noise =
        (1 << NOISE_BITS) - DAY_NOISE + mix(&[stratum.key(), day.cast_unsigned()]) % (2 * DAY_NOISE + 1);
    (stratum.per_day() * factor * noise) >> (FACTOR_BITS + NOISE_BITS)
}

/// Where the boundary before a slot lies, given where it would lie without noise.
fn boundary(stratum: &Stratum, day: i64, slot: i64, parts: u64) -> u64 {
    if slot == 0 || slot == SLOTS_PER_DAY {
        return parts;
    }
    parts + mix(&[stratum.key(), day.cast_unsigned(), slot.cast_unsigned()]) % BOUNDARY_NOISE
}

/// The rhythm of the day, added up until a slot.
fn parts_until(slot: i64) -> u64 {
    let hour = |index: i64| {
        let hour = usize::try_from(index.rem_euclid(24)).ok().and_then(|index| HOURS.get(index));
        hour.copied().unwrap_or(0)
    };
    let parts = |slot: i64| {
        let (full, past) = (slot / SLOTS_PER_HOUR, slot % SLOTS_PER_HOUR);
        let weight = |slots: i64| u64::try_from(slots).unwrap_or(0);
        PARTS * (hour(full) * weight(SLOTS_PER_HOUR - past) + hour(full + 1) * weight(past))
    };
    (0..slot).map(parts).sum()
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
        let until: Vec<_> = (0..=SLOTS_PER_DAY).map(parts_until).collect();
        assert!(until.windows(2).all(|pair| pair[1] - pair[0] >= narrowest));
    }

    #[test]
    fn a_day_is_the_sum_of_its_hours_and_of_its_slots() {
        let world = World::new(5);
        let strata = world.matching(&SeriesParams::new());
        let midnight = slot("2026-10-08T00:00:00Z");
        let split = |width: i64| -> u64 {
            (0..SLOTS_PER_DAY / width)
                .map(|n| {
                    let at = midnight.begins().unwrap() + chrono::Duration::minutes(15 * width * n);
                    sum(&strata, Slot::of(at), width)
                })
                .sum()
        };
        let day = sum(&strata, midnight, SLOTS_PER_DAY);
        assert_eq!((split(1), split(4)), (day, day));
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
