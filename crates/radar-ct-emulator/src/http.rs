//! The HTTP server: sockets, credentials, the rate limit, and the headers of every response.

mod auth;
mod rate_limit;
pub(crate) mod recorded_request;
pub(crate) mod server;
pub(crate) mod service;
