//! The program `radar-ct-emulator`: runs the emulator beside an application until it is killed.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, Utc};
use radar_ct_emulator::Emulator;

const HELP: &str = "\
A local emulator of Cloudflare Radar's Certificate Transparency API, with invented data.

It prints its base URL, then a line for the shell that points Cloudflare's SDKs to it, and
runs until it is killed.

Usage: radar-ct-emulator [OPTIONS]

Options:
      --port <N>         Port on 127.0.0.1; 0 picks a free one [default: 8787]
      --seed <N>         Seed of the data; the same seed gives the same data [default: 0]
      --now <RFC3339>    Stop the clock at this instant [default: the wall clock runs]
      --token <TOKEN>    Accept only this API token [default: any well-formed one]
      --requests <N>     Limit each credential to N requests in 5 minutes [default: 1200]
  -h, --help             Print help
  -V, --version          Print version
";

struct Options {
    port: u16,
    seed: u64,
    now: Option<DateTime<Utc>>,
    token: Option<String>,
    requests: Option<u64>,
}

/// The action that the arguments ask for.
enum Action {
    Serve(Options),
    Print(String),
}

fn main() -> ExitCode {
    let options = match parse(lexopt::Parser::from_env()) {
        Ok(Action::Serve(options)) => options,
        Ok(Action::Print(text)) => return print(&text),
        Err(error) => return usage_error(&error),
    };
    match serve(&options) {
        Ok(never) => match never {},
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => usage_error(&error),
        Err(error) => {
            let _ = writeln!(io::stderr(), "radar-ct-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut parser: lexopt::Parser) -> Result<Action, lexopt::Error> {
    use lexopt::prelude::*;
    let mut options = Options { port: 8787, seed: 0, now: None, token: None, requests: None };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("now") => {
                let now = parser.value()?.parse_with(DateTime::parse_from_rfc3339)?;
                options.now = Some(now.to_utc());
            }
            Long("token") => options.token = Some(parser.value()?.string()?),
            Long("requests") => options.requests = Some(parser.value()?.parse()?),
            Short('h') | Long("help") => return Ok(Action::Print(HELP.to_owned())),
            Short('V') | Long("version") => {
                return Ok(Action::Print(format!("radar-ct-emulator {}\n", env!("CARGO_PKG_VERSION"))));
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Action::Serve(options))
}

/// Serves until the process is killed.
fn serve(options: &Options) -> io::Result<std::convert::Infallible> {
    let mut builder = Emulator::builder().port(options.port).seed(options.seed);
    if let Some(now) = options.now {
        builder = builder.now(now);
    }
    if let Some(token) = &options.token {
        builder = builder.token(token);
    }
    if let Some(requests) = options.requests {
        builder = builder.rate_limit(requests, Duration::from_secs(300));
    }
    let emulator = builder.start().map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => error,
        kind => io::Error::new(kind, format!("cannot listen on port {} of 127.0.0.1: {error}", options.port)),
    })?;
    let url = emulator.base_url();
    let token = shell_word(options.token.as_deref().unwrap_or("emulator"));
    // A closed standard output is no reason not to serve.
    let _ = writeln!(io::stdout(), "{url}\nexport CLOUDFLARE_BASE_URL={url} CLOUDFLARE_API_TOKEN={token}");
    loop {
        std::thread::park();
    }
}

fn usage_error(error: &dyn std::error::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "radar-ct-emulator: {error}\nTry `radar-ct-emulator --help`.");
    ExitCode::from(2)
}

fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Quotes a text as a single word of a POSIX shell.
fn shell_word(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/@%+=".contains(&byte)) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
