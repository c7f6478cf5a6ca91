//! The fast path of decoding: a scanner for bodies as the server really writes them.
//!
//! A long answer consists almost entirely of columns: timestamps of 20 characters, and decimal numbers as
//! text. The scanner reads these directly from the body and leaves everything around them to `serde_json`. It
//! knows one spelling of each thing and gives up at any other. These invariants hold:
//!
//! - A result is the result of the general path. The scanner never returns an error: if it gives up, the
//!   general path decodes the whole body again and decides, about data as about errors.
//! - It moves forward only, and every byte that it passes has been validated, by itself in a column and by
//!   `serde_json` elsewhere.
//! - Nothing but labels is copied. A column of timestamps with the same bytes as the one before, as in series
//!   over the same window, is parsed once and shared.
//!
//! The tests compare both paths on bodies of every shape and on bodies with changed bytes. Only `decode.rs`
//! imports from here; a test holds that, so that the rest of the crate does not depend on these details.

use std::num::NonZeroU64;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::response::timestamp::Instants;
use crate::response::values::decimal;

/// A cursor over a body. Each step returns `None` if it does not recognise the next bytes.
pub(crate) struct Scanner<'b> {
    rest: &'b [u8],
    /// The last column of timestamps: its bytes and its instants.
    column: Option<(&'b [u8], Instants)>,
}

impl<'b> Scanner<'b> {
    pub(crate) fn new(body: &'b [u8]) -> Self {
        Self { rest: body.trim_ascii(), column: None }
    }

    /// Returns whether the whole body has been read.
    pub(crate) fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads an object. `member` gets the raw name of each member and reads its value to the end.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, &'b [u8]) -> Option<()>) -> Option<()> {
        self.token(b'{')?;
        loop {
            let name = self.name()?;
            self.token(b':')?;
            member(self, name)?;
            self.skip_space();
            let (separator, rest) = self.rest.split_first()?;
            self.rest = rest;
            match separator {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Reads a column of timestamps.
    pub(crate) fn timestamps(&mut self) -> Option<Instants> {
        self.token(b'[')?;
        if let Some((written, column)) = &self.column
            && let Some(rest) = self.rest.strip_prefix(*written)
        {
            self.rest = rest;
            return Some(Arc::clone(column));
        }
        let (written, rest) = self.rest.split_at_checked(memchr::memchr(b']', self.rest)? + 1)?;
        let column = Arc::new(instants(written)?);
        self.rest = rest;
        self.column = Some((written, Arc::clone(&column)));
        Some(column)
    }

    /// Reads a column of exactly `expected` values.
    pub(crate) fn values(&mut self, expected: usize) -> Option<Vec<f64>> {
        self.token(b'[')?;
        let (values, rest) = decimals(self.rest, expected)?;
        self.rest = rest;
        Some(values)
    }

    /// Reads a single value.
    pub(crate) fn decimal(&mut self) -> Option<f64> {
        self.skip_space();
        let (value, rest) = lone_decimal(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    /// Reads any value with `serde_json`.
    pub(crate) fn value<T: Deserialize<'b>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_slice(self.rest).into_iter::<T>();
        let value = values.next()?.ok()?;
        let (written, rest) = self.rest.split_at_checked(values.byte_offset())?;
        // `serde_json` does not validate the UTF-8 of a value that is ignored.
        std::str::from_utf8(written).ok()?;
        self.rest = rest;
        Some(value)
    }

    /// Reads the raw name of a member.
    fn name(&mut self) -> Option<&'b [u8]> {
        self.token(b'"')?;
        let (name, rest) = self.rest.split_at_checked(memchr::memchr(b'"', self.rest)?)?;
        self.rest = rest.get(1..)?;
        Some(name)
    }

    fn token(&mut self, token: u8) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(&[token])?;
        Some(())
    }

    /// Reads an object with `serde_json`.
    pub(crate) fn value_of_object<T: Deserialize<'b>>(&mut self) -> Option<T> {
        self.skip_space();
        // A derived `Deserialize` of a struct takes a list as well.
        if self.rest.starts_with(b"{") { self.value() } else { None }
    }

    /// Reads a literal. The next step rejects anything that would make it a longer word.
    pub(crate) fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn skip_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }
}

/// The text between two quotes, if it has no escapes and no control characters.
pub(crate) fn plain(text: &[u8]) -> Option<&str> {
    let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'\\';
    std::str::from_utf8(text).ok().filter(|text| text.as_bytes().iter().all(is_plain))
}

/// The length of an instant: 20 characters and the quotes.
const INSTANT: usize = 22;

/// Parses instants that are separated by a comma only. The last byte, and no other, is the closing bracket.
// Not inlined: together with its caller it would need more registers than there are.
#[inline(never)]
fn instants(written: &[u8]) -> Option<Vec<DateTime<Utc>>> {
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
        if (digits.wrapping_add(Self::LIMITS) | digits) & HIGHEST != 0 {
            return None;
        }
        // Each byte times ten plus the next one. No sum overflows a byte.
        let [hour, _, _, minute, _, _, second, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
        let time = self.date.and_hms_opt(hour.into(), minute.into(), second.into())?;
        Some(time.and_utc())
    }
}

/// The highest bit of each byte.
const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);

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

/// Parses exactly `expected` values that are separated by a comma only, and the closing bracket. Returns them
/// and the rest.
// Not inlined, like `instants`.
#[inline(never)]
fn decimals(written: &[u8], expected: usize) -> Option<(Vec<f64>, &[u8])> {
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
            None => any_decimal(rest)?,
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
    let others = NonZeroU64::new((digits.wrapping_add(each(0x76)) | digits) & HIGHEST)?;
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
fn any_decimal(written: &[u8]) -> Option<(f64, u8, &[u8])> {
    let (value, behind) = lone_decimal(written)?;
    let (separator, behind) = behind.split_first()?;
    Some((value, *separator, behind))
}

/// Parses a value of any form. Returns it and the rest.
fn lone_decimal(written: &[u8]) -> Option<(f64, &[u8])> {
    if let Some(behind) = written.strip_prefix(b"null") {
        return Some((f64::NAN, behind));
    }
    let written = written.strip_prefix(b"\"")?;
    let (text, behind) = written.split_at_checked(memchr::memchr(b'"', written)?)?;
    Some((decimal(plain(text)?)?, behind.get(1..)?))
}

#[cfg(test)]
mod tests;
