//! Endpoints that answer one record.

use clap::{ArgMatches, Command};
use radar_ct::{EndpointInfo, ItemKey, ItemParams, Record};

use super::call::call;
use super::examples::examples;
use crate::exit::Failure;
use crate::flags::parameter;
use crate::output::format::OutputFormat;
use crate::output::records::Item;
use crate::output::write::write;
use crate::problem;
use crate::theme::Theme;

/// Defines the command of a record. `line` is the command with those above it, for the examples.
pub(super) fn command<K: ItemKey>(endpoint: &EndpointInfo, name: String, line: &str) -> Command {
    let example: Option<K::Record> = serde_json::from_str(K::Record::EXAMPLE).ok();
    let key = example.as_ref().map_or("KEY", Record::key);
    Command::new(name)
        .about(endpoint.about)
        .arg(parameter::argument(K::PARAMETER))
        .after_help(examples(&[format!("radar-ct {line} {key}"), format!("radar-ct {line} {key} -o csv")]))
}

/// Calls the endpoint and writes the record.
pub(super) fn run<K: ItemKey>(flags: &ArgMatches) -> Result<(), Failure> {
    let key: K = parameter::argument_value(flags, K::PARAMETER)
        .parse()
        .map_err(|problem| Failure::usage(problem::argument(K::PARAMETER, &problem)))?;
    let theme = Theme::from_flags(flags);
    let format = OutputFormat::for_records(flags, theme.to_terminal)?;
    call(flags, ItemParams::new(key), false, theme, |client, request| {
        write(&Item::<K>(client.call(request)?.data), format, theme, "")
    })
}
