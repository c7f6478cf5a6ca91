//! Flags about where to ask and how long, and the client they make.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use radar_ct::{BaseUrl, ClientBuilder, Credentials, RetryPolicy, blocking::Client};
use radar_ct_emulator::Emulator;

use crate::failure::Failure;
use crate::voice::Voice;

const BASE_URL: &str = "base-url";
const EMULATOR: &str = "emulator";
const TIMEOUT: &str = "timeout";
const MAX_RETRIES: &str = "max-retries";
const DRY_RUN: &str = "dry-run";

pub(crate) fn flags() -> Vec<Arg> {
    let flags = [
        Arg::new(EMULATOR)
            .action(ArgAction::SetTrue)
            .help("Ask an emulator started for this call: no account, no network, invented data"),
        Arg::new(BASE_URL)
            .value_name("URL")
            .help("Where the API is [default: CLOUDFLARE_BASE_URL, or Cloudflare's own]"),
        Arg::new(TIMEOUT)
            .value_name("SECONDS")
            .value_parser(parse_seconds)
            .allow_negative_numbers(true)
            .help("The time for the whole call, attempts and waits included [default: 60]"),
        Arg::new(MAX_RETRIES)
            .value_name("N")
            .value_parser(value_parser!(u32))
            .allow_negative_numbers(true)
            .help("How many times a failed call is tried again [default: 2]"),
        Arg::new(DRY_RUN)
            .action(ArgAction::SetTrue)
            .help("Print the request and its curl command, without credentials, and do not send it"),
    ];
    let named = |flag: Arg| flag.clone().long(flag.get_id().to_string()).help_heading("Connection");
    flags.into_iter().map(named).collect()
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is a number of seconds, such as 30 or 2.5")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() => Ok(time),
        _ => Err("it must be more than 0 seconds, and no more than time can hold".to_owned()),
    }
}

pub(crate) fn is_dry_run(flags: &ArgMatches) -> bool {
    flags.get_flag(DRY_RUN)
}

/// Where to ask: known before there are credentials.
pub(crate) struct Target {
    base_url: BaseUrl,
    /// Lives as long as the call.
    emulator: Option<Emulator>,
}

impl Target {
    pub(crate) fn of(flags: &ArgMatches) -> Result<Self, Failure> {
        let given = flags.get_one::<String>(BASE_URL);
        if !flags.get_flag(EMULATOR) {
            let base_url = given.map_or_else(BaseUrl::from_env, |url| BaseUrl::parse(url));
            let base_url = base_url.map_err(|error| Failure::usage(error.to_string()))?;
            return Ok(Self { base_url, emulator: None });
        }
        if given.is_some() {
            return Err(Failure::usage("--emulator and --base-url exclude each other: give one of them"));
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

    pub(crate) fn client(&self, flags: &ArgMatches) -> Result<Client, Failure> {
        self.client_by(flags, &Voice::of(flags), RetryPolicy::new(), |builder| builder)
    }

    /// A client with a voice of the caller's own, and with other defaults, which the flags are heard before.
    pub(crate) fn client_by(
        &self,
        flags: &ArgMatches,
        voice: &Voice,
        retry: RetryPolicy,
        defaults: impl FnOnce(ClientBuilder<Client>) -> ClientBuilder<Client>,
    ) -> Result<Client, Failure> {
        let credentials = match self.emulator {
            Some(_) => Credentials::token("emulator")?,
            None => Credentials::from_env()
                .map_err(|error| Failure::usage(format!("{error} (with --emulator none are needed)")))?,
        };
        let mut builder =
            defaults(Client::builder(credentials).base_url(self.base_url.clone()).observer(voice.observer()));
        if let Some(time) = flags.get_one::<Duration>(TIMEOUT) {
            // Whoever allows a call five minutes means an answer that takes four.
            builder = builder.timeout(*time).attempt_timeout(*time);
        }
        let retries = flags.get_one::<u32>(MAX_RETRIES);
        let retry = retries.map_or(retry.clone(), |retries| retry.max_retries(*retries));
        Ok(builder.retry(retry).build()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_may_have_decimals_and_must_pass() {
        assert_eq!(parse_seconds("2.5"), Ok(Duration::from_millis(2500)));
        for bad in ["0", "-1", "", "abc", "NaN", "inf", "1e300", "0.0000000001"] {
            assert!(parse_seconds(bad).is_err(), "{bad}");
        }
    }
}
