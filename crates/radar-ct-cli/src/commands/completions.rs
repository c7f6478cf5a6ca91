//! `radar-ct completions`: completion scripts for shells.

use std::io::{self, Write};

use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, Command};
use clap_complete::Shell;

use super::examples::examples;
use crate::exit::Failure;

pub(crate) const NAME: &str = "completions";
const SHELL: &str = "shell";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("Generate a completion script for a shell")
        .long_about(
            "Generate a completion script for a shell.\n\n\
             bash loads it from ~/.local/share/bash-completion/completions/radar-ct, fish from \
             ~/.config/fish/completions/radar-ct.fish, and zsh from a file _radar-ct in a directory of $fpath. For elvish \
             and PowerShell, append it to the startup file.",
        )
        .after_help(examples(&[
            "radar-ct completions bash > radar-ct.bash".to_owned(),
            "radar-ct completions zsh > _radar-ct".to_owned(),
            "radar-ct completions fish > radar-ct.fish".to_owned(),
        ]))
        .arg(
            Arg::new(SHELL)
                .required(true)
                .value_name("SHELL")
                .value_parser(EnumValueParser::<Shell>::new())
                .help("Shell to generate the script for"),
        )
}

/// Prints the script that completes `program`.
pub(crate) fn run(flags: &ArgMatches, mut program: Command) -> Result<(), Failure> {
    let Some(shell) = flags.get_one::<Shell>(SHELL) else { return Err(Failure::usage("a shell is missing")) };
    let name = program.get_name().to_owned();
    // The generator panics if it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut program, &name, &mut script);
    if *shell == Shell::Bash {
        script = with_one_name(&String::from_utf8_lossy(&script), &name).into_bytes();
    }
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}

/// Spells the name of the program alike throughout a script for bash. `clap_complete` 4.6.11 spells a name
/// with a hyphen in two ways, so that no case is found.
fn with_one_name(script: &str, program: &str) -> String {
    script.replace(&program.replace('-', "__subcmd__"), &program.replace('-', "__"))
}
