//! A series of an answer: its timestamps and its values, column by column.

use std::fmt;
use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserializer, Serialize, Serializer};

use crate::response::envelope::{DecodeError, Place};
use crate::response::fast_path::{Instants, Scanner, decimal};
use crate::response::frame::Labelled;

/// The values of a series. A missing value (null, empty or `NaN` on the wire) is apart from zero; so is one that is no
/// number at all, such as the quotient of nothing.
///
/// They are one column of `f64`, in which a missing value is a NaN: [`as_slice`](Values::as_slice) is what a plotting or
/// numeric library wants, [`iter`](Values::iter) and [`get`](Values::get) what a program wants.
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
    /// How many there are, missing ones included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value at a position; `None` if it is missing or there is no such position.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.0.get(index).copied().filter(|value| !value.is_nan())
    }

    /// The values in order, `None` for a missing one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<f64>> + DoubleEndedIterator {
        self.0.iter().map(|value| Some(*value).filter(|value| !value.is_nan()))
    }

    /// A column in which a missing value is a NaN, and none is infinite.
    pub(crate) fn of_column(column: Vec<f64>) -> Self {
        Self(column)
    }

    /// The column, NaN for a missing value.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
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
        // The API cannot say infinity, so nobody could read it back.
        let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
        Self(values.into_iter().map(finite).collect())
    }
}

/// As the API writes them: decimal text, null where a value is missing.
impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|value| value.map(|value| value.to_string())))
    }
}

/// One series of an answer: a label, and timestamps and values of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    name: String,
    /// Shared by the series of an answer that have the same.
    timestamps: Instants,
    values: Values,
}

impl Series {
    /// A series.
    ///
    /// # Errors
    /// Where timestamps and values differ in length.
    pub fn new(
        name: impl Into<String>,
        timestamps: Vec<DateTime<Utc>>,
        values: Values,
    ) -> Result<Self, DecodeError> {
        if timestamps.len() == values.len() {
            Ok(Self { name: name.into(), timestamps: Arc::new(timestamps), values })
        } else {
            Err(DecodeError::shape(unequal(&timestamps, &values)))
        }
    }

    /// The label: the `name` of the request, or `serie_` and its position.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The beginning of each point's interval.
    pub fn timestamps(&self) -> &[DateTime<Utc>] {
        &self.timestamps
    }

    /// The values, one for each timestamp.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.timestamps.len()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.timestamps.is_empty()
    }

    /// The points whose timestamps lie in a range, as a series of the same label.
    ///
    /// ```
    /// use chrono::{DateTime, Utc};
    /// use radar_ct_model::{Series, Values};
    /// let at = |hour: u32| -> DateTime<Utc> { format!("2026-10-01T{hour:02}:00:00Z").parse().unwrap() };
    /// let values: Values = [1.0, 2.0, 3.0].into_iter().collect();
    /// let series = Series::new("main", vec![at(0), at(1), at(2)], values)?;
    /// assert_eq!(series.within(at(1)..at(2)).timestamps(), [at(1)]);
    /// assert_eq!(series.within(at(1)..).values().as_slice(), [2.0, 3.0]);
    /// # Ok::<(), radar_ct_model::DecodeError>(())
    /// ```
    pub fn within(&self, range: impl RangeBounds<DateTime<Utc>>) -> Self {
        let (timestamps, values): (Vec<_>, Vec<_>) =
            self.points().filter(|(at, _)| range.contains(at)).unzip();
        Self {
            name: self.name.clone(),
            timestamps: Arc::new(timestamps),
            values: values.into_iter().collect(),
        }
    }

    /// Puts the points of a later part behind these.
    pub(crate) fn append(&mut self, later: Self) {
        Arc::make_mut(&mut self.timestamps).extend_from_slice(&later.timestamps);
        self.values.0.extend(later.values.0);
    }

    /// The points in order.
    pub fn points(&self) -> impl ExactSizeIterator<Item = (DateTime<Utc>, Option<f64>)> + '_ {
        self.timestamps.iter().copied().zip(self.values.iter())
    }
}

/// The columns, without the label, as the API writes them below it.
impl Serialize for Series {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(TIMESTAMPS, &Timestamps(&self.timestamps))?;
        map.serialize_entry(VALUES, &self.values)?;
        map.end()
    }
}

/// Instants as the API writes them.
pub(crate) struct Timestamps<'a>(pub(crate) &'a [DateTime<Utc>]);

impl Serialize for Timestamps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
        for at in self.0 {
            seq.serialize_element(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))?;
        }
        seq.end()
    }
}

pub(crate) const TIMESTAMPS: &str = "timestamps";
pub(crate) const VALUES: &str = "values";

fn unequal(timestamps: &[DateTime<Utc>], values: &Values) -> String {
    format!("{} timestamps but {} values", timestamps.len(), values.len())
}

