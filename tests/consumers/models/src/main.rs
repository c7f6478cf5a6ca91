//! Uses the types alone, with an HTTP client of a dozen lines.

use std::env;
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use radar_ct_model::{DateRange, Endpoint, TimeseriesParams};

fn main() -> Result<(), Box<dyn Error>> {
    let params = TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS).ca_owner("DigiCert");
    let body = get(&format!("{}?{}", params.path(), params.prepare()?))?;
    let answer = params.decode(&body)?;
    let points = answer.series.first().map_or(0, |series| series.len());
    if points == 0 {
        return Err("no points".into());
    }
    println!("{points} points from {} bytes", body.len());
    Ok(())
}

fn get(path_and_query: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let (base, token) = (env::var("CLOUDFLARE_BASE_URL")?, env::var("CLOUDFLARE_API_TOKEN")?);
    let rest = base.strip_prefix("http://").ok_or("this client does plain http")?;
    let (host, base_path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET {base_path}{path_and_query} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no end of the headers")?;
    if !reply.starts_with(b"HTTP/1.1 200 ") {
        return Err(String::from_utf8_lossy(&reply).into());
    }
    Ok(reply.split_off(end + 4))
}
