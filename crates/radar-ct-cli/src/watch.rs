//! `--watch`: repeats a call and writes what is new.

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use clap::{Arg, ArgMatches};
use radar_ct::endpoints::SeriesView;
use radar_ct::{Error, SeriesAnswer};

use crate::exit::Failure;
use crate::output::append::Appender;
use crate::output::format::{OutputFormat, PictureFormat};
use crate::output::write::write;
use crate::report::Reporter;
use crate::theme::Theme;

const WATCH: &str = "watch";

/// The shortest interval. The API's data change every 15 minutes at most.
const SHORTEST: Duration = Duration::from_secs(1);

pub(crate) fn flag() -> Arg {
    Arg::new(WATCH)
        .long(WATCH)
        .value_name("INTERVAL")
        .value_parser(parse_interval)
        .help_heading("Output")
        .help("Repeat the call at this interval, such as 15m, until Ctrl-C")
        .long_help(
            "Repeat the call at this interval, such as 15m or 1h 30m, until Ctrl-C. Charts, tables and JSON are redrawn. \
             csv and ndjson get the new points only, each written once, when it first appears; the newest point may \
             still change after that. A call that fails temporarily is reported on stderr and repeated.",
        )
}

fn parse_interval(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(interval) if interval >= SHORTEST => Ok(interval),
        Ok(_) => Err("it is a second at least".to_owned()),
        Err(_) => Err("it is a time with its unit, such as 15m, 1h or 90s".to_owned()),
    }
}

/// A repeated call.
pub(crate) struct Watch {
    interval: Duration,
    format: OutputFormat,
}

impl Watch {
    /// Returns the watch that is requested, if any.
    pub(crate) fn from_flags(
        flags: &ArgMatches,
        format: OutputFormat,
        is_server_csv: bool,
    ) -> Result<Option<Self>, Failure> {
        // Answers without timestamps have no such flag.
        let Ok(Some(interval)) = flags.try_get_one::<Duration>(WATCH) else { return Ok(None) };
        if is_server_csv {
            return Err(Failure::usage(
                "--watch cannot be used with --format CSV, which is passed through unparsed; use --output csv",
            ));
        }
        if let OutputFormat::Picture(PictureFormat::Svg | PictureFormat::Html) = format {
            return Err(Failure::usage("--watch writes chart, table, json, csv or ndjson, but no files"));
        }
        Ok(Some(Self { interval: *interval, format }))
    }

    /// Writes answers until a call fails permanently or nobody reads them.
    pub(crate) fn run<T: SeriesView>(
        &self,
        reporter: &Reporter,
        theme: Theme,
        title: &str,
        fetch: impl Fn() -> Result<SeriesAnswer<T>, Error>,
    ) -> Result<(), Failure> {
        let mut appender = match self.format {
            OutputFormat::Rows(format) => Some(Appender::new(format)),
            _ => None,
        };
        loop {
            let mut wait = self.interval;
            match fetch() {
                Ok(answer) => match &mut appender {
                    Some(appender) => {
                        let mut out = BufWriter::new(io::stdout().lock());
                        appender.write(&answer, &mut out, theme.to_terminal)?;
                        out.flush()?;
                    }
                    None => self.redraw(&answer, theme, title)?,
                },
                Err(error) if error.is_retryable() => {
                    // Never earlier than the server asks.
                    wait = wait.max(error.retry_after().unwrap_or_default());
                    reporter.note(&format!("{error}; repeating in {}", humantime::format_duration(wait)));
                }
                Err(error) => return Err(error.into()),
            }
            std::thread::sleep(wait);
        }
    }

    fn redraw<T: SeriesView>(
        &self,
        answer: &SeriesAnswer<T>,
        theme: Theme,
        title: &str,
    ) -> Result<(), Failure> {
        if theme.to_terminal {
            // Clears the screen and moves to its top.
            io::stdout().write_all(b"\x1b[2J\x1b[H")?;
        }
        write(answer, self.format, theme, title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_a_unit_and_a_minimum() {
        assert_eq!(parse_interval("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(parse_interval("1h 30m"), Ok(Duration::from_secs(5400)));
        for bad in ["", "15", "0s", "999ms", "-1m", "soon", "99999999999999999999d"] {
            assert!(parse_interval(bad).is_err(), "{bad}");
        }
    }
}
