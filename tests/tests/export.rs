//! The parts of an export, joined, equal the answer to one large request, on servers with every quirk that
//! the API may have.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a failed test panics"
)]

use std::sync::{Arc, Mutex};
use std::time::{Duration as Wait, Instant, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use http::{Request, Response};
use proptest::prelude::*;
use radar_ct::transport::{AsyncTransport, BlockingTransport, Moment, TransportError, TransportErrorKind};
use radar_ct::{
    AggInterval, Credentials, Error, Export, Part, Query, ReportedInterval, SeriesParams, Timeseries,
    TimeseriesParams,
};

type Time = DateTime<Utc>;

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

/// The undocumented behaviour of a server.
#[derive(Debug, Clone, Copy)]
struct Quirks {
    /// The answer has the point that begins at the end of the window.
    has_end: bool,
    /// The number of points that are left out at the start and at the end.
    omitted: (usize, usize),
    /// The maximum number of points in a series, and the reaction to a request for more.
    max_points: (i64, Refusal),
    /// The first day of a week, as days after Monday.
    week_start: i64,
    /// The time of the last point.
    now: Time,
}

/// The reaction to a request for too many points.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    /// An error with this status and code.
    Status(u16, Option<i64>),
    /// An answer beyond the body limit of the client.
    TooLarge,
    /// A transport error.
    TransportError,
    /// An answer with another interval than requested.
    OtherInterval,
}

impl Quirks {
    const PLAIN: Self = Self {
        has_end: true,
        omitted: (0, 0),
        max_points: (1_000_000, Refusal::Status(400, Some(2001))),
        week_start: 0,
        now: DateTime::from_timestamp_nanos(1_790_000_000_000_000_000),
    };

    /// Returns the starts of the intervals in a window.
    fn points(&self, length: Duration, start: Time, end: Time) -> Vec<Time> {
        let step = length.num_seconds();
        // Weeks are counted from the first Monday of the epoch.
        let origin = if step == 7 * 86_400 { (4 + self.week_start) * 86_400 } else { 0 };
        let floor = |at: Time| (at.timestamp() - origin).div_euclid(step) * step + origin;
        let (first, last) = (floor(start), floor(end) - i64::from(!self.has_end));
        let all = (0..).map(|n| first + n * step).take_while(|second| *second <= last);
        let mut points: Vec<Time> = all.map(|second| DateTime::from_timestamp(second, 0).unwrap()).collect();
        points.retain(|point| *point <= self.now);
        let kept = points.len().saturating_sub(self.omitted.1);
        points.truncate(kept);
        points.drain(..self.omitted.0.min(kept));
        points
    }
}

/// A simulated server and clock. It records the windows that are requested.
#[derive(Clone)]
struct Server {
    quirks: Quirks,
    requested: Arc<Mutex<Vec<(Time, Time)>>>,
    /// The number of refused requests.
    refused: Arc<Mutex<usize>>,
}

fn value(series: usize, point: Time) -> f64 {
    (point.timestamp() / 900 * 10) as f64 + series as f64
}

impl Server {
    fn new(quirks: Quirks) -> Self {
        Self { quirks, requested: Arc::default(), refused: Arc::default() }
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let query = Query::parse(request.uri().query().unwrap()).unwrap();
        let params = TimeseriesParams::from_parts("", query).unwrap();
        params.validate().unwrap();
        let length = params.options().agg_interval.as_ref().unwrap().length().unwrap();
        let mut result = serde_json::Map::new();
        for (index, (series, label)) in params.series().zip(params.labels()).enumerate() {
            let of = |name: &str| at(&series.get(name).unwrap());
            // The API documents that it rounds down.
            let floor = |at: Time| {
                at - Duration::seconds(at.timestamp().rem_euclid(900))
                    - Duration::nanoseconds(i64::from(at.timestamp_subsec_nanos()))
            };
            let (start, end) = (floor(of("dateStart")), floor(of("dateEnd")));
            if index == 0 {
                self.requested.lock().unwrap().push((start, end));
            }
            if (end - start).num_seconds() / length.num_seconds() > self.quirks.max_points.0 {
                *self.refused.lock().unwrap() += 1;
                let (status, body) = match self.quirks.max_points.1 {
                    Refusal::Status(status, code) => {
                        let error = serde_json::json!({"code": code, "message": "Too granular."});
                        (status, serde_json::json!({"success": false, "errors": [error], "result": null}))
                    }
                    Refusal::TooLarge => {
                        return Err(TransportError::new(TransportErrorKind::TooLarge, "simulated"));
                    }
                    Refusal::TransportError => {
                        return Err(TransportError::new(TransportErrorKind::Tls, "simulated"));
                    }
                    Refusal::OtherInterval => {
                        let empty = serde_json::json!({"timestamps": [], "values": []});
                        let meta = serde_json::json!({"aggInterval": "ONE_WEEK"});
                        (
                            200,
                            serde_json::json!({"success": true, "result": {"a": empty, "b": empty, "meta": meta}}),
                        )
                    }
                };
                return Ok(Response::builder().status(status).body(body.to_string().into()).unwrap());
            }
            let points = self.quirks.points(length, start, end);
            let text = |at: &Time| at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let timestamps: Vec<_> = points.iter().map(text).collect();
            let values: Vec<_> = points.iter().map(|point| value(index, *point).to_string()).collect();
            result
                .insert(label.into_owned(), serde_json::json!({"timestamps": timestamps, "values": values}));
        }
        let meta = serde_json::json!({"aggInterval": ReportedInterval::from(params.options().agg_interval.as_ref().unwrap())});
        result.insert("meta".to_owned(), meta);
        let body = serde_json::json!({"success": true, "errors": [], "result": result});
        Ok(Response::new(body.to_string().into()))
    }
}

