//! The target of a redirect. Redirects are not followed, but the error names the host.

use http::Uri;
use http::header::{HeaderMap, LOCATION};

use crate::credentials::Credentials;

/// Returns the target of a redirect, reduced to scheme and host, since the rest may contain anything.
pub(crate) fn redirect_target(headers: &HeaderMap, credentials: &Credentials) -> Option<String> {
    let uri: Uri = headers.get(LOCATION)?.to_str().ok()?.parse().ok()?;
    match (uri.scheme_str(), uri.host()) {
        (Some(scheme), Some(host)) => {
            let origin = format!("{scheme}://{host}");
            Some(String::from_utf8_lossy(&credentials.redact(origin.as_bytes())).into_owned())
        }
        _ => Some("another path of the same host".to_owned()),
    }
}
