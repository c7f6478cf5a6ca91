//! `cargo xtask bench --peers`: the official SDKs on the same bodies, in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::count::{Times, instructions};
use super::ours::{DAY, WEEK, of_calling, of_decoding};
use super::programs::{Body, Programs};
use super::report::{Gate, Table, count, micros, times};
use super::startup::{self, Program};
use crate::drift::why_not_packed;
use crate::process::{With, read, text};
use crate::python::{self, Environment};
use crate::tools::Missing;
use crate::workspace::{Workspace, target_folder};

const ENVIRONMENT: Environment =
    Environment { folder: "bench/peers-venv", requirements: "benches/peers/requirements.txt", minor: 9 };
const PYTHON: &str = "benches/peers/peer.py";
const MANIFEST: &str = "benches/peers/package.json";
const TYPESCRIPT: &str = "benches/peers/peer.mjs";

/// Starting an interpreter is most of what is counted, so that once more is enough to repeat, and not a thousand times.
const TIMES: Times = Times { before: 1, counted: 4 };
/// Each in its turn, so that a machine that is busy for a while is so for all of them.
const TURNS: usize = 3;
const SECONDS: &str = "1";

/// What was measured, and of whom nothing could be.
pub(super) struct Measured {
    pub(super) tables: Vec<Table>,
    pub(super) gates: Vec<Gate>,
    pub(super) versions: Vec<String>,
    pub(super) skipped: Vec<String>,
}

pub(super) fn measure(
    workspace: &Workspace,
    programs: &Programs,
    product: &Program,
    counts: bool,
) -> Result<Measured, Missing> {
    let broken = Missing::Broken;
    let python = python::with_requirements(workspace, &ENVIRONMENT)?;
    let (mut versions, mut skipped) = (versions_of_python(workspace, &python)?, Vec::new());
    let typescript = match Node::install(workspace) {
        Ok(node) => Some(node),
        Err(Missing::Skip(why)) => {
            skipped.push(format!("the TypeScript SDK was NOT measured, because {why}"));
            None
        }
        Err(broken) => return Err(broken),
    };
    versions.extend(typescript.iter().flat_map(|node| node.versions.clone()));
    let peers = Peers { programs, python, script: workspace.root().join(PYTHON), typescript };
    let [day, week] = [DAY, WEEK].map(|size| programs.body(size));
    let (day, week) = (day.map_err(broken)?, week.map_err(broken)?);
    let mut gates = Vec::new();
    let mut tables = Vec::new();
    if counts {
        tables.push(peers.instructions(&[&day, &week], &mut gates).map_err(broken)?);
    }
    tables.push(peers.times(&[&day, &week]).map_err(broken)?);
    tables.push(startup::beside_python(product, &peers.python, &mut gates).map_err(broken)?);
    Ok(Measured { tables, gates, versions, skipped })
}

/// The packages that are measured, as they are pinned, and what runs them.
fn versions_of_python(workspace: &Workspace, python: &Path) -> Result<Vec<String>, Missing> {
    let pinned = fs::read_to_string(workspace.root().join(ENVIRONMENT.requirements))
        .map_err(|error| Missing::Broken(format!("{}: {error}", ENVIRONMENT.requirements)))?;
    let version = read(Command::new(python).with("--version"))?;
    let mut versions = vec![version.trim().to_owned()];
    versions.extend(pinned.lines().map(|line| format!("{} (PyPI)", line.replace("==", " "))));
    Ok(versions)
}

struct Peers<'p> {
    programs: &'p Programs,
    python: PathBuf,
    script: PathBuf,
    typescript: Option<Node>,
}

