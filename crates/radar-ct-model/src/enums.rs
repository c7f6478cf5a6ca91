//! The API's enumerations: closed going out, open coming in.
//!
//! Every enumeration keeps a value it does not know, letter by letter, in `Unknown`, so that an answer
//! with a new value still decodes and still serialises back to what came. A *request* with an
//! unknown value is refused by `validate()`, before anything is sent.

mod as_data;

use as_data::Text;
pub use as_data::Vocabulary;

use crate::request::parameter::{Kind, Value, WireValue};
use crate::request::problem::Problem;

/// Declares one open enumeration from its table of variants and wire texts, the only such table there is.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $wire:literal, )* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A value that this version does not know, as it was written.
            Unknown(Box<str>),
        }

        impl $name {
            /// The documented values, as they are written on the wire, in the API's order.
            pub const VALUES: &'static [&'static str] = &[$($wire),*];

            /// The value as it is written on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Unknown(text) => text,
                }
            }

            /// Whether the value is one of the documented [`VALUES`](Self::VALUES).
            pub fn is_known(&self) -> bool {
                Self::VALUES.contains(&self.as_str())
            }
        }

        /// By the text on the wire, which is all that the API will see.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $wire => Self::$variant, )*
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // By its name, so that it can be told from any other text. JSON does not have the name.
                let text = deserializer.deserialize_newtype_struct(stringify!($name), Text)?;
                Ok(Self::from(text.as_ref()))
            }
        }

        impl Value for $name {
            const KIND: Kind = Kind::Enum(Self::VALUES);

            fn parse(text: &str, _: Kind) -> Result<Self, Problem> {
                Ok(Self::from(text))
            }

            fn to_wire(&self) -> WireValue<'_> {
                WireValue::Text(self.as_str())
            }

            fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }

            fn check(&self, _: Kind) -> Result<(), Problem> {
                if self.is_accepted() {
                    Ok(())
                } else {
                    Err(Problem::UnknownValue { value: self.as_str().into(), known: Self::VALUES })
                }
            }
        }
    };
}

/// Most enumerations are accepted exactly as documented; [`Format`] also in lower case.
trait Accepted {
    fn is_accepted(&self) -> bool;
}

macro_rules! accepted_as_documented {
    ($($name:ident),*) => {
        $(
            impl Accepted for $name {
                fn is_accepted(&self) -> bool {
                    self.is_known()
                }
            }
        )*

        /// All of them: one that is missing here is not [`Accepted`], and does not compile.
        const VOCABULARIES: &[Vocabulary] = &[
            Vocabulary { name: stringify!(Format), values: Format::VALUES },
            $(Vocabulary { name: stringify!($name), values: $name::VALUES },)*
        ];
    };
}

