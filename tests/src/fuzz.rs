//! What must hold for any bytes whatever: one function for each thing that is read from outside.
//!
//! They are run in two ways: by libFuzzer (`cargo xtask fuzz`), which looks for new inputs, and by the test `fuzz_smoke`,
//! which replays the inputs in `fuzz/corpus` and changes them at random. A property that does not hold is a panic.
#![allow(
    clippy::indexing_slicing,
    reason = "an index that is wrong is a failure to be seen, here as in any test"
)]

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

/// One thing to fuzz: the name of its corpus and of its program, and the function.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 5] = [
    ("query", query),
    ("timeseries", timeseries),
    ("error_body", error_body),
    ("retry_after", retry_after),
    ("date_range", date_range),
];

/// What is shown of a failure goes to terminals and logs: one line, and nothing that they would obey.
fn is_one_line(shown: &str) {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!shown.contains(obeyed), "on more than one line, or with control characters: {shown:?}");
}

// Queries.

/// A query that is read is written in one way, is read back as the same request, and is sent exactly if it breaks
/// none of the documented rules.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let request = match TimeseriesParams::parse_query(&text) {
        Ok(request) => request,
        Err(error) => return is_one_line(&error.to_string()),
    };
    let query = request.to_query();
    let written = query.to_string();
    let read = TimeseriesParams::parse_query(&written).expect("what was written is read");
    assert_eq!(read, request, "{written}");
    assert_eq!(read.to_query().to_string(), written, "written in two ways");

    let pairs = wire::read_strictly(&written).expect("written in the canonical way");
    assert!(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(query.pairs()), "{written}");
    let on_the_wire = wire::series_by_position(&pairs);
    assert_eq!(on_the_wire.len(), request.series().len(), "{written}");
    for (series, wire) in request.series().zip(&on_the_wire) {
        for name in wire::OF_A_SERIES {
            assert_eq!(
                series.get(name).as_deref(),
                wire.get(name).map(String::as_str),
                "{name} in {written}"
            );
        }
    }

    keeps_what_was_given(&Query::parse(&text).expect("it was read"), &query);

    // The order of names says nothing, only that of the values of one name. The extra ones are kept in the order in
    // which they came, so that only the others can be compared.
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

    let obeys = obeys_the_rules(&pairs, &on_the_wire);
    let validated = request.validate();
    assert_eq!(validated.is_ok(), obeys, "{written}: {validated:?}");
    if let Err(error) = &validated {
        is_one_line(&error.to_string());
    }
    let asks_for_csv = request.is_csv();
    match request.prepare() {
        Ok(prepared) => {
            assert!(obeys && !asks_for_csv, "{written} is sent");
            assert_eq!(prepared, query);
            assert_eq!(TimeseriesParams::parse_query(&prepared.to_string()).as_ref(), Ok(&request));
        }
        Err(error) => {
            assert!(!obeys || asks_for_csv, "{written} is not sent: {error}");
            is_one_line(&error.to_string());
        }
    }
    match request.prepare_csv() {
        Ok(prepared) => {
            assert!(obeys, "{written} is sent");
            let read =
                TimeseriesParams::parse_query(&prepared.to_string()).expect("what was written is read");
            assert!(read.is_csv());
            assert!(read.series().eq(request.series()) && read.options() == request.options(), "{written}");
        }
        Err(error) => assert!(!obeys, "{written} is not sent: {error}"),
    }
}

/// What is written is what was read, value by value and each in its place; dates alone may be spelt otherwise.
fn keeps_what_was_given(given: &Query, written: &Query) {
    let extra = |query: &Query| -> Vec<_> {
        let all = query.pairs().map(|(name, value)| (name.to_owned(), value.to_owned()));
        all.filter(|(name, _)| !is_known(name)).collect()
    };
    assert_eq!(extra(given), extra(written));
    for name in wire::OF_A_SERIES.into_iter().chain(wire::OF_THE_REQUEST) {
        let column = |query: &Query| -> Vec<String> {
            let spelt = |value: &str| match name {
                "dateRange" => value.to_ascii_lowercase(),
                "dateStart" | "dateEnd" => DateTime::parse_from_rfc3339(value)
                    .map_or_else(|_| value.to_owned(), |at| format!("{:?}", at.to_utc())),
                _ => value.to_owned(),
            };
            let mut column: Vec<_> =
                query.pairs().filter(|(other, _)| *other == name).map(|(_, value)| spelt(value)).collect();
            // Holes at the end say nothing.
            while column.pop_if(|last| last.is_empty()).is_some() {}
            column
        };
        assert_eq!(column(given), column(written), "{name}");
    }
}

