//! `radar-ct export`: a long window at a fine interval, as files.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use clap::{Arg, ArgMatches, Command, value_parser};
use indicatif::{MultiProgress, ProgressDrawTarget};
use radar_ct::transport::Moment;
use radar_ct::{
    Export, Parameter, RateBudget, RequestOptions, RetryPolicy, SeriesParams, Timeseries, TimeseriesOptions,
    TimeseriesParams,
};

use crate::connection::{Target, is_dry_run};
use crate::curl;
use crate::export::Job;
use crate::failure::Failure;
use crate::output::{self, Output, Tidy};
use crate::series;
use crate::voice::Voice;

pub(crate) const NAME: &str = "export";
const FROM: &str = "from";
const TO: &str = "to";
const OUT: &str = "out";
const AT_ONCE: &str = "at-once";
const SETTLED_AFTER: &str = "settled-after";

/// Of the timeseries' parameters those that an export has not: its window is one for all series, and its form its own.
const PERIOD: [&str; 3] =
    [SeriesParams::DATE_RANGE.name, SeriesParams::DATE_START.name, SeriesParams::DATE_END.name];

pub(crate) fn command() -> Command {
    let flags = series::flags(of_request()).into_iter().map(|flag| {
        let is_period = PERIOD.contains(&flag.get_id().as_str());
        flag.hide(is_period)
    });
    Command::new(NAME)
        .about("Certificate volume over a long window, as files; stopped at any time, it goes on where it was")
        .long_about(
            "Certificate volume over a long window, as files: a month each, tidy, put in place whole. The window is asked \
             for month by month, and in smaller parts where the API says that a month is too much. Stopped at any time, by \
             Ctrl-C or a crash, the same command goes on where it was: what is there and changes no more is not asked for \
             again, the last days are read anew. _manifest.json says what the directory holds.",
        )
        .after_help(
            "Examples:\n  \
             radar-ct export --emulator --from 2025-01-01 --to 2026-01-01 --agg-interval 15m --out volume\n  \
             radar-ct export --from 2026-01-01 --agg-interval 1h --ca-owner DigiCert --out digicert -o ndjson\n  \
             radar-ct export --from 2025-01-01 --agg-interval 1d --out both --vs --entry-type PRECERTIFICATE",
        )
        .args([
            Arg::new(FROM)
                .long(FROM)
                .value_name("DATE")
                .required(true)
                .value_parser(parse_instant)
                .help_heading("Export")
                .help("Where the window begins: a date (UTC), or an instant (RFC 3339)"),
            Arg::new(TO)
                .long(TO)
                .value_name("DATE")
                .value_parser(parse_instant)
                .help_heading("Export")
                .help("Where the window ends, itself not included [default: now]"),
            Arg::new(OUT)
                .long(OUT)
                .value_name("DIR")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help_heading("Export")
                .help("The directory for the files; of this export alone"),
            Arg::new(AT_ONCE)
                .long(AT_ONCE)
                .value_name("N")
                .default_value("1")
                .value_parser(value_parser!(u8).range(1..=16))
                .help_heading("Export")
                .help("How many requests are under way at once"),
            Arg::new(SETTLED_AFTER)
                .long(SETTLED_AFTER)
                .value_name("DAYS")
                .default_value("3")
                .value_parser(value_parser!(u16))
                .help_heading("Export")
                .help("After how many days a point is taken to change no more; younger ones are read anew"),
        ])
        .args(flags)
}

/// Without `format`: the server's own CSV is of no use here, since its headers cannot be undone.
fn of_request() -> impl Iterator<Item = Parameter> {
    TimeseriesOptions::parameters()
}

/// A date is its midnight. Below seconds nothing is ever told apart.
fn parse_instant(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(date.and_time(NaiveTime::MIN).and_utc());
    }
    let instant = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
    instant.ok().and_then(|at| at.with_nanosecond(0)).ok_or_else(|| {
        "it is a date, such as 2026-01-31, or an instant with its offset (RFC 3339), such as 2026-01-31T12:00:00Z"
            .to_owned()
    })
}

