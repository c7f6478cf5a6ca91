//! The program `radar-ct`: Cloudflare Radar's Certificate Transparency data on the command line.
//!
//! Thin on purpose: it reads flags, calls the library and renders what comes back. What a parameter is called and what it
//! takes is the model's to say; the flags are made from its tables.

mod chart;
mod commands;
mod connection;
mod curl;
mod export;
mod failure;
mod known;
mod labels;
mod output;
mod screen;
mod series;
mod voice;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use commands::{completions, lists, man, summary, timeseries, timeseries_groups};
use failure::Failure;

fn main() -> ExitCode {
    match run(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(args: &[OsString]) -> Result<(), Failure> {
    series::refuse_flags_as_values(args)?;
    let matches = root().try_get_matches_from(args)?;
    voice::check(&matches)?;
    match matches.subcommand() {
        Some((timeseries::NAME, flags)) => timeseries::run(flags),
        Some((timeseries_groups::NAME, flags)) => timeseries_groups::run(flags),
        Some((summary::NAME, flags)) => summary::run(flags),
        Some((commands::export::NAME, flags)) => commands::export::run(flags),
        Some((lists::AUTHORITIES, flags)) => lists::run_authorities(flags),
        Some((lists::LOGS, flags)) => lists::run_logs(flags),
        Some((completions::NAME, flags)) => completions::run(flags),
        Some((man::NAME, flags)) => man::run(flags),
        // Cannot be: the parser wants one, and knows no other.
        _ => Err(Failure::usage("there is no such command")),
    }
}

fn root() -> clap::Command {
    clap::Command::new("radar-ct")
        .version(env!("CARGO_PKG_VERSION"))
        .about(
            "Certificate Transparency data of Cloudflare Radar: how many certificates the world's CAs issue",
        )
        .after_help(format!(
            "Examples:\n  \
             radar-ct timeseries --emulator --date-range 7d\n  \
             radar-ct summary ca-owner --emulator --date-range 7d --limit-per-group 5\n\n\
             Credentials:\n  \
             CLOUDFLARE_API_TOKEN, or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY, in the environment\n  \
             with --emulator none are needed\n\n{}\n\n\
             Radar's data are published under CC BY-NC 4.0.",
            failure::exit_codes()
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            timeseries::command(),
            timeseries_groups::command(),
            summary::command(),
            commands::export::command(),
            lists::authorities(),
            lists::logs(),
            completions::command(),
            man::command(),
        ])
        .args(connection::flags().into_iter().map(|flag| flag.global(true)))
        .args(output::flags().into_iter().map(|flag| flag.global(true)))
        .args(voice::flags().into_iter().map(|flag| flag.global(true)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_flags_are_consistent() {
        super::root().debug_assert();
    }
}
