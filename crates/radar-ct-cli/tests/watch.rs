//! `--watch` writes each point once and survives temporary failures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};

use common::{canned, in_turn, program, stderr, stdout};

fn answer(points: &[(&str, &str)]) -> (&'static str, Vec<u8>) {
    let timestamps: Vec<_> = points.iter().map(|(at, _)| format!("\"2026-01-01T{at}:00Z\"")).collect();
    let values: Vec<_> = points.iter().map(|(_, value)| format!("\"{value}\"")).collect();
    let body = format!(
        r#"{{"success":true,"errors":[],"result":{{"serie_0":{{"timestamps":[{}],"values":[{}]}},"meta":{{}}}}}}"#,
        timestamps.join(","),
        values.join(",")
    );
    ("200 OK", body.into_bytes())
}

/// Watches answers that grow, one temporary failure and a permanent one at the end.
fn watched(output: &str) -> Output {
    let url = in_turn(
        "",
        vec![
            answer(&[("00:00", "1"), ("00:15", "2")]),
            // The newest point has changed, one is new, and the oldest has left the window.
            answer(&[("00:15", "3"), ("00:30", "4")]),
            ("503 Service Unavailable", Vec::new()),
            answer(&[("00:30", "4")]),
            answer(&[("00:30", "4"), ("00:45", "5")]),
            ("401 Unauthorized", Vec::new()),
        ],
    );
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["timeseries", "--base-url", &url]);
    command.args(["--max-retries", "0", "--watch", "1s", "--output", output]).output().unwrap()
}

#[test]
fn points_are_written_once_and_temporary_failures_are_survived() {
    let (ndjson, csv) = std::thread::scope(|scope| {
        let csv = scope.spawn(|| watched("csv"));
        (watched("ndjson"), csv.join().unwrap())
    });
    let points = [("00:00", 1), ("00:15", 2), ("00:30", 4), ("00:45", 5)];
    let rows = points.map(|(at, value)| format!("serie_0,2026-01-01T{at}:00Z,{value}\n"));
    assert_eq!(stdout(&csv), format!("series,timestamp,value\n{}", rows.concat()));
    let lines = points.map(|(at, value)| {
        format!("{{\"series\":\"serie_0\",\"timestamp\":\"2026-01-01T{at}:00Z\",\"value\":{value}}}\n")
    });
    assert_eq!(stdout(&ndjson), lines.concat());
    for output in [csv, ndjson] {
        let errors = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert!(errors.contains("503") && errors.contains("repeating in 1s"), "{errors}");
        assert_eq!(errors.lines().count(), 2, "{errors}");
    }
}

#[test]
fn repeats_wait_as_long_as_the_server_asks() {
    let url = canned("429 Too Many Requests", "retry-after: 120\r\n", "");
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["timeseries", "--base-url", &url]);
    command.args(["--max-retries", "0", "--watch", "1s", "--output", "csv"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut errors).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(errors.contains("asks to wait 120 s") && errors.contains("repeating in 2m"), "{errors}");
}

#[test]
fn formats_that_cannot_be_watched_are_refused() {
    for (args, words) in [
        (&["--watch", "0s"][..], "a second at least"),
        (&["--watch", "15"], "with its unit"),
        (&["--watch", "15m", "--output", "svg"], "no files"),
        (&["--watch", "15m", "--format", "CSV"], "--format CSV"),
    ] {
        let output = program().args(["timeseries", "--emulator"]).args(args).output().unwrap();
        let message = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{args:?}: {message}");
        assert!(message.contains(words), "{args:?}: {message}");
    }
    let output = program().args(["summary", "tld", "--emulator", "--watch", "15m"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
