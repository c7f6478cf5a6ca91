//! Makes one call with each client. Tests of environment variables run this as a separate process, since the
//! variables of the test process are shared by all tests.
//!
//! Arguments: the base URL, and a PEM file with the certificates to trust. Prints a line per client: its
//! name, and `data` or the error.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the test that runs it fails")]

use std::time::Duration;

use radar_ct::Credentials;
use radar_ct::transport::TransportConfig;
use radar_ct_tests::tls::{CLIENTS, all_texts};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let base_url = arguments.next().expect("a base URL");
    let pem = std::fs::read(arguments.next().expect("a file of certificates")).expect("a readable file");
    let config = TransportConfig::new().trust_only_pem(&pem).unwrap();
    let credentials = Credentials::from_env().unwrap();
    for (name, ask) in CLIENTS {
        match ask(&base_url, &credentials, Duration::from_secs(10), &config) {
            Ok(_) => println!("{name} data"),
            Err(error) => println!("{name} {}", all_texts(&error).escape_debug()),
        }
    }
}
