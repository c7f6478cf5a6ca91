//! The commands of the endpoints, made from their table.

use clap::{ArgMatches, Command};
use radar_ct::{ENDPOINTS, EndpointInfo, EndpointKind, EndpointVisitor, ItemKey, Listing, SeriesOptions};

use super::{item, list, series};
use crate::exit::Failure;
use crate::names::kebab;

/// The command below a list that gets one record.
const GET: &str = "get";

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
    let result = list::refuse_misplaced_flags(endpoint, flags);
    if let Err(failure) = result {
        return Some(Err(failure));
    }
    match flags.subcommand() {
        Some((GET, flags)) => item_of(endpoint)?.visit(Run { flags }),
        Some((_, flags)) => endpoint.visit(Run { flags }),
        None => endpoint.visit(Run { flags }),
    }
}

/// Returns the endpoint of one record of a list: its path is the list's with a segment more.
fn item_of(list: &EndpointInfo) -> Option<&'static EndpointInfo> {
    ENDPOINTS.iter().find(|item| list_of(item).is_some_and(|other| other.path == list.path))
}

/// Returns the list that a record is from.
fn list_of(item: &EndpointInfo) -> Option<&'static EndpointInfo> {
    let (path, _) = item.path.rsplit_once('/').filter(|_| item.kind == EndpointKind::Item)?;
    ENDPOINTS.iter().find(|list| list.kind == EndpointKind::List && list.path == path)
}

struct Define;

impl EndpointVisitor for Define {
    type Output = Command;

    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) -> Command {
        series::command::<O>(endpoint)
    }

    fn list<L: Listing>(self, endpoint: &EndpointInfo) -> Command {
        let command = list::command::<L>(endpoint);
        let get = item_of(endpoint).and_then(|item| item.visit(DefineGet { list: &kebab(endpoint.name) }));
        get.into_iter().fold(command, Command::subcommand)
    }

    fn item<K: ItemKey>(self, endpoint: &EndpointInfo) -> Command {
        let name = kebab(endpoint.name);
        item::command::<K>(endpoint, name.clone(), &name)
    }
}

/// Defines the command of a record below its list.
struct DefineGet<'n> {
    list: &'n str,
}

impl EndpointVisitor for DefineGet<'_> {
    type Output = Command;

    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) -> Command {
        Define.series::<O>(endpoint)
    }

    fn list<L: Listing>(self, endpoint: &EndpointInfo) -> Command {
        Define.list::<L>(endpoint)
    }

    fn item<K: ItemKey>(self, endpoint: &EndpointInfo) -> Command {
        item::command::<K>(endpoint, GET.to_owned(), &format!("{} {GET}", self.list))
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