open_enum! {
    /// `aggInterval`: the aggregation interval asked for, the width of one point.
    ///
    /// Not given, the server picks one that fits the window (a day: 15 minutes, more than a month: a day).
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

open_enum! {
    /// `format`: how the answer is written. The documentation's examples also write it in lower case, and so
    /// lower case is kept as given and accepted.
    Format {
        /// JSON, the default of the API.
        Json = "JSON",
        /// Comma-separated values.
        Csv = "CSV",
    }
}

open_enum! {
    /// `duration`: the certificate's validity, from `notBefore` to `notAfter`, in days.
    CertificateDuration {
        /// At most 3 days.
        Lte3d = "LTE_3D",
        /// More than 3 days, at most 7.
        Gt3dLte7d = "GT_3D_LTE_7D",
        /// More than 7 days, at most 10.
        Gt7dLte10d = "GT_7D_LTE_10D",
        /// More than 10 days, at most 47.
        Gt10dLte47d = "GT_10D_LTE_47D",
        /// More than 47 days, at most 100.
        Gt47dLte100d = "GT_47D_LTE_100D",
        /// More than 100 days, at most 200.
        Gt100dLte200d = "GT_100D_LTE_200D",
        /// More than 200 days.
        Gt200d = "GT_200D",
    }
}

open_enum! {
    /// `entryType`: whether a log entry is a certificate or a precertificate (RFC 6962, section 3.1).
    EntryType {
        /// A precertificate: what a CA submits to obtain timestamps before it issues.
        Precertificate = "PRECERTIFICATE",
        /// A final certificate.
        Certificate = "CERTIFICATE",
    }
}

open_enum! {
    /// `expirationStatus`: whether the certificate is still within its validity.
    ExpirationStatus {
        /// `notAfter` has passed.
        Expired = "EXPIRED",
        /// Still valid.
        Valid = "VALID",
    }
}

open_enum! {
    /// `logApi`: the interface by which the log is read.
    LogApi {
        /// The log API of RFC 6962.
        Rfc6962 = "RFC6962",
        /// The static CT API, which serves tiles.
        Static = "STATIC",
    }
}

open_enum! {
    /// `publicKeyAlgorithm`: the algorithm of the certificate's own key.
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
    /// `signatureAlgorithm`: the algorithm with which the issuer signed.
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
        /// RSASSA-PSS with SHA-256.
        PssSha256 = "PSS_SHA_256",
        /// RSASSA-PSS with SHA-384.
        PssSha384 = "PSS_SHA_384",
        /// RSASSA-PSS with SHA-512.
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
    /// `uniqueEntries`: whether an entry is the first sighting of its certificate. The API declares it as text, not
    /// as a boolean; `true` and `false` convert.
    UniqueEntries {
        /// Only unique entries.
        True = "true",
        /// Only the others.
        False = "false",
    }
}

impl From<bool> for UniqueEntries {
    fn from(unique: bool) -> Self {
        if unique { Self::True } else { Self::False }
    }
}

open_enum! {
    /// `validationLevel`: what the CA checked about the subject.
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
    /// What certificates are grouped by: the last segment of a path.
    Dimension {
        /// Certification authority.
        Ca = "CA",
        /// Owner of the certification authority.
        CaOwner = "CA_OWNER",
        /// Validity of the certificates.
        Duration = "DURATION",
        /// Certificates or precertificates.
        EntryType = "ENTRY_TYPE",
        /// Expired or still valid.
        ExpirationStatus = "EXPIRATION_STATUS",
        /// Whether the certificates name IP addresses.
        HasIps = "HAS_IPS",
        /// Whether the certificates name wildcards.
        HasWildcards = "HAS_WILDCARDS",
        /// Log.
        Log = "LOG",
        /// Interface of the log.
        LogApi = "LOG_API",
        /// Operator of the log.
        LogOperator = "LOG_OPERATOR",
        /// Algorithm of the certificates' keys.
        PublicKeyAlgorithm = "PUBLIC_KEY_ALGORITHM",
        /// Algorithm of the issuers' signatures.
        SignatureAlgorithm = "SIGNATURE_ALGORITHM",
        /// Top-level domain.
        Tld = "TLD",
        /// What the CA checked about the subject.
        ValidationLevel = "VALIDATION_LEVEL",
    }
}

open_enum! {
    /// `normalization`: whether groups are counted or shares of the whole.
    GroupNormalization {
        /// As counted.
        RawValues = "RAW_VALUES",
        /// Percent of the whole.
        Percentage = "PERCENTAGE",
    }
}

open_enum! {
    /// Whether a certification authority's certificate is a root.
    CertificateRecordType {
        /// A root.
        Root = "ROOT_CERTIFICATE",
        /// An intermediate.
        Intermediate = "INTERMEDIATE_CERTIFICATE",
    }
}

open_enum! {
    /// Whether a certification authority's certificate is revoked.
    RevocationStatus {
        /// It is not.
        NotRevoked = "NOT_REVOKED",
        /// It is.
        Revoked = "REVOKED",
        /// One above it is.
        ParentRevoked = "PARENT_CERT_REVOKED",
    }
}

open_enum! {
    /// What a root program makes of a certification authority.
    RootStatus {
        /// Trusted.
        Included = "INCLUDED",
        /// Accepted, but not yet there.
        NotYetIncluded = "NOT_YET_INCLUDED",
        /// Not trusted.
        NotIncluded = "NOT_INCLUDED",
        /// Trusted for certificates from before a date.
        NotBefore = "NOT_BEFORE",
        /// No longer trusted.
        Removed = "REMOVED",
        /// Switched off.
        Disabled = "DISABLED",
        /// Blocked.
        Blocked = "BLOCKED",
    }
}

open_enum! {
    /// The state of a log in the eyes of those who rely on it.
    LogState {
        /// Its timestamps count.
        Usable = "USABLE",
        /// Applied for, not yet decided.
        Pending = "PENDING",
        /// Accepted, but clients may not know it yet.
        Qualified = "QUALIFIED",
        /// Takes no more certificates.
        ReadOnly = "READ_ONLY",
        /// Timestamps from before a date count.
        Retired = "RETIRED",
        /// Refused.
        Rejected = "REJECTED",
    }
}

open_enum! {
    /// `meta.aggInterval`: the aggregation interval of an answer, in the API's words for answers.
    ///
    /// Older descriptions of the API show it as it is asked for (`1h`);
    /// [`interval`](ReportedInterval::interval) reads both.
    ReportedInterval {
        /// 15 minutes.
        FifteenMinutes = "FIFTEEN_MINUTES",
        /// One hour.
        OneHour = "ONE_HOUR",
        /// One day.
        OneDay = "ONE_DAY",
        /// One week.
        OneWeek = "ONE_WEEK",
        /// One month: never asked for, only answered.
        OneMonth = "ONE_MONTH",
    }
}

impl AggInterval {
    /// How long it is; `None` for one that this version does not know.
    pub fn length(&self) -> Option<chrono::Duration> {
        match self {
            Self::FifteenMinutes => Some(chrono::Duration::minutes(15)),
            Self::OneHour => Some(chrono::Duration::hours(1)),
            Self::OneDay => Some(chrono::Duration::days(1)),
            Self::OneWeek => Some(chrono::Duration::weeks(1)),
            Self::Unknown(_) => None,
        }
    }
}

impl ReportedInterval {
    /// The same interval as it is asked for, if it can be asked for.
    pub fn interval(&self) -> Option<AggInterval> {
        match self {
            Self::FifteenMinutes => Some(AggInterval::FifteenMinutes),
            Self::OneHour => Some(AggInterval::OneHour),
            Self::OneDay => Some(AggInterval::OneDay),
            Self::OneWeek => Some(AggInterval::OneWeek),
            Self::OneMonth => None,
            Self::Unknown(text) => Some(AggInterval::from(text.as_ref())).filter(AggInterval::is_known),
        }
    }
}

impl From<&AggInterval> for ReportedInterval {
    fn from(interval: &AggInterval) -> Self {
        match interval {
            AggInterval::FifteenMinutes => Self::FifteenMinutes,
            AggInterval::OneHour => Self::OneHour,
            AggInterval::OneDay => Self::OneDay,
            AggInterval::OneWeek => Self::OneWeek,
            AggInterval::Unknown(text) => Self::Unknown(text.clone()),
        }
    }
}

open_enum! {
    /// `meta.normalization`: what was done to the values.
    Normalization {
        /// Percent of the whole.
        Percentage = "PERCENTAGE",
        /// Scaled so that 0 is 0 and the largest is 1.
        Min0Max = "MIN0_MAX",
        /// Scaled so that the smallest is 0 and the largest is 1.
        MinMax = "MIN_MAX",
        /// As counted.
        RawValues = "RAW_VALUES",
        /// Change in percent.
        PercentageChange = "PERCENTAGE_CHANGE",
        /// Rolling average.
        RollingAverage = "ROLLING_AVERAGE",
        /// Percent of a whole whose parts overlap.
        OverlappedPercentage = "OVERLAPPED_PERCENTAGE",
        /// A ratio.
        Ratio = "RATIO",
    }
}

open_enum! {
    /// `eventType` of an annotation: what kind of event may have touched the data.
    EventType {
        /// An event; written by older versions of the API.
        Event = "EVENT",
        /// A remark.
        General = "GENERAL",
        /// An outage.
        Outage = "OUTAGE",
        /// The last points are projected from part of the data.
        PartialProjection = "PARTIAL_PROJECTION",
        /// Something about how the data are gathered.
        Pipeline = "PIPELINE",
        /// A traffic anomaly.
        TrafficAnomaly = "TRAFFIC_ANOMALY",
    }
}

accepted_as_documented!(
    AggInterval,
    CertificateDuration,
    EntryType,
    ExpirationStatus,
    LogApi,
    PublicKeyAlgorithm,
    SignatureAlgorithm,
    UniqueEntries,
    ValidationLevel,
    Dimension,
    GroupNormalization,
    CertificateRecordType,
    RevocationStatus,
    RootStatus,
    LogState,
    ReportedInterval,
    Normalization,
    EventType
);

impl Accepted for Format {
    fn is_accepted(&self) -> bool {
        Self::VALUES.iter().any(|known| known.eq_ignore_ascii_case(self.as_str()))
    }
}

impl Format {
    /// Whether this asks for CSV, in whatever case it is written.
    pub fn is_csv(&self) -> bool {
        self.as_str().eq_ignore_ascii_case(Self::Csv.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_value_is_known_and_every_other_is_kept() {
        for text in SignatureAlgorithm::VALUES {
            let value = SignatureAlgorithm::from(*text);
            assert!(value.is_known(), "{text}");
            assert_eq!(value.as_str(), *text);
        }
        let new: SignatureAlgorithm = serde_json::from_str("\"ML_DSA_65\"").unwrap();
        assert_eq!(new, SignatureAlgorithm::Unknown("ML_DSA_65".into()));
        assert_eq!(serde_json::to_string(&new).unwrap(), "\"ML_DSA_65\"");
        assert!(new.check(SignatureAlgorithm::KIND).is_err());
    }

    #[test]
    fn format_is_accepted_in_lower_case_and_kept_so() {
        let csv = Format::from("csv");
        assert!(csv.is_csv() && csv.check(Format::KIND).is_ok());
        assert_eq!(csv.as_str(), "csv");
        assert!(Format::from("xml").check(Format::KIND).is_err());
    }

    #[test]
    fn every_interval_that_can_be_asked_for_has_a_length() {
        let lengths: Vec<_> =
            AggInterval::VALUES.iter().map(|text| AggInterval::from(*text).length()).collect();
        assert!(lengths.iter().all(Option::is_some) && lengths.is_sorted());
        assert_eq!(AggInterval::from("2h").length(), None);
    }

    #[test]
    fn a_reported_interval_is_read_in_either_spelling() {
        assert_eq!(ReportedInterval::from("ONE_HOUR").interval(), Some(AggInterval::OneHour));
        assert_eq!(ReportedInterval::from("1h").interval(), Some(AggInterval::OneHour));
        assert_eq!(ReportedInterval::from("ONE_MONTH").interval(), None);
        assert_eq!(ReportedInterval::from("2h").interval(), None);
    }
}
