//! Does the program end in silence when nobody reads what it writes?

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod common;

use common::{program, stderr};

/// Runs the program with an output whose reader has left before anything is written.
fn unread(args: &[&str]) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program().args(args).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args:?}");
}

#[test]
fn data_that_nobody_reads_are_no_failure_in_any_form() {
    let commands: [&[&str]; 5] = [
        &["timeseries", "--date-range", "1d"],
        &["timeseries-groups", "log-api", "--date-range", "1d"],
        &["summary", "tld", "--date-range", "1d"],
        &["authorities"],
        &["logs", "list"],
    ];
    // What the help says there is: a form that is added is tried too.
    let help = common::stdout(&program().arg("--help").output().unwrap());
    let forms = help.split_once("--output <").unwrap().1.split_once('>').unwrap().0;
    assert!(forms.split('|').count() >= 3, "{forms}");
    // Of lists there are no pictures, and the program says so before it asks.
    let is_drawn = |form: &str| ["chart", "svg", "html"].contains(&form);
    let of_lists = || forms.split('|').filter(|form| !is_drawn(form));
    for command in commands {
        let is_list = ["authorities", "logs"].contains(&command[0]);
        for form in forms.split('|').filter(|form| !is_list || !is_drawn(form)) {
            unread(&[command, &["--emulator", "--output", form]].concat());
        }
        unread(&[command, &["--emulator", "--format", "CSV"]].concat());
        unread(&[command, &["--emulator", "--dry-run"]].concat());
    }
    for form in of_lists() {
        unread(&["logs", "get", "argon2026h1", "--emulator", "-o", form]);
        unread(&["authorities", "--all", "--emulator", "-o", form]);
    }
}

#[test]
fn nor_is_anything_else_that_is_written() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        unread(&["completions", shell]);
    }
    for args in [&["man"][..], &["man", "logs", "get"], &["help"], &["summary", "--help"], &["--version"]] {
        unread(args);
    }
}
