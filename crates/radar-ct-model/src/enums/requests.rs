//! Values of parameters.

use chrono::Duration;

use crate::enums::open_enum::open_enum;

open_enum! {
    /// `aggInterval` of a request: the aggregation interval, which is the width of one point.
    ///
    /// If it is not set, the server chooses one for the window: 15 minutes for a day, a day for more than a
    /// month.
    AggInterval {
        /// 15 minutes.
        FifteenMinutes = "15m",
        /// One hour.
        OneHour = "1h",
        /// One day.
        OneDay = "1d",
        /// One week.
        OneWeek = "1w",
    }
}

impl AggInterval {
    /// The length of the interval, or `None` if this version does not know the value.
    pub fn length(&self) -> Option<Duration> {
        match self {
            Self::FifteenMinutes => Some(Duration::minutes(15)),
            Self::OneHour => Some(Duration::hours(1)),
            Self::OneDay => Some(Duration::days(1)),
            Self::OneWeek => Some(Duration::weeks(1)),
            Self::Unknown(_) => None,
        }
    }
}

open_enum! {
    /// `format`: the format of the answer.
    ///
    /// The API's examples also use lower case, so lower case is accepted and sent as it is.
    Format compared by eq_ignore_ascii_case {
        /// JSON, the API's default.
        Json = "JSON",
        /// Comma-separated values (RFC 4180).
        Csv = "CSV",
    }
}

impl Format {
    /// Returns whether the format is CSV, in upper or lower case.
    pub fn is_csv(&self) -> bool {
        self.as_str().eq_ignore_ascii_case(Self::Csv.as_str())
    }
}

open_enum! {
    /// `duration`: the validity period of a certificate in days, from `notBefore` to `notAfter` (RFC 5280,
    /// section 4.1.2.5).
    CertificateDuration {
        /// Up to 3 days.
        Lte3d = "LTE_3D",
        /// More than 3 and at most 7 days.
        Gt3dLte7d = "GT_3D_LTE_7D",
        /// More than 7 and at most 10 days.
        Gt7dLte10d = "GT_7D_LTE_10D",
        /// More than 10 and at most 47 days.
        Gt10dLte47d = "GT_10D_LTE_47D",
        /// More than 47 and at most 100 days.
        Gt47dLte100d = "GT_47D_LTE_100D",
        /// More than 100 and at most 200 days.
        Gt100dLte200d = "GT_100D_LTE_200D",
        /// More than 200 days.
        Gt200d = "GT_200D",
    }
}

open_enum! {
    /// `entryType`: the type of a log entry (RFC 6962, section 3.1).
    EntryType {
        /// A precertificate, which a CA submits to obtain signed certificate timestamps before it issues the
        /// certificate.
        Precertificate = "PRECERTIFICATE",
        /// A final certificate.
        Certificate = "CERTIFICATE",
    }
}

open_enum! {
    /// `expirationStatus`: the expiry of a certificate.
    ExpirationStatus {
        /// Expired: `notAfter` has passed.
        Expired = "EXPIRED",
        /// Not expired.
        Valid = "VALID",
    }
}

open_enum! {
    /// `logApi`: the protocol through which a log is read.
    LogApi {
        /// The HTTP API of RFC 6962, section 4.
        Rfc6962 = "RFC6962",
        /// The Static CT API, which serves the log as tiles.
        Static = "STATIC",
    }
}

open_enum! {
    /// `publicKeyAlgorithm`: the algorithm of the public key of a certificate (RFC 5280, section 4.1.2.7).
    PublicKeyAlgorithm {
        /// DSA.
        Dsa = "DSA",
        /// ECDSA.
        Ecdsa = "ECDSA",
        /// RSA.
        Rsa = "RSA",
    }
}

open_enum! {
    /// `signatureAlgorithm`: the algorithm of the issuer's signature on a certificate (RFC 5280, section
    /// 4.1.1.2).
    SignatureAlgorithm {
        /// DSA with SHA-1.
        DsaSha1 = "DSA_SHA_1",
        /// DSA with SHA-256.
        DsaSha256 = "DSA_SHA_256",
        /// ECDSA with SHA-1.
        EcdsaSha1 = "ECDSA_SHA_1",
        /// ECDSA with SHA-256.
        EcdsaSha256 = "ECDSA_SHA_256",
        /// ECDSA with SHA-384.
        EcdsaSha384 = "ECDSA_SHA_384",
        /// ECDSA with SHA-512.
        EcdsaSha512 = "ECDSA_SHA_512",
        /// RSASSA-PSS (RFC 8017, section 8.1) with SHA-256.
        PssSha256 = "PSS_SHA_256",
        /// RSASSA-PSS (RFC 8017, section 8.1) with SHA-384.
        PssSha384 = "PSS_SHA_384",
        /// RSASSA-PSS (RFC 8017, section 8.1) with SHA-512.
        PssSha512 = "PSS_SHA_512",
        /// RSA with MD2.
        RsaMd2 = "RSA_MD2",
        /// RSA with MD5.
        RsaMd5 = "RSA_MD5",
        /// RSA with SHA-1.
        RsaSha1 = "RSA_SHA_1",
        /// RSA with SHA-256.
        RsaSha256 = "RSA_SHA_256",
        /// RSA with SHA-384.
        RsaSha384 = "RSA_SHA_384",
        /// RSA with SHA-512.
        RsaSha512 = "RSA_SHA_512",
    }
}

