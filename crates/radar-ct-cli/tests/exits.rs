//! Does the exit code say what kind of failure it was?

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use std::net::TcpListener;
use std::process::Output;

use common::{canned, program, stderr, stdout};

fn asking(url: &str, args: &[&str]) -> Output {
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["timeseries", "--base-url", url]);
    command.args(args).output().unwrap()
}

/// Checks the code, the words, and that nothing but an error is written.
fn ends(url: &str, args: &[&str], code: i32, words: &str) {
    let output = asking(url, &[&["--max-retries", "0"], args].concat());
    let message = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(code), ""), "{words}: {message}");
    assert!(message.contains(words) && message.starts_with("error: "), "{words}: {message}");
}

#[test]
fn data_end_with_0_and_a_failure_of_no_other_kind_with_1() {
    let data = r#"{"success":true,"result":{"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#;
    let output = asking(&canned("200 OK", "", data), &[]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    ends(&canned("404 Not Found", "", r#"{"error":"Not Found"}"#), &[], 1, "404");
    ends(&canned("503 Service Unavailable", "", ""), &[], 1, "503");
    ends(&canned("302 Found", "location: https://elsewhere.example/\r\n", ""), &[], 1, "redirect");
    ends(&canned("200 OK", "", r#"{"success":true"#), &[], 1, "cut off");
}

#[test]
fn credentials_that_the_api_does_not_accept_end_with_3() {
    let of_code = |code: u32| format!(r#"{{"success":false,"errors":[{{"code":{code},"message":"no"}}]}}"#);
    ends(&canned("401 Unauthorized", "", of_code(10_000)), &[], 3, "credentials");
    ends(&canned("403 Forbidden", "", "<html>"), &[], 3, "credentials");
    // What the API says of a malformed token.
    ends(&canned("400 Bad Request", "", of_code(6003)), &[], 3, "credentials");
    ends(&canned("400 Bad Request", "", of_code(2001)), &[], 1, "400");
}

#[test]
fn the_rate_limit_ends_with_4() {
    let body = r#"{"success":false,"errors":[{"code":1015,"message":"limited"}]}"#;
    ends(&canned("429 Too Many Requests", "retry-after: 7\r\n", body), &[], 4, "asks to wait 7 s");
    // Longer than the program waits: it fails at once, retries or not.
    let url = canned("429 Too Many Requests", "retry-after: 3600\r\n", "");
    let output = asking(&url, &[]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
}

#[test]
fn no_complete_response_ends_with_5() {
    let refused = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    ends(&refused, &[], 5, "no connection");
    // The connection is taken, and nothing ever comes.
    let stalled = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", stalled.local_addr().unwrap());
    ends(&url, &["--timeout", "0.3"], 5, "time");
    ends(&canned("200 OK", "content-encoding: gzip\r\n", "no gzip"), &[], 5, "ended before");
}

#[test]
fn the_help_has_every_code() {
    for flag in ["-h", "--help"] {
        let help = stdout(&program().arg(flag).output().unwrap());
        let codes = help.split_once("Exit codes:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
        let codes: Vec<_> = codes.map(|line| line.split_whitespace().next().unwrap()).collect();
        assert_eq!(codes, ["0", "1", "2", "3", "4", "5"], "{help}");
    }
}

#[test]
fn the_readme_says_of_the_codes_what_the_help_says() {
    let readme = include_str!("../README.md");
    let help = stdout(&program().arg("--help").output().unwrap());
    let codes = help.split_once("Exit codes:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
    for line in codes {
        let (code, meaning) = line.trim().split_once("  ").unwrap();
        assert!(readme.contains(&format!("| {code} | {meaning} |")), "{line}");
    }
}
