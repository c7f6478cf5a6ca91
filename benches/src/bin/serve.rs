//! Answers every request with the same body: `serve FILE [gzip]`. Prints its base URL and the size of the
//! body as it is sent. Ends when its standard input ends.
//!
//! The server costs little, one write for each response, so that mostly the client is measured.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use radar_ct_benches::arguments;

fn main() {
    let arguments = arguments();
    let (file, encoding) = match arguments.as_slice() {
        [file] => (file, ""),
        [file, encoding] if encoding == "gzip" => (file, "content-encoding: gzip\r\n"),
        _ => panic!("serve FILE [gzip]"),
    };
    let mut body = fs::read(file).unwrap();
    if !encoding.is_empty() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&body).unwrap();
        body = encoder.finish().unwrap();
    }
    let length = body.len();
    let mut response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncf-ray: 8f1d2c3b4a5e6f70-FRA\r\n{encoding}content-length: {length}\r\n\r\n"
    )
    .into_bytes();
    response.append(&mut body);
    let response = Arc::new(response);

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    println!("http://{}/client/v4 {length}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let response = Arc::clone(&response);
            thread::spawn(move || answer(stream.unwrap(), &response));
        }
    });
    // The parent process holds the other end, which closes however that process ends.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// Answers a client until it hangs up. Requests have no body, and are not pipelined.
fn answer(mut stream: TcpStream, response: &[u8]) {
    stream.set_nodelay(true).unwrap();
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut part) {
        request.extend_from_slice(&part[..length]);
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            if stream.write_all(response).is_err() {
                return;
            }
        }
    }
}
