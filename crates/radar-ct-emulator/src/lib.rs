//! A local emulator of Cloudflare Radar's Certificate Transparency API: real HTTP on loopback, strict about
//! the API's rules, with invented data that depend on nothing but the seed and the time. It needs no account
//! and no network.
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
//! assert_eq!(params.decode(&body)?.single()?.len(), 169);
//! assert_eq!(emulator.request_count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Guarantees
//! - Volumes are whole numbers of certificates. Filters partition exactly: the series for the values of an
//!   enumeration, or of a boolean, add up to the series without that filter, in any combination with other
//!   filters.
//! - All seven endpoints describe one world: the groups of a dimension add up to the series, a summary is the
//!   sum of the groups, and every CA and log with certificates is in a list and is found by its fingerprint
//!   or slug.
//! - `7dcontrol` equals the same window given by its start and end. A point does not depend on the window of
//!   the request.
//! - Volumes have a daily and a weekly rhythm, and grow over the years.
//! - Requests that the API refuses are refused, with the same status and an error of the same form.
//!
//! The numbers are invented, and so is their attribution to CAs and logs. The README lists the assumptions
//! about matters on which the API's documentation is silent.

mod builder;
mod data;
mod emulator;
mod endpoints;
mod http;
mod reply;
mod token;

/// The README, whose examples are tested as documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use builder::Builder;
pub use emulator::Emulator;
pub use http::recorded_request::RecordedRequest;
