//! Properties that hold for any bytes: one function for each parser of outside input.
//!
//! libFuzzer runs them (`cargo xtask fuzz`) to find new inputs. The test `fuzz_smoke` replays the inputs in
//! `fuzz/corpus` and mutates them. A violated property panics.
#![allow(clippy::indexing_slicing, reason = "a wrong index is a failure, as in any test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::{HeaderValue, Response, header};
use radar_ct::operation::{Outcome, Ready, Settings};
use radar_ct::transport::Moment;
use radar_ct::{Credentials, RateBudget, RetryPolicy};
use radar_ct_model::{
    ApiMessage, Csv, DateRange, DecodeErrorKind, Endpoint, ErrorBody, ErrorShape, Kind, Parameter, Query,
    SeriesParams, Timeseries, TimeseriesGroups, TimeseriesParams,
};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::wire;

/// A fuzz target: the name of its corpus and of its program, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All fuzz targets.
pub const TARGETS: [Target; 5] = [
    ("query", query),
    ("timeseries", timeseries),
    ("error_body", error_body),
    ("retry_after", retry_after),
    ("date_range", date_range),
];

/// Asserts that a message is one line without control characters, since it goes to terminals and logs.
fn assert_one_line(shown: &str) {
    let is_control = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!shown.contains(is_control), "on more than one line, or with control characters: {shown:?}");
}

// Queries.

/// Checks that a parsed query has one canonical form, survives a round trip, and is sent exactly if it
/// follows the documented rules.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let request = match TimeseriesParams::parse_query(&text) {
        Ok(request) => request,
        Err(error) => return assert_one_line(&error.to_string()),
    };
    let query = request.to_query();
    let written = query.to_string();
    let read = TimeseriesParams::parse_query(&written).expect("a canonical query parses");
    assert_eq!(read, request, "{written}");
    assert_eq!(read.to_query().to_string(), written, "two canonical forms");

    let pairs = wire::read_strictly(&written).expect("a canonical query");
    assert!(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(query.pairs()), "{written}");
    let on_the_wire = wire::series_by_position(&pairs);
    assert_eq!(on_the_wire.len(), request.series().len(), "{written}");
    for (series, wire) in request.series().zip(&on_the_wire) {
        for name in wire::SERIES_PARAMETERS {
            assert_eq!(
                series.get(name).as_deref(),
                wire.get(name).map(String::as_str),
                "{name} in {written}"
            );
        }
    }

    assert_same_values(&Query::parse(&text).expect("it was parsed above"), &query);

    // The order of names does not matter, only that of the values of one name. Extra parameters keep their
    // order, so that only the others can be compared.
    let mut sorted: Vec<_> = query.pairs().filter(|(name, _)| is_known(name)).collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut by_name = Query::new();
    for (name, value) in &sorted {
        by_name.push((*name).to_owned(), *value);
    }
    let by_name = TimeseriesParams::from_parts("", by_name).expect("the same pairs").to_query();
    assert!(
        by_name.pairs().eq(query.pairs().filter(|(name, _)| is_known(name))),
        "the order of names matters in {written}"
    );

    let is_valid = follows_the_rules(&pairs, &on_the_wire);
    let validated = request.validate();
    assert_eq!(validated.is_ok(), is_valid, "{written}: {validated:?}");
    if let Err(error) = &validated {
        assert_one_line(&error.to_string());
    }
    let is_csv = request.is_csv();
    match request.prepare() {
        Ok(prepared) => {
            assert!(is_valid && !is_csv, "{written} is sent");
            assert_eq!(prepared, query);
            assert_eq!(TimeseriesParams::parse_query(&prepared.to_string()).as_ref(), Ok(&request));
        }
        Err(error) => {
            assert!(!is_valid || is_csv, "{written} is not sent: {error}");
            assert_one_line(&error.to_string());
        }
    }
    match request.prepare_csv() {
        Ok(prepared) => {
            assert!(is_valid, "{written} is sent");
            let read =
                TimeseriesParams::parse_query(&prepared.to_string()).expect("a canonical query parses");
            assert!(read.is_csv());
            assert!(read.series().eq(request.series()) && read.options() == request.options(), "{written}");
        }
        Err(error) => assert!(!is_valid, "{written} is not sent: {error}"),
    }
}

