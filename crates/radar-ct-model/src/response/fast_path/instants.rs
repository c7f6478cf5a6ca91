//! Columns of timestamps.

use chrono::{DateTime, NaiveDate, Utc};

/// The length of an instant: 20 characters and the quotes.
const INSTANT: usize = 22;

/// Parses instants that are separated by a comma only. The last byte, and no other, is the closing bracket.
// Not inlined: together with its caller it would need more registers than there are.
#[inline(never)]
pub(super) fn instants(written: &[u8]) -> Option<Vec<DateTime<Utc>>> {
    if written == b"]" {
        return Some(Vec::new());
    }
    let (chunks, []) = written.as_chunks::<{ INSTANT + 1 }>() else { return None };
    let mut column = Vec::with_capacity(chunks.len());
    let mut day = Day { written: [0; 12], date: NaiveDate::default() };
    for chunk in chunks {
        let (instant, [separator]) = chunk.split_first_chunk::<INSTANT>()? else { return None };
        column.push(day.instant(instant)?);
        // The bracket follows the last.
        if *separator != b',' && column.len() != chunks.len() {
            return None;
        }
    }
    Some(column)
}

/// A cache of the last day, since most instants are on the same day as the one before.
struct Day {
    /// The bytes from the quote to the `T`.
    written: [u8; 12],
    date: NaiveDate,
}

impl Day {
    /// Added to each character minus that of midnight, these set the highest bit of a byte that is not a
    /// digit, or not a colon in the place of one.
    const LIMITS: u64 = u64::from_le_bytes([0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f, 0x76, 0x76]);

    #[inline]
    fn instant(&mut self, written: &[u8; INSTANT]) -> Option<DateTime<Utc>> {
        let (day, rest) = written.split_first_chunk::<12>()?;
        let (time, end) = rest.split_first_chunk::<8>()?;
        if end != b"Z\"" {
            return None;
        }
        if *day != self.written {
            self.date = date(day)?;
            self.written = *day;
        }
        // All eight characters at once, minus those of midnight: this leaves the digits, and zero for each
        // colon.
        let digits = u64::from_le_bytes(*time) ^ u64::from_le_bytes(*b"00:00:00");
        if (digits.wrapping_add(Self::LIMITS) | digits) & u64::from_le_bytes([0x80; 8]) != 0 {
            return None;
        }
        // Each byte times ten plus the next one. No sum overflows a byte.
        let [hour, _, _, minute, _, _, second, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
        let time = self.date.and_hms_opt(hour.into(), minute.into(), second.into())?;
        Some(time.and_utc())
    }
}

/// Parses a date with its quote and the `T`: `"2026-01-31T`.
// Not inlined: it is needed only once a day.
#[inline(never)]
fn date(written: &[u8; 12]) -> Option<NaiveDate> {
    let [b'"', y3, y2, y1, y0, b'-', m1, m0, b'-', d1, d0, b'T'] = *written else { return None };
    let two = |tens: u8, ones: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
    };
    let year = two(y3, y2)? * 100 + two(y1, y0)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, two(m1, m0)?, two(d1, d0)?)
}
