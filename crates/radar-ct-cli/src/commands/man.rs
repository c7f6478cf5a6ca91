//! `radar-ct man`: the help as pages for man.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::failure::Failure;
use crate::voice::Voice;

pub(crate) const NAME: &str = "man";
const COMMAND: &str = "command";
const OUT: &str = "out";

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("The manual page of a command, or all of them")
        .after_help(
            "Examples:\n  \
             radar-ct man > radar-ct.1\n  \
             radar-ct man logs get > radar-ct-logs-get.1\n  \
             radar-ct man --out man1",
        )
        .defer(|command| super::asking_nothing(command).args(arguments()))
}

fn arguments() -> [Arg; 2] {
    let command = Arg::new(COMMAND)
        .num_args(0..)
        .value_name("COMMAND")
        .value_parser(PossibleValuesParser::new(words(&crate::root())))
        .hide_possible_values(true)
        .help("The command that it is about [default: the program]");
    let out = Arg::new(OUT)
        .long(OUT)
        .value_name("DIR")
        .value_parser(value_parser!(PathBuf))
        .conflicts_with(COMMAND)
        .help("Write the page of every command into this folder");
    [command, out]
}

/// What commands are called, each word once.
fn words(root: &Command) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = vec![root];
    while let Some(command) = rest.pop() {
        for inner in command.get_subcommands() {
            words.push(inner.get_name().to_owned());
            rest.push(inner);
        }
    }
    words.sort();
    words.dedup();
    words
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    // The pages of `help` would say again what the others say.
    let mut root = crate::root().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = flags.get_one::<PathBuf>(OUT) {
        return write_all(&root, folder, &Voice::of(flags));
    }
    let mut command = &root;
    for word in flags.get_many::<String>(COMMAND).into_iter().flatten() {
        command = command.find_subcommand(word).ok_or_else(|| {
            let outer = command.get_bin_name().unwrap_or_else(|| command.get_name());
            Failure::usage(format!("`{outer}` has no command `{word}`"))
        })?;
    }
    let mut out = io::stdout().lock();
    out.write_all(&page(command)?)?;
    Ok(out.flush()?)
}

fn write_all(command: &Command, folder: &Path, voice: &Voice) -> Result<(), Failure> {
    let file = folder.join(format!("{}.1", name(command)));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, page(command)?));
    written.map_err(|error| Failure::request(format!("{} could not be written: {error}", file.display())))?;
    voice.detail(&format!("{} is written", file.display()));
    command.get_subcommands().try_for_each(|inner| write_all(inner, folder, voice))
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let program = concat!("radar-ct ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(program).manual("radar-ct");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    below.split("\n\n").try_for_each(|part| section(part, &mut page))?;
    Ok(page)
}

/// A part of what stands below the help: under a heading of its own, where it has one, and line by line.
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
