//! What a server is told, for the tests of both transports.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};

use bytes::Bytes;
use http::{Request, header};

/// The user agents of a request that somebody sends.
fn user_agents(mut request: Request<Bytes>, send: impl FnOnce(Request<Bytes>)) -> Vec<String> {
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

/// A user agent is sent once: the transport's, unless the request has its own.
pub(crate) fn one_user_agent(name: &str, send: impl Fn(Request<Bytes>)) {
    assert_eq!(user_agents(Request::default(), &send), [name]);
    let by_itself = Request::builder().header(header::USER_AGENT, "its own").body(Bytes::new()).unwrap();
    assert_eq!(user_agents(by_itself, &send), ["its own"]);
}
