//! The blocking client.

use std::fmt;
use std::sync::Arc;

use radar_ct_model::{
    Authorities, AuthoritiesParams, Authority, AuthorityParams, Csv, Endpoint, Log, LogParams, Logs,
    LogsParams, Summary, SummaryParams, Timeseries, TimeseriesGroups, TimeseriesGroupsParams,
    TimeseriesParams,
};
use radar_ct_transport::{BlockingTransport, Moment};

use crate::answer::Answer;
use crate::builder::ClientBuilder;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::operation::{Outcome, Ready};
use crate::settings::Settings;

/// The blocking client. Clones share their connections, and one client serves any number of threads.
///
/// ```no_run
/// use radar_ct::{DateRange, TimeseriesParams, blocking::Client};
/// let client = Client::from_env()?;
/// let answer = client.timeseries(&TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS))?;
/// for (at, value) in answer.single()?.points() {
///     println!("{at} {value:?}");
/// }
/// # Ok::<(), radar_ct::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    transport: Arc<dyn BlockingTransport>,
}

// One method per endpoint. A new endpoint gets its method here, and another one in `client.rs`.
impl Client {
    /// Returns the certificate volume over time: `GET /radar/ct/timeseries`.
    ///
    /// # Errors
    /// Returns an error if a parameter breaks a documented rule (nothing is sent then), the call fails, or
    /// its answer is not valid data.
    pub fn timeseries(&self, params: &TimeseriesParams) -> Result<Timeseries, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Returns the distribution of certificates over a dimension: `GET /radar/ct/summary/{dimension}`.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn summary(&self, params: &SummaryParams) -> Result<Summary, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Returns the certificate volume over time by a dimension: `GET
    /// /radar/ct/timeseries_groups/{dimension}`.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn timeseries_groups(&self, params: &TimeseriesGroupsParams) -> Result<TimeseriesGroups, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Returns one page of the certificate authorities: `GET /radar/ct/authorities`. See [`all`](Self::all)
    /// for all pages.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn authorities(&self, params: &AuthoritiesParams) -> Result<Authorities, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Returns one certificate authority: `GET /radar/ct/authorities/{ca_slug}`.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn authority(&self, params: &AuthorityParams) -> Result<Authority, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Returns one page of the logs: `GET /radar/ct/logs`. See [`all`](Self::all) for all pages.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn logs(&self, params: &LogsParams) -> Result<Logs, Error> {
        self.call(params).map(|answer| answer.data)
    }

    /// Returns one log: `GET /radar/ct/logs/{log_slug}`.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn log(&self, params: &LogParams) -> Result<Log, Error> {
        self.call(params).map(|answer| answer.data)
    }
}

impl Client {
    /// Creates the builder of a client.
    pub fn builder(credentials: Credentials) -> ClientBuilder<Self> {
        ClientBuilder::new(credentials)
    }

    /// Creates a [`builder`](Self::builder) with the credentials and the base URL of the environment: see
    /// [`Credentials::from_env`] and [`BaseUrl::from_env`](crate::BaseUrl::from_env).
    ///
    /// # Errors
    /// Returns an error if there are no credentials, or a variable is invalid.
    pub fn builder_from_env() -> Result<ClientBuilder<Self>, Error> {
        ClientBuilder::from_env()
    }

    /// Creates a client with the default settings.
    ///
    /// # Errors
    /// Returns an error if the proxy of the environment is invalid.
    #[cfg(feature = "blocking")]
    pub fn new(credentials: Credentials) -> Result<Self, Error> {
        Self::builder(credentials).build()
    }

    /// Creates a client with the default settings, and the credentials and the base URL of the environment.
    ///
    /// # Errors
    /// Returns an error if there are no credentials, or a variable is invalid.
    #[cfg(feature = "blocking")]
    pub fn from_env() -> Result<Self, Error> {
        Self::builder_from_env()?.build()
    }

    /// Returns the answer of any endpoint as CSV: the bytes of the server, unchanged.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn csv<E: Endpoint>(&self, endpoint: &E) -> Result<Vec<u8>, Error> {
        self.call(Csv(endpoint)).map(|answer| answer.data)
    }

    /// Calls any endpoint, and returns its answer with the metadata of the response.
    ///
    /// # Errors
    /// Returns an error in the same cases as [`timeseries`](Self::timeseries).
    pub fn call<E: Endpoint>(&self, endpoint: E) -> Result<Answer<E::Answer>, Error> {
        let mut ready = Ready::new(&self.settings, endpoint)?;
        loop {
            let (attempt, in_flight) = ready.begin(self.transport.now())?;
            if !attempt.wait.is_zero() {
                self.transport.sleep(attempt.wait);
            }
            let timeout = attempt.timeout;
            let response = self.transport.send(attempt.into_request(), timeout);
            match in_flight.finish(self.transport.now(), response) {
                Outcome::Done(result) => return result,
                Outcome::Retry { wait, ready: next } => {
                    self.transport.sleep(wait);
                    ready = next;
                }
            }
        }
    }

    /// Reads the clock of the transport.
    pub(crate) fn now(&self) -> Moment {
        self.transport.now()
    }
}

impl ClientBuilder<Client> {
    /// Builds the client on `ureq`.
    ///
    /// # Errors
    /// Returns an error if the proxy or the user agent is invalid or, without the feature `rustls`, if no TLS
    /// provider is installed.
    #[cfg(feature = "blocking")]
    pub fn build(self) -> Result<Client, Error> {
        let transport = radar_ct_transport::UreqTransport::new(self.transport.clone())
            .map_err(|error| Error::setup(&error))?;
        Ok(self.with_transport(transport))
    }

    /// Builds the client on your own transport, which may be a closure.
    ///
    /// ```
    /// use radar_ct::{Credentials, TimeseriesParams, blocking::Client};
    /// use std::time::Duration;
    /// let canned = |_request: http::Request<bytes::Bytes>, _timeout: Duration| {
    ///     let body = r#"{"success":true,"errors":[],"result":{
    ///         "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7"]},"meta":{}}}"#;
    ///     Ok(http::Response::new(body.into()))
    /// };
    /// let client = Client::builder(Credentials::token("token")?).with_transport(canned);
    /// let answer = client.timeseries(&TimeseriesParams::new())?;
    /// assert_eq!(answer.single()?.values().get(0), Some(7.0));
    /// # Ok::<(), radar_ct::Error>(())
    /// ```
    pub fn with_transport(self, transport: impl BlockingTransport + 'static) -> Client {
        Client { settings: self.into_settings(), transport: Arc::new(transport) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("blocking::Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}
