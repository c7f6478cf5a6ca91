//! Wrong usage is refused before anything is sent, with a message that names the flag.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::net::TcpListener;

use common::{program, stderr, stdout};

/// Wrong arguments, and words that the message must have.
const WRONG: &[(&[&str], &[&str])] = &[
    (&["--duration", "LTE_4D"], &["--duration", "LTE_4D", "LTE_3D"]),
    (&["--entry-type", "pre-certificate"], &["--entry-type", "did you mean `PRECERTIFICATE`"]),
    (&["--agg-interval", "5m"], &["--agg-interval", "15m"]),
    (&["--format", "xml"], &["--format", "CSV"]),
    (&["--has-ips", "maybe"], &["--has-ips", "true or false"]),
    (&["--has-ips", "true."], &["--has-ips", "did you mean `true`?"]),
    (&["--unique-entries", "1"], &["--unique-entries", "true, false"]),
    (&["--date-range", "0d"], &["--date-range", "0d", "1d to 364d"]),
    (&["--date-range", "365d"], &["--date-range", "365d"]),
    (&["--date-range", "53w"], &["--date-range", "53w"]),
    (&["--date-range", "07d"], &["--date-range"]),
    (&["--date-range", "-5d"], &["--date-range", "-5d"]),
    (&["--date-range", "7d", "--date-start", "2026-01-01T00:00:00Z"], &["--date-range", "--date-start"]),
    (&["--date-start", "2026-01-01T00:00:00Z"], &["--date-start", "needs --date-end"]),
    (&["--date-end", "2026-01-01T00:00:00Z"], &["--date-end", "needs --date-start"]),
    (&["--date-start", "2026-01-01", "--date-end", "2026-01-02"], &["--date-start", "RFC 3339"]),
    (
        &["--date-start", "2026-01-02T00:00:00Z", "--date-end", "2026-01-01T00:00:00Z"],
        &["--date-end", "later than --date-start"],
    ),
    (&["--tld", "com", "--log", "argon2026h1"], &["--tld", "--log"]),
    (&["--tld", "com", "--log-operator", "Google"], &["--tld", "--log-operator"]),
    (&["--log-api", "STATIC", "--vs", "--tld", "com"], &["--tld of series 2", "--log-api \"\""]),
    (&["--date-range", "7d", "--vs", "--date-range", "8d"], &["--date-range of series 2", "8 d", "7 d"]),
    (
        &[
            "--date-start",
            "2026-01-01T00:14:00Z",
            "--date-end",
            "2026-01-02T00:10:00Z",
            "--vs",
            "--date-start",
            "2026-01-01T00:01:00Z",
            "--date-end",
            "2026-01-02T00:16:00Z",
        ],
        &["of series 2", "1 d 15 min", "15 minutes"],
    ),
    (&["--name", "a", "--vs", "--name", "a"], &["--name of series 2", "`a`", "series 1"]),
    (&["--name", "meta"], &["--name", "meta"]),
    (&["--ca", "a", "--ca", "b"], &["--ca", "--vs"]),
    (&["--agg-interval", "1h", "--vs", "--agg-interval", "1d"], &["--agg-interval"]),
    (&["--ca-owner", "--vs", "--ca", "x"], &["--ca-owner needs a value"]),
    (&["--format", "CSV", "--output", "csv"], &["--output", "--format"]),
    (&["--output", "xml"], &["--output", "json", "csv", "table"]),
    (&["--timeout", "0"], &["--timeout"]),
    (&["--timeout", "-1"], &["--timeout"]),
    (&["--timeout", "soon"], &["--timeout", "seconds"]),
    (&["--max-retries", "-1"], &["--max-retries"]),
    (&["--max-retries", "many"], &["--max-retries"]),
    (&["--query", "caOwner=x"], &["--query", "--ca-owner"]),
    (&["--query", "nothing"], &["--query", "NAME=VALUE"]),
    (&["--emulator"], &["--emulator", "--base-url"]),
    (&["--ca-ower", "x"], &["--ca-ower", "--ca-owner"]),
    (&["7d"], &["7d"]),
];

#[test]
fn wrong_usage_exits_with_2_and_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base_url = format!("http://{}/client/v4", listener.local_addr().unwrap());
    for (args, words) in WRONG {
        for dry_run in [false, true] {
            let mut command = program();
            command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["--base-url", &base_url, "timeseries"]);
            command.args(*args).args(dry_run.then_some("--dry-run"));
            let output = command.output().unwrap();
            let message = stderr(&output);
            assert_eq!(
                (output.status.code(), stdout(&output).as_str()),
                (Some(2), ""),
                "{args:?}: {message}"
            );
            for word in *words {
                assert!(message.contains(word), "{args:?}: {message}");
            }
            assert!(!message.contains("s3cr3t") && !message.contains("panicked"), "{args:?}: {message}");
            assert!(message.starts_with("error: "), "{args:?}: {message}");
        }
    }
    let connection = listener.accept();
    assert!(
        connection.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock),
        "something was sent"
    );
}

