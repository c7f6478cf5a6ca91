//! A proxy for tests, which forwards connections or fails.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The behaviour of a proxy.
#[derive(Debug, Clone)]
pub enum Behavior {
    /// Forwards.
    Forward,
    /// Forwards requests with this `Proxy-Authorization`, and answers 407 to others.
    RequireAuthorization(&'static str),
    /// Answers with these bytes and closes the connection.
    Answer(&'static str),
    /// Reads the request and never answers.
    Hang,
    /// Reads the request and closes the connection.
    Close,
    /// Forwards connections over TLS.
    Tls(Arc<ServerConfig>),
}

/// A proxy on loopback. It connects to one destination, whatever host is requested, and stops when it is
/// dropped.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heads: Mutex<Vec<String>>,
    forwarded: Mutex<Vec<u8>>,
    is_over: AtomicBool,
}

impl Proxy {
    /// Starts a proxy.
    pub fn start(behavior: Behavior, destination: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let thread_shared = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if thread_shared.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, behavior, shared) =
                    (stream.unwrap(), behavior.clone(), Arc::clone(&thread_shared));
                // Some tests are about clients that disconnect, which is an error here.
                thread::spawn(move || drop(serve(stream, &behavior, destination, &shared)));
            }
        });
        Self { address, shared }
    }

    /// Returns the address of the proxy.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the heads of all requests, in order.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }

    /// Returns the bytes that were forwarded from clients.
    pub fn forwarded(&self) -> Vec<u8> {
        self.shared.forwarded.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, so that it ends.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    mut client: TcpStream,
    behavior: &Behavior,
    destination: SocketAddr,
    shared: &Arc<Shared>,
) -> io::Result<()> {
    if let Behavior::Tls(config) = behavior {
        let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        let mut client = StreamOwned::new(connection, client);
        read_head(&mut client, shared)?;
        client.write_all(ESTABLISHED)?;
        return forward_tls(client, TcpStream::connect(destination)?, shared);
    }
    let head = read_head(&mut client, shared)?;
    let is_authorized = match behavior {
        Behavior::RequireAuthorization(expected) => {
            let mut headers = head.lines().filter_map(|line| line.split_once(": "));
            headers
                .any(|(name, value)| name.eq_ignore_ascii_case("proxy-authorization") && value == *expected)
        }
        _ => true,
    };
    match behavior {
        Behavior::Answer(bytes) => client.write_all(bytes.as_bytes()),
        Behavior::Hang => {
            while client.read(&mut [0; 512])? > 0 {}
            Ok(())
        }
        Behavior::Close => Ok(()),
        _ if is_authorized => {
            client.write_all(ESTABLISHED)?;
            forward(client, TcpStream::connect(destination)?, shared)
        }
        _ => client.write_all(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n\r\n",
        ),
    }
}

const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

fn read_head(stream: &mut impl Read, shared: &Shared) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        // A head that is cut off is still recorded.
        let is_end = stream.read(&mut byte)? == 0;
        if is_end {
            break;
        }
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    if !head.is_empty() {
        shared.heads.lock().unwrap().push(head.clone());
    }
    Ok(head)
}

/// Forwards data in both directions by turns: a TLS stream cannot be split between threads.
fn forward_tls(
    mut client: StreamOwned<ServerConnection, TcpStream>,
    mut server: TcpStream,
    shared: &Shared,
) -> io::Result<()> {
    let turn = Some(Duration::from_millis(2));
    client.sock.set_read_timeout(turn)?;
    server.set_read_timeout(turn)?;
    loop {
        let Some(part) = read_part(&mut client)? else { return Ok(()) };
        shared.forwarded.lock().unwrap().extend(&part);
        server.write_all(&part)?;
        let Some(part) = read_part(&mut server)? else { return Ok(()) };
        client.write_all(&part)?;
        client.flush()?;
    }
}

/// Reads the available bytes, possibly none. Returns `None` at the end.
fn read_part(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer) {
        Ok(0) => Ok(None),
        Ok(count) => Ok(Some(buffer.iter().take(count).copied().collect())),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            Ok(Some(Vec::new()))
        }
        Err(error) => Err(error),
    }
}

fn forward(mut client: TcpStream, mut server: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let (mut to_client, mut from_server) = (client.try_clone()?, server.try_clone()?);
    let back = thread::spawn(move || {
        let copied = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Write);
        copied
    });
    while let Some(part) = read_part(&mut client)? {
        shared.forwarded.lock().unwrap().extend(&part);
        server.write_all(&part)?;
    }
    server.shutdown(Shutdown::Write)?;
    drop(back.join());
    Ok(())
}
