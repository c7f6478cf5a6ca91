//! The programs of `benches/` and the ways to measure them.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use std::io::{BufRead, BufReader};

use anyhow::{Context, Result, ensure};
use xshell::{Cmd, Shell};

use super::report::Report;
use crate::shell::{Running, capture, cargo, target};

/// The programs, and what was measured so far.
pub(super) struct Bench<'s> {
    pub(super) sh: &'s Shell,
    pub(super) report: Report,
    /// Whether there is valgrind.
    pub(super) counts: bool,
    folder: PathBuf,
    /// The command line client, as it is released.
    pub(super) client: PathBuf,
}

/// An answer in a file.
pub(super) struct Body {
    pub(super) file: String,
    pub(super) series: f64,
    /// The points of all series.
    pub(super) points: f64,
    pub(super) bytes: f64,
}

/// A server with one answer. It ends when this value is dropped.
pub(super) struct Server {
    _process: Running,
    pub(super) url: String,
    /// The size of the answer as it is sent.
    pub(super) bytes: f64,
}

impl<'s> Bench<'s> {
    pub(super) fn build(sh: &'s Shell) -> Result<Self> {
        // The limits are those of a plain build.
        let plain = |cmd: Cmd<'s>| cmd.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").run();
        let build = cargo(sh, "build --release --locked --manifest-path benches/Cargo.toml");
        plain(build.env("CARGO_TARGET_DIR", target("bench/build")?))?;
        plain(cargo(sh, "build --release --locked --package radar-ct-cli"))?;
        Ok(Self {
            sh,
            report: Report::new(&sh.read_file("benches/limits.toml")?)?,
            counts: capture(sh.cmd("valgrind").arg("--version")).is_ok(),
            folder: target("bench/build/release")?,
            client: target(&format!("release/radar-ct{}", env::consts::EXE_SUFFIX))?,
        })
    }

    fn path(&self, program: &str) -> PathBuf {
        self.folder.join(format!("{program}{}", env::consts::EXE_SUFFIX))
    }

    /// Makes an answer of a size such as `8x35040`: series by points.
    pub(super) fn body(&self, size: &str) -> Result<Body> {
        let text = self.sh.cmd(self.path("body")).arg(size).quiet().read()?;
        let file = target(&format!("bench/bodies/{size}.json"))?;
        self.sh.write_file(&file, &text)?;
        let (series, points) = size.split_once('x').context("a size is like 8x35040")?;
        let (series, points): (f64, f64) = (series.parse()?, points.parse()?);
        let file = file.to_str().context("a path that is not UTF-8")?.to_owned();
        Ok(Body { file, series, points: series * points, bytes: u32::try_from(text.len())?.into() })
    }

    /// Counts the instructions of one repetition of a task, `PROGRAM WORDS... TIMES`. The start and the end of
    /// the process are in both of two runs, and not in their difference.
    pub(super) fn count(&self, task: &[&str], warm_up: u32, times: u32) -> Result<f64> {
        let [program, words @ ..] = task else { return Ok(f64::NAN) };
        let once = |times: u32| self.instructions(self.path(program), words, Some(times));
        Ok((once(warm_up + times)? - once(warm_up)?) / f64::from(times))
    }

    /// Counts all instructions of a process.
    pub(super) fn instructions(&self, program: PathBuf, words: &[&str], times: Option<u32>) -> Result<f64> {
        let valgrind = self.sh.cmd("valgrind").quiet();
        let valgrind =
            valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
        // A long copy is one instruction to a processor, and to valgrind one for each byte. With this, the C library
        // copies in a loop.
        let copies =
            "glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_rep_stosb_threshold=1073741824";
        let valgrind = valgrind.arg(program).args(words).args(times.map(|times| times.to_string()));
        let valgrind = valgrind.env("GLIBC_TUNABLES", copies).env("PYTHONHASHSEED", "0");
        let text = String::from_utf8(valgrind.ignore_stdout().output()?.stderr)?;
        let count = text.lines().find_map(|line| line.split_once("I refs:").or(line.split_once("I   refs:")));
        let (_, count) = count.with_context(|| format!("valgrind did not count:\n{text}"))?;
        Ok(count.trim().replace(',', "").parse()?)
    }

    /// Runs a program that prints one number for each line.
    pub(super) fn numbers(&self, program: &str, words: &[&str]) -> Result<Vec<f64>> {
        let text = self.sh.cmd(self.path(program)).args(words).quiet().read()?;
        text.lines().map(|line| line.parse().with_context(|| format!("{program} printed {line:?}"))).collect()
    }

    pub(super) fn number(&self, program: &str, words: &[&str]) -> Result<f64> {
        self.numbers(program, words)?.first().copied().context("a program printed nothing")
    }

    /// Returns the shortest time of each task in nanoseconds. The tasks take turns.
    pub(super) fn race<const N: usize>(&self, rounds: &str, tasks: [&[&str]; N]) -> Result<[f64; N]> {
        let words = [&["cpu", rounds], tasks.join(&"--").as_slice()].concat();
        let times = self.numbers("race", &words)?;
        times.try_into().ok().context("race printed a wrong number of times")
    }

    /// Serves an answer on loopback, compressed if `encoding` is `gzip`.
    pub(super) fn serve(&self, body: &Body, encoding: Option<&str>) -> Result<Server> {
        let mut command = Command::new(self.path("serve"));
        command.arg(&body.file).args(encoding).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Running(command.spawn()?);
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().context("serve has no output")?).read_line(&mut line)?;
        let (url, bytes) = line.trim_end().split_once(' ').context("serve printed no URL")?;
        Ok(Server { _process: process, url: url.to_owned(), bytes: bytes.parse()? })
    }
}

/// Returns the median time of a process in milliseconds.
pub(super) fn median(runs: usize, mut command: Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut once = || {
        let began = Instant::now();
        ensure!(command.status()?.success(), "{command:?} failed");
        Ok(began.elapsed().as_secs_f64() * 1e3)
    };
    let mut all = (0..runs).map(|_| once()).collect::<Result<Vec<_>>>()?;
    all.sort_by(f64::total_cmp);
    all.get(runs / 2).copied().context("nothing was run")
}