impl Labelled for Series {
    fn decode<'de, D: Deserializer<'de>>(
        name: &str,
        place: &Place,
        from: D,
    ) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(IfObject { visitor: SeriesVisitor { name, place } })
    }

    fn scan(name: &str, scanner: &mut Scanner<'_>) -> Option<Self> {
        let (mut timestamps, mut values) = (None::<Instants>, None);
        scanner.object(|scanner, member| {
            match (&timestamps, &values) {
                (None, None) if member == TIMESTAMPS.as_bytes() => timestamps = Some(scanner.timestamps()?),
                (Some(instants), None) if member == VALUES.as_bytes() => {
                    values = Some(Values::of_column(scanner.values(instants.len())?));
                }
                _ => return None,
            }
            Some(())
        })?;
        Some(Self { name: name.to_owned(), timestamps: timestamps?, values: values? })
    }

    fn name(&self) -> &str {
        &self.name
    }
}

struct SeriesVisitor<'p> {
    name: &'p str,
    place: &'p Place,
}

impl<'de> VisitObject<'de> for SeriesVisitor<'_> {
    type Value = Series;

    fn visit_object<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Series>, A::Error> {
        let (mut timestamps, mut values) = (None, None);
        while let Some(member) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            self.place.at(None);
            match member.as_ref() {
                TIMESTAMPS if timestamps.is_some() => return Err(de::Error::duplicate_field(TIMESTAMPS)),
                VALUES if values.is_some() => return Err(de::Error::duplicate_field(VALUES)),
                TIMESTAMPS => {
                    timestamps = Some(map.next_value_seed(Column {
                        place: self.place,
                        what: TIMESTAMPS,
                        element: Instant,
                    })?);
                }
                VALUES => {
                    values = Some(map.next_value_seed(Column {
                        place: self.place,
                        what: VALUES,
                        element: Decimal,
                    })?);
                }
                _ => {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        self.place.at(None);
        if timestamps.is_none() && values.is_none() {
            return Ok(None);
        }
        let timestamps = timestamps.ok_or_else(|| de::Error::missing_field(TIMESTAMPS))?;
        let values = Values(values.ok_or_else(|| de::Error::missing_field(VALUES))?);
        if timestamps.len() == values.len() {
            Ok(Some(Series { name: self.name.to_owned(), timestamps: Arc::new(timestamps), values }))
        } else {
            Err(de::Error::custom(unequal(&timestamps, &values)))
        }
    }
}

/// What a visitor makes of an object.
pub(crate) trait VisitObject<'de> {
    type Value;

    /// Nothing, where the object is none of its kind.
    fn visit_object<A: MapAccess<'de>>(self, map: A) -> Result<Option<Self::Value>, A::Error>;
}

/// Nothing for whatever is no object.
pub(crate) struct IfObject<V> {
    pub(crate) visitor: V,
}

impl<'de, V: VisitObject<'de>> Visitor<'de> for IfObject<V> {
    type Value = Option<V::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a result holds for a series")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.visitor.visit_object(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<de::IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Decodes one array, telling the place how far it has come.
pub(crate) struct Column<'p, T> {
    pub(crate) place: &'p Place,
    pub(crate) what: &'p str,
    pub(crate) element: T,
}

impl<'de, T: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for Column<'_, T> {
    type Value = Vec<T::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeSeed<'de> + Copy> Visitor<'de> for Column<'_, T> {
    type Value = Vec<T::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array for `{}`", self.what)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut column = Vec::new();
        loop {
            self.place.at(column.len());
            match seq.next_element_seed(self.element) {
                Ok(Some(element)) => column.push(element),
                Ok(None) => return Ok(column),
                Err(error) => return Err(error),
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Instant;

impl<'de> DeserializeSeed<'de> for Instant {
    type Value = DateTime<Utc>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Instant {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant as RFC 3339 writes it")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        // An offset can move the first or last hours of four-digit years beyond them, where RFC 3339 cannot write them
        // and nobody could read back what is serialised.
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.to_utc())
            .ok()
            .filter(|at| (0..=9999).contains(&at.year()))
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// A value; NaN where it is missing.
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
        Ok(value)
    }

    #[expect(clippy::cast_precision_loss, reason = "a value is an f64 by definition of the column")]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "a value is an f64 by definition of the column")]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_unit<E: de::Error>(self) -> Result<f64, E> {
        Ok(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_equal_if_each_value_is_and_what_is_missing_is_like_nothing_else() {
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
    fn a_whole_number_is_read_on_either_path() {
        let written = [0.0, 1.0, -1.0, 7.0, -7.0, 18_446_744_073_709_551_615.0, -9_223_372_036_854_775_808.0];
        let body = br#"{"success":true,"result":{"a":{
            "timestamps":["2026-10-01T00:00:00Z","2026-10-01T00:00:00Z","2026-10-01T00:00:00Z","2026-10-01T00:00:00Z",
                "2026-10-01T00:00:00Z","2026-10-01T00:00:00Z","2026-10-01T00:00:00Z"],
            "values":[0,1,-1,7,-7,18446744073709551615,-9223372036854775808]}}}"#;
        for answer in [crate::Timeseries::from_slice(body), crate::Timeseries::from_slice_generally(body)] {
            assert_eq!(answer.unwrap().get("a").unwrap().values(), &written.into_iter().collect());
        }
    }

    /// Where two ways of decoding are compared, this is how.
    #[test]
    fn a_column_shows_every_value_and_the_sign_of_a_zero() {
        let column: Values = [Some(0.0), Some(-0.0), Some(1.5), None].into_iter().collect();
        assert_eq!(format!("{column:?}"), "[0.0, -0.0, 1.5, NaN]");
    }
}