/// Asserts that two queries have the same values at the same positions. Only dates may be spelled
/// differently.
fn assert_same_values(given: &Query, written: &Query) {
    let extra = |query: &Query| -> Vec<_> {
        let all = query.pairs().map(|(name, value)| (name.to_owned(), value.to_owned()));
        all.filter(|(name, _)| !is_known(name)).collect()
    };
    assert_eq!(extra(given), extra(written));
    for name in wire::SERIES_PARAMETERS.into_iter().chain(wire::REQUEST_PARAMETERS) {
        let column = |query: &Query| -> Vec<String> {
            let spelt = |value: &str| match name {
                "dateRange" => value.to_ascii_lowercase(),
                "dateStart" | "dateEnd" => DateTime::parse_from_rfc3339(value)
                    .map_or_else(|_| value.to_owned(), |at| format!("{:?}", at.to_utc())),
                _ => value.to_owned(),
            };
            let mut column: Vec<_> =
                query.pairs().filter(|(other, _)| *other == name).map(|(_, value)| spelt(value)).collect();
            // Trailing gaps mean nothing.
            while column.pop_if(|last| last.is_empty()).is_some() {}
            column
        };
        assert_eq!(column(given), column(written), "{name}");
    }
}

fn is_known(name: &str) -> bool {
    wire::SERIES_PARAMETERS.contains(&name) || wire::REQUEST_PARAMETERS.contains(&name)
}

/// A second implementation of the documented rules, on the query itself.
fn follows_the_rules(pairs: &[(String, String)], series: &[wire::SeriesOnTheWire]) -> bool {
    let is_documented = |parameter: &Parameter, value: &str| match parameter.kind {
        Kind::Enum(words) if parameter.name == "format" => {
            words.iter().any(|word| word.eq_ignore_ascii_case(value))
        }
        Kind::Enum(words) => words.contains(&value),
        _ => true,
    };
    let parameters: Vec<_> =
        SeriesParams::parameters().chain(TimeseriesParams::request_parameters()).collect();
    let values_are_documented = pairs.iter().filter(|(_, value)| !value.is_empty()).all(|(name, value)| {
        parameters
            .iter()
            .find(|parameter| parameter.name == name)
            .is_none_or(|known| is_documented(known, value))
    });

    let has = |series: &wire::SeriesOnTheWire, name: &str| series.contains_key(name);
    let tld_with_log = |series: &wire::SeriesOnTheWire| {
        has(series, "tld")
            && ["log", "logApi", "logOperator", "entryType"].iter().any(|name| has(series, name))
    };

    let mut minutes = BTreeSet::new();
    for series in series {
        match (series.get("dateRange"), series.get("dateStart"), series.get("dateEnd")) {
            (Some(range), _, _) => {
                let digits: i64 =
                    range.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().expect("a count");
                let days = if range.contains('w') { 7 * digits } else { digits };
                minutes.insert(days * 1440);
            }
            (None, Some(start), Some(end)) => {
                let read = |text: &str| DateTime::parse_from_rfc3339(text).expect("a canonical instant");
                let (start, end) = (read(start), read(end));
                if end <= start {
                    return false;
                }
                let floored = |at: i64| (at - at.rem_euclid(900)) / 60;
                minutes.insert(floored(end.timestamp()) - floored(start.timestamp()));
            }
            _ => {}
        }
    }

    let mut labels = BTreeSet::new();
    let named = |series: &wire::SeriesOnTheWire| has(series, "name");
    let labels_are_valid = series.iter().enumerate().all(|(position, one)| {
        let label = one.get("name").cloned().unwrap_or_else(|| format!("serie_{position}"));
        let later = series.get(position + 1..).unwrap_or_default();
        label != "meta" && (named(one) || !later.iter().any(named)) && labels.insert(label)
    });
    values_are_documented && !series.iter().any(tld_with_log) && minutes.len() <= 1 && labels_are_valid
}

// Answers.

/// The maximum length of a decode error, in bytes: 200 characters of a label, each shown as `\u{10ffff}`, 400
/// of the parser's message, and our own words.
const LONGEST_DECODE_ERROR: usize = 200 * 10 + 400 * 4 + 200;

/// A member that no answer has: names of the API contain no space.
const UNKNOWN_MEMBER: &str = "no such member";