fn is_known(name: &str) -> bool {
    wire::OF_A_SERIES.contains(&name) || wire::OF_THE_REQUEST.contains(&name)
}

/// The documented rules, once more, on what stands on the wire.
fn obeys_the_rules(pairs: &[(String, String)], series: &[wire::SeriesOnTheWire]) -> bool {
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
                let read = |text: &str| DateTime::parse_from_rfc3339(text).expect("an instant as it is sent");
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
    let labels_are_fine = series.iter().enumerate().all(|(position, one)| {
        let label = one.get("name").cloned().unwrap_or_else(|| format!("serie_{position}"));
        let later = series.get(position + 1..).unwrap_or_default();
        label != "meta" && (named(one) || !later.iter().any(named)) && labels.insert(label)
    });
    values_are_documented && !series.iter().any(tld_with_log) && minutes.len() <= 1 && labels_are_fine
}

// Answers.

/// How much is shown of an answer that is none, in bytes: 200 characters of a label, each as `\u{10ffff}`, 400 of the
/// parser's words, and ours.
const LONGEST_DECODE_ERROR: usize = 200 * 10 + 400 * 4 + 200;

/// A member that no answer has. It holds a space, which no member of the API does.
const UNKNOWN_MEMBER: &str = "no such member";

/// An answer that is read is whole and says what its text says; what it serialises to is read back as the same. Cut
/// off anywhere it is no answer, and whatever the server adds changes nothing.
pub fn timeseries(bytes: &[u8]) {
    let asked: Vec<_> = std::iter::successors(Some(TimeseriesParams::new()), |last| Some(last.clone().vs()))
        .take(3)
        .collect();
    if let Ok(passed) = Csv(&TimeseriesParams::new()).decode(bytes) {
        assert_eq!(passed, bytes, "CSV is passed through untouched");
    }
    let decoded = Timeseries::from_slice(bytes);
    // Seen to the sign of a zero, which equality passes over.
    let general = Timeseries::from_slice_generally(bytes);
    assert_eq!(format!("{decoded:?}"), format!("{general:?}"), "the fast path and the general path differ");
    let groups = TimeseriesGroups::from_slice(bytes);
    let general = TimeseriesGroups::from_slice_generally(bytes);
    assert_eq!(format!("{groups:?}"), format!("{general:?}"), "the paths differ on groups");
    let answer = match decoded {
        Ok(answer) => answer,
        Err(error) => {
            let shown = error.to_string();
            is_one_line(&shown);
            let longest = if error.api().is_some() { LONGEST_SHOWN + 64 } else { LONGEST_DECODE_ERROR };
            assert!(shown.len() <= longest, "{} bytes are shown", shown.len());
            assert!(error.byte().is_none_or(|byte| byte <= bytes.len()), "{error}");
            assert!(asked.iter().all(|request| request.decode(bytes).is_err()), "{error}");
            return;
        }
    };
    let mut labels = BTreeSet::new();
    for series in &answer.series {
        assert!(series.timestamps().len() == series.values().len() && series.len() == series.values().len());
        assert!(labels.insert(series.label()), "{:?} comes twice", series.label());
        assert!(series.values().iter().flatten().all(f64::is_finite), "{:?}", series.values());
    }
    for (more, request) in asked.iter().enumerate() {
        match request.decode(bytes) {
            Ok(decoded) => assert!(decoded == answer && answer.series.len() > more),
            Err(error) => {
                assert!(answer.series.len() <= more, "{error}");
                is_one_line(&error.to_string());
            }
        }
    }
    says_what_the_text_says(bytes, &answer);
    is_read_back(&answer);
    is_no_answer_when_cut(bytes);
    unknown_members_change_nothing(bytes, &answer);
}

