//! The blocking client: no runtime, and no thread of its own.

use std::fmt;
use std::sync::Arc;

use radar_ct_model::{Csv, Endpoint, Timeseries, TimeseriesParams};
use radar_ct_transport::BlockingTransport;

use crate::answer::Answer;
use crate::builder::ClientBuilder;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::operation::{Outcome, Ready, Settings};

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

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("blocking::Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}
