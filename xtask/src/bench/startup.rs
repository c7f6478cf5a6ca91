//! How much the program does before it does anything: whole processes, from their start to their end.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use super::count::{number, of_one_run};
use super::report::{Gate, Table, count, short, times};
use crate::process::{cargo, run, written};
use crate::workspace::{Workspace, target_folder};

const MOST_BYTES: f64 = 8e6;
const MOST_MILLISECONDS: f64 = 5.0;
/// How much sooner than Python has read its SDK.
const LEAST_OF_PYTHON: f64 = 100.0;

/// Of so many runs the one in the middle is taken: the shortest would flatter.
const RUNS: usize = 31;
const RUNS_OF_PYTHON: usize = 5;

/// The exit code where no response came.
const NO_RESPONSE: i32 = 5;

/// The program as it is released.
pub(super) struct Program(PathBuf);

impl Program {
    pub(super) fn build(workspace: &Workspace) -> Result<Self, String> {
        let folder = target_folder("bench/product")?;
        let mut build = cargo(workspace, &["build", "--release", "--locked", "--package", "radar-ct-cli"]);
        build.arg("--target-dir").arg(&folder);
        build.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        run(build)?;
        Ok(Self(folder.join("release").join(format!("radar-ct{}", std::env::consts::EXE_SUFFIX))))
    }

    fn dry_run(&self) -> Command {
        let mut command = Command::new(&self.0);
        command.args(["timeseries", "--date-range", "7d", "--dry-run"]);
        command
    }

    /// A request to this port.
    fn request(&self, port: u16) -> Command {
        let mut command = Command::new(&self.0);
        command.args(["timeseries", "--date-range", "7d", "--max-retries", "0", "--base-url"]);
        command
            .arg(format!("https://127.0.0.1:{port}/client/v4"))
            .env("CLOUDFLARE_API_TOKEN", "benchmark-token");
        command
    }
}

pub(super) fn measure(program: &Program, counts: bool, gates: &mut Vec<Gate>) -> Result<Table, String> {
    println!("==> starting the program");
    let mut table = Table::new(
        "Starting the program",
        "Whole processes, to their end: a request that is only shown, and one that is sent, up to the first record of TLS, after \
         which the server hangs up. The time is the one in the middle of many.",
        &["what", "instructions", "time, ms"],
    );
    let counted = |command: &Command, ends_with| {
        if counts {
            of_one_run(command, Some(ends_with)).map(|instructions| count(number(instructions)))
        } else {
            Ok("not counted".to_owned())
        }
    };

    let milliseconds = middle(RUNS, || program.dry_run(), 0)?;
    gates.push(Gate::at_most("a dry run of the program, ms", milliseconds, MOST_MILLISECONDS));
    let instructions = counted(&program.dry_run(), 0)?;
    table.row(["--dry-run".to_owned(), instructions, short(milliseconds)]);

    let port = hang_up_after_a_record()?;
    let milliseconds = middle(RUNS, || program.request(port), NO_RESPONSE)?;
    let instructions = counted(&program.request(port), NO_RESPONSE)?;
    table.row(["to the ClientHello".to_owned(), instructions, short(milliseconds)]);

    let size = program.0.metadata().map_err(|error| format!("{}: {error}", program.0.display()))?.len();
    let size = u32::try_from(size).map_or(f64::INFINITY, f64::from);
    gates.push(Gate::at_most("size of the program, bytes", size, MOST_BYTES));
    Ok(table)
}

/// What the program needs to show a request, beside what Python needs to read its SDK.
pub(super) fn beside_python(
    program: &Program,
    python: &Path,
    gates: &mut Vec<Gate>,
) -> Result<Table, String> {
    println!("==> importing the SDK");
    let import = || {
        let mut command = Command::new(python);
        command.args(["-c", "import cloudflare"]);
        command
    };
    // The first import compiles.
    once(import(), 0)?;
    let (ours, sdk) = (middle(RUNS, || program.dry_run(), 0)?, middle(RUNS_OF_PYTHON, import, 0)?);
    gates.push(Gate::at_least("time of importing the Python SDK to a dry run", sdk / ours, LEAST_OF_PYTHON));
    let mut table = Table::new(
        "Starting",
        "Whole processes, the time in the middle of several, in milliseconds.",
        &["ours, a dry run", "Python SDK, the import alone", "ratio"],
    );
    table.row([short(ours), short(sdk), times(sdk / ours)]);
    Ok(table)
}

/// A port on which every connection gets as far as one record of TLS.
fn hang_up_after_a_record() -> Result<u16, String> {
    let cannot = |error: std::io::Error| format!("no port can be listened on: {error}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot)?;
    let port = listener.local_addr().map_err(cannot)?.port();
    // It ends with us.
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Its type, its version, and its length, by which it is read to its end.
            let mut head = [0; 5];
            if stream.read_exact(&mut head).is_ok() {
                let [.., high, low] = head;
                let mut record = vec![0; usize::from(u16::from_be_bytes([high, low]))];
                // Whoever hangs up first has sent no record.
                let _ = stream.read_exact(&mut record);
            }
        }
    });
    Ok(port)
}

/// How long the run in the middle takes, in milliseconds.
fn middle(runs: usize, command: impl Fn() -> Command, ends_with: i32) -> Result<f64, String> {
    let mut all = (0..runs).map(|_| once(command(), ends_with)).collect::<Result<Vec<_>, _>>()?;
    all.sort_by(f64::total_cmp);
    all.get(runs / 2).copied().ok_or_else(|| "nothing was run".to_owned())
}

fn once(mut command: Command, ends_with: i32) -> Result<f64, String> {
    let began = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = began.elapsed().as_secs_f64() * 1e3;
    match status {
        Ok(status) if status.code() == Some(ends_with) => Ok(took),
        Ok(status) => Err(format!("{} ended with {status}", written(&command))),
        Err(error) => Err(format!("{} did not start: {error}", written(&command))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_record_is_read_to_its_end_and_then_the_line_is_dead() {
        let port = hang_up_after_a_record().unwrap();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(&[22, 3, 1, 0, 3, 1, 2, 3]).unwrap();
        assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
    }
}
