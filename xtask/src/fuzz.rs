//! `cargo xtask fuzz`: libFuzzer on what is read from outside, with the stable toolchain.
//!
//! The flags are those of `cargo fuzz --sanitizer none`. Sanitizers want a nightly compiler and find what unsafe code does
//! wrong; ours has none, so that a property that does not hold, an overflow or a panic is all there is to be found.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::process::{cargo, host, run as run_command, succeeds};
use crate::workspace::{Workspace, target_folder};
use crate::{Command as Task, conclude};

pub(crate) const COMMAND: Task = Task {
    name: "fuzz",
    about: "fuzzes what is read from outside: `fuzz [TARGET] [--seconds N]`, 300 s each",
    run,
};

/// One program of `fuzz/` each.
const TARGETS: &[&str] = &["query", "timeseries", "error_body", "retry_after", "date_range"];

/// For how long each target is fuzzed, in seconds.
const SECONDS: u32 = 300;

/// Longer inputs are tried less often and reach no more.
const LONGEST_INPUT: u32 = 4096;

/// Where a program writes down its coverage, for libFuzzer to follow.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg",
    "fuzzing",
    "-Cdebug-assertions",
    "-Ccodegen-units=1",
];

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    targets: Vec<&'static str>,
    seconds: u32,
}

fn run(args: &[String]) -> ExitCode {
    conclude("fuzz", parse(args), fuzz)
}

fn parse(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked { targets: Vec::new(), seconds: SECONDS };
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let seconds = args.next().and_then(|seconds| seconds.parse().ok()).filter(|seconds| *seconds > 0);
            asked.seconds = seconds.ok_or("`--seconds` wants a number, at least 1")?;
        } else {
            let known = TARGETS.iter().find(|target| **target == arg);
            let known = known.ok_or_else(|| format!("`fuzz` wants one of: {}", TARGETS.join(", ")))?;
            asked.targets.push(*known);
        }
    }
    if asked.targets.is_empty() {
        asked.targets = TARGETS.to_vec();
    }
    Ok(asked)
}

/// Whether all of them ran to their end without a crash.
fn fuzz(workspace: &Workspace, asked: &Asked) -> Result<bool, String> {
    compiler_for_cpp()?;
    let folder = folder()?;
    let programs = build(workspace, &folder)?;
    let mut reports = Vec::new();
    for target in &asked.targets {
        println!("==> {target}: {} s", asked.seconds);
        let report = one(workspace, &folder, &programs.join(target), target, asked.seconds)?;
        println!("{report}");
        reports.push(report);
    }
    if reports.len() > 1 {
        println!("\n==> all together");
        for report in &reports {
            println!("{}", report.line());
        }
    }
    Ok(reports.iter().all(Report::is_fine))
}

/// libFuzzer is written in C++ and is built from source.
fn compiler_for_cpp() -> Result<(), String> {
    let program = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    // It may be set with arguments.
    let mut words = program.split_whitespace();
    let found = words.next().is_some_and(|name| {
        let mut compiler = Command::new(name);
        succeeds(compiler.args(words).arg("--version"))
    });
    if found {
        return Ok(());
    }
    Err(format!(
        "libFuzzer is built with a C++ compiler, and `{program}` is none: install one (the package g++, clang or \
         build-essential), or name it in CXX"
    ))
}

/// For all that is built and found, in the target folder, wherever that is: we are in `TARGET/PROFILE/xtask`.
fn folder() -> Result<PathBuf, String> {
    target_folder("fuzz")
}

/// Builds every target and returns the folder they are in.
fn build(workspace: &Workspace, folder: &Path) -> Result<PathBuf, String> {
    let host = host(workspace)?;
    let mut command = cargo(workspace, &["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    // The host, but named: then the flags are for the programs alone, and build scripts and macros, which bring no fuzzer
    // along, are built without.
    command.args(["--target", &host]).arg("--target-dir").arg(folder.join("build"));
    command.env("RUSTFLAGS", FLAGS.join(" ")).env_remove("CARGO_ENCODED_RUSTFLAGS");
    run_command(command)?;
    Ok(folder.join("build").join(host).join("release"))
}

/// Fuzzes one target. What it finds on the way is kept for the next time.
fn one(
    workspace: &Workspace,
    folder: &Path,
    program: &Path,
    target: &str,
    seconds: u32,
) -> Result<Report, String> {
    let corpus = workspace.root().join("fuzz/corpus").join(target);
    let found = folder.join("found").join(target);
    let crashes = folder.join("crashes").join(target);
    let log = folder.join(format!("{target}.log"));
    for made in [&found, &crashes] {
        fs::create_dir_all(made).map_err(|error| format!("{} cannot be made: {error}", made.display()))?;
    }
    let output =
        File::create(&log).map_err(|error| format!("{} cannot be written: {error}", log.display()))?;
    let mut command = Command::new(program);
    command
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={LONGEST_INPUT}"))
        // With the separator at its end it is a folder, without it would be the beginning of a name.
        .arg(format!("-artifact_prefix={}{}", crashes.display(), std::path::MAIN_SEPARATOR))
        .args(["-print_final_stats=1", "-timeout=10", "-rss_limit_mb=2048"])
        // The first one is written to.
        .args([&found, &corpus])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(output);
    let status = command.status().map_err(|error| format!("{} did not start: {error}", program.display()))?;
    let said = fs::read(&log).map_err(|error| format!("{} cannot be read: {error}", log.display()))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let crash = (!status.success()).then(|| Crash {
        status: status.to_string(),
        program: program.to_owned(),
        log,
        input: input_of_crash(&said),
        panic: panic_in(&said),
    });
    Ok(Report { target: target.to_owned(), counts: Counts::read(&said), crash })
}

/// What became of one target.
struct Report {
    target: String,
    counts: Option<Counts>,
    crash: Option<Crash>,
}

impl Report {
    /// A run that counted nothing did not fuzz, whatever its exit code says.
    fn is_fine(&self) -> bool {
        self.crash.is_none() && self.counts.as_ref().is_some_and(|counts| counts.executions > 0)
    }

    fn line(&self) -> String {
        let counts = self.counts.as_ref().map_or_else(|| "no counts".to_owned(), Counts::to_string);
        let crashes = usize::from(self.crash.is_some());
        format!("  {:<12}{counts}, {crashes} crashes", self.target)
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.line())?;
        let Some(crash) = &self.crash else { return Ok(()) };
        write!(f, "\n  CRASH ({}), the whole story in {}", crash.status, crash.log.display())?;
        for line in &crash.panic {
            write!(f, "\n    {line}")?;
        }
        let Some(input) = &crash.input else { return Ok(()) };
        write!(f, "\n  the input:  {input}")?;
        write!(f, "\n  once more:  {} {input}", crash.program.display())?;
        write!(f, "\n  smaller:    {} -minimize_crash=1 -runs=10000 {input}", crash.program.display())?;
        write!(
            f,
            "\n  for good:   copy it to fuzz/corpus/{}, where `cargo test -p radar-ct-tests --test fuzz_smoke` replays it",
            self.target
        )
    }
}

struct Crash {
    status: String,
    program: PathBuf,
    log: PathBuf,
    input: Option<String>,
    panic: Vec<String>,
}

/// What libFuzzer counted.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    executions: u64,
    per_second: u64,
    /// Places in the program that were reached, of those that can be told apart.
    coverage: u64,
}

