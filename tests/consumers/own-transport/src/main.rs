//! Uses the client with a closure as its transport.

use std::error::Error;
use std::io::{Error as IoError, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use radar_ct::transport::TransportError;
use radar_ct::{DateRange, Dimension, SummaryParams, blocking::Client};

fn main() -> Result<(), Box<dyn Error>> {
    let transport =
        |request: Request<Bytes>, within: Duration| carry(&request, within).map_err(TransportError::from_io);
    let client = Client::builder_from_env()?.with_transport(transport);
    let params = SummaryParams::by(Dimension::CaOwner).date_range(DateRange::LAST_7_DAYS);
    let summary = client.summary(&params)?;
    let shares = summary.series.first().map_or(0, |series| series.groups().count());
    if shares == 0 {
        return Err("no shares".into());
    }
    println!("{shares} owners of CAs");
    Ok(())
}

fn carry(request: &Request<Bytes>, within: Duration) -> Result<Response<Bytes>, IoError> {
    let broken = |what: &str| IoError::new(ErrorKind::InvalidData, what.to_owned());
    let authority = request.uri().authority().ok_or_else(|| broken("no host"))?;
    let mut stream = TcpStream::connect(authority.as_str())?;
    stream.set_read_timeout(Some(within))?;
    let target = request.uri().path_and_query().ok_or_else(|| broken("no path"))?;
    write!(stream, "{} {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n", request.method())?;
    for (name, value) in request.headers() {
        stream.write_all(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat())?;
    }
    stream.write_all(b"\r\n")?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    let end =
        reply.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(|| broken("no headers"))?;
    let body = Bytes::from(reply.split_off(end + 4));
    let head = String::from_utf8_lossy(&reply);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(|| broken("no status"))?;
    let mut response = Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(body).map_err(|error| broken(&error.to_string()))
}
