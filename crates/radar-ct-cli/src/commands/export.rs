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
    AggInterval, Export, Format, Kind, Parameter, RateBudget, RetryPolicy, SeriesParams, TimeseriesOptions,
    TimeseriesParams,
};

use super::examples::examples;
use crate::connection::{Target, is_dry_run};
use crate::curl;
use crate::exit::Failure;
use crate::export::job::Job;
use crate::flags::series;
use crate::names::flag;
use crate::output::format::{OutputFormat, RowFormat};
use crate::report::Reporter;

pub(crate) const NAME: &str = "export";
const FROM: &str = "from";
const TO: &str = "to";
const OUT: &str = "out";
const AT_ONCE: &str = "at-once";
const SETTLED_AFTER: &str = "settled-after";

/// Parameters that an export does not take, since all of its series have one window.
const PERIOD: [&str; 3] =
    [SeriesParams::DATE_RANGE.name, SeriesParams::DATE_START.name, SeriesParams::DATE_END.name];

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("Certificate volume over a long window, as resumable files")
        .args(own_flags())
        .args(series::own_flags())
        .defer(with_arguments)
}

/// Adds the flags and examples, which are needed once the command is chosen.
fn with_arguments(command: Command) -> Command {
    let series = series::parameter_flags(&request_parameters()).into_iter().map(|flag| {
        let is_period = PERIOD.contains(&flag.get_id().as_str());
        flag.hide(is_period)
    });
    command
        .long_about(
            "Certificate volume over a long window, as resumable files.\n\n\
             Writes one tidy file for each month (UTC), and _manifest.json, which describes them. A file is complete when \
             it appears. A month is requested in smaller parts if the API refuses it as too long.\n\n\
             After Ctrl-C or a crash, the same command resumes: it keeps what is complete and no longer changes, and \
             fetches the most recent days again.",
        )
        .after_help(examples(&[
            "radar-ct export --emulator --from 2025-01-01 --to 2026-01-01 --agg-interval 15m --out volume".to_owned(),
            "radar-ct export --from 2026-01-01 --agg-interval 1h --ca-owner DigiCert --out digicert -o ndjson"
                .to_owned(),
            "radar-ct export --from 2025-01-01 --agg-interval 1d --out both --vs --entry-type PRECERTIFICATE"
                .to_owned(),
        ]))
        .args(series)
}

fn own_flags() -> [Arg; 5] {
    let flags = [
        Arg::new(FROM)
            .value_name("DATE")
            .required(true)
            .value_parser(parse_instant)
            .help("Start of the window: a date (UTC) or an instant (RFC 3339)"),
        Arg::new(TO)
            .value_name("DATE")
            .value_parser(parse_instant)
            .help("End of the window, exclusive [default: now]"),
        Arg::new(OUT)
            .value_name("DIR")
            .required(true)
            .value_parser(value_parser!(PathBuf))
            .help("Directory for the files of this export alone"),
        Arg::new(AT_ONCE)
            .value_name("N")
            .default_value("1")
            .value_parser(value_parser!(u8).range(1..=16))
            .help("Number of concurrent requests"),
        Arg::new(SETTLED_AFTER)
            .value_name("DAYS")
            .default_value("3")
            .value_parser(value_parser!(u16))
            .help("Age from which points no longer change; younger ones are fetched again"),
    ];
    flags.map(|flag| flag.clone().long(flag.get_id().to_string()).help_heading("Export"))
}

/// Returns the parameters without the format: files are made of decoded answers.
fn request_parameters() -> Vec<Parameter> {
    let mut parameters = TimeseriesParams::request_parameters();
    parameters.retain(|parameter| parameter.kind != Kind::Enum(Format::VALUES));
    parameters
}