/// Checks that a decoded answer is complete, has the values of its text and survives a serde round trip; that
/// a truncated one is an error; and that unknown members change nothing.
pub fn timeseries(bytes: &[u8]) {
    let requests: Vec<_> =
        std::iter::successors(Some(TimeseriesParams::new()), |last| Some(last.clone().vs()))
            .take(3)
            .collect();
    if let Ok(passed) = Csv(&TimeseriesParams::new()).decode(bytes) {
        assert_eq!(passed, bytes, "CSV is passed through untouched");
    }
    let decoded = Timeseries::from_slice(bytes);
    // `Debug` shows the sign of a zero, which equality ignores.
    let general = Timeseries::from_slice_generally(bytes);
    assert_eq!(format!("{decoded:?}"), format!("{general:?}"), "the fast path and the general path differ");
    let groups = TimeseriesGroups::from_slice(bytes);
    let general = TimeseriesGroups::from_slice_generally(bytes);
    assert_eq!(format!("{groups:?}"), format!("{general:?}"), "the paths differ on groups");
    let answer = match decoded {
        Ok(answer) => answer,
        Err(error) => {
            let shown = error.to_string();
            assert_one_line(&shown);
            let longest = if error.api().is_some() { LONGEST_SHOWN + 64 } else { LONGEST_DECODE_ERROR };
            assert!(shown.len() <= longest, "{} bytes are shown", shown.len());
            assert!(error.byte().is_none_or(|byte| byte <= bytes.len()), "{error}");
            assert!(requests.iter().all(|request| request.decode(bytes).is_err()), "{error}");
            return;
        }
    };
    let mut labels = BTreeSet::new();
    for series in &answer.series {
        assert!(series.timestamps().len() == series.values().len() && series.len() == series.values().len());
        assert!(labels.insert(series.label()), "{:?} is duplicated", series.label());
        assert!(series.values().iter().flatten().all(f64::is_finite), "{:?}", series.values());
    }
    for (more, request) in requests.iter().enumerate() {
        match request.decode(bytes) {
            // An answer with `meta` alone is complete, whatever was requested.
            Ok(decoded) => {
                assert!(decoded == answer && (answer.series.is_empty() || answer.series.len() > more));
            }
            Err(error) => {
                assert!((1..=more).contains(&answer.series.len()), "{error}");
                assert_one_line(&error.to_string());
            }
        }
    }
    assert_values_match_text(bytes, &answer);
    assert_round_trip(&answer);
    assert_truncated_is_error(bytes);
    assert_unknown_members_ignored(bytes, &answer);
}

