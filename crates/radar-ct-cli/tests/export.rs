//! Exports: resumable at any time, without repeated requests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use common::{program, stderr, stdout};
use radar_ct::transport::Moment;
use radar_ct_emulator::{Builder, Emulator};
use serde_json::Value;

/// A folder that is removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn emulator(build: impl FnOnce(Builder) -> Builder) -> Emulator {
    build(Emulator::builder().now("2026-10-08T12:00:00Z".parse().unwrap())).start().unwrap()
}

fn command(emulator: &Emulator, out: &Path, args: &[&str]) -> Command {
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").env("CLOUDFLARE_BASE_URL", emulator.base_url());
    command.arg("export").arg("--out").arg(out).args(args);
    command
}

fn run(emulator: &Emulator, out: &Path, args: &[&str]) -> Output {
    command(emulator, out, args).output().unwrap()
}

fn succeeds(emulator: &Emulator, out: &Path, args: &[&str]) -> String {
    let output = run(emulator, out, args);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""), "{}", stderr(&output));
    stderr(&output)
}

/// Reads the files below a folder, by name. A missing folder has none.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                files(&path)
                    .into_iter()
                    .map(|(inner, content)| (format!("{name}/{inner}"), content))
                    .collect()
            } else {
                vec![(name, fs::read(&path).unwrap())]
            }
        })
        .collect()
}

/// Returns the windows of the requests, from the `from`-th on.
fn windows(emulator: &Emulator, from: usize) -> Vec<(String, String)> {
    let of = |query: &str, name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap();
        value.replace("%3A", ":")
    };
    let requests = emulator.requests();
    requests[from..]
        .iter()
        .map(|request| (of(&request.query, "dateStart"), of(&request.query, "dateEnd")))
        .collect()
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("_manifest.json")).unwrap()).unwrap()
}

const YEAR: &[&str] = &["--from", "2025-01-01", "--to", "2026-01-01", "--agg-interval", "15m"];

/// Returns the starts of the complete months and the saved parts, which need no request.
fn complete(out: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(out) else { return BTreeSet::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let months = names.filter_map(|name| Some(format!("{}-01T00:00:00Z", name.strip_suffix(".csv")?)));
    let parts = fs::read_dir(out.join("_parts")).into_iter().flatten().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (start, _) = name.strip_suffix(".json")?.split_once('-')?;
        let start = NaiveDateTime::parse_from_str(start, "%Y%m%dT%H%M%SZ").ok()?;
        Some(start.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    });
    months.chain(parts).collect()
}

/// Kills and resumes exports at random moments, until `kills` have been killed halfway.
fn kill_at_random(build: fn(Builder) -> Builder, folder: &Folder, args: &[&str], kills: usize) {
    let (expected, took) = {
        let (emulator, out, began) = (emulator(build), folder.path("unbroken"), Moment::now().monotonic);
        succeeds(&emulator, &out, args);
        (files(&out), Moment::now().monotonic - began)
    };
    let mut random = fastrand::Rng::new();
    let (mut killed, mut round) = (0, 0);
    while killed < kills {
        round += 1;
        // A new one for each round, since it records a limited number of requests.
        let (emulator, out) = (emulator(build), folder.path(&format!("broken-{round}")));
        // Grows when a run makes no progress, so that slow machines finish, too.
        let mut patience = took / 2;
        loop {
            let (complete, requests) = (complete(&out), emulator.requests().len());
            let mut child = command(&emulator, &out, args).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(patience.mul_f64(random.f64()));
            let is_over = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            let status = child.wait().unwrap();
            assert!(emulator.requests().len() < 250, "the emulator drops the first requests");
            for (start, end) in windows(&emulator, requests) {
                assert!(!complete.contains(&start), "{start} to {end} was complete");
            }
            if is_over {
                assert_eq!(status.code(), Some(0));
                break;
            }
            // Killed halfway: it has sent requests and has not finished.
            killed += usize::from(emulator.requests().len() > requests);
            if self::complete(&out) == complete {
                patience += took / 4;
            }
            for (name, content) in files(&out).iter().filter(|(name, _)| !name.contains('/')) {
                assert!(name == "_manifest.json" || *content == expected[name], "{name} is not complete");
            }
        }
        assert!(files(&out) == expected, "{:?}", files(&out).keys());
    }
}

#[test]
fn a_killed_export_resumes_to_the_same_files() {
    kill_at_random(|builder| builder, &Folder::new("killed"), YEAR, 20);
}

#[test]
fn a_killed_export_of_partial_months_resumes_to_the_same_files() {
    // A month is too long, and so is half of one. Several at once end in any order.
    let args = [YEAR, &["--at-once", "3", "--vs", "--ca-owner", "DigiCert"]].concat();
    kill_at_random(|builder| builder.max_points(2000), &Folder::new("killed-parts"), &args, 20);
}