impl Peers<'_> {
    fn python(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).args(words);
        // Nothing by chance, and nothing from outside.
        command.env("PYTHONHASHSEED", "0").env("PYTHONDONTWRITEBYTECODE", "1");
        for name in ["PYTHONPATH", "PYTHONHOME", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
            command.env_remove(name).env_remove(name.to_ascii_lowercase());
        }
        command
    }

    fn instructions(&self, bodies: &[&Body], gates: &mut Vec<Gate>) -> Result<Table, String> {
        let mut table = Table::new(
            "Instructions beside the Python SDK",
            "`decode` is the SDK's own parser on a response that is there already; a call goes over loopback, on a connection \
             that is kept. orjson makes dictionaries and lists, without any types.",
            &["what", "ours", "Python SDK", "ratio", "orjson", "ratio of it"],
        );
        for body in bodies {
            println!("==> {} points in Python, counted", body.points);
            let of = |task: &str| instructions(TIMES, || self.python(&[task, body.path()]));
            let ours = of_decoding(self.programs, "ours", body)?;
            let (sdk, orjson) = (of("decode")?, of("orjson")?);
            let what = format!("decode of {} points", body.points);
            table.row([
                what.clone(),
                count(ours),
                count(sdk),
                times(sdk / ours),
                count(orjson),
                times(orjson / ours),
            ]);
            let least = if body.points == 96 { 330.0 } else { 580.0 };
            gates.push(Gate::at_least(
                format!("Python SDK, instructions to ours, {what}"),
                sdk / ours,
                least,
            ));
            if body.points == 96 {
                continue;
            }
            println!("==> a call of {} points in Python, counted", body.points);
            let server = self.programs.serve(body)?;
            let url = server.base_url.as_str();
            let ours = of_calling(self.programs, "ours-blocking", url)?;
            let sdk = instructions(TIMES, || self.python(&["call", url]))?;
            let what = format!("whole call of {} points", body.points);
            table.row([
                what.clone(),
                count(ours),
                count(sdk),
                times(sdk / ours),
                String::new(),
                String::new(),
            ]);
            gates.push(Gate::at_least(
                format!("Python SDK, instructions to ours, {what}"),
                sdk / ours,
                330.0,
            ));
        }
        Ok(table)
    }

    fn times(&self, bodies: &[&Body]) -> Result<Table, String> {
        let mut table = Table::new(
            "Time beside the SDKs",
            "The shortest of many, in microseconds, taken by turns; the others as ratios to ours. The TypeScript SDK has no \
             types when it runs and decodes nothing beyond JSON.parse: its `decode` is a call with a `fetch` that answers at \
             once, and JSON.parse of the same text stands beside it.",
            &["what", "ours", "Python SDK", "orjson", "TypeScript SDK", "JSON.parse"],
        );
        for body in bodies {
            println!("==> {} points by turns", body.points);
            let subject = body.path();
            let mut best = [f64::INFINITY; 5];
            for _ in 0..TURNS {
                let turn = [
                    Some(self.programs.number("race", &["wall", "100", "decode", "ours", subject])?),
                    Some(self.python_time("decode", subject)?),
                    Some(self.python_time("orjson", subject)?),
                    self.node_time("decode", subject)?,
                    self.node_time("parse", subject)?,
                ];
                take_the_better(&mut best, turn);
            }
            table.row(ratios(format!("decode of {} points", body.points), best));
        }
        let Some(body) = bodies.last() else { return Ok(table) };
        println!("==> a call of {} points by turns", body.points);
        let server = self.programs.serve(body)?;
        let url = server.base_url.as_str();
        for ours in ["ours-blocking", "ours-async"] {
            let mut best = [f64::INFINITY; 5];
            for _ in 0..TURNS {
                let turn = [
                    Some(self.programs.number("race", &["wall", "100", "call", ours, url])?),
                    Some(self.python_time("call", url)?),
                    None,
                    self.node_time("call", url)?,
                    None,
                ];
                take_the_better(&mut best, turn);
            }
            table.row(ratios(format!("whole call of {} points, {ours}", body.points), best));
        }
        Ok(table)
    }

    fn python_time(&self, task: &str, subject: &str) -> Result<f64, String> {
        number(&read(self.python(&["--time", task, subject, SECONDS]))?)
    }

    fn node_time(&self, task: &str, subject: &str) -> Result<Option<f64>, String> {
        let Some(node) = &self.typescript else { return Ok(None) };
        let mut command = Command::new("node");
        command.arg(&node.script).args([task, subject, SECONDS]).current_dir(&node.folder);
        number(&read(command)?).map(Some)
    }
}