fn assert_round_trip(answer: &Timeseries) {
    let written = serde_json::to_string(answer).expect("an answer can be written");
    let read = serde_json::from_str::<Timeseries>(&written);
    assert_eq!(read.as_ref().ok(), Some(answer), "{read:?} of {written}");
    let body = format!(r#"{{"success":true,"errors":[],"result":{written}}}"#);
    assert_eq!(Timeseries::from_slice(body.as_bytes()).as_ref(), Ok(answer), "{body}");
}

/// Compares each column with the text as parsed by `serde_json` alone.
fn assert_values_match_text(bytes: &[u8], answer: &Timeseries) {
    // `serde_json` limits the depth, and also checks members that the model skips.
    let Ok(body) = serde_json::from_slice::<Value>(without_bom(bytes).trim_ascii()) else { return };
    let result = body.get("result").expect("an answer has a result");
    for series in &answer.series {
        let member = result.get(series.label()).expect("a series has a label in the text");
        if member.get("timestamps").is_none() {
            // A duplicate label whose value is not a series: the model skips it, and `Value` keeps the last
            // one.
            continue;
        }
        let column = |name: &str| member.get(name).and_then(Value::as_array).expect("a series has columns");
        let timestamps = column("timestamps")
            .iter()
            .map(|timestamp| {
                DateTime::parse_from_rfc3339(timestamp.as_str().expect("a string"))
                    .expect("an instant")
                    .to_utc()
            })
            .collect::<Vec<_>>();
        assert_eq!(series.timestamps(), timestamps);
        let values = column("values")
            .iter()
            .map(|value| match value {
                Value::String(text) => text.parse::<f64>().ok().filter(|value| !value.is_nan()),
                other => other.as_f64(),
            })
            .collect::<Vec<_>>();
        assert!(series.values().iter().eq(values.iter().copied()), "{values:?}: {:?}", series.values());
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

fn assert_truncated_is_error(bytes: &[u8]) {
    let whole = bytes.trim_ascii_end();
    let anywhere = PseudoRandom::from(bytes).take(8).map(|number| number % whole.len());
    for cut in [0, 1, whole.len() / 2, whole.len() - 1].into_iter().chain(anywhere) {
        let head = &whole[..cut];
        let error = Timeseries::from_slice(head).expect_err("a truncated answer");
        assert!(
            matches!(error.kind(), DecodeErrorKind::CutOff | DecodeErrorKind::Empty),
            "{error}: {:?}",
            String::from_utf8_lossy(head)
        );
    }
}

fn assert_unknown_members_ignored(bytes: &[u8], answer: &Timeseries) {
    let text = std::str::from_utf8(bytes).expect("an answer is text");
    // The position of the result, where a new member would be a label.
    let envelope: BTreeMap<String, &RawValue> =
        serde_json::from_slice(without_bom(bytes).trim_ascii()).expect("an envelope");
    let result = envelope.get("result").expect("an answer has a result").get().as_ptr() as usize
        - bytes.as_ptr() as usize;
    let objects = openings(text);
    for number in PseudoRandom::from(bytes).take(6) {
        let (position, depth) = objects[number % objects.len()];
        let values: &[&str] = if depth < 100 {
            &["null", "-1.5e3", "\"a } in a text\"", "[[], {}]", r#"{"meta":{},"series":[1]}"#]
        } else {
            // Near the depth limit of the parser, a nested value would exceed it.
            &["null", "7", "\"text\""]
        };
        let value = values[number / objects.len() % values.len()];
        let (head, tail) = text.split_at(position + 1);
        let comma = if tail.trim_start().starts_with('}') { "" } else { "," };
        let more = format!("{head}\"{UNKNOWN_MEMBER}\":{value}{comma}{tail}");
        match Timeseries::from_slice(more.as_bytes()) {
            Ok(read) => assert_eq!(&read, answer, "{more}"),
            // Documented: without any series, an unknown member may be one that could not be decoded.
            Err(error) => assert!(position == result && answer.series.is_empty(), "{error}: {more}"),
        }
    }
}

/// Finds the position and the depth of every `{` in a JSON text.
fn openings(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut depth, mut in_text, mut is_escaped) = (Vec::new(), 0_usize, false, false);
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => {
                if byte == b'{' {
                    found.push((position, depth));
                }
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// Pseudorandom numbers seeded with the input, so that a failure can be reproduced.
struct PseudoRandom(u64);

impl From<&[u8]> for PseudoRandom {
    fn from(bytes: &[u8]) -> Self {
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix))
    }
}

impl Iterator for PseudoRandom {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).ok()
    }
}

// Errors.

/// The maximum number of errors kept from a body, causes included.
const MOST_ERRORS: usize = 16;
/// The maximum length of a message, in characters, including the ellipsis.
const LONGEST_MESSAGE: usize = 2001;
/// The maximum length of all messages, in bytes: each character may be shown as `\u{2028}`, plus separators.
const LONGEST_SHOWN: usize = MOST_ERRORS * (LONGEST_MESSAGE * 8 + 64);
/// The maximum length of a body that is parsed as JSON.
const LONGEST_JSON: usize = 1 << 20;

/// Checks that any body becomes a description of an error that is short, on one line and deterministic.
pub fn error_body(bytes: &[u8]) {
    let body = ErrorBody::parse(bytes);
    assert_eq!(body, ErrorBody::parse(bytes), "not deterministic");
    let shown = body.to_string();
    assert_one_line(&shown);
    assert!(!shown.is_empty() && shown.len() <= LONGEST_SHOWN, "{} bytes are shown", shown.len());

    let messages = all(body.errors());
    assert!(messages.len() <= MOST_ERRORS, "{} errors are kept", messages.len());
    for message in &messages {
        assert!(message.message.chars().count() <= LONGEST_MESSAGE, "{} bytes", message.message.len());
        assert_one_line(&message.to_string());
        assert!(message.code.is_none_or(|code| body.has_code(code)));
    }
    let first = body.errors().iter().find_map(|error| error.code);
    assert_eq!(body.code(), first);

    let trimmed = without_bom(bytes).trim_ascii();
    let json = serde_json::from_slice::<Value>(trimmed).ok().filter(|_| trimmed.len() <= LONGEST_JSON);
    let shape = match &json {
        _ if trimmed.is_empty() => ErrorShape::Empty,
        None if trimmed.starts_with(b"<") => ErrorShape::Page,
        None => ErrorShape::Text,
        Some(json) if json.get("success").or(json.get("errors")).is_some() => ErrorShape::Envelope,
        Some(json) if json.get("error").is_some() => ErrorShape::Bare,
        Some(_) => ErrorShape::Json,
    };
    assert_eq!(body.shape(), shape);
    assert_eq!(
        ErrorBody::parse(&[trimmed, b"\r\n "].concat()),
        ErrorBody::parse(trimmed),
        "trailing whitespace matters"
    );
    if !bytes.starts_with(b"\xEF\xBB\xBF") {
        assert_eq!(ErrorBody::parse(&[b"\xEF\xBB\xBF", bytes].concat()), body, "a byte order mark matters");
    }
}

fn all(messages: &[ApiMessage]) -> Vec<&ApiMessage> {
    messages.iter().flat_map(|message| std::iter::once(message).chain(all(&message.chain))).collect()
}

// Retries.

/// The credential of the client, which must never be shown. It does not start with the letter of an escape:
/// `\t` and the rest of a token would look like the whole token.
const TOKEN: &str = "K3n-of-the-fuzzer";

const STATUSES: [u16; 10] = [503, 429, 500, 502, 504, 408, 409, 400, 404, 301];
const INITIAL_BACKOFFS: [Duration; 4] =
    [Duration::from_millis(500), Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3600)];
