//! TLS for both backends: one crypto provider, one set of TLS roots, one wording of errors.

#[cfg(any(feature = "ureq", feature = "reqwest"))]
use std::sync::Arc;

#[cfg(any(feature = "ureq", feature = "reqwest"))]
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{TransportError, TransportErrorKind};

/// Returns the crypto provider: ring with the feature `rustls`, otherwise the one that the program has
/// installed.
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
        let reason = "no TLS provider is installed: install one with rustls, or enable the feature `rustls`";
        TransportError::new(TransportErrorKind::InvalidRequest, reason)
    });
}

/// Parses the certificates to trust from a PEM text.
pub(crate) fn parse_roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let invalid = |reason: &'static str| TransportError::new(TransportErrorKind::InvalidRequest, reason);
    let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| invalid("the certificates to trust cannot be read: the PEM text is broken"))?;
    if roots.is_empty() {
        return Err(invalid("the PEM text holds no certificate to trust"));
    }
    // Checked here, since ureq would silently skip an invalid certificate.
    let mut store = rustls::RootCertStore::empty();
    for root in &roots {
        store
            .add(root.clone())
            .map_err(|_| invalid("a certificate to trust is invalid: its PEM text holds something else"))?;
    }
    Ok(roots)
}

/// Builds the rustls configuration for a backend that takes a finished one.
#[cfg(feature = "reqwest")]
pub(crate) fn client_config(
    custom_roots: Option<&[CertificateDer<'static>]>,
) -> Result<rustls::ClientConfig, TransportError> {
    let provider = provider()?;
    let invalid = |error: rustls::Error| TransportError::new(TransportErrorKind::InvalidRequest, error);
    let mut roots = rustls::RootCertStore::empty();
    match custom_roots {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(custom_roots) => {
            for root in custom_roots {
                roots.add(root.clone()).map_err(invalid)?;
            }
        }
    }
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(invalid)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Describes a TLS error for people who have never seen rustls, as far as there is a plain description.
#[cfg(any(feature = "ureq", feature = "reqwest"))]
pub(crate) fn describe(error: &rustls::Error) -> String {
    use rustls::{AlertDescription, InvalidMessage, PeerIncompatible};

    match error {
        rustls::Error::InvalidCertificate(error) => {
            format!("the server's certificate {}", describe_certificate_error(error))
        }
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the server does not speak TLS on this port".to_owned()
        }
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            "the server supports neither TLS 1.2 nor TLS 1.3".to_owned()
        }
        rustls::Error::AlertReceived(alert) => {
            format!("the server refused the TLS connection with the alert {alert:?}")
        }
        other => other.to_string(),
    }
}

#[cfg(any(feature = "ureq", feature = "reqwest"))]
fn describe_certificate_error(error: &rustls::CertificateError) -> String {
    use rustls::CertificateError as Error;

    let words = match error {
        Error::Expired | Error::ExpiredContext { .. } => "has expired",
        Error::NotValidYet | Error::NotValidYetContext { .. } => "is not valid yet",
        Error::NotValidForName | Error::NotValidForNameContext { .. } => "is for another host",
        Error::UnknownIssuer => "is not signed by a trusted authority",
        Error::BadSignature => "is not signed by the authority that it names",
        Error::InvalidPurpose | Error::InvalidPurposeContext { .. } => "is not meant for servers",
        // rustls has no public variant for this one.
        Error::Other(other) if other.to_string() == "CaUsedAsEndEntity" => {
            "is a CA certificate and cannot be used by a server"
        }
        other => return format!("is not valid: {other:?}"),
    };
    words.to_owned()
}
