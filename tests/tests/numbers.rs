//! The numbers that prose names are those of the code: defaults and limits in documentation, READMEs and help.
//!
//! A number with a unit that nothing here accounts for is an error too, so that whoever writes one adds what holds it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use radar_ct::operation::Settings;
use radar_ct::transport::TransportConfig;
use radar_ct::{AggInterval, Credentials, Export, RateBudget, RetryPolicy, TimeseriesParams};
use radar_ct_emulator::Emulator;

/// A file, and words in it that hold a number.
type Claim = (&'static str, String);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The number behind `NAME: … =` in a source, for constants that are nobody's business but the file's.
fn constant(file: &str, name: &str) -> u64 {
    let text = read(file);
    let line = text.lines().find(|line| line.contains(&format!("const {name}:")));
    let value = line.and_then(|line| line.split_once(" = ")).unwrap_or_else(|| panic!("{file}: no {name}")).1;
    let value = value.trim_end_matches(';').replace('_', "");
    let value = value.split_once('(').map_or(value.as_str(), |(_, inner)| inner).trim_end_matches(')');
    match value.split_once(" << ") {
        Some((number, bits)) => number.parse::<u64>().unwrap() << bits.parse::<u32>().unwrap(),
        None => value.parse().unwrap_or_else(|_| panic!("{file}: {name} is {value}")),
    }
}

fn kib(bytes: u64) -> String {
    format!("{} KiB", bytes >> 10)
}

/// With a comma for thousands, as prose has it.
fn grouped(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

/// What is said of the client.
fn of_the_client() -> Vec<Claim> {
    let settings = Settings::new(Credentials::token("token").unwrap());
    let (whole, one) = (settings.timeout.as_secs(), settings.attempt_timeout.as_secs());
    let policy = RetryPolicy::default();
    let (retries, longest, asked) =
        (policy.max_retries, policy.max_backoff.as_secs(), policy.max_retry_after.as_secs());
    let first = format!("{} seconds", policy.initial_backoff.as_secs_f64());

    // `1200 requests in 300s`.
    let budget = RateBudget::cloudflare().to_string();
    let (requests, seconds) = budget.trim_end_matches('s').split_once(" requests in ").unwrap();
    let minutes = seconds.parse::<u64>().unwrap() / 60;

    let now = "2026-10-08T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let params = TimeseriesParams::new().agg_interval(AggInterval::OneDay);
    let export = Export::new(params, now - chrono::Duration::days(30)..now).unwrap();
    let settled = (now - export.calls(now.into()).settled_until()).num_days();

    let body = constant("crates/radar-ct/src/error.rs", "MAX_ERROR_BODY");
    let shortest = constant("crates/radar-ct-cli/src/watch.rs", "SHORTEST");
    assert_eq!(shortest, 1, "the help of `--watch` does not say so, and need not");
    vec![
        ("crates/radar-ct/src/budget.rs", format!("{requests} requests in {minutes} minutes")),
        ("crates/radar-ct/src/export.rs", format!("The default is {settled} days;")),
        ("crates/radar-ct/src/error.rs", format!("the first {} of the body", kib(body))),
        ("crates/radar-ct/src/error_text.rs", format!("{requests} in {minutes} minutes")),
        ("crates/radar-ct/docs/errors.md", format!("up to {retries} times")),
        (
            "crates/radar-ct/docs/errors.md",
            format!("{first} at first, then twice as long each time, up to {longest} seconds"),
        ),
        ("crates/radar-ct/docs/errors.md", format!("more than {asked} seconds")),
        (
            "crates/radar-ct/docs/errors.md",
            format!(
                "a deadline of {whole} seconds, all attempts and waits included, and an attempt has a timeout of {one} seconds"
            ),
        ),
        ("crates/radar-ct/docs/errors.md", format!("the first {} of the body", kib(body))),
        ("crates/radar-ct/docs/rate_limits.md", format!("{requests} requests in {minutes} minutes")),
        ("crates/radar-ct/docs/long_windows.md", format!("{settled} days")),
        ("crates/radar-ct-cli/src/connection.rs", format!("waits included [default: {whole}]")),
        ("crates/radar-ct-cli/src/connection.rs", format!("is tried again [default: {retries}]")),
        ("crates/radar-ct-cli/src/commands/export.rs", format!(".default_value(\"{settled}\")")),
    ]
}

/// What is said of the transports.
fn of_the_transports() -> Vec<Claim> {
    const CONFIG: &str = "crates/radar-ct-transport/src/config.rs";
    let config = format!("{:?}", TransportConfig::new());
    let member = |name: &str| {
        let rest = config.split(&format!("{name}: ")).nth(1).unwrap();
        rest.split([',', ' ']).next().unwrap().trim_end_matches('s').parse::<u64>().unwrap()
    };
    let (seconds, bytes) = (member("connect_timeout"), member("max_body_bytes"));
    vec![(CONFIG, format!("{seconds} seconds to connect")), (CONFIG, format!("at most {} MiB", bytes >> 20))]
}

/// What is said of the emulator.
fn of_the_emulator() -> Vec<Claim> {
    const README: &str = "crates/radar-ct-emulator/README.md";
    const BUILDER: &str = "crates/radar-ct-emulator/src/builder.rs";
    const PROGRAM: &str = "crates/radar-ct-emulator/src/main.rs";
    let builder = format!("{:?}", Emulator::builder());
    let limit = builder.split("rate_limit: (").nth(1).unwrap().split(')').next().unwrap();
    let (requests, per) = limit.split_once(", ").unwrap();
    let seconds = per.trim_end_matches('s').parse().map(Duration::from_secs).unwrap().as_secs();
    let minutes = seconds / 60;
    let cost = builder.split("max_points: ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let points = constant("crates/radar-ct-emulator/src/window.rs", "MOST_POINTS");
    let series = constant("crates/radar-ct-emulator/src/endpoints/series.rs", "MOST_SERIES");
    let rows = constant("crates/radar-ct-emulator/src/endpoints/listing.rs", "ROWS");
    vec![
        (README, format!("({requests} in {minutes} minutes for each credential)")),
        (README, format!("more than {} points in a series", grouped(points))),
        (README, format!("more than {series} series, or {} points over all", grouped(cost))),
        (README, format!("{rows} rows where no `limit`")),
        // Held by the tests of the emulator, which ask without dates and intervals.
        (README, "the last 7 days; an error".to_owned()),
        (README, "15 minutes up to a day, an hour up to 31 days, a day beyond".to_owned()),
        (BUILDER, format!("By default {requests} in")),
        (BUILDER, format!("{seconds} seconds, as documented")),
        (BUILDER, format!("{} by default", grouped(cost))),
        (PROGRAM, format!("has in {minutes} minutes [default: {requests}]")),
    ]
}

fn claims() -> Vec<Claim> {
    [of_the_client(), of_the_transports(), of_the_emulator()].concat()
}

fn ends_in(file: &str, extension: &str) -> bool {
    Path::new(file).extension().is_some_and(|found| found == extension)
}

/// The lines of a file that are for readers: documentation of code, all of a document but its code.
fn prose(file: &str) -> Vec<String> {
    let text = read(file);
    let is_code = ends_in(file, "rs");
    let mut is_block = false;
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim) {
        let line = match (is_code, line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))) {
            (true, Some(line)) => line.trim(),
            (true, None) => continue,
            (false, _) => line,
        };
        if line.starts_with("```") {
            is_block = !is_block;
        } else if !is_block {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// Numbers with a unit behind them: `60 seconds`.
fn quantities(line: &str) -> Vec<String> {
    const UNITS: &[&str] = &[
        "seconds", "second", "minutes", "minute", "days", "KiB", "MiB", "retries", "requests", "points",
        "series", "rows",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
    };
    let pairs = words.windows(2).filter_map(|pair| {
        let (number, unit) = (pair.first()?, pair.last()?.trim_matches(|c: char| !c.is_alphabetic()));
        let number = number.trim_start_matches('(');
        (is_number(number) && UNITS.contains(&unit)).then(|| format!("{number} {unit}"))
    });
    pairs.collect()
}

#[test]
fn every_claim_is_made_as_the_code_has_it() {
    for (file, words) in claims() {
        // Prose is wrapped anywhere.
        let text: String = read(file).replace("///", " ").replace("//!", " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&words), "{file} does not say `{words}`, as the code has it");
    }
}

#[test]
fn no_number_stands_alone() {
    let claims = claims();
    let mut files: BTreeSet<String> =
        ["README.md", "crates/radar-ct-emulator/README.md", "crates/radar-ct-emulator/src/builder.rs"]
            .map(ToOwned::to_owned)
            .into();
    for folder in ["crates/radar-ct/src", "crates/radar-ct/docs", "crates/radar-ct-transport/src"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        files.extend(
            entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap())),
        );
    }
    let files = files.iter().filter(|file| ends_in(file, "rs") || ends_in(file, "md"));
    for file in files {
        for quantity in prose(file).iter().flat_map(|line| quantities(line)) {
            let is_held = claims.iter().any(|(of, words)| of == file && words.contains(&quantity));
            assert!(is_held, "{file} says `{quantity}`: add to this test what the code has");
        }
    }
}

#[test]
fn quantities_are_found() {
    assert_eq!(quantities("at most 64 MiB, within (10 seconds)"), ["64 MiB", "10 seconds"]);
    assert_eq!(quantities("of 100,000 points."), ["100,000 points"]);
    assert_eq!(quantities("the 7 endpoints, 60 s"), [""; 0]);
}
