//! `radar-ct man`: manual pages.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::examples::examples;
use crate::exit::Failure;
use crate::report::Reporter;

pub(crate) const NAME: &str = "man";
const COMMAND: &str = "command";
const OUT: &str = "out";

/// Defines the command for a program with these other commands.
pub(crate) fn command(others: &[Command]) -> Command {
    let command = Arg::new(COMMAND)
        .num_args(0..)
        .value_name("COMMAND")
        .value_parser(PossibleValuesParser::new(words(others)))
        .hide_possible_values(true)
        .help("Command to print the page of [default: the program]");
    let out = Arg::new(OUT)
        .long(OUT)
        .value_name("DIR")
        .value_parser(value_parser!(PathBuf))
        .conflicts_with(COMMAND)
        .help("Write the pages of all commands to this directory");
    let first = others.first().map_or(NAME, Command::get_name);
    Command::new(NAME)
        .about("Print the manual page of a command")
        .after_help(examples(&[
            "radar-ct man > radar-ct.1".to_owned(),
            format!("radar-ct man {first} > radar-ct-{first}.1"),
            "radar-ct man --out man1".to_owned(),
        ]))
        .args([command, out])
}

/// Returns the names of all commands and of this one, without duplicates.
fn words(commands: &[Command]) -> Vec<String> {
    let mut words = vec![NAME.to_owned()];
    let mut rest: Vec<&Command> = commands.iter().collect();
    while let Some(command) = rest.pop() {
        words.push(command.get_name().to_owned());
        rest.extend(command.get_subcommands());
    }
    words.sort();
    words.dedup();
    words
}

/// Prints the page of a command of `program`, or writes all pages.
pub(crate) fn run(flags: &ArgMatches, program: Command) -> Result<(), Failure> {
    // The pages of `help` would repeat the others.
    let mut program = program.disable_help_subcommand(true);
    program.build();
    if let Some(folder) = flags.get_one::<PathBuf>(OUT) {
        return write_all(&program, folder, &Reporter::from_flags(flags));
    }
    let mut command = &program;
    for word in flags.get_many::<String>(COMMAND).into_iter().flatten() {
        command = command.find_subcommand(word).ok_or_else(|| {
            let parent = command.get_bin_name().unwrap_or_else(|| command.get_name());
            Failure::usage(format!("`{parent}` has no command `{word}`"))
        })?;
    }
    let mut out = io::stdout().lock();
    out.write_all(&page(command)?)?;
    Ok(out.flush()?)
}

fn write_all(command: &Command, folder: &Path, reporter: &Reporter) -> Result<(), Failure> {
    let file = folder.join(format!("{}.1", name(command)));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, page(command)?));
    written.map_err(|error| Failure::request(format!("cannot write {}: {error}", file.display())))?;
    reporter.detail(&format!("wrote {}", file.display()));
    command.get_subcommands().try_for_each(|command| write_all(command, folder, reporter))
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let source = concat!("radar-ct ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual("radar-ct");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let after_help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    after_help.split("\n\n").try_for_each(|part| section(part, &mut page))?;
    Ok(page)
}

/// Writes a part of the text below the help, line by line, as a section of its own.
fn section(part: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let (heading, text) = match part.split_once(":\n") {
        Some((heading, text)) if !heading.contains('\n') => (heading, text),
        _ => ("Notes", part),
    };
    let mut roff = Roff::new();
    roff.control("SH", [heading.to_uppercase().as_str()]).control("nf", []);
    for line in text.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []).to_writer(page)
}
