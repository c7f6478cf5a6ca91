//! Data in every format, alone on stdout; failures on stderr.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::io::Read;
use std::process::{Output, Stdio};

use common::{canned, program, stderr, stdout, timeseries};
use heck::ToKebabCase;
use radar_ct_emulator::Emulator;
use serde_json::Value;

/// Runs `radar-ct timeseries` against an emulator.
fn run_against(emulator: &Emulator, args: &[&str]) -> Output {
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "any").env("CLOUDFLARE_BASE_URL", emulator.base_url());
    command.arg("timeseries").args(args).output().unwrap()
}

/// Runs `radar-ct timeseries` against a server.
fn run(url: &str, args: &[&str]) -> Output {
    let mut command = program();
    command.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(["timeseries", "--base-url", url]);
    command.args(args).output().unwrap()
}

#[test]
fn the_documented_example_is_written_in_every_format() {
    let body = include_str!("../../../tests/data/answers/documented_example.json");
    let url = canned("200 OK", "content-type: application/json\r\n", body);
    for format in ["json", "ndjson", "csv", "table", "chart", "svg", "html"] {
        let output = run(&url, &["--output", format]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", stderr(&output));
    }
    let written: Value = serde_json::from_slice(&run(&url, &["--output", "json"]).stdout).unwrap();
    let read: Value = serde_json::from_str(body).unwrap();
    assert_eq!(written, read["result"]);
    assert_eq!(stdout(&run(&url, &["--output", "csv"])), "series,timestamp,value\n");
}

#[test]
fn the_emulator_needs_no_account() {
    let output = timeseries(["--emulator", "--date-range", "7d"]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let series = &result["serie_0"];
    assert!(series["timestamps"].as_array().unwrap().len() >= 167);
    assert_eq!(series["timestamps"].as_array().unwrap().len(), series["values"].as_array().unwrap().len());
    assert_eq!(result["meta"]["aggInterval"], "ONE_HOUR");
}

#[test]
fn every_format_has_the_same_points() {
    let now = "2026-10-08T12:00:00Z".parse().unwrap();
    let emulator = Emulator::builder().now(now).start().unwrap();
    let request = [
        "--ca-owner",
        "Let's Encrypt",
        "--date-range",
        "7d",
        "--agg-interval",
        "1d",
        "--vs",
        "--date-range",
        "7dcontrol",
    ];
    let with = |output: &str| {
        let output = run_against(&emulator, &[&request[..], &["--output", output]].concat());
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
        stdout(&output)
    };
    let result: Value = serde_json::from_str(&with("json")).unwrap();
    let mut points = Vec::new();
    for label in ["7d", "7dcontrol"] {
        let column = |name: &str| result[label][name].as_array().unwrap().clone();
        for (at, value) in column("timestamps").iter().zip(column("values")) {
            points.push([label, at.as_str().unwrap(), value.as_str().unwrap()].map(str::to_owned));
        }
    }
    assert_eq!(points.len(), 16);

    let text = with("csv");
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(csv.headers().unwrap(), vec!["series", "timestamp", "value"]);
    let rows: Vec<_> =
        csv.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(rows, points);

    let text = with("ndjson");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            assert!(line["value"].is_number(), "{line}");
            [
                line["series"].as_str().unwrap(),
                line["timestamp"].as_str().unwrap(),
                &line["value"].to_string(),
            ]
            .map(str::to_owned)
        })
        .collect();
    assert_eq!(rows, points);

    let table = with("table");
    for [_, at, value] in &points {
        let at = at.replace('T', " ").replace(":00Z", "");
        assert!(
            table.lines().any(|line| line.contains(&at) && line.contains(value)),
            "{at} {value}\n{table}"
        );
    }
}

#[test]
fn the_csv_of_the_server_is_passed_through_unchanged() {
    let table = b"Serie_0 timestamps,Serie_0  I Pv4\r\n2026-01-01T00:00:00Z,\"1\n\xff\x1b\"\r\n";
    let url = canned("200 OK", "content-type: text/csv\r\n", *table);
    let output = run(&url, &["--format", "CSV"]);
    assert_eq!(
        (output.status.code(), output.stdout.as_slice()),
        (Some(0), &table[..]),
        "{}",
        stderr(&output)
    );
}

#[test]
fn missing_values_are_not_zero_and_labels_are_quoted() {
    let body = r#"{"success":true,"errors":[],"result":{"a,\"b\"":{"timestamps":["2026-01-01T00:00:00Z",
        "2026-01-01T00:15:00Z","2026-01-01T00:30:01.5Z"],"values":["0",null,1.4e-05]},"meta":{}}}"#;
    let url = canned("200 OK", "", body);
    assert_eq!(
        stdout(&run(&url, &["-o", "csv"])),
        "series,timestamp,value\n\"a,\"\"b\"\"\",2026-01-01T00:00:00Z,0.0\n\
         \"a,\"\"b\"\"\",2026-01-01T00:15:00Z,\n\"a,\"\"b\"\"\",2026-01-01T00:30:01.500Z,0.000014\n"
    );
    let table = stdout(&run(&url, &["-o", "table"]));
    let cells: Vec<Vec<_>> = table.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        cells,
        [
            vec!["2026-01-01", "00:00", "0"],
            vec!["2026-01-01", "00:15", "-"],
            vec!["2026-01-01T00:30:01.500Z", "0.000014"]
        ]
    );
}

