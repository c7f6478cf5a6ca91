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

mod decimals;
mod instants;
mod plain;

use std::sync::Arc;

use serde::Deserialize;

use crate::response::timestamp::Instants;
use decimals::{any_decimal, decimals};
use instants::instants;
pub(crate) use plain::plain;

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
        let (value, rest) = any_decimal(self.rest)?;
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
