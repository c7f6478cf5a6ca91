//! A series of an answer: its timestamps and its values, column by column.

use std::fmt;
use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserializer, Serialize, Serializer};

use crate::response::envelope::{DecodeError, Place};
use crate::response::fast_path::plain;
use crate::response::fast_path::{Instants, Scanner, decimal};
use crate::response::frame::{Labelled, duplicate};
use std::borrow::Cow;

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

pub use super::frame::SeriesAnswer;
pub trait SeriesView: Labelled {
 const HAS_TIMESTAMPS: bool = true;}
impl SeriesView for Series {}
impl SeriesView for GroupedSeries {}
impl SeriesView for Distribution {
 const HAS_TIMESTAMPS: bool = false;}
/// One series of an answer: a label, timestamps, and for each group values of the same length, in the order of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupedSeries {
    name: String,
    /// Shared by the series of an answer that have the same.
    timestamps: Instants,
    groups: Vec<(String, Values)>,
}

impl GroupedSeries {
    /// A series.
    ///
    /// # Errors
    /// Where a column differs in length from the timestamps, a key comes twice, or one is that of the timestamps.
    pub fn new(
        name: impl Into<String>,
        timestamps: Vec<DateTime<Utc>>,
        groups: Vec<(String, Values)>,
    ) -> Result<Self, DecodeError> {
        let series = Self { name: name.into(), timestamps: Arc::new(timestamps), groups };
        match series.problem() {
            None => Ok(series),
            Some(problem) => Err(DecodeError::shape(problem)),
        }
    }

    fn problem(&self) -> Option<String> {
        let points = self.timestamps.len();
        if let Some((key, values)) = self.groups.iter().find(|(_, values)| values.len() != points) {
            let key = key.escape_debug();
            return Some(format!("{points} timestamps but {} values for `{key}`", values.len()));
        }
        let key = duplicate(self.keys().chain([TIMESTAMPS]))?;
        Some(format!("`{}` comes twice", key.escape_debug()))
    }

    /// The label: the `name` of the request, or `serie_` and its position.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The beginning of each point's interval.
    pub fn timestamps(&self) -> &[DateTime<Utc>] {
        &self.timestamps
    }

    /// The groups in the order of the answer, each with its key and its values.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (&str, &Values)> {
        self.groups.iter().map(|(key, values)| (key.as_str(), values))
    }

    /// The keys of the groups, in the order of the answer. What they are is open: `other` gathers what a limit leaves.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.groups.iter().map(|(key, _)| key.as_str())
    }

    /// The values of a group.
    pub fn get(&self, key: &str) -> Option<&Values> {
        self.groups.iter().find(|(other, _)| other == key).map(|(_, values)| values)
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.timestamps.len()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.timestamps.is_empty()
    }
}

/// The columns, without the label, as the API writes them below it.
impl Serialize for GroupedSeries {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.groups.len() + 1))?;
        map.serialize_entry(TIMESTAMPS, &Timestamps(&self.timestamps))?;
        for (key, values) in &self.groups {
            map.serialize_entry(key, values)?;
        }
        map.end()
    }
}

impl Labelled for GroupedSeries {
    fn decode<'de, D: Deserializer<'de>>(
        name: &str,
        place: &Place,
        from: D,
    ) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(IfObject { visitor: GroupsVisitor { name, place } })
    }

    fn scan(name: &str, scanner: &mut Scanner<'_>) -> Option<Self> {
        let (mut timestamps, mut groups) = (None::<Instants>, Vec::new());
        scanner.object(|scanner, member| {
            match &timestamps {
                None if member == TIMESTAMPS.as_bytes() => timestamps = Some(scanner.timestamps()?),
                Some(instants) => {
                    let values = Values::of_column(scanner.values(instants.len())?);
                    groups.push((plain(member)?.to_owned(), values));
                }
                None => return None,
            }
            Some(())
        })?;
        let series = Self { name: name.to_owned(), timestamps: timestamps?, groups };
        series.problem().is_none().then_some(series)
    }

    fn name(&self) -> &str {
        &self.name
    }
}

struct GroupsVisitor<'p> {
    name: &'p str,
    place: &'p Place,
}

