//! Messages on stderr: as many as requested, and without secrets.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic fails the test")]

mod common;

use std::net::TcpListener;
use std::process::Output;

use common::{canned, program, stderr, stdout};
use radar_ct_emulator::Emulator;

const DATA: &str = r#"{"success":true,"result":{"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#;
const LIMIT: &str = "ratelimit: \"default\";r=49;t=30\r\nratelimit-policy: \"default\";q=100;w=60\r\n";

fn run(url: &str, args: &[&str]) -> Output {
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["timeseries", "--base-url", url]);
    command.args(args).output().unwrap()
}

/// Returns the lines of stderr, with `T` in place of times.
fn messages(output: &Output) -> Vec<String> {
    let without_time = |line: &str| {
        let words = line.split(' ').collect::<Vec<_>>();
        let is_time = |at: usize| {
            let next = words.get(at + 1).map_or("", |word| word.trim_end_matches([';', ',']));
            words[at].parse::<f64>().is_ok() && (next == "s" || next == "ms")
        };
        (0..words.len()).map(|at| if is_time(at) { "T" } else { words[at] }).collect::<Vec<_>>().join(" ")
    };
    stderr(output).lines().map(without_time).collect()
}

#[test]
fn retries_are_reported_with_their_reason() {
    let output = run(&canned("503 Service Unavailable", "", ""), &["--max-retries", "2"]);
    let lines = messages(&output);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], "the API answered with status 503; retrying in T s (attempt 2 of 3)");
    assert_eq!(lines[1], "the API answered with status 503; retrying in T s (attempt 3 of 3)");
    assert!(lines[2].starts_with("error: "), "{lines:?}");

    let limited = canned("429 Too Many Requests", "retry-after: 1\r\n", "");
    let output = run(&limited, &["--max-retries", "1"]);
    assert_eq!(
        stderr(&output).lines().next().unwrap(),
        "the API answered with status 429 and asks to wait; retrying in 1.0 s (attempt 2 of 2)"
    );

    let refused = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let output = run(&refused, &["--max-retries", "1"]);
    assert_eq!(messages(&output)[0], "no connection to the host; retrying in T s (attempt 2 of 2)");

    let output = run(&canned("200 OK", LIMIT, DATA), &[]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn quiet_prints_only_errors() {
    for flag in ["-q", "--quiet"] {
        let output = run(&canned("503 Service Unavailable", "", ""), &["--max-retries", "1", flag]);
        let lines = messages(&output);
        assert!(lines.len() == 1 && lines[0].starts_with("error: "), "{lines:?}");
        let output = run(&canned("200 OK", LIMIT, DATA), &[flag]);
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
        assert!(!stdout(&output).is_empty());
    }
}

#[test]
fn verbose_prints_requests_responses_retries_and_the_rate_limit() {
    for flag in ["-v", "--verbose"] {
        let url = canned("200 OK", LIMIT, DATA);
        let output = run(&url, &["--tld", "de", "--query", "x=s3cr3t-token", flag]);
        let length = DATA.len();
        assert_eq!(
            messages(&output),
            [
                format!("GET {url}/radar/ct/timeseries?tld=de&x=[redacted]"),
                format!(
                    "attempt 1: status 200, {length} bytes in T {}; 49 of 100 requests left for T s",
                    unit(&output)
                ),
            ]
        );
        assert_eq!(stdout(&output), stdout(&run(&url, &["--tld", "de"])));
    }
    let url = canned("500 Internal Server Error", "", "s3cr3t-token");
    let output = run(&url, &["--max-retries", "1", "-v"]);
    let lines = messages(&output);
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert!(lines[1].starts_with("attempt 1: status 500, 12 bytes in T "), "{lines:?}");
    assert_eq!(lines[2], "the API answered with status 500; retrying in T s (attempt 2 of 2)");
    assert_eq!(lines[3], lines[0]);
    assert!(lines[4].starts_with("attempt 2: status 500, "), "{lines:?}");
    assert!(!stderr(&output).contains("s3cr3t"), "{lines:?}");
}

/// Returns the unit of the time that a response took.
fn unit(output: &Output) -> String {
    let text = stderr(output);
    let after = text.split_once(" bytes in ").unwrap().1;
    after.split([' ', ';']).nth(1).unwrap().to_owned()
}

#[test]
fn every_page_is_a_request() {
    let emulator = Emulator::start().unwrap();
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "any").env("CLOUDFLARE_BASE_URL", emulator.base_url());
    let output = command.args(["-v", "logs", "--all", "--limit", "3"]).output().unwrap();
    let lines = stderr(&output);
    let urls: Vec<_> = lines.lines().filter_map(|line| line.strip_prefix("GET ")).collect();
    assert_eq!(u64::try_from(urls.len()).unwrap(), emulator.request_count());
    for (page, url) in urls.iter().enumerate() {
        assert!(url.ends_with(&format!("/logs?limit=3&offset={}", 3 * page)), "{url}");
    }
    assert!(urls.len() > 2, "{lines}");
}

#[test]
fn quiet_and_verbose_exclude_each_other_before_and_after_the_command() {
    let commands: [&[&str]; 4] = [
        &["-q", "-v", "timeseries", "--emulator"],
        &["-q", "timeseries", "--emulator", "--verbose"],
        &["timeseries", "-qv", "--emulator"],
        &["-v", "logs", "get", "argon2026h1", "--quiet", "--dry-run"],
    ];
    for args in commands {
        let output = program().args(args).output().unwrap();
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{args:?}");
        let message = stderr(&output);
        assert!(message.contains("--quiet") && message.contains("--verbose"), "{message}");
    }
}
