//! A closed pipe ends the program without an error.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic fails the test")]

mod common;

use common::{program, stderr};

/// Runs the program with a stdout that is closed already.
fn assert_quiet(args: &[&str]) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program().args(args).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args:?}");
}

#[test]
fn data_in_any_format_may_go_unread() {
    let commands: [&[&str]; 5] = [
        &["timeseries", "--date-range", "1d"],
        &["timeseries-groups", "log-api", "--date-range", "1d"],
        &["summary", "tld", "--date-range", "1d"],
        &["authorities"],
        &["logs", "list"],
    ];
    // From the message of a refusal, so that new formats are tested.
    let refusal = stderr(&program().args(["timeseries", "--output", "none"]).output().unwrap());
    let formats = refusal.split_once("[possible values: ").unwrap().1.split_once(']').unwrap().0;
    assert!(formats.split(", ").count() >= 3, "{formats}");
    // Lists cannot be drawn.
    let is_drawn = |format: &str| ["chart", "svg", "html"].contains(&format);
    let list_formats = || formats.split(", ").filter(|format| !is_drawn(format));
    for command in commands {
        let is_list = ["authorities", "logs"].contains(&command[0]);
        for format in formats.split(", ").filter(|format| !is_list || !is_drawn(format)) {
            assert_quiet(&[command, &["--emulator", "--output", format]].concat());
        }
        assert_quiet(&[command, &["--emulator", "--format", "CSV"]].concat());
        assert_quiet(&[command, &["--emulator", "--dry-run"]].concat());
    }
    for format in list_formats() {
        assert_quiet(&["logs", "get", "argon2026h1", "--emulator", "-o", format]);
        assert_quiet(&["authorities", "--all", "--emulator", "-o", format]);
    }
}

#[test]
fn other_output_may_go_unread() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert_quiet(&["completions", shell]);
    }
    for args in [&["man"][..], &["man", "logs", "get"], &["help"], &["summary", "--help"], &["--version"]] {
        assert_quiet(args);
    }
}
