//! The parameters of a request for series, read in the same way for every series endpoint.

use radar_ct_model::endpoints::{AGG_INTERVAL, LIMIT_PER_GROUP, NORMALIZATION, SeriesOptions};
use radar_ct_model::{
    AggInterval, Dimension, GroupNormalization, Normalization, ParamError, Query, SeriesParams, SeriesRequest,
};

use crate::endpoints::context::RequestContext;
use crate::reply::Reply;

/// The most series of a request. The API documents that a query can cost too much, but not from which size
/// on; this is an assumption.
const MAX_SERIES: usize = 50;

/// Checked parameters of a request for series.
pub(crate) struct SeriesQuery {
    pub(crate) series: Vec<SeriesParams>,
    /// The labels of the series in the answer, in order.
    pub(crate) labels: Vec<String>,
    pub(crate) agg_interval: Option<AggInterval>,
    pub(crate) grouping: Option<Grouping>,
    pub(crate) is_csv: bool,
}

/// Parameters that split every series into groups.
pub(crate) struct Grouping {
    pub(crate) dimension: Dimension,
    /// The number of groups that are kept apart from the rest.
    pub(crate) limit: Option<usize>,
    pub(crate) normalization: Normalization,
}

impl SeriesQuery {
    /// Reads a request with the options `O`. Its dimension, if it has one, is in the path.
    ///
    /// # Errors
    /// Returns the API's answer to the first rule that the request breaks.
    pub(crate) fn read<O: SeriesOptions>(context: &RequestContext<'_>) -> Result<Self, Reply> {
        let query = Query::parse(context.query).map_err(|error| invalid(&error))?;
        let dimension = dimension(context.path_argument);
        let request =
            SeriesRequest::<O>::from_parts(dimension.as_str(), query).map_err(|error| invalid(&error))?;
        Self::checked(&request)
    }

    /// Checks a request. Options are looked up by their wire names, so that no endpoint needs code of its
    /// own. The emulator checks options that it does not know, and otherwise ignores them.
    fn checked<O: SeriesOptions>(request: &SeriesRequest<O>) -> Result<Self, Reply> {
        // Before the rules: checking those takes a while for thousands of series.
        let count = request.series().len();
        if count > MAX_SERIES {
            return Err(Reply::too_costly(&format!(
                "the query has {count} series, and the limit is {MAX_SERIES}"
            )));
        }
        request.validate().map_err(|error| invalid(&error))?;
        let grouping = request.segment().map(|dimension| Grouping {
            dimension: Dimension::from(dimension),
            limit: request.get(LIMIT_PER_GROUP.name).and_then(|limit| limit.parse().ok()),
            // The API's default is undocumented: an assumption.
            normalization: request.get(NORMALIZATION.name).map_or_else(
                || Normalization::from(GroupNormalization::Percentage.as_str()),
                |normalization| Normalization::from(normalization.as_ref()),
            ),
        });
        Ok(Self {
            series: request.series().cloned().collect(),
            labels: request.labels().into_iter().map(std::borrow::Cow::into_owned).collect(),
            agg_interval: request.get(AGG_INTERVAL.name).map(|interval| AggInterval::from(interval.as_ref())),
            grouping,
            is_csv: request.is_csv(),
        })
    }

    /// Returns the normalization of the values. Series that are not split have nothing to be normalized by.
    pub(crate) fn normalization(&self) -> Normalization {
        self.grouping.as_ref().map_or(Normalization::RawValues, |grouping| grouping.normalization.clone())
    }
}

impl Grouping {
    /// Refuses a limit for a dimension with few values.
    ///
    /// # Errors
    /// Returns the API's answer to such a request.
    pub(crate) fn check_limit(&self) -> Result<(), Reply> {
        if self.limit.is_none() || has_many_values(&self.dimension) {
            return Ok(());
        }
        Err(Reply::invalid(&format!(
            "parameter `{}` cannot be combined with the dimension {}: it has few values",
            LIMIT_PER_GROUP.name, self.dimension
        )))
    }
}

/// Returns whether the groups of a dimension can be limited. The API documents that this holds for dimensions
/// with many values, but not for which ones: an assumption.
fn has_many_values(dimension: &Dimension) -> bool {
    matches!(
        dimension,
        Dimension::Ca | Dimension::CaOwner | Dimension::Log | Dimension::LogOperator | Dimension::Tld
    )
}

/// Returns the dimension that a path segment names in any case.
fn dimension(segment: &str) -> Dimension {
    Dimension::from(segment.to_ascii_uppercase())
}

fn invalid(error: &ParamError) -> Reply {
    Reply::invalid(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_match_in_any_case() {
        for text in Dimension::VALUES {
            for written in [(*text).to_owned(), text.to_lowercase()] {
                assert_eq!(dimension(&written).as_str(), *text);
            }
        }
        assert!(!dimension("caowner").is_known());
    }
}
