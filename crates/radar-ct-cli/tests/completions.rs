//! Completion scripts and manual pages.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic fails the test")]

mod common;

use std::path::Path;
use std::process::Command;

use common::{dry_run, program, stderr, stdout};
use heck::ToKebabCase;
use radar_ct::{Dimension, Kind, LogsParams, Parameter, SeriesParams, TimeseriesGroupsParams};

fn script(shell: &str) -> String {
    let output = program().args(["completions", shell]).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{shell}");
    stdout(&output)
}

/// Returns every parameter with a list of values.
fn enumerated() -> Vec<(Parameter, &'static [&'static str])> {
    let parameters = SeriesParams::parameters()
        .chain(TimeseriesGroupsParams::request_parameters())
        .chain(LogsParams::parameters());
    let values = |parameter: Parameter| match parameter.kind {
        Kind::Enum(values) => Some((parameter, values)),
        Kind::Boolean => Some((parameter, &["true", "false"][..])),
        _ => None,
    };
    let enumerated: Vec<_> = parameters.filter_map(values).collect();
    assert!(enumerated.len() > 10);
    enumerated
}

fn dimensions() -> Vec<String> {
    Dimension::VALUES.iter().map(|value| value.to_ascii_lowercase().replace('_', "-")).collect()
}

#[test]
fn scripts_have_every_value() {
    let (bash, zsh, fish) = (script("bash"), script("zsh"), script("fish"));
    for (parameter, values) in enumerated() {
        let flag = parameter.name.to_kebab_case();
        // In bash, the values are on the line below the case of the flag.
        let case = format!("                --{flag})\n");
        let mut below = bash.split(&case).skip(1).peekable();
        assert!(below.peek().is_some(), "{flag}");
        let wanted = format!("compgen -W \"{}\"", values.join(" "));
        assert!(below.all(|text| text.lines().next().unwrap().contains(&wanted)), "{flag}");
        let mut lines = zsh.lines().filter(|line| line.contains(&format!("--{flag}=["))).peekable();
        assert!(lines.peek().is_some(), "{flag}");
        assert!(lines.all(|line| line.contains(&format!(":({})'", values.join(" ")))), "{flag}");
        let mut lines = fish.lines().filter(|line| line.contains(&format!(" -l {flag} "))).peekable();
        assert!(lines.peek().is_some(), "{flag}");
        for line in lines {
            // fish has one value on each line, after an opening quote.
            let from = fish.split_once(line).unwrap().1;
            let listed = from.split_once("''\"").map_or("", |(listed, _)| listed);
            assert!(line.contains(" -a \""), "{line}");
            assert!(values.iter().all(|value| line.contains(value) || listed.contains(value)), "{flag}");
        }
    }
    let dimensions = dimensions().join(" ");
    assert!(bash.contains(&format!("--help {dimensions}\"")));
    assert!(zsh.contains(&format!(":({dimensions})'")));
}

#[test]
fn bash_completes_commands_flags_and_values() {
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("SKIPPED: bash is not installed; its script was only read");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("completions");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("radar-ct.bash"), script("bash")).unwrap();
    let completed = |words: &[&str]| -> Vec<String> {
        let program = "source radar-ct.bash; completer=$(complete -p radar-ct); completer=${completer#*-F }; \
                       COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
                       ${completer%% *} radar-ct \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; \
                       printf '%s\\n' \"${COMPREPLY[@]}\"";
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", program, "bash", "radar-ct"]).args(words).current_dir(&folder);
        let output = bash.output().unwrap();
        assert_eq!(stderr(&output), "", "{words:?}");
        stdout(&output).lines().map(str::to_owned).collect()
    };
    assert_eq!(completed(&["timeser"]), ["timeseries", "timeseries-groups"]);
    assert_eq!(completed(&["timeseries", "--validation-level", ""]), ["DOMAIN", "ORGANIZATION", "EXTENDED"]);
    assert_eq!(completed(&["timeseries", "--has-ips", "t"]), ["true"]);
    assert_eq!(completed(&["summary", "ca"]), ["ca", "ca-owner"]);
    assert_eq!(completed(&["summary", "ca", "--normalization", "P"]), ["PERCENTAGE"]);
    assert_eq!(completed(&["completions", "z"]), ["zsh"]);
    assert_eq!(completed(&["man", "time"]), ["timeseries", "timeseries-groups"]);
}