#[test]
fn the_files_equal_one_answer() {
    let (emulator, folder) = (emulator(|builder| builder), Folder::new("whole"));
    let filters = ["--agg-interval", "1h", "--ca-owner", "DigiCert", "--vs", "--ca-owner", "Let's Encrypt"];
    for (output, with_header) in [("csv", true), ("ndjson", false)] {
        let out = folder.path(output);
        let window = ["--from", "2025-11-10T07:20:00Z", "--to", "2026-02-03", "--output", output];
        succeeds(&emulator, &out, &[&window[..], &filters].concat());
        let mut whole = program();
        whole.env("CLOUDFLARE_API_TOKEN", "any").env("CLOUDFLARE_BASE_URL", emulator.base_url());
        // The API includes the point at the end; an export does not.
        let window = [
            "--date-start",
            "2025-11-10T07:20:00Z",
            "--date-end",
            "2026-02-02T23:00:00Z",
            "--output",
            output,
        ];
        let whole = stdout(&whole.arg("timeseries").args(window).args(filters).output().unwrap());
        let mut months = files(&out);
        let manifest = manifest(&out);
        months.remove("_manifest.json");
        assert_eq!(
            months.keys().collect::<Vec<_>>(),
            ["2025-11", "2025-12", "2026-01", "2026-02"]
                .map(|name| format!("{name}.{output}"))
                .iter()
                .collect::<Vec<_>>()
        );
        let header = whole.lines().next().unwrap();
        let mut rows: Vec<&str> = Vec::new();
        for (name, content) in &months {
            let mut lines = std::str::from_utf8(content).unwrap().lines();
            if with_header {
                assert_eq!(lines.next(), Some(header), "{name}");
            }
            let month: Vec<_> = lines.collect();
            let entry = manifest["files"]
                .as_array()
                .unwrap()
                .iter()
                .find(|entry| entry["path"] == name.as_str())
                .unwrap();
            assert_eq!(entry["rows"], month.len());
            rows.extend(month);
        }
        assert_eq!(manifest["rows"], rows.len());
        let mut expected: Vec<_> = whole.lines().skip(usize::from(with_header)).collect();
        rows.sort_unstable();
        expected.sort_unstable();
        assert_eq!(rows, expected);
    }
}

#[test]
fn changed_and_missing_files_are_fetched_again() {
    let (emulator, folder) = (emulator(|builder| builder), Folder::new("changed"));
    let out = folder.path("out");
    succeeds(&emulator, &out, YEAR);
    let expected = files(&out);
    fs::write(out.join("2025-03.csv"), "changed by hand").unwrap();
    fs::remove_file(out.join("2025-07.csv")).unwrap();
    let requests_before = emulator.requests().len();
    assert!(succeeds(&emulator, &out, YEAR).contains("10 of them"));
    let windows = windows(&emulator, requests_before);
    assert_eq!(
        windows.iter().map(|(start, _)| start.as_str()).collect::<Vec<_>>(),
        ["2025-03-01T00:00:00Z", "2025-07-01T00:00:00Z"]
    );
    assert!(files(&out) == expected);
}

#[test]
fn recent_days_are_fetched_again_and_settled_ones_are_not() {
    let now = Utc::now();
    let (emulator, folder) = (emulator(|builder| builder.now(now)), Folder::new("moving"));
    let out = folder.path("out");
    let day = |ago: i64| (now - chrono::Duration::days(ago)).format("%Y-%m-%d").to_string();
    let from = day(40);
    let args = ["--from", &from, "--agg-interval", "1h"];
    succeeds(&emulator, &out, &args);
    let (first, requests_before) = (files(&out), emulator.requests().len());
    assert_eq!(manifest(&out)["settled"], false);
    succeeds(&emulator, &out, &args);
    let again = windows(&emulator, requests_before);
    // From midnight three days ago, in one month or two.
    let settled_to = format!("{}T00:00:00Z", day(3));
    assert!((1..=2).contains(&again.len()), "{again:?}");
    assert_eq!(again[0].0, settled_to);
    let rows = |files: &BTreeMap<String, Vec<u8>>| {
        files
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .map(|(_, content)| content.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&first), rows(&files(&out)));

    // An end in the future is cut to the present, and a window can grow.
    let requests_before = emulator.requests().len();
    let (from, to) = (day(80), (now + chrono::Duration::days(80)).format("%Y-%m-%d").to_string());
    succeeds(&emulator, &out, &["--from", &from, "--to", &to, "--agg-interval", "1h"]);
    let windows = windows(&emulator, requests_before);
    assert!(
        windows.iter().all(|(_, end)| end.parse::<DateTime<Utc>>().unwrap() <= Utc::now()),
        "{windows:?}"
    );
    assert_eq!(
        manifest(&out)["rows"],
        u64::try_from(
            (now - from.parse::<chrono::NaiveDate>().unwrap().and_time(chrono::NaiveTime::MIN).and_utc())
                .num_hours()
                + 1
        )
        .unwrap()
    );
}

