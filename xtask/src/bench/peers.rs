//! The official SDKs on the same answers, in the same run.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::measure::{Bench, median};
use super::ours::{DAY, WEEK, call, decode};
use crate::python::{Environment, cached, python, unreachable};
use crate::shell::{Skip, capture, target};

const PYTHON: Environment =
    Environment { folder: "bench/peers-venv", requirements: "benches/peers/requirements.txt", minor: 9 };
const SCRIPT: &str = "benches/peers/peer.py";

/// Measures both SDKs and returns their versions.
pub(super) fn measure(bench: &mut Bench<'_>) -> Result<String> {
    let sh = bench.sh;
    let interpreter = PYTHON.interpreter(sh)?;
    let (node, node_version) = node(bench)?;
    let (day, week) = (bench.body(DAY)?, bench.body(WEEK)?);
    let server = bench.serve(&week, None)?;

    if bench.counts {
        bench.report.heading("Instructions of the Python SDK; `orjson` makes no types");
        let count = |task: &str, subject: &str| -> Result<f64> {
            let once = |times| bench.instructions(interpreter.clone(), &[SCRIPT, task, subject], Some(times));
            Ok((once(5)? - once(1)?) / 4.0)
        };
        let mut rows = Vec::new();
        for body in [&day, &week] {
            let ours = decode(bench, "ours", body)?;
            rows.push((format!("decode {}", body.points), count("decode", &body.file)? / ours));
            rows.push((format!("orjson {}", body.points), count("orjson", &body.file)? / ours));
        }
        let of_call = count("call", &server.url)? / call(bench, "ours-blocking", &server.url)?;
        rows.push(("call 672".to_owned(), of_call));
        for (what, ratio) in rows {
            bench.report.add(&format!("SDK, Python, {what}: instructions / ours"), ratio);
        }
    }

    bench.report.heading("Time of the SDKs; the TypeScript SDK has no types at run time");
    let python_time = |task: &str, subject: &str| -> Result<f64> {
        Ok(python(sh, &interpreter, SCRIPT).args(["--time", task, subject, "1"]).quiet().read()?.parse()?)
    };
    let node_time = |task: &str, subject: &str| -> Result<f64> {
        let _folder = sh.push_dir(&node);
        Ok(sh.cmd("node").args(["peer.mjs", task, subject, "1"]).quiet().read()?.parse()?)
    };
    let rows: [(&str, &[&str], &str, Option<&str>); 4] = [
        ("decode 96", &["decode", "ours", &day.file], "decode", Some("orjson")),
        ("decode 672", &["decode", "ours", &week.file], "decode", Some("orjson")),
        ("call 672, blocking", &["call", "ours-blocking", &server.url], "call", None),
        ("call 672, async", &["call", "ours-async", &server.url], "call", None),
    ];
    for (what, ours, task, bare) in rows {
        let subject = ours.last().copied().unwrap_or_default();
        let mut best = [f64::INFINITY; 5];
        // In turns, so that a busy moment is one for all of them.
        for _ in 0..3 {
            let words = [&["wall", "100"], ours].concat();
            let bare_time = |time: &dyn Fn(&str, &str) -> Result<f64>, name| {
                bare.map_or(Ok(f64::NAN), |_| time(name, subject))
            };
            let turn = [
                bench.number("race", &words)?,
                python_time(task, subject)?,
                node_time(task, subject)?,
                bare_time(&python_time, "orjson")?,
                bare_time(&node_time, "parse")?,
            ];
            best.iter_mut().zip(turn).for_each(|(best, time)| *best = best.min(time));
        }
        let [ours, others @ ..] = best;
        bench.report.add(&format!("SDK beside, {what}: ours, us"), ours / 1e3);
        for (name, time) in ["Python SDK", "TypeScript SDK", "orjson", "JSON.parse"].iter().zip(others) {
            if time.is_finite() {
                bench.report.add(&format!("SDK beside, {what}: time of {name} / ours"), time / ours);
            }
        }
    }

    let (mut import, mut dry_run) = (Command::new(&interpreter), Command::new(&bench.client));
    import.args(["-c", "import cloudflare"]);
    dry_run.args(["timeseries", "--date-range", "7d", "--dry-run"]);
    let ratio = median(5, import)? / median(31, dry_run)?;
    bench.report.add("SDK, Python: time of importing it / a dry run", ratio);

    let python_version = capture(python(sh, &interpreter, "--version"))?;
    let pinned = sh.read_file(PYTHON.requirements)?.replace('\n', " ");
    Ok(format!("{python_version}, {}, {node_version}", pinned.trim()))
}

/// Installs the TypeScript SDK, and returns its folder and the versions.
fn node(bench: &Bench<'_>) -> Result<(std::path::PathBuf, String)> {
    let sh = bench.sh;
    let version =
        capture(sh.cmd("node").arg("--version")).map_err(|_| Skip("there is no Node.js".to_owned()))?;
    let (manifest, script) = ("benches/peers/package.json", "benches/peers/peer.mjs");
    let (manifest, script) = (sh.read_file(manifest)?, sh.read_file(script)?);
    let folder = target("bench/peers-npm")?;
    cached(&folder, &format!("{manifest}{script}"), || {
        sh.write_file(folder.join("package.json"), &manifest)?;
        sh.write_file(folder.join("peer.mjs"), &script)?;
        let _folder = sh.push_dir(&folder);
        let npm = sh.cmd(if cfg!(windows) { "npm.cmd" } else { "npm" });
        let npm = npm.args(["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"]);
        capture(npm.args(["--loglevel", "error"])).map(drop).map_err(|error| unreachable(&error.to_string()))
    })?;
    let parsed: serde_json::Value = serde_json::from_str(&manifest)?;
    let sdk = parsed.pointer("/dependencies/cloudflare").context("package.json names no SDK")?;
    Ok((Path::new(&folder).to_owned(), format!("Node.js {version}, cloudflare {sdk} (npm)")))
}
