//! The blocking client: no runtime, and no thread of its own.

use std::fmt;
use std::sync::Arc;

use radar_ct_model::{
    Authorities, AuthoritiesParams, Authority, AuthorityParams, Csv, Endpoint, ListParams, Listing, Log,
    LogParams, Logs, LogsParams, Summary, SummaryParams, Timeseries, TimeseriesGroups,
    TimeseriesGroupsParams, TimeseriesParams,
};
use radar_ct_transport::BlockingTransport;

use crate::answer::Answer;
use crate::builder::ClientBuilder;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::export::{Export, InOrder, Part};
use crate::operation::{Outcome, Ready, Settings};
use crate::pages::Pager;
use crate::sequence::Sequence;

/// The blocking client. Clones share their connections; one client serves any number of threads.
///
/// ```no_run
/// use radar_ct::{DateRange, TimeseriesParams, blocking::Client};
/// let client = Client::from_env()?;
/// let answer = client.timeseries(&TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS))?;
/// for (at, value) in answer.series[0].points() {
///     println!("{at} {value:?}");
/// }
/// # Ok::<(), radar_ct::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    transport: Arc<dyn BlockingTransport>,
}

impl Client {
    /// Makes a client, step by step.
    pub fn builder(credentials: Credentials) -> ClientBuilder<Self> {
        ClientBuilder::new(credentials)
    }

    /// As [`builder`](Self::builder), with the credentials and the base URL of the environment:
    /// `CLOUDFLARE_API_TOKEN`, or `CLOUDFLARE_EMAIL` and `CLOUDFLARE_API_KEY`; `CLOUDFLARE_BASE_URL`.
    ///
    /// # Errors
    /// Where there are no credentials, or what is set cannot be used.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, Error> {
        ClientBuilder::from_env()
    }

    /// A client with the defaults.
    ///
    /// # Errors
    /// Where the environment's proxy cannot be used.
    #[cfg(feature = "blocking")]
    pub fn new(credentials: Credentials) -> Result<Self, Error> {
        Self::builder(credentials).build()
    }

    /// A client with the defaults, and what [`builder_from_env`](Self::builder_from_env) takes from the environment.
    ///
    /// # Errors
    /// Where there are no credentials, or what is set cannot be used.
    #[cfg(feature = "blocking")]
    pub fn from_env() -> Result<Self, Error> {
        Self::builder_from_env()?.build()
    }

    /// Certificate volume over time: `GET /radar/ct/timeseries`.
    ///
    /// # Errors
    /// Before anything is sent, where a parameter breaks a documented rule; after, where the call fails or its answer
    /// is no data. See [`Error`].
    pub fn timeseries(&self, params: &TimeseriesParams) -> Result<Timeseries, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// How certificates are distributed over a dimension: `GET /radar/ct/summary/{dimension}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub fn summary(&self, params: &SummaryParams) -> Result<Summary, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Certificate volume over time, by a dimension: `GET /radar/ct/timeseries_groups/{dimension}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub fn timeseries_groups(&self, params: &TimeseriesGroupsParams) -> Result<TimeseriesGroups, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// One page of the certification authorities: `GET /radar/ct/authorities`. [`all`](Self::all) gets every page.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub fn authorities(&self, params: &AuthoritiesParams) -> Result<Authorities, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// One certification authority: `GET /radar/ct/authorities/{ca_slug}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub fn authority(&self, params: &AuthorityParams) -> Result<Authority, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// One page of the logs: `GET /radar/ct/logs`. [`all`](Self::all) gets every page.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub fn logs(&self, params: &LogsParams) -> Result<Logs, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// One log: `GET /radar/ct/logs/{log_slug}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub fn log(&self, params: &LogParams) -> Result<Log, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Every row of a list, page after page: of [`AuthoritiesParams`] or of [`LogsParams`]. Each row comes once, and the
    /// first error is the end.
    ///
    /// ```no_run
    /// # fn example(client: radar_ct::blocking::Client) -> Result<(), radar_ct::Error> {
    /// use radar_ct::LogsParams;
    /// for log in client.all(&LogsParams::new()) {
    ///     println!("{}", log?.slug);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn all<L: Listing>(&self, params: &ListParams<L>) -> Rows<'_, L> {
        Rows { client: self, pager: Pager::new(params) }
    }

    /// A long window at a fine interval, part after part in order, in as many calls as it takes: see [`Export`]. The first
    /// error is the end; what came before it is good, and [`Export::without`] leaves it out the next time.
    ///
    /// ```no_run
    /// # fn example(client: radar_ct::blocking::Client, export: radar_ct::Export) -> Result<(), radar_ct::Error> {
    /// for part in client.export(export) {
    ///     let part = part?;
    ///     println!("{}: {} points", part.window.start, part.data.series[0].len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, export: Export) -> Parts<'_> {
        Parts { client: self, errands: InOrder::new(export.begin(self.transport.now().wall)) }
    }

    /// The answer of any endpoint as CSV: the server's bytes, untouched.
    ///
    /// # Errors
    /// As for the call of the endpoint.
    pub fn csv<E: Endpoint>(&self, endpoint: &E) -> Result<Vec<u8>, Error> {
        self.call(Csv(endpoint)).map(|answer| answer.data)
    }

    /// Calls any endpoint, and gives what came along with its answer too.
    ///
    /// # Errors
    /// As for the call of the endpoint.
    pub fn call<E: Endpoint>(&self, endpoint: E) -> Result<Answer<E::Answer>, Error> {
        let mut ready = Ready::new(&self.settings, endpoint)?;
        loop {
            let (attempt, in_flight) = ready.begin(self.transport.now())?;
            if !attempt.after.is_zero() {
                self.transport.sleep(attempt.after);
            }
            let reply = self.transport.send(attempt.request, attempt.within);
            match in_flight.finish(self.transport.now(), reply) {
                Outcome::Done(result) => return result,
                Outcome::Retry { wait, ready: next } => {
                    self.transport.sleep(wait);
                    ready = next;
                }
            }
        }
    }
}

