//! The commands of the endpoints, made from their table.

use clap::{ArgMatches, Command};
use radar_ct::endpoints::{
    ENDPOINTS, EndpointInfo, EndpointKind, EndpointVisitor, ItemKey, Listing, SeriesOptions,
};

use super::table::{GET, item_of, list_of};
use super::{item, list, series};
use crate::exit::Failure;
use crate::names::kebab;

/// Defines the commands of the endpoints that answer series.
pub(crate) fn series_commands() -> impl Iterator<Item = Command> {
    commands(|kind| kind == EndpointKind::Series)
}

/// Defines the commands of the other endpoints.
pub(crate) fn record_commands() -> impl Iterator<Item = Command> {
    commands(|kind| kind != EndpointKind::Series)
}

fn commands(has: fn(EndpointKind) -> bool) -> impl Iterator<Item = Command> {
    let of_kind = ENDPOINTS.iter().filter(move |endpoint| has(endpoint.kind));
    of_kind.filter(|endpoint| list_of(endpoint).is_none()).filter_map(|endpoint| endpoint.visit(Define))
}

/// Runs the command of an endpoint. Returns `None` if there is none with that name.
pub(crate) fn run(name: &str, flags: &ArgMatches) -> Option<Result<(), Failure>> {
    let endpoint = ENDPOINTS.iter().find(|endpoint| kebab(endpoint.name) == name)?;
    if endpoint.kind != EndpointKind::List {
        return endpoint.visit(Run { flags });
    }
    if let Err(failure) = list::refuse_misplaced_flags(endpoint, flags) {
        return Some(Err(failure));
    }
    match flags.subcommand() {
        Some((GET, flags)) => item_of(endpoint)?.visit(Run { flags }),
        listed => endpoint.visit(Run { flags: listed.map_or(flags, |(_, flags)| flags) }),
    }
}

struct Define;

impl EndpointVisitor for Define {
    type Output = Command;

    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) -> Command {
        series::command::<O>(endpoint)
    }

    fn list<L: Listing>(self, endpoint: &EndpointInfo) -> Command {
        let command = list::command::<L>(endpoint);
        let get = item_of(endpoint).and_then(|item| item.visit(Self));
        get.into_iter().fold(command, Command::subcommand)
    }

    fn item<K: ItemKey>(self, endpoint: &EndpointInfo) -> Command {
        let name = if list_of(endpoint).is_some() { GET.to_owned() } else { kebab(endpoint.name) };
        item::command::<K>(name, endpoint)
    }
}

struct Run<'f> {
    flags: &'f ArgMatches,
}

impl EndpointVisitor for Run<'_> {
    type Output = Result<(), Failure>;

    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) -> Self::Output {
        series::run::<O>(endpoint, self.flags)
    }

    fn list<L: Listing>(self, _: &EndpointInfo) -> Self::Output {
        list::run::<L>(self.flags)
    }

    fn item<K: ItemKey>(self, _: &EndpointInfo) -> Self::Output {
        item::run::<K>(self.flags)
    }
}
