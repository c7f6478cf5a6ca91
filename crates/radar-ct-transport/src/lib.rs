//! How requests travel: two small traits over [`http::Request`] and [`http::Response`], and a transport for each on a
//! well-known HTTP client.
//!
//! | trait | transport | feature | on |
//! | --- | --- | --- | --- |
//! | [`BlockingTransport`] | `UreqTransport` | `ureq` (default) | `ureq` |
//! | [`AsyncTransport`] | `ReqwestTransport` | `reqwest` | `reqwest`, Tokio |
//!
//! The contract of both, and of a transport of your own:
//! - **Any status is `Ok`.** An error means that no complete response arrived.
//! - Redirects are not followed, nothing is retried, and no header is added that carries a credential.
//! - The body is read whole, up to a limit that holds after decompression, within the time given.
//! - Whoever owns the reactor owns the timer: waiting and reading the clock belong to the transport, so
//!   that the layers above need no runtime and a test can supply both.
//!
//! | feature | gives | default |
//! | --- | --- | --- |
//! | `ureq` | `UreqTransport` | yes |
//! | `reqwest` | `ReqwestTransport`, on Tokio | |
//! | `rustls` | TLS for both, with ring and the bundled Mozilla roots | yes |
//! | `rustls-no-provider` | TLS for both, with the provider that the program installs | |
//!
//! Closures are transports too, which is all a test needs:
//! ```
//! use std::time::Duration;
//! use radar_ct_transport::{BlockingTransport, TransportError};
//! let canned = |_request: http::Request<bytes::Bytes>, _within: Duration| {
//!     Ok::<_, TransportError>(http::Response::new(bytes::Bytes::from_static(b"hello")))
//! };
//! let reply = canned.send(http::Request::default(), Duration::from_secs(1))?;
//! assert_eq!(&reply.body()[..], b"hello");
//! # Ok::<(), TransportError>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod body;
mod config;
mod error;
#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
#[cfg(feature = "rustls-no-provider")]
mod tls;
#[cfg(all(test, any(feature = "ureq", feature = "reqwest")))]
mod told;
mod traits;
#[cfg(feature = "ureq")]
mod ureq_transport;

pub use config::{ProxyChoice, TransportConfig};
pub use error::{TransportError, TransportErrorKind};
#[cfg(feature = "reqwest")]
pub use reqwest_transport::ReqwestTransport;
pub use traits::{AsyncTransport, BlockingTransport, Moment};
#[cfg(feature = "ureq")]
pub use ureq_transport::UreqTransport;
