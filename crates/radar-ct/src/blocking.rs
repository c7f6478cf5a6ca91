//! The blocking client, which needs no async runtime and starts no threads.

mod client;
mod iter;

pub use client::Client;
pub use iter::{Parts, Rows};
