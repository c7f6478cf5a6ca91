//! Which path is whose.

use percent_encoding::percent_decode_str;

use crate::endpoints::{Asked, authorities, logs, summary, timeseries, timeseries_groups};
use crate::reply::Reply;

/// What stands before every path of the API.
pub(crate) const BASE_PATH: &str = "/client/v4";

/// An endpoint, with what its path says. To add one: a variant, a line in each function, and a file in `endpoints`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Timeseries,
    TimeseriesGroups(String),
    Summary(String),
    Authorities,
    Authority(String),
    Logs,
    Log(String),
}

impl Route {
    pub(crate) fn find(path: &str) -> Option<Self> {
        let below = path.strip_prefix(BASE_PATH)?.strip_prefix('/')?;
        let below = below.strip_prefix("radar/ct/")?;
        match below.split('/').collect::<Vec<_>>().as_slice() {
            ["timeseries"] => Some(Self::Timeseries),
            ["authorities"] => Some(Self::Authorities),
            ["logs"] => Some(Self::Logs),
            // Nothing between two slashes names nothing.
            [_, ""] => None,
            ["timeseries_groups", dimension] => Some(Self::TimeseriesGroups(decode(dimension))),
            ["summary", dimension] => Some(Self::Summary(decode(dimension))),
            ["authorities", slug] => Some(Self::Authority(decode(slug))),
            ["logs", slug] => Some(Self::Log(decode(slug))),
            _ => None,
        }
    }

    pub(crate) fn answer(&self, asked: &Asked<'_>) -> Result<Reply, Reply> {
        match self {
            Self::Timeseries => timeseries::answer(asked),
            Self::TimeseriesGroups(dimension) => timeseries_groups::answer(asked, dimension),
            Self::Summary(dimension) => summary::answer(asked, dimension),
            Self::Authorities => authorities::list(asked),
            Self::Authority(slug) => authorities::one(asked, slug),
            Self::Logs => logs::list(asked),
            Self::Log(slug) => logs::one(asked, slug),
        }
    }
}

/// What a segment says. One that is no UTF-8 names nothing there is, so it need not be told apart.
fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use radar_ct_model::{
        AuthoritiesParams, AuthorityParams, Endpoint, LogParams, LogsParams, SummaryParams,
        TimeseriesGroupsParams, TimeseriesParams,
    };

    #[test]
    fn the_paths_are_the_models() {
        let print = "AB".repeat(32);
        for (path, route) in [
            (TimeseriesParams::new().path(), Route::Timeseries),
            (TimeseriesGroupsParams::by("CA").path(), Route::TimeseriesGroups("CA".to_owned())),
            (SummaryParams::by("CA_OWNER").path(), Route::Summary("CA_OWNER".to_owned())),
            (AuthoritiesParams::new().path(), Route::Authorities),
            (AuthorityParams::new(print.parse().unwrap()).path(), Route::Authority(print)),
            (LogsParams::new().path(), Route::Logs),
            (LogParams::new("a/b c?".parse().unwrap()).path(), Route::Log("a/b c?".to_owned())),
        ] {
            assert_eq!(Route::find(&format!("{BASE_PATH}{path}")), Some(route), "{path}");
        }
    }

    #[test]
    fn nothing_near_them_is_one() {
        for near in [
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
            assert_eq!(Route::find(near), None, "{near}");
        }
    }
}
