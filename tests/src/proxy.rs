//! A proxy that carries a connection where a test wants it, or fails to.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a proxy does with each of its connections.
#[derive(Debug, Clone)]
pub enum Temper {
    /// Carries.
    Willing,
    /// Carries for whoever sends this `Proxy-Authorization`, and answers 407 to others.
    Asking(&'static str),
    /// Answers with these bytes, and ends the connection.
    Saying(&'static str),
    /// Hears the request, and says nothing.
    Hanging,
    /// Hears the request, and ends the connection.
    Closing,
    /// Carries for whoever speaks TLS with it.
    Secure(Arc<ServerConfig>),
}

/// A proxy on loopback, from the start of a test to its end. Whatever host it is asked for, it goes to one and the same.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heads: Mutex<Vec<String>>,
    carried: Mutex<Vec<u8>>,
    over: AtomicBool,
}

impl Proxy {
    /// Begins to serve.
    pub fn start(temper: Temper, destination: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.over.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, temper, shared) = (stream.unwrap(), temper.clone(), Arc::clone(&of_thread));
                // A client that leaves is what some of the tests are about.
                thread::spawn(move || drop(serve(stream, &temper, destination, &shared)));
            }
        });
        Self { address, shared }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of the requests, as they came.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }

    /// The bytes that it carried from clients.
    pub fn carried(&self) -> Vec<u8> {
        self.shared.carried.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    mut client: TcpStream,
    temper: &Temper,
    destination: SocketAddr,
    shared: &Arc<Shared>,
) -> io::Result<()> {
    if let Temper::Secure(config) = temper {
        let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        let mut client = StreamOwned::new(connection, client);
        read_head(&mut client, shared)?;
        client.write_all(WELCOME)?;
        return carry_in_turns(client, TcpStream::connect(destination)?, shared);
    }
    let head = read_head(&mut client, shared)?;
    let is_known = match temper {
        Temper::Asking(wanted) => {
            let mut headers = head.lines().filter_map(|line| line.split_once(": "));
            headers.any(|(name, value)| name.eq_ignore_ascii_case("proxy-authorization") && value == *wanted)
        }
        _ => true,
    };
    match temper {
        Temper::Saying(words) => client.write_all(words.as_bytes()),
        Temper::Hanging => {
            while client.read(&mut [0; 512])? > 0 {}
            Ok(())
        }
        Temper::Closing => Ok(()),
        _ if is_known => {
            client.write_all(WELCOME)?;
            carry(client, TcpStream::connect(destination)?, shared)
        }
        _ => client.write_all(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n\r\n",
        ),
    }
}

const WELCOME: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

fn read_head(stream: &mut impl Read, shared: &Shared) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        // Not to be lost where it has no end.
        let is_over = stream.read(&mut byte)? == 0;
        if is_over {
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

/// Carries what comes from either side, one after the other: a TLS stream cannot be split between threads.
fn carry_in_turns(
    mut client: StreamOwned<ServerConnection, TcpStream>,
    mut server: TcpStream,
    shared: &Shared,
) -> io::Result<()> {
    let turn = Some(Duration::from_millis(2));
    client.sock.set_read_timeout(turn)?;
    server.set_read_timeout(turn)?;
    loop {
        let Some(part) = read_part(&mut client)? else { return Ok(()) };
        shared.carried.lock().unwrap().extend(&part);
        server.write_all(&part)?;
        let Some(part) = read_part(&mut server)? else { return Ok(()) };
        client.write_all(&part)?;
        client.flush()?;
    }
}

/// What has come, if only nothing; `None` at the end.
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

fn carry(mut client: TcpStream, mut server: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let (mut to_client, mut from_server) = (client.try_clone()?, server.try_clone()?);
    let back = thread::spawn(move || {
        let copied = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Write);
        copied
    });
    while let Some(part) = read_part(&mut client)? {
        shared.carried.lock().unwrap().extend(&part);
        server.write_all(&part)?;
    }
    server.shutdown(Shutdown::Write)?;
    drop(back.join());
    Ok(())
}
