//! Runs the program, and reads its queries without code of the library.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

/// Returns the program, in an environment without credentials and proxies.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_radar-ct"));
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_ascii_uppercase();
        if upper.starts_with("CLOUDFLARE_") || upper.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Runs `radar-ct timeseries` with these arguments.
pub(crate) fn timeseries<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Output {
    program().arg("timeseries").args(args).output().unwrap()
}

/// Starts a server that gives one answer to every request.
pub(crate) fn canned(status: &'static str, headers: &'static str, body: impl Into<Vec<u8>>) -> String {
    in_turn(headers, vec![(status, body.into())])
}

/// Starts a server that gives these answers in turn, and then repeats the last one.
pub(crate) fn in_turn(headers: &'static str, answers: Vec<(&'static str, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (turn, stream) in listener.incoming().enumerate() {
            let (status, body) = answers.get(turn).or(answers.last()).unwrap();
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            let head = format!(
                "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            // A client that closes the connection does not fail the test.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    url
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Returns the query that `--dry-run` prints, as ordered pairs.
pub(crate) fn dry_run<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Vec<(String, String)> {
    let output = program().args(["timeseries", "--dry-run"]).args(args).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    let url = url_of_dry_run(&stdout(&output));
    pairs(url.strip_prefix("https://api.cloudflare.com/client/v4/radar/ct/timeseries").unwrap())
}

/// Returns the URL that `--dry-run` printed, on the first line and at the end of the curl command on the
/// second.
pub(crate) fn url_of_dry_run(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    let [get, curl] = lines.as_slice() else { panic!("expected two lines, not {printed:?}") };
    let url = get.strip_prefix("GET ").unwrap();
    assert!(curl.starts_with("curl ") && curl.ends_with(&format!(" '{url}'")), "{curl}");
    url.to_owned()
}

/// Parses a query as a strict server does: only characters of RFC 3986 and valid escapes.
fn pairs(query: &str) -> Vec<(String, String)> {
    if query.is_empty() {
        return Vec::new();
    }
    let query = query.strip_prefix('?').unwrap();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        assert!(!name.is_empty(), "{query}");
        (decoded(name), decoded(value))
    };
    query.split('&').map(pair).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                let hex = std::str::from_utf8(&hex).unwrap().to_owned();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
            }
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => bytes.push(byte),
            other => panic!("{:?} is not escaped in {text}", char::from(other)),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Splits a query into series as the server does: by the position in each array, where an empty value is
/// none.
pub(crate) fn series(pairs: &[(String, String)]) -> Vec<BTreeMap<String, String>> {
    let mut arrays: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs.iter().filter(|(name, _)| name != "aggInterval" && name != "format") {
        arrays.entry(name).or_default().push(value);
    }
    let count = arrays.values().map(Vec::len).max().unwrap_or(1);
    (0..count)
        .map(|position| {
            let values = arrays.iter().filter_map(|(name, values)| {
                let value = values.get(position).filter(|value| !value.is_empty())?;
                Some(((*name).to_owned(), (*value).to_owned()))
            });
            values.collect()
        })
        .collect()
}
