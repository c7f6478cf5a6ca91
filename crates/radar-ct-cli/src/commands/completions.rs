//! `radar-ct completions`: what a shell has to know to complete the command line.

use std::io::{self, Write};

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::failure::Failure;

pub(crate) const NAME: &str = "completions";
const SHELL: &str = "shell";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("A script that makes a shell complete commands, flags and values")
        .long_about(
            "A script that makes a shell complete commands, flags and values.\n\n\
             bash reads it from ~/.local/share/bash-completion/completions/radar-ct, fish from \
             ~/.config/fish/completions/radar-ct.fish, zsh from a file _radar-ct in a folder of its fpath; elvish and \
             PowerShell evaluate it when they start.",
        )
        .after_help(
            "Examples:\n  \
             radar-ct completions bash > radar-ct.bash\n  \
             radar-ct completions zsh > _radar-ct\n  \
             radar-ct completions fish > radar-ct.fish",
        )
        .defer(|command| {
            let shell = Arg::new(SHELL).required(true).value_name("SHELL").help("The shell that it is for");
            super::asking_nothing(command).arg(shell.value_parser(value_parser!(Shell)))
        })
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    let Some(shell) = flags.get_one::<Shell>(SHELL) else { return Err(Failure::usage("which shell?")) };
    let mut root = crate::root();
    let name = root.get_name().to_owned();
    // Into memory first: the generator does not expect that writing can fail.
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut root, &name, &mut script);
    if *shell == Shell::Bash {
        script = one_name(&String::from_utf8_lossy(&script), &name).into_bytes();
    }
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    Ok(out.flush()?)
}

/// The script for bash with one name for the program in it. `clap_complete` 4.6.11 has two for one with a hyphen, by one of
/// which its cases are never found.
fn one_name(script: &str, program: &str) -> String {
    script.replace(&program.replace('-', "__subcmd__"), &program.replace('-', "__"))
}
