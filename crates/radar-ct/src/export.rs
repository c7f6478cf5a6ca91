//! A long window at a fine interval, in as many calls as it takes: which ones, decided once and without I/O.
//!
//! [`Export`] says what is wanted, [`Errands`] which calls that takes and what becomes of their answers. The clients run the
//! errands one after the other ([`blocking::Client::export`](crate::blocking::Client::export),
//! [`Client::export`](crate::Client::export)); whoever wants a few at once runs them without a client's help.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::SystemTime;

use chrono::{DateTime, Datelike, Duration, NaiveTime, Utc};
use radar_ct_model::{AggInterval, Period, ReportedInterval, Series, Timeseries, TimeseriesParams};

use crate::error::Error;
use crate::sequence::Sequence;

/// A window of time, its end not included.
type Span = Range<DateTime<Utc>>;

/// For how long after a point the API may still change it. Not documented: an assumption, on the safe side of the day that a
/// log has to merge a certificate.
const UNSETTLED: Duration = Duration::days(3);

/// A long window that is got in parts: every point whose interval begins in the window or reaches into it.
///
/// The window is half-open, so that exports of adjacent windows share no point. It is asked for month by month (UTC), and in
/// smaller parts where the API says that a month is too much. Each part owns the points that begin in it, so that none
/// comes twice and none is lost, wherever the API has the edges of its windows: the parts put together by
/// [`Timeseries::append`] are the one big answer.
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
pub struct Export {
    params: TimeseriesParams,
    length: Duration,
    window: Span,
    settled_after: Duration,
    without: Vec<Span>,
}

impl Export {
    /// What to ask for, in what window. The series have no dates of their own: all of them get the window.
    ///
    /// # Errors
    /// Where a parameter breaks a documented rule, there is no aggregation interval (the API would choose another one for
    /// each part), a series has dates, or the window is empty or beyond the years 1 to 9998.
    pub fn new(params: TimeseriesParams, window: Span) -> Result<Self, Error> {
        params.validate().map_err(Error::parameter)?;
        let length =
            params.options().agg_interval.as_ref().and_then(AggInterval::length).ok_or_else(|| {
                Error::configuration("an export needs an aggregation interval, the same for all of its parts")
            })?;
        if params.series().any(|series| series.period().is_some()) {
            return Err(Error::configuration(
                "the series of an export have no dates: it has one window for all",
            ));
        }
        // A year less on either side than timestamps can have: an answer may reach beyond its window.
        let whole = |at: &DateTime<Utc>| (1..=9998).contains(&at.year());
        if window.is_empty() || !whole(&window.start) || !whole(&window.end) {
            let Range { start, end } = window;
            return Err(Error::configuration(format!(
                "the window of an export begins before it ends, within the years 1 to 9998, and here it goes from {start} to \
                 {end}"
            )));
        }
        Ok(Self { params, length, window, settled_after: UNSETTLED, without: Vec::new() })
    }

    /// Leaves out windows whose points are there already.
    pub fn without(mut self, windows: impl IntoIterator<Item = Span>) -> Self {
        self.without.extend(windows);
        self
    }

    /// After how long a point is taken to change no more: 3 days, unless said otherwise. Negative times count as none.
    pub fn settled_after(mut self, time: Duration) -> Self {
        self.settled_after = time.max(Duration::zero());
        self
    }

    /// What is asked for, without dates.
    pub fn params(&self) -> &TimeseriesParams {
        &self.params
    }

    /// The window.
    pub fn window(&self) -> Span {
        self.window.clone()
    }

    /// The calls that it takes, where it is `now`. What lies ahead is left out.
    pub fn begin(self, now: SystemTime) -> Errands {
        let now = instant(now);
        let settled_to =
            now.checked_sub_signed(self.settled_after).map_or(DateTime::<Utc>::MIN_UTC, midnight);
        let asked_to = self.window.end.min(now);
        let mut edges: Vec<_> = months(&self.window).chain([settled_to, asked_to]).collect();
        edges.extend(self.without.iter().flat_map(|window| [window.start, window.end]));
        edges.retain(|edge| self.window.contains(edge));
        edges.extend([self.window.start, self.window.end]);
        edges.sort_unstable();
        edges.dedup();
        let is_there = |start: DateTime<Utc>| self.without.iter().any(|window| window.contains(&start));
        let windows = edges.windows(2).filter_map(|pair| match pair {
            [start, end] if *start < asked_to && !is_there(*start) => Some(*start..*end),
            _ => None,
        });
        let open = windows.map(|window| Errand { window, from_afar: false }).collect();
        Errands { export: self, now, settled_to, open, longest: None, from_afar: false }
    }
}

