//! The async client.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use radar_ct_model::{
    Authorities, AuthoritiesParams, Authority, AuthorityParams, Csv, Endpoint, ListParams, Listing, Log,
    LogParams, Logs, LogsParams, Summary, SummaryParams, Timeseries, TimeseriesGroups,
    TimeseriesGroupsParams, TimeseriesParams,
};
use radar_ct_transport::{AsyncTransport, Moment, TransportError};

use crate::answer::Answer;
use crate::builder::ClientBuilder;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::operation::{Outcome, Ready, Settings};
use crate::pages::Pager;

/// The async client. Clones share their connections; one client serves any number of tasks. Dropping the future of a
/// call stops its work.
///
/// ```no_run
/// # #[cfg(feature = "async")]
/// # async fn example() -> Result<(), radar_ct::Error> {
/// use radar_ct::{Client, DateRange, TimeseriesParams};
/// let client = Client::from_env()?;
/// let answer = client.timeseries(&TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS)).await?;
/// for (at, value) in answer.series[0].points() {
///     println!("{at} {value:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    transport: Arc<dyn DynTransport>,
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
    #[cfg(feature = "async")]
    pub fn new(credentials: Credentials) -> Result<Self, Error> {
        Self::builder(credentials).build()
    }

    /// A client with the defaults, and what [`builder_from_env`](Self::builder_from_env) takes from the environment.
    ///
    /// # Errors
    /// Where there are no credentials, or what is set cannot be used.
    #[cfg(feature = "async")]
    pub fn from_env() -> Result<Self, Error> {
        Self::builder_from_env()?.build()
    }

    /// Certificate volume over time: `GET /radar/ct/timeseries`.
    ///
    /// # Errors
    /// Before anything is sent, where a parameter breaks a documented rule; after, where the call fails or its answer
    /// is no data. See [`Error`].
    pub async fn timeseries(&self, params: &TimeseriesParams) -> Result<Timeseries, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// How certificates are distributed over a dimension: `GET /radar/ct/summary/{dimension}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub async fn summary(&self, params: &SummaryParams) -> Result<Summary, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// Certificate volume over time, by a dimension: `GET /radar/ct/timeseries_groups/{dimension}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub async fn timeseries_groups(
        &self,
        params: &TimeseriesGroupsParams,
    ) -> Result<TimeseriesGroups, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// One page of the certification authorities: `GET /radar/ct/authorities`. [`all`](Self::all) gets every page.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub async fn authorities(&self, params: &AuthoritiesParams) -> Result<Authorities, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// One certification authority: `GET /radar/ct/authorities/{ca_slug}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub async fn authority(&self, params: &AuthorityParams) -> Result<Authority, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// One page of the logs: `GET /radar/ct/logs`. [`all`](Self::all) gets every page.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub async fn logs(&self, params: &LogsParams) -> Result<Logs, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// One log: `GET /radar/ct/logs/{log_slug}`.
    ///
    /// # Errors
    /// As for [`timeseries`](Self::timeseries).
    pub async fn log(&self, params: &LogParams) -> Result<Log, Error> {
        self.call(params).await.map(|answer| answer.data)
    }

    /// Every row of a list, page after page: of [`AuthoritiesParams`] or of [`LogsParams`]. Each row comes once, and the
    /// first error is the end.
    ///
    /// ```no_run
    /// # async fn example(client: radar_ct::Client) -> Result<(), radar_ct::Error> {
    /// use radar_ct::LogsParams;
    /// let mut logs = client.all(&LogsParams::new());
    /// while let Some(log) = logs.next().await {
    ///     println!("{}", log?.slug);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn all<L: Listing + Send + 'static>(&self, params: &ListParams<L>) -> Rows<L> {
        Rows { client: self.clone(), pager: Pager::new(params), page: None }
    }

    /// The answer of any endpoint as CSV: the server's bytes, untouched.
    ///
    /// # Errors
    /// As for the call of the endpoint.
    pub async fn csv<E: Endpoint>(&self, endpoint: &E) -> Result<Vec<u8>, Error> {
        self.call(Csv(endpoint)).await.map(|answer| answer.data)
    }

    /// Calls any endpoint, and gives what came along with its answer too.
    ///
    /// # Errors
    /// As for the call of the endpoint.
    pub async fn call<E: Endpoint>(&self, endpoint: E) -> Result<Answer<E::Answer>, Error> {
        let mut ready = Ready::new(&self.settings, endpoint)?;
        loop {
            let (attempt, in_flight) = ready.begin(self.transport.now())?;
            if !attempt.after.is_zero() {
                self.transport.sleep(attempt.after).await;
            }
            let reply = self.transport.send(attempt.request, attempt.within).await;
            match in_flight.finish(self.transport.now(), reply) {
                Outcome::Done(result) => return result,
                Outcome::Retry { wait, ready: next } => {
                    self.transport.sleep(wait).await;
                    ready = next;
                }
            }
        }
    }
}

