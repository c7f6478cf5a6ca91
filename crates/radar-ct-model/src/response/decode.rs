//! Decoding an answer into its frames, on the fast path or on the general path.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::response::de::AnObject;
use crate::response::envelope::{DecodeError, Place, decode_result};
use crate::response::fast_path::{Scanner, plain};
use crate::response::frame::{Column, Frame, Layout, TIMESTAMPS, VALUES, duplicate};
use crate::response::meta::{META, Meta};
use crate::response::timestamp::Instant;
use crate::response::values::{Decimal, Values};

/// The content of an answer with series.
pub(crate) type Decoded = (Meta, Vec<Frame>);

/// Decodes a body: on the fast path, or on the general path if the fast path gives up.
pub(crate) fn decode(body: &[u8], layout: Layout) -> Result<Decoded, DecodeError> {
    match scan(body, layout) {
        Some(decoded) => Ok(decoded),
        None => decode_generally(body, layout),
    }
}

/// Decodes a body without the fast path.
pub(crate) fn decode_generally(body: &[u8], layout: Layout) -> Result<Decoded, DecodeError> {
    decode_result(body, |place| ResultSeed { place, layout }, &Place::default())
}

/// Decodes the `result` of an answer from any self-describing format.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D, layout: Layout) -> Result<Decoded, D::Error> {
    ResultSeed { place: &Place::default(), layout }.deserialize(from)
}

/// Decodes a body on the fast path, or returns `None` if it is written in a way that the fast path does not
/// know.
pub(crate) fn scan(body: &[u8], layout: Layout) -> Option<Decoded> {
    let mut scanner = Scanner::new(body);
    let (mut success, mut result) = (None, None);
    scanner.object(|scanner, name| match name {
        b"success" => put(&mut success, scanner.literal(b"true")?),
        b"result" => put(&mut result, scan_result(scanner, layout)?),
        name => plain(name).and_then(|_| scanner.value::<IgnoredAny>()).map(drop),
    })?;
    if scanner.is_over() { result } else { None }
}

fn scan_result(scanner: &mut Scanner<'_>, layout: Layout) -> Option<Decoded> {
    let mut meta = None;
    // Most answers have one series.
    let mut frames: Vec<Frame> = Vec::with_capacity(1);
    scanner.object(|scanner, label| {
        if label == META.as_bytes() {
            return put(&mut meta, scanner.value_of_object()?);
        }
        frames.push(scan_frame(plain(label)?, scanner, layout)?);
        Some(())
    })?;
    let has_duplicate = || duplicate(frames.iter().map(Frame::label)).is_some();
    let is_good = frames.len() == 1 || frames.len() > 1 && !has_duplicate();
    is_good.then(|| (meta.unwrap_or_default(), frames))
}

fn scan_frame(label: &str, scanner: &mut Scanner<'_>, layout: Layout) -> Option<Frame> {
    let (mut timestamps, mut columns) = (None, Vec::new());
    scanner.object(|scanner, member| {
        let (name, values) = match (layout, &timestamps) {
            (Layout::Summary, _) => (plain(member)?.to_owned().into(), vec![scanner.decimal()?]),
            // The timestamps come first, and say how many values to expect.
            (_, None) if member == TIMESTAMPS.as_bytes() => {
                return put(&mut timestamps, scanner.timestamps()?);
            }
            (Layout::Groups, Some(instants)) => {
                (plain(member)?.to_owned().into(), scanner.values(instants.len())?)
            }
            (Layout::Series, Some(instants)) if columns.is_empty() && member == VALUES.as_bytes() => {
                columns.reserve_exact(1);
                (Cow::Borrowed(VALUES), scanner.values(instants.len())?)
            }
            _ => return None,
        };
        columns.push(Column { name, values: Values::from_column(values) });
        Some(())
    })?;
    let frame = Frame::unchecked(label.to_owned(), timestamps, columns);
    // The scan itself holds the rules of a plain series, once it has its column.
    let is_good =
        if layout == Layout::Series { frame.has_columns() } else { frame.problem(layout).is_none() };
    is_good.then_some(frame)
}

