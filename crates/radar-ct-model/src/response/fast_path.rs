//! The fast path of decoding: a scan of what the server really sends.
//!
//! Nearly all of a long answer is columns: timestamps of 20 characters, and decimal numbers as text. This reads those straight
//! from the body, and leaves everything around them to `serde_json`. It knows one way to write each thing and gives up where
//! it meets another, so that these hold:
//!
//! - What it returns is what the general path returns. It never returns an error: where it gives up, the general path reads the
//!   whole body anew and has the last word, on data and on errors.
//! - It only goes forward, and every byte that it passes over has been looked at: by itself in a column, by `serde_json`
//!   elsewhere.
//! - Nothing is copied but labels, and a column that is written twice to the letter, as the timestamps of series over one
//!   window are, is read once and shared.
//!
//! The tests hold both paths against each other on bodies of every shape and on bodies with bytes changed.

use std::num::NonZeroU64;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::response::timestamp::Instants;
use crate::response::values::decimal;

/// Goes through a body. Each step says `None` where it does not know what it sees.
pub(crate) struct Scanner<'b> {
    rest: &'b [u8],
    /// The last column of timestamps, as it is written and as it was read.
    column: Option<(&'b [u8], Instants)>,
}

impl<'b> Scanner<'b> {
    pub(crate) fn new(body: &'b [u8]) -> Self {
        Self { rest: body.trim_ascii(), column: None }
    }

    /// Whether there is nothing left.
    pub(crate) fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// An object, member by member, each by its name as it is written; and each must be read to its end.
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

    /// A column of timestamps.
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

    /// A column of values: as many as expected, or it makes no sense to read on.
    pub(crate) fn values(&mut self, expected: usize) -> Option<Vec<f64>> {
        self.token(b'[')?;
        let (values, rest) = decimals(self.rest, expected)?;
        self.rest = rest;
        Some(values)
    }

    /// A single value of a column.
    pub(crate) fn decimal(&mut self) -> Option<f64> {
        self.skip_space();
        let (value, rest) = lone_decimal(self.rest)?;
        self.rest = rest;
        Some(value)
    }

    /// Any value, read by `serde_json`.
    pub(crate) fn value<T: Deserialize<'b>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_slice(self.rest).into_iter::<T>();
        let value = values.next()?.ok()?;
        let (written, rest) = self.rest.split_at_checked(values.byte_offset())?;
        // What is ignored is not looked at closely enough.
        std::str::from_utf8(written).ok()?;
        self.rest = rest;
        Some(value)
    }

    /// The name of a member, as it is written.
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

    /// An object, read by `serde_json`.
    pub(crate) fn value_of_object<T: Deserialize<'b>>(&mut self) -> Option<T> {
        self.skip_space();
        // What is derived for a struct would take a list as well.
        if self.rest.starts_with(b"{") { self.value() } else { None }
    }

    /// A word that nothing can follow that would make it another one.
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

/// The text between two quotes, where it is what is written.
pub(crate) fn plain(text: &[u8]) -> Option<&str> {
    let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'\\';
    std::str::from_utf8(text).ok().filter(|text| text.as_bytes().iter().all(is_plain))
}

/// How an instant is written: 20 characters in quotes.
const INSTANT: usize = 22;

/// Instants as the API writes them, separated by nothing but commas and closed by a bracket: the last byte and no other is one.
// Apart from its caller, which has registers enough for neither otherwise.
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
        // Only the last is closed by the bracket.
        if *separator != b',' && column.len() != chunks.len() {
            return None;
        }
    }
    Some(column)
}

/// The day of the last instant: most instants are on the day of the one before.
struct Day {
    /// From the quote to the `T`.
    written: [u8; 12],
    date: NaiveDate,
}

impl Day {
    /// What added to a character less that of midnight reaches the highest bit of its byte: a digit of more than 9, and
    /// anything where a colon was.
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
        // All eight characters at once, less those of midnight: what is left are the digits, and nothing of the colons.
        let digits = u64::from_le_bytes(*time) ^ u64::from_le_bytes(*b"00:00:00");
        if (digits.wrapping_add(Self::LIMITS) | digits) & HIGHEST != 0 {
            return None;
        }
        // Each byte times ten, with the next one to it: no sum is beyond a byte.
        let [hour, _, _, minute, _, _, second, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
        let time = self.date.and_hms_opt(hour.into(), minute.into(), second.into())?;
        Some(time.and_utc())
    }
}

/// The highest bit of each byte.
const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);

/// A date as it stands before the time: `"2026-01-31T`.
// Apart from its caller, which needs it once a day.
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

/// Decimal numbers in quotes, and nulls, separated by nothing but commas and closed by a bracket: as many as expected, and what
/// follows the bracket.
// Apart from its caller, as `instants` is.
#[inline(never)]
fn decimals(written: &[u8], expected: usize) -> Option<(Vec<f64>, &[u8])> {
    // At least three bytes for each, with its comma: room is made for no more than there can be.
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

/// Powers of ten that an `f64` holds exactly, as it does any number of seven digits: their quotient is the nearest there is to
/// what is written.
const POWERS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

/// The same byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// A number of at most eight characters between quotes, seven digits with or without a point among them; what separates it
/// from the next; and how long all of that is. All of its characters at once: nearly every value is written like that.
#[inline]
fn short_decimal(written: &[u8; 16]) -> Option<(f64, u8, usize)> {
    let [b'"', c0, c1, c2, c3, c4, c5, c6, c7, ..] = *written else { return None };
    let word = u64::from_le_bytes([c0, c1, c2, c3, c4, c5, c6, c7]);
    let mut digits = word ^ each(b'0');
    // The highest bit of each byte that is no digit; right up to the first that is no ASCII either, and so nothing of ours.
    let others = NonZeroU64::new((digits.wrapping_add(each(0x76)) | digits) & HIGHEST)?;
    let first = others.trailing_zeros() / 8;
    // It begins with a digit.
    if first == 0 {
        return None;
    }
    let (mut length, mut count, mut scale) = (first, first, 0);
    if (word >> (8 * first)).to_le_bytes()[0] == b'.' {
        // The next that is no digit ends it. What is between moves to where the point was.
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
    // The digits go to the end, so that zeros stand before them, and what followed them is gone.
    let digits = digits << (64 - 8 * count);
    // Two digits become one number of two bytes, two of those one of four, and two of those the whole.
    let pairs = (digits.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul(1 + (10_000 << 32)) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "seven digits are exact")]
    let number = number as f64;
    // There are at most six behind the point.
    Some((number / POWERS.get((scale & 7) as usize)?, *separator, length + 3))
}

/// A value of any form, what separates it from the next, and what follows that.
#[cold]
fn any_decimal(written: &[u8]) -> Option<(f64, u8, &[u8])> {
    let (value, behind) = lone_decimal(written)?;
    let (separator, behind) = behind.split_first()?;
    Some((value, *separator, behind))
}

/// A value of any form, and what follows it.
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
