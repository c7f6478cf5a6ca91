//! Exit codes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::net::TcpListener;
use std::process::Output;

use common::{canned, program, stderr, stdout};

fn run(url: &str, args: &[&str]) -> Output {
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["timeseries", "--base-url", url]);
    command.args(args).output().unwrap()
}

/// Checks the exit code and the message, and that stdout is empty.
fn assert_exit(url: &str, args: &[&str], code: i32, words: &str) {
    let output = run(url, &[&["--max-retries", "0"], args].concat());
    let message = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(code), ""), "{words}: {message}");
    assert!(message.contains(words) && message.starts_with("error: "), "{words}: {message}");
}

#[test]
fn data_exit_with_0_and_other_failures_with_1() {
    let data = r#"{"success":true,"result":{"serie_0":{"timestamps":[],"values":[]},"meta":{}}}"#;
    let output = run(&canned("200 OK", "", data), &[]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    assert_exit(&canned("404 Not Found", "", r#"{"error":"Not Found"}"#), &[], 1, "404");
    assert_exit(&canned("503 Service Unavailable", "", ""), &[], 1, "503");
    assert_exit(&canned("302 Found", "location: https://elsewhere.example/\r\n", ""), &[], 1, "redirect");
    assert_exit(&canned("200 OK", "", r#"{"success":true"#), &[], 1, "cut off");
}

#[test]
fn rejected_credentials_exit_with_3() {
    let of_code = |code: u32| format!(r#"{{"success":false,"errors":[{{"code":{code},"message":"no"}}]}}"#);
    assert_exit(&canned("401 Unauthorized", "", of_code(10_000)), &[], 3, "credentials");
    assert_exit(&canned("403 Forbidden", "", "<html>"), &[], 3, "credentials");
    // The answer of the API to a malformed token.
    assert_exit(&canned("400 Bad Request", "", of_code(6003)), &[], 3, "credentials");
    assert_exit(&canned("400 Bad Request", "", of_code(2001)), &[], 1, "400");
}

#[test]
fn the_rate_limit_exits_with_4() {
    let body = r#"{"success":false,"errors":[{"code":1015,"message":"limited"}]}"#;
    assert_exit(&canned("429 Too Many Requests", "retry-after: 7\r\n", body), &[], 4, "asks to wait 7 s");
    // Longer than the program ever waits, so it fails at once.
    let url = canned("429 Too Many Requests", "retry-after: 3600\r\n", "");
    let output = run(&url, &[]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
}

#[test]
fn an_incomplete_response_exits_with_5() {
    let refused = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    assert_exit(&refused, &[], 5, "no connection");
    // Accepts connections, and never answers.
    let stalled = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", stalled.local_addr().unwrap());
    assert_exit(&url, &["--timeout", "0.3"], 5, "time");
    assert_exit(&canned("200 OK", "content-encoding: gzip\r\n", "no gzip"), &[], 5, "ended before");
}

#[test]
fn the_help_lists_every_code() {
    for flag in ["-h", "--help"] {
        let help = stdout(&program().arg(flag).output().unwrap());
        let codes = help.split_once("Exit codes:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
        let codes: Vec<_> = codes.map(|line| line.split_whitespace().next().unwrap()).collect();
        assert_eq!(codes, ["0", "1", "2", "3", "4", "5"], "{help}");
    }
}

#[test]
fn the_readme_lists_the_codes_of_the_help() {
    let readme = include_str!("../README.md");
    let help = stdout(&program().arg("--help").output().unwrap());
    let codes = help.split_once("Exit codes:\n").unwrap().1.lines().take_while(|line| !line.is_empty());
    for line in codes {
        let (code, meaning) = line.trim().split_once("  ").unwrap();
        assert!(readme.contains(&format!("| {code} | {meaning} |")), "{line}");
    }
}
