//! Are the parts of a long window, put together, the one big answer? Over servers with every habit that the API may have.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on fails"
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

type At = DateTime<Utc>;

fn at(text: &str) -> At {
    text.parse().unwrap()
}

/// What a server does that the documentation does not say.
#[derive(Debug, Clone, Copy)]
struct Habits {
    /// Whether the point that begins where a window ends is in the answer.
    has_end: bool,
    /// How many points are left out at the beginning, and how many at the end.
    left_out: (usize, usize),
    /// The most points in a series, and what there is beyond.
    most: (i64, Beyond),
    /// Weeks begin so many days after Monday.
    week: i64,
    /// Where its points end.
    now: At,
}

/// What comes of a call that asks for too much, in the eyes of a server or on the way from it.
#[derive(Debug, Clone, Copy)]
enum Beyond {
    /// A status, and the code of the error where there is one.
    Refusal(u16, Option<i64>),
    /// An answer that is longer than a client reads.
    TooLarge,
    /// No answer at all.
    Unreached,
    /// The answer at an interval that nobody asked for.
    OtherInterval,
}

impl Habits {
    const PLAIN: Self = Self {
        has_end: true,
        left_out: (0, 0),
        most: (1_000_000, Beyond::Refusal(400, Some(2001))),
        week: 0,
        now: DateTime::from_timestamp_nanos(1_790_000_000_000_000_000),
    };

    /// The beginnings of the intervals from one instant to another.
    fn points(&self, length: Duration, start: At, end: At) -> Vec<At> {
        let step = length.num_seconds();
        // The first Monday of the epoch, for weeks.
        let origin = if step == 7 * 86_400 { (4 + self.week) * 86_400 } else { 0 };
        let floor = |at: At| (at.timestamp() - origin).div_euclid(step) * step + origin;
        let (first, last) = (floor(start), floor(end) - i64::from(!self.has_end));
        let all = (0..).map(|n| first + n * step).take_while(|second| *second <= last);
        let mut points: Vec<At> = all.map(|second| DateTime::from_timestamp(second, 0).unwrap()).collect();
        points.retain(|point| *point <= self.now);
        let kept = points.len().saturating_sub(self.left_out.1);
        points.truncate(kept);
        points.drain(..self.left_out.0.min(kept));
        points
    }
}

/// A server with its habits and a clock, both made up; it keeps what it was asked.
#[derive(Clone)]
struct Server {
    habits: Habits,
    asked: Arc<Mutex<Vec<(At, At)>>>,
    /// How often it has refused.
    refused: Arc<Mutex<usize>>,
}

fn value(series: usize, point: At) -> f64 {
    (point.timestamp() / 900 * 10) as f64 + series as f64
}

impl Server {
    fn new(habits: Habits) -> Self {
        Self { habits, asked: Arc::default(), refused: Arc::default() }
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let query = Query::parse(request.uri().query().unwrap()).unwrap();
        let params = TimeseriesParams::from_query(query).unwrap();
        params.validate().unwrap();
        let length = params.asked_interval().unwrap().length().unwrap();
        let mut result = serde_json::Map::new();
        for (index, (series, label)) in params.series().zip(params.labels()).enumerate() {
            let of = |name: &str| at(&series.get(name).unwrap());
            // The documented floor.
            let floor = |at: At| {
                at - Duration::seconds(at.timestamp().rem_euclid(900))
                    - Duration::nanoseconds(i64::from(at.timestamp_subsec_nanos()))
            };
            let (start, end) = (floor(of("dateStart")), floor(of("dateEnd")));
            if index == 0 {
                self.asked.lock().unwrap().push((start, end));
            }
            if (end - start).num_seconds() / length.num_seconds() > self.habits.most.0 {
                *self.refused.lock().unwrap() += 1;
                let (status, body) = match self.habits.most.1 {
                    Beyond::Refusal(status, code) => {
                        let error = serde_json::json!({"code": code, "message": "Too granular."});
                        (status, serde_json::json!({"success": false, "errors": [error], "result": null}))
                    }
                    Beyond::TooLarge => {
                        return Err(TransportError::new(TransportErrorKind::TooLarge, "made up"));
                    }
                    Beyond::Unreached => return Err(TransportError::new(TransportErrorKind::Tls, "made up")),
                    Beyond::OtherInterval => {
                        let none = serde_json::json!({"timestamps": [], "values": []});
                        let meta = serde_json::json!({"aggInterval": "ONE_WEEK"});
                        (
                            200,
                            serde_json::json!({"success": true, "result": {"a": none, "b": none, "meta": meta}}),
                        )
                    }
                };
                return Ok(Response::builder().status(status).body(body.to_string().into()).unwrap());
            }
            let points = self.habits.points(length, start, end);
            let text = |at: &At| at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let timestamps: Vec<_> = points.iter().map(text).collect();
            let values: Vec<_> = points.iter().map(|point| value(index, *point).to_string()).collect();
            result
                .insert(label.into_owned(), serde_json::json!({"timestamps": timestamps, "values": values}));
        }
        let meta =
            serde_json::json!({"aggInterval": ReportedInterval::from(params.asked_interval().unwrap())});
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
        panic!("nothing here is tried again");
    }

