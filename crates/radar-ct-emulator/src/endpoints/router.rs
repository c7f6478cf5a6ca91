//! The endpoint of a path, and its answer.

use percent_encoding::percent_decode_str;
use radar_ct_model::endpoints::{
    ENDPOINTS, EndpointInfo, EndpointVisitor, ItemKey, Listing, Record, SeriesOptions,
};
use radar_ct_model::{Authorities, Fingerprint, LogSlug, Logs};

use crate::endpoints::authority_records;
use crate::endpoints::context::RequestContext;
use crate::endpoints::listing;
use crate::endpoints::log_records;
use crate::endpoints::series;
use crate::endpoints::series_query::SeriesQuery;
use crate::reply::Reply;

/// The prefix of every path of the API.
pub(crate) const BASE_PATH: &str = "/client/v4";

/// An endpoint, and the variable segment of the path that led to it.
#[derive(Debug)]
pub(crate) struct Route {
    endpoint: &'static EndpointInfo,
    /// The variable segment, decoded; empty if the endpoint has none.
    pub(crate) argument: String,
}

impl Route {
    /// Returns the route of a path; `None` if no endpoint has it.
    pub(crate) fn find(path: &str) -> Option<Self> {
        let path = path.strip_prefix(BASE_PATH)?;
        ENDPOINTS.iter().find_map(|endpoint| {
            let argument = match_path(endpoint.path, path)?;
            Some(Self { endpoint, argument })
        })
    }

    /// Answers a request to this endpoint.
    ///
    /// # Errors
    /// Returns the API's answer to a request that fails.
    pub(crate) fn answer(&self, context: &RequestContext<'_>) -> Result<Reply, Reply> {
        self.endpoint.visit(Answer { context }).unwrap_or_else(|| Err(Reply::unknown_path()))
    }
}

/// Answers an endpoint of any kind.
struct Answer<'c> {
    context: &'c RequestContext<'c>,
}

impl EndpointVisitor for Answer<'_> {
    type Output = Result<Reply, Reply>;

    fn series<O: SeriesOptions>(self, _: &EndpointInfo) -> Result<Reply, Reply> {
        series::answer::<O::Series>(self.context, &SeriesQuery::read::<O>(self.context)?)
    }

    fn list<L: Listing>(self, _: &EndpointInfo) -> Result<Reply, Reply> {
        let rows = match L::PATH {
            Authorities::PATH => authority_records::rows()?,
            Logs::PATH => log_records::rows()?,
            _ => vec![listing::example::<L::Record>()?],
        };
        listing::page::<L>(self.context, rows)
    }

    fn item<K: ItemKey>(self, _: &EndpointInfo) -> Result<Reply, Reply> {
        let record = match K::PATH {
            Fingerprint::PATH => authority_records::record(self.context)?,
            LogSlug::PATH => log_records::record(self.context)?,
            _ => example_with_key::<K::Record>(self.context.path_argument)?,
        };
        listing::record::<K>(self.context, record)
    }
}

/// Returns the documented example of a record if it has that key.
fn example_with_key<R: Record>(key: &str) -> Result<serde_json::Value, Reply> {
    let example: R = serde_json::from_str(R::EXAMPLE).map_err(|_| Reply::internal())?;
    if example.key() == key { listing::example::<R>() } else { Err(Reply::not_found()) }
}

/// Matches a path with a template, and returns the variable segment.
fn match_path(template: &str, path: &str) -> Option<String> {
    let mut argument = String::new();
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return Some(argument),
            (Some(expected), Some(segment)) if expected.starts_with('{') && !segment.is_empty() => {
                // A segment that is not UTF-8 names no record and no dimension, so its exact bytes do not
                // matter.
                argument = percent_decode_str(segment).decode_utf8_lossy().into_owned();
            }
            (Some(expected), Some(segment)) if expected == segment => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use radar_ct_model::{
        AuthoritiesParams, AuthorityParams, Endpoint, LogParams, LogsParams, SummaryParams,
        TimeseriesGroupsParams, TimeseriesParams,
    };

    #[test]
    fn paths_of_the_model_lead_to_their_endpoints() {
        let print = "AB".repeat(32);
        for (path, endpoint, argument) in [
            (TimeseriesParams::new().path(), "timeseries", ""),
            (TimeseriesGroupsParams::by("CA").path(), "timeseries_groups/{dimension}", "CA"),
            (SummaryParams::by("CA_OWNER").path(), "summary/{dimension}", "CA_OWNER"),
            (AuthoritiesParams::new().path(), "authorities", ""),
            (AuthorityParams::new(print.parse().unwrap()).path(), "authorities/{ca_slug}", &print),
            (LogsParams::new().path(), "logs", ""),
            (LogParams::new("a/b c?".parse().unwrap()).path(), "logs/{log_slug}", "a/b c?"),
        ] {
            let route = Route::find(&format!("{BASE_PATH}{path}")).unwrap();
            assert_eq!(route.endpoint.path, format!("/radar/ct/{endpoint}"), "{path}");
            assert_eq!(route.argument, argument, "{path}");
        }
    }

    #[test]
    fn similar_paths_lead_nowhere() {
        for similar in [
            "/client/v4/radar/ct/timeseries/",
            "/client/v4/radar/ct//timeseries",
            "/client/v4radar/ct/timeseries",
            "/client/v4/radar/ct",
            "/radar/ct/timeseries",
            "/client/v4/radar/CT/timeseries",
            "/client/v4/radar/ct/timeseries_groups",
            "/client/v4/radar/ct/summary/",
            "/client/v4/radar/ct/summary/CA/",
            "/client/v4/radar/ct/authorities/",
            "/client/v4/radar/ct/logs/a/b",
            "",
        ] {
            assert!(Route::find(similar).is_none(), "{similar}");
        }
    }
}
