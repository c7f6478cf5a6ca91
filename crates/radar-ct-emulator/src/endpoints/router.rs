//! The table of endpoints, and the endpoint of a path.

use percent_encoding::percent_decode_str;
use radar_ct_model::{SummaryOptions, TimeseriesOptions};

use crate::endpoints::authority_records;
use crate::endpoints::context::RequestContext;
use crate::endpoints::listing;
use crate::endpoints::log_records;
use crate::endpoints::series::{self, Shape};
use crate::endpoints::series_query::SeriesQuery;
use crate::reply::Reply;

/// The prefix of every path of the API.
pub(crate) const BASE_PATH: &str = "/client/v4";

/// An endpoint: its path, and the function that answers it.
#[derive(Debug)]
struct Endpoint {
    /// The path below [`BASE_PATH`], in which a segment in braces is variable.
    path: &'static str,
    answer: fn(&RequestContext<'_>) -> Result<Reply, Reply>,
}

const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/radar/ct/timeseries",
        answer: |context| {
            series::answer(context, Shape::OverTime, &SeriesQuery::ungrouped::<TimeseriesOptions>(context)?)
        },
    },
    Endpoint {
        path: "/radar/ct/timeseries_groups/{dimension}",
        answer: |context| {
            series::answer(context, Shape::OverTime, &SeriesQuery::grouped::<TimeseriesOptions>(context)?)
        },
    },
    Endpoint {
        path: "/radar/ct/summary/{dimension}",
        answer: |context| {
            series::answer(context, Shape::Total, &SeriesQuery::grouped::<SummaryOptions>(context)?)
        },
    },
    Endpoint {
        path: "/radar/ct/authorities",
        answer: |context| listing::page(context, "certificateAuthorities", authority_records::rows()?),
    },
    Endpoint {
        path: "/radar/ct/authorities/{ca_slug}",
        answer: |context| {
            listing::record(context, "certificateAuthority", authority_records::record(context)?)
        },
    },
    Endpoint {
        path: "/radar/ct/logs",
        answer: |context| listing::page(context, "certificateLogs", log_records::rows()?),
    },
    Endpoint {
        path: "/radar/ct/logs/{log_slug}",
        answer: |context| listing::record(context, "certificateLog", log_records::record(context)?),
    },
];

/// An endpoint, and the variable segment of the path that led to it.
#[derive(Debug)]
pub(crate) struct Route {
    endpoint: &'static Endpoint,
    /// The variable segment, decoded; empty if the endpoint has none.
    pub(crate) argument: String,
}

impl Route {
    /// Returns the route of a path; `None` if no endpoint has it.
    pub(crate) fn find(path: &str) -> Option<Self> {
        Self::find_in(ENDPOINTS, path)
    }

    fn find_in(endpoints: &'static [Endpoint], path: &str) -> Option<Self> {
        let path = path.strip_prefix(BASE_PATH)?;
        endpoints.iter().find_map(|endpoint| {
            let argument = match_path(endpoint.path, path)?;
            Some(Self { endpoint, argument })
        })
    }

    /// Answers a request to this endpoint.
    ///
    /// # Errors
    /// Returns the API's answer to a request that fails.
    pub(crate) fn answer(&self, context: &RequestContext<'_>) -> Result<Reply, Reply> {
        (self.endpoint.answer)(context)
    }
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
    use crate::data::world::World;
    use chrono::DateTime;
    use radar_ct_model::{
        AuthoritiesParams, AuthorityParams, Endpoint as _, LogParams, LogsParams, SummaryParams,
        TimeseriesGroupsParams, TimeseriesParams,
    };
    use serde_json::{Value, json};

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

    #[test]
    fn new_endpoints_need_a_row_and_no_other_code() {
        const NEW: &[Endpoint] = &[
            Endpoint {
                path: "/radar/ct/issuance",
                answer: |context| {
                    let query = SeriesQuery::ungrouped::<TimeseriesOptions>(context)?;
                    series::answer(context, Shape::Total, &query)
                },
            },
            Endpoint {
                path: "/radar/ct/examples/{slug}",
                answer: |context| {
                    listing::record(context, "example", json!({ "slug": context.path_argument }))
                },
            },
            Endpoint {
                path: "/radar/ct/examples",
                answer: |context| listing::page(context, "examples", vec![json!({ "slug": "a" })]),
            },
        ];
        let world = World::new(0);
        let result = |path: &str, query| {
            let route = Route::find_in(NEW, &format!("{BASE_PATH}/radar/ct/{path}")).unwrap();
            let (path_argument, now) = (route.argument.as_str(), DateTime::UNIX_EPOCH);
            let context = RequestContext { path_argument, query, now, world: &world, max_points: 1000 };
            let body = route.answer(&context).unwrap().body;
            serde_json::from_str::<Value>(&body).unwrap()["result"].take()
        };
        assert_eq!(result("issuance", "name=a&dateRange=1d")["a"], json!({ "values": "0" }));
        assert_eq!(result("examples", ""), json!({ "examples": [{ "slug": "a" }] }));
        assert_eq!(result("examples", "offset=1"), json!({ "examples": [] }));
        assert_eq!(result("examples/b%2Fc", ""), json!({ "example": { "slug": "b/c" } }));
    }
}
