//! Certificates made for a test, and a server that speaks TLS with them, or fails to.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use radar_ct::transport::TransportConfig;
use radar_ct::{BaseUrl, ClientBuilder, Credentials, Error, RetryPolicy, Timeseries, TimeseriesParams};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::faults::response;

/// What a server here answers: one point, 7.5.
pub const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

/// An authority that nobody trusts who is not told to.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// A new one, with a key of its own.
    pub fn new(name: &str) -> Self {
        let mut params = certificate(&[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// What a client has to trust.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A server's side of TLS, with a certificate that this authority has signed.
    pub fn sign(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        config(certificate.der().clone(), &key)
    }
}

/// A certificate for hosts, before somebody signs it.
pub fn certificate(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    CertificateParams::new(hosts).unwrap()
}

/// A server's side of TLS, with a certificate that nobody but itself has signed; and that certificate.
pub fn sign_itself(params: &CertificateParams) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (config(certificate.der().clone(), &key), certificate.pem())
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .unwrap();
    Arc::new(config)
}

/// What a server does with each of its connections.
#[derive(Debug, Clone)]
pub enum Manner {
    /// Speaks TLS, and answers every request with [`GOOD`].
    Tls(Arc<ServerConfig>),
    /// Waits for the first bytes, answers with these, and says no more.
    Say(Vec<u8>),
    /// Waits for the first bytes, and ends the connection.
    Close,
    /// Waits for the first bytes, and says nothing.
    Hang,
}

/// A server on loopback, from the start of a test to its end.
pub struct TlsServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    connections: AtomicUsize,
    heard: Mutex<Vec<u8>>,
    over: AtomicBool,
}

impl TlsServer {
    /// Begins to serve.
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.over.load(Ordering::SeqCst) {
                    return;
                }
                of_thread.connections.fetch_add(1, Ordering::SeqCst);
                let (stream, manner, shared) = (stream.unwrap(), manner.clone(), Arc::clone(&of_thread));
                // A client that leaves, or refuses what it is shown, is what many of the tests are about.
                thread::spawn(move || drop(serve(stream, manner, &shared)));
            }
        });
        Self { address, shared }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client takes for the API's base URL, by the name or the address by which it is to go there.
    pub fn base_url(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}/client/v4", self.address.port())
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// What it was told: under TLS the bytes inside, otherwise all of them.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.shared.heard.lock().unwrap()).into_owned()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts, so that it sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, manner: Manner, shared: &Shared) -> io::Result<()> {
    let mut first = [0; 4096];
    match manner {
        Manner::Tls(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            answer_all(&mut StreamOwned::new(connection, stream), shared)
        }
        Manner::Say(words) => {
            hear(&mut stream, &mut first, shared)?;
            stream.write_all(&words)?;
            while hear(&mut stream, &mut first, shared)? > 0 {}
            Ok(())
        }
        Manner::Close => hear(&mut stream, &mut first, shared).map(drop),
        Manner::Hang => {
            while hear(&mut stream, &mut first, shared)? > 0 {}
            Ok(())
        }
    }
}

fn answer_all(stream: &mut (impl Read + Write), shared: &Shared) -> io::Result<()> {
    let good = String::from_utf8(response("200 OK", &[], GOOD)).map_err(io::Error::other)?;
    let good = good.replace("connection: close\r\n", "");
    let mut buffer = [0; 4096];
    let mut head = Vec::new();
    loop {
        let count = hear(stream, &mut buffer, shared)?;
        head.extend(buffer.iter().take(count));
        if count == 0 {
            return Ok(());
        }
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            stream.write_all(good.as_bytes())?;
            stream.flush()?;
        }
    }
}

fn hear(stream: &mut impl Read, buffer: &mut [u8], shared: &Shared) -> io::Result<usize> {
    let count = stream.read(buffer)?;
    shared.heard.lock().unwrap().extend(buffer.iter().take(count));
    Ok(count)
}

/// One client's way to make one call.
pub type Ask = fn(&str, &Credentials, Duration, &TransportConfig) -> Result<Timeseries, Error>;

/// Both clients.
pub const CLIENTS: [(&str, Ask); 2] = [("blocking", ask_blocking), ("async", ask_async)];

fn ask_blocking(
    base_url: &str,
    credentials: &Credentials,
    timeout: Duration,
    transport: &TransportConfig,
) -> Result<Timeseries, Error> {
    let builder = radar_ct::blocking::Client::builder(credentials.clone());
    let client = set_up(builder, base_url, timeout, transport).build()?;
    client.timeseries(&TimeseriesParams::new())
}

fn ask_async(
    base_url: &str,
    credentials: &Credentials,
    timeout: Duration,
    transport: &TransportConfig,
) -> Result<Timeseries, Error> {
    let builder = radar_ct::Client::builder(credentials.clone());
    let client = set_up(builder, base_url, timeout, transport).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.timeseries(&TimeseriesParams::new()))
}

fn set_up<C>(
    builder: ClientBuilder<C>,
    base_url: &str,
    timeout: Duration,
    transport: &TransportConfig,
) -> ClientBuilder<C> {
    builder
        .base_url(BaseUrl::parse(base_url).unwrap())
        // Retries without waiting.
        .retry(RetryPolicy::new().waits(Duration::ZERO, Duration::ZERO))
        .timeout(timeout)
        .transport(transport.clone())
}

/// Everything that an error lets anybody see of itself and of what lies beneath.
pub fn everything_said(error: &Error) -> String {
    let mut said = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        write!(said, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    said
}
