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
    let refused = |reason: &'static str| TransportError::new(TransportErrorKind::InvalidRequest, reason);
    let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| refused("the certificates to trust cannot be read: the PEM text is broken"))?;
    if roots.is_empty() {
        return Err(refused("there is no certificate to trust in the PEM text"));
    }
    // Found here, since one of the backends would trust the others and say nothing.
    let mut store = rustls::RootCertStore::empty();
    for root in &roots {
        store
            .add(root.clone())
            .map_err(|_| refused("a certificate to trust is none, although its PEM text can be read"))?;
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

/// The cause in plain words where there are any; rustls has its own.
#[cfg(any(feature = "ureq", feature = "reqwest"))]
pub(crate) fn in_words(error: &rustls::Error) -> String {
    use rustls::{AlertDescription, InvalidMessage, PeerIncompatible};

    match error {
        rustls::Error::InvalidCertificate(bad) => format!("the server's certificate {}", of_certificate(bad)),
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "what the server speaks on this port is not TLS".to_owned()
        }
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            "the server speaks no version of TLS that is still safe".to_owned()
        }
        rustls::Error::AlertReceived(alert) => format!("the server refused TLS with the alert {alert:?}"),
        other => other.to_string(),
    }
}

#[cfg(any(feature = "ureq", feature = "reqwest"))]
fn of_certificate(bad: &rustls::CertificateError) -> String {
    use rustls::CertificateError as Bad;

    let words = match bad {
        Bad::Expired | Bad::ExpiredContext { .. } => "has expired",
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => "is not valid yet",
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => "is for another host",
        Bad::UnknownIssuer => "is not signed by a trusted authority",
        Bad::BadSignature => "is not signed by the authority that it names",
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => "is not meant for servers",
        // This one has no name in the public interface.
        Bad::Other(why) if why.to_string() == "CaUsedAsEndEntity" => {
            "is an authority's own and cannot be a server's"
        }
        other => return format!("is not valid: {other:?}"),
    };
    words.to_owned()
}
