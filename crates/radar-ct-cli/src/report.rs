//! Messages on stderr, as many as `--quiet` and `--verbose` select.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};
use radar_ct::{Event, Observer, RateLimit, sanitize};

use crate::exit::Failure;

const QUIET: &str = "quiet";
const VERBOSE: &str = "verbose";

/// Prints a line, which has no line feed. A progress bar prints it above itself.
pub(crate) type Sink = Arc<dyn Fn(&str) + Send + Sync>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Errors only, which are printed elsewhere.
    Quiet,
    /// Reasons for delays.
    Normal,
    /// Each request and each response.
    Verbose,
}

/// Prints messages of the selected level. Clones share one sink.
#[derive(Clone)]
pub(crate) struct Reporter {
    level: Level,
    sink: Sink,
}

pub(crate) fn flags() -> [Arg; 2] {
    let flag = |name: &'static str, short: char| {
        Arg::new(name).long(name).short(short).action(ArgAction::SetTrue).help_heading("Output")
    };
    [
        flag(QUIET, 'q').help("Print only errors on stderr"),
        flag(VERBOSE, 'v').help("Print each request, response and retry on stderr"),
    ]
}

/// Refuses `--quiet` with `--verbose`. The parser cannot, since each can be before or after the command.
pub(crate) fn check(flags: &ArgMatches) -> Result<(), Failure> {
    let innermost = std::iter::successors(Some(flags), |flags| Some(flags.subcommand()?.1)).last();
    if innermost.is_some_and(|flags| flags.get_flag(QUIET) && flags.get_flag(VERBOSE)) {
        return Err(Failure::usage("--quiet cannot be used with --verbose"));
    }
    Ok(())
}

impl Reporter {
    /// Creates a reporter that prints to stderr.
    pub(crate) fn from_flags(flags: &ArgMatches) -> Self {
        // A closed stderr is no reason to fail.
        let to_stderr = |line: &str| drop(writeln!(io::stderr(), "{line}"));
        Self::with_sink(flags, Arc::new(to_stderr))
    }

    /// Creates a reporter that prints to a sink.
    pub(crate) fn with_sink(flags: &ArgMatches, sink: Sink) -> Self {
        let level = match (flags.get_flag(QUIET), flags.get_flag(VERBOSE)) {
            (true, _) => Level::Quiet,
            (false, true) => Level::Verbose,
            (false, false) => Level::Normal,
        };
        Self { level, sink }
    }

    /// Prints a message, unless `--quiet` is given.
    pub(crate) fn note(&self, text: &str) {
        self.print(Level::Normal, text);
    }

    /// Prints a message if `--verbose` is given.
    pub(crate) fn detail(&self, text: &str) {
        self.print(Level::Verbose, text);
    }

    /// Returns whether only errors are printed.
    pub(crate) fn is_quiet(&self) -> bool {
        self.level == Level::Quiet
    }

    fn print(&self, level: Level, text: &str) {
        if self.level >= level {
            // Messages may quote a server.
            (self.sink)(&sanitize::lines(text));
        }
    }

    /// Returns an observer that prints the calls of a client.
    pub(crate) fn observer(&self) -> impl Observer + use<> {
        let reporter = self.clone();
        move |event: &Event| reporter.print_event(event)
    }

    fn print_event(&self, event: &Event) {
        match event {
            Event::Attempt { number, url, wait, .. } => {
                if !wait.is_zero() {
                    let wait = seconds(*wait);
                    self.note(&format!("waiting {wait} for the request budget (attempt {number})"));
                }
                self.detail(&format!("GET {url}"));
            }
            Event::Response { number, status, bytes, elapsed, rate_limit, .. } => {
                let left = rate_limit.map(left).unwrap_or_default();
                let elapsed = seconds(*elapsed);
                self.detail(&format!("attempt {number}: status {status}, {bytes} bytes in {elapsed}{left}"));
            }
            Event::TransportError { number, kind, elapsed, .. } => {
                self.detail(&format!("attempt {number}: {kind}, after {}", seconds(*elapsed)));
            }
            Event::Retry { number, max_attempts, status, transport_kind, wait, from_retry_after, .. } => {
                let reason = match (status, transport_kind) {
                    (Some(status), _) => format!("the API answered with status {status}"),
                    (None, Some(kind)) => kind.to_string(),
                    (None, None) => "the request failed".to_owned(),
                };
                let asks = if *from_retry_after { " and asks to wait" } else { "" };
                let wait = seconds(*wait);
                self.note(&format!(
                    "{reason}{asks}; retrying in {wait} (attempt {number} of {max_attempts})"
                ));
            }
            _ => {}
        }
    }
}

fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        short if short < 0.1 => format!("{:.0} ms", short * 1000.0),
        long => format!("{long:.1} s"),
    }
}

/// Returns the rest of the rate limit as the end of a message.
fn left(limit: RateLimit) -> String {
    let of = limit.quota.map(|quota| format!(" of {quota}")).unwrap_or_default();
    let reset = limit.reset_after.map(|time| format!(" for {} s", time.as_secs())).unwrap_or_default();
    format!("; {}{of} requests left{reset}", limit.remaining)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use radar_ct::{BaseUrl, Credentials, LogsParams, RateBudget, blocking::Client};
    use radar_ct_emulator::Emulator;

    use super::*;

    /// A reporter and the lines that it prints.
    fn reporter(args: &[&str]) -> (Reporter, Arc<Mutex<Vec<String>>>) {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&lines);
        let flags = clap::Command::new("test").no_binary_name(true).args(flags());
        let flags = flags.try_get_matches_from(args).unwrap();
        (Reporter::with_sink(&flags, Arc::new(move |line| sink.lock().unwrap().push(line.to_owned()))), lines)
    }

    #[test]
    fn each_level_includes_the_levels_below() {
        for (args, printed) in
            [(&["-q"][..], &[][..]), (&[], &["note"]), (&["--verbose"], &["note", "detail"])]
        {
            let (reporter, lines) = reporter(args);
            reporter.note("note");
            reporter.detail("detail");
            assert_eq!(*lines.lock().unwrap(), printed);
        }
    }

    #[test]
    fn unsafe_characters_are_escaped() {
        let (reporter, lines) = reporter(&[]);
        reporter.note("\u{1b}[2Jgone");
        assert_eq!(*lines.lock().unwrap(), ["\\u{1b}[2Jgone"]);
    }

    #[test]
    fn a_wait_for_the_request_budget_is_reported() {
        let emulator = Emulator::start().unwrap();
        let (reporter, lines) = reporter(&[]);
        let client = Client::builder(Credentials::token("token").unwrap())
            .base_url(BaseUrl::parse(&emulator.base_url()).unwrap())
            .budget(RateBudget::new(1, Duration::from_millis(300)))
            .observer(reporter.observer())
            .build()
            .unwrap();
        client.logs(&LogsParams::new()).unwrap();
        assert!(lines.lock().unwrap().is_empty());
        client.logs(&LogsParams::new()).unwrap();
        let lines = lines.lock().unwrap();
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(line.starts_with("waiting ") && line.contains("budget") && line.ends_with("(attempt 1)"));
    }
}
