//! `cargo xtask bench`: what decoding, encoding and whole calls cost, and whether that is still little enough.
//!
//! What decides is counted and not timed: instructions, allocations, bytes. Times depend on the machine and on what else it
//! does, so they are only ever compared with one another, within one run and by turns.

mod count;
mod gzip;
mod ours;
mod peers;
mod programs;
mod report;
mod startup;

use std::fs;
use std::process::ExitCode;

use crate::git::said;
use crate::process::compiler;
use crate::today::today;
use crate::tools::Missing;
use crate::workspace::Workspace;
use crate::{Command as Task, conclude};
use programs::Programs;
use report::{Gate, Table, verdicts};
use startup::Program;

pub(crate) const COMMAND: Task = Task {
    name: "bench",
    about: "measures decoding and calls against their limits: `bench [--peers] [--strict]`",
    run,
};

const RESULTS: &str = "benches/RESULTS.md";
const PEERS: &str = "## The official SDKs";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// The official SDKs, too.
    peers: bool,
    /// What cannot be measured here is a failure.
    strict: bool,
}

fn run(args: &[String]) -> ExitCode {
    conclude("bench", parse(args), bench)
}

fn parse(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    for arg in args {
        match arg.as_str() {
            "--peers" => asked.peers = true,
            "--strict" => asked.strict = true,
            other => return Err(format!("`bench` knows `--peers` and `--strict`, and not `{other}`")),
        }
    }
    Ok(asked)
}

/// Whether every gate is met, and with `--strict` everything was measured.
fn bench(workspace: &Workspace, asked: &Asked) -> Result<bool, String> {
    let programs = Programs::build(workspace)?;
    let counts = count::is_possible();
    let mut skipped = Vec::new();
    if !counts {
        skipped.push("instructions were NOT counted, because there is no valgrind".to_owned());
    }
    let made_on = made_on(workspace)?;
    let product = Program::build(workspace)?;
    let (mut tables, mut gates) = ours::measure(&programs, counts)?;
    tables.push(startup::measure(&product, counts, &mut gates)?);
    let ours = section("## Ours", &made_on, &tables, &gates);
    println!("\n{ours}");
    let mut fine = gates.iter().all(Gate::is_met);

    let mut of_peers = None;
    if asked.peers {
        match peers::measure(workspace, &programs, &product, counts) {
            Ok(measured) => {
                skipped.extend(measured.skipped);
                fine &= measured.gates.iter().all(Gate::is_met);
                let made_on = format!("{made_on}. {}", measured.versions.join(", "));
                let text = section(PEERS, &made_on, &measured.tables, &measured.gates);
                println!("\n{text}");
                of_peers = Some(text);
            }
            Err(Missing::Skip(why)) => {
                skipped.push(format!("the official SDKs were NOT measured, because {why}"));
            }
            Err(Missing::Broken(why)) => return Err(why),
        }
    }
    if skipped.is_empty() {
        write(workspace, &ours, of_peers.as_deref())?;
    }
    for what in &skipped {
        println!("!!!!!!!! SKIPPED: {what}");
    }
    println!(
        "{}",
        if fine { "every gate that was measured is met" } else { "A GATE IS MISSED: see the tables" }
    );
    Ok(fine && (skipped.is_empty() || !asked.strict))
}

/// When, of what and with what it was measured.
fn made_on(workspace: &Workspace) -> Result<String, String> {
    let root = workspace.root();
    let commit = said(root, &["rev-parse", "--short", "HEAD"])?;
    // What is written here is no change of what is measured.
    let tree = ["status", "--porcelain", "--untracked-files=no", "--", ".", ":!benches/RESULTS.md"];
    let changed = if said(root, &tree)?.is_empty() { "" } else { " with changes" };
    Ok(format!("{}, commit {commit}{changed}, {}", today()?, compiler(workspace)?))
}

fn section(heading: &str, made_on: &str, tables: &[Table], gates: &[Gate]) -> String {
    let verdicts = verdicts(gates);
    let tables = tables.iter().chain([&verdicts]).map(ToString::to_string).collect::<Vec<_>>();
    format!("{heading}\n\n{made_on}.\n\n{}", tables.join("\n"))
}

const PREFACE: &str = "# What it costs\n\n\
    Written by `cargo xtask bench --peers`; do not edit. Instructions are counted by valgrind, as the difference between \
    repeating a task less and more often, and are the same on any machine with the same compiler and C library, but for what \
    the network does to calls. Times are of one machine and mean something as ratios alone.\n";

/// What was not measured this time is kept: it says itself of when it is.
fn write(workspace: &Workspace, ours: &str, peers: Option<&str>) -> Result<(), String> {
    let file = workspace.root().join(RESULTS);
    let before = fs::read_to_string(&file).unwrap_or_default();
    let kept = before.find(PEERS).and_then(|start| before.get(start..));
    let peers = peers.or(kept).map_or(String::new(), |peers| format!("\n{peers}"));
    fs::write(&file, format!("{PREFACE}\n{ours}{peers}"))
        .map_err(|error| format!("{RESULTS} cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(args: &[&str]) -> Result<Asked, String> {
        parse(&args.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_asked_for_is_understood_and_anything_else_refused() {
        assert_eq!(asked(&[]), Ok(Asked::default()));
        assert_eq!(asked(&["--strict", "--peers"]), Ok(Asked { peers: true, strict: true }));
        assert!(asked(&["--all"]).is_err() && asked(&["decode"]).is_err());
    }

    #[test]
    fn a_section_says_of_what_it_is_and_ends_with_its_gates() {
        let text = section("## Ours", "today", &[], &[Gate::at_most("a", 1.0, 2.0)]);
        assert!(text.starts_with("## Ours\n\ntoday.\n") && text.contains("met"), "{text}");
    }
}