fn is_read_back(answer: &Timeseries) {
    let written = serde_json::to_string(answer).expect("an answer can be written");
    let read = serde_json::from_str::<Timeseries>(&written);
    assert_eq!(read.as_ref().ok(), Some(answer), "{read:?} of {written}");
    let body = format!(r#"{{"success":true,"errors":[],"result":{written}}}"#);
    assert_eq!(Timeseries::from_slice(body.as_bytes()).as_ref(), Ok(answer), "{body}");
}

/// Column by column, against a reader that knows nothing of answers.
fn says_what_the_text_says(bytes: &[u8], answer: &Timeseries) {
    // It goes less deep than the model needs to, and wants what nobody asks for to be sound as well.
    let Ok(body) = serde_json::from_slice::<Value>(without_bom(bytes).trim_ascii()) else { return };
    let result = body.get("result").expect("an answer has a result");
    for series in &answer.series {
        let member = result.get(series.label()).expect("a series has a label in the text");
        if member.get("timestamps").is_none() {
            // The same label once more and below it no series, which is passed over. This reader keeps the last one.
            continue;
        }
        let column = |name: &str| member.get(name).and_then(Value::as_array).expect("a series has columns");
        let stamps = column("timestamps")
            .iter()
            .map(|stamp| {
                DateTime::parse_from_rfc3339(stamp.as_str().expect("a text")).expect("an instant").to_utc()
            })
            .collect::<Vec<_>>();
        assert_eq!(series.timestamps(), stamps);
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

fn is_no_answer_when_cut(bytes: &[u8]) {
    let whole = bytes.trim_ascii_end();
    let anywhere = Chance::from(bytes).take(8).map(|number| number % whole.len());
    for cut in [0, 1, whole.len() / 2, whole.len() - 1].into_iter().chain(anywhere) {
        let head = &whole[..cut];
        let error = Timeseries::from_slice(head).expect_err("a part of an answer is none");
        assert!(
            matches!(error.kind(), DecodeErrorKind::CutOff | DecodeErrorKind::Empty),
            "{error}: {:?}",
            String::from_utf8_lossy(head)
        );
    }
}

fn unknown_members_change_nothing(bytes: &[u8], answer: &Timeseries) {
    let text = std::str::from_utf8(bytes).expect("an answer is text");
    // Where the result begins. There a new member is a label; see below.
    let envelope: BTreeMap<String, &RawValue> =
        serde_json::from_slice(without_bom(bytes).trim_ascii()).expect("an envelope");
    let result = envelope.get("result").expect("an answer has a result").get().as_ptr() as usize
        - bytes.as_ptr() as usize;
    let objects = openings(text);
    for number in Chance::from(bytes).take(6) {
        let (position, depth) = objects[number % objects.len()];
        let values: &[&str] = if depth < 100 {
            &["null", "-1.5e3", "\"a } in a text\"", "[[], {}]", r#"{"meta":{},"series":[1]}"#]
        } else {
            // What lies deeper than the parser goes is refused, whoever added the last level.
            &["null", "7", "\"text\""]
        };
        let value = values[number / objects.len() % values.len()];
        let (head, tail) = text.split_at(position + 1);
        let comma = if tail.trim_start().starts_with('}') { "" } else { "," };
        let more = format!("{head}\"{UNKNOWN_MEMBER}\":{value}{comma}{tail}");
        match Timeseries::from_slice(more.as_bytes()) {
            Ok(read) => assert_eq!(&read, answer, "{more}"),
            // The one documented case: where there is no series, it may be that they are what is not understood.
            Err(error) => assert!(position == result && answer.series.is_empty(), "{error}: {more}"),
        }
    }
}

/// Where the objects of a JSON text open, and how deep they are.
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

/// Numbers that look like chance and depend on the input alone, so that a failure can be had again.
struct Chance(u64);

impl From<&[u8]> for Chance {
    fn from(bytes: &[u8]) -> Self {
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix))
    }
}

impl Iterator for Chance {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).ok()
    }
}

// Errors.

/// How many errors are kept of a body, causes included.
const MOST_ERRORS: usize = 16;
/// How long a message may get, in characters, with the sign that it was shortened.
const LONGEST_MESSAGE: usize = 2001;
/// So many of the longest messages, each character of which may be shown as `\u{2028}`, and a little between them.
const LONGEST_SHOWN: usize = MOST_ERRORS * (LONGEST_MESSAGE * 8 + 64);
/// What is longer is not taken for JSON.
const LONGEST_JSON: usize = 1 << 20;