impl ClientBuilder<Client> {
    /// The client, over `reqwest`; its calls run on Tokio.
    ///
    /// # Errors
    /// Where the proxy cannot be used or, without the feature `rustls`, no TLS provider is installed.
    #[cfg(feature = "async")]
    pub fn build(self) -> Result<Client, Error> {
        let transport = radar_ct_transport::ReqwestTransport::new(self.transport.clone())
            .map_err(|error| Error::setup(&error))?;
        Ok(self.with_transport(transport))
    }

    /// The client, over a transport of one's own.
    pub fn with_transport(self, transport: impl AsyncTransport + 'static) -> Client {
        Client { settings: self.into_settings(), transport: Arc::new(transport) }
    }
}

/// The rows of a list, page after page: see [`Client::all`]. With the feature `async` it is a
/// `Stream` of the crate `futures-core` too.
pub struct Rows<L: Listing> {
    client: Client,
    pager: Pager<L>,
    /// The page that is on its way.
    page: Option<Boxed<'static, Result<L, Error>>>,
}

impl<L: Listing + Send + 'static> Rows<L> {
    /// The next row; `None` at the end. Dropping its future loses nothing.
    pub async fn next(&mut self) -> Option<Result<L::Item, Error>> {
        std::future::poll_fn(|context| self.poll_row(context)).await
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<L::Item, Error>>> {
        loop {
            if let Some(row) = self.pager.next_item() {
                return Poll::Ready(Some(Ok(row)));
            }
            if self.page.is_none() {
                let Some(request) = self.pager.next_request() else { return Poll::Ready(None) };
                let client = self.client.clone();
                self.page = Some(Box::pin(async move { client.call(request).await.map(|page| page.data) }));
            }
            // It was put there just now, if it was not there before.
            let Some(page) = &mut self.page else { return Poll::Ready(None) };
            let page = std::task::ready!(page.as_mut().poll(context));
            self.page = None;
            match page {
                Ok(page) => self.pager.take(Some(page)),
                Err(error) => {
                    self.pager.take(None);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

/// Nothing in it is pinned in place.
impl<L: Listing> Unpin for Rows<L> {}

#[cfg(feature = "async")]
impl<L: Listing + Send + 'static> futures_core::Stream for Rows<L> {
    type Item = Result<L::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(context)
    }
}

impl<L: Listing> fmt::Debug for Rows<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`AsyncTransport`] behind a pointer, so that a client is one type whatever its transport.
trait DynTransport: Send + Sync {
    fn send(
        &self,
        request: Request<Bytes>,
        within: Duration,
    ) -> Boxed<'_, Result<Response<Bytes>, TransportError>>;
    fn sleep(&self, wait: Duration) -> Boxed<'_, ()>;
    fn now(&self) -> Moment;
}

impl<T: AsyncTransport> DynTransport for T {
    fn send(
        &self,
        request: Request<Bytes>,
        within: Duration,
    ) -> Boxed<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(AsyncTransport::send(self, request, within))
    }

    fn sleep(&self, wait: Duration) -> Boxed<'_, ()> {
        Box::pin(AsyncTransport::sleep(self, wait))
    }

    fn now(&self) -> Moment {
        AsyncTransport::now(self)
    }
}