    fn now(&self) -> Moment {
        static BEGINNING: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(|| Moment::now().monotonic);
        let wall =
            SystemTime::UNIX_EPOCH + Wait::from_secs(u64::try_from(self.habits.now.timestamp()).unwrap());
        Moment::new(*BEGINNING, wall)
    }
}

impl AsyncTransport for Server {
    async fn send(&self, request: Request<Bytes>, _: Wait) -> Result<Response<Bytes>, TransportError> {
        self.answer(&request)
    }

    async fn sleep(&self, _: Wait) {
        panic!("nothing here is tried again");
    }

    fn now(&self) -> Moment {
        BlockingTransport::now(self)
    }
}

fn credentials() -> Credentials {
    Credentials::token("token").unwrap()
}

/// Both clients export, and must do the same; the parts, and the server that one of them had.
fn export(habits: Habits, export: &Export) -> (Result<Vec<Part>, Error>, Server) {
    let (first, second) = (Server::new(habits), Server::new(habits));
    let client = radar_ct::blocking::Client::builder(credentials()).with_transport(first.clone());
    let blocking: Result<Vec<Part>, Error> = client.export(export.clone()).collect();
    let client = radar_ct::Client::builder(credentials()).with_transport(second.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let asynchronous = runtime.block_on(async {
        let mut parts = client.export(export.clone());
        let mut all = Vec::new();
        while let Some(part) = parts.next().await {
            all.push(part?);
        }
        Ok::<_, Error>(all)
    });
    assert_eq!(format!("{blocking:?}"), format!("{asynchronous:?}"));
    assert_eq!(*first.asked.lock().unwrap(), *second.asked.lock().unwrap());
    (blocking, first)
}

fn joined(parts: Vec<Part>) -> Timeseries {
    let mut parts = parts.into_iter().map(|part| part.data);
    let mut whole = parts.next().unwrap_or_default();
    for part in parts {
        whole.append(part).unwrap();
    }
    whole
}

/// Two series, so that they cannot be mixed up.
fn params(interval: &AggInterval) -> TimeseriesParams {
    TimeseriesParams::from(SeriesParams::new().name("a"))
        .and(SeriesParams::new().name("b").ca_owner("DigiCert"))
        .agg_interval(interval.clone())
}

/// What one answer would have: every interval that begins in the window or reaches into it.
fn whole(habits: Habits, length: Duration, start: At, end: At) -> Vec<At> {
    let plain = Habits { has_end: true, left_out: (0, 0), ..habits };
    let mut points = plain.points(length, start - length, end);
    points.retain(|point| *point + length > start && *point < end);
    points
}

/// All that may mean that a call asked for too much.
const TOO_MUCH: [Beyond; 8] = [
    Beyond::Refusal(400, Some(2001)),
    Beyond::Refusal(400, Some(2002)),
    Beyond::Refusal(400, None),
    Beyond::Refusal(413, None),
    Beyond::Refusal(422, Some(2001)),
    Beyond::Refusal(422, Some(2000)),
    Beyond::TooLarge,
    Beyond::OtherInterval,
];

fn habits() -> impl Strategy<Value = Habits> {
    (
        any::<bool>(),
        (0_usize..2, 0_usize..2),
        prop::sample::select(vec![1_000_000, 96 * 9, 100]),
        prop::sample::select(TOO_MUCH.to_vec()),
        0_i64..7,
    )
        .prop_map(|(has_end, left_out, most, beyond, week)| Habits {
            has_end,
            left_out,
            most: (most, beyond),
            week,
            ..Habits::PLAIN
        })
}

fn instants() -> impl Strategy<Value = (At, At)> {
    let start = at("2024-12-20T00:00:00Z").timestamp();
    // On the day, on the grid, and off it.
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
    fn the_parts_are_the_one_big_answer(habits in habits(), (start, end) in instants(), interval in interval()) {
        let length = interval.length().unwrap();
        // What the habits leave out of the whole answer, nobody can find; what they leave out of the parts must be found.
        let (parts, server) = export(habits, &Export::new(params(&interval), start..end).unwrap());
        let parts = parts.unwrap();
        prop_assert!(parts.windows(2).all(|pair| pair[0].window.end == pair[1].window.start));
        prop_assert_eq!((parts[0].window.start, parts.last().unwrap().window.end), (start, end));
        prop_assert!(parts.iter().all(|part| part.is_settled));
        // The edges are looked at from further away once; what is refused is asked for in halves.
        let refused = *server.refused.lock().unwrap();
        let asked = server.asked.lock().unwrap().clone();
        prop_assert!(asked.len() <= parts.len() + refused + 1);
        // Once it is floored, a window that is shorter than a point may be none.
        prop_assert!(asked.iter().all(|(start, end)| *end - *start >= length));
        let answer = joined(parts);
        let expected = whole(habits, length, start, end);
        for (index, series) in answer.series.iter().enumerate() {
            prop_assert_eq!(series.timestamps(), &expected[..]);
            let values: Vec<_> = expected.iter().map(|point| Some(value(index, *point))).collect();
            prop_assert_eq!(series.values().iter().collect::<Vec<_>>(), values);
        }
    }

    #[test]
    fn what_is_there_is_not_asked_for_again((start, end) in instants(), interval in interval(), kept in prop::collection::vec(any::<bool>(), 40)) {
        let habits = Habits { most: (700, TOO_MUCH[0]), ..Habits::PLAIN };
        let wanted = Export::new(params(&interval), start..end).unwrap();
        let (parts, _) = export(habits, &wanted);
        let (had, lost): (Vec<_>, Vec<_>) = parts.unwrap().into_iter().zip(kept.iter().cycle()).partition(|(_, kept)| **kept);
        let windows = had.iter().map(|(part, _)| part.window.clone());
        let (parts, server) = export(habits, &wanted.clone().without(windows));
        let parts = parts.unwrap();
        let seconds = |window: &std::ops::Range<At>| (window.end - window.start).num_seconds();
        let missing: i64 = lost.iter().map(|(part, _)| seconds(&part.window)).sum();
        prop_assert_eq!(parts.iter().map(|part| seconds(&part.window)).sum::<i64>(), missing);
        if lost.is_empty() {
            prop_assert!(server.asked.lock().unwrap().is_empty());
        }
        let mut all: Vec<_> = had.into_iter().map(|(part, _)| part).chain(parts).collect();
        all.sort_by_key(|part| part.window.start);
        let answer = joined(all);
        let expected = whole(habits, interval.length().unwrap(), start, end);
        prop_assert_eq!(answer.series[0].timestamps(), &expected[..]);
    }
}

fn plain(start: &str, end: &str, interval: &AggInterval) -> Export {
    Export::new(params(interval), at(start)..at(end)).unwrap()
}

#[test]
fn a_year_is_twelve_calls_with_the_months_as_windows() {
    let (parts, server) = export(
        Habits::PLAIN,
        &plain("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", &AggInterval::FifteenMinutes),
    );
    let answer = joined(parts.unwrap());
    assert_eq!(answer.series[0].len(), 365 * 96);
    let asked = server.asked.lock().unwrap();
    assert_eq!(asked.len(), 12);
    assert_eq!(asked[1], (at("2025-02-01T00:00:00Z"), at("2025-03-01T00:00:00Z")));
}

#[test]
fn a_refusal_is_learned_from_once() {
    // A month is too much, a fortnight and a day is not.
    let habits = Habits { most: (96 * 16, Beyond::Refusal(422, None)), ..Habits::PLAIN };
    let (parts, server) =
        export(habits, &plain("2025-01-01T00:00:00Z", "2025-05-01T00:00:00Z", &AggInterval::FifteenMinutes));
    assert_eq!(parts.unwrap().len(), 8);
    assert_eq!((server.asked.lock().unwrap().len(), *server.refused.lock().unwrap()), (9, 1));
}

#[test]
fn what_is_refused_for_a_day_is_the_end() {
    let habits = Habits { most: (0, TOO_MUCH[0]), ..Habits::PLAIN };
    let (parts, server) =
        export(habits, &plain("2025-01-01T00:00:00Z", "2025-05-01T00:00:00Z", &AggInterval::OneHour));
    let error = parts.unwrap_err();
    assert!(error.to_string().contains("Too granular"), "{error}");
    assert!(server.asked.lock().unwrap().len() <= 6, "{:?}", server.asked);
}

#[test]
fn what_is_refused_for_any_other_reason_is_the_end_at_once() {
    for beyond in [
        Beyond::Refusal(400, Some(2000)),
        // A malformed token.
        Beyond::Refusal(400, Some(6003)),
        Beyond::Refusal(401, None),
        Beyond::Refusal(403, Some(2001)),
        Beyond::Refusal(404, Some(2001)),
        Beyond::Unreached,
    ] {
        let habits = Habits { most: (96 * 16, beyond), ..Habits::PLAIN };
        let (parts, server) = export(
            habits,
            &plain("2025-01-01T00:00:00Z", "2025-05-01T00:00:00Z", &AggInterval::FifteenMinutes),
        );
        assert!(parts.is_err(), "{beyond:?}");
        assert_eq!(server.asked.lock().unwrap().len(), 1, "{beyond:?}");
    }
}

#[test]
fn another_interval_than_was_asked_for_is_an_error_that_names_both() {
    let habits = Habits { most: (0, Beyond::OtherInterval), ..Habits::PLAIN };
    let (parts, _) =
        export(habits, &plain("2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z", &AggInterval::OneHour));
    let error = parts.unwrap_err().to_string();
    assert!(error.contains("1h") && error.contains("1w"), "{error}");
}

#[test]
fn an_answer_of_another_time_is_an_error_and_one_with_nothing_is_not() {
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
    // The second time from further away, which has to end too.
    let taken = |points: &[&str]| {
        let mut errands = Export::new(params(&AggInterval::OneHour), start..end)
            .unwrap()
            .begin(SystemTime::from(at("2025-04-10T12:00:00Z")));
        loop {
            let (errand, _) = errands.next_errand().unwrap();
            if let Some(part) = errands.take(errand, Ok(answer(points))).transpose() {
                break part;
            }
        }
    };
    for elsewhere in [&["2024-01-01T00:00:00Z"][..], &["2024-01-01T00:00:00Z", "2026-05-01T00:00:00Z"]] {
        let error = taken(elsewhere).unwrap_err().to_string();
        assert!(error.contains("2025-01-01T00:00:00") && error.contains("only others"), "{error}");
    }
    for here in [&[][..], &["2025-01-07T00:00:00Z"], &["2024-12-31T23:00:00Z"], &["2025-02-01T00:00:00Z"]] {
        assert!(taken(here).is_ok(), "{here:?}");
    }
}

#[test]
fn what_may_still_change_is_apart_and_what_lies_ahead_is_left_out() {
    let now = at("2025-02-10T10:20:00Z");
    let habits = Habits { now, ..Habits::PLAIN };
    let wanted = plain("2025-01-20T00:00:00Z", "2025-06-01T00:00:00Z", &AggInterval::OneHour);
    let (parts, server) = export(habits, &wanted);
    let windows: Vec<_> = parts.unwrap().into_iter().map(|part| (part.window, part.is_settled)).collect();
    let (january, old, moving) = (at("2025-02-01T00:00:00Z"), at("2025-02-07T00:00:00Z"), now);
    assert_eq!(
        windows,
        [(at("2025-01-20T00:00:00Z")..january, true), (january..old, true), (old..moving, false),]
    );
    assert!(server.asked.lock().unwrap().iter().all(|(_, end)| *end <= now));

    let (parts, _) =
        export(habits, &plain("2025-03-01T00:00:00Z", "2025-06-01T00:00:00Z", &AggInterval::OneHour));
    assert_eq!(parts.unwrap(), []);
}

#[test]
fn what_is_still_to_be_asked_for_is_said_and_then_asked_for() {
    let (start, end) = (at("2025-01-10T00:00:00Z"), at("2025-03-10T00:00:00Z"));
    let (february, march) = (at("2025-02-01T00:00:00Z"), at("2025-03-01T00:00:00Z"));
    let wanted = Export::new(params(&AggInterval::OneHour), start..end).unwrap();
    assert_eq!((wanted.params(), wanted.window()), (&params(&AggInterval::OneHour), start..end));
    let mut errands = wanted.begin(SystemTime::from(at("2025-04-10T12:00:00Z")));
    assert_eq!(errands.settled_to(), at("2025-04-07T00:00:00Z"));
    let open: Vec<_> = errands.open().collect();
    assert_eq!(open, [start..february, february..march, march..end]);
    let mut asked = Vec::new();
    while let Some((errand, _)) = errands.next_errand() {
        asked.push(errand.window());
        assert_eq!(errands.open().collect::<Vec<_>>(), open[asked.len()..]);
    }
    assert_eq!(asked, open);
}

#[test]
fn a_point_that_is_over_is_looked_for_and_one_that_is_not_is_waited_for() {
    let (start, now) = (at("2025-02-10T00:00:00Z"), at("2025-02-10T10:20:00Z"));
    // The last point is left out, whatever is asked for.
    let habits = Habits { now, left_out: (0, 1), ..Habits::PLAIN };
    for (end, calls) in [("09:20:00", 2), ("09:20:01", 1), ("10:20:00", 1), ("20:00:00", 1)] {
        let end = at(&format!("2025-02-10T{end}Z"));
        let wanted = Export::new(params(&AggInterval::OneHour), start..end).unwrap();
        let (parts, server) = export(habits, &wanted);
        assert_eq!(server.asked.lock().unwrap().len(), calls, "{end}");
        let answer = joined(parts.unwrap());
        let mut expected = whole(habits, Duration::hours(1), start, end.min(now));
        expected.truncate(expected.len() - (2 - calls));
        assert_eq!(answer.series[0].timestamps(), expected, "{end}");
    }
}

#[test]
fn an_export_that_makes_no_sense_is_refused_before_anything_is_sent() {
    let (start, end) = (at("2025-01-01T00:00:00Z"), at("2025-02-01T00:00:00Z"));
    let hourly = || params(&AggInterval::OneHour);
    let week = radar_ct::DateRange::LAST_7_DAYS;
    for (params, window, words) in [
        (TimeseriesParams::new(), start..end, "needs an aggregation interval"),
        (hourly().date_range(week), start..end, "have no dates"),
        (hourly(), end..start, "begins before it ends"),
        (hourly(), start..start, "begins before it ends"),
        (hourly(), DateTime::<Utc>::MIN_UTC..DateTime::<Utc>::MAX_UTC, "begins before it ends"),
        (hourly().tld("com").log("argon2026h1"), start..end, "cannot be combined"),
    ] {
        let error = Export::new(params, window).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains(words), "{error}");
    }
}
