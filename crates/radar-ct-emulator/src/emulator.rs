//! The running emulator.

use std::io;
use std::net::SocketAddr;

use crate::builder::Builder;
use crate::data::slot::is_rfc3339_year;
use crate::endpoints::router::BASE_PATH;
use crate::http::recorded_request::RecordedRequest;
use crate::http::server::Server;
use crate::http::service::Service;
use crate::token::is_well_formed;

/// A running emulator. Dropping it closes its port and its connections, and ends its thread.
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
#[must_use = "an emulator stops when it is dropped"]
pub struct Emulator {
    server: Server,
}

impl Emulator {
    /// Starts an emulator with the defaults of [`Builder`] on a free port.
    ///
    /// # Errors
    /// Returns an error if there is no free port, or if the thread cannot be started.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Returns a builder with the defaults.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the URL that clients take as the API's base URL, without a trailing `/`.
    pub fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address())
    }

    /// Returns the address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the number of requests so far, refused ones included.
    pub fn request_count(&self) -> u64 {
        self.server.service().request_count()
    }

    /// Returns the most recent requests, oldest first. A few hundred are kept, with their credentials
    /// redacted.
    ///
    /// ```
    /// use radar_ct_emulator::Emulator;
    ///
    /// let emulator = Emulator::start()?;
    /// let url = format!("{}/radar/ct/logs?limit=5", emulator.base_url());
    /// ureq::get(url).header("Authorization", "Bearer secret").call()?;
    ///
    /// let requests = emulator.requests();
    /// assert_eq!(requests[0].path, "/client/v4/radar/ct/logs");
    /// assert_eq!(requests[0].query, "limit=5");
    /// assert_eq!(requests[0].header("Authorization"), Some("[redacted]"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.service().requests()
    }
}

impl Builder {
    /// Starts the emulator.
    ///
    /// # Errors
    /// Returns an error if the port is taken, or if the thread cannot be started. Its kind is
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if no request could carry the token, or if the clock is
    /// stopped beyond the years 0 to 9999.
    pub fn start(self) -> io::Result<Emulator> {
        let invalid = |message| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        if self.token.as_deref().is_some_and(|token| !is_well_formed(token)) {
            return invalid("the API token must consist of visible ASCII characters without spaces");
        }
        if self.now.is_some_and(|now| !is_rfc3339_year(now)) {
            return invalid("the clock must be stopped within the years 0000 to 9999");
        }
        let server = Server::start(self.port, Service::new(self))?;
        Ok(Emulator { server })
    }
}
