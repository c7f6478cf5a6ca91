//! `--watch`: asks again and again, and shows what is new.

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use clap::{Arg, ArgMatches};
use radar_ct::Error;

use crate::failure::Failure;
use crate::output::{self, Appender, Look, Output, Show, Tidy};
use crate::voice::Voice;

const WATCH: &str = "watch";

/// Less would only ask for the same again: the data have an interval of 15 minutes at the finest.
const SHORTEST: Duration = Duration::from_secs(1);

pub(crate) fn flag() -> Arg {
    Arg::new(WATCH)
        .long(WATCH)
        .value_name("INTERVAL")
        .value_parser(parse_interval)
        .help_heading("Output")
        .help("Ask again after every interval, such as 15m, until Ctrl-C: redraws, or appends new points")
        .long_help(
            "Ask again after every interval, such as 15m or 1h 30m, until Ctrl-C. On a terminal a chart, a table or JSON is \
             drawn anew. As csv or ndjson only new points are written, each once, when it is there for the first time; the \
             newest may still change after that. A call that fails for the moment is said on stderr and made again at its \
             next turn.",
        )
}

fn parse_interval(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(interval) if interval >= SHORTEST => Ok(interval),
        Ok(_) => Err("it is a second at least".to_owned()),
        Err(_) => Err("it is a time with its unit, such as 15m, 1h or 90s".to_owned()),
    }
}

/// What is shown again and again.
pub(crate) struct Watch {
    every: Duration,
    output: Output,
}

impl Watch {
    /// What was asked for, if anything.
    pub(crate) fn of(
        flags: &ArgMatches,
        output: Output,
        csv_of_server: bool,
    ) -> Result<Option<Self>, Failure> {
        // Lists have no such flag.
        let Ok(Some(every)) = flags.try_get_one::<Duration>(WATCH) else { return Ok(None) };
        if csv_of_server {
            return Err(Failure::usage(
                "--watch and --format CSV exclude each other: what is new in the server's CSV cannot be told; \
                 --output csv writes our own",
            ));
        }
        if matches!(output, Output::Svg | Output::Html) {
            return Err(Failure::usage("--watch shows chart, table, json, csv or ndjson, and no files"));
        }
        Ok(Some(Self { every: *every, output }))
    }

    /// Shows what comes until nobody reads it, or until a call fails for good.
    pub(crate) fn run<A: Show>(
        &self,
        voice: &Voice,
        look: Look,
        asked: &str,
        get: impl Fn() -> Result<A, Error>,
    ) -> Result<(), Failure> {
        let mut appender = match self.output {
            Output::Csv => Some(Appender::new(Tidy::Csv)),
            Output::Ndjson => Some(Appender::new(Tidy::Ndjson)),
            _ => None,
        };
        loop {
            let mut wait = self.every;
            match get() {
                Ok(answer) => match &mut appender {
                    Some(appender) => {
                        let mut out = BufWriter::new(io::stdout().lock());
                        appender.write(&answer, &mut out, look.to_terminal)?;
                        out.flush()?;
                    }
                    None => self.redraw(&answer, look, asked)?,
                },
                Err(error) if error.is_retryable() => {
                    // No sooner than the server asks.
                    wait = wait.max(error.retry_after().unwrap_or_default());
                    voice.note(&format!("{error}; asking again in {}", humantime::format_duration(wait)));
                }
                Err(error) => return Err(error.into()),
            }
            std::thread::sleep(wait);
        }
    }

    fn redraw(&self, answer: &impl Show, look: Look, asked: &str) -> Result<(), Failure> {
        if look.to_terminal {
            // Clears the screen and begins at its top.
            io::stdout().write_all(b"\x1b[2J\x1b[H")?;
        }
        output::write(answer, self.output, look, asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_a_unit_and_is_long_enough() {
        assert_eq!(parse_interval("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(parse_interval("1h 30m"), Ok(Duration::from_secs(5400)));
        for bad in ["", "15", "0s", "999ms", "-1m", "soon", "99999999999999999999d"] {
            assert!(parse_interval(bad).is_err(), "{bad}");
        }
    }
}