/// Any body says something about a failure: little, on one line, and the same every time.
pub fn error_body(bytes: &[u8]) {
    let body = ErrorBody::parse(bytes);
    assert_eq!(body, ErrorBody::parse(bytes), "parsed in two ways");
    let shown = body.to_string();
    is_one_line(&shown);
    assert!(!shown.is_empty() && shown.len() <= LONGEST_SHOWN, "{} bytes are shown", shown.len());

    let messages = all(body.errors());
    assert!(messages.len() <= MOST_ERRORS, "{} errors are kept", messages.len());
    for message in &messages {
        assert!(message.message.chars().count() <= LONGEST_MESSAGE, "{} bytes", message.message.len());
        is_one_line(&message.to_string());
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
        "space behind it matters"
    );
    if !bytes.starts_with(b"\xEF\xBB\xBF") {
        assert_eq!(ErrorBody::parse(&[b"\xEF\xBB\xBF", bytes].concat()), body, "a byte order mark matters");
    }
}

fn all(messages: &[ApiMessage]) -> Vec<&ApiMessage> {
    messages.iter().flat_map(|message| std::iter::once(message).chain(all(&message.chain))).collect()
}

// Waits.

/// Known to nobody but the client, so that it must never be shown. It begins with no letter of an escape: `\t` and the
/// rest of a token would be taken for the whole.
const TOKEN: &str = "K3n-of-the-fuzzer";

const STATUSES: [u16; 10] = [503, 429, 500, 502, 504, 408, 409, 400, 404, 301];
const FIRST_WAITS: [Duration; 4] =
    [Duration::from_millis(500), Duration::ZERO, Duration::from_secs(1), Duration::from_secs(3600)];
const MAX_WAITS: [Duration; 4] =
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
/// How long each response takes.
const DELAYS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(700), Duration::from_secs(30)];
/// Seconds since 1970 on the client's clock.
const CLOCKS: [i64; 5] = [1_795_521_600, 0, -1_000_000_000, 253_402_300_799, 4_000_000_000_000];

/// Whatever a failing server asks for, the call waits no longer than its settings allow and comes to an end.
///
/// The input is lines: `Retry-After`, `Date`, a byte for each setting, and then the body. No header can hold a line
/// break, so that nothing is lost by it.
pub fn retry_after(bytes: &[u8]) {
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (wish, date, settings, body) = (line(), line(), line(), line());
    let setting = |index: usize| settings.get(index).map_or(0, |byte| usize::from(byte.wrapping_sub(b'0')));
    let status = STATUSES[setting(0) % STATUSES.len()];
    let policy = RetryPolicy::new()
        .backoff(FIRST_WAITS[setting(1) % FIRST_WAITS.len()], MAX_WAITS[setting(2) % MAX_WAITS.len()])
        .max_retry_after(MAX_RETRY_AFTERS[setting(3) % MAX_RETRY_AFTERS.len()])
        .max_retries([2, 0, 1, 5][setting(4) % 4])
        .jitter_seed(7);
    let timeout = TIMEOUTS[setting(5) % TIMEOUTS.len()];
    let delay = DELAYS[setting(6) % DELAYS.len()];
    let clock = CLOCKS[setting(7) % CLOCKS.len()];

    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = status.try_into().expect("a status");
    for (name, line) in [(header::RETRY_AFTER, wish), (header::DATE, date)] {
        // An empty line is a header that is not there.
        if let Ok(value) = HeaderValue::from_bytes(line)
            && !line.is_empty()
        {
            response.headers_mut().insert(name, value);
        }
    }

    let mut call = Settings::new(Credentials::token(TOKEN).expect("a token"));
    (call.retry, call.timeout) = (policy.clone(), timeout);
    call.budget = (setting(8) % 2 == 1).then(RateBudget::default);
    let mut server = Server { response, delay, now: at(clock), wish: Wish::None };
    let is_retryable = status >= 500 || [408, 409, 429].contains(&status);
    let mut ready = Ready::new(&Arc::new(call), TimeseriesParams::new()).expect("a request");
    let mut elapsed = Duration::ZERO;
    // No deadline, where the clock cannot say when that would be.
    let has_deadline = server.now.monotonic.checked_add(timeout).is_some();
    for attempts in 1.. {
        // A call that still has time may always begin: no wait was begun that would use it up.
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
                match server.wish {
                    Wish::For(asked) => assert_eq!(wait, asked),
                    Wish::None => assert!(wait <= policy.max_backoff, "{wait:?}, of our own"),
                    Wish::Unclear => {}
                }
                if server.now.monotonic.checked_add(wait).is_none() {
                    // Longer than any clock can say, and nobody set a deadline: the wait has no end that could be seen.
                    return;
                }
                server.now = server.now.later_by(wait);
                elapsed = elapsed.saturating_add(wait);
                ready = next;
            }
            Outcome::Done(Ok(_)) => panic!("status {status} is no answer"),
            Outcome::Done(Err(error)) => {
                let must_retry = may_retry
                    && match server.wish {
                        Wish::For(asked) => asked <= policy.max_retry_after && asked < left,
                        Wish::None => policy.max_backoff < left,
                        Wish::Unclear => false,
                    };
                assert!(!must_retry, "{error}");
                match server.wish {
                    Wish::For(asked) => assert_eq!(error.retry_after(), Some(asked).filter(|_| is_retryable)),
                    Wish::None => assert_eq!(error.retry_after(), None),
                    Wish::Unclear => {}
                }
                assert_eq!(error.attempts(), attempts);
                let shown = error.to_string();
                is_one_line(&shown);
                assert!(!format!("{shown} {error:?}").contains(TOKEN), "{shown}");
                assert!(!error.body().windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()));
                return;
            }
        }
    }
}

