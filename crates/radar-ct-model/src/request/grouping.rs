//! Options of the endpoints that cut series into groups by a dimension.

use super::options::Options;
use super::parameter::{Kind, Parameter, Value, WireValue};
use super::problem::ParamError;
use super::query::Query;
use super::rules::check_dimension;
use super::series_params::SeriesParams;
use super::series_request::SeriesRequest;
use super::table::{self, Row, row};
use crate::enums::{Dimension, GroupNormalization};

const DIMENSION: Parameter = Parameter::new(
    "dimension",
    Kind::Enum(Dimension::VALUES),
    "Dimension by which series are cut into groups",
);
/// The parameter of the number of groups.
pub const LIMIT_PER_GROUP: Parameter = Parameter::new(
    "limitPerGroup",
    Kind::Integer { min: 2 },
    "Number of groups, the largest first; the rest is gathered as `other`",
);
/// The parameter of the normalization of groups.
pub const NORMALIZATION: Parameter = Parameter::new(
    "normalization",
    Kind::Enum(GroupNormalization::VALUES),
    "Counts of certificates, or percentages of the total",
);

/// Options of a request that cuts its series into groups, beside the other options `O` of its endpoint.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Grouped<O> {
    /// The dimension, the last segment of the path.
    pub dimension: Dimension,
    /// The number of groups: `limitPerGroup`.
    pub limit_per_group: Option<u32>,
    /// The normalization of the groups: `normalization`.
    pub normalization: Option<GroupNormalization>,
    /// The other options of the endpoint.
    pub rest: O,
}

impl<O: Options> Options for Grouped<O> {
    const ROWS: &'static [Row<Self>] = &[
        row!(limit_per_group: u32 = LIMIT_PER_GROUP),
        row!(normalization: GroupNormalization = NORMALIZATION),
    ];

    const PATH_PARAMETER: Option<Parameter> = Some(DIMENSION);

    fn from_segment(segment: &str) -> Self {
        Self {
            dimension: segment.into(),
            limit_per_group: None,
            normalization: None,
            rest: O::from_segment(segment),
        }
    }

    fn segment(&self) -> Option<&str> {
        Some(self.dimension.as_str())
    }

    fn parameters() -> Vec<Parameter> {
        let mut parameters = O::parameters();
        parameters.extend(table::parameters(Self::ROWS));
        parameters
    }

    fn get(&self, name: &str) -> Option<WireValue<'_>> {
        self.rest.get(name).or_else(|| table::get(Self::ROWS, self, name))
    }

    fn write(&self, query: &mut Query) {
        self.rest.write(query);
        table::write(Self::ROWS, self, query);
    }

    fn take(&mut self, query: &mut Query) -> Result<(), ParamError> {
        self.rest.take(query)?;
        table::take(Self::ROWS, self, query)
    }

    fn check(&self) -> Result<(), ParamError> {
        self.rest.check()?;
        self.dimension.check(DIMENSION.kind).map_err(|problem| ParamError::new(DIMENSION.name, problem))?;
        table::check(Self::ROWS, self)
    }

    fn check_with(&self, series: &[SeriesParams]) -> Result<(), ParamError> {
        check_dimension(&self.dimension, series)
    }
}

#[expect(private_bounds, reason = "only endpoints of this crate have options")]
impl<O: Options> SeriesRequest<Grouped<O>> {
    /// Creates a request for one unfiltered series, cut into groups by a dimension.
    pub fn by(dimension: impl Into<Dimension>) -> Self {
        let dimension = dimension.into();
        Self::with_options(Grouped::from_segment(dimension.as_str()))
    }
}

impl<O> SeriesRequest<Grouped<O>> {
    /// Number of groups, the largest first, at least 2 (`limitPerGroup`). The rest is gathered as `other`.
    ///
    /// The API accepts it for dimensions with many values only.
    pub fn limit_per_group(mut self, limit: impl Into<Option<u32>>) -> Self {
        self.options.limit_per_group = limit.into();
        self
    }

    /// Counts of certificates, or percentages of the total (`normalization`). An empty text clears it.
    pub fn normalization(mut self, normalization: impl Into<GroupNormalization>) -> Self {
        self.options.normalization = Some(normalization.into()).filter(|value| !Value::is_empty(value));
        self
    }
}
