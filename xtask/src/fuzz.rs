//! libFuzzer on everything that is read from outside, by `cargo-fuzz` on the stable toolchain.

use anyhow::{Result, ensure};
use xshell::Shell;

use crate::shell::target;
use crate::tools::FUZZ;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A target in fuzz/targets; all of them if none is named.
    targets: Vec<String>,
    /// The time for each target.
    #[arg(long, value_name = "N", default_value_t = 300)]
    seconds: u32,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let listed = FUZZ.command(sh, "fuzz list --fuzz-dir fuzz")?.read()?;
    let targets = if options.targets.is_empty() {
        listed.lines().map(str::to_owned).collect()
    } else {
        options.targets.clone()
    };
    ensure!(!targets.is_empty(), "no fuzz targets were found");
    for name in targets {
        // New inputs are kept in the first folder; the committed corpus is the second.
        let found = target(&format!("fuzz/found/{name}"))?;
        sh.create_dir(&found)?;
        // Sanitizers need a nightly compiler and find mistakes of unsafe code, which is forbidden here.
        let fuzz =
            FUZZ.command(sh, "fuzz run --fuzz-dir fuzz --sanitizer none --release --debug-assertions")?;
        let fuzz = fuzz.arg("--target-dir").arg(target("fuzz/build")?).arg(&name).arg(&found);
        let fuzz =
            fuzz.arg(format!("fuzz/corpus/{name}")).args(["--", "-max_len=4096", "-print_final_stats=1"]);
        fuzz.args(["-timeout=10", &format!("-max_total_time={}", options.seconds)]).run()?;
    }
    Ok(())
}
