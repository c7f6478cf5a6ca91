//! The programs of `benches/`, built apart from the workspace, and running them.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::process::{Running, With, cargo, read, run};
use crate::workspace::{Workspace, target_folder};

const MANIFEST: &str = "benches/Cargo.toml";

/// Where the programs and the bodies are.
pub(super) struct Programs {
    folder: PathBuf,
    bodies: PathBuf,
}

impl Programs {
    /// Builds them. What the environment would have the compiler do is left out: the numbers are those of a plain build.
    pub(super) fn build(workspace: &Workspace) -> Result<Self, String> {
        let folder = target_folder("bench")?;
        let mut build = cargo(workspace, &["build", "--release", "--locked", "--manifest-path", MANIFEST]);
        build.arg("--target-dir").arg(folder.join("build"));
        build.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        run(build)?;
        let bodies = folder.join("bodies");
        fs::create_dir_all(&bodies)
            .map_err(|error| format!("{} cannot be made: {error}", bodies.display()))?;
        Ok(Self { folder: folder.join("build/release"), bodies })
    }

    pub(super) fn command(&self, program: &str) -> Command {
        let mut command =
            Command::new(self.folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)));
        command.stdin(Stdio::null());
        command
    }

    /// The file with a body of a size such as `8x35040`, made anew.
    pub(super) fn body(&self, size: &str) -> Result<Body, String> {
        let body = read(self.command("body").with(size))?;
        let file = self.bodies.join(format!("{size}.json"));
        fs::write(&file, &body).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
        let (series, points) = size.split_once('x').ok_or("a size is like 8x35040")?;
        let number = |text: &str| text.parse::<u32>().map_err(|error| format!("{size}: {error}"));
        let (series, points) = (number(series)?, number(points)?);
        let bytes = u32::try_from(body.len()).map_err(|error| format!("{size}: {error}"))?;
        Ok(Body { file, series, points: series * points, bytes })
    }

    /// What a program prints that measures a task: numbers, a line each.
    pub(super) fn numbers(&self, program: &str, words: &[&str]) -> Result<Vec<f64>, String> {
        let mut command = self.command(program);
        command.args(words);
        let text = read(command)?;
        text.lines().map(|line| line.parse().map_err(|_| format!("{program} printed `{line}`"))).collect()
    }

    pub(super) fn number(&self, program: &str, words: &[&str]) -> Result<f64, String> {
        self.numbers(program, words)?.first().copied().ok_or_else(|| format!("{program} printed nothing"))
    }

    /// The shortest time of each task, in nanoseconds of a processor, the tasks taken by turns.
    pub(super) fn race<const N: usize>(&self, rounds: &str, tasks: [&[&str]; N]) -> Result<[f64; N], String> {
        let mut words = vec!["cpu", rounds];
        words.extend(tasks.join(&"--"));
        let times = self.numbers("race", &words)?;
        times.try_into().map_err(|_| "race printed another number of times".to_owned())
    }

    /// Serves a body on loopback.
    pub(super) fn serve(&self, body: &Body) -> Result<Server, String> {
        self.serve_as(body, &[])
    }

    /// Serves a body on loopback, compressed.
    pub(super) fn serve_gzip(&self, body: &Body) -> Result<Server, String> {
        self.serve_as(body, &["gzip"])
    }

    fn serve_as(&self, body: &Body, encoding: &[&str]) -> Result<Server, String> {
        let mut child = self
            .command("serve")
            .arg(&body.file)
            .args(encoding)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("serve did not start: {error}"))?;
        let output = child.stdout.take();
        // From here on it is stopped whatever happens.
        let process = Running(child);
        let output = output.ok_or("serve has no output")?;
        let mut line = String::new();
        let line_read = BufReader::new(output.take(100)).read_line(&mut line);
        line_read.map_err(|error| format!("serve did not say where: {error}"))?;
        let said = line.trim_end().split_once(' ');
        let (base_url, bytes) = said.ok_or_else(|| format!("serve said only {line:?}"))?;
        let bytes = bytes.parse().map_err(|error| format!("serve said {line:?}: {error}"))?;
        Ok(Server { _process: process, base_url: base_url.to_owned(), bytes })
    }
}

/// A body in a file.
pub(super) struct Body {
    pub(super) file: PathBuf,
    pub(super) series: u32,
    /// Of all series.
    pub(super) points: u32,
    pub(super) bytes: u32,
}

impl Body {
    pub(super) fn path(&self) -> &str {
        self.file.to_str().unwrap_or_default()
    }
}

/// A running server; it ends with this value.
pub(super) struct Server {
    _process: Running,
    pub(super) base_url: String,
    /// Of the body as it is sent.
    pub(super) bytes: u32,
}
