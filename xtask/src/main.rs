//! The workspace's own commands, run as `cargo xtask COMMAND`.

// The rule on clocks is for what is tested in virtual time; here a step only reports how long it took.
#![allow(clippy::disallowed_methods)]

mod api;
mod bench;
mod ci;
mod docs;
mod drift;
mod emulator;
mod files;
mod fuzz;
mod git;
mod help;
mod manifest;
mod process;
mod python;
mod recipes;
mod release;
mod rustdoc;
mod sdk;
mod today;
mod tools;
mod workspace;

use std::env;
use std::process::ExitCode;

/// One command: its name, a line about it, and what it does with the arguments behind its name.
struct Command {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> ExitCode,
}

const COMMANDS: &[Command] = &[
    ci::COMMAND,
    sdk::COMMAND,
    drift::COMMAND,
    api::COMMAND,
    docs::COMMAND,
    recipes::COMMAND,
    fuzz::COMMAND,
    release::COMMAND,
    bench::COMMAND,
    help::COMMAND,
];

/// Of a command line that makes no sense, as opposed to a check that failed.
const USAGE: u8 = 2;

/// A command whose arguments have to be read: wrong ones are no failure of what it does, and whatever that finds wrong is one.
fn conclude<A>(
    name: &str,
    asked: Result<A, String>,
    run: impl FnOnce(&workspace::Workspace, &A) -> Result<bool, String>,
) -> ExitCode {
    let (workspace, asked) = match (workspace::Workspace::find(), asked) {
        (Ok(workspace), Ok(asked)) => (workspace, asked),
        (Err(message), _) | (_, Err(message)) => {
            eprintln!("{message}");
            return ExitCode::from(USAGE);
        }
    };
    match run(&workspace, &asked) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("\n{name}: FAILED: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Of a command that has nothing to choose.
fn no_arguments(name: &str, args: &[String]) -> Result<(), String> {
    match args.first() {
        None => Ok(()),
        Some(arg) => Err(format!("`{name}` takes no arguments, so not `{arg}` either")),
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let Some((name, rest)) = args.split_first() else {
        return help::run(&[]);
    };
    if matches!(name.as_str(), "-h" | "--help") {
        return help::run(rest);
    }
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return (command.run)(rest);
    }
    eprintln!("there is no command `{name}`; `cargo xtask help` lists them");
    ExitCode::from(USAGE)
}