open_enum! {
    /// `uniqueEntries`: whether duplicates are filtered out. `true` and `false` convert to it.
    ///
    /// The API declares it as a text and not as a boolean, so that further values can appear.
    UniqueEntries {
        /// Filters duplicates out.
        True = "true",
        /// Filters nothing.
        False = "false",
    }
}

impl From<bool> for UniqueEntries {
    fn from(unique: bool) -> Self {
        if unique { Self::True } else { Self::False }
    }
}

open_enum! {
    /// `validationLevel`: the level to which a CA validated the subject of a certificate.
    ValidationLevel {
        /// Domain validation (DV).
        Domain = "DOMAIN",
        /// Organization validation (OV).
        Organization = "ORGANIZATION",
        /// Extended validation (EV).
        Extended = "EXTENDED",
    }
}

open_enum! {
    /// The property by which certificates are grouped; the last segment of a path.
    Dimension {
        /// Issuing CA.
        Ca = "CA",
        /// Owner of the issuing CA.
        CaOwner = "CA_OWNER",
        /// Validity period; see [`CertificateDuration`].
        Duration = "DURATION",
        /// Type of the log entry; see [`EntryType`].
        EntryType = "ENTRY_TYPE",
        /// Expiry; see [`ExpirationStatus`].
        ExpirationStatus = "EXPIRATION_STATUS",
        /// Presence of IP addresses among the names (RFC 5280, section 4.2.1.6).
        HasIps = "HAS_IPS",
        /// Presence of wildcards among the names.
        HasWildcards = "HAS_WILDCARDS",
        /// Log.
        Log = "LOG",
        /// Protocol of the log; see [`LogApi`].
        LogApi = "LOG_API",
        /// Operator of the log.
        LogOperator = "LOG_OPERATOR",
        /// Algorithm of the public key; see [`PublicKeyAlgorithm`].
        PublicKeyAlgorithm = "PUBLIC_KEY_ALGORITHM",
        /// Algorithm of the signature; see [`SignatureAlgorithm`].
        SignatureAlgorithm = "SIGNATURE_ALGORITHM",
        /// Top-level domain.
        Tld = "TLD",
        /// Validation level; see [`ValidationLevel`].
        ValidationLevel = "VALIDATION_LEVEL",
    }
}

open_enum! {
    /// `normalization` of a request: the scale of the values of groups.
    GroupNormalization {
        /// Absolute counts.
        RawValues = "RAW_VALUES",
        /// Percent of the total.
        Percentage = "PERCENTAGE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::parameter::{Kind, Value};

    #[test]
    fn documented_values_are_known_and_unknown_values_are_kept_and_refused() {
        for text in SignatureAlgorithm::VALUES {
            let value = SignatureAlgorithm::from(*text);
            assert!(value.is_known() && value.check(Kind::Text).is_ok(), "{text}");
            assert_eq!(value.as_str(), *text);
        }
        let new: SignatureAlgorithm = serde_json::from_str("\"ML_DSA_65\"").unwrap();
        assert_eq!(new, SignatureAlgorithm::Unknown("ML_DSA_65".into()));
        assert_eq!(serde_json::to_string(&new).unwrap(), "\"ML_DSA_65\"");
        assert!(new.check(Kind::Text).is_err());
        assert!(SignatureAlgorithm::from("rsa_md5").check(Kind::Text).is_err());
    }

    #[test]
    fn format_is_accepted_and_kept_in_lower_case() {
        let csv = Format::from("csv");
        assert!(csv.is_csv() && csv.check(Kind::Text).is_ok());
        assert_eq!(csv.as_str(), "csv");
        assert!(Format::from("xml").check(Kind::Text).is_err());
    }

    #[test]
    fn every_documented_interval_has_a_length() {
        let lengths: Vec<_> =
            AggInterval::VALUES.iter().map(|text| AggInterval::from(*text).length()).collect();
        assert!(lengths.iter().all(Option::is_some) && lengths.is_sorted());
        assert_eq!(AggInterval::from("2h").length(), None);
    }
}
