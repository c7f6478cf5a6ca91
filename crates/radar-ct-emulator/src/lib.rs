//! A Radar CT server for one's own machine: real HTTP on loopback, strict about the API's rules, with data that are made
//! up, the same for the same seed, and behave like the real thing. No account, no network.
//!
//! ```
//! use radar_ct_emulator::Emulator;
//! use radar_ct_model::{DateRange, Endpoint, TimeseriesParams};
//!
//! let emulator = Emulator::start()?;
//! let params = TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS).ca_owner("Let's Encrypt");
//! let url = format!("{}{}?{}", emulator.base_url(), params.path(), params.prepare()?);
//!
//! // Any client will do.
//! let body = ureq::get(url).header("Authorization", "Bearer any").call()?.into_body().read_to_vec()?;
//! assert_eq!(params.decode(&body)?.series[0].len(), 169);
//! assert_eq!(emulator.request_count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What can be relied on
//! - Volumes are whole numbers of certificates. Filters partition exactly: the series for each value of an
//!   enumeration, or of a boolean, add up to the series without that filter, in any combination with other filters.
//! - All seven endpoints are about one world: the groups of a dimension add up to the series, a summary sums up the groups,
//!   and whatever is counted is in a list, where it is found by its fingerprint or slug.
//! - `7dcontrol` is equal to the same window given by its start and end. A point does not depend on the window it is
//!   asked for in.
//! - There is a daily and a weekly rhythm, and growth over the years.
//! - What the API refuses is refused, with the same status and an error of the same shape.
//!
//! The numbers themselves are inventions. So is their attribution to CAs and logs. What is assumed about the API, because
//! its documentation does not say, is listed in the README.

mod auth;
mod authorities;
mod builder;
mod csv;
mod endpoints;
mod hash;
mod limit;
mod logs;
mod names;
mod record;
mod reply;
mod route;
mod server;
mod service;
mod volume;
mod window;
mod world;

/// Keeps the example of the README true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

use std::io;
use std::net::SocketAddr;

pub use builder::Builder;
pub use record::RecordedRequest;

use route::BASE_PATH;
use server::Server;
use service::Service;
use window::can_be_written;

/// A running emulator. Dropping it closes its port and its connections and ends its thread.
///
/// ```
/// use radar_ct_emulator::Emulator;
///
/// let now = "2026-10-08T12:00:00Z".parse()?;
/// let emulator = Emulator::builder().seed(7).now(now).token("secret").start()?;
/// assert!(emulator.base_url().starts_with("http://127.0.0.1:"));
/// assert!(emulator.base_url().ends_with("/client/v4"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Emulator {
    server: Server,
}

impl Emulator {
    /// Starts with the defaults of [`Builder`], on a free port.
    ///
    /// # Errors
    /// Where no port or no thread is to be had.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Says what to start.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// What a client takes for the API's base URL; no `/` at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address())
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// How many requests have come so far, refused ones included.
    pub fn request_count(&self) -> u64 {
        self.server.service().request_count()
    }

    /// The last requests that came, oldest first; a few hundred are kept. No credential is among them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.service().requests()
    }
}

impl Builder {
    /// Starts it.
    ///
    /// # Errors
    /// Where the port is taken or no thread is to be had; of the kind [`InvalidInput`](io::ErrorKind::InvalidInput) where
    /// the token is one that no request could carry, or the clock stands beyond the years 0 to 9999.
    pub fn start(self) -> io::Result<Emulator> {
        let invalid = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if self.token.as_deref().is_some_and(|token| !auth::is_well_formed(token)) {
            return invalid("an API token is visible ASCII without spaces, and not empty");
        }
        if self.now.is_some_and(|now| !can_be_written(now)) {
            return invalid("the clock stands beyond the years 0000 to 9999");
        }
        let server = Server::start(self.port, Service::new(self))?;
        Ok(Emulator { server })
    }
}
