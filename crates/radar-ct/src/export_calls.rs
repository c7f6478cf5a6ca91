//! The calls of an export: one per part, more if the API refuses one as too large.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::SystemTime;

use chrono::{DateTime, Datelike, Duration, NaiveTime, Utc};
use radar_ct_model::{Period, ReportedInterval, Series, Timeseries, TimeseriesParams};
use radar_ct_transport::TransportErrorKind;

use crate::error::Error;
use crate::export::{Export, Part, Window};
use crate::sequence::Sequence;

impl Export {
    /// Returns the calls of the export at a time. The part of the window after it is left out.
    ///
    /// A client runs them one after the other: [`blocking::Client::export`](crate::blocking::Client::export)
    /// and [`Client::export`](crate::Client::export). Use this to run several of them at once.
    pub fn calls(self, now: SystemTime) -> ExportCalls {
        let now = to_utc(now);
        let settled_until =
            now.checked_sub_signed(self.settled_after).map_or(DateTime::<Utc>::MIN_UTC, midnight);
        let end = self.window.end.min(now);
        let mut edges: Vec<_> = months(&self.window).chain([settled_until, end]).collect();
        edges.extend(self.excluded.iter().flat_map(|window| [window.start, window.end]));
        edges.retain(|edge| self.window.contains(edge));
        edges.extend([self.window.start, self.window.end]);
        edges.sort_unstable();
        edges.dedup();
        let is_excluded = |start: DateTime<Utc>| self.excluded.iter().any(|window| window.contains(&start));
        let windows = edges.windows(2).filter_map(|pair| match pair {
            [start, next] if *start < end && !is_excluded(*start) => Some(*start..*next),
            _ => None,
        });
        let pending = windows.map(|window| ExportCall { window, has_margin: false }).collect();
        ExportCalls { export: self, now, settled_until, pending, max_length: None, needs_margin: false }
    }
}

/// One call of an export.
#[derive(Debug, Clone)]
pub struct ExportCall {
    window: Window,
    /// The request extends beyond the window on both sides.
    has_margin: bool,
}

impl ExportCall {
    /// Returns the part of the window that the call is for.
    pub fn window(&self) -> Range<DateTime<Utc>> {
        self.window.clone()
    }
}

/// The calls of an export, which decide without I/O what is requested next.
///
/// ```
/// # use radar_ct::{AggInterval, Export, Timeseries, TimeseriesParams};
/// # fn request(_: &TimeseriesParams) -> Result<Timeseries, radar_ct::Error> {
/// #     let body = br#"{"success":true,"result":{"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#;
/// #     Ok(Timeseries::from_slice(body)?)
/// # }
/// # let params = TimeseriesParams::new().agg_interval(AggInterval::OneDay);
/// # let export = Export::new(params, "2025-01-01T00:00:00Z".parse()?.."2025-03-01T00:00:00Z".parse()?)?;
/// # let now = "2026-01-04T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?.into();
/// let mut calls = export.calls(now);
/// let mut parts = Vec::new();
/// while let Some((call, params)) = calls.next_call() {
///     let answer = request(&params);
///     parts.extend(calls.finish(call, answer)?);
/// }
/// assert_eq!(parts.len(), 2);
/// # assert_eq!(calls.settled_until().to_string(), "2026-01-01 00:00:00 UTC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
/// Several calls may run at once and finish in any order. As long as any is running, `next_call` may return
/// more of them after it has returned `None`, since a call that is refused is split.
#[derive(Debug)]
#[must_use = "the calls of an export do nothing until they are made"]
pub struct ExportCalls {
    export: Export,
    now: DateTime<Utc>,
    settled_until: DateTime<Utc>,
    pending: VecDeque<ExportCall>,
    /// The longest window that the API may accept, once it has refused one.
    max_length: Option<Duration>,
    /// The API leaves out points at the edges of a window, so requests need a margin.
    needs_margin: bool,
}

impl ExportCalls {
    /// Returns the time before which points are settled.
    pub fn settled_until(&self) -> DateTime<Utc> {
        self.settled_until
    }

