//! A frame: the label of a series, its timestamps and its columns of values.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::response::envelope::DecodeError;
use crate::response::timestamp::{Instants, WrittenInstants};
use crate::response::values::Values;

/// The member with the timestamps of a series.
pub const TIMESTAMPS: &str = "timestamps";
/// The member with the values of a series that is not divided into groups.
pub const VALUES: &str = "values";

/// The data of one series of an answer: a label, timestamps and named columns of values.
///
/// Every series of every endpoint is a frame; [`Series`](crate::Series),
/// [`GroupedSeries`](crate::GroupedSeries) and [`Distribution`](crate::Distribution) are checked views of
/// one. Work with a frame to treat them alike, such as to write any answer as a table:
///
/// ```
/// use radar_ct_model::{Summary, Timeseries};
/// let body = br#"{"success":true,"result":{"main":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7"]}}}"#;
/// let answer = Timeseries::from_slice(body)?;
/// let frame = answer.frames().next().unwrap();
/// assert_eq!((frame.label(), frame.len()), ("main", 1));
/// assert_eq!(frame.column("values").unwrap().get(0), Some(7.0));
///
/// let body = br#"{"success":true,"result":{"summary_0":{"RSA":"60.5","ECDSA":"39.5"}}}"#;
/// let answer = Summary::from_slice(body)?;
/// let frame = answer.frames().next().unwrap();
/// assert_eq!((frame.timestamps(), frame.len()), (None, 1));
/// assert_eq!(frame.columns().map(|(name, _)| name).collect::<Vec<_>>(), ["RSA", "ECDSA"]);
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    label: String,
    /// Shared by the frames of an answer that have the same.
    timestamps: Option<Instants>,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    /// Borrowed for the one column that every plain series has, to save an allocation for each.
    pub(crate) name: Cow<'static, str>,
    pub(crate) values: Values,
}

impl Frame {
    /// A frame with a value in each column for each timestamp, or with one value in each column if it has no
    /// timestamps.
    ///
    /// # Errors
    /// Returns an error if a column has another length, a name occurs twice, or a frame with timestamps has a
    /// column that is called `timestamps`.
    pub fn new(
        label: impl Into<String>,
        timestamps: Option<Vec<DateTime<Utc>>>,
        columns: impl IntoIterator<Item = (impl Into<Cow<'static, str>>, Values)>,
    ) -> Result<Self, DecodeError> {
        let layout = if timestamps.is_some() { Layout::Groups } else { Layout::Summary };
        let columns = columns.into_iter().map(|(name, values)| Column { name: name.into(), values });
        Self::unchecked(label.into(), timestamps.map(Arc::new), columns.collect()).checked(layout)
    }

    /// A frame that was checked already, or that [`problem`](Self::problem) checks next.
    pub(crate) fn unchecked(label: String, timestamps: Option<Instants>, columns: Vec<Column>) -> Self {
        Self { label, timestamps, columns }
    }

    pub(crate) fn checked(self, layout: Layout) -> Result<Self, DecodeError> {
        match self.problem(layout) {
            None => Ok(self),
            Some(problem) => Err(DecodeError::shape(problem)),
        }
    }

    /// The reason why the frame does not have that layout, if there is one.
    pub(crate) fn problem(&self, layout: Layout) -> Option<String> {
        match (&self.timestamps, layout) {
            (Some(_), Layout::Summary) => return Some("a summary has no timestamps".to_owned()),
            (None, Layout::Series | Layout::Groups) => return Some("the timestamps are missing".to_owned()),
            _ => {}
        }
        let points = self.len();
        if let Some(column) = self.columns.iter().find(|column| column.values.len() != points) {
            let values = column.values.len();
            let name = column.name.escape_debug();
            return Some(match layout {
                Layout::Series => format!("{points} timestamps but {values} values"),
                Layout::Groups => format!("{points} timestamps but {values} values for `{name}`"),
                Layout::Summary => format!("one value is expected for `{name}`, not {values}"),
            });
        }
        match (layout, self.columns.as_slice()) {
            (Layout::Series, [only]) if only.name == VALUES => None,
            (Layout::Series, _) => Some(format!("a series has one column, `{VALUES}`")),
            (Layout::Groups | Layout::Summary, columns) => {
                let names = columns.iter().map(|column| column.name.as_ref());
                let reserved = self.timestamps.is_some().then_some(TIMESTAMPS);
                let name = duplicate(names.chain(reserved))?;
                Some(format!("`{}` occurs twice", name.escape_debug()))
            }
        }
    }

    /// The label: the `name` of the request, or the API's own, such as `serie_0` or `summary_0`.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The start of the interval of each point; `None` for a summary.
    pub fn timestamps(&self) -> Option<&[DateTime<Utc>]> {
        self.timestamps.as_deref().map(Vec::as_slice)
    }

    /// The columns in the order of the answer, each with its name and its values.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&str, &Values)> {
        self.columns.iter().map(|column| (column.name.as_ref(), &column.values))
    }