/// A part of an export: the points that begin in its window.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The part of the window that it is.
    pub window: Span,
    /// Whether its points are so old that they change no more.
    pub is_settled: bool,
    /// The points, and what the answer says about itself.
    pub data: Timeseries,
}

/// One call that an export takes.
#[derive(Debug, Clone)]
pub struct Errand {
    window: Span,
    from_afar: bool,
}

impl Errand {
    /// The part of the window that it is about.
    pub fn window(&self) -> Span {
        self.window.clone()
    }
}

/// The calls that an export takes, and what becomes of their answers.
///
/// ```
/// # use radar_ct::{AggInterval, Export, Timeseries, TimeseriesParams};
/// # fn call(_: &TimeseriesParams) -> Result<Timeseries, radar_ct::Error> { Ok(Timeseries::default()) }
/// # let params = TimeseriesParams::new().agg_interval(AggInterval::OneDay);
/// # let export = Export::new(params, "2025-01-01T00:00:00Z".parse()?.."2025-03-01T00:00:00Z".parse()?)?;
/// # let now = std::time::SystemTime::now();
/// let mut errands = export.begin(now);
/// let mut parts = Vec::new();
/// while let Some((errand, params)) = errands.next_errand() {
///     let answer = call(&params);
///     parts.extend(errands.take(errand, answer)?);
/// }
/// assert_eq!(parts.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
/// Several may be out at once, and may come back in any order; then there are more while any is out, since one may come back
/// as several.
#[derive(Debug)]
pub struct Errands {
    export: Export,
    now: DateTime<Utc>,
    settled_to: DateTime<Utc>,
    open: VecDeque<Errand>,
    /// Longer windows are too much for the API.
    longest: Option<Duration>,
    /// The API leaves out points at the edges of its windows, so they are asked for from further away.
    from_afar: bool,
}

impl Errands {
    /// Points that begin before this instant change no more.
    pub fn settled_to(&self) -> DateTime<Utc> {
        self.settled_to
    }

    /// The windows that are still to be asked for, in order.
    pub fn open(&self) -> impl Iterator<Item = Span> {
        self.open.iter().map(Errand::window)
    }

    /// The next call.
    pub fn next_errand(&mut self) -> Option<(Errand, TimeseriesParams)> {
        let mut errand = self.open.pop_front()?;
        while let (Some(longest), Some((first, second))) = (self.longest, self.halves(&errand.window)) {
            if errand.window.end - errand.window.start <= longest {
                break;
            }
            self.open.push_front(Errand { window: second, ..errand });
            errand.window = first;
        }
        errand.from_afar = self.from_afar;
        let reach = if errand.from_afar { self.export.length * 2 } else { Duration::zero() };
        let Range { start, end } = errand.window;
        let last = (end + reach).min(self.now).max(start + self.export.length);
        let params = self.export.params.clone().over(Period::window(start - reach, last));
        Some((errand, params))
    }

    /// Takes what came of a call: a part, or nothing where its window has to be asked for otherwise.
    ///
    /// # Errors
    /// The call's, unless it says that the window is too long for the interval and a shorter one can be asked for; and where
    /// the API gave another interval or another time than it was asked for.
    pub fn take(&mut self, errand: Errand, answer: Result<Timeseries, Error>) -> Result<Option<Part>, Error> {
        let answer = match answer {
            Ok(answer) => {
                self.of_the_interval(answer).and_then(|answer| self.of_the_window(answer, &errand.window))
            }
            Err(error) => Err(error),
        };
        let mut answer = match (answer, self.halves(&errand.window)) {
            (Ok(answer), _) => answer,
            (Err(error), Some((first, second))) if is_too_much(&error) => {
                let half = (first.end - first.start).max(second.end - second.start);
                self.longest = Some(self.longest.map_or(half, |longest| longest.min(half)));
                for window in [second, first] {
                    self.open.push_front(Errand { window, ..errand.clone() });
                }
                return Ok(None);
            }
            (Err(error), _) => return Err(error),
        };
        let Range { start, end } = errand.window;
        if !errand.from_afar && answer.series.iter().any(|series| self.lacks_an_edge(series, &errand.window))
        {
            self.from_afar = true;
            self.open.push_front(errand);
            return Ok(None);
        }
        // What reaches into the window from before it belongs to its first part.
        let first = self.first_owned(start);
        for series in &mut answer.series {
            *series = series.within(first..end);
        }
        let is_settled = end <= self.settled_to;
        Ok(Some(Part { window: errand.window, is_settled, data: answer }))
    }

    /// The first instant at which a point can begin that belongs to the part that starts there.
    fn first_owned(&self, start: DateTime<Utc>) -> DateTime<Utc> {
        if start == self.export.window.start {
            start - self.export.length + Duration::nanoseconds(1)
        } else {
            start
        }
    }