impl Counts {
    fn read(said: &str) -> Option<Self> {
        let last = |label: &str| {
            let behind = |line: &str| line.split_once(label)?.1.split_whitespace().next()?.parse().ok();
            said.lines().rev().find_map(behind)
        };
        Some(Self {
            executions: last("stat::number_of_executed_units:")?,
            per_second: last("stat::average_exec_per_sec:")?,
            // None of this: no instrumentation, and the fuzzer gropes in the dark.
            coverage: last(" cov: ")?,
        })
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { executions, per_second, coverage } = self;
        write!(f, "{executions:>10} executions, {per_second:>6} a second, coverage {coverage:>5}")
    }
}

fn input_of_crash(said: &str) -> Option<String> {
    said.lines().rev().find_map(|line| Some(line.split_once("Test unit written to ")?.1.trim().to_owned()))
}

/// The first words of the panic, without the frames beneath it.
fn panic_in(said: &str) -> Vec<String> {
    said.lines()
        .skip_while(|line| !line.contains("panicked at"))
        .take_while(|line| !line.starts_with("stack backtrace:") && !line.starts_with("note:"))
        .take(6)
        .map(|line| line.chars().take(400).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Asked, String> {
        parse(&args.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn without_arguments_every_target_runs_for_five_minutes() {
        assert_eq!(parsed(&[]), Ok(Asked { targets: TARGETS.to_vec(), seconds: 300 }));
    }

    #[test]
    fn a_target_and_a_time_may_be_given() {
        let asked = parsed(&["--seconds", "7", "query", "date_range"]);
        assert_eq!(asked, Ok(Asked { targets: vec!["query", "date_range"], seconds: 7 }));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for args in
            [&["nothing"][..], &["--seconds"], &["--seconds", "0"], &["--seconds", "x"], &["--runs", "1"]]
        {
            assert!(parsed(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn there_is_a_program_and_a_corpus_for_each_target_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        for (folder, ending) in [(folder.join("targets"), ".rs"), (folder.join("corpus"), "")] {
            let mut names: Vec<_> = fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            let mut targets: Vec<_> = TARGETS.iter().map(|target| format!("{target}{ending}")).collect();
            targets.sort();
            assert_eq!(names, targets);
        }
    }

    const FINE: &str = "INFO: seed corpus: files: 30\n#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0\n\
        #900\tNEW    cov: 310 ft: 500 corp: 20/1Kb lim: 4 exec/s: 450\n#1000\tDONE   cov: 311 ft: 501 exec/s: 500\n\
        stat::number_of_executed_units: 1000\nstat::average_exec_per_sec:     500\n";

    #[test]
    fn the_counts_are_the_last_ones() {
        let counts = Counts::read(FINE);
        assert_eq!(counts, Some(Counts { executions: 1000, per_second: 500, coverage: 311 }));
        assert_eq!(input_of_crash(FINE), None);
    }

    #[test]
    fn a_run_without_coverage_is_not_fine() {
        let report = |said: &str| Report { target: String::new(), counts: Counts::read(said), crash: None };
        assert!(report(FINE).is_fine());
        assert!(!report(&FINE.replace(" cov: ", " ")).is_fine());
        assert!(!report("").is_fine());
    }

    #[test]
    fn a_crash_names_its_input_and_its_panic() {
        let said = "#5\tNEW cov: 3\n\nthread '<unnamed>' (7) panicked at tests/src/fuzz.rs:1:2:\nthe property\n\
            stack backtrace:\n   0: __rustc\nartifact_prefix='x/'; Test unit written to x/crash-1\n";
        assert_eq!(input_of_crash(said).as_deref(), Some("x/crash-1"));
        assert_eq!(
            panic_in(said),
            ["thread '<unnamed>' (7) panicked at tests/src/fuzz.rs:1:2:", "the property"]
        );
    }
}
