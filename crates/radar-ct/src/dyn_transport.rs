//! [`AsyncTransport`] as a trait object, so that the client has one type for all transports.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use radar_ct_transport::{AsyncTransport, Moment, TransportError};

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The object-safe form of [`AsyncTransport`].
pub(crate) trait DynTransport: Send + Sync {
    fn send(
        &self,
        request: Request<Bytes>,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;
    fn now(&self) -> Moment;
}

impl<T: AsyncTransport> DynTransport for T {
    fn send(
        &self,
        request: Request<Bytes>,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(AsyncTransport::send(self, request, timeout))
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(AsyncTransport::sleep(self, time))
    }

    fn now(&self) -> Moment {
        AsyncTransport::now(self)
    }
}