#[test]
fn each_kind_of_wrong_usage_has_a_distinct_message() {
    let mut messages: Vec<_> =
        WRONG.iter().map(|(args, _)| stderr(&common::timeseries(*args)).replace("--base-url", "")).collect();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), WRONG.len(), "{messages:#?}");
}

#[test]
fn unusable_credentials_are_refused_before_anything_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base_url = format!("http://{}/client/v4", listener.local_addr().unwrap());
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "CLOUDFLARE_API_TOKEN"),
        (&[("CLOUDFLARE_API_TOKEN", "")], "there are no credentials"),
        (&[("CLOUDFLARE_API_TOKEN", "s3cr3t\n")], "line break"),
        (&[("CLOUDFLARE_API_TOKEN", "s3cr3t token")], "white space"),
        (&[("CLOUDFLARE_API_TOKEN", "s3cr\u{e9}t")], "outside ASCII"),
        (&[("CLOUDFLARE_EMAIL", "a@b.example")], "CLOUDFLARE_API_KEY is not"),
        (&[("CLOUDFLARE_API_KEY", "s3cr3t")], "CLOUDFLARE_EMAIL is not"),
        (&[("CLOUDFLARE_EMAIL", "nobody"), ("CLOUDFLARE_API_KEY", "s3cr3t")], "@"),
    ];
    for (variables, words) in cases {
        let mut command = program();
        command.args(["timeseries", "--base-url", &base_url]).envs(variables.iter().copied());
        let output = command.output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{variables:?}: {message}");
        assert!(message.contains(words) && !message.contains("s3cr"), "{variables:?}: {message}");
    }
    assert!(listener.accept().is_err(), "something was sent");
}

#[test]
fn unsafe_base_urls_are_refused() {
    let cases = [
        ("http://example.com/client/v4", "not a loopback address"),
        ("http://127.0.0.1.example.com", "not a loopback address"),
        ("http://192.168.1.1", "not a loopback address"),
        ("ftp://127.0.0.1/", "ftp"),
        ("example.com", "https"),
        ("https://user:s3cr3t@example.com", "user name or password"),
        ("", ""),
    ];
    for (url, words) in cases {
        let from_flag = {
            let mut command = program();
            command
                .args(["timeseries", "--base-url", url])
                .env("CLOUDFLARE_API_TOKEN", "token")
                .output()
                .unwrap()
        };
        let message = stderr(&from_flag);
        assert_eq!(from_flag.status.code(), Some(2), "{url}: {message}");
        assert!(message.contains(words) && !message.contains("s3cr3t"), "{url}: {message}");
        if !url.is_empty() {
            let mut command = program();
            command.arg("timeseries").env("CLOUDFLARE_API_TOKEN", "token").env("CLOUDFLARE_BASE_URL", url);
            let from_variable = command.output().unwrap();
            assert_eq!(from_variable.status.code(), Some(2), "{url}");
            assert!(stderr(&from_variable).contains("CLOUDFLARE_BASE_URL"), "{}", stderr(&from_variable));
        }
    }
}

#[test]
fn other_commands_refuse_wrong_usage() {
    let table: &[(&[&str], &[&str])] = &[
        (&["summary"], &["DIMENSION"]),
        (&["summary", "colour"], &["dimension", "colour", "ca-owner"]),
        (&["summary", "caowner"], &["dimension", "caowner", "did you mean `ca-owner`?"]),
        (&["timeseries-groups", "Log API"], &["dimension", "Log API", "did you mean `log-api`?"]),
        (&["summary", "ca", "--limit-per-group", "1"], &["--limit-per-group", "at least 2"]),
        (&["summary", "ca", "--limit-per-group", "many"], &["--limit-per-group", "many"]),
        (&["summary", "ca", "--normalization", "min0_max"], &["--normalization", "PERCENTAGE"]),
        (&["summary", "ca", "--agg-interval", "1d"], &["--agg-interval"]),
        (&["summary", "tld", "--log", "x"], &["--log", "TLD"]),
        (&["timeseries-groups", "log", "--ca", "x", "--vs", "--tld", "de"], &["--tld of series 2", "LOG"]),
        (&["timeseries-groups", "tld", "--entry-type", "CERTIFICATE"], &["--entry-type", "TLD"]),
        (&["authorities", "--limit", "0"], &["--limit", "at least 1"]),
        (&["authorities", "--limit", "-1"], &["--limit", "-1"]),
        (&["authorities", "--limit", "4294967296"], &["--limit", "4294967296"]),
        (&["logs", "--offset", "x"], &["--offset", "x"]),
        (&["logs", "--limit", "5", "get", "a"], &["--limit", "get"]),
        (&["logs", "--all", "--format", "CSV"], &["--all", "CSV"]),
        (&["authorities", "get", "abc"], &["fingerprint", "64"]),
        (&["authorities", "get", ".."], &["fingerprint"]),
        (&["logs", "get", ".."], &["slug", ".."]),
        (&["logs", "get", ""], &["slug"]),
    ];
    for (args, words) in table {
        let output = program().args(*args).output().unwrap();
        let message = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{args:?}: {message}");
        for word in *words {
            assert!(message.contains(word), "{args:?}: {message}");
        }
    }
}
