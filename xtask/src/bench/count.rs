//! Counting instructions: the same number on a busy machine as on an idle one.
//!
//! Valgrind counts those of a whole process. What its start and its end take is in both of two runs that repeat a task
//! unequally often, and so not in their difference.

use std::process::{Command, Stdio};

use crate::process::{succeeds, written};

/// Its fastest tool that counts.
const TOOL: [&str; 3] = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"];

/// A long copy is one instruction to a processor, and to valgrind as many as it has bytes, so that one copy of a whole body
/// would weigh more than ten of its parts. With this the C library copies and clears in a loop, however long it takes; other
/// C libraries do not know it and are not hurt.
const TUNABLES: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.cpu.x86_rep_movsb_threshold=1073741824:glibc.cpu.x86_rep_stosb_threshold=1073741824",
);

/// Whether valgrind is to be had.
pub(super) fn is_possible() -> bool {
    succeeds(Command::new("valgrind").arg("--version"))
}

/// How often a task is repeated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// Before what is counted: what is done once for all is done there.
    pub(super) before: u32,
    pub(super) counted: u32,
}

/// The instructions of one repetition. The command wants one more argument, how often to repeat.
pub(super) fn instructions(times: Times, command: impl Fn() -> Command) -> Result<f64, String> {
    let few = of_process(command(), times.before)?;
    let many = of_process(command(), times.before + times.counted)?;
    // Of less than nothing there is an explanation, but not one that a measurement should make up.
    let counted = many.checked_sub(few).ok_or("repeating it more often took fewer instructions")?;
    Ok(number(counted) / f64::from(times.counted))
}

#[expect(clippy::cast_precision_loss, reason = "nothing here takes 2^53 instructions")]
pub(super) fn number(instructions: u64) -> f64 {
    instructions as f64
}

fn of_process(mut command: Command, times: u32) -> Result<u64, String> {
    of_one_run(command.arg(times.to_string()), Some(0))
}

/// All instructions of a process, which has to end with this code.
pub(super) fn of_one_run(command: &Command, ends_with: Option<i32>) -> Result<u64, String> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(TOOL).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => valgrind.env(name, value),
            None => valgrind.env_remove(name),
        };
    }
    let output = valgrind
        .env(TUNABLES.0, TUNABLES.1)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind did not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != ends_with {
        return Err(format!("{} under valgrind ended with {}:\n{said}", written(command), output.status));
    }
    references(&said).ok_or_else(|| format!("valgrind did not count:\n{said}"))
}

/// From the line `==1== I   refs:      1,234`; more than one process would each have its own, the first being ours.
fn references(said: &str) -> Option<u64> {
    let behind = |line: &str| {
        let (label, number) = line.rsplit_once("refs:")?;
        label.trim_end().ends_with('I').then(|| number.trim().replace(',', "").parse().ok())?
    };
    said.lines().find_map(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read() {
        let said = "==7== Cachegrind, a cache profiler\n==7== \n==7== I   refs:      1,234,567\n";
        assert_eq!(references(said), Some(1_234_567));
        assert_eq!(references("==7== I refs: 8"), Some(8));
        assert_eq!(references("==7== D   refs:      1,234"), None);
        assert_eq!(references(""), None);
    }
}