/// A server that always says the same, and what time it is.
struct Server {
    response: Response<Bytes>,
    delay: Duration,
    now: Moment,
    wish: Wish,
}

/// What the server asks for, by another reading of its headers than the client's.
#[derive(Clone, Copy)]
enum Wish {
    None,
    For(Duration),
    /// Not for us to say: a date of a form that this reading does not know.
    Unclear,
}

impl Server {
    fn answer(&mut self) -> Response<Bytes> {
        self.now = self.now.later_by(self.delay);
        self.wish = self.wish();
        self.response.clone()
    }

    fn wish(&self) -> Wish {
        let text = |name| {
            let value: &HeaderValue = self.response.headers().get(name)?;
            let is_readable = value.as_bytes().iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
            Some(is_readable.then(|| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()))
        };
        // Neither a number nor a date is without digits.
        let Some(Some(wish)) = text(header::RETRY_AFTER)
            .filter(|wish| wish.as_ref().is_some_and(|wish| wish.contains(|c: char| c.is_ascii_digit())))
        else {
            return Wish::None;
        };
        let positive = |wait: Duration| if wait.is_zero() { Wish::None } else { Wish::For(wait) };
        if wish.chars().all(|c| c.is_ascii_digit()) {
            let digits = wish.trim_start_matches('0');
            let seconds = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
            return positive(Duration::from_secs(seconds));
        }
        let Some(until) = in_the_usual_form(&wish) else { return Wish::Unclear };
        let now = match text(header::DATE) {
            None => DateTime::from(self.now.wall),
            Some(date) => match date.as_deref().and_then(in_the_usual_form) {
                Some(date) => date,
                None => return Wish::Unclear,
            },
        };
        (until - now).to_std().map_or(Wish::None, positive)
    }
}

/// A date as HTTP writes it today; the two older forms are none of ours.
fn in_the_usual_form(text: &str) -> Option<DateTime<Utc>> {
    const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";
    let date = NaiveDateTime::parse_from_str(text, FORM).ok()?.and_utc();
    // A leap second may be read or not.
    let is_ordinary = date.timestamp() >= 0 && text.len() == 29 && !text.contains(":60 ");
    (is_ordinary && date.format(FORM).to_string() == text).then_some(date)
}

/// A made-up moment: where the monotonic clock begins does not matter, since it only ever counts what has passed.
fn at(clock: i64) -> Moment {
    let since = Duration::from_secs(clock.unsigned_abs());
    let wall = if clock < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(since)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(since)
    };
    Moment::new(Moment::now().monotonic, wall.unwrap_or(SystemTime::UNIX_EPOCH))
}

// Ranges of dates.

/// A text is a range exactly if the documented pattern says so; it is written as it was read, in lower case, and is
/// as long at any instant.
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
        Err(problem) => return is_one_line(&problem.to_string()),
    };
    let written = range.to_string();
    assert_eq!(written, text.to_ascii_lowercase());
    assert_eq!(written.parse(), Ok(range));
    assert_eq!(range.is_control(), written.ends_with("control"));
    assert_eq!(range.control().to_string(), format!("{}control", written.trim_end_matches("control")));

    let (length, offset) = (range.length(), range.offset());
    assert!(length >= TimeDelta::days(1) && length <= TimeDelta::days(364), "{written}");
    if range.is_control() {
        // Whole weeks earlier, so that weekdays meet, and not one week more than it takes.
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

/// The documented pattern, alternative by alternative:
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
