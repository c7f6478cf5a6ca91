//! Flags about the server and the client.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use radar_ct::{BaseUrl, ClientBuilder, Credentials, RetryPolicy, blocking::Client};
use radar_ct_emulator::Emulator;

use crate::exit::Failure;
use crate::report::Reporter;

const BASE_URL: &str = "base-url";
const EMULATOR: &str = "emulator";
const TIMEOUT: &str = "timeout";
const MAX_RETRIES: &str = "max-retries";
const DRY_RUN: &str = "dry-run";

pub(crate) fn flags() -> [Arg; 5] {
    let flags = [
        Arg::new(EMULATOR)
            .action(ArgAction::SetTrue)
            .help("Start an emulator for this command: no account, no network, made-up data"),
        Arg::new(BASE_URL)
            .value_name("URL")
            .help("Base URL of the API [default: CLOUDFLARE_BASE_URL, or Cloudflare's]"),
        Arg::new(TIMEOUT)
            .value_name("SECONDS")
            .value_parser(parse_seconds)
            .allow_negative_numbers(true)
            .help("Deadline of a whole call, retries and backoff included [default: 60]"),
        Arg::new(MAX_RETRIES)
            .value_name("N")
            .value_parser(value_parser!(u32))
            .allow_negative_numbers(true)
            .help("Maximum number of retries of a failed call [default: 2]"),
        Arg::new(DRY_RUN)
            .action(ArgAction::SetTrue)
            .help("Print the request and its curl command, without credentials, instead of sending it"),
    ];
    flags.map(|flag| flag.clone().long(flag.get_id().to_string()).help_heading("Connection"))
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is a number of seconds, such as 30 or 2.5")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err("it is a positive number of seconds".to_owned()),
    }
}

pub(crate) fn is_dry_run(flags: &ArgMatches) -> bool {
    flags.get_flag(DRY_RUN)
}

/// The server that requests go to. It is known before the credentials are read.
pub(crate) struct Target {
    base_url: BaseUrl,
    /// Lives as long as the command.
    emulator: Option<Emulator>,
}

impl Target {
    pub(crate) fn from_flags(flags: &ArgMatches) -> Result<Self, Failure> {
        let given = flags.get_one::<String>(BASE_URL);
        if !flags.get_flag(EMULATOR) {
            let base_url = given.map_or_else(BaseUrl::from_env, |url| BaseUrl::parse(url));
            return Ok(Self { base_url: base_url?, emulator: None });
        }
        if given.is_some() {
            return Err(Failure::usage("--emulator cannot be used with --base-url"));
        }
        let emulator = Emulator::start()
            .map_err(|error| Failure::request(format!("the emulator could not be started: {error}")))?;
        Ok(Self { base_url: BaseUrl::parse(&emulator.base_url())?, emulator: Some(emulator) })
    }

    pub(crate) fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    pub(crate) fn is_emulator(&self) -> bool {
        self.emulator.is_some()
    }

    /// Creates a client with the defaults of the library.
    pub(crate) fn client(&self, flags: &ArgMatches) -> Result<Client, Failure> {
        self.client_with(flags, &Reporter::from_flags(flags), RetryPolicy::new(), |builder| builder)
    }

    /// Creates a client with other defaults, which the flags override.
    pub(crate) fn client_with(
        &self,
        flags: &ArgMatches,
        reporter: &Reporter,
        retry: RetryPolicy,
        defaults: impl FnOnce(ClientBuilder<Client>) -> ClientBuilder<Client>,
    ) -> Result<Client, Failure> {
        let credentials = match self.emulator {
            Some(_) => Credentials::token("emulator")?,
            None => Credentials::from_env()
                .map_err(|error| Failure::usage(format!("{error} (--emulator needs no credentials)")))?,
        };
        let builder =
            Client::builder(credentials).base_url(self.base_url.clone()).observer(reporter.observer());
        let mut builder = defaults(builder);
        if let Some(time) = flags.get_one::<Duration>(TIMEOUT) {
            // A call that may take five minutes may take them in one attempt.
            builder = builder.timeout(*time).attempt_timeout(*time);
        }
        let retry = match flags.get_one::<u32>(MAX_RETRIES) {
            Some(retries) => retry.max_retries(*retries),
            None => retry,
        };
        Ok(builder.retry(retry).build()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_positive_and_may_have_decimals() {
        assert_eq!(parse_seconds("2.5"), Ok(Duration::from_millis(2500)));
        for bad in ["0", "-1", "", "abc", "NaN", "inf", "1e300", "0.0000000001"] {
            assert!(parse_seconds(bad).is_err(), "{bad}");
        }
    }
}
