//! `GET /radar/ct/timeseries_groups/{dimension}`: certificate volume over time, by a dimension.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get time series of certificate distribution by dimension".

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::de::{self, MapAccess};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serialize, Serializer};

use crate::endpoint::Endpoint;
use crate::endpoints::timeseries::TimeseriesOptions;
use crate::request::grouping::Grouped;
use crate::request::parameter::ParamError;
use crate::request::query::Query;
use crate::request::series_request::SeriesRequest;
use crate::response::envelope::{DecodeError, Place};
use crate::response::fast_path::{Instants, Scanner, plain};
use crate::response::frame::{Labelled, SeriesAnswer, duplicate};
use crate::response::series::{
    Column, Decimal, IfObject, Instant, TIMESTAMPS, Timestamps, Values, VisitObject,
};

/// What is asked of `GET /radar/ct/timeseries_groups/{dimension}`.
///
/// ```
/// use radar_ct_model::{AggInterval, DateRange, Dimension, Endpoint, TimeseriesGroupsParams};
/// let params = TimeseriesGroupsParams::by(Dimension::CaOwner)
///     .date_range(DateRange::LAST_7_DAYS)
///     .agg_interval(AggInterval::OneDay)
///     .limit_per_group(5);
/// assert_eq!(params.path(), "/radar/ct/timeseries_groups/CA_OWNER");
/// assert_eq!(params.prepare()?.to_string(), "dateRange=7d&aggInterval=1d&limitPerGroup=5");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type TimeseriesGroupsParams = SeriesRequest<Grouped<TimeseriesOptions>>;

impl Endpoint for TimeseriesGroupsParams {
    type Answer = TimeseriesGroups;

    fn path(&self) -> String {
        self.path_below("timeseries_groups")
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.prepare_for_json()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.prepare_for_csv()
    }

    /// As [`TimeseriesGroups::from_slice`], and no series that was asked for may be missing.
    fn decode(&self, body: &[u8]) -> Result<TimeseriesGroups, DecodeError> {
        TimeseriesGroups::for_request(self, body)
    }
}

/// The answer: for each series its timestamps, and a column of values for each group.
///
/// ```
/// use radar_ct_model::TimeseriesGroups;
/// let body = br#"{"success":true,"errors":[],"result":{
///     "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"RSA":["60"],"ECDSA":["40"]},"meta":{}}}"#;
/// let answer = TimeseriesGroups::from_slice(body)?;
/// assert_eq!(answer.series[0].keys().collect::<Vec<_>>(), ["RSA", "ECDSA"]);
/// assert_eq!(answer.series[0].get("ECDSA").unwrap().get(0), Some(40.0));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type TimeseriesGroups = SeriesAnswer<GroupedSeries>;

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
