//! The streams of the async client, over lists and exports.

use std::fmt;
use std::task::{Context, Poll};

use radar_ct_model::ListParams;
use radar_ct_model::endpoints::Listing;

use crate::client::Client;
use crate::dyn_transport::BoxFuture;
use crate::error::Error;
use crate::export::{Export, Part};
use crate::export_calls::ExportSequence;
use crate::pages::Pager;
use crate::sequence::Sequence;

impl Client {
    /// Returns all rows of a list, page by page: of [`AuthoritiesParams`](crate::AuthoritiesParams) or
    /// [`LogsParams`](crate::LogsParams). Each row comes once, and the stream ends after the first error.
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
        Rows(SequenceStream::new(self.clone(), Pager::new(params)))
    }

    /// Exports a long window in parts, in order and in as many calls as necessary: see [`Export`]. The stream
    /// ends after the first error. The parts before it are valid; [`Export::without`] excludes them from
    /// another run.
    ///
    /// ```no_run
    /// # use radar_ct::{Client, Error, Export};
    /// # async fn example(client: Client, export: Export) -> Result<(), Error> {
    /// let mut parts = client.export(export);
    /// while let Some(part) = parts.next().await {
    ///     let part = part?;
    ///     println!("{}: {} points", part.window.start, part.data.single()?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, export: Export) -> Parts {
        let calls = export.calls(self.now().wall);
        Parts(SequenceStream::new(self.clone(), ExportSequence::new(calls)))
    }
}

/// The rows of a list: see [`Client::all`]. With the feature `async`, also a `Stream` of the crate
/// `futures-core`.
#[must_use = "streams are lazy and do nothing until they are polled"]
pub struct Rows<L: Listing>(SequenceStream<Pager<L>>);

impl<L: Listing + Send + 'static> Rows<L> {
    /// Returns the next row, or `None` at the end. This is cancel safe: dropping the future loses no row.
    pub async fn next(&mut self) -> Option<Result<L::Record, Error>> {
        std::future::poll_fn(|context| self.0.poll_item(context)).await
    }
}

#[cfg(feature = "async")]
impl<L: Listing + Send + 'static> futures_core::Stream for Rows<L> {
    type Item = Result<L::Record, Error>;

    fn poll_next(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_item(context)
    }
}

impl<L: Listing> fmt::Debug for Rows<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The parts of an export: see [`Client::export`]. With the feature `async`, also a `Stream` of the crate
/// `futures-core`.
#[must_use = "streams are lazy and do nothing until they are polled"]
pub struct Parts(SequenceStream<ExportSequence>);

impl Parts {
    /// Returns the next part, or `None` at the end. This is cancel safe: dropping the future loses no part.
    pub async fn next(&mut self) -> Option<Result<Part, Error>> {
        std::future::poll_fn(|context| self.0.poll_item(context)).await
    }
}

#[cfg(feature = "async")]
impl futures_core::Stream for Parts {
    type Item = Result<Part, Error>;

    fn poll_next(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_item(context)
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

/// The stream of the items of a sequence.
struct SequenceStream<S: Sequence> {
    client: Client,
    sequence: S,
    /// The call that is running.
    running: Option<BoxFuture<'static, Result<S::Answer, Error>>>,
}

/// Polling pins nothing but the boxed future.
impl<S: Sequence> Unpin for SequenceStream<S> {}

impl<S: Sequence> SequenceStream<S> {
    fn new(client: Client, sequence: S) -> Self {
        Self { client, sequence, running: None }
    }
}

impl<S: Sequence> SequenceStream<S>
where
    S::Call: Send + 'static,
    S::Answer: Send + 'static,
{
    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<S::Item, Error>>> {
        loop {
            if let Some(item) = self.sequence.next_item() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.running.is_none() {
                let Some(call) = self.sequence.next_call() else { return Poll::Ready(None) };
                let client = self.client.clone();
                self.running =
                    Some(Box::pin(async move { client.call(call).await.map(|answer| answer.data) }));
            }
            // Always there: it was set above if it was not.
            let Some(running) = &mut self.running else { return Poll::Ready(None) };
            let answer = std::task::ready!(running.as_mut().poll(context));
            self.running = None;
            if let Err(error) = self.sequence.accept(answer) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}