    /// Returns the windows that have not been requested yet, in order.
    pub fn pending(&self) -> impl Iterator<Item = Range<DateTime<Utc>>> {
        self.pending.iter().map(ExportCall::window)
    }

    /// Returns the next call with its parameters.
    pub fn next_call(&mut self) -> Option<(ExportCall, TimeseriesParams)> {
        let mut call = self.pending.pop_front()?;
        while let (Some(max_length), Some((first, second))) = (self.max_length, self.split(&call.window)) {
            if call.window.end - call.window.start <= max_length {
                break;
            }
            self.pending.push_front(ExportCall { window: second, ..call });
            call.window = first;
        }
        call.has_margin = self.needs_margin;
        let margin = if call.has_margin { self.export.interval * 2 } else { Duration::zero() };
        let Range { start, end } = call.window;
        // At least one interval long, since the API rounds its edges down and might be left with an empty
        // window.
        let end = (end + margin).min(self.now).max(start + self.export.interval);
        let params = self.export.params.clone().over(Period::window(start - margin, end));
        Some((call, params))
    }

    /// Finishes a call with its answer. Returns a part, or `None` if the window has to be requested again, in
    /// halves or with a margin.
    ///
    /// # Errors
    /// Returns the error of the call, unless a shorter window may help; and an error if the API answers with
    /// another interval or another window than requested.
    pub fn finish(
        &mut self,
        call: ExportCall,
        answer: Result<Timeseries, Error>,
    ) -> Result<Option<Part>, Error> {
        let answer = answer.and_then(|answer| {
            self.check_series(&answer)?;
            self.check_interval(&answer)?;
            self.check_window(&answer, &call.window)?;
            Ok(answer)
        });
        let mut answer = match (answer, self.split(&call.window)) {
            (Ok(answer), _) => answer,
            (Err(error), Some((first, second))) if is_too_large(&error) => {
                let half = (first.end - first.start).max(second.end - second.start);
                self.max_length = Some(self.max_length.map_or(half, |length| length.min(half)));
                for window in [second, first] {
                    self.pending.push_front(ExportCall { window, ..call.clone() });
                }
                return Ok(None);
            }
            (Err(error), _) => return Err(error),
        };
        let Range { start, end } = call.window;
        if !call.has_margin && answer.series.iter().any(|series| self.misses_edge(series, &call.window)) {
            self.needs_margin = true;
            self.pending.push_front(call);
            return Ok(None);
        }
        let first = self.earliest_point(start);
        for series in &mut answer.series {
            *series = series.within(first..end);
        }
        let is_settled = end <= self.settled_until;
        Ok(Some(Part { window: call.window, is_settled, data: answer }))
    }

    /// Returns the earliest time of a point that belongs to the part that starts here. The first part also
    /// has the point whose interval overlaps the start of the whole window.
    fn earliest_point(&self, start: DateTime<Utc>) -> DateTime<Utc> {
        if start == self.export.window.start {
            start - self.export.interval + Duration::nanoseconds(1)
        } else {
            start
        }
    }

    /// Returns whether a series has no point at the start or at the end of a window.
    fn misses_edge(&self, series: &Series, window: &Window) -> bool {
        let interval = self.export.interval;
        let any_in = |range: Window| series.timestamps().iter().any(|at| range.contains(at));
        let first = self.earliest_point(window.start);
        // The API may leave out an interval that has not ended yet.
        let has_end = window.end > self.now - interval || any_in(window.end - interval..window.end);
        !(any_in(first..first + interval) && has_end)
    }

    /// Refuses an answer without any series, which would leave a hole in the export.
    fn check_series(&self, answer: &Timeseries) -> Result<(), Error> {
        match self.export.params.labels().first() {
            Some(label) if answer.series.is_empty() => answer.require(label).map(drop).map_err(Error::from),
            _ => Ok(()),
        }
    }