#[test]
fn control_characters_are_escaped() {
    let label = "x\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{7f}";
    let json = serde_json::json!({ "success": true, "result": {
        label: { "timestamps": ["2026-01-01T00:00:00Z"], "values": ["1"] }, "meta": {} } });
    let url = canned("200 OK", "", json.to_string());
    let output = run(&url, &["-o", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(result[label].is_object(), "JSON escapes do not change the label");
    let table = stdout(&run(&url, &["-o", "table"]));
    for text in [stdout(&output), table] {
        let is_unsafe = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(is_unsafe), "{text:?}");
    }
    let body =
        "{\"success\":false,\"errors\":[{\"code\":1,\"message\":\"\\u001b[2Jgone \u{9b}31m s3cr3t-token\"}]}";
    let url = canned("400 Bad Request", "cf-ray: 8f00ba\r\n", body);
    let output = run(&url, &[]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        !message.contains(|c: char| c != '\n' && c.is_control()) && !message.contains("s3cr3t"),
        "{message:?}"
    );
    assert!(message.contains("400") && message.contains("gone") && message.contains("8f00ba"), "{message:?}");
}

#[test]
fn a_failed_request_exits_with_1_and_leaves_stdout_empty() {
    let cut = r#"{"success":true,"result":{"serie_0":{"timestamps":["2026-01-01T00:00:00Z"],"values":["1""#;
    let unequal = r#"{"success":true,"result":{"serie_0":{"timestamps":["2026-01-01T00:00:00Z"],"values":["1","2"]},"meta":{}}}"#;
    let cases = [
        (canned("404 Not Found", "", r#"{"error":"Not Found"}"#), "404"),
        (canned("302 Found", "location: https://elsewhere.example/\r\n", ""), "elsewhere.example"),
        (canned("500 Internal Server Error", "", "<html>"), "500"),
        (canned("200 OK", "", cut), "cut off"),
        (canned("200 OK", "", unequal), "serie_0"),
        (canned("200 OK", "", ""), "empty"),
        (
            canned(
                "200 OK",
                "",
                r#"{"success":false,"errors":[{"code":7,"message":"no luck"}],"result":null}"#,
            ),
            "no luck",
        ),
    ];
    for (url, words) in cases {
        let output = run(&url, &["--max-retries", "0", "--timeout", "20"]);
        let message = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""), "{message}");
        assert!(message.contains(words) && message.starts_with("error: "), "{words}: {message}");
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut command = program();
    command.args(["timeseries", "--emulator", "--date-range", "26w", "--agg-interval", "1h", "-o", "csv"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut start = [0; 10];
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut start).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn help_goes_to_stdout_and_names_every_flag() {
    let output = timeseries(["--help"]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    let help = stdout(&output);
    for parameter in radar_ct::SeriesParams::parameters() {
        assert!(help.contains(&format!("--{} ", parameter.name.to_kebab_case())), "{}", parameter.name);
    }
    let nothing = program().output().unwrap();
    assert_eq!((nothing.status.code(), stdout(&nothing).as_str()), (Some(2), ""));
}

/// Runs any command against a server.
fn run_command(url: &str, command: &[&str]) -> Output {
    let mut program = program();
    program.env("CLOUDFLARE_API_TOKEN", "s3cr3t-token").args(command).args(["--base-url", url]);
    program.output().unwrap()
}

#[test]
fn a_summary_has_a_row_for_each_group() {
    let body = r#"{"success":true,"result":{"7d":{"RSA":"60.5","other, too":"39.5"},
        "7dcontrol":{"other, too":"40","ML_DSA":null},"meta":{"normalization":"PERCENTAGE"}}}"#;
    let url = canned("200 OK", "", body);
    let command =
        ["summary", "public-key-algorithm", "--date-range", "7d", "--vs", "--date-range", "7dcontrol"];
    let with = |output: &str| {
        let output = run_command(&url, &[&command[..], &["-o", output]].concat());
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
        stdout(&output)
    };
    assert_eq!(
        with("csv"),
        "series,group,value\n7d,RSA,60.5\n7d,\"other, too\",39.5\n7dcontrol,\"other, too\",40.0\n7dcontrol,ML_DSA,\n"
    );
    let table = with("table");
    let row = |group: &str| {
        let line = table.lines().find(|line| line.trim_start().starts_with(group)).unwrap();
        line.trim_start().trim_start_matches(group).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("RSA"), ["60.5", "-"]);
    assert_eq!(row("other, too"), ["39.5", "40"]);
    assert_eq!(row("ML_DSA"), ["-", "-"]);
    let result: Value = serde_json::from_str(&with("json")).unwrap();
    assert_eq!(result["7d"]["other, too"], "39.5");
}

#[test]
fn groups_have_a_row_for_each_point() {
    let body = r#"{"success":true,"result":{"serie_0":{"timestamps":["2026-01-01T00:00:00Z","2026-01-02T00:00:00Z"],
        "RSA":["60","61"],"ECDSA":["40",null]},"meta":{}}}"#;
    let url = canned("200 OK", "", body);
    let command = ["timeseries-groups", "PUBLIC_KEY_ALGORITHM", "-o"];
    assert_eq!(
        stdout(&run_command(&url, &[&command[..], &["csv"]].concat())),
        "series,timestamp,group,value\nserie_0,2026-01-01T00:00:00Z,RSA,60\nserie_0,2026-01-02T00:00:00Z,RSA,61\n\
         serie_0,2026-01-01T00:00:00Z,ECDSA,40\nserie_0,2026-01-02T00:00:00Z,ECDSA,\n"
    );
    let table = stdout(&run_command(&url, &[&command[..], &["table"]].concat()));
    let rows: Vec<Vec<_>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["time", "(UTC)", "RSA", "ECDSA"]);
    assert_eq!(rows[3], ["2026-01-02", "00:00", "61", "-"]);
}

