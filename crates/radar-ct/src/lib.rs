//! A client for the Certificate Transparency API of [Cloudflare Radar]: the number of certificates that
//! certificate authorities issue, over time. Requests are typed and validated before they are sent, and
//! answers are checked. The client is blocking or async, or both.
//!
//! ```no_run
//! # #[cfg(feature = "blocking")]
//! # {
//! use radar_ct::{DateRange, TimeseriesParams, blocking::Client};
//!
//! let client = Client::from_env()?;
//! let answer = client.timeseries(&TimeseriesParams::new().date_range(DateRange::LAST_7_DAYS))?;
//! println!("{} points", answer.single()?.len());
//! # }
//! # Ok::<(), radar_ct::Error>(())
//! ```
//!
//! # Features
//! | feature | enables | default |
//! | --- | --- | --- |
//! | `blocking` | the constructors of [`blocking::Client`], on `ureq` | yes |
//! | `async` | the constructors of [`Client`], on `reqwest` and Tokio | |
//! | `rustls` | TLS for both, with ring and the bundled Mozilla roots | yes |
//! | `rustls-no-provider` | TLS for both, with the provider that the program installs | |
//! | `tracing` | [`Event`]s for the `tracing` crate | |
//!
//! Features are additive. Both clients exist without the feature of either, on your own transport:
//! [`ClientBuilder::with_transport`].
//!
//! # Credentials
//! [`Credentials::from_env`] reads `CLOUDFLARE_API_TOKEN`, or `CLOUDFLARE_EMAIL` with `CLOUDFLARE_API_KEY`.
//! Credentials are never shown, never sent unencrypted except to loopback, and never sent to another host:
//! redirects are not followed.
//!
//! # Comparing
//! A request is a list of series; see [`SeriesRequest`]. `vs` starts the next series as a copy of the first:
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
//! [`blocking::Client::export`] and [`Client::export`] request a window that is too long for one answer in
//! parts, which together equal that one answer; see [`Export`].
//!
//! # Errors, retries and timeouts
//! An [`Error`] says what happened, where, and what to do. The [`RetryPolicy`] decides which calls are
//! retried; [`ClientBuilder::timeout`] limits the time of a call, retries included. A [`RateBudget`] keeps
//! clients below the server's rate limit, and an [`Observer`] receives the events of all calls.
//!
//! # Guide
//! The [`guide`] has a page for each of these topics, and more.
//!
//! # Licence of the data
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
mod dyn_transport;
mod environment;
mod error;
mod error_text;
mod export;
mod export_calls;
// The guide is text only. Its code needs the emulator and a runtime, so it is tested in the workspace's
// `tests`.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod observe;
pub mod operation;
mod pages;
mod rate_limit;
mod redact;
mod redirect;
mod retry;
mod sequence;
mod settings;
mod stream;
#[cfg(feature = "tracing")]
mod trace;

pub use answer::Answer;
pub use base_url::BaseUrl;
pub use budget::RateBudget;
pub use builder::ClientBuilder;
pub use client::Client;
pub use credentials::Credentials;
pub use error::Error;
pub use export::{Export, Part};
pub use export_calls::{ExportCall, ExportCalls};
pub use observe::{Event, Observer};
pub use radar_ct_model::*;
pub use radar_ct_transport as transport;
pub use rate_limit::RateLimit;
pub use retry::RetryPolicy;
pub use stream::{Parts, Rows};
#[cfg(feature = "tracing")]
pub use trace::TracingObserver;
