//! Calling an endpoint, or printing the call.

use std::borrow::Cow;
use std::io;

use clap::ArgMatches;
use radar_ct::blocking::Client;
use radar_ct::{DecodeError, Endpoint, ParamError, Query};

use crate::connection::{Target, is_dry_run};
use crate::curl;
use crate::exit::Failure;
use crate::terminal;
use crate::theme::Theme;

/// Calls an endpoint and passes the client to `write`, which fetches and writes the answer. The CSV of the
/// server is written as it is.
///
/// The rules of the request are checked once, before the credentials are read.
pub(super) fn call<E: Endpoint>(
    flags: &ArgMatches,
    request: E,
    is_server_csv: bool,
    theme: Theme,
    write: impl FnOnce(&Client, &Checked<E>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let query = if is_server_csv { request.prepare_csv()? } else { request.prepare()? };
    let request = Checked { request, query };
    let target = Target::from_flags(flags)?;
    if is_dry_run(flags) {
        let url = target.base_url().url_for(&request)?;
        let printed = format!("GET {url}\n{}\n", curl::command(&url));
        return Ok(terminal::write(&mut io::stdout().lock(), printed.as_bytes(), false)?);
    }
    let client = target.client(flags)?;
    if is_server_csv {
        let csv = client.csv(&request)?;
        return Ok(terminal::write(&mut io::stdout().lock(), &csv, theme.to_terminal)?);
    }
    write(&client, &request)
}

/// A request whose rules were checked. It gives its query to the client, which does not check them again.
pub(super) struct Checked<E> {
    request: E,
    query: Query,
}

impl<E: Endpoint> Endpoint for Checked<E> {
    type Answer = E::Answer;

    fn path(&self) -> Cow<'static, str> {
        self.request.path()
    }

    fn prepare(&self) -> Result<Query, ParamError> {
        Ok(self.query.clone())
    }

    fn prepare_csv(&self) -> Result<Query, ParamError> {
        Ok(self.query.clone())
    }

    fn decode(&self, body: &[u8]) -> Result<E::Answer, DecodeError> {
        self.request.decode(body)
    }
}

/// Refuses `--output` if the server's CSV is requested, which cannot be converted.
pub(super) fn refuse_output_of_server_csv(has_output: bool, is_server_csv: bool) -> Result<(), Failure> {
    if has_output && is_server_csv {
        return Err(Failure::usage(
            "--output cannot be used with --format CSV, which is passed through unparsed; use --output csv alone",
        ));
    }
    Ok(())
}
