//! Charts, drawings and pages of the program: when they are drawn, their size, their colours and their
//! titles.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::process::Command;

use common::{program, stderr, stdout};
use roxmltree::{Document, ParsingOptions};

/// The program in an environment without settings for colours and sizes.
fn plain() -> Command {
    let mut command = program();
    for name in ["NO_COLOR", "COLUMNS", "LINES"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm");
    command
}

fn chart(command: &mut Command, args: &[&str]) -> String {
    let request = ["timeseries", "--emulator", "--date-range", "7d", "-o", "chart"];
    let output = command.args(request).args(args).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    stdout(&output)
}

fn size(chart: &str) -> (usize, usize) {
    (chart.lines().map(|line| line.chars().count()).max().unwrap(), chart.lines().count())
}

#[test]
fn the_environment_sets_the_size_of_a_chart() {
    assert_eq!(size(&chart(&mut plain(), &[])).0, 80);
    for (columns, lines) in [(60, 20), (120, 40), (200, 50), (20, 5), (1, 1)] {
        let (columns_text, lines_text) = (columns.to_string(), lines.to_string());
        let drawn = chart(plain().env("COLUMNS", &columns_text).env("LINES", &lines_text), &[]);
        let (wide, high) = size(&drawn);
        assert!(wide <= columns && high <= (lines - 1).max(1), "{columns}x{lines}\n{drawn}");
        assert!(wide > columns / 2 && 2 * high >= lines - 1, "{columns}x{lines}\n{drawn}");
    }
    for nonsense in ["0", "-5", "wide", ""] {
        assert_eq!(size(&chart(plain().env("COLUMNS", nonsense), &[])).0, 80, "{nonsense}");
    }
}

#[test]
fn colours_are_for_terminals_and_on_request() {
    let has_colours = |chart: String| chart.contains("\u{1b}[");
    assert!(!has_colours(chart(&mut plain(), &[])), "a file has no colours");
    assert!(!has_colours(chart(&mut plain(), &["--color", "never"])));
    assert!(has_colours(chart(&mut plain(), &["--color", "always"])));
    assert!(
        has_colours(chart(plain().env("NO_COLOR", "1"), &["--color", "always"])),
        "the flag takes precedence"
    );
    let wrong = plain().args(["timeseries", "--emulator", "--color", "blue"]).output().unwrap();
    assert_eq!((wrong.status.code(), stdout(&wrong).as_str()), (Some(2), ""));
}

#[test]
fn drawing_a_list_is_refused_before_sending() {
    for command in [&["logs"][..], &["logs", "get", "a"], &["authorities", "list"], &["logs", "--all"]] {
        for output in ["chart", "svg", "HTML"] {
            // No server listens at that address.
            let mut program = plain();
            program.env("CLOUDFLARE_API_TOKEN", "any").args([
                "--base-url",
                "http://127.0.0.1:1",
                "-o",
                output,
            ]);
            let output = program.args(command).output().unwrap();
            let message = stderr(&output);
            assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{message}");
            assert!(message.contains("json, ndjson, csv, table\n"), "{message}");
        }
    }
}

#[test]
fn drawings_and_pages_load_nothing_else() {
    let compared = ["--date-range", "7d", "--vs", "--date-range", "7dcontrol", "--name", "<b>\"&'"];
    let commands: [&[&str]; 3] = [
        &["timeseries"],
        &["timeseries-groups", "ca-owner", "--limit-per-group", "4"],
        &["summary", "ca-owner", "--limit-per-group", "4"],
    ];
    for command in commands {
        for output in ["svg", "html"] {
            let mut program = plain();
            program.args(command).args(compared).args(["--emulator", "-o", output]);
            let written = stdout(&program.output().unwrap());
            let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
            let document = Document::parse_with_options(&written, options).unwrap();
            let named = |name: &'static str| {
                document.descendants().filter(move |node| node.tag_name().name() == name)
            };
            assert_eq!(named("svg").count(), 1);
            assert!(named("title").all(|title| title.text().unwrap().contains("<b>\"&'")), "{written}");
            assert_eq!(named("desc").count(), 1);
            for loading in ["script", "b", "link", "img", "iframe", "image", "use"] {
                assert_eq!(named(loading).count(), 0, "{loading}");
            }
            assert!(!written.contains("url(") && !written.contains("@import") && !written.contains("src="));
            assert_eq!(written.contains("CC BY-NC 4.0"), output == "html");
        }
    }
}

/// The output of the program on a terminal that the program `script` emulates.
#[cfg(target_os = "linux")]
fn on_a_terminal(command: &str, environment: &[(&str, &str)]) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_radar-ct");
    let mut script = Command::new("script");
    for name in ["NO_COLOR", "COLUMNS", "LINES"] {
        script.env_remove(name);
    }
    script.env("TERM", "xterm").envs(environment.iter().copied());
    let output = script.args(["-qec", &format!("'{program}' {command}"), "/dev/null"]).output();
    let Ok(output) = output else {
        eprintln!("SKIPPED: the program `script` is missing, so there is no terminal");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    Some(text.replace("\r\n", "\n"))
}

#[cfg(target_os = "linux")]
#[test]
fn terminals_show_series_as_coloured_charts_and_lists_as_tables() {
    let request = "timeseries --emulator --date-range 7d";
    let size = [("COLUMNS", "70"), ("LINES", "20")];
    let Some(chart) = on_a_terminal(request, &size) else { return };
    assert!(chart.contains("\u{1b}[36m") && chart.contains('┤'), "{chart}");
    for without in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let chart = on_a_terminal(request, &[size[0], size[1], without]).unwrap();
        assert!(!chart.contains('\u{1b}') && chart.contains('┤'), "{chart}");
    }
    let coloured = on_a_terminal(request, &[("NO_COLOR", "")]).unwrap();
    assert!(coloured.contains("\u{1b}["), "an empty NO_COLOR has no effect");
    let table = on_a_terminal("logs --emulator --limit 2", &size).unwrap();
    assert!(table.trim_start().starts_with("slug") && !table.contains('\u{1b}'), "{table}");
}

#[test]
fn the_title_describes_the_request() {
    for (args, title) in [
        (
            &["timeseries", "--ca-owner", "DigiCert", "--has-ips", "false", "--date-range", "7d"][..],
            "Certificates, DigiCert, hasIps=false, 7 days",
        ),
        // The labels of the series contain the filters that differ.
        (
            &["timeseries", "--tld", "com", "--ca", "E7", "--date-range", "7d", "--vs", "--ca", "R12"],
            "Certificates, com, E7 and R12, 7 days",
        ),
        (
            &["timeseries-groups", "ca-owner", "--tld", "com", "--date-range", "7d"],
            "Share of certificates by ca-owner, com, 7 days",
        ),
        (&["summary", "log_api", "--date-range", "7d"], "Share of certificates by log-api, 7 days"),
    ] {
        let output = program().args(args).args(["--emulator", "-o", "chart"]).output().unwrap();
        let text = stdout(&output);
        assert!(text.starts_with(title), "{args:?}: {}{text}", stderr(&output));
    }
}