const MAX_BACKOFFS: [Duration; 4] =
    [Duration::from_secs(8), Duration::ZERO, Duration::from_millis(1), Duration::from_secs(100_000)];
const MAX_RETRY_AFTERS: [Duration; 4] =
    [Duration::from_secs(60), Duration::ZERO, Duration::from_secs(1 << 32), Duration::MAX];
const TIMEOUTS: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(1),
    Duration::from_secs(100_000),
    Duration::from_secs(1 << 40),
    Duration::MAX,
];
/// Response times of the server.
const DELAYS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(700), Duration::from_secs(30)];
/// Wall clocks of the client, in seconds since 1970.
const CLOCKS: [i64; 5] = [1_795_521_600, 0, -1_000_000_000, 253_402_300_799, 4_000_000_000_000];

/// Checks that a call to a failing server ends, and waits no longer than its settings allow.
///
/// The input is lines: `Retry-After`, `Date`, a byte for each setting, and then the body. A header cannot
/// contain a line break, so this format covers all headers.
pub fn retry_after(bytes: &[u8]) {
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (retry_after, date, settings, body) = (line(), line(), line(), line());
    let setting = |index: usize| settings.get(index).map_or(0, |byte| usize::from(byte.wrapping_sub(b'0')));
    let status = STATUSES[setting(0) % STATUSES.len()];
    let policy = RetryPolicy::new()
        .backoff(
            INITIAL_BACKOFFS[setting(1) % INITIAL_BACKOFFS.len()],
            MAX_BACKOFFS[setting(2) % MAX_BACKOFFS.len()],
        )
        .max_retry_after(MAX_RETRY_AFTERS[setting(3) % MAX_RETRY_AFTERS.len()])
        .max_retries([2, 0, 1, 5][setting(4) % 4])
        .jitter_seed(7);
    let timeout = TIMEOUTS[setting(5) % TIMEOUTS.len()];
    let delay = DELAYS[setting(6) % DELAYS.len()];
    let clock = CLOCKS[setting(7) % CLOCKS.len()];

    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = status.try_into().expect("a status");
    for (name, line) in [(header::RETRY_AFTER, retry_after), (header::DATE, date)] {
        // An empty line means that the header is missing.
        if let Ok(value) = HeaderValue::from_bytes(line)
            && !line.is_empty()
        {
            response.headers_mut().insert(name, value);
        }
    }

    let mut call = Settings::new(Credentials::token(TOKEN).expect("a token"));
    (call.retry, call.timeout) = (policy.clone(), timeout);
    call.budget = (setting(8) % 2 == 1).then(RateBudget::default);
    let mut server = Server { response, delay, now: at(clock), requested_wait: RequestedWait::None };
    let is_retryable = status >= 500 || [408, 409, 429].contains(&status);
    let mut ready = Ready::new(&Arc::new(call), TimeseriesParams::new()).expect("a request");
    let mut elapsed = Duration::ZERO;
    // There is no deadline if the clock cannot represent it.
    let has_deadline = server.now.monotonic.checked_add(timeout).is_some();
    for attempts in 1.. {
        // The first attempt, and each one after a wait, begins before the deadline.
        let (attempt, in_flight) = ready.begin(server.now).expect("time for an attempt");
        assert_eq!((attempt.number, attempt.wait), (attempts, Duration::ZERO));
        assert!(attempt.timeout <= timeout.saturating_sub(elapsed));
        let reply = server.answer();
        elapsed = elapsed.saturating_add(delay);
        let left = if has_deadline { timeout.saturating_sub(elapsed) } else { Duration::MAX };
        let may_retry = is_retryable && attempts <= policy.max_retries;
        match in_flight.finish(server.now, Ok(reply)) {
            Outcome::Retry { wait, ready: next } => {
                assert!(may_retry, "attempt {attempts} after status {status}");
                assert!(wait <= policy.max_backoff.max(policy.max_retry_after), "{wait:?} is too long");
                assert!(wait < left, "{wait:?} is beyond the deadline in {left:?}");
                match server.requested_wait {
                    RequestedWait::For(requested) => assert_eq!(wait, requested),
                    RequestedWait::None => {
                        assert!(wait <= policy.max_backoff, "{wait:?} exceeds the maximum backoff");
                    }
                    RequestedWait::Unclear => {}
                }
                if server.now.monotonic.checked_add(wait).is_none() {
                    // The clock cannot represent the end of the wait, and there is no deadline.
                    return;
                }
                server.now = server.now.later_by(wait);
                elapsed = elapsed.saturating_add(wait);
                ready = next;
            }
            Outcome::Done(Ok(_)) => panic!("status {status} must be an error"),
            Outcome::Done(Err(error)) => {
                let must_retry = may_retry
                    && match server.requested_wait {
                        RequestedWait::For(requested) => {
                            requested <= policy.max_retry_after && requested < left
                        }
                        RequestedWait::None => policy.max_backoff < left,
                        RequestedWait::Unclear => false,
                    };
                assert!(!must_retry, "{error}");
                match server.requested_wait {
                    RequestedWait::For(requested) => {
                        assert_eq!(error.retry_after(), Some(requested).filter(|_| is_retryable));
                    }
                    RequestedWait::None => assert_eq!(error.retry_after(), None),
                    RequestedWait::Unclear => {}
                }
                assert_eq!(error.attempts(), attempts);
                let shown = error.to_string();
                assert_one_line(&shown);
                assert!(!format!("{shown} {error:?}").contains(TOKEN), "{shown}");
                assert!(!error.body().windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()));
                return;
            }
        }
    }
}

