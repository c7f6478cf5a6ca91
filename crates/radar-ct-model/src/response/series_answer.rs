//! Answers that have a series below each label, beside their `meta`.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::response::decode::{Decoded, decode, decode_generally, deserialize};
use crate::response::envelope::DecodeError;
use crate::response::frame::Frame;
use crate::response::meta::{META, Meta};
use crate::response::series::{Series, SeriesView};
use crate::text::shorten;

/// An answer: its `meta` and its series, in the order of the server. See [`Timeseries`](crate::Timeseries),
/// [`TimeseriesGroups`](crate::TimeseriesGroups) and [`Summary`](crate::Summary).
///
/// It serialises back to the API's `result`: a member for each series, and `meta`.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesAnswer<T> {
    /// The description of the data.
    pub meta: Meta,
    /// The series, in the order of the answer.
    pub series: Vec<T>,
}

impl<T> Default for SeriesAnswer<T> {
    fn default() -> Self {
        Self { meta: Meta::default(), series: Vec::new() }
    }
}

impl<T: SeriesView> SeriesAnswer<T> {
    /// Decodes a whole body, including the envelope around the result.
    ///
    /// Members of the result that are not series are ignored, unless there is no series among them.
    ///
    /// # Errors
    /// Returns an error if the body is cut off, is not JSON, has `success: false`, has a series whose columns
    /// differ in length, has a label twice, or has a text that is not a number or not a timestamp.
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        decode(body, T::LAYOUT).map(Self::from_decoded)
    }

    /// Decodes like [`from_slice`](Self::from_slice), without the fast path, for tests that compare the two.
    ///
    /// # Errors
    /// Returns the same errors as [`from_slice`](Self::from_slice).
    #[doc(hidden)]
    pub fn from_slice_generally(body: &[u8]) -> Result<Self, DecodeError> {
        decode_generally(body, T::LAYOUT).map(Self::from_decoded)
    }

    /// Decodes like [`from_slice`](Self::from_slice), and returns an error if some of the expected series are
    /// missing. An answer with `meta` alone is complete: it is the example of the API reference. The labels are
    /// those that the request expects, for the text of the error.
    pub(crate) fn decode_expecting<L: AsRef<str>>(
        body: &[u8],
        expected: usize,
        labels: impl FnOnce() -> Vec<L>,
    ) -> Result<Self, DecodeError> {
        let (meta, frames) = decode(body, T::LAYOUT)?;
        let found = frames.len();
        if found > 0 && found < expected {
            let is_missing = |label: &&str| frames.iter().all(|frame| frame.label() != *label);
            let labels = labels();
            let missing = labels.iter().map(AsRef::as_ref).filter(is_missing);
            let missing: Vec<_> = missing.map(|label| format!("`{}`", label.escape_debug())).collect();
            let missing = missing.join(", ");
            return Err(DecodeError::shape(format!(
                "{expected} series were requested, but the answer has {found}; {missing} is missing"
            )));
        }
        Ok(Self::from_decoded((meta, frames)))
    }

    fn from_decoded((meta, frames): Decoded) -> Self {
        Self { meta, series: frames.into_iter().map(T::from_checked).collect() }
    }

    /// The series with that label.
    pub fn get(&self, label: &str) -> Option<&T> {
        self.series.iter().find(|series| series.as_ref().label() == label)
    }

    /// Returns the only series.
    ///
    /// ```
    /// use radar_ct_model::Timeseries;
    /// let body = br#"{"success":true,"result":{"main":{"timestamps":[],"values":[]},"meta":{}}}"#;
    /// assert_eq!(Timeseries::from_slice(body)?.single()?.label(), "main");
    /// // The API reference's own example has no series at all.
    /// let answer = Timeseries::from_slice(br#"{"success":true,"result":{"meta":{}}}"#)?;
    /// assert_eq!(answer.single().unwrap_err().to_string(), "the answer has no series");
    /// # Ok::<(), radar_ct_model::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the answer has no series, or several.
    pub fn single(&self) -> Result<&T, DecodeError> {
        match self.series.as_slice() {
            [series] => Ok(series),
            [] => Err(DecodeError::missing_series("the answer has no series")),
            several => {
                let count = several.len();
                Err(DecodeError::missing_series(format!(
                    "the answer has {count} series, but one is expected"
                )))
            }
        }
    }

    /// Returns the series with that label.
    ///
    /// # Errors
    /// Returns an error if the answer has no such series. It names those that it has.
    pub fn require(&self, label: &str) -> Result<&T, DecodeError> {
        self.get(label).ok_or_else(|| {
            /// An answer may have many series, but a message has one line.
            const MAX_LABELS: usize = 8;
            let labels = self
                .frames()
                .take(MAX_LABELS)
                .map(|frame| format!("`{}`", shorten(frame.label()).escape_debug()));
            let mut labels: Vec<_> = labels.collect();
            if self.series.len() > MAX_LABELS {
                labels.push(format!("and {} more", self.series.len() - MAX_LABELS));
            }
            let found = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
            DecodeError::missing_series(format!(
                "the answer has no series `{}`; it has {found}",
                shorten(label).escape_debug()
            ))
        })
    }

    /// Iterates over the frames of the series.
    pub fn frames(&self) -> impl ExactSizeIterator<Item = &Frame> {
        self.series.iter().map(AsRef::as_ref)
    }
}

impl SeriesAnswer<Series> {
    /// Appends the points of a later part of the same series, and combines what the parts report in their
    /// `meta`: one window for each series, and the annotations and units of both.
    ///
    /// ```
    /// use radar_ct_model::Timeseries;
    /// let part = |at: &str| Timeseries::from_slice(format!(
    ///     r#"{{"success":true,"result":{{"main":{{"timestamps":["{at}"],"values":["7"]}},"meta":{{}}}}}}"#
    /// ).as_bytes());
    /// let mut whole = part("2026-10-01T00:00:00Z")?;
    /// whole.append(part("2026-10-01T00:15:00Z")?)?;
    /// assert_eq!(whole.single()?.len(), 2);
    /// # Ok::<(), radar_ct_model::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the labels or their order differ. The answer is unchanged then.
    pub fn append(&mut self, later: Self) -> Result<(), DecodeError> {
        if !self.frames().map(Frame::label).eq(later.frames().map(Frame::label)) {
            let labels =
                |answer: &Self| format!("{:?}", answer.frames().map(Frame::label).collect::<Vec<_>>());
            return Err(DecodeError::shape(format!(
                "two parts of one answer have different series: {} and {}",
                labels(self),
                labels(&later)
            )));
        }
        for (series, later) in self.series.iter_mut().zip(later.series) {
            series.append(later);
        }
        self.meta.append(later.meta);
        Ok(())
    }
}

impl<T: SeriesView> Serialize for SeriesAnswer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.series.len() + 1))?;
        for frame in self.frames() {
            map.serialize_entry(frame.label(), frame)?;
        }
        map.serialize_entry(META, &self.meta)?;
        map.end()
    }
}

/// Deserialises from the API's `result`, without the envelope around it.
impl<'de, T: SeriesView> Deserialize<'de> for SeriesAnswer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer, T::LAYOUT).map(Self::from_decoded)
    }
}