/// Puts a value into a place that must be empty.
fn put<V>(place: &mut Option<V>, value: V) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// Decodes the `result` of an answer.
struct ResultSeed<'p> {
    place: &'p Place,
    layout: Layout,
}

impl<'de> DeserializeSeed<'de> for ResultSeed<'_> {
    type Value = Decoded;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Decoded, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ResultSeed<'_> {
    type Value = Decoded;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a result with series and `meta`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Decoded, A::Error> {
        let Self { place, layout } = self;
        let (mut meta, mut frames, mut has_others) = (None, Vec::new(), false);
        while let Some(label) = map.next_key::<Cow<'de, str>>()? {
            if label == META {
                let found = map.next_value::<Option<AnObject<Meta>>>()?.map(|AnObject(found)| found);
                if meta.replace(found.unwrap_or_default()).is_some() {
                    return Err(de::Error::duplicate_field(META));
                }
                continue;
            }
            place.enter_series(&label);
            match map.next_value_seed(FrameSeed { label: &label, place, layout })? {
                Some(frame) => frames.push(frame),
                None => has_others = true,
            }
            place.leave_series();
        }
        if let Some(label) = duplicate(frames.iter().map(Frame::label)) {
            place.enter_series(label);
            return Err(de::Error::custom("the label occurs twice"));
        }
        if frames.is_empty() && (meta.is_none() || has_others) {
            return Err(de::Error::custom("the result has no series"));
        }
        Ok((meta.unwrap_or_default(), frames))
    }
}

/// Decodes the member below a label, or ignores it if it is not a series: the API may add members of any
/// kind.
struct FrameSeed<'p> {
    label: &'p str,
    place: &'p Place,
    layout: Layout,
}

impl<'de> DeserializeSeed<'de> for FrameSeed<'_> {
    type Value = Option<Frame>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FrameSeed<'_> {
    type Value = Option<Frame>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member of a result")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { label, place, layout } = self;
        let (mut timestamps, mut columns) = (None, Vec::new());
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            place.at(None);
            let values = match layout {
                Layout::Series | Layout::Groups if name == TIMESTAMPS => {
                    if timestamps.is_some() {
                        return Err(de::Error::duplicate_field(TIMESTAMPS));
                    }
                    timestamps =
                        Some(map.next_value_seed(List { place, name: TIMESTAMPS, element: Instant })?);
                    continue;
                }
                Layout::Series if name != VALUES => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Layout::Series if !columns.is_empty() => return Err(de::Error::duplicate_field(VALUES)),
                Layout::Series | Layout::Groups => {
                    map.next_value_seed(List { place, name: &name, element: Decimal })?
                }
                Layout::Summary => vec![map.next_value_seed(Decimal)?],
            };
            let name = if layout == Layout::Series { VALUES.into() } else { name.into_owned().into() };
            columns.push(Column { name, values: Values::from_column(values) });
        }
        place.at(None);
        match (layout, &timestamps, columns.is_empty()) {
            (Layout::Series | Layout::Groups, None, true) => return Ok(None),
            (Layout::Series | Layout::Groups, None, false) => {
                return Err(de::Error::missing_field(TIMESTAMPS));
            }
            (Layout::Series, Some(_), true) => return Err(de::Error::missing_field(VALUES)),
            _ => {}
        }
        let frame = Frame::unchecked(label.to_owned(), timestamps.map(Arc::new), columns);
        match frame.problem(layout) {
            None => Ok(Some(frame)),
            Some(problem) => Err(de::Error::custom(problem)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
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

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Decodes a list and reports the index of the current element to the place.
struct List<'p, T> {
    place: &'p Place,
    name: &'p str,
    element: T,
}

impl<'de, T: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for List<'_, T> {
    type Value = Vec<T::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeSeed<'de> + Copy> Visitor<'de> for List<'_, T> {
    type Value = Vec<T::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array for `{}`", self.name)
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

#[cfg(test)]
mod tests;
