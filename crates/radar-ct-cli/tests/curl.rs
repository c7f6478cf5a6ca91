//! The curl command of a dry run sends the request of the program.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};

use common::{program, stderr, stdout, url_of_dry_run};

const TOKEN: &[(&str, &str)] = &[("CLOUDFLARE_API_TOKEN", "s3cr3t$token`x")];
const KEY: &[(&str, &str)] = &[("CLOUDFLARE_EMAIL", "me@example.com"), ("CLOUDFLARE_API_KEY", "s3cr3t\"'k")];

/// Requests with characters that are special to a shell or to curl.
const REQUESTS: [&[&str]; 5] = [
    &["timeseries", "--ca-owner", "Let's Encrypt", "--date-range", "7d", "--vs", "--date-range", "7dcontrol"],
    &["summary", "ca", "--query", "x'y=$(echo gone) `echo gone` \\ \" {a,b}[1-3] & # %"],
    &["logs", "get", "../$HOME/'~*?"],
    &["logs", "--format", "csv"],
    &["authorities", "--all"],
];

/// Returns the output of a dry run with these credentials.
fn dry_run(args: &[&str], base_url: &str, credentials: &[(&str, &str)]) -> String {
    let mut program = program();
    program.args(args).args(["--dry-run", "--base-url", base_url]).envs(credentials.iter().copied());
    let output = program.output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args:?}");
    assert!(!stdout(&output).contains("s3cr3t") && !stdout(&output).contains("me@"), "{}", stdout(&output));
    stdout(&output)
}

/// Returns a shell in an environment with only these credentials.
fn shell(line: &str, path: &Path, credentials: &[(&str, &str)]) -> Command {
    let mut paths = vec![path.to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).env_clear().env("PATH", std::env::join_paths(paths).unwrap());
    shell.env("HOME", path).envs(credentials.iter().copied());
    shell
}

/// Creates a folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn headers(credentials: &[(&str, &str)]) -> Vec<String> {
    match credentials {
        [(_, token)] => vec![format!("Authorization: Bearer {token}")],
        [(_, email), (_, key)] => vec![format!("X-Auth-Email: {email}"), format!("X-Auth-Key: {key}")],
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_shell_splits_the_command_into_the_right_words() {
    let folder = folder("curl-stand-in");
    let stand_in = folder.join("curl");
    fs::write(&stand_in, "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\n").unwrap();
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
    for base_url in ["https://gateway.example/it's/$HOME/{a,b}/../v4", "https://api.cloudflare.com/client/v4"]
    {
        for credentials in [TOKEN, KEY] {
            for args in REQUESTS {
                let printed = dry_run(args, base_url, credentials);
                let line = printed.lines().nth(1).unwrap();
                let output = shell(line, &folder, credentials).output().unwrap();
                assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{line}");
                let written = stdout(&output);
                let mut words: Vec<_> = written.split_terminator('\0').collect();
                words.retain(|word| !["--globoff", "--path-as-is"].contains(word));
                let mut wanted = Vec::new();
                for header in headers(credentials) {
                    wanted.extend(["--header".to_owned(), header]);
                }
                wanted.push(printed.lines().next().unwrap().strip_prefix("GET ").unwrap().to_owned());
                assert_eq!(words, wanted, "{line}");
            }
        }
    }
}

/// Starts a server that answers 404 and returns the heads of its requests.
fn listener() -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (heads, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let head = lines.take_while(|line| !line.is_empty()).collect();
            let reply = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(reply.as_bytes());
            if heads.send(head).is_err() {
                return;
            }
        }
    });
    (format!("http://{address}"), received)
}

#[test]
fn curl_sends_the_request_of_the_program() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: curl is not installed; only the stand-in was tested");
        return;
    }
    let (url, received) = listener();
    for base_url in [url.clone(), format!("{url}/a/../{{b,c}}/v4")] {
        for credentials in [TOKEN, KEY] {
            for args in REQUESTS {
                let printed = dry_run(args, &base_url, credentials);
                if !base_url.contains('{') {
                    url_of_dry_run(&printed);
                }
                let mut program = program();
                program.args(args).args(["--base-url", &base_url]).envs(credentials.iter().copied());
                assert_eq!(program.output().unwrap().status.code(), Some(1), "{args:?}");
                let from_program = received.recv().unwrap();
                let line = format!("{} --silent", printed.lines().nth(1).unwrap());
                let output = shell(&line, &folder("curl"), credentials).output().unwrap();
                assert_eq!(output.status.code(), Some(0), "{line} {}", stderr(&output));
                let from_curl = received.recv().unwrap();
                assert_eq!(from_curl.first(), from_program.first(), "{line}");
                for header in headers(credentials) {
                    let has = |head: &[String]| head.iter().any(|line| line.eq_ignore_ascii_case(&header));
                    assert!(has(&from_curl) && has(&from_program), "{line}");
                }
            }
        }
    }
}
