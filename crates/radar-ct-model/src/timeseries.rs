//! `GET /radar/ct/timeseries`: certificate volume over time.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get certificates time series".

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::answer::{DecodeError, Place, decode_result};
use crate::columns::{Series, SeriesSeed};
use crate::endpoint::Endpoint;
use crate::meta::{META, Meta};
use crate::parameter::{Kind, ParamError, Parameter, WireValue};
use crate::query::Query;
use crate::request::{RequestOptions, SeriesRequest};
use crate::vocabulary::AggInterval;

const AGG_INTERVAL: Parameter = Parameter::new(
    "aggInterval",
    Kind::Enum(AggInterval::VALUES),
    "Aggregation interval: the width of one point",
);

/// What is asked of `GET /radar/ct/timeseries`: all of its 21 parameters.
///
/// ```
/// use radar_ct_model::{AggInterval, DateRange, TimeseriesParams};
/// let params = TimeseriesParams::new()
///     .date_range(DateRange::LAST_7_DAYS)
///     .ca_owner("DigiCert")
///     .agg_interval(AggInterval::OneDay);
/// params.validate()?;
/// assert_eq!(params.to_query().to_string(), "dateRange=7d&caOwner=DigiCert&aggInterval=1d");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type TimeseriesParams = SeriesRequest<TimeseriesOptions>;

/// What a [`TimeseriesParams`] has once, beside its series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimeseriesOptions {
    agg_interval: Option<AggInterval>,
}

impl RequestOptions for TimeseriesOptions {
    const PARAMETERS: &'static [Parameter] = &[AGG_INTERVAL];

    fn write(&self, query: &mut Query) {
        if let Some(interval) = &self.agg_interval {
            query.push(AGG_INTERVAL.name, interval.as_str());
        }
    }

    fn take(query: &mut Query) -> Result<Self, ParamError> {
        Ok(Self { agg_interval: query.take_one(AGG_INTERVAL.name)?.map(AggInterval::from) })
    }

    fn check(&self) -> Result<(), ParamError> {
        let check = self.agg_interval.as_ref().map_or(Ok(()), WireValue::check);
        check.map_err(|problem| ParamError::new(AGG_INTERVAL.name, problem))
    }
}

impl TimeseriesParams {
    /// Aggregation interval, the width of one point: `aggInterval`. An empty text clears it.
    pub fn agg_interval(mut self, interval: impl Into<AggInterval>) -> Self {
        self.options.agg_interval = Some(interval.into()).filter(|interval| !interval.is_absent());
        self
    }

    /// The aggregation interval asked for, if any.
    pub fn asked_interval(&self) -> Option<&AggInterval> {
        self.options.agg_interval.as_ref()
    }
}

impl Endpoint for TimeseriesParams {
    type Answer = Timeseries;

    fn path(&self) -> String {
        "/radar/ct/timeseries".to_owned()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.prepare_for_json()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.prepare_for_csv()
    }

    /// As [`Timeseries::from_slice`], and no series that was asked for may be missing.
    fn decode(&self, body: &[u8]) -> Result<Timeseries, DecodeError> {
        let answer = Timeseries::from_slice(body)?;
        let (asked, came) = (self.series().len(), answer.series.len());
        if came < asked {
            let missing: Vec<_> = self
                .series()
                .enumerate()
                .map(|(index, series)| series.label(index).into_owned())
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
}

/// The answer: certificate volume over time, in the order in which the server wrote the series.
///
/// It serialises back to the API's own `result`: a member for each series, and `meta`.
///
/// ```
/// use radar_ct_model::Timeseries;
/// let body = br#"{"success":true,"errors":[],"result":{
///     "main":{"timestamps":["2026-10-01T00:00:00Z","2026-10-01T01:00:00Z"],"values":["412.5",null]},
///     "meta":{"aggInterval":"ONE_HOUR","dateRange":[],"units":[{"name":"*","value":"certificates"}]}}}"#;
/// let answer = Timeseries::from_slice(body)?;
/// let main = answer.get("main").unwrap();
/// assert_eq!(main.points().next().unwrap().1, Some(412.5));
/// assert_eq!(main.values().get(1), None);
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timeseries {
    /// What the answer says about itself.
    pub meta: Meta,
    /// The series, in the order of the answer.
    pub series: Vec<Series>,
}

impl Timeseries {
    /// Decodes a whole body, the envelope around the result included.
    ///
    /// # Errors
    /// Where the body is cut off, is no JSON, says `success: false`, has a series whose timestamps and values differ in
    /// length, a label twice, or text that is no number or no instant. Members of the result that are no series are
    /// passed over, unless there is nothing else.
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        decode_result(body, |place| TimeseriesSeed { place }, &Place::default())
    }

    /// The series of that label.
    pub fn get(&self, name: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.name() == name)
    }
}

impl Serialize for Timeseries {
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
impl<'de> Deserialize<'de> for Timeseries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TimeseriesSeed { place: &Place::default() }.deserialize(deserializer)
    }
}

struct TimeseriesSeed<'p> {
    place: &'p Place,
}

impl<'de> DeserializeSeed<'de> for TimeseriesSeed<'_> {
    type Value = Timeseries;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Timeseries, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TimeseriesSeed<'_> {
    type Value = Timeseries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a result with series and `meta`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Timeseries, A::Error> {
        let mut meta = None;
        let mut series: Vec<Series> = Vec::new();
        let mut passed_over = false;
        while let Some(label) = map.next_key::<Cow<'de, str>>()? {
            if label == META {
                if meta.replace(map.next_value::<Option<Meta>>()?.unwrap_or_default()).is_some() {
                    return Err(de::Error::duplicate_field(META));
                }
                continue;
            }
            self.place.enter_series(&label);
            match map.next_value_seed(SeriesSeed { name: label.into_owned(), place: self.place })? {
                Some(one) => series.push(one),
                None => passed_over = true,
            }
            self.place.leave_series();
        }
        if let Some(label) = duplicate(&series) {
            self.place.enter_series(label);
            return Err(de::Error::custom("it comes twice"));
        }
        if series.is_empty() && (meta.is_none() || passed_over) {
            return Err(de::Error::custom("the result holds no series"));
        }
        Ok(Timeseries { meta: meta.unwrap_or_default(), series })
    }
}

/// A label that two series have. Looked for once and by sorting, lest an answer of a million series take for ever.
fn duplicate(series: &[Series]) -> Option<&str> {
    let mut labels: Vec<&str> = series.iter().map(Series::name).collect();
    labels.sort_unstable();
    labels.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}
