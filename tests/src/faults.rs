//! A server that misbehaves as it is told, over real sockets.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One thing that a server does with a connection.
#[derive(Debug, Clone)]
pub enum Act {
    /// Waits for the head of a request. What comes before it happens to a connection on which nobody has listened.
    Read,
    /// Writes bytes.
    Write(Vec<u8>),
    /// Writes the bytes one at a time, with a pause after each, again and again until the client leaves.
    Drip(Vec<u8>, Duration),
    /// Writes the bytes again and again until the client leaves.
    Flood(Vec<u8>),
    /// Does nothing until the client leaves.
    Hang,
    /// Resets the connection: what is on its way is lost.
    Reset,
}

/// What a server does with its connections, one after the other; the last again and again. A connection whose acts are
/// over is closed.
pub type Script = Vec<Vec<Act>>;

/// Answers a request and closes.
pub fn answer(bytes: impl Into<Vec<u8>>) -> Vec<Act> {
    vec![Act::Read, Act::Write(bytes.into())]
}

/// Answers a request and keeps the connection open, answering each further one alike.
pub fn answers(bytes: &[u8], times: usize) -> Vec<Act> {
    (0..times).flat_map(|_| answer(bytes)).collect()
}

/// A whole response: its status line and headers, and its body with the length that belongs to it.
pub fn response(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let headers = headers.iter().flat_map(|header| [*header, "\r\n"]).collect::<String>();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A server that misbehaves. It plays its script from the start of the test to its end.
pub struct Faulty {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heads: Mutex<Vec<String>>,
    connections: AtomicUsize,
    open: AtomicUsize,
    over: AtomicBool,
}

impl Faulty {
    /// Begins to play a script.
    pub fn play(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.over.load(Ordering::SeqCst) {
                    return;
                }
                let number = of_thread.connections.fetch_add(1, Ordering::SeqCst);
                let acts = script.get(number).or(script.last()).cloned().unwrap_or_default();
                let (stream, shared) = (stream.unwrap(), Arc::clone(&of_thread));
                thread::spawn(move || {
                    shared.open.fetch_add(1, Ordering::SeqCst);
                    // A client that leaves is what some of the acts wait for.
                    let _ = act_out(&stream, &acts, &shared);
                    drop(stream);
                    shared.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, shared }
    }

    /// What a client takes for the API's base URL.
    pub fn base_url(&self) -> String {
        format!("http://{}/client/v4", self.address)
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// The heads of the requests, as they came.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.shared.heads.lock().unwrap().len()
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn act_out(mut stream: &TcpStream, acts: &[Act], shared: &Shared) -> io::Result<()> {
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

/// The head of the next request, read byte by byte, so that nothing of the one behind it is taken.
fn read_head(mut stream: &TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
