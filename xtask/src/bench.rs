//! `cargo xtask bench`: decoding, encoding and whole calls, measured and compared with their limits.
//!
//! Limits hold for counts: instructions, allocations, bytes. Times depend on the machine, so that they are
//! compared with one another only, measured in turns.

mod measure;
mod ours;
mod peers;
mod report;

use anyhow::{Result, ensure};
use chrono::Utc;
use xshell::Shell;

use crate::shell::{Skip, compiler, git};
use measure::Bench;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Measures the official Python and TypeScript SDKs, too.
    #[arg(long)]
    peers: bool,
    /// Fails if something cannot be measured here.
    #[arg(long)]
    strict: bool,
}

const RESULTS: &str = "benches/RESULTS.md";
const PEERS: &str = "## The official SDKs";
const PREFACE: &str = "# Results of the benchmarks\n\n\
    Written by `cargo xtask bench --peers`. Instructions are counted by valgrind: the difference between repeating a\n\
    task less and more often. Times are those of a processor, the shortest of many, and differ between machines. The\n\
    limits are in `benches/limits.toml`.\n";

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let root = git(sh, "rev-parse --short HEAD").read()?;
    let changed = git(sh, "status --porcelain --untracked-files=no -- . :!benches/RESULTS.md").read()?;
    let changed = if changed.is_empty() { "" } else { " with changes" };
    let made = format!("{}, commit {root}{changed}, {}", Utc::now().format("%Y-%m-%d"), compiler(sh)?);

    let mut bench = Bench::build(sh)?;
    let mut skipped = Vec::new();
    if !bench.counts {
        skipped.push("instructions were not counted: there is no valgrind".to_owned());
    }
    ours::measure(&mut bench)?;
    let ours = format!("\n## radar-ct\n\n{made}.\n{}", bench.report.take());
    println!("{ours}");

    let before = sh.read_file(RESULTS).unwrap_or_default();
    let mut peers = before.find(PEERS).and_then(|start| before.get(start..)).unwrap_or_default().to_owned();
    if options.peers {
        match peers::measure(&mut bench) {
            Ok(versions) => {
                peers = format!("{PEERS}\n\n{made}. {versions}.\n{}", bench.report.take());
                println!("{peers}");
            }
            Err(error) if error.is::<Skip>() => {
                skipped.push(format!("the SDKs were not measured: {error:#}"));
            }
            Err(error) => return Err(error),
        }
    }
    for reason in &skipped {
        println!("!!!!!!!! SKIPPED: {reason}");
    }
    if skipped.is_empty() {
        bench.report.every_limit_was_measured(options.peers)?;
        sh.write_file(RESULTS, format!("{PREFACE}{ours}\n{peers}"))?;
    }
    ensure!(bench.report.missed.is_empty(), "beyond the limit:\n{}", bench.report.missed.join("\n"));
    ensure!(skipped.is_empty() || !options.strict, "with --strict nothing may be skipped");
    println!("every measured limit is met");
    Ok(())
}
