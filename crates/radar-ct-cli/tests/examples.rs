//! The examples in the help of every command.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic fails the test")]

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{program, stderr, stdout};
use radar_ct_emulator::Emulator;

/// Collects the help of a command and of those below it, by name.
fn walk(command: &[String], found: &mut Vec<(String, String)>) {
    let output = program().arg("help").args(command).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{command:?}");
    let help = stdout(&output);
    let listed = help.split_once("\nCommands:\n").map_or("", |(_, after)| after);
    for line in listed.lines().take_while(|line| !line.is_empty()) {
        // Further lines of a description are indented more.
        if line.starts_with("   ") {
            continue;
        }
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            walk(&[command, &[name.to_owned()]].concat(), found);
        }
    }
    found.push((command.join(" "), help));
}

fn examples(help: &str) -> Vec<&str> {
    let below = help.split_once("\nExamples:\n").map_or("", |(_, below)| below);
    below.lines().take_while(|line| !line.is_empty()).collect()
}

#[test]
fn every_command_has_working_examples() {
    let mut commands = Vec::new();
    walk(&[], &mut commands);
    let names: Vec<_> = commands.iter().map(|(name, _)| name.as_str()).collect();
    for known in ["", "timeseries", "summary", "authorities", "authorities get", "logs list", "man"] {
        assert!(names.contains(&known), "`{known}` was not found: {names:?}");
    }

    let emulator = Emulator::start().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut paths = vec![Path::new(env!("CARGO_BIN_EXE_radar-ct")).parent().unwrap().to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let path = std::env::join_paths(paths).unwrap();

    for (name, help) in &commands {
        let examples = examples(help);
        assert!(!examples.is_empty(), "`radar-ct {name}` has no examples: {help}");
        for line in examples {
            let example = line.trim();
            let own = format!("radar-ct {name}");
            assert!(example.starts_with(own.trim()) && line.starts_with("  "), "`{name}`: {line}");
            let mut shell = Command::new("sh");
            shell.args(["-c", example]).current_dir(&folder).env_clear().env("PATH", &path);
            shell.env("CLOUDFLARE_BASE_URL", emulator.base_url()).env("CLOUDFLARE_API_TOKEN", "any");
            let output = shell.stdin(Stdio::null()).output().unwrap();
            let errors = stderr(&output);
            assert_eq!(output.status.code(), Some(0), "`{name}`: {example}: {errors}");
            // An export writes files and reports them in one line.
            let is_fine =
                if name == "export" { errors.ends_with("kept from before\n") } else { errors.is_empty() };
            assert!(is_fine && errors.lines().count() <= 1, "`{name}`: {example}: {errors}");
        }
    }
}
