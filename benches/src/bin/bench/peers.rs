//! Measurements of the official SDKs, with the same answers in the same run.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::measure::{Bench, median};
use crate::ours::{DAY, WEEK, call, decode};

const SCRIPT: &str = "benches/peers/peer.py";

/// Measures the SDKs with a Python and a folder that have them.
pub(crate) fn measure(bench: &mut Bench, interpreter: &str, node: &str) -> Result<()> {
    let script = bench.sh.current_dir().join("benches/peers/peer.mjs");
    let (day, week) = (bench.body(DAY)?, bench.body(WEEK)?);
    let server = bench.serve(&week, None)?;

    if bench.counts {
        bench.report.heading("Instructions of the Python SDK; `orjson` makes no types");
        let count = |task: &str, subject: &str| -> Result<f64> {
            let once =
                |times| bench.instructions(Path::new(interpreter), &[SCRIPT, task, subject], Some(times));
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
    let sh = &bench.sh;
    let python_time = |task: &str, subject: &str| -> Result<f64> {
        let python = sh.cmd(interpreter).args([SCRIPT, "--time", task, subject, "1"]);
        Ok(python.env("PYTHONDONTWRITEBYTECODE", "1").quiet().read()?.parse()?)
    };
    let node_time = |task: &str, subject: &str| -> Result<f64> {
        // The script resolves the SDK from the folder that it runs in.
        let _folder = sh.push_dir(node);
        Ok(sh.cmd("node").arg(&script).args([task, subject, "1"]).quiet().read()?.parse()?)
    };
    let rows: [(&str, [&str; 3], &str, &str); 6] = [
        ("decode 96", ["decode", "ours", &day.file], "decode", "decode"),
        ("decode 672", ["decode", "ours", &week.file], "decode", "decode"),
        ("JSON 96, orjson and JSON.parse", ["decode", "ours", &day.file], "orjson", "parse"),
        ("JSON 672, orjson and JSON.parse", ["decode", "ours", &week.file], "orjson", "parse"),
        ("call 672, blocking", ["call", "ours-blocking", &server.url], "call", "call"),
        ("call 672, async", ["call", "ours-async", &server.url], "call", "call"),
    ];
    for (what, ours, of_python, of_node) in rows {
        let mut best = [f64::INFINITY; 3];
        // In turns, so that a busy moment affects all of them.
        for _ in 0..3 {
            let subject = ours[2];
            let own = bench.number("race", &[&["wall", "100"], &ours[..]].concat())?;
            let turn = [own, python_time(of_python, subject)?, node_time(of_node, subject)?];
            best.iter_mut().zip(turn).for_each(|(best, time)| *best = best.min(time));
        }
        let [ours, python, node] = best;
        bench.report.add(&format!("SDKs, {what}: ours, us"), ours / 1e3);
        bench.report.add(&format!("SDKs, {what}: time in Python / ours"), python / ours);
        bench.report.add(&format!("SDKs, {what}: time in TypeScript / ours"), node / ours);
    }

    let (mut import, mut dry_run) = (Command::new(interpreter), Command::new(&bench.client));
    import.args(["-c", "import cloudflare"]);
    dry_run.args(["timeseries", "--date-range", "7d", "--dry-run"]);
    let ratio = median(5, import)? / median(31, dry_run)?;
    bench.report.add("SDK, Python: time of importing it / a dry run", ratio);

    Ok(())
}
