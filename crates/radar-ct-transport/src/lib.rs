//! Transports for Cloudflare Radar's API: two small traits over [`http::Request`] and [`http::Response`], and
//! an implementation of each on a well-known HTTP client.
//!
//! | trait | implementation | feature | HTTP client |
//! | --- | --- | --- | --- |
//! | [`BlockingTransport`] | `UreqTransport` | `ureq` (default) | `ureq` |
//! | [`AsyncTransport`] | `ReqwestTransport` | `reqwest` | `reqwest` on Tokio |
//!
//! The contract of both traits, which your own transport has to keep:
//! - **Any status is `Ok`.** An error means that no complete response arrived.
//! - Redirects are not followed, requests are not retried, and no header that carries a credential is added.
//! - The body is read whole, within the timeout and up to a limit that holds after decompression.
//! - The transport owns the timer: it sleeps and reads the clock. The layers above need no async runtime, and
//!   a test can replace both.
//!
//! | feature | enables | default |
//! | --- | --- | --- |
//! | `ureq` | `UreqTransport` | yes |
//! | `reqwest` | `ReqwestTransport`, on Tokio | |
//! | `rustls` | TLS for both, with ring and the bundled Mozilla roots | yes |
//! | `rustls-no-provider` | TLS for both, with the provider that the program installs | |
//!
//! Closures are blocking transports, which is all that most tests need:
//! ```
//! use std::time::Duration;
//! use radar_ct_transport::{BlockingTransport, TransportError};
//! let canned = |_request: http::Request<bytes::Bytes>, _timeout: Duration| {
//!     Ok::<_, TransportError>(http::Response::new(bytes::Bytes::from_static(b"hello")))
//! };
//! let response = canned.send(http::Request::default(), Duration::from_secs(1))?;
//! assert_eq!(&response.body()[..], b"hello");
//! # Ok::<(), TransportError>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod body;
mod config;
mod error;
#[doc(hidden)]
pub mod internal;
#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod no_proxy;
#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
#[cfg(feature = "rustls-no-provider")]
mod tls;
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
