//! The program `radar-ct`: Cloudflare Radar's Certificate Transparency data on the command line.
//!
//! It parses flags, calls the library and renders the answer. Commands and flags are made from the model's
//! table of endpoints.

mod chart;
mod cli;
mod commands;
mod connection;
mod curl;
mod exit;
mod export;
mod flags;
mod names;
mod output;
mod problem;
mod report;
mod terminal;
mod theme;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