#[test]
fn lists_and_records_keep_the_shape_of_the_api() {
    let list = r#"{"success":true,"result":{"certificateLogs":[{"slug":"a","operator":"O, Inc.","state":"USABLE"},
        {"slug":"b","state":"NEW_STATE"}]}}"#;
    let url = canned("200 OK", "", list);
    let result: Value = serde_json::from_slice(&run_command(&url, &["logs", "-o", "json"]).stdout).unwrap();
    assert_eq!(result["certificateLogs"][1]["state"], "NEW_STATE");
    let csv = stdout(&run_command(&url, &["logs", "list", "-o", "csv"]));
    assert_eq!(
        csv,
        "slug,operator,api,state,start,end,description,url\na,\"O, Inc.\",,USABLE,,,,\nb,,,NEW_STATE,,,,\n"
    );
    // The server repeats its page; a page without new records is the last one.
    let all = stdout(&run_command(&url, &["logs", "--all", "--limit", "2", "-o", "csv"]));
    assert_eq!(all, csv);

    let one = r#"{"success":true,"result":{"certificateLog":{"slug":"a","submittedCertCount":"18446744073709551615",
        "performance":null,"avgThroughput":1.5}}}"#;
    let url = canned("200 OK", "", one);
    let result: Value =
        serde_json::from_slice(&run_command(&url, &["logs", "get", "a", "-o", "json"]).stdout).unwrap();
    assert_eq!(result["certificateLog"]["submittedCertCount"], "18446744073709551615");
    let table = stdout(&run_command(&url, &["logs", "get", "a", "-o", "table"]));
    assert!(table.contains("avgThroughput") && table.contains("18446744073709551615"), "{table}");
}

#[test]
fn every_command_has_every_format() {
    let fingerprint = {
        let output =
            program().args(["authorities", "--emulator", "--limit", "1", "-o", "json"]).output().unwrap();
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        result["certificateAuthorities"][0]["sha256Fingerprint"].as_str().unwrap().to_owned()
    };
    let commands: [(&[&str], &str); 7] = [
        (&["timeseries", "--date-range", "1d"], "serie_0"),
        (&["timeseries-groups", "log-api", "--date-range", "1d"], "serie_0"),
        (&["summary", "tld", "--date-range", "1d", "--limit-per-group", "3"], "summary_0"),
        (&["authorities", "--all"], "certificateAuthorities"),
        (&["authorities", "get", &fingerprint], "certificateAuthority"),
        (&["logs", "list"], "certificateLogs"),
        (&["logs", "get", "argon2026h1"], "certificateLog"),
    ];
    for (command, member) in commands {
        let written = |output: &[&str]| {
            let output = program().args(command).arg("--emulator").args(output).output().unwrap();
            assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{command:?}");
            stdout(&output)
        };
        let result: Value = serde_json::from_str(&written(&["-o", "json"])).unwrap();
        assert!(!result[member].is_null(), "{command:?} {result}");
        let csv = written(&["-o", "csv"]);
        let mut rows = csv::Reader::from_reader(csv.as_bytes());
        assert!(rows.records().map(Result::unwrap).count() > 0, "{command:?}");
        assert!(written(&["-o", "table"]).lines().count() > 2, "{command:?}");
        if csv.starts_with("series,") {
            assert!(written(&["-o", "chart"]).lines().count() > 2, "{command:?}");
            assert!(written(&["-o", "svg"]).starts_with("<svg "), "{command:?}");
            assert!(written(&["-o", "html"]).starts_with("<!DOCTYPE html>"), "{command:?}");
        }
        // A single record has no --format.
        if !command.contains(&"get") && !command.contains(&"--all") {
            assert!(written(&["--format", "CSV"]).contains(','), "{command:?}");
        }
    }
    let missing = program().args(["logs", "get", "no-such-log", "--emulator"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("404"), "{}", stderr(&missing));
}
