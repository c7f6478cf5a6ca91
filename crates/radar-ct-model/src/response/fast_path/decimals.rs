//! Columns of values.

use std::num::NonZeroU64;

use super::plain::plain;
use crate::response::values::decimal;

/// Parses exactly `expected` values that are separated by a comma only, and the closing bracket. Returns them
/// and the rest.
// Not inlined, like `instants`.
#[inline(never)]
pub(super) fn decimals(written: &[u8], expected: usize) -> Option<(Vec<f64>, &[u8])> {
    // A value and its comma take at least three bytes, so this bounds the allocation by the length of the
    // body.
    if expected > written.len() / 3 {
        return None;
    }
    let mut column = vec![0.0; expected];
    let mut rest = written;
    if expected == 0 {
        return Some((column, rest.strip_prefix(b"]")?));
    }
    let mut places = column.iter_mut();
    loop {
        let place = places.next()?;
        let (value, separator, behind) = match rest.first_chunk().and_then(short_decimal) {
            Some((value, separator, length)) => (value, separator, rest.get(length..)?),
            None => separated_decimal(rest)?,
        };
        *place = value;
        rest = behind;
        match separator {
            b',' => {}
            b']' => return places.next().is_none().then_some((column, rest)),
            _ => return None,
        }
    }
}

/// The powers of ten up to 10^7. An `f64` holds each of them, and each number of seven digits, exactly, so
/// that the quotient of two is the `f64` nearest to the decimal number.
const POWERS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

/// Repeats a byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Parses a number in quotes of at most seven digits, with or without a decimal point. Returns it, the
/// separator that follows, and the length of both.
///
/// It handles all characters at once. Nearly every value is written like that.
#[inline]
fn short_decimal(written: &[u8; 16]) -> Option<(f64, u8, usize)> {
    let [b'"', c0, c1, c2, c3, c4, c5, c6, c7, ..] = *written else { return None };
    let word = u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]);
    let mut digits = word ^ each(b'0');
    // The highest bit of each byte that is not a digit. A carry makes it wrong after the first byte that is
    // not ASCII, which is rejected anyway.
    let others = NonZeroU64::new((digits.wrapping_add(each(0x76)) | digits) & each(0x80))?;
    let first = others.trailing_zeros() / 8;
    // The number begins with a digit.
    if first == 0 {
        return None;
    }
    let (mut length, mut count, mut scale) = (first, first, 0);
    if (word >> (8 * first)).to_le_bytes()[0] == b'.' {
        // The next byte that is not a digit ends the number. The digits in between move over the point.
        length = NonZeroU64::new(others.get() & (others.get() - 1))
            .map_or(8, |others| others.trailing_zeros() / 8);
        count = length - 1;
        scale = count - first;
        let before = (1 << (8 * first)) - 1;
        digits = (digits & before) | (digits >> 8 & !before);
    }
    let length = length as usize;
    let (quote, separator) = (written.get(length + 1)?, written.get(length + 2)?);
    if *quote != b'"' {
        return None;
    }
    // This shifts the digits to the end, with zeros before them, and drops the bytes that follow the number.
    let digits = digits << (64 - 8 * count);
    // Combines pairs of digits, then pairs of those, then both halves.
    let pairs = (digits.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul(1 + (10_000 << 32)) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "seven digits are exact")]
    let number = number as f64;
    // There are at most six digits after the point.
    Some((number / POWERS.get((scale & 7) as usize)?, *separator, length + 3))
}

/// Parses a value of any form. Returns it, the separator that follows, and the rest.
#[cold]
fn separated_decimal(written: &[u8]) -> Option<(f64, u8, &[u8])> {
    let (value, behind) = any_decimal(written)?;
    let (separator, behind) = behind.split_first()?;
    Some((value, *separator, behind))
}

/// Parses a value of any form. Returns it and the rest.
pub(super) fn any_decimal(written: &[u8]) -> Option<(f64, &[u8])> {
    if let Some(behind) = written.strip_prefix(b"null") {
        return Some((f64::NAN, behind));
    }
    let written = written.strip_prefix(b"\"")?;
    let (text, behind) = written.split_at_checked(memchr::memchr(b'"', written)?)?;
    Some((decimal(plain(text)?)?, behind.get(1..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_decimals_parse_as_in_the_standard_library(text in "[0-9]{0,9}\\.?[0-9]{0,9}") {
            let written = format!("\"{text}\",                ");
            if let Some((value, separator, length)) = written.as_bytes().first_chunk().and_then(short_decimal) {
                prop_assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits());
                prop_assert_eq!((separator, length), (b',', text.len() + 3));
            } else {
                let digits = text.len() - text.matches('.').count();
                let is_short = text.len() <= 8 && digits <= 7;
                let is_simple = !text.is_empty() && !text.starts_with('.') && !text.ends_with('.');
                prop_assert!(!(is_short && is_simple), "{text}");
            }
        }
    }
}
