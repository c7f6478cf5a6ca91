//! The command line: the commands, the flags that all of them take, and the choice of the command to run.

use std::ffi::OsString;

use clap::Command;
use radar_ct::Credentials;

use crate::commands::{completions, endpoint, export, man};
use crate::exit::{Failure, exit_codes};
use crate::flags::parameter::refuse_flags_as_values;
use crate::output::format;
use crate::{connection, report, theme};

/// Parses the arguments and runs the command in them.
pub(crate) fn run(args: &[OsString]) -> Result<(), Failure> {
    refuse_flags_as_values(args)?;
    let matches = command().try_get_matches_from(args)?;
    report::check(&matches)?;
    match matches.subcommand() {
        Some((export::NAME, flags)) => export::run(flags),
        Some((completions::NAME, flags)) => completions::run(flags, command()),
        Some((man::NAME, flags)) => man::run(flags, command()),
        Some((name, flags)) => endpoint::run(name, flags).unwrap_or_else(|| Err(unknown_command())),
        None => Err(unknown_command()),
    }
}

/// The parser accepts no unknown command, so this is for completeness.
fn unknown_command() -> Failure {
    Failure::usage("there is no such command")
}

/// Defines the command line.
fn command() -> Command {
    let mut commands: Vec<Command> = endpoint::series_commands().collect();
    commands.push(export::command());
    commands.extend(endpoint::record_commands());
    commands.push(without_global_flags(completions::command()));
    let man = man::command(&commands);
    commands.push(without_global_flags(man));
    let output = [format::flag(), theme::flag()].into_iter().chain(report::flags());
    let global = connection::flags().into_iter().chain(output);
    Command::new("radar-ct")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Certificate Transparency data of Cloudflare Radar")
        .after_help(after_help())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands)
        .args(global.map(|flag| flag.global(true)))
}

fn after_help() -> String {
    let (token, email, key) =
        (Credentials::TOKEN_VARIABLE, Credentials::EMAIL_VARIABLE, Credentials::KEY_VARIABLE);
    format!(
        "Examples:\n  \
         radar-ct timeseries --emulator --date-range 7d\n  \
         radar-ct summary ca-owner --emulator --date-range 7d --limit-per-group 5\n\n\
         Credentials:\n  \
         {token}, or {email} and {key}, in the environment\n  \
         none with --emulator\n\n\
         {}\n\n\
         The data are Cloudflare Radar's, under CC BY-NC 4.0.",
        exit_codes()
    )
}

/// Hides the global flags of a command that sends no request. They are still accepted.
fn without_global_flags(command: Command) -> Command {
    // The global flags are there only once the parser has reached the command.
    command.defer(|command| {
        command.mut_args(|flag| {
            let is_global = flag.is_global_set();
            flag.hide(is_global)
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