/// A server with one response for all requests, and the clock of the test.
struct Server {
    response: Response<Bytes>,
    delay: Duration,
    now: Moment,
    requested_wait: RequestedWait,
}

/// The wait that the server requests, from a second parser of its headers.
#[derive(Clone, Copy)]
enum RequestedWait {
    None,
    For(Duration),
    /// Undecided: a date in a format that this parser does not know.
    Unclear,
}

impl Server {
    fn answer(&mut self) -> Response<Bytes> {
        self.now = self.now.later_by(self.delay);
        self.requested_wait = self.requested_wait();
        self.response.clone()
    }

    fn requested_wait(&self) -> RequestedWait {
        let text = |name| {
            let value: &HeaderValue = self.response.headers().get(name)?;
            let is_readable = value.as_bytes().iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
            Some(is_readable.then(|| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()))
        };
        // Both a number and a date contain digits.
        let Some(Some(value)) = text(header::RETRY_AFTER)
            .filter(|value| value.as_ref().is_some_and(|value| value.contains(|c: char| c.is_ascii_digit())))
        else {
            return RequestedWait::None;
        };
        let positive =
            |wait: Duration| if wait.is_zero() { RequestedWait::None } else { RequestedWait::For(wait) };
        if value.chars().all(|c| c.is_ascii_digit()) {
            let digits = value.trim_start_matches('0');
            let seconds = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
            return positive(Duration::from_secs(seconds));
        }
        let Some(until) = parse_imf_fixdate(&value) else { return RequestedWait::Unclear };
        let now = match text(header::DATE) {
            None => DateTime::from(self.now.wall),
            Some(date) => match date.as_deref().and_then(parse_imf_fixdate) {
                Some(date) => date,
                None => return RequestedWait::Unclear,
            },
        };
        (until - now).to_std().map_or(RequestedWait::None, positive)
    }
}

