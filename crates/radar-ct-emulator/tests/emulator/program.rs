//! The program and its options.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use crate::http_client::{NOW, emulator, get, send};

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_radar-ct-emulator"));
    command.args(args).stdin(Stdio::null());
    command
}

/// A running program and the two lines that it has printed. Dropping it kills the program.
struct Running {
    child: Child,
    url: String,
    export: String,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut child = program(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        Self { url: line(), export: line(), child }
    }

    fn get(&self, query: &str, token: &str) -> crate::http_client::Reply {
        let bearer = format!("Bearer {token}");
        send("GET", &format!("{}/radar/ct/timeseries?{query}", self.url), &[("Authorization", &bearer)])
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn program_prints_its_url_and_serves_the_same_as_the_library() {
    let running = Running::start(&["--port", "0", "--now", NOW, "--token", "it's$good", "--seed=0"]);
    assert!(
        running.url.starts_with("http://127.0.0.1:") && running.url.ends_with("/client/v4"),
        "{}",
        running.url
    );
    let export = format!("export CLOUDFLARE_BASE_URL={} CLOUDFLARE_API_TOKEN='it'\\''s$good'", running.url);
    assert_eq!(running.export, export);
    let query = "dateRange=7d&caOwner=DigiCert";
    let reply = running.get(query, "it's$good");
    assert_eq!((reply.status, reply.body), (200, get(&emulator(), query).body));
    assert_eq!(running.get(query, "other").status, 401);
}

#[test]
fn options_set_seed_clock_and_rate_limit() {
    let args = ["--port=0", "--seed=18446744073709551615", "--now=2026-10-08T14:34:56+02:00", "--requests=1"];
    let running = Running::start(&args);
    assert!(running.export.ends_with("CLOUDFLARE_API_TOKEN=emulator"), "{}", running.export);
    let other = running.get("dateRange=1d", "any");
    assert_eq!(other.header("date"), "Thu, 08 Oct 2026 12:34:56 GMT");
    assert_ne!(other.body, get(&emulator(), "dateRange=1d").body);
    assert_eq!(running.get("dateRange=1d", "any").status, 429);
}

#[test]
fn invalid_arguments_exit_with_status_2() {
    for args in [
        &["--prot", "0"][..],
        &["--port"],
        &["--port", "65536"],
        &["--port", "-1"],
        &["--port", "http"],
        &["--seed", "x"],
        &["--now", "yesterday"],
        &["--now", "2026-10-08"],
        &["--requests", "many"],
        &["--port", "0", "--token", ""],
        &["--port", "0", "--token", "a b"],
        &["serve"],
        &["-x"],
    ] {
        let Output { status, stdout, stderr } = program(args).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout.len()), (Some(2), 0), "{args:?}: {stderr}");
        assert!(stderr.starts_with("radar-ct-emulator: ") && stderr.contains("--help"), "{args:?}: {stderr}");
    }
}

#[test]
fn taken_ports_exit_with_status_1() {
    let emulator = emulator();
    let port = emulator.address().port().to_string();
    let output = program(&["--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains(&format!("port {port}")));
}

#[test]
fn help_lists_every_option_and_version_is_that_of_the_package() {
    let text = |option: &str| {
        let output = program(&[option]).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{option}");
        String::from_utf8(output.stdout).unwrap()
    };
    for option in ["--port", "--seed", "--now", "--token", "--requests", "--help", "--version"] {
        assert!(text("-h").contains(option), "{option}");
    }
    assert_eq!(text("--help"), text("-h"));
    assert_eq!(text("--version"), format!("radar-ct-emulator {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(text("-V"), text("--version"));
}