#[test]
fn values_are_accepted_in_any_case() {
    for (parameter, values) in enumerated().into_iter().filter(|(parameter, _)| parameter.name != "format") {
        let is_of_series = SeriesParams::parameters().any(|other| other == parameter);
        if !is_of_series && parameter.name != "aggInterval" {
            continue;
        }
        let flag = format!("--{}", parameter.name.to_kebab_case());
        for value in values {
            let sent = dry_run([flag.clone(), value.to_ascii_lowercase()]);
            assert_eq!(sent, [(parameter.name.to_owned(), (*value).to_owned())]);
        }
        if is_of_series {
            assert_eq!(dry_run([flag.as_str(), ""]), []);
        }
        let output = common::timeseries([flag.as_str(), "no such value"]);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        // The model refuses it, not the parser.
        assert!(
            message.starts_with(&format!("error: {flag} cannot be `no such value`: it is ")),
            "{message}"
        );
    }
}

#[test]
fn every_command_has_a_page() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    let _ = std::fs::remove_dir_all(&folder);
    let output = program().args(["man", "--out"]).arg(&folder).output().unwrap();
    assert_eq!((output.status.code(), stdout(&output).as_str(), stderr(&output).as_str()), (Some(0), "", ""));
    let commands: [&[&str]; 8] = [
        &[],
        &["timeseries"],
        &["summary"],
        &["authorities"],
        &["authorities", "get"],
        &["logs", "list"],
        &["completions"],
        &["man"],
    ];
    for command in commands {
        let printed = program().arg("man").args(command).output().unwrap();
        assert_eq!(printed.status.code(), Some(0), "{}", stderr(&printed));
        let name = [&["radar-ct"], command].concat().join("-");
        let file = folder.join(format!("{name}.1"));
        let page = std::fs::read_to_string(&file).unwrap();
        assert_eq!(page, stdout(&printed), "{name}");
        assert!(page.contains(&format!(".TH {name} 1 ")) && page.contains(".SH EXAMPLES"), "{page}");
    }
    let page = std::fs::read_to_string(folder.join("radar-ct-summary.1")).unwrap();
    for parameter in SeriesParams::parameters() {
        let flag = format!("\\-\\-{}", parameter.name.to_kebab_case().replace('-', "\\-"));
        assert!(page.contains(&flag), "{flag}");
    }
    assert!(page.contains("RSA_MD2") && page.contains("ca\\-owner"), "{page}");
    let page = std::fs::read_to_string(folder.join("radar-ct.1")).unwrap();
    assert!(page.contains(".SH \"EXIT CODES\""), "{page}");
}

#[test]
fn commands_without_requests_accept_and_hide_the_flags_of_requests() {
    for command in ["man", "completions"] {
        let help = stdout(&program().args([command, "--help"]).output().unwrap());
        assert!(help.contains("Examples:") && !help.contains("--timeout"), "{help}");
    }
    let output = program().args(["-q", "--emulator", "man", "logs"]).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn unknown_shells_and_commands_are_wrong_usage() {
    let wrong: [(&[&str], &str); 6] = [
        (&["completions"], "SHELL"),
        (&["completions", "tcsh"], "zsh"),
        (&["man", "timeserie"], "timeseries"),
        (&["man", "get"], "`radar-ct` has no command `get`"),
        (&["man", "logs", "summary"], "`radar-ct logs` has no command `summary`"),
        (&["man", "logs", "--out", "x"], "--out"),
    ];
    for (args, words) in wrong {
        let output = program().args(args).output().unwrap();
        let message = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{args:?}: {message}");
        assert!(message.contains(words), "{args:?}: {message}");
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-folder");
    std::fs::write(&file, "").unwrap();
    let output = program().args(["man", "--out"]).arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no-folder"), "{}", stderr(&output));
}