impl BlockingTransport for Server {
    fn send(&self, request: Request<Bytes>, _: Wait) -> Result<Response<Bytes>, TransportError> {
        self.answer(&request)
    }

    fn sleep(&self, _: Wait) {
        panic!("nothing is retried here");
    }

    fn now(&self) -> Moment {
        static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(|| Moment::now().monotonic);
        let wall =
            SystemTime::UNIX_EPOCH + Wait::from_secs(u64::try_from(self.quirks.now.timestamp()).unwrap());
        Moment::new(*START, wall)
    }
}

impl AsyncTransport for Server {
    async fn send(&self, request: Request<Bytes>, _: Wait) -> Result<Response<Bytes>, TransportError> {
        self.answer(&request)
    }

    async fn sleep(&self, _: Wait) {
        panic!("nothing is retried here");
    }

    fn now(&self) -> Moment {
        BlockingTransport::now(self)
    }
}

fn credentials() -> Credentials {
    Credentials::token("token").unwrap()
}

/// Runs an export with both clients, which must behave the same. Returns the parts, and the server of one.
fn export(quirks: Quirks, export: &Export) -> (Result<Vec<Part>, Error>, Server) {
    let (first, second) = (Server::new(quirks), Server::new(quirks));
    let client = radar_ct::blocking::Client::builder(credentials()).with_transport(first.clone());
    let blocking: Result<Vec<Part>, Error> = client.export(export.clone()).collect();
    let client = radar_ct::Client::builder(credentials()).with_transport(second.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let from_async = runtime.block_on(async {
        let mut parts = client.export(export.clone());
        let mut all = Vec::new();
        while let Some(part) = parts.next().await {
            all.push(part?);
        }
        Ok::<_, Error>(all)
    });
    assert_eq!(format!("{blocking:?}"), format!("{from_async:?}"));
    assert_eq!(*first.requested.lock().unwrap(), *second.requested.lock().unwrap());
    (blocking, first)
}

fn join(parts: Vec<Part>) -> Timeseries {
    let mut parts = parts.into_iter().map(|part| part.data);
    let mut whole = parts.next().unwrap_or_default();
    for part in parts {
        whole.append(part).unwrap();
    }
    whole
}

/// Two series, which must not be mixed up.
fn params(interval: &AggInterval) -> TimeseriesParams {
    TimeseriesParams::new()
        .name("a")
        .and(SeriesParams::new())
        .name("b")
        .ca_owner("DigiCert")
        .agg_interval(interval.clone())
}

/// Returns the points of one large answer: all intervals that overlap the window.
fn expected_points(quirks: Quirks, length: Duration, start: Time, end: Time) -> Vec<Time> {
    let plain = Quirks { has_end: true, omitted: (0, 0), ..quirks };
    let mut points = plain.points(length, start - length, end);
    points.retain(|point| *point + length > start && *point < end);
    points
}

/// All reactions that may mean that a request was too large.
const TOO_LARGE: [Refusal; 8] = [
    Refusal::Status(400, Some(2001)),
    Refusal::Status(400, Some(2002)),
    Refusal::Status(400, None),
    Refusal::Status(413, None),
    Refusal::Status(422, Some(2001)),
    Refusal::Status(422, Some(2000)),
    Refusal::TooLarge,
    Refusal::OtherInterval,
];

fn quirks() -> impl Strategy<Value = Quirks> {
    (
        any::<bool>(),
        (0_usize..2, 0_usize..2),
        prop::sample::select(vec![1_000_000, 96 * 9, 100]),
        prop::sample::select(TOO_LARGE.to_vec()),
        0_i64..7,
    )
        .prop_map(|(has_end, omitted, max_points, refusal, week_start)| Quirks {
            has_end,
            omitted,
            max_points: (max_points, refusal),
            week_start,
            ..Quirks::PLAIN
        })
}

fn windows() -> impl Strategy<Value = (Time, Time)> {
    let start = at("2024-12-20T00:00:00Z").timestamp();
    // On a day, on the grid of fifteen minutes, and off it.
    let from = prop_oneof![
        (0_i64..60).prop_map(|n| n * 86_400),
        (0_i64..6000).prop_map(|n| n * 900),
        0_i64..5_000_000
    ];
    let long = prop_oneof![
        (1_i64..80).prop_map(|n| n * 86_400),
        (1_i64..9000).prop_map(|n| n * 900),
        1_i64..7_000_000
    ];
    (from, long).prop_map(move |(from, long)| {
        let from = DateTime::from_timestamp(start + from, 0).unwrap();
        (from, from + Duration::seconds(long))
    })
}

fn interval() -> impl Strategy<Value = AggInterval> {
    prop::sample::select(AggInterval::VALUES).prop_map(AggInterval::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn joined_parts_equal_one_large_answer(quirks in quirks(), (start, end) in windows(), interval in interval()) {
        let length = interval.length().unwrap();
        let (parts, server) = export(quirks, &Export::new(params(&interval), start..end).unwrap());
        let parts = parts.unwrap();
        prop_assert!(parts.windows(2).all(|pair| pair[0].window.end == pair[1].window.start));
        prop_assert_eq!((parts[0].window.start, parts.last().unwrap().window.end), (start, end));
        prop_assert!(parts.iter().all(|part| part.is_settled));
        // One request is repeated with a margin at most, and refused windows are requested in halves.
        let refused = *server.refused.lock().unwrap();
        let requested = server.requested.lock().unwrap().clone();
        prop_assert!(requested.len() <= parts.len() + refused + 1);
        // A window shorter than an interval may be empty once the server rounds its edges.
        prop_assert!(requested.iter().all(|(start, end)| *end - *start >= length));
        let answer = join(parts);
        let expected = expected_points(quirks, length, start, end);
        for (index, series) in answer.series.iter().enumerate() {
            prop_assert_eq!(series.timestamps(), &expected[..]);
            let values: Vec<_> = expected.iter().map(|point| Some(value(index, *point))).collect();
            prop_assert_eq!(series.values().iter().collect::<Vec<_>>(), values);
        }
    }

    #[test]
    fn excluded_windows_are_not_requested((start, end) in windows(), interval in interval(), kept in prop::collection::vec(any::<bool>(), 40)) {
        let quirks = Quirks { max_points: (700, TOO_LARGE[0]), ..Quirks::PLAIN };
        let job = Export::new(params(&interval), start..end).unwrap();
        let (parts, _) = export(quirks, &job);
        let (had, lost): (Vec<_>, Vec<_>) = parts.unwrap().into_iter().zip(kept.iter().cycle()).partition(|(_, kept)| **kept);
        let windows = had.iter().map(|(part, _)| part.window.clone());
        let (parts, server) = export(quirks, &job.clone().without(windows));
        let parts = parts.unwrap();
        let seconds = |window: &std::ops::Range<Time>| (window.end - window.start).num_seconds();
        let missing: i64 = lost.iter().map(|(part, _)| seconds(&part.window)).sum();
        prop_assert_eq!(parts.iter().map(|part| seconds(&part.window)).sum::<i64>(), missing);
        if lost.is_empty() {
            prop_assert!(server.requested.lock().unwrap().is_empty());
        }
        let mut all: Vec<_> = had.into_iter().map(|(part, _)| part).chain(parts).collect();
        all.sort_by_key(|part| part.window.start);
        let answer = join(all);
        let expected = expected_points(quirks, interval.length().unwrap(), start, end);
        prop_assert_eq!(answer.series[0].timestamps(), &expected[..]);
    }
}

fn plain(start: &str, end: &str, interval: &AggInterval) -> Export {
    Export::new(params(interval), at(start)..at(end)).unwrap()
}

#[test]
fn a_year_is_requested_month_by_month() {
    let (parts, server) = export(
        Quirks::PLAIN,
        &plain("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", &AggInterval::FifteenMinutes),
    );
    let answer = join(parts.unwrap());
    assert_eq!(answer.series[0].len(), 365 * 96);
    let requested = server.requested.lock().unwrap();
    assert_eq!(requested.len(), 12);
    assert_eq!(requested[1], (at("2025-02-01T00:00:00Z"), at("2025-03-01T00:00:00Z")));
}

#[test]
fn the_refusal_of_a_month_applies_to_all_months() {
    // A month is too large, half a month is not.
    let quirks = Quirks { max_points: (96 * 16, Refusal::Status(422, None)), ..Quirks::PLAIN };
    let (parts, server) =
        export(quirks, &plain("2025-01-01T00:00:00Z", "2025-05-01T00:00:00Z", &AggInterval::FifteenMinutes));
    assert_eq!(parts.unwrap().len(), 8);
    assert_eq!((server.requested.lock().unwrap().len(), *server.refused.lock().unwrap()), (9, 1));
}

#[test]
fn the_refusal_of_a_single_day_ends_the_export() {
    let quirks = Quirks { max_points: (0, TOO_LARGE[0]), ..Quirks::PLAIN };
    let (parts, server) =
        export(quirks, &plain("2025-01-01T00:00:00Z", "2025-05-01T00:00:00Z", &AggInterval::OneHour));
    let error = parts.unwrap_err();
    assert!(error.to_string().contains("Too granular"), "{error}");
    assert!(server.requested.lock().unwrap().len() <= 6, "{:?}", server.requested);
}

#[test]
fn other_errors_end_the_export_at_once() {
    for refusal in [
        Refusal::Status(400, Some(2000)),
        // A malformed token.
        Refusal::Status(400, Some(6003)),
        Refusal::Status(401, None),
        Refusal::Status(403, Some(2001)),
        Refusal::Status(404, Some(2001)),
        Refusal::TransportError,
    ] {
        let quirks = Quirks { max_points: (96 * 16, refusal), ..Quirks::PLAIN };
        let (parts, server) = export(
            quirks,
            &plain("2025-01-01T00:00:00Z", "2025-05-01T00:00:00Z", &AggInterval::FifteenMinutes),
        );
        assert!(parts.is_err(), "{refusal:?}");
        assert_eq!(server.requested.lock().unwrap().len(), 1, "{refusal:?}");
    }
}

#[test]
fn another_interval_than_requested_is_an_error_that_names_both() {
    let quirks = Quirks { max_points: (0, Refusal::OtherInterval), ..Quirks::PLAIN };
    let (parts, _) =
        export(quirks, &plain("2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z", &AggInterval::OneHour));
    let error = parts.unwrap_err().to_string();
    assert!(error.contains("1h") && error.contains("1w"), "{error}");
}

#[test]
fn an_answer_outside_of_the_window_is_an_error_and_an_empty_one_is_not() {
    let (start, end) = (at("2025-01-01T00:00:00Z"), at("2025-02-01T00:00:00Z"));
    let answer = |points: &[&str]| {
        let (times, values): (Vec<_>, Vec<_>) =
            points.iter().map(|point| (format!("{point:?}"), "1")).unzip();
        let (times, values) = (times.join(","), values.join(","));
        let body = format!(
            r#"{{"success":true,"result":{{"serie_0":{{"timestamps":[{times}],"values":[{values}]}}}}}}"#
        );
        Timeseries::from_slice(body.as_bytes()).unwrap()
    };
    // The second request has a margin and must end as well.
    let finish = |points: &[&str]| {
        let mut calls = Export::new(params(&AggInterval::OneHour), start..end)
            .unwrap()
            .calls(SystemTime::from(at("2025-04-10T12:00:00Z")));
        loop {
            let (call, _) = calls.next_call().unwrap();
            if let Some(part) = calls.finish(call, Ok(answer(points))).transpose() {
                break part;
            }
        }
    };
    for elsewhere in [&["2024-01-01T00:00:00Z"][..], &["2024-01-01T00:00:00Z", "2026-05-01T00:00:00Z"]] {
        let error = finish(elsewhere).unwrap_err().to_string();
        assert!(error.contains("2025-01-01T00:00:00") && error.contains("only points outside"), "{error}");
    }
    for here in [&[][..], &["2025-01-07T00:00:00Z"], &["2024-12-31T23:00:00Z"], &["2025-02-01T00:00:00Z"]] {
        assert!(finish(here).is_ok(), "{here:?}");
    }
}

#[test]
fn recent_points_are_a_separate_part_and_the_future_is_not_requested() {
    let now = at("2025-02-10T10:20:00Z");
    let quirks = Quirks { now, ..Quirks::PLAIN };
    let job = plain("2025-01-20T00:00:00Z", "2025-06-01T00:00:00Z", &AggInterval::OneHour);
    let (parts, server) = export(quirks, &job);
    let windows: Vec<_> = parts.unwrap().into_iter().map(|part| (part.window, part.is_settled)).collect();
    let (january, old, moving) = (at("2025-02-01T00:00:00Z"), at("2025-02-07T00:00:00Z"), now);
    assert_eq!(
        windows,
        [(at("2025-01-20T00:00:00Z")..january, true), (january..old, true), (old..moving, false),]
    );
    assert!(server.requested.lock().unwrap().iter().all(|(_, end)| *end <= now));

    let (parts, _) =
        export(quirks, &plain("2025-03-01T00:00:00Z", "2025-06-01T00:00:00Z", &AggInterval::OneHour));
    assert_eq!(parts.unwrap(), []);
}

#[test]
fn pending_windows_are_requested_in_order() {
    let (start, end) = (at("2025-01-10T00:00:00Z"), at("2025-03-10T00:00:00Z"));
    let (february, march) = (at("2025-02-01T00:00:00Z"), at("2025-03-01T00:00:00Z"));
    let job = Export::new(params(&AggInterval::OneHour), start..end).unwrap();
    assert_eq!((job.params(), job.window()), (&params(&AggInterval::OneHour), start..end));
    let mut calls = job.calls(SystemTime::from(at("2025-04-10T12:00:00Z")));
    assert_eq!(calls.settled_until(), at("2025-04-07T00:00:00Z"));
    let pending: Vec<_> = calls.pending().collect();
    assert_eq!(pending, [start..february, february..march, march..end]);
    let mut requested = Vec::new();
    while let Some((call, _)) = calls.next_call() {
        requested.push(call.window());
        assert_eq!(calls.pending().collect::<Vec<_>>(), pending[requested.len()..]);
    }
    assert_eq!(requested, pending);
}

#[test]
fn a_missing_point_is_requested_again_only_if_its_interval_has_ended() {
    let (start, now) = (at("2025-02-10T00:00:00Z"), at("2025-02-10T10:20:00Z"));
    // The server always omits the last point.
    let quirks = Quirks { now, omitted: (0, 1), ..Quirks::PLAIN };
    for (end, calls) in [("09:20:00", 2), ("09:20:01", 1), ("10:20:00", 1), ("20:00:00", 1)] {
        let end = at(&format!("2025-02-10T{end}Z"));
        let job = Export::new(params(&AggInterval::OneHour), start..end).unwrap();
        let (parts, server) = export(quirks, &job);
        assert_eq!(server.requested.lock().unwrap().len(), calls, "{end}");
        let answer = join(parts.unwrap());
        let mut expected = expected_points(quirks, Duration::hours(1), start, end.min(now));
        expected.truncate(expected.len() - (2 - calls));
        assert_eq!(answer.series[0].timestamps(), expected, "{end}");
    }
}

#[test]
fn invalid_exports_are_refused_before_anything_is_sent() {
    let (start, end) = (at("2025-01-01T00:00:00Z"), at("2025-02-01T00:00:00Z"));
    let hourly = || params(&AggInterval::OneHour);
    let week = radar_ct::DateRange::LAST_7_DAYS;
    for (params, window, text) in [
        (TimeseriesParams::new(), start..end, "needs an aggregation interval"),
        (hourly().date_range(week), start..end, "cannot have dates"),
        (hourly(), end..start, "must end after it begins"),
        (hourly(), start..start, "must end after it begins"),
        (hourly(), DateTime::<Utc>::MIN_UTC..DateTime::<Utc>::MAX_UTC, "must end after it begins"),
        (hourly().tld("com").log("argon2026h1"), start..end, "cannot be combined"),
    ] {
        let error = Export::new(params, window).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains(text), "{error}");
    }
}