    /// Checks that the answer has the requested interval.
    fn check_interval(&self, answer: &Timeseries) -> Result<(), Error> {
        let requested = self.export.params.options().agg_interval.as_ref();
        let received = answer.meta.agg_interval.as_ref().and_then(ReportedInterval::interval);
        match (requested, received) {
            (Some(requested), Some(received)) if *requested != received => {
                Err(Error::interval_mismatch(requested, &received))
            }
            _ => Ok(()),
        }
    }

    /// Checks that no series has all of its points outside of the window.
    fn check_window(&self, answer: &Timeseries, window: &Window) -> Result<(), Error> {
        // The documentation does not say how far an answer may reach beyond its window, so a few points are
        // tolerated.
        let tolerance = self.export.interval * 3;
        let near = window.start - tolerance..window.end + tolerance;
        let is_elsewhere =
            |series: &Series| !series.is_empty() && !series.timestamps().iter().any(|at| near.contains(at));
        if answer.series.iter().any(is_elsewhere) {
            return Err(Error::window_mismatch(window.clone()));
        }
        Ok(())
    }

    /// Splits a window in two, at midnight if possible. Returns `None` for a window of a day or of a single
    /// point.
    fn split(&self, window: &Window) -> Option<(Window, Window)> {
        let min_length = self.export.interval.max(Duration::days(1));
        let length = window.end - window.start;
        if length <= min_length {
            return None;
        }
        let middle = Some(midnight(window.start + length / 2)).filter(|middle| window.start < *middle);
        let middle = middle.unwrap_or(window.start + min_length);
        Some((window.start..middle, middle..window.end))
    }
}

/// The calls of an export as a sequence: one after the other, in order.
#[derive(Debug)]
pub(crate) struct ExportSequence {
    calls: ExportCalls,
    running: Option<ExportCall>,
    part: Option<Part>,
}

impl ExportSequence {
    pub(crate) fn new(calls: ExportCalls) -> Self {
        Self { calls, running: None, part: None }
    }
}

impl Sequence for ExportSequence {
    type Call = TimeseriesParams;
    type Answer = Timeseries;
    type Item = Part;

    fn next_item(&mut self) -> Option<Part> {
        self.part.take()
    }

    fn next_call(&mut self) -> Option<TimeseriesParams> {
        let (call, params) = self.calls.next_call()?;
        self.running = Some(call);
        Some(params)
    }

    fn accept(&mut self, answer: Result<Timeseries, Error>) -> Result<(), Error> {
        let Some(call) = self.running.take() else { return Ok(()) };
        match self.calls.finish(call, answer) {
            Ok(part) => self.part = part,
            Err(error) => {
                self.calls.pending.clear();
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Returns whether a call failed because it requested too much.
///
/// The API documents the refusal, but not its wording, so any refusal of the parameters counts. If they are
/// wrong for another reason, the API also refuses a single day, a few calls later.
fn is_too_large(error: &Error) -> bool {
    /// The codes for refused parameters, and for a query that costs too much.
    const CODES: [i64; 2] = [2001, 2002];
    if error.transport_kind() == Some(TransportErrorKind::TooLarge) || error.is_interval_mismatch() {
        return true;
    }
    let is_refusal = error.code().is_none_or(|code| CODES.contains(&code));
    match error.status().map(|status| status.as_u16()) {
        Some(400) => is_refusal && !error.is_authentication(),
        Some(413 | 422) => true,
        _ => false,
    }
}

/// Returns the starts of all months that overlap a window. The first one may lie before the window.
fn months(window: &Window) -> impl Iterator<Item = DateTime<Utc>> {
    let number = |at: DateTime<Utc>| i64::from(at.year()) * 12 + i64::from(at.month0());
    (number(window.start)..=number(window.end)).filter_map(|month| {
        let year = i32::try_from(month.div_euclid(12)).ok()?;
        let day = chrono::NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    })
}

fn midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(NaiveTime::MIN).and_utc()
}

/// Converts the time of a clock. A year that no window can have becomes the epoch, so that nothing overflows.
fn to_utc(now: SystemTime) -> DateTime<Utc> {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).filter(|at| at.year() < 9999).unwrap_or(DateTime::UNIX_EPOCH)
}
