//! The user agent, and timeouts beyond what the clock can represent.

#![cfg(all(feature = "ureq", feature = "reqwest", feature = "rustls"))]
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use radar_ct_transport::{
    AsyncTransport, BlockingTransport, ProxyChoice, ReqwestTransport, TransportConfig, UreqTransport,
};

/// Returns the values of `User-Agent` that a server receives for a request.
fn received_user_agents(mut request: Request<Bytes>, send: impl FnOnce(Request<Bytes>)) -> Vec<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    *request.uri_mut() = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let server = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        head
    });
    send(request);
    let head = server.join().unwrap();
    head.iter().filter_map(|line| line.strip_prefix("user-agent: ")).map(str::to_owned).collect()
}

/// Asserts that the user agent is sent once: the configured one, unless the request has its own.
fn assert_one_user_agent(configured: &str, send: impl Fn(Request<Bytes>)) {
    assert_eq!(received_user_agents(Request::default(), &send), [configured]);
    let request = Request::builder().header(header::USER_AGENT, "its own").body(Bytes::new()).unwrap();
    assert_eq!(received_user_agents(request, &send), ["its own"]);
}

fn config(user_agent: &str) -> TransportConfig {
    TransportConfig::new().proxy(ProxyChoice::Direct).user_agent(user_agent)
}

#[test]
fn ureq_transport_sends_one_user_agent() {
    let built = UreqTransport::new(config("built")).unwrap();
    let custom = UreqTransport::with_agent(&ureq::Agent::new_with_defaults(), config("custom"));
    for (transport, name) in [(built, "built"), (custom, "custom")] {
        assert_one_user_agent(name, |request| {
            let response = BlockingTransport::send(&transport, request, Duration::from_secs(20));
            assert_eq!(response.unwrap().status(), 204);
        });
    }
}

#[test]
fn reqwest_transport_sends_one_user_agent() {
    // reqwest needs the provider of the process to build a client of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let built = ReqwestTransport::new(config("built")).unwrap();
    let custom = ReqwestTransport::with_client(client, config("custom"));
    for (transport, name) in [(built, "built"), (custom, "custom")] {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_one_user_agent(name, |request| {
            let response = AsyncTransport::send(&transport, request, Duration::from_secs(20));
            assert_eq!(runtime.block_on(response).unwrap().status(), 204);
        });
    }
}

#[test]
fn ureq_transport_accepts_timeouts_beyond_the_clock() {
    let seconds = [1 << 32, i64::MAX.unsigned_abs(), 10_000_000_000_000_000_000, u64::MAX];
    for timeout in seconds.map(Duration::from_secs).into_iter().chain([Duration::MAX]) {
        let transport = UreqTransport::new(config("ours").connect_timeout(timeout)).unwrap();
        assert_one_user_agent("ours", |request| {
            let response = BlockingTransport::send(&transport, request, timeout);
            assert_eq!(response.unwrap().status(), 204);
        });
    }
}
