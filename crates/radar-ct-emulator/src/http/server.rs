//! The listener, its connections, and the thread that serves them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::http::service::Service;

/// A thread that serves until this value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    service: Arc<Service>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to serve. It listens on loopback only, since invented data must not be mistaken for real data
    /// elsewhere.
    ///
    /// # Errors
    /// Returns an error if the port is taken, or if the thread cannot be started.
    pub(crate) fn start(port: u16, service: Service) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let service = Arc::new(service);
        let (stop, stopped) = oneshot::channel();
        let thread_service = Arc::clone(&service);
        let thread = thread::Builder::new().name("radar-ct-emulator".to_owned()).spawn(move || {
            runtime.spawn(accept(listener, thread_service));
            // Dropping the sender ends this wait. The runtime is dropped here, and with it the listener and
            // every connection, idle ones included.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(Self { address, service, stop: Some(stop), thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn service(&self) -> &Service {
        &self.service
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // If that thread panicked, its panic hook has reported it.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, service: Arc<Service>) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&service)));
        } else {
            // Most likely, file descriptors have run out: an immediate retry would only burn CPU time.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>) {
    // Nagle's algorithm would delay each response on a kept-alive connection by 40 ms.
    let _ = stream.set_nodelay(true);
    let respond = service_fn(move |request: Request<Incoming>| {
        let service = Arc::clone(&service);
        async move { Ok::<Response<Full<Bytes>>, std::convert::Infallible>(service.respond(&request)) }
    });
    // A client that has closed its sending half still waits for the response. One that disconnects is no
    // error.
    let _ = http1::Builder::new().half_close(true).serve_connection(TokioIo::new(stream), respond).await;
}
