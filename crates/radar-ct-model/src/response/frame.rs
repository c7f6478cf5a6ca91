//! Answers that hold something under a label for each series, beside their `meta`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::response::de::AnObject;
use crate::response::envelope::{DecodeError, Place, decode_result};
use crate::response::fast_path::{Scanner, plain};
use crate::response::meta::{META, Meta};

/// What an answer holds for one series.
pub(crate) trait Labelled: Sized + Serialize {
    /// Decodes what stands below a label, or nothing where it is no series at all, since the API may add members of any
    /// kind beside the series.
    fn decode<'de, D: Deserializer<'de>>(
        name: &str,
        place: &Place,
        from: D,
    ) -> Result<Option<Self>, D::Error>;

    /// As [`decode`](Self::decode), on the fast path; nothing where what stands there is written in another way, or where
    /// there is no such path.
    fn scan(_name: &str, _scanner: &mut Scanner<'_>) -> Option<Self> {
        None
    }

    /// The label.
    fn name(&self) -> &str;
}

/// An answer: what it says about itself, and the series in the order in which the server wrote them. See
/// [`Timeseries`](crate::Timeseries), [`TimeseriesGroups`](crate::TimeseriesGroups) and [`Summary`](crate::Summary).
///
/// It serialises back to the API's own `result`: a member for each series, and `meta`.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesAnswer<T> {
    /// What the answer says about itself.
    pub meta: Meta,
    /// The series, in the order of the answer.
    pub series: Vec<T>,
}

impl<T> Default for SeriesAnswer<T> {
    fn default() -> Self {
        Self { meta: Meta::default(), series: Vec::new() }
    }
}

#[expect(
    private_bounds,
    reason = "what an answer can hold is the API's to say, so nobody else implements it"
)]
impl<T: Labelled> SeriesAnswer<T> {
    /// Decodes a whole body, the envelope around the result included.
    ///
    /// # Errors
    /// Where the body is cut off, is no JSON, says `success: false`, has a series whose columns differ in
    /// length, a label twice, or text that is no number or no instant. Members of the result that are no series are
    /// passed over, unless there is nothing else.
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        scanned(body).map_or_else(|| Self::from_slice_generally(body), Ok)
    }

    /// [`from_slice`](Self::from_slice) without its fast path, for tests that hold the two against each other.
    ///
    /// # Errors
    /// The same.
    #[doc(hidden)]
    pub fn from_slice_generally(body: &[u8]) -> Result<Self, DecodeError> {
        decode_result(body, ResultSeed::new, &Place::default())
    }

    pub(crate) fn decode_expecting(
        body: &[u8],
        asked: usize,
        labels: impl Fn() -> Vec<String>,
    ) -> Result<Self, DecodeError> {
        let answer = Self::from_slice(body)?;
        let came = answer.series.len();
        if came < asked {
            let missing: Vec<_> = labels()
                .iter()
                .filter(|label| answer.get(label).is_none())
                .map(|label| format!("`{}`", label.escape_debug()))
                .collect();
            let missing = missing.join(", ");
            return Err(DecodeError::shape(format!(
                "{asked} series were asked for and {came} came; {missing} is missing"
            )));
        }
        Ok(answer)
    }

    /// The series of that label.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.series.iter().find(|series| series.name() == name)
    }
}

/// The answer in a body, on the fast path; `None` where it is written in any way that this does not know.
pub(crate) fn scanned<T: Labelled>(body: &[u8]) -> Option<SeriesAnswer<T>> {
    let mut scanner = Scanner::new(body);
    let (mut success, mut result) = (None, None);
    scanner.object(|scanner, name| match name {
        b"success" => put(&mut success, scanner.literal(b"true")?),
        b"result" => put(&mut result, scanned_result(scanner)?),
        name => plain(name).and_then(|_| scanner.value::<IgnoredAny>()).map(drop),
    })?;
    if scanner.is_over() { result } else { None }
}

fn scanned_result<T: Labelled>(scanner: &mut Scanner<'_>) -> Option<SeriesAnswer<T>> {
    let mut meta = None;
    let mut series: Vec<T> = Vec::new();
    scanner.object(|scanner, label| {
        if label == META.as_bytes() {
            return put(&mut meta, scanner.value_of_object()?);
        }
        series.push(T::scan(plain(label)?, scanner)?);
        Some(())
    })?;
    let has_twice = || duplicate(series.iter().map(T::name)).is_some();
    let is_good = series.len() == 1 || series.len() > 1 && !has_twice();
    is_good.then(|| SeriesAnswer { meta: meta.unwrap_or_default(), series })
}

/// Puts a value where there must be none yet.
fn put<V>(place: &mut Option<V>, value: V) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

impl<T: Labelled> Serialize for SeriesAnswer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.series.len() + 1))?;
        for series in &self.series {
            map.serialize_entry(series.name(), series)?;
        }
        map.serialize_entry(META, &self.meta)?;
        map.end()
    }
}

/// From the API's `result`, without the envelope around it.
impl<'de, T: Labelled> Deserialize<'de> for SeriesAnswer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ResultSeed::new(&Place::default()).deserialize(deserializer)
    }
}

struct ResultSeed<'p, T> {
    place: &'p Place,
    of: PhantomData<T>,
}

impl<'p, T> ResultSeed<'p, T> {
    fn new(place: &'p Place) -> Self {
        Self { place, of: PhantomData }
    }
}

impl<'de, T: Labelled> DeserializeSeed<'de> for ResultSeed<'_, T> {
    type Value = SeriesAnswer<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Labelled> Visitor<'de> for ResultSeed<'_, T> {
    type Value = SeriesAnswer<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a result with series and `meta`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut meta = None;
        let mut series: Vec<T> = Vec::new();
        let mut passed_over = false;
        while let Some(label) = map.next_key::<Cow<'de, str>>()? {
            if label == META {
                let found = map.next_value::<Option<AnObject<Meta>>>()?.map(|AnObject(found)| found);
                if meta.replace(found.unwrap_or_default()).is_some() {
                    return Err(de::Error::duplicate_field(META));
                }
                continue;
            }
            self.place.enter_series(&label);
            match map.next_value_seed(MemberSeed { name: &label, place: self.place, of: PhantomData })? {
                Some(one) => series.push(one),
                None => passed_over = true,
            }
            self.place.leave_series();
        }
        if let Some(label) = duplicate(series.iter().map(T::name)) {
            self.place.enter_series(label);
            return Err(de::Error::custom("it comes twice"));
        }
        if series.is_empty() && (meta.is_none() || passed_over) {
            return Err(de::Error::custom("the result holds no series"));
        }
        Ok(SeriesAnswer { meta: meta.unwrap_or_default(), series })
    }
}

struct MemberSeed<'l, T> {
    name: &'l str,
    place: &'l Place,
    of: PhantomData<T>,
}

impl<'de, T: Labelled> DeserializeSeed<'de> for MemberSeed<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::decode(self.name, self.place, deserializer)
    }
}

/// A name that comes twice. Looked for once and by sorting, lest an answer of a million series take for ever.
pub(crate) fn duplicate<'n>(names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}
