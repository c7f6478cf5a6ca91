//! Makes one call with each client, as the environment has it: a test that is about environment variables runs this as
//! a process of its own, since those of the test are everybody's.
//!
//! Arguments: the base URL, and the file of the only certificates to be trusted. Prints a line for each client: its name,
//! and `data` or what is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the test that runs it sees that it failed")]

use std::time::Duration;

use radar_ct::Credentials;
use radar_ct::transport::TransportConfig;
use radar_ct_tests::tls::{CLIENTS, everything_said};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let base_url = arguments.next().expect("a base URL");
    let pem = std::fs::read(arguments.next().expect("a file of certificates")).expect("a readable file");
    let config = TransportConfig::new().trust_only_pem(&pem).unwrap();
    let credentials = Credentials::from_env().unwrap();
    for (name, ask) in CLIENTS {
        match ask(&base_url, &credentials, Duration::from_secs(10), &config) {
            Ok(_) => println!("{name} data"),
            Err(error) => println!("{name} {}", everything_said(&error).escape_debug()),
        }
    }
}