    /// The values of the column with that name.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }

    /// The number of points in each column; 1 for a summary.
    pub fn len(&self) -> usize {
        self.timestamps.as_ref().map_or(1, |timestamps| timestamps.len())
    }

    /// Returns whether the columns have no points.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether the frame has any column.
    pub(crate) fn has_columns(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Appends the points of a later part with the same columns.
    pub(crate) fn append(&mut self, later: Self) {
        if let (Some(ours), Some(theirs)) = (&mut self.timestamps, &later.timestamps) {
            Arc::make_mut(ours).extend_from_slice(theirs);
        }
        for (ours, theirs) in self.columns.iter_mut().zip(later.columns) {
            ours.values.append(theirs.values);
        }
    }
}

/// Serialises to the object that the API writes below the label.
impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = self.columns.len() + usize::from(self.timestamps.is_some());
        let mut map = serializer.serialize_map(Some(members))?;
        if let Some(timestamps) = &self.timestamps {
            map.serialize_entry(TIMESTAMPS, &WrittenInstants(timestamps))?;
        }
        for Column { name, values } in &self.columns {
            match &self.timestamps {
                Some(_) => map.serialize_entry(name, values)?,
                None => map.serialize_entry(name, &values.written(0))?,
            }
        }
        map.end()
    }
}

/// The three ways in which the API writes a frame.
// Public, since it is in the signature of a trait that is, but not nameable outside this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Timestamps and one column, `values`. Other members are ignored.
    Series,
    /// Timestamps, and a column in every other member.
    Groups,
    /// A single value in every member.
    Summary,
}

/// A text that occurs twice. Sorting keeps this linearithmic for an answer of a million series.
pub(crate) fn duplicate<'n>(texts: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut texts: Vec<&str> = texts.collect();
    texts.sort_unstable();
    texts.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(timestamps: Option<usize>, columns: &[(&'static str, usize)]) -> Result<Frame, String> {
        let timestamps = timestamps.map(|points| vec![DateTime::UNIX_EPOCH; points]);
        let columns = columns.iter().map(|(name, length)| (*name, (0..*length).map(|_| 1.0).collect()));
        Frame::new("a", timestamps, columns).map_err(|error| error.to_string())
    }

    #[test]
    fn new_refuses_other_lengths_and_duplicate_names() {
        for good in [
            frame(Some(2), &[("x", 2), ("y", 2)]),
            frame(Some(0), &[("x", 0)]),
            frame(Some(2), &[]),
            frame(None, &[("x", 1), ("timestamps", 1)]),
            frame(None, &[]),
        ] {
            good.unwrap();
        }
        for (bad, reason) in [
            (frame(Some(2), &[("x", 2), ("y", 1)]), "2 timestamps but 1 values for `y`"),
            (frame(Some(1), &[("timestamps", 1)]), "`timestamps` occurs twice"),
            (frame(Some(1), &[("x", 1), ("x", 1)]), "`x` occurs twice"),
            (frame(None, &[("x", 1), ("x", 1)]), "`x` occurs twice"),
            (frame(None, &[("x", 2)]), "one value is expected for `x`, not 2"),
        ] {
            let error = bad.unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_frame_has_the_length_of_its_timestamps_and_a_summary_has_length_one() {
        let lengths = [frame(Some(2), &[("x", 2)]), frame(Some(0), &[]), frame(None, &[("x", 1)])]
            .map(|frame| frame.map(|frame| (frame.len(), frame.is_empty())).unwrap());
        assert_eq!(lengths, [(2, false), (0, true), (1, false)]);
    }

    #[test]
    fn a_frame_is_checked_against_each_layout() {
        let fits = |frame: &Frame| {
            [Layout::Series, Layout::Groups, Layout::Summary].map(|layout| frame.problem(layout).is_none())
        };
        assert_eq!(fits(&frame(Some(1), &[("values", 1)]).unwrap()), [true, true, false]);
        assert_eq!(fits(&frame(Some(1), &[("RSA", 1)]).unwrap()), [false, true, false]);
        assert_eq!(fits(&frame(Some(1), &[]).unwrap()), [false, true, false]);
        assert_eq!(fits(&frame(None, &[("values", 1)]).unwrap()), [false, false, true]);
    }
}
