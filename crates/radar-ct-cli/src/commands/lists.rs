//! `radar-ct authorities` and `radar-ct logs`: a page, all pages, or one of them.

use clap::{Arg, ArgAction, ArgMatches, Command};
use radar_ct::{
    AuthoritiesParams, Authority, AuthorityParams, Endpoint, Format, ListParams, Listing, Log, LogParams,
    LogsParams, Parameter, Query,
};

use super::{ask, ask_for};
use crate::failure::Failure;
use crate::output::Show;
use crate::series;

pub(crate) const AUTHORITIES: &str = "authorities";
pub(crate) const LOGS: &str = "logs";
const LIST: &str = "list";
const GET: &str = "get";
const SLUG: &str = "slug";
const ALL: &str = "all";

pub(crate) fn authorities() -> Command {
    let get = get(
        "One certification authority",
        "FINGERPRINT",
        "SHA-256 fingerprint of its certificate, 64 hexadecimal digits",
    );
    // The documentation's own example, which the emulator has too.
    command(AUTHORITIES, "Certification authorities", AuthoritiesParams::parameters().collect()).subcommand(
        get.after_help(
            "Examples:\n  \
         radar-ct authorities get 24EDD4E503A8D3FDB5FFB4AF66C887359901CBE687A5A0760D10A08EED99A7C3",
        ),
    )
}

pub(crate) fn logs() -> Command {
    let get = get("One log", "SLUG", "Its slug, such as argon2026h1");
    command(LOGS, "Logs", LogsParams::parameters().collect()).subcommand(get.after_help(
        "Examples:\n  \
         radar-ct logs get argon2026h1 --emulator\n  \
         radar-ct logs get argon2026h1 --output json > argon2026h1.json",
    ))
}

/// Without a word behind it a list command lists.
fn command(name: &'static str, about: &'static str, parameters: Vec<Parameter>) -> Command {
    let flags: Vec<Arg> = parameters.into_iter().map(series::flag).chain([all()]).collect();
    let list = Command::new(LIST).about("A page of the list, or all of it").args(flags.clone());
    Command::new(name)
        .about(about)
        .after_help(format!(
            "Examples:\n  radar-ct {name} --emulator\n  radar-ct {name} list --emulator --limit 10 --offset 20\n  \
             radar-ct {name} --emulator --all --output csv"
        ))
        .args(flags)
        .subcommand(list.after_help(format!(
            "Examples:\n  radar-ct {name} list --emulator --limit 10 --offset 20\n  \
             radar-ct {name} list --all --output csv > {name}.csv"
        )))
}

fn all() -> Arg {
    Arg::new(ALL).long(ALL).action(ArgAction::SetTrue).help("Every page, from the offset on")
}

fn get(about: &'static str, name: &'static str, help: &'static str) -> Command {
    Command::new(GET).about(about).arg(Arg::new(SLUG).required(true).value_name(name).help(help))
}

pub(crate) fn run_authorities(flags: &ArgMatches) -> Result<(), Failure> {
    refuse_flags_before_a_word(flags)?;
    match flags.subcommand() {
        Some((GET, flags)) => {
            let fingerprint = slug(flags).parse().map_err(|problem| refused("fingerprint", &problem))?;
            one::<_, Authority>(flags, &AuthorityParams::new(fingerprint))
        }
        listed => list(listed.map_or(flags, |(_, flags)| flags), radar_ct::Authorities::new),
    }
}

pub(crate) fn run_logs(flags: &ArgMatches) -> Result<(), Failure> {
    refuse_flags_before_a_word(flags)?;
    match flags.subcommand() {
        Some((GET, flags)) => {
            let slug = slug(flags).parse().map_err(|problem| refused("slug", &problem))?;
            one::<_, Log>(flags, &LogParams::new(slug))
        }
        listed => list(listed.map_or(flags, |(_, flags)| flags), radar_ct::Logs::new),
    }
}

/// Flags of the list in front of `list` or `get`, where they would be passed over.
fn refuse_flags_before_a_word(flags: &ArgMatches) -> Result<(), Failure> {
    let Some((word, _)) = flags.subcommand() else { return Ok(()) };
    let mut parameters = LogsParams::parameters();
    match parameters.find(|parameter| flags.contains_id(parameter.name)) {
        Some(parameter) => {
            let flag = parameter.kebab_name();
            Err(Failure::usage(format!("--{flag} stands before `{word}`: it belongs behind it")))
        }
        None if flags.get_flag(ALL) => {
            Err(Failure::usage(format!("--all stands before `{word}`: it belongs behind it")))
        }
        None => Ok(()),
    }
}

fn slug(flags: &ArgMatches) -> &str {
    flags.get_one::<String>(SLUG).map_or("", String::as_str)
}

fn refused(what: &str, problem: &radar_ct::Problem) -> Failure {
    Failure::usage(format!("the {what} {problem}"))
}

fn one<E: Endpoint<Answer = A>, A: Show>(flags: &ArgMatches, params: &E) -> Result<(), Failure> {
    ask(flags, params, None, "")
}

fn list<L: Listing + Show>(flags: &ArgMatches, of_rows: fn(Vec<L::Item>) -> L) -> Result<(), Failure> {
    let refused = |error| series::refusal(&error, 1);
    let mut query = Query::new();
    for parameter in ListParams::<L>::parameters() {
        if let Some(value) = flags.get_one::<String>(parameter.name) {
            query.push(parameter.name, series::canonical(parameter, value));
        }
    }
    let params = ListParams::<L>::from_query(query).map_err(refused)?;
    params.validate().map_err(refused)?;
    let format = params.asked_format();
    if !flags.get_flag(ALL) {
        return ask(flags, &params, format, "");
    }
    if format.is_some_and(Format::is_csv) {
        return Err(Failure::usage(
            "--all and --format CSV exclude each other: the server's CSV is one page",
        ));
    }
    // What the first request says, so that a dry run shows it.
    let first = params.clone().limit(params.page_size()).offset(params.asked_offset().unwrap_or(0));
    ask_for(flags, &first, format, "", |client| {
        let rows = client.all(&first).collect::<Result<Vec<_>, _>>()?;
        Ok(of_rows(rows))
    })
}
