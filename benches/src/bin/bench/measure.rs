//! The programs of `benches/` and the ways to measure them.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use crate::report::Report;

/// The programs, and the measurements so far.
pub(crate) struct Bench {
    pub(crate) sh: Shell,
    pub(crate) report: Report,
    /// True if valgrind is available.
    pub(crate) counts: bool,
    folder: PathBuf,
    /// The command line client, as it is released.
    pub(crate) client: PathBuf,
}

/// An answer in a file.
pub(crate) struct Body {
    pub(crate) file: String,
    pub(crate) series: f64,
    /// The points of all series.
    pub(crate) points: f64,
    pub(crate) bytes: f64,
}

/// A server with one answer. It ends when this value is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
    /// The size of the answer as it is sent.
    pub(crate) bytes: f64,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Bench {
    /// Uses the programs in the folder of this one.
    pub(crate) fn new(client: &str) -> Result<Self> {
        let sh = Shell::new()?;
        let own = env::current_exe()?;
        let counts = sh.cmd("valgrind").arg("--version").quiet().ignore_stdout().run().is_ok();
        let folder = own.parent().context("this program is in no folder")?.to_owned();
        Ok(Self { sh, report: Report::default(), counts, folder, client: client.into() })
    }

    fn path(&self, program: &str) -> PathBuf {
        self.folder.join(format!("{program}{}", env::consts::EXE_SUFFIX))
    }

    /// Makes an answer of a size such as `8x35040`: series by points.
    pub(crate) fn body(&self, size: &str) -> Result<Body> {
        let text = self.sh.cmd(self.path("body")).arg(size).quiet().read()?;
        let file = self.folder.join(format!("{size}.json"));
        self.sh.write_file(&file, &text)?;
        let (series, points) = size.split_once('x').context("a size is like 8x35040")?;
        let (series, points): (f64, f64) = (series.parse()?, points.parse()?);
        let file = file.to_str().context("a path that is not UTF-8")?.to_owned();
        Ok(Body { file, series, points: series * points, bytes: u32::try_from(text.len())?.into() })
    }

    /// Counts the instructions of one repetition of a task, `PROGRAM WORDS... TIMES`. The start and the end
    /// of the process cancel out, since the result is a difference of two runs.
    pub(crate) fn count(&self, task: &[&str], warm_up: u32, times: u32) -> Result<f64> {
        let [program, words @ ..] = task else { return Ok(f64::NAN) };
        let once = |times: u32| self.instructions(&self.path(program), words, Some(times));
        Ok((once(warm_up + times)? - once(warm_up)?) / f64::from(times))
    }

    /// Counts all instructions of a process.
    pub(crate) fn instructions(&self, program: &Path, words: &[&str], times: Option<u32>) -> Result<f64> {
        let valgrind = self.sh.cmd("valgrind").quiet();
        let valgrind =
            valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
        // valgrind counts a long copy as one instruction per byte, while a processor executes one. With this
        // setting the C library copies in a loop.
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
    pub(crate) fn numbers(&self, program: &str, words: &[&str]) -> Result<Vec<f64>> {
        let text = self.sh.cmd(self.path(program)).args(words).quiet().read()?;
        text.lines().map(|line| line.parse().with_context(|| format!("{program} printed {line:?}"))).collect()
    }

    pub(crate) fn number(&self, program: &str, words: &[&str]) -> Result<f64> {
        self.numbers(program, words)?.first().copied().context("a program printed nothing")
    }

    /// Returns the shortest time of each task in nanoseconds. The tasks take turns.
    pub(crate) fn race<const N: usize>(&self, rounds: &str, tasks: [&[&str]; N]) -> Result<[f64; N]> {
        let words = [&["cpu", rounds], tasks.join(&"--").as_slice()].concat();
        let times = self.numbers("race", &words)?;
        times.try_into().ok().context("race printed a wrong number of times")
    }

    /// Serves an answer on loopback, compressed if `encoding` is `gzip`.
    pub(crate) fn serve(&self, body: &Body, encoding: Option<&str>) -> Result<Server> {
        let mut command = Command::new(self.path("serve"));
        command.arg(&body.file).args(encoding).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = Server { process: command.spawn()?, url: String::new(), bytes: 0.0 };
        let mut line = String::new();
        BufReader::new(server.process.stdout.take().context("serve has no output")?).read_line(&mut line)?;
        let (url, bytes) = line.trim_end().split_once(' ').context("serve printed no URL")?;
        (server.url, server.bytes) = (url.to_owned(), bytes.parse()?);
        Ok(server)
    }
}

/// Returns the median time of a process in milliseconds.
pub(crate) fn median(runs: usize, mut command: Command) -> Result<f64> {
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