#[test]
fn a_directory_belongs_to_one_export() {
    let (emulator, folder) = (emulator(|builder| builder), Folder::new("other"));
    let out = folder.path("out");
    let base = ["--from", "2025-01-01", "--to", "2025-04-01", "--agg-interval", "1d"];
    succeeds(&emulator, &out, &base);
    let (before, requests_before) = (files(&out), emulator.requests().len());
    for (args, words) in [
        (&["--from", "2025-01-01", "--to", "2025-04-01", "--agg-interval", "1h"][..], "different export"),
        (
            &["--from", "2025-01-01", "--to", "2025-04-01", "--agg-interval", "1d", "--ca-owner", "DigiCert"],
            "different export",
        ),
        (
            &["--from", "2025-01-01", "--to", "2025-04-01", "--agg-interval", "1d", "--output", "ndjson"],
            "different export",
        ),
        (&["--from", "2025-02-01", "--to", "2025-04-01", "--agg-interval", "1d"], "2025-01.csv"),
        (&["--from", "2025-01-01", "--agg-interval", "1d", "--output", "table"], "--output csv"),
        (&["--from", "2025-01-01", "--to", "2025-04-01"], "--agg-interval"),
        (&["--from", "2025-04-01", "--to", "2025-04-01", "--agg-interval", "1d"], "later than"),
        (&["--from", "2025-13-01", "--agg-interval", "1d"], "it is a date"),
        (&["--from", "2025-01-01", "--agg-interval", "1d", "--date-range", "7d"], "not for an export"),
        (&["--from", "2025-01-01", "--agg-interval", "2h"], "--agg-interval"),
        (&["--agg-interval", "1d"], "--from"),
        (&["--from", "2025-01-01", "--agg-interval", "1d", "--at-once", "0"], "--at-once"),
    ] {
        let output = run(&emulator, &out, args);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
        assert!(message.contains(words), "{args:?}: {message}");
    }
    assert_eq!(files(&out), before);
    assert!(!out.join("_parts").exists());
    assert_eq!(emulator.requests().len(), requests_before);

    // A file that no export wrote is not overwritten.
    let foreign = folder.path("foreign");
    fs::create_dir_all(&foreign).unwrap();
    fs::write(foreign.join("2025-02.csv"), "mine").unwrap();
    let output = run(&emulator, &foreign, &base);
    assert!(
        output.status.code() == Some(2) && stderr(&output).contains("2025-02.csv"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read(foreign.join("2025-02.csv")).unwrap(), b"mine");
    fs::remove_file(foreign.join("2025-02.csv")).unwrap();
    fs::write(foreign.join("_manifest.json"), "{}").unwrap();
    assert_eq!(run(&emulator, &foreign, &base).status.code(), Some(2));
    assert!(!foreign.join("_parts").exists());
}

#[test]
fn a_failure_keeps_complete_files() {
    // Four requests, and then none for five minutes.
    let limited = emulator(|builder| builder.rate_limit(4, Duration::from_secs(300)));
    let (plenty, folder) = (emulator(|builder| builder), Folder::new("failure"));
    let out = folder.path("out");
    let output = run(&limited, &out, &[YEAR, &["--timeout", "2"]].concat());
    let message = stderr(&output);
    assert!(!output.status.success() && message.contains("4 of 12 files are complete"), "{message}");
    assert_eq!(manifest(&out)["complete"], false);
    assert!(succeeds(&plenty, &out, YEAR).contains("4 of them"));
    assert_eq!(plenty.requests().len(), 8);
}

#[test]
fn a_failure_within_a_month_keeps_its_parts() {
    // A month is too long, half of one is not: one refusal, four halves, and the first half of March.
    let small = |builder: Builder| builder.max_points(2000);
    let limited = emulator(|builder| small(builder).rate_limit(6, Duration::from_secs(300)));
    let (plenty, folder) = (emulator(small), Folder::new("failure-parts"));
    let out = folder.path("out");
    let output = run(&limited, &out, &[YEAR, &["--timeout", "2"]].concat());
    assert!(stderr(&output).contains("2 of 12 files are complete"), "{}", stderr(&output));
    let (_, half) = windows(&limited, 5)[0].clone();
    succeeds(&plenty, &out, YEAR);
    assert_eq!(windows(&plenty, 0)[0], (half, "2025-04-01T00:00:00Z".to_owned()));
    assert!(!out.join("_parts").exists());
}

#[test]
fn a_dry_run_prints_every_request_and_writes_nothing() {
    let (emulator, folder) = (emulator(|builder| builder), Folder::new("dry"));
    let out = folder.path("out");
    let output = run(&emulator, &out, &[YEAR, &["--dry-run"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).lines().filter(|line| line.starts_with("GET ")).count(), 12);
    assert!(!out.exists() && emulator.requests().is_empty());
}

/// On Unix, a process can be interrupted like Ctrl-C does.
#[cfg(unix)]
#[test]
fn ctrl_c_explains_how_to_resume() {
    use std::io::Read;
    let (emulator, folder) = (emulator(|builder| builder), Folder::new("interrupted"));
    let out = folder.path("out");
    // A request for each month since 1990 takes long enough on any machine.
    let args = ["--from", "1990-01-01", "--to", "2026-01-01", "--agg-interval", "15m"];
    let mut child = command(&emulator, &out, &args).stderr(Stdio::piped()).spawn().unwrap();
    while emulator.request_count() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let status = child.wait().unwrap();
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert_eq!(status.code(), Some(130), "{message}");
    assert!(message.contains("run the same command to resume"), "{message}");
}