    /// Whether a series has no point where the window begins or ends.
    fn lacks_an_edge(&self, series: &Series, window: &Span) -> bool {
        let length = self.export.length;
        let any_in = |range: Span| series.timestamps().iter().any(|at| range.contains(at));
        let first = self.first_owned(window.start);
        // Of what is not over yet, nobody knows where it ends.
        let has_end = window.end > self.now - length || any_in(window.end - length..window.end);
        !(any_in(first..first + length) && has_end)
    }

    /// The answer, if its interval is what was asked for.
    fn of_the_interval(&self, answer: Timeseries) -> Result<Timeseries, Error> {
        let asked = self.export.params.options().agg_interval.as_ref();
        let given = answer.meta.agg_interval.as_ref().and_then(ReportedInterval::interval);
        match (asked, given) {
            (Some(asked), Some(given)) if *asked != given => Err(Error::other_interval(asked, &given)),
            _ => Ok(answer),
        }
    }

    /// The answer, unless what it has of a series is all of another time. How far beyond its window an answer may reach is not
    /// known, so that a few points are let pass on either side.
    fn of_the_window(&self, answer: Timeseries, window: &Span) -> Result<Timeseries, Error> {
        let slack = self.export.length * 3;
        let near = window.start - slack..window.end + slack;
        let is_elsewhere =
            |series: &Series| !series.is_empty() && !series.timestamps().iter().any(|at| near.contains(at));
        if answer.series.iter().any(is_elsewhere) {
            return Err(Error::other_window(window.clone()));
        }
        Ok(answer)
    }

    /// The window in two, at midnight; nothing where it is a day, or a point, or less.
    fn halves(&self, window: &Span) -> Option<(Span, Span)> {
        let least = self.export.length.max(Duration::days(1));
        let length = window.end - window.start;
        if length <= least {
            return None;
        }
        let middle = Some(midnight(window.start + length / 2)).filter(|middle| window.start < *middle);
        let middle = middle.unwrap_or(window.start + least);
        Some((window.start..middle, middle..window.end))
    }
}

/// The errands one after the other, in order.
#[derive(Debug)]
pub(crate) struct InOrder {
    errands: Errands,
    out: Option<Errand>,
    part: Option<Part>,
}

impl InOrder {
    pub(crate) fn new(errands: Errands) -> Self {
        Self { errands, out: None, part: None }
    }
}

impl Sequence for InOrder {
    type Call = TimeseriesParams;
    type Answer = Timeseries;
    type Item = Part;

    fn next_item(&mut self) -> Option<Part> {
        self.part.take()
    }

    fn next_call(&mut self) -> Option<TimeseriesParams> {
        let (errand, params) = self.errands.next_errand()?;
        self.out = Some(errand);
        Some(params)
    }

    fn take(&mut self, answer: Result<Timeseries, Error>) -> Result<(), Error> {
        let Some(errand) = self.out.take() else { return Ok(()) };
        match self.errands.take(errand, answer) {
            Ok(part) => self.part = part,
            Err(error) => {
                self.errands.open.clear();
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Whether a call failed since it asked for too much. The API documents the refusal and not its words, so any refusal of the
/// parameters counts: what is wrong for another reason is refused for a day as well, a few calls later.
fn is_too_much(error: &Error) -> bool {
    /// Parameters that are refused, and a query that costs too much.
    const CODES: [i64; 2] = [2001, 2002];
    if error.transport_kind() == Some(radar_ct_transport::TransportErrorKind::TooLarge)
        || error.is_other_interval()
    {
        return true;
    }
    let is_refusal = error.code().is_none_or(|code| CODES.contains(&code));
    match error.status().map(|status| status.as_u16()) {
        Some(400) => is_refusal && !error.is_authentication(),
        Some(413 | 422) => true,
        _ => false,
    }
}

/// The first instants of the months that a window touches; that of its first month may lie before it.
fn months(window: &Span) -> impl Iterator<Item = DateTime<Utc>> {
    let count = |at: DateTime<Utc>| i64::from(at.year()) * 12 + i64::from(at.month0());
    (count(window.start)..=count(window.end)).filter_map(|month| {
        let year = i32::try_from(month.div_euclid(12)).ok()?;
        let day = chrono::NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    })
}

fn midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(NaiveTime::MIN).and_utc()
}

/// As far as the clock makes sense: a window goes no further than the year 9998.
fn instant(now: SystemTime) -> DateTime<Utc> {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0).filter(|at| at.year() < 9999).unwrap_or(DateTime::UNIX_EPOCH)
}
