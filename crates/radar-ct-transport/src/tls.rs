//! TLS, the same for both backends: one provider, one set of roots, one way to read a failure.

#[cfg(any(feature = "ureq", feature = "reqwest"))]
use std::sync::Arc;

#[cfg(any(feature = "ureq", feature = "reqwest"))]
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{TransportError, TransportErrorKind};

/// The provider of both backends: ring with the feature `rustls`, otherwise the one that the program has installed.
#[cfg(any(feature = "ureq", feature = "reqwest"))]
#[cfg_attr(
    feature = "rustls",
    expect(clippy::unnecessary_wraps, reason = "without that feature it can fail")
)]
pub(crate) fn provider() -> Result<Arc<CryptoProvider>, TransportError> {
    #[cfg(feature = "rustls")]
    return Ok(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(feature = "rustls"))]
    return CryptoProvider::get_default().cloned().ok_or_else(|| {
        let reason = "no TLS provider is installed: install one with rustls, or turn on the feature `rustls`";
        TransportError::new(TransportErrorKind::InvalidRequest, reason)
    });
}

pub(crate) fn read_roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let refused = |reason: String| TransportError::new(TransportErrorKind::InvalidRequest, reason);
    let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| refused(format!("the certificates to trust cannot be read: {error:?}")))?;
    if roots.is_empty() {
        return Err(refused("there is no certificate to trust in the PEM text".to_owned()));
    }
    Ok(roots)
}

/// The configuration for a backend that takes a finished one.
#[cfg(feature = "reqwest")]
pub(crate) fn client_config(
    only_roots: Option<&[CertificateDer<'static>]>,
) -> Result<rustls::ClientConfig, TransportError> {
    let provider = provider()?;
    let refused = |error: rustls::Error| TransportError::new(TransportErrorKind::InvalidRequest, error);
    let mut roots = rustls::RootCertStore::empty();
    match only_roots {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(only) => {
            for root in only {
                roots.add(root.clone()).map_err(refused)?;
            }
        }
    }
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// The cause in plain words where it is a certificate, which rustls puts in its own.
#[cfg(any(feature = "ureq", feature = "reqwest"))]
pub(crate) fn in_words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => "the server's certificate has expired".to_owned(),
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet".to_owned()
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "the server's certificate is for another host".to_owned()
            }
            Bad::UnknownIssuer => "the server's certificate is not signed by a trusted authority".to_owned(),
            other => format!("the server's certificate is not valid: {other:?}"),
        },
        other => other.to_string(),
    }
}
