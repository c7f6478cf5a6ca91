//! A scripted server that misbehaves, on real sockets.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One action of a server on a connection.
#[derive(Debug, Clone)]
pub enum Act {
    /// Reads the head of a request. Acts before this one happen without reading anything.
    Read,
    /// Writes bytes.
    Write(Vec<u8>),
    /// Writes the bytes one at a time, with a pause after each, repeated until the client disconnects.
    Drip(Vec<u8>, Duration),
    /// Writes the bytes repeatedly until the client disconnects.
    Flood(Vec<u8>),
    /// Does nothing until the client disconnects.
    Hang,
    /// Resets the connection, which discards data in transit.
    Reset,
}

/// The acts for each connection, one after the other. The last entry is repeated. A connection closes after
/// its acts.
pub type Script = Vec<Vec<Act>>;

/// Returns the acts that answer one request and close the connection.
pub fn answer(bytes: impl Into<Vec<u8>>) -> Vec<Act> {
    vec![Act::Read, Act::Write(bytes.into())]
}

/// Returns the acts that answer several requests alike on one connection.
pub fn answers(bytes: &[u8], times: usize) -> Vec<Act> {
    (0..times).flat_map(|_| answer(bytes)).collect()
}

/// Returns a complete response, with a correct `Content-Length`.
pub fn response(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let headers = headers.iter().flat_map(|header| [*header, "\r\n"]).collect::<String>();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A scripted server that misbehaves. It stops when it is dropped.
pub struct Faulty {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heads: Mutex<Vec<String>>,
    connections: AtomicUsize,
    open: AtomicUsize,
    is_over: AtomicBool,
}

impl Faulty {
    /// Starts a server with a script.
    pub fn play(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let thread_shared = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if thread_shared.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let number = thread_shared.connections.fetch_add(1, Ordering::SeqCst);
                let acts = script.get(number).or(script.last()).cloned().unwrap_or_default();
                let (stream, shared) = (stream.unwrap(), Arc::clone(&thread_shared));
                thread::spawn(move || {
                    shared.open.fetch_add(1, Ordering::SeqCst);
                    // An error means that the client has disconnected, which some acts wait for.
                    let _ = perform(&stream, &acts, &shared);
                    drop(stream);
                    shared.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, shared }
    }

    /// Returns the base URL of the server.
    pub fn base_url(&self) -> String {
        format!("http://{}/client/v4", self.address)
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns the number of open connections.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// Returns the heads of all requests, in order.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }

    /// Returns the number of requests so far.
    pub fn requests(&self) -> usize {
        self.shared.heads.lock().unwrap().len()
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, so that it ends.
        let _ = TcpStream::connect(self.address);
    }
}

fn perform(mut stream: &TcpStream, acts: &[Act], shared: &Shared) -> io::Result<()> {
    for act in acts {
        match act {
            Act::Read => {
                let head = read_head(stream)?;
                shared.heads.lock().unwrap().push(head);
            }
            Act::Write(bytes) => stream.write_all(bytes)?,
            Act::Drip(bytes, pause) => {
                for byte in bytes.iter().cycle() {
                    stream.write_all(&[*byte])?;
                    thread::sleep(*pause);
                }
            }
            Act::Flood(bytes) => loop {
                stream.write_all(bytes)?;
            },
            Act::Hang => while stream.read(&mut [0; 512])? > 0 {},
            Act::Reset => socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))?,
        }
    }
    Ok(())
}

/// Reads the head of the next request, byte by byte, so that it consumes nothing of the request after it.
fn read_head(mut stream: &TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