/// Parses a date in the current format of HTTP, not in the two obsolete ones.
fn parse_imf_fixdate(text: &str) -> Option<DateTime<Utc>> {
    const FORMAT: &str = "%a, %d %b %Y %H:%M:%S GMT";
    let date = NaiveDateTime::parse_from_str(text, FORMAT).ok()?.and_utc();
    // A parser may accept or refuse a leap second.
    let is_ordinary = date.timestamp() >= 0 && text.len() == 29 && !text.contains(":60 ");
    (is_ordinary && date.format(FORMAT).to_string() == text).then_some(date)
}

/// Returns a moment with this wall clock. The origin of the monotonic clock does not matter.
fn at(clock: i64) -> Moment {
    let since = Duration::from_secs(clock.unsigned_abs());
    let wall = if clock < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(since)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(since)
    };
    Moment::new(Moment::now().monotonic, wall.unwrap_or(SystemTime::UNIX_EPOCH))
}

// Date ranges.

/// Checks that a text is a date range exactly if it matches the documented pattern, that it is written in
/// lower case, and that its window has the same length at any instant.
pub fn date_range(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = text.parse::<DateRange>();
    let is_documented = is_documented_range(text.to_ascii_lowercase().as_bytes());
    assert_eq!(read.is_ok(), is_documented, "{text:?}");
    if !text.is_empty() {
        let query = wire::write_escaped([("dateRange", text.as_ref())]);
        assert_eq!(TimeseriesParams::parse_query(&query).is_ok(), is_documented, "{query}");
    }
    let range = match read {
        Ok(range) => range,
        Err(problem) => return assert_one_line(&problem.to_string()),
    };
    let written = range.to_string();
    assert_eq!(written, text.to_ascii_lowercase());
    assert_eq!(written.parse(), Ok(range));
    assert_eq!(range.is_control(), written.ends_with("control"));
    assert_eq!(range.control().to_string(), format!("{}control", written.trim_end_matches("control")));

    let (length, offset) = (range.length(), range.offset());
    assert!(length >= TimeDelta::days(1) && length <= TimeDelta::days(364), "{written}");
    if range.is_control() {
        // Whole weeks earlier, so that weekdays align, and as few weeks as possible.
        assert_eq!(offset.num_seconds() % (7 * 86_400), 0, "{written}");
        assert!(offset >= length && offset < length + TimeDelta::weeks(1), "{written}");
    } else {
        assert!(offset.is_zero(), "{written}");
    }
    let days = |count| TimeDelta::days(count);
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let early = [0, 1, 7, 364, 728, 729].map(|count| first + days(count));
    for now in early.into_iter().chain([DateTime::UNIX_EPOCH, last - days(1), last]) {
        match range.window_at(now) {
            Some((start, end)) => assert!(end - start == length && now - end == offset, "{written} at {now}"),
            None => assert!(now - first < offset + length, "{written} at {now}"),
        }
    }
}

/// Matches the documented pattern, alternative by alternative:
/// `^((([1-9]|[1-9][0-9]|[1-2][0-9][0-9]|3[0-5][0-9]|36[0-4])[d](control)?)|(([1-9]|[1-4][0-9]|5[0-2])[w](control)?))$`
fn is_documented_range(text: &[u8]) -> bool {
    match text.strip_suffix(b"control").unwrap_or(text) {
        [count @ .., b'd'] => matches!(
            count,
            [b'1'..=b'9']
                | [b'1'..=b'9', b'0'..=b'9']
                | [b'1'..=b'2', b'0'..=b'9', b'0'..=b'9']
                | [b'3', b'0'..=b'5', b'0'..=b'9']
                | [b'3', b'6', b'0'..=b'4']
        ),
        [count @ .., b'w'] => {
            matches!(count, [b'1'..=b'9'] | [b'1'..=b'4', b'0'..=b'9'] | [b'5', b'0'..=b'2'])
        }
        _ => false,
    }
}
