//! Endpoints that answer one record.

use clap::{ArgMatches, Command};
use radar_ct::ItemParams;
use radar_ct::endpoints::{EndpointInfo, ItemKey, Record};

use super::call::call;
use super::examples::examples;
use super::table::command_line;
use crate::exit::Failure;
use crate::flags::parameter;
use crate::names::placeholder;
use crate::output::format::OutputFormat;
use crate::output::records::Item;
use crate::output::write::write;
use crate::theme::Theme;

/// Defines the command of a record under that name.
pub(super) fn command<K: ItemKey>(name: String, endpoint: &EndpointInfo) -> Command {
    Command::new(name).about(endpoint.about).defer(with_arguments::<K>)
}

/// Adds the argument and examples, which are needed once the command is chosen.
fn with_arguments<K: ItemKey>(command: Command) -> Command {
    let line = command_line(K::PATH);
    let example: Option<K::Record> = serde_json::from_str(K::Record::EXAMPLE).ok();
    let key = example.as_ref().map_or("KEY", Record::key);
    command
        .arg(parameter::argument(K::PARAMETER).value_name(placeholder(K::NOUN)))
        .after_help(examples(&[format!("{line} {key}"), format!("{line} {key} -o csv")]))
}

/// Calls the endpoint and writes the record.
pub(super) fn run<K: ItemKey>(flags: &ArgMatches) -> Result<(), Failure> {
    let key: K = parameter::argument_value(flags, K::PARAMETER)
        .parse()
        .map_err(|problem| Failure::usage(format!("the {} {problem}", K::NOUN)))?;
    let theme = Theme::from_flags(flags);
    let format = OutputFormat::for_records(flags, theme.to_terminal)?;
    call(flags, ItemParams::new(key), false, theme, |client, request| {
        write(&Item::<K>(client.call(request)?.data), format, theme, "")
    })
}
