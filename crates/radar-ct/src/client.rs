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
use crate::export::{Export, InOrder, Part};
use crate::operation::{Outcome, Ready, Settings};
use crate::pages::Pager;
use crate::sequence::Sequence;

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
        Rows(Calls::new(self.clone(), Pager::new(params)))
    }

    /// A long window at a fine interval, part after part in order, in as many calls as it takes: see [`Export`]. The first
    /// error is the end; what came before it is good, and [`Export::without`] leaves it out the next time.
    ///
    /// ```no_run
    /// # async fn example(client: radar_ct::Client, export: radar_ct::Export) -> Result<(), radar_ct::Error> {
    /// let mut parts = client.export(export);
    /// while let Some(part) = parts.next().await {
    ///     let part = part?;
    ///     println!("{}: {} points", part.window.start, part.data.series[0].len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, export: Export) -> Parts {
        let errands = InOrder::new(export.begin(self.transport.now().wall));
        Parts(Calls::new(self.clone(), errands))
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
pub struct Rows<L: Listing>(Calls<Pager<L>>);

impl<L: Listing + Send + 'static> Rows<L> {
    /// The next row; `None` at the end. Dropping its future loses nothing.
    pub async fn next(&mut self) -> Option<Result<L::Record, Error>> {
        std::future::poll_fn(|context| self.0.poll_item(context)).await
    }
}

#[cfg(feature = "async")]
impl<L: Listing + Send + 'static> futures_core::Stream for Rows<L> {
    type Item = Result<L::Record, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_item(context)
    }
}

impl<L: Listing> fmt::Debug for Rows<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The parts of a long window: see [`Client::export`]. With the feature `async` it is a `Stream` of the crate `futures-core`
/// too.
pub struct Parts(Calls<InOrder>);

impl Parts {
    /// The next part; `None` at the end. Dropping its future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Part, Error>> {
        std::future::poll_fn(|context| self.0.poll_item(context)).await
    }
}

#[cfg(feature = "async")]
impl futures_core::Stream for Parts {
    type Item = Result<Part, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_item(context)
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

/// The calls of a sequence, one after the other.
struct Calls<S: Sequence> {
    client: Client,
    sequence: S,
    /// The answer that is on its way.
    answer: Option<Boxed<'static, Result<S::Answer, Error>>>,
}

/// Nothing in it is pinned in place.
impl<S: Sequence> Unpin for Calls<S> {}

impl<S: Sequence> Calls<S> {
    fn new(client: Client, sequence: S) -> Self {
        Self { client, sequence, answer: None }
    }
}

impl<S: Sequence> Calls<S>
where
    S::Call: Send + 'static,
    S::Answer: Send + 'static,
{
    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<S::Item, Error>>> {
        loop {
            if let Some(item) = self.sequence.next_item() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.answer.is_none() {
                let Some(call) = self.sequence.next_call() else { return Poll::Ready(None) };
                let client = self.client.clone();
                self.answer =
                    Some(Box::pin(async move { client.call(call).await.map(|answer| answer.data) }));
            }
            // It was put there just now, if it was not there before.
            let Some(answer) = &mut self.answer else { return Poll::Ready(None) };
            let answer = std::task::ready!(answer.as_mut().poll(context));
            self.answer = None;
            if let Err(error) = self.sequence.take(answer) {
                return Poll::Ready(Some(Err(error)));
            }
        }
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
