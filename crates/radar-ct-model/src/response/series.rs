//! The three kinds of series, as checked views of a frame.

use std::fmt::Debug;
use std::ops::RangeBounds;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::response::envelope::DecodeError;
use crate::response::frame::{Column, Frame, Layout, VALUES};
use crate::response::values::Values;

/// A kind of series that an answer has: [`Series`], [`GroupedSeries`] or [`Distribution`].
///
/// Code that treats them alike takes any `T: SeriesView` and works with the [`Frame`] that [`AsRef`] returns.
/// The API defines the kinds, so no other type can implement this.
pub trait SeriesView:
    AsRef<Frame> + TryFrom<Frame, Error = DecodeError> + Clone + Debug + PartialEq + Serialize + sealed::View
{
    /// Set if the series has timestamps, and a value for each in every column.
    const HAS_TIMESTAMPS: bool = !matches!(Self::LAYOUT, Layout::Summary);

    /// Set if the series has a column for each group.
    const IS_GROUPED: bool = !matches!(Self::LAYOUT, Layout::Series);
}

pub(crate) mod sealed {
    use crate::response::frame::{Frame, Layout};

    pub trait View: Sized {
        const LAYOUT: Layout;

        /// A view of a frame of that layout.
        fn from_checked(frame: Frame) -> Self;
    }
}

macro_rules! views {
    ($($name:ident: $layout:ident),*) => { $(
        impl SeriesView for $name {}

        impl sealed::View for $name {
            const LAYOUT: Layout = Layout::$layout;

            fn from_checked(frame: Frame) -> Self {
                Self(frame)
            }
        }

        impl AsRef<Frame> for $name {
            fn as_ref(&self) -> &Frame {
                &self.0
            }
        }

        impl From<$name> for Frame {
            fn from(view: $name) -> Self {
                view.0
            }
        }

        /// Returns an error if the frame does not have the columns of this kind of series.
        impl TryFrom<Frame> for $name {
            type Error = DecodeError;

            fn try_from(frame: Frame) -> Result<Self, DecodeError> {
                frame.checked(Layout::$layout).map(Self)
            }
        }

        /// Serialises to the object that the API writes below the label.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl $name {
            /// The label: the `name` of the request, or the API's own, such as `serie_0` or `summary_0`.
            pub fn label(&self) -> &str {
                self.0.label()
            }
        }
    )* };
}

views!(Series: Series, GroupedSeries: Groups, Distribution: Summary);

/// A time series: a label, and timestamps and values of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Series(Frame);

impl Series {
    /// A series.
    ///
    /// # Errors
    /// Returns an error if timestamps and values differ in length.
    pub fn new(
        label: impl Into<String>,
        timestamps: Vec<DateTime<Utc>>,
        values: Values,
    ) -> Result<Self, DecodeError> {
        Self::of_columns(label.into(), timestamps, values).checked(Layout::Series).map(Self)
    }

    fn of_columns(label: String, timestamps: Vec<DateTime<Utc>>, values: Values) -> Frame {
        let column = Column { name: VALUES.into(), values };
        Frame::unchecked(label, Some(Arc::new(timestamps)), vec![column])
    }

    /// The start of the interval of each point.
    pub fn timestamps(&self) -> &[DateTime<Utc>] {
        self.0.timestamps().unwrap_or_default()
    }

    /// The values, one for each timestamp.
    pub fn values(&self) -> &Values {
        self.0.columns().next().map_or(Values::EMPTY, |(_, values)| values)
    }

    /// The number of points.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the series has no points.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the points, each with its timestamp and its value.
    pub fn points(&self) -> impl ExactSizeIterator<Item = (DateTime<Utc>, Option<f64>)> + '_ {
        self.timestamps().iter().copied().zip(self.values().iter())
    }

    /// Returns a series of the same label with the points whose timestamps lie in `range`.
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
        let (timestamps, values): (_, Vec<_>) = self.points().filter(|(at, _)| range.contains(at)).unzip();
        Self(Self::of_columns(self.label().to_owned(), timestamps, values.into_iter().collect()))
    }

    /// Appends the points of a later part of the same series.
    pub(crate) fn append(&mut self, later: Self) {
        self.0.append(later.0);
    }
}

/// A time series divided into groups: a label, timestamps, and a column of values of the same length for each
/// group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupedSeries(Frame);

impl GroupedSeries {
    /// A series, with its groups in the order of an answer.
    ///
    /// # Errors
    /// Returns an error if a column differs in length from the timestamps, a key occurs twice, or a key is
    /// `timestamps`.
    pub fn new(
        label: impl Into<String>,
        timestamps: Vec<DateTime<Utc>>,
        groups: Vec<(String, Values)>,
    ) -> Result<Self, DecodeError> {
        Frame::new(label, Some(timestamps), groups).map(Self)
    }

    /// The start of the interval of each point.
    pub fn timestamps(&self) -> &[DateTime<Utc>] {
        self.0.timestamps().unwrap_or_default()
    }

    /// Iterates over the groups in the order of the answer, each with its key and its values.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (&str, &Values)> {
        self.0.columns()
    }

    /// Iterates over the keys of the groups in the order of the answer.
    ///
    /// New keys can appear at any time. `other` sums up the groups beyond the limit of the request.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.columns().map(|(key, _)| key)
    }

    /// The values of the group with that key.
    pub fn get(&self, key: &str) -> Option<&Values> {
        self.0.column(key)
    }

    /// The number of points in each group.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the series has no points.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A distribution of certificates over groups: a label, and one value for each group.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Frame);

impl Distribution {
    /// A distribution, with its groups in the order of an answer.
    ///
    /// # Errors
    /// Returns an error if a key occurs twice.
    pub fn new(
        label: impl Into<String>,
        groups: impl IntoIterator<Item = (String, Option<f64>)>,
    ) -> Result<Self, DecodeError> {
        let columns = groups.into_iter().map(|(key, value)| (key, std::iter::once(value).collect()));
        Frame::new(label, None, columns).map(Self)
    }

    /// Iterates over the groups in the order of the answer, each with its key and its value, `None` for a
    /// missing one.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (&str, Option<f64>)> {
        self.0.columns().map(|(key, values)| (key, values.get(0)))
    }

    /// The value of the group with that key, or `None` if it is missing or there is no such group.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.0.column(key)?.get(0)
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.0.columns().len()
    }

    /// Returns whether the distribution has no groups.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_converts_to_the_kind_whose_columns_it_has() {
        let values = || [1.0].into_iter().collect::<Values>();
        let at = vec![DateTime::UNIX_EPOCH];
        let series = Series::new("a", at.clone(), values()).unwrap();
        let groups = GroupedSeries::new("a", at, vec![("RSA".to_owned(), values())]).unwrap();
        let summary = Distribution::new("a", [("RSA".to_owned(), Some(1.0))]).unwrap();

        assert_eq!(Series::try_from(Frame::from(series.clone())), Ok(series.clone()));
        assert_eq!(GroupedSeries::try_from(Frame::from(groups.clone())), Ok(groups.clone()));
        assert_eq!(Distribution::try_from(Frame::from(summary.clone())), Ok(summary.clone()));
        assert!(Series::try_from(Frame::from(groups)).is_err());
        assert!(Distribution::try_from(Frame::from(series)).is_err());
        assert!(GroupedSeries::try_from(Frame::from(summary)).is_err());
    }
}
