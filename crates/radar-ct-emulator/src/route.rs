//! Which path is whose.

use crate::endpoints::{Asked, timeseries};
use crate::reply::Reply;

/// What stands before every path of the API.
pub(crate) const BASE_PATH: &str = "/client/v4";

/// An endpoint, with what its path says. To add one: a variant, a line in each function, and a file in `endpoints`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Timeseries,
}

impl Route {
    pub(crate) fn find(path: &str) -> Option<Self> {
        let below = path.strip_prefix(BASE_PATH)?.strip_prefix('/')?;
        match below.split('/').collect::<Vec<_>>().as_slice() {
            ["radar", "ct", "timeseries"] => Some(Self::Timeseries),
            _ => None,
        }
    }

    pub(crate) fn answer(self, asked: &Asked<'_>) -> Result<Reply, Reply> {
        match self {
            Self::Timeseries => timeseries::answer(asked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use radar_ct_model::{Endpoint, TimeseriesParams};

    #[test]
    fn the_path_is_the_models_and_nothing_near_it() {
        let path = format!("{BASE_PATH}{}", TimeseriesParams::new().path());
        assert_eq!(Route::find(&path), Some(Route::Timeseries));
        for near in [
            "/client/v4/radar/ct/timeseries/",
            "/client/v4/radar/ct//timeseries",
            "/client/v4radar/ct/timeseries",
            "/client/v4/radar/ct",
            "/radar/ct/timeseries",
            "/client/v4/radar/CT/timeseries",
            "",
        ] {
            assert_eq!(Route::find(near), None, "{near}");
        }
    }
}