fn take_the_better(best: &mut [f64; 5], turn: [Option<f64>; 5]) {
    for (best, time) in best.iter_mut().zip(turn) {
        *best = best.min(time.unwrap_or(f64::INFINITY));
    }
}

/// Ours in microseconds, the others by ours; what was not measured stays empty.
fn ratios(what: String, [ours, others @ ..]: [f64; 5]) -> Vec<String> {
    let mut row = vec![what, micros(ours)];
    row.extend(others.map(|other| if other.is_finite() { times(other / ours) } else { String::new() }));
    row
}

fn number(text: &str) -> Result<f64, String> {
    text.trim().parse().map_err(|_| format!("a time was expected, and not `{}`", text.trim()))
}

/// The TypeScript SDK, installed.
struct Node {
    folder: PathBuf,
    script: PathBuf,
    versions: Vec<String>,
}

impl Node {
    /// By npm, below the target folder; kept until the manifest changes.
    fn install(workspace: &Workspace) -> Result<Self, Missing> {
        let version = match Command::new("node").arg("--version").stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => {
                String::from_utf8_lossy(&output.stdout).trim().to_owned()
            }
            _ => return Err(Missing::Skip("there is no Node.js".to_owned())),
        };
        let folder = target_folder("bench/peers-npm").map_err(Missing::Broken)?;
        let manifest = workspace.root().join(MANIFEST);
        let cannot = |error: std::io::Error| Missing::Broken(format!("{MANIFEST}: {error}"));
        let wanted = fs::read_to_string(&manifest).map_err(cannot)?;
        let (copy, installed) =
            (folder.join("package.json"), folder.join("node_modules/cloudflare/package.json"));
        if !installed.is_file() || fs::read_to_string(&copy).is_ok_and(|made_from| made_from != wanted) {
            println!("==> installing {MANIFEST}");
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(cannot)?;
            }
            fs::create_dir_all(&folder).map_err(cannot)?;
            fs::write(&copy, &wanted).map_err(cannot)?;
            npm(&folder)?;
        }
        let pinned = wanted.lines().find_map(|line| line.trim().strip_prefix("\"cloudflare\": "));
        let pinned = pinned.unwrap_or_default().trim_matches(['"', ',']);
        let versions = vec![format!("Node.js {version}"), format!("cloudflare {pinned} (npm)")];
        Ok(Self { folder, script: workspace.root().join(TYPESCRIPT), versions })
    }
}

fn npm(folder: &Path) -> Result<(), Missing> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut npm = Command::new(program);
    npm.args(["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"])
        .args(["--loglevel", "error", "--fetch-retries", "1"])
        .current_dir(folder)
        .stdin(Stdio::null());
    let installed = match npm.output() {
        Ok(installed) => installed,
        Err(error) => return Err(Missing::Skip(format!("npm did not start: {error}"))),
    };
    if installed.status.success() { Ok(()) } else { Err(why_not_packed(&text(&installed))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_stays_empty() {
        let mut best = [f64::INFINITY; 5];
        take_the_better(&mut best, [Some(2000.0), Some(8000.0), None, None, Some(1.0)]);
        take_the_better(&mut best, [Some(3000.0), Some(4000.0), None, None, Some(1000.0)]);
        assert_eq!(ratios("w".to_owned(), best), ["w", "2.0", "2x", "", "", "0.001x"]);
        assert!(number("12\n").is_ok() && number("").is_err());
    }
}