/// Parses a date as its midnight, or an instant to the second.
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
        let flag = flag(name);
        return Err(Failure::usage(format!(
            "{flag} is not for an export; use --{FROM} and --{TO} for all series"
        )));
    }
    let format = match OutputFormat::given(flags) {
        None => RowFormat::Csv,
        Some(OutputFormat::Rows(format)) => format,
        Some(_) => return Err(Failure::usage("an export is written as --output csv or --output ndjson")),
    };
    let params = series::request::<TimeseriesOptions>(None, flags)?;
    if params.options().agg_interval.is_none() {
        let intervals = Kind::Enum(AggInterval::VALUES);
        let parameter = request_parameters().into_iter().find(|parameter| parameter.kind == intervals);
        let flag = parameter.map_or_else(String::new, |parameter| flag(parameter.name));
        return Err(Failure::usage(format!("an export needs {flag}: {}", AggInterval::VALUES.join(", "))));
    }
    let now = || DateTime::<Utc>::from(Moment::now().wall);
    let from = flags.get_one(FROM).copied().unwrap_or_else(now);
    let to = flags.get_one(TO).copied().or_else(|| now().with_nanosecond(0)).unwrap_or(from);
    if to <= from {
        return Err(Failure::usage(format!("--{TO} must be later than --{FROM}")));
    }
    let settled_after =
        chrono::Duration::days(flags.get_one::<u16>(SETTLED_AFTER).copied().unwrap_or(0).into());
    let export = Export::new(params, from..to)?.settled_after(settled_after);
    let target = Target::from_flags(flags)?;
    let (reporter, bars) = reporter(flags);
    let job = Job {
        export,
        folder: flags.get_one::<PathBuf>(OUT).cloned().unwrap_or_default(),
        format,
        is_emulated: target.is_emulator(),
        concurrency: flags.get_one::<u8>(AT_ONCE).copied().unwrap_or(1).into(),
        bars: bars.clone(),
    };
    if is_dry_run(flags) {
        let mut calls = job.calls(Moment::now().wall);
        let mut out = io::stdout().lock();
        while let Some((_, params)) = calls.next_call() {
            let url = target.base_url().url_for(&params)?;
            writeln!(out, "GET {url}\n{}", curl::command(&url))?;
        }
        return Ok(());
    }
    // An export has time: it stays below the rate limit, and waits for the five minutes that the API blocks a
    // client which exceeds it.
    let retry = RetryPolicy::new().max_retries(5).max_retry_after(Duration::from_secs(330));
    let client = target.client_with(flags, &reporter, retry, |builder| {
        builder
            .budget(RateBudget::cloudflare())
            .timeout(Duration::from_secs(900))
            .attempt_timeout(Duration::from_secs(60))
    })?;
    report_ctrl_c();
    let done = job.run(&client)?;
    for note in &done.notes {
        reporter.note(&format!("note: {note}"));
    }
    reporter.note(&match done.files {
        0 => "nothing to export: the window is in the future".to_owned(),
        files => format!("{} rows in {files} files, {} of them kept from before", done.rows, done.kept),
    });
    Ok(())
}

/// Creates a reporter that prints above progress bars.
fn reporter(flags: &ArgMatches) -> (Reporter, MultiProgress) {
    let bars = MultiProgress::new();
    let above = bars.clone();
    let sink = move |line: &str| {
        if above.is_hidden() || above.println(line).is_err() {
            let _ = writeln!(io::stderr(), "{line}");
        }
    };
    let reporter = Reporter::with_sink(flags, Arc::new(sink));
    if reporter.is_quiet() {
        bars.set_draw_target(ProgressDrawTarget::hidden());
    }
    (reporter, bars)
}

/// Explains on Ctrl-C that the export can be resumed. The program can end at any time, since files appear
/// complete.
fn report_ctrl_c() {
    let handler = || {
        let _ = writeln!(io::stderr(), "\ninterrupted; run the same command to resume");
        // The code by which shells report SIGINT.
        std::process::exit(130);
    };
    // Without the handler, Ctrl-C ends the program without a message.
    let _ = ctrlc::set_handler(handler);
}