impl<'de> VisitObject<'de> for GroupsVisitor<'_> {
    type Value = GroupedSeries;

    fn visit_object<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<GroupedSeries>, A::Error> {
        let (mut timestamps, mut groups) = (None, Vec::new());
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            self.place.at(None);
            if key == TIMESTAMPS {
                if timestamps.is_some() {
                    return Err(de::Error::duplicate_field(TIMESTAMPS));
                }
                let column = Column { place: self.place, what: TIMESTAMPS, element: Instant };
                timestamps = Some(map.next_value_seed(column)?);
            } else {
                let column = Column { place: self.place, what: &key, element: Decimal };
                let values = map.next_value_seed(column)?.into_iter().collect();
                groups.push((key.into_owned(), values));
            }
        }
        self.place.at(None);
        let Some(timestamps) = timestamps else {
            return if groups.is_empty() { Ok(None) } else { Err(de::Error::missing_field(TIMESTAMPS)) };
        };
        let timestamps = Arc::new(timestamps);
        let series = GroupedSeries { name: self.name.to_owned(), timestamps, groups };
        match series.problem() {
            None => Ok(Some(series)),
            Some(problem) => Err(de::Error::custom(problem)),
        }
    }
}
/// One series of an answer: a label, and a value for each group, in the order of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    name: String,
    keys: Vec<String>,
    values: Values,
}

impl Distribution {
    /// A distribution.
    ///
    /// # Errors
    /// Where a key comes twice.
    pub fn new(
        name: impl Into<String>,
        groups: impl IntoIterator<Item = (String, Option<f64>)>,
    ) -> Result<Self, DecodeError> {
        let (keys, values) = groups.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        let series = Self { name: name.into(), keys, values: values.into_iter().collect() };
        match series.problem() {
            None => Ok(series),
            Some(problem) => Err(DecodeError::shape(problem)),
        }
    }

    fn problem(&self) -> Option<String> {
        let key = duplicate(self.keys.iter().map(String::as_str))?;
        Some(format!("`{}` comes twice", key.escape_debug()))
    }

    /// The label: the `name` of the request, or `summary_` and its position.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The groups in the order of the answer, each with its key and its value, `None` for a missing one.
    pub fn groups(&self) -> impl Iterator<Item = (&str, Option<f64>)> {
        self.keys.iter().map(String::as_str).zip(self.values.iter())
    }

    /// The value of a group; `None` if it is missing or there is no such group.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.groups().find(|(other, _)| *other == key)?.1
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// The groups, without the label, as the API writes them below it.
impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.groups() {
            map.serialize_entry(key, &value.map(|value| value.to_string()))?;
        }
        map.end()
    }
}

impl Labelled for Distribution {
    fn decode<'de, D: Deserializer<'de>>(name: &str, _: &Place, from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(IfObject { visitor: DistributionVisitor(name) })
    }

    fn name(&self) -> &str {
        &self.name
    }
}

struct DistributionVisitor<'p>(&'p str);

impl<'de> VisitObject<'de> for DistributionVisitor<'_> {
    type Value = Distribution;

    fn visit_object<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Distribution>, A::Error> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            values.push(map.next_value_seed(Decimal)?);
            keys.push(key.into_owned());
        }
        let series = Distribution { name: self.0.to_owned(), keys, values: values.into_iter().collect() };
        match series.problem() {
            None => Ok(Some(series)),
            Some(problem) => Err(de::Error::custom(problem)),
        }
    }
}
impl SeriesAnswer<Series> {
    /// Puts the points of a later part of the same series behind these. What the parts say about themselves is joined: the
    /// windows become one for each series, annotations and units are those of both.
    ///
    /// ```
    /// use radar_ct_model::Timeseries;
    /// let part = |at: &str| Timeseries::from_slice(format!(
    ///     r#"{{"success":true,"result":{{"main":{{"timestamps":["{at}"],"values":["7"]}},"meta":{{}}}}}}"#
    /// ).as_bytes());
    /// let mut whole = part("2026-10-01T00:00:00Z")?;
    /// whole.append(part("2026-10-01T00:15:00Z")?)?;
    /// assert_eq!(whole.series[0].len(), 2);
    /// # Ok::<(), radar_ct_model::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// Where the labels of the two differ, or their order. Nothing is changed then.
    pub fn append(&mut self, later: Self) -> Result<(), DecodeError> {
        let labels =
            |answer: &Self| answer.series.iter().map(|one| one.name().to_owned()).collect::<Vec<_>>();
        let (ours, theirs) = (labels(self), labels(&later));
        if ours != theirs {
            return Err(DecodeError::shape(format!(
                "two parts of one answer have different series: {ours:?} and {theirs:?}"
            )));
        }
        for (series, later) in self.series.iter_mut().zip(later.series) {
            series.append(later);
        }
        self.meta.join(later.meta);
        Ok(())
    }
}
