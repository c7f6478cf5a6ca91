//! What the two endpoints have in common that cut series into groups by a dimension.

use crate::endpoints::timeseries::TimeseriesOptions;
use crate::enums::{AggInterval, Dimension, GroupNormalization};
use crate::request::parameter::{Kind, ParamError, Parameter, Problem, WireValue};
use crate::request::query::{Query, encode_path_segment};
use crate::request::series_params::{KEPT_BY_LOG, SeriesParams};
use crate::request::series_request::{RequestOptions, SeriesRequest};

const DIMENSION: &str = "dimension";
/// How few groups can be asked for.
const FEWEST_GROUPS: u32 = 2;

const LIMIT_PER_GROUP: Parameter = Parameter::new(
    "limitPerGroup",
    Kind::Integer { least: FEWEST_GROUPS },
    "How many groups there are, the largest first; the rest is gathered as `other`",
);
const NORMALIZATION: Parameter = Parameter::new(
    "normalization",
    Kind::Enum(GroupNormalization::VALUES),
    "Whether groups are counted or shares of the whole",
);

/// What a request has once that cuts its series into groups, beside the options `O` it may have besides.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped<O> {
    dimension: Dimension,
    limit_per_group: Option<u32>,
    normalization: Option<GroupNormalization>,
    pub(crate) rest: O,
}

impl<O: RequestOptions> RequestOptions for Grouped<O> {
    const LABEL: &'static str = O::LABEL;

    fn parameters() -> impl Iterator<Item = Parameter> {
        O::parameters().chain([LIMIT_PER_GROUP, NORMALIZATION])
    }

    fn write(&self, query: &mut Query) {
        self.rest.write(query);
        if let Some(limit) = &self.limit_per_group {
            query.add_shown(LIMIT_PER_GROUP.name, limit);
        }
        if let Some(normalization) = &self.normalization {
            query.add(NORMALIZATION.name, normalization.as_str());
        }
    }

    fn take(&mut self, query: &mut Query) -> Result<(), ParamError> {
        self.rest.take(query)?;
        self.limit_per_group = query.take_integer(LIMIT_PER_GROUP)?;
        self.normalization = query.take_one(NORMALIZATION.name)?.map(GroupNormalization::from);
        Ok(())
    }

    fn check(&self, series: &[SeriesParams]) -> Result<(), ParamError> {
        self.rest.check(series)?;
        self.dimension.check().map_err(|problem| ParamError::new(DIMENSION, problem))?;
        if let Some(limit) = self.limit_per_group.filter(|limit| *limit < FEWEST_GROUPS) {
            let problem = Problem::NotInteger { value: limit.to_string().into(), least: FEWEST_GROUPS };
            return Err(ParamError::new(LIMIT_PER_GROUP.name, problem));
        }
        let check = self.normalization.as_ref().map_or(Ok(()), WireValue::check);
        check.map_err(|problem| ParamError::new(NORMALIZATION.name, problem))?;
        check_dimension(&self.dimension, series)
    }
}

/// Data by top-level domain are not kept by log, be that the dimension or a filter.
fn check_dimension(dimension: &Dimension, series: &[SeriesParams]) -> Result<(), ParamError> {
    let by_log = matches!(
        dimension,
        Dimension::Log | Dimension::LogApi | Dimension::LogOperator | Dimension::EntryType
    );
    let is_tld = *dimension == Dimension::Tld;
    for (position, one) in series.iter().enumerate() {
        let clashes = |parameter: &Parameter| {
            (by_log && parameter.name == "tld") || (is_tld && KEPT_BY_LOG.contains(&parameter.name))
        };
        if let Some((parameter, _)) = one.filters().find(|(parameter, _)| clashes(parameter)) {
            let dimension = dimension.as_str().into();
            let problem = Problem::WithDimension { dimension };
            return Err(ParamError::new(parameter.name, problem).in_series(position, series.len()));
        }
    }
    Ok(())
}

impl<O: RequestOptions + Default> SeriesRequest<Grouped<O>> {
    /// A request for one unfiltered series, cut into groups by a dimension.
    pub fn by(dimension: impl Into<Dimension>) -> Self {
        Self::with_options(Grouped {
            dimension: dimension.into(),
            limit_per_group: None,
            normalization: None,
            rest: O::default(),
        })
    }

    /// Reads a request back from the dimension in its path and its query.
    ///
    /// # Errors
    /// Where a value cannot be what its parameter is, a parameter of the whole request is repeated, or a series has
    /// half a window or a window and a range. The other rules are [`validate`](Self::validate)'s.
    pub fn from_query_by(dimension: impl Into<Dimension>, query: Query) -> Result<Self, ParamError> {
        Self::read(Self::by(dimension).options, query)
    }
}

impl<O> SeriesRequest<Grouped<O>> {
    /// The dimension.
    pub fn dimension(&self) -> &Dimension {
        &self.options.dimension
    }

    /// How many groups there are, the largest first, at least 2: `limitPerGroup`. The rest is gathered as `other`.
    ///
    /// The API has it for dimensions with many values only, and refuses it for the others.
    pub fn limit_per_group(mut self, limit: impl Into<Option<u32>>) -> Self {
        self.options.limit_per_group = limit.into();
        self
    }

    /// The limit asked for, if any.
    pub fn asked_limit_per_group(&self) -> Option<u32> {
        self.options.limit_per_group
    }

    /// Whether groups are counted or shares of the whole: `normalization`. An empty text clears it.
    pub fn normalization(mut self, normalization: impl Into<GroupNormalization>) -> Self {
        self.options.normalization = Some(normalization.into()).filter(|value| !value.is_absent());
        self
    }

    /// The normalization asked for, if any.
    pub fn asked_normalization(&self) -> Option<&GroupNormalization> {
        self.options.normalization.as_ref()
    }

    /// The path of an endpoint that has the dimension behind its name.
    pub(crate) fn path_below(&self, name: &str) -> String {
        // A dimension that is no segment is not a documented one, so the call is refused before this is used.
        let segment = encode_path_segment(self.options.dimension.as_str()).unwrap_or_default();
        format!("/radar/ct/{name}/{segment}")
    }
}

impl SeriesRequest<Grouped<TimeseriesOptions>> {
    /// Aggregation interval, the width of one point: `aggInterval`. An empty text clears it.
    pub fn agg_interval(mut self, interval: impl Into<AggInterval>) -> Self {
        self.options.rest.agg_interval = Some(interval.into()).filter(|interval| !interval.is_absent());
        self
    }

    /// The aggregation interval asked for, if any.
    pub fn asked_interval(&self) -> Option<&AggInterval> {
        self.options.rest.agg_interval.as_ref()
    }
}
