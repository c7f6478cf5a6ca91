//! A column of values, and reading one of them.

use std::fmt;

use serde::de::{self, DeserializeSeed, Visitor};
use serde::{Deserializer, Serialize, Serializer};

/// A column of values, in which a missing value is distinct from zero.
///
/// A value is missing if the API writes null, an empty text or `NaN` for it, or if it is not a finite number,
/// such as the share of a total that is zero.
///
/// The column is a slice of `f64` with NaN for a missing value. [`as_slice`](Values::as_slice) returns it for
/// plotting and numeric libraries; [`iter`](Values::iter) and [`get`](Values::get) return an `Option` for
/// each value.
///
/// ```
/// use radar_ct_model::Values;
/// let values: Values = [Some(12.5), None, Some(0.0)].into_iter().collect();
/// assert_eq!(values.get(0), Some(12.5));
/// assert_eq!(values.get(1), None);
/// assert_eq!(values.iter().flatten().sum::<f64>(), 12.5);
/// assert!(values.as_slice()[1].is_nan());
/// ```
#[derive(Clone, Default)]
pub struct Values(Vec<f64>);

impl Values {
    /// A column without values, for a view to borrow.
    pub(crate) const EMPTY: &Self = &Self(Vec::new());

    /// A column in which every value is finite, or NaN if it is missing.
    pub(crate) fn from_column(column: Vec<f64>) -> Self {
        Self(column)
    }

    /// The number of values, missing ones included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the column has no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value at `index`, or `None` if it is missing or out of bounds.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.0.get(index).copied().filter(|value| !value.is_nan())
    }

    /// Iterates over the values, with `None` for a missing one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<f64>> + DoubleEndedIterator {
        self.0.iter().map(|value| Some(*value).filter(|value| !value.is_nan()))
    }

    /// The column as a slice, with NaN for a missing value.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// Appends the values of a later part.
    pub(crate) fn append(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// The value at `index` as the API writes it.
    pub(crate) fn written(&self, index: usize) -> impl Serialize {
        Written(self.get(index))
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl FromIterator<Option<f64>> for Values {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Self {
        values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()
    }
}

impl FromIterator<f64> for Values {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().map(finite).collect())
    }
}

/// Serialises to a list of decimal texts, with null for a missing value, as the API writes it.
impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

/// One value as the API writes it.
struct Written(Option<f64>);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(value) => serializer.serialize_some(&format_args!("{value}")),
            None => serializer.serialize_none(),
        }
    }
}

/// The value, or NaN if it is infinite: the API has no notation for infinity, so it could not be read back.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

/// The value of a text, NaN for a missing one; `None` if the text is not a number.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    if text.is_empty() || text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    // Rust reads "inf" as a number, and what overflows to it. The API does not write either.
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Reads one value, from text or from a number, with NaN for a missing one.
#[derive(Clone, Copy)]
pub(crate) struct Decimal;

impl<'de> DeserializeSeed<'de> for Decimal {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Decimal {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number, as text or as a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<f64, E> {
        decimal(text).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<f64, E> {
        Ok(finite(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "a column holds f64")]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "a column holds f64")]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_unit<E: de::Error>(self) -> Result<f64, E> {
        Ok(f64::NAN)
    }

    fn visit_none<E: de::Error>(self) -> Result<f64, E> {
        self.visit_unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_equal_if_all_values_are_and_missing_equals_only_missing() {
        let column = |values: &[Option<f64>]| -> Values { values.iter().copied().collect() };
        let columns: [&[Option<f64>]; 6] =
            [&[], &[None], &[Some(0.0)], &[Some(1.0)], &[Some(1.0), None], &[None, Some(1.0)]];
        for (index, one) in columns.iter().enumerate() {
            for (other_index, other) in columns.iter().enumerate() {
                assert_eq!(column(one) == column(other), index == other_index, "{one:?} and {other:?}");
            }
            assert_eq!((column(one).len(), column(one).is_empty()), (one.len(), one.is_empty()));
        }
    }

    #[test]
    fn whole_numbers_are_read_on_either_path() {
        let written = [0.0, 1.0, -1.0, 7.0, -7.0, 18_446_744_073_709_551_615.0, -9_223_372_036_854_775_808.0];
        let body = br#"{"success":true,"result":{"a":{
            "timestamps":["2026-10-01T00:00:00Z","2026-10-01T00:00:00Z","2026-10-01T00:00:00Z","2026-10-01T00:00:00Z",
                "2026-10-01T00:00:00Z","2026-10-01T00:00:00Z","2026-10-01T00:00:00Z"],
            "values":[0,1,-1,7,-7,18446744073709551615,-9223372036854775808]}}}"#;
        for answer in [crate::Timeseries::from_slice(body), crate::Timeseries::from_slice_generally(body)] {
            assert_eq!(answer.unwrap().get("a").unwrap().values(), &written.into_iter().collect());
        }
    }

    /// The tests that compare the two ways of decoding compare this text.
    #[test]
    fn debug_shows_every_value_and_the_sign_of_zero() {
        let column: Values = [Some(0.0), Some(-0.0), Some(1.5), None].into_iter().collect();
        assert_eq!(format!("{column:?}"), "[0.0, -0.0, 1.5, NaN]");
    }

    #[test]
    fn values_serialise_to_decimal_text_and_null() {
        let column: Values = [Some(1.5), None, Some(0.0)].into_iter().collect();
        assert_eq!(serde_json::to_string(&column).unwrap(), r#"["1.5",null,"0"]"#);
        assert_eq!(serde_json::to_string(&column.written(1)).unwrap(), "null");
    }
}
