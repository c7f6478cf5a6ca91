//! A client for [Cloudflare Radar]'s Certificate Transparency API: how many certificates the world's certification
//! authorities issue, over time. Typed, checked before it is sent, checked again when it comes back; blocking or async, or both.
//!
//! ```no_run
//! # #[cfg(feature = "blocking")]
//! # {
//! use radar_ct::{DateRange, TimeseriesParams, blocking::Client};
//!
//! let client = Client::from_env()?;
//! let answer = client.timeseries(&TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS))?;
//! println!("{} points", answer.series[0].len());
//! # }
//! # Ok::<(), radar_ct::Error>(())
//! ```
//!
//! # Features
//! | feature | gives | default |
//! | --- | --- | --- |
//! | `blocking` | the constructors of [`blocking::Client`], over `ureq` | yes |
//! | `async` | the constructors of [`Client`], over `reqwest` on Tokio | |
//! | `rustls` | TLS for both, with ring and the bundled Mozilla roots | yes |
//! | `rustls-no-provider` | TLS for both, with the provider that the program installs | |
//! | `tracing` | [`Event`]s for the `tracing` crate | |
//!
//! Features only add. With neither client's feature both are still there, over a transport of one's own:
//! [`ClientBuilder::with_transport`].
//!
//! # Credentials
//! [`Credentials::from_env`] reads `CLOUDFLARE_API_TOKEN`, or `CLOUDFLARE_EMAIL` with `CLOUDFLARE_API_KEY`. They are never
//! shown, never sent in clear but to loopback, and never follow a redirect, since none is followed.
//!
//! # Comparing
//! A request is a list of series; see [`SeriesRequest`]. `vs` begins the next as a copy of the first:
//! ```
//! # use radar_ct::{DateRange, TimeseriesParams};
//! let week = DateRange::LAST_7_DAYS;
//! let params = TimeseriesParams::new()
//!     .name("this week").ca_owner("DigiCert").date_range(week)
//!     .vs().name("last week").date_range(week.control());
//! assert_eq!(params.series().len(), 2);
//! ```
//!
//! # Long windows
//! [`blocking::Client::export`] and [`Client::export`] get a window that is too long for one answer in parts, which put
//! together are what the one answer would be; see [`Export`].
//!
//! # Errors, retries and time
//! An [`Error`] says what happened, where, and what to do. A call is tried again as [`RetryPolicy`] says, and all of it
//! happens within one deadline: [`ClientBuilder::timeout`]. A [`RateBudget`] keeps clients below the server's limit, and an
//! [`Observer`] is told what they do.
//!
//! # Guide
//! [`guide`] has a page for each of these, and more.
//!
//! # Data licence
//! Radar's data are published under CC BY-NC 4.0.
//!
//! [Cloudflare Radar]: https://radar.cloudflare.com

#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod base_url;
pub mod blocking;
mod budget;
mod builder;
mod client;
mod credentials;
mod environment;
mod error;
pub mod export;
// Pages and nothing else. Their code needs the emulator and a runtime, so it is tested where both are: in tests/.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod observe;
pub mod operation;
mod pages;
mod rate_limit;
mod retry;
mod sequence;
#[cfg(feature = "tracing")]
mod trace;

pub use answer::Answer;
pub use base_url::BaseUrl;
pub use budget::RateBudget;
pub use builder::ClientBuilder;
pub use client::{Client, Parts, Rows};
pub use credentials::Credentials;
pub use error::Error;
pub use export::{Export, Part};
pub use observe::{Event, Observer};
pub use radar_ct_model::*;
pub use radar_ct_transport as transport;
pub use rate_limit::RateLimit;
pub use retry::RetryPolicy;
#[cfg(feature = "tracing")]
pub use trace::TracingObserver;
