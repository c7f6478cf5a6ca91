//! Certificates for tests, and a TLS server that works or fails.

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

/// The answer of the server: one point, 7.5.
pub const GOOD: &str = r#"{"success":true,"errors":[],"result":{
    "serie_0":{"timestamps":["2026-10-01T00:00:00Z"],"values":["7.5"]},"meta":{}}}"#;

/// A certificate authority, which only clients that are configured for it trust.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// Creates an authority with a new key.
    pub fn new(name: &str) -> Self {
        let mut params = certificate(&[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Returns its certificate as PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Returns the TLS configuration of a server with a certificate that this authority signs.
    pub fn sign(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        config(certificate.der().clone(), &key)
    }
}

/// Returns the parameters of a certificate for hosts, not signed yet.
pub fn certificate(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    CertificateParams::new(hosts).unwrap()
}

/// Returns the TLS configuration of a server with a self-signed certificate, and that certificate as PEM.
pub fn self_sign(params: &CertificateParams) -> (Arc<ServerConfig>, String) {
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

/// The behaviour of a server.
#[derive(Debug, Clone)]
pub enum Behavior {
    /// Answers every request with [`GOOD`], over TLS.
    Tls(Arc<ServerConfig>),
    /// Reads the first bytes, answers with these, and never answers again.
    Answer(Vec<u8>),
    /// Reads the first bytes and closes the connection.
    Close,
    /// Reads the first bytes and never answers.
    Hang,
}

/// A server on loopback, which stops when it is dropped.
pub struct TlsServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    connections: AtomicUsize,
    received: Mutex<Vec<u8>>,
    is_over: AtomicBool,
}

impl TlsServer {
    /// Starts a server.
    pub fn start(behavior: Behavior) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let thread_shared = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if thread_shared.is_over.load(Ordering::SeqCst) {
                    return;
                }
                thread_shared.connections.fetch_add(1, Ordering::SeqCst);
                let (stream, behavior, shared) =
                    (stream.unwrap(), behavior.clone(), Arc::clone(&thread_shared));
                // Many tests are about clients that disconnect or refuse the certificate, which is an error
                // here.
                thread::spawn(move || drop(serve(stream, behavior, &shared)));
            }
        });
        Self { address, shared }
    }

    /// Returns the address of the server.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL of the server under a host name or address.
    pub fn base_url(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}/client/v4", self.address.port())
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Returns the bytes that it received; over TLS, the decrypted ones.
    pub fn received(&self) -> String {
        String::from_utf8_lossy(&self.shared.received.lock().unwrap()).into_owned()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, so that it ends.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, behavior: Behavior, shared: &Shared) -> io::Result<()> {
    let mut first = [0; 4096];
    match behavior {
        Behavior::Tls(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            answer_all(&mut StreamOwned::new(connection, stream), shared)
        }
        Behavior::Answer(bytes) => {
            receive(&mut stream, &mut first, shared)?;
            stream.write_all(&bytes)?;
            while receive(&mut stream, &mut first, shared)? > 0 {}
            Ok(())
        }
        Behavior::Close => receive(&mut stream, &mut first, shared).map(drop),
        Behavior::Hang => {
            while receive(&mut stream, &mut first, shared)? > 0 {}
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
        let count = receive(stream, &mut buffer, shared)?;
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

fn receive(stream: &mut impl Read, buffer: &mut [u8], shared: &Shared) -> io::Result<usize> {
    let count = stream.read(buffer)?;
    shared.received.lock().unwrap().extend(buffer.iter().take(count));
    Ok(count)
}

/// Makes one call with one client.
pub type Call = fn(&str, &Credentials, Duration, &TransportConfig) -> Result<Timeseries, Error>;

/// Both clients, by name.
pub const CLIENTS: [(&str, Call); 2] = [("blocking", call_blocking), ("async", call_async)];

fn call_blocking(
    base_url: &str,
    credentials: &Credentials,
    timeout: Duration,
    transport: &TransportConfig,
) -> Result<Timeseries, Error> {
    let builder = radar_ct::blocking::Client::builder(credentials.clone());
    let client = set_up(builder, base_url, timeout, transport).build()?;
    client.timeseries(&TimeseriesParams::new())
}

fn call_async(
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
        // Retries without waits.
        .retry(RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO))
        .timeout(timeout)
        .transport(transport.clone())
}

/// Returns all texts of an error and its sources, `Debug` output included.
pub fn all_texts(error: &Error) -> String {
    let mut texts = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        write!(texts, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    texts
}
