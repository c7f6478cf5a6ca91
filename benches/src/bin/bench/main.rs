//! Measures radar-ct and compares the results with their limits:
//!
//! `bench CLIENT MADE STRICT [INTERPRETER NODE_FOLDER VERSIONS]`, which `cargo xtask bench` calls. CLIENT is
//! the command line client, MADE describes the build, and the rest are the official SDKs.
//!
//! Most limits are for counts: instructions, allocations, bytes. Times depend on the machine, so they are
//! only compared with each other, measured in turns.

#![allow(clippy::disallowed_methods, reason = "benchmarks measure real time")]

mod limits;
mod measure;
mod ours;
mod peers;
mod report;

use anyhow::{Result, bail, ensure};

use measure::Bench;

const RESULTS: &str = "benches/RESULTS.md";
const PEERS: &str = "## The official SDKs";
const PREFACE: &str = "# Results of the benchmarks\n\n\
    Written by `cargo xtask bench --peers`. Instructions are counted by valgrind, as the difference between a few\n\
    and many repetitions of a task. Times are processor times, the shortest of many, and differ between machines. The\n\
    limits are in `benches/src/bin/bench/limits.rs`.\n";

fn main() -> Result<()> {
    let arguments = radar_ct_benches::arguments();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [client, made, strict, sdks @ ..] = words.as_slice() else {
        bail!("see the documentation of this program")
    };
    let mut bench = Bench::new(client)?;
    ours::measure(&mut bench)?;
    let ours = format!("\n## radar-ct\n\n{made}.\n{}", bench.report.take());
    println!("{ours}");

    let before = bench.sh.read_file(RESULTS).unwrap_or_default();
    let mut peers = before.find(PEERS).and_then(|start| before.get(start..)).unwrap_or_default().to_owned();
    if let [interpreter, node, versions] = sdks {
        peers::measure(&mut bench, interpreter, node)?;
        peers = format!("{PEERS}\n\n{made}. {versions}.\n{}", bench.report.take());
        println!("{peers}");
    }
    if bench.counts {
        bench.report.every_limit_was_used(!sdks.is_empty())?;
        bench.sh.write_file(RESULTS, format!("{PREFACE}{ours}\n{peers}"))?;
    } else {
        println!("!!!!!!!! SKIPPED: instructions were not counted, since there is no valgrind");
        ensure!(*strict != "true", "with --strict nothing may be skipped");
    }
    ensure!(bench.report.missed.is_empty(), "beyond the limit:\n{}", bench.report.missed.join("\n"));
    println!("every measured limit is met");
    Ok(())
}
