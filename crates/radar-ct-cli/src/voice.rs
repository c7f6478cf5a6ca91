//! What the program says beside its data: on stderr, as much as `--quiet` and `--verbose` want.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};
use radar_ct::{Event, Observer, RateLimit};

use crate::failure::Failure;
use crate::screen;

const QUIET: &str = "quiet";
const VERBOSE: &str = "verbose";

/// Takes a line, without its end. Whoever draws something that moves puts the line above it.
pub(crate) type Sink = Arc<dyn Fn(&str) + Send + Sync>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Errors alone, which go another way.
    Quiet,
    /// Why it takes long.
    Normal,
    /// Each request and each response.
    Verbose,
}

/// Says what happens, to whoever wants to hear it. Clones speak through one sink.
#[derive(Clone)]
pub(crate) struct Voice {
    level: Level,
    sink: Sink,
}

pub(crate) fn flags() -> Vec<Arg> {
    let flag = |name: &'static str, short: char| {
        Arg::new(name).long(name).short(short).action(ArgAction::SetTrue).help_heading("Output")
    };
    vec![
        flag(QUIET, 'q').help("Write nothing on stderr but errors"),
        flag(VERBOSE, 'v').help("Write each request, each response and each wait on stderr"),
    ]
}

/// Refuses what cannot both be wanted. The parser cannot: each may stand before the command or behind it.
pub(crate) fn check(flags: &ArgMatches) -> Result<(), Failure> {
    let innermost = std::iter::successors(Some(flags), |flags| Some(flags.subcommand()?.1)).last();
    if innermost.is_some_and(|flags| flags.get_flag(QUIET) && flags.get_flag(VERBOSE)) {
        return Err(Failure::usage("--quiet and --verbose exclude each other: give one of them"));
    }
    Ok(())
}

impl Voice {
    /// As the flags want it, on stderr.
    pub(crate) fn of(flags: &ArgMatches) -> Self {
        // That nobody can read it is no reason to fail.
        let to_stderr = |line: &str| drop(writeln!(io::stderr(), "{line}"));
        Self::through(flags, Arc::new(to_stderr))
    }

    /// As the flags want it, through a sink.
    pub(crate) fn through(flags: &ArgMatches, sink: Sink) -> Self {
        let level = match (flags.get_flag(QUIET), flags.get_flag(VERBOSE)) {
            (true, _) => Level::Quiet,
            (false, true) => Level::Verbose,
            (false, false) => Level::Normal,
        };
        Self { level, sink }
    }

    /// Says something that everybody should know, unless they want to know nothing.
    pub(crate) fn note(&self, text: &str) {
        self.say(Level::Normal, text);
    }

    /// Says something for those who want to know everything.
    pub(crate) fn detail(&self, text: &str) {
        self.say(Level::Verbose, text);
    }

    /// Whether nobody wants to hear anything.
    pub(crate) fn is_quiet(&self) -> bool {
        self.level == Level::Quiet
    }

    fn say(&self, from: Level, text: &str) {
        if self.level >= from {
            // Servers' words may be in there.
            (self.sink)(&screen::harmless(text));
        }
    }

    /// For a client, so that its calls are heard.
    pub(crate) fn observer(&self) -> impl Observer + use<> {
        let voice = self.clone();
        move |event: &Event| voice.tell(event)
    }

    fn tell(&self, event: &Event) {
        match event {
            Event::Attempt { number, url, wait, .. } => {
                if !wait.is_zero() {
                    let wait = seconds(*wait);
                    self.note(&format!(
                        "waiting {wait} for a turn in the budget of requests (attempt {number})"
                    ));
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
                let what = match (status, transport_kind) {
                    (Some(status), _) => format!("the API answered with status {status}"),
                    (None, Some(kind)) => kind.to_string(),
                    (None, None) => "the request failed".to_owned(),
                };
                let asks = if *from_retry_after { " and asks to wait" } else { "" };
                let wait = seconds(*wait);
                self.note(&format!(
                    "{what}{asks}; trying again in {wait} (attempt {number} of {max_attempts})"
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

/// What is left of the rate limit.
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

    /// A voice, and what it has said.
    fn voice(args: &[&str]) -> (Voice, Arc<Mutex<Vec<String>>>) {
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&said);
        let flags = clap::Command::new("test").no_binary_name(true).args(flags());
        let flags = flags.try_get_matches_from(args).unwrap();
        (Voice::through(&flags, Arc::new(move |line| sink.lock().unwrap().push(line.to_owned()))), said)
    }

    #[test]
    fn each_level_hears_its_own_and_what_is_more_urgent() {
        for (args, heard) in [(&["-q"][..], &[][..]), (&[], &["note"]), (&["--verbose"], &["note", "detail"])]
        {
            let (voice, said) = voice(args);
            voice.note("note");
            voice.detail("detail");
            assert_eq!(*said.lock().unwrap(), heard);
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_said_escaped() {
        let (voice, said) = voice(&[]);
        voice.note("\u{1b}[2Jgone");
        assert_eq!(*said.lock().unwrap(), ["\\u{1b}[2Jgone"]);
    }

    #[test]
    fn a_wait_for_a_turn_in_the_budget_is_said() {
        let emulator = Emulator::start().unwrap();
        let (voice, said) = voice(&[]);
        let client = Client::builder(Credentials::token("token").unwrap())
            .base_url(BaseUrl::parse(&emulator.base_url()).unwrap())
            .budget(RateBudget::new(1, Duration::from_millis(300)))
            .observer(voice.observer())
            .build()
            .unwrap();
        client.logs(&LogsParams::new()).unwrap();
        assert!(said.lock().unwrap().is_empty());
        client.logs(&LogsParams::new()).unwrap();
        let said = said.lock().unwrap();
        let [line] = said.as_slice() else { panic!("{said:?}") };
        assert!(line.starts_with("waiting ") && line.contains("budget") && line.ends_with("(attempt 1)"));
    }
}
