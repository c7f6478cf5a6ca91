//! Endpoints that answer a page of a list.

use clap::{Arg, ArgAction, ArgMatches, Command};
use radar_ct::endpoints::{EndpointInfo, Listing};
use radar_ct::{ListParams, Query};

use super::call::{call, refuse_output_of_server_csv};
use super::examples::{examples, first_flag};
use super::table::command_line;
use crate::exit::Failure;
use crate::flags::parameter;
use crate::names::{flag, kebab};
use crate::output::format::OutputFormat;
use crate::output::records::Page;
use crate::output::write::write;
use crate::theme::Theme;

const LIST: &str = "list";
const ALL: &str = "all";

/// Defines the command of a list. Without a subcommand it lists.
pub(super) fn command<L: Listing>(endpoint: &EndpointInfo) -> Command {
    let list = Command::new(LIST).about("List a page, or all pages").defer(with_arguments_of_list::<L>);
    Command::new(kebab(endpoint.name)).about(endpoint.about).subcommand(list).defer(with_arguments::<L>)
}

/// Adds the flags and examples, which are needed once the command is chosen.
fn with_arguments<L: Listing>(command: Command) -> Command {
    let line = command_line(L::PATH);
    command.args(flags::<L>()).after_help(examples(&[
        format!("{line} --emulator"),
        format!("{line} --emulator --{ALL} --output csv"),
    ]))
}

fn with_arguments_of_list<L: Listing>(command: Command) -> Command {
    let line = command_line(L::PATH);
    command.args(flags::<L>()).after_help(examples(&[
        format!(
            "{line} {LIST} --emulator {}",
            first_flag(&ListParams::<L>::parameters()).unwrap_or_default()
        ),
        format!("{line} {LIST} --{ALL} --output csv > data.csv"),
    ]))
}

fn flags<L: Listing>() -> Vec<Arg> {
    let all = Arg::new(ALL).long(ALL).action(ArgAction::SetTrue).help("Fetch all pages, from the offset on");
    let parameters = ListParams::<L>::parameters().into_iter().map(parameter::flag);
    parameters.chain([all]).collect()
}

/// Refuses flags of the list before a subcommand, which would ignore them.
pub(super) fn refuse_misplaced_flags(endpoint: &EndpointInfo, flags: &ArgMatches) -> Result<(), Failure> {
    let Some((subcommand, _)) = flags.subcommand() else { return Ok(()) };
    let mut parameters = endpoint.request_parameters().into_iter();
    let misplaced = match parameters.find(|parameter| flags.contains_id(parameter.name)) {
        Some(parameter) => flag(parameter.name),
        None if flags.get_flag(ALL) => format!("--{ALL}"),
        None => return Ok(()),
    };
    Err(Failure::usage(format!("{misplaced} must come after `{subcommand}`")))
}

/// Calls a list and writes a page, or all pages.
pub(super) fn run<L: Listing>(flags: &ArgMatches) -> Result<(), Failure> {
    let mut query = Query::new();
    parameter::add_to_query(&mut query, &ListParams::<L>::parameters(), flags);
    let params = ListParams::<L>::from_query(query)?;
    let is_server_csv = params.is_csv();
    refuse_output_of_server_csv(OutputFormat::given(flags).is_some(), is_server_csv)?;
    let theme = Theme::from_flags(flags);
    let format = OutputFormat::for_records(flags, theme.to_terminal)?;
    if !flags.get_flag(ALL) {
        return call(flags, params, is_server_csv, theme, |client, request| {
            write(&Page(client.call(request)?.data), format, theme, "")
        });
    }
    if is_server_csv {
        return Err(Failure::usage("--all cannot be used with --format CSV, which is one page"));
    }
    // A dry run shows the request of the first page.
    let offset = params.options().offset.unwrap_or(0);
    let first = params.clone().limit(params.page_size()).offset(offset);
    call(flags, first.clone(), false, theme, |client, _| {
        let records = client.all(&first).collect::<Result<Vec<_>, _>>()?;
        write(&Page(L::from_records(records)), format, theme, "")
    })
}