pub(crate) fn run(flags: &ArgMatches) -> Result<(), Failure> {
    if let Some(name) = PERIOD.into_iter().find(|name| flags.contains_id(name)) {
        let flag = series::flag_of(name);
        return Err(Failure::usage(format!(
            "{flag} is not for an export: its window is --{FROM} and --{TO}, for all series"
        )));
    }
    let tidy = match output::chosen::<Timeseries>(flags)? {
        None | Some(Output::Csv) => Tidy::Csv,
        Some(Output::Ndjson) => Tidy::Ndjson,
        Some(_) => return Err(Failure::usage("an export is written as --output csv or --output ndjson")),
    };
    let params = series::request(flags, of_request(), TimeseriesParams::from_query)?;
    if params.asked_interval().is_none() {
        return Err(Failure::usage("an export needs --agg-interval: 15m, 1h, 1d or 1w"));
    }
    let now = || DateTime::<Utc>::from(Moment::now().wall);
    let from = flags.get_one(FROM).copied().unwrap_or_else(now);
    let to = flags.get_one(TO).copied().or_else(|| now().with_nanosecond(0)).unwrap_or(from);
    if to <= from {
        return Err(Failure::usage(format!("--{TO} must be later than --{FROM}")));
    }
    let settled_after =
        chrono::Duration::days(flags.get_one::<u16>(SETTLED_AFTER).copied().unwrap_or(0).into());
    let target = Target::of(flags)?;
    let (voice, bars) = voice(flags);
    let job = Job {
        export: Export::new(params, from..to)?.settled_after(settled_after),
        folder: flags.get_one::<PathBuf>(OUT).cloned().unwrap_or_default(),
        tidy,
        invented: target.is_emulator(),
        at_once: flags.get_one::<u8>(AT_ONCE).copied().unwrap_or(1).into(),
        bars: bars.clone(),
    };
    if is_dry_run(flags) {
        let mut calls = job.plan(Moment::now().wall);
        let mut out = io::stdout().lock();
        while let Some((_, params)) = calls.next_call() {
            let url = target.base_url().url_for(&params)?;
            writeln!(out, "GET {url}\n{}", curl::command(&url))?;
        }
        return Ok(());
    }
    // Nobody waits at the terminal for each of many calls: a limit of requests, and the five minutes that the API blocks
    // whoever exceeds it, are waited for.
    let retry = RetryPolicy::new().max_retries(5).max_retry_after(Duration::from_secs(330));
    let client = target.client_by(flags, &voice, retry, |builder| {
        builder
            .budget(RateBudget::cloudflare())
            .timeout(Duration::from_secs(900))
            .attempt_timeout(Duration::from_secs(60))
    })?;
    go_on_later_on_ctrl_c();
    let done = job.run(&client)?;
    for note in &done.notes {
        voice.note(&format!("note: {note}"));
    }
    voice.note(&match done.files {
        0 => "the window has not begun yet: there is nothing to export".to_owned(),
        files => format!("{} rows in {files} files, {} of them there before", done.rows, done.kept),
    });
    Ok(())
}

/// What is said goes above what is drawn.
fn voice(flags: &ArgMatches) -> (Voice, MultiProgress) {
    let bars = MultiProgress::new();
    let above = bars.clone();
    let sink = move |line: &str| {
        if above.is_hidden() || above.println(line).is_err() {
            let _ = writeln!(io::stderr(), "{line}");
        }
    };
    let voice = Voice::through(flags, Arc::new(sink));
    if voice.is_quiet() {
        bars.set_draw_target(ProgressDrawTarget::hidden());
    }
    (voice, bars)
}

/// Files are in place whole or not at all, so that the program can end anywhere; here it says so.
fn go_on_later_on_ctrl_c() {
    let handler = || {
        let _ = writeln!(
            io::stderr(),
            "\ninterrupted; what is there is kept, and the same command goes on from here"
        );
        // What a shell says of a program that Ctrl-C has ended.
        std::process::exit(130);
    };
    // Without a handler it ends all the same, only silently.
    let _ = ctrlc::set_handler(handler);
}
