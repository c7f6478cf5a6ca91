//! `cargo xtask help`: what there is.

use std::process::ExitCode;

use crate::{COMMANDS, Command, ci, release};

pub(crate) const COMMAND: Command = Command { name: "help", about: "prints this", run };

pub(crate) fn run(_: &[String]) -> ExitCode {
    println!("usage: cargo xtask COMMAND\n");
    println!("commands:");
    for command in COMMANDS {
        println!("  {:<10}{}", command.name, command.about);
    }
    println!("\nsteps of `ci`, one of them with `cargo xtask ci --only STEP`:");
    for step in ci::STEPS {
        let when = if step.costly { " (with `--all`)" } else { "" };
        println!("  {:<18}{}{when}", step.name, step.about);
    }
    println!(
        "\nsteps of `release`, behind a look at what there is; `--skip STEP` leaves one out of a rehearsal:"
    );
    for step in release::STEPS {
        println!("  {:<10}{}", step.name, step.about);
    }
    ExitCode::SUCCESS
}
