//! The export of a long window in several parts.

use std::ops::Range;

use chrono::{DateTime, Datelike, Duration, Utc};
use radar_ct_model::{AggInterval, Timeseries, TimeseriesParams};

use crate::error::Error;

/// A window of time, without its end.
pub(crate) type Window = Range<DateTime<Utc>>;

/// The default of [`Export::settled_after`]. The API does not document it: an assumption, on the safe side of
/// the day that a log has to merge a certificate.
const SETTLED_AFTER: Duration = Duration::days(3);

/// The export of a long window in parts: all points whose interval overlaps the window.
///
/// The window is half-open, so exports of adjacent windows have no point in common. It is requested month by
/// month in UTC, and in smaller parts if the API refuses a month as too much. A part contains the points that
/// begin in its window, so that no point is missing or repeated, whatever the API does at the edges of a
/// window: the parts, joined by [`Timeseries::append`], equal the answer to one large request.
///
/// ```
/// use radar_ct::{AggInterval, Export, TimeseriesParams};
/// let params = TimeseriesParams::new().ca_owner("DigiCert").agg_interval(AggInterval::FifteenMinutes);
/// let window = "2025-01-01T00:00:00Z".parse()?.."2026-01-01T00:00:00Z".parse()?;
/// let export = Export::new(params, window)?;
/// # let _ = export;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "an export does nothing until a client runs it"]
pub struct Export {
    pub(crate) params: TimeseriesParams,
    pub(crate) interval: Duration,
    pub(crate) window: Window,
    pub(crate) settled_after: Duration,
    pub(crate) excluded: Vec<Window>,
}

impl Export {
    /// Creates an export. The window applies to all series, which have no dates of their own.
    ///
    /// # Errors
    /// Returns an error if a parameter breaks a documented rule, there is no aggregation interval, a series
    /// has dates, or the window is empty or outside of the years 1 to 9998.
    pub fn new(params: TimeseriesParams, window: Range<DateTime<Utc>>) -> Result<Self, Error> {
        params.validate()?;
        let interval = params.options().agg_interval.as_ref().and_then(AggInterval::length).ok_or_else(|| {
            Error::configuration(
                "an export needs an aggregation interval: the API would choose a different one for each part",
            )
        })?;
        if params.series().any(|series| series.period().is_some()) {
            return Err(Error::configuration(
                "the series of an export cannot have dates: the window of the export applies to all of them",
            ));
        }
        // An answer may reach beyond its window, so there has to be room up to the limits of timestamps.
        let is_in_range = |at: &DateTime<Utc>| (1..=9998).contains(&at.year());
        if window.is_empty() || !is_in_range(&window.start) || !is_in_range(&window.end) {
            let Range { start, end } = window;
            return Err(Error::configuration(format!(
                "the window of an export must end after it begins, within the years 1 to 9998, but it is \
                 {start} to {end}"
            )));
        }
        Ok(Self { params, interval, window, settled_after: SETTLED_AFTER, excluded: Vec::new() })
    }

    /// Excludes windows whose points are already there.
    pub fn without(mut self, windows: impl IntoIterator<Item = Range<DateTime<Utc>>>) -> Self {
        self.excluded.extend(windows);
        self
    }

    /// Sets the age at which a point counts as settled: the API is assumed not to change it any more. The
    /// default is 3 days; a negative age counts as zero.
    pub fn settled_after(mut self, age: Duration) -> Self {
        self.settled_after = age.max(Duration::zero());
        self
    }

    /// Returns the parameters, without dates.
    pub fn params(&self) -> &TimeseriesParams {
        &self.params
    }

    /// Returns the window.
    pub fn window(&self) -> Range<DateTime<Utc>> {
        self.window.clone()
    }
}

/// A part of an export: the points that begin in its window.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The window of the part.
    pub window: Range<DateTime<Utc>>,
    /// All points are so old that they no longer change: see [`Export::settled_after`].
    pub is_settled: bool,
    /// The points, with the metadata of the answer.
    pub data: Timeseries,
}
