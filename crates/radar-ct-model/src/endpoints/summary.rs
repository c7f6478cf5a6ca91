//! `GET /radar/ct/summary/{dimension}`: how certificates are distributed over a dimension.
//!
//! Source: the API reference, "Radar, Certificate Transparency, Get certificate distribution by dimension".

use std::borrow::Cow;

use serde::de::{self, MapAccess};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serialize, Serializer};

use crate::endpoint::Endpoint;
use crate::request::grouping::Grouped;
use crate::request::parameter::{ParamError, Parameter};
use crate::request::query::Query;
use crate::request::series_params::SeriesParams;
use crate::request::series_request::{RequestOptions, SeriesRequest};
use crate::response::envelope::{DecodeError, Place};
use crate::response::frame::{Labelled, SeriesAnswer, duplicate};
use crate::response::series::{Decimal, IfObject, Values, VisitObject};

/// What is asked of `GET /radar/ct/summary/{dimension}`.
///
/// ```
/// use radar_ct_model::{DateRange, Dimension, Endpoint, SummaryParams};
/// let params = SummaryParams::by(Dimension::PublicKeyAlgorithm).date_range(DateRange::LAST_30_DAYS);
/// assert_eq!(params.path(), "/radar/ct/summary/PUBLIC_KEY_ALGORITHM");
/// assert_eq!(params.prepare()?.to_string(), "dateRange=30d");
/// # Ok::<(), radar_ct_model::ParamError>(())
/// ```
pub type SummaryParams = SeriesRequest<Grouped<SummaryOptions>>;

/// What a [`SummaryParams`] has once beside its groups: nothing. A summary has no points, and so no interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SummaryOptions {}

impl RequestOptions for SummaryOptions {
    const LABEL: &'static str = "summary_";

    fn parameters() -> impl Iterator<Item = Parameter> {
        std::iter::empty()
    }

    fn write(&self, _: &mut Query) {}

    fn take(&mut self, _: &mut Query) -> Result<(), ParamError> {
        Ok(())
    }

    fn check(&self, _: &[SeriesParams]) -> Result<(), ParamError> {
        Ok(())
    }
}

impl Endpoint for SummaryParams {
    type Answer = Summary;

    fn path(&self) -> String {
        self.path_below("summary")
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        self.prepare_for_json()
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        self.prepare_for_csv()
    }

    /// As [`Summary::from_slice`], and no series that was asked for may be missing.
    fn decode(&self, body: &[u8]) -> Result<Summary, DecodeError> {
        Summary::for_request(self, body)
    }
}

/// The answer: for each series how it is distributed.
///
/// ```
/// use radar_ct_model::Summary;
/// let body = br#"{"success":true,"errors":[],"result":{"summary_0":{"RSA":"60.5","ECDSA":"39.5"},"meta":{}}}"#;
/// let answer = Summary::from_slice(body)?;
/// assert_eq!(answer.series[0].get("RSA"), Some(60.5));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
pub type Summary = SeriesAnswer<Distribution>;

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