impl ClientBuilder<Client> {
    /// The client, over `ureq`.
    ///
    /// # Errors
    /// Where the proxy cannot be used or, without the feature `rustls`, no TLS provider is installed.
    #[cfg(feature = "blocking")]
    pub fn build(self) -> Result<Client, Error> {
        let transport = radar_ct_transport::UreqTransport::new(self.transport.clone())
            .map_err(|error| Error::setup(&error))?;
        Ok(self.with_transport(transport))
    }

    /// The client, over a transport of one's own.
    ///
    /// ```
    /// use radar_ct::{Credentials, TimeseriesParams, blocking::Client};
    /// use std::time::Duration;
    /// let canned = |_request: http::Request<bytes::Bytes>, _within: Duration| {
    ///     let body = r#"{"success":true,"errors":[],"result":{
    ///         "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7"]},"meta":{}}}"#;
    ///     Ok(http::Response::new(body.into()))
    /// };
    /// let client = Client::builder(Credentials::token("token")?).with_transport(canned);
    /// let answer = client.timeseries(&TimeseriesParams::new())?;
    /// assert_eq!(answer.series[0].values().get(0), Some(7.0));
    /// # Ok::<(), radar_ct::Error>(())
    /// ```
    pub fn with_transport(self, transport: impl BlockingTransport + 'static) -> Client {
        Client { settings: self.into_settings(), transport: Arc::new(transport) }
    }
}

/// The rows of a list, page after page: see [`Client::all`].
pub struct Rows<'c, L: Listing> {
    client: &'c Client,
    pager: Pager<L>,
}

impl<L: Listing> Iterator for Rows<'_, L> {
    type Item = Result<L::Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next_of(self.client, &mut self.pager)
    }
}

/// The parts of a long window: see [`Client::export`].
#[derive(Debug)]
pub struct Parts<'c> {
    client: &'c Client,
    errands: InOrder,
}

impl Iterator for Parts<'_> {
    type Item = Result<Part, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next_of(self.client, &mut self.errands)
    }
}

/// The next item of a sequence, with the calls that it takes.
fn next_of<S: Sequence>(client: &Client, sequence: &mut S) -> Option<Result<S::Item, Error>> {
    loop {
        if let Some(item) = sequence.next_item() {
            return Some(Ok(item));
        }
        let answer = client.call(sequence.next_call()?).map(|answer| answer.data);
        if let Err(error) = sequence.take(answer) {
            return Some(Err(error));
        }
    }
}

impl<L: Listing> fmt::Debug for Rows<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("blocking::Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}
