//! The HTTP server: connections, malformed requests, and the end of an emulator.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use radar_ct_emulator::Emulator;

use crate::http_client::{PATH, builder, emulator, get};

/// Connects with a timeout, so that a missing response fails the test instead of hanging it.
fn connect(emulator: &Emulator) -> TcpStream {
    let stream = TcpStream::connect(emulator.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

fn request(query: &str, headers: &str) -> String {
    format!("GET {PATH}?{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n{headers}\r\n")
}

/// Reads one response, whose length is in its headers.
fn read_response(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    head + std::str::from_utf8(&body).unwrap()
}

#[test]
fn connections_are_kept_alive_and_requests_may_be_pipelined() {
    let emulator = emulator();
    let mut stream = connect(&emulator);
    for _ in 0..3 {
        stream.write_all(request("dateRange=1d", "").as_bytes()).unwrap();
        assert!(read_response(&mut stream).starts_with("HTTP/1.1 200 OK\r\n"));
    }
    let pipelined: String =
        (1..=5).map(|days| request(&format!("name=of{days}&dateRange={days}d"), "")).collect();
    stream.write_all(pipelined.as_bytes()).unwrap();
    for days in 1..=5 {
        assert!(read_response(&mut stream).contains(&format!("\"of{days}\":")));
    }
    assert_eq!(emulator.request_count(), 8);
}

#[test]
fn connections_close_at_the_request_of_the_client() {
    let emulator = emulator();
    let close: [(String, Shutdown); 3] = [
        (request("dateRange=90d", "Connection: close\r\n"), Shutdown::Read),
        (request("dateRange=90d", "").replace("HTTP/1.1", "HTTP/1.0"), Shutdown::Read),
        (request("dateRange=90d", ""), Shutdown::Write),
    ];
    for (text, half) in close {
        let mut stream = connect(&emulator);
        stream.write_all(text.as_bytes()).unwrap();
        if half == Shutdown::Write {
            stream.shutdown(half).unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 200 OK\r\n") && answer.ends_with("}}"), "{text}{answer}");
    }
}

#[test]
fn slow_clients_do_not_block_others() {
    let emulator = emulator();
    let text = request("dateRange=1d", "");
    let (early, late) = text.split_at(text.len() / 2);
    let mut slow: Vec<_> = (0..20).map(|_| connect(&emulator)).collect();
    for stream in &mut slow {
        stream.write_all(early.as_bytes()).unwrap();
    }
    // Nor does a client that does not read its responses, which are larger than all buffers on the way.
    let mut unread = connect(&emulator);
    unread.write_all(request("dateRange=364d&aggInterval=1h", "").repeat(40).as_bytes()).unwrap();
    assert_eq!(get(&emulator, "dateRange=1d").status, 200);
    for stream in &mut slow {
        stream.write_all(late.as_bytes()).unwrap();
        assert!(read_response(stream).starts_with("HTTP/1.1 200 OK\r\n"));
    }
}

#[test]
fn malformed_requests_are_refused_and_the_server_goes_on() {
    let emulator = emulator();
    let huge = request("", &format!("X-Huge: {}\r\n", "a".repeat(1 << 20)));
    let long = request(&"a".repeat(70_000), "");
    let many = request("", &"X-Many: a\r\n".repeat(500));
    for (bytes, status) in [
        (&b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"[..], "400"),
        (b"GET\r\n\r\n", "400"),
        (huge.as_bytes(), "431"),
        (many.as_bytes(), "431"),
        (long.as_bytes(), "414"),
    ] {
        let mut stream = connect(&emulator);
        // The refusal may come before all of it has been sent.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        // A connection reset may overtake the refusal.
        assert!(answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    assert_eq!(get(&emulator, "dateRange=1d").status, 200);
}

#[test]
fn dropping_closes_connections_and_frees_the_port() {
    let emulator = emulator();
    let address = emulator.address();
    let mut kept = connect(&emulator);
    kept.write_all(request("dateRange=1d", "").as_bytes()).unwrap();
    read_response(&mut kept);
    let mut half = connect(&emulator);
    half.write_all(b"GET / HTTP/1.1\r\nHost:").unwrap();
    drop(emulator);
    for stream in [&mut kept, &mut half] {
        let mut rest = Vec::new();
        // Either closed or reset.
        match stream.read_to_end(&mut rest) {
            Ok(_) => assert!(rest.is_empty()),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
    assert!(TcpStream::connect(address).is_err());
    let again = builder().port(address.port()).start().unwrap();
    assert_eq!(again.address(), address);
    assert_eq!(get(&again, "dateRange=1d").status, 200);
}

#[test]
fn taken_ports_are_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = builder().port(taken.local_addr().unwrap().port()).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn several_emulators_run_side_by_side_on_loopback() {
    let emulators: Vec<_> = (0..8).map(|_| emulator()).collect();
    let mut ports: Vec<_> = emulators.iter().map(|one| one.address().port()).collect();
    assert!(emulators.iter().all(|one| one.address().ip().is_loopback()));
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 8);
}
