//! Is it a decent HTTP server, and gone when it is dropped?

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use radar_ct_emulator::Emulator;

use crate::client::{PATH, builder, emulator, get};

/// A connection; what never comes fails the test instead of hanging it.
fn connect(emulator: &Emulator) -> TcpStream {
    let stream = TcpStream::connect(emulator.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

fn request(query: &str, headers: &str) -> String {
    format!("GET {PATH}?{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n{headers}\r\n")
}

/// One answer, as its headers say how long it is.
fn read_answer(stream: &mut TcpStream) -> String {
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
fn a_connection_is_kept_and_requests_may_be_sent_ahead() {
    let emulator = emulator();
    let mut stream = connect(&emulator);
    for _ in 0..3 {
        stream.write_all(request("dateRange=1d", "").as_bytes()).unwrap();
        assert!(read_answer(&mut stream).starts_with("HTTP/1.1 200 OK\r\n"));
    }
    let ahead: String =
        (1..=5).map(|days| request(&format!("name=of{days}&dateRange={days}d"), "")).collect();
    stream.write_all(ahead.as_bytes()).unwrap();
    for days in 1..=5 {
        assert!(read_answer(&mut stream).contains(&format!("\"of{days}\":")));
    }
    assert_eq!(emulator.request_count(), 8);
}

#[test]
fn a_connection_ends_when_the_client_says_so() {
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
fn a_slow_client_keeps_nobody_waiting() {
    let emulator = emulator();
    let text = request("dateRange=1d", "");
    let (early, late) = text.split_at(text.len() / 2);
    let mut slow: Vec<_> = (0..20).map(|_| connect(&emulator)).collect();
    for stream in &mut slow {
        stream.write_all(early.as_bytes()).unwrap();
    }
    // Nor does one that does not read what it asked for, more than fits into any buffer on the way.
    let mut deaf = connect(&emulator);
    deaf.write_all(request("dateRange=364d&aggInterval=1h", "").repeat(40).as_bytes()).unwrap();
    assert_eq!(get(&emulator, "dateRange=1d").status, 200);
    for stream in &mut slow {
        stream.write_all(late.as_bytes()).unwrap();
        assert!(read_answer(stream).starts_with("HTTP/1.1 200 OK\r\n"));
    }
}

#[test]
fn what_is_no_request_is_refused_and_harms_nobody() {
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
        // It may be refused before all of it has been sent.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        // A reset may overtake the refusal.
        assert!(answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    assert_eq!(get(&emulator, "dateRange=1d").status, 200);
}

#[test]
fn dropped_it_closes_what_is_open_and_frees_its_port() {
    let emulator = emulator();
    let address = emulator.address();
    let mut kept = connect(&emulator);
    kept.write_all(request("dateRange=1d", "").as_bytes()).unwrap();
    read_answer(&mut kept);
    let mut half = connect(&emulator);
    half.write_all(b"GET / HTTP/1.1\r\nHost:").unwrap();
    drop(emulator);
    for stream in [&mut kept, &mut half] {
        let mut rest = Vec::new();
        // Closed or reset, but not open.
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
fn a_port_that_is_taken_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = builder().port(taken.local_addr().unwrap().port()).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn emulators_stand_beside_each_other_on_loopback() {
    let emulators: Vec<_> = (0..8).map(|_| emulator()).collect();
    let mut ports: Vec<_> = emulators.iter().map(|one| one.address().port()).collect();
    assert!(emulators.iter().all(|one| one.address().ip().is_loopback()));
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 8);
}
