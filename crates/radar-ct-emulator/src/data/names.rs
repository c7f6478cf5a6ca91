//! Names from the public web PKI, which make the data look familiar, and the share of each value. The shares
//! are rough guesses, relative to the others of their table.

use radar_ct_model::{
    CertificateDuration as Days, EntryType, ExpirationStatus, LogApi, LogState as State,
    PublicKeyAlgorithm as Key, SignatureAlgorithm as Signature, UniqueEntries, ValidationLevel as Level,
};

/// A CA owner and its CAs.
pub(crate) struct Owner {
    pub(crate) name: &'static str,
    /// The ISO 3166-1 code of its country.
    pub(crate) country: &'static str,
    /// The root above all of its CAs.
    pub(crate) root: &'static str,
    /// Other names that filters know it by.
    pub(crate) aliases: &'static [&'static str],
    pub(crate) share: u64,
    /// True if it validates domains only.
    pub(crate) domains_only: bool,
    /// Its CAs, each with the signature algorithm that its key implies.
    pub(crate) cas: &'static [(&'static str, Signature)],
}

pub(crate) const OWNERS: &[Owner] = &[
    Owner {
        name: "Internet Security Research Group",
        country: "US",
        root: "ISRG Root X1",
        aliases: &["Let's Encrypt", "ISRG"],
        share: 550,
        domains_only: true,
        cas: &[
            ("E7", Signature::EcdsaSha384),
            ("E8", Signature::EcdsaSha384),
            ("R12", Signature::RsaSha256),
            ("R13", Signature::RsaSha256),
        ],
    },
    Owner {
        name: "Google Trust Services LLC",
        country: "US",
        root: "GTS Root R1",
        aliases: &["Google Trust Services", "Google", "GTS"],
        share: 200,
        domains_only: true,
        cas: &[
            ("WE1", Signature::EcdsaSha256),
            ("WE2", Signature::EcdsaSha256),
            ("WR1", Signature::RsaSha256),
            ("WR3", Signature::RsaSha256),
        ],
    },
    Owner {
        name: "Sectigo Limited",
        country: "GB",
        root: "Sectigo Public Server Authentication Root R46",
        aliases: &["Sectigo", "Sectigo Ltd"],
        share: 80,
        domains_only: false,
        cas: &[
            ("Sectigo Public Server Authentication CA DV E36", Signature::EcdsaSha256),
            ("Sectigo Public Server Authentication CA DV R36", Signature::RsaSha384),
            ("Sectigo Public Server Authentication CA OV R36", Signature::RsaSha384),
        ],
    },
    Owner {
        name: "DigiCert",
        country: "US",
        root: "DigiCert Global Root G2",
        aliases: &["DigiCert, Inc.", "DigiCert Inc"],
        share: 45,
        domains_only: false,
        cas: &[
            ("DigiCert Global G2 TLS RSA SHA256 2020 CA1", Signature::RsaSha256),
            ("DigiCert Global G3 TLS ECC SHA384 2020 CA1", Signature::EcdsaSha384),
            ("GeoTrust TLS RSA CA G1", Signature::RsaSha256),
        ],
    },
    Owner {
        name: "GoDaddy.com, Inc.",
        country: "US",
        root: "Go Daddy Root Certificate Authority - G2",
        aliases: &["GoDaddy"],
        share: 40,
        domains_only: false,
        cas: &[("Go Daddy Secure Certificate Authority - G2", Signature::RsaSha256)],
    },
    Owner {
        name: "Amazon",
        country: "US",
        root: "Amazon Root CA 1",
        aliases: &["Amazon Trust Services"],
        share: 35,
        domains_only: true,
        cas: &[
            ("Amazon RSA 2048 M03", Signature::RsaSha256),
            ("Amazon ECDSA 256 M03", Signature::EcdsaSha256),
        ],
    },
    Owner {
        name: "Microsoft Corporation",
        country: "US",
        root: "Microsoft RSA Root Certificate Authority 2017",
        aliases: &["Microsoft"],
        share: 20,
        domains_only: false,
        cas: &[("Microsoft Azure RSA TLS Issuing CA 03", Signature::RsaSha384)],
    },
    Owner {
        name: "GlobalSign nv-sa",
        country: "BE",
        root: "GlobalSign Root R3",
        aliases: &["GlobalSign"],
        share: 15,
        domains_only: false,
        cas: &[
            ("GlobalSign Atlas R3 DV TLS CA 2026 Q1", Signature::RsaSha256),
            ("GlobalSign RSA OV SSL CA 2018", Signature::RsaSha256),
        ],
    },
    Owner {
        name: "SSL.com",
        country: "US",
        root: "SSL.com TLS ECC Root CA 2022",
        aliases: &["SSL Corp"],
        share: 10,
        domains_only: false,
        cas: &[("SSL.com TLS Issuing ECC CA R1", Signature::EcdsaSha384)],
    },
    Owner {
        name: "IdenTrust",
        country: "US",
        root: "IdenTrust Commercial Root CA 1",
        aliases: &["IdenTrust Services, LLC"],
        share: 5,
        domains_only: false,
        cas: &[("TrustID Server CA O1", Signature::RsaSha256)],
    },
];

/// An invented owner that issues what no real CA issues any more, so that every documented value has some
/// volume.
pub(crate) const LEGACY_OWNER: &str = "Example Legacy Trust";
pub(crate) const LEGACY_ROOT: &str = "Example Legacy Root";

/// The example of the API's documentation, which users try first. It issues nothing.
pub(crate) const DOCUMENTED_OWNER: &str = "MULTICERT";
pub(crate) const DOCUMENTED_COUNTRY: &str = "PT";
pub(crate) const DOCUMENTED_ROOT: &str = "MULTICERT Root Certification Authority 01";
pub(crate) const DOCUMENTED_CA: &str = "MULTICERT Advanced Certification Authority 005";
pub(crate) const DOCUMENTED_FINGERPRINT: &str =
    "24EDD4E503A8D3FDB5FFB4AF66C887359901CBE687A5A0760D10A08EED99A7C3";

pub(crate) const COUNTRIES: &[(&str, &str)] =
    &[("BE", "Belgium"), ("GB", "United Kingdom"), ("PT", "Portugal"), ("US", "United States")];

/// A log, its operator, and its interface.
pub(crate) struct NamedLog {
    pub(crate) slug: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) api: LogApi,
}

const fn rfc6962(operator: &'static str, slug: &'static str) -> NamedLog {
    NamedLog { slug, operator, api: LogApi::Rfc6962 }
}

const fn tiled(operator: &'static str, slug: &'static str) -> NamedLog {
    NamedLog { slug, operator, api: LogApi::Static }
}

pub(crate) const LOGS: &[(NamedLog, u64)] = &[
    (rfc6962("Google", "argon2026h1"), 12),
    (rfc6962("Google", "argon2026h2"), 12),
    (rfc6962("Google", "xenon2026h1"), 10),
    (rfc6962("Google", "xenon2026h2"), 10),
    (rfc6962("Cloudflare", "nimbus2026"), 16),
    (rfc6962("Let's Encrypt", "oak2026h1"), 8),
    (rfc6962("Let's Encrypt", "oak2026h2"), 8),
    (tiled("Let's Encrypt", "sycamore2026h1"), 4),
    (tiled("Let's Encrypt", "sycamore2026h2"), 4),
    (tiled("Let's Encrypt", "willow2026h1"), 4),
    (tiled("Let's Encrypt", "willow2026h2"), 4),
    (rfc6962("Sectigo", "sabre2026h1"), 5),
    (rfc6962("Sectigo", "sabre2026h2"), 5),
    (rfc6962("DigiCert", "wyvern2026h1"), 6),
    (rfc6962("DigiCert", "sphinx2026h2"), 5),
    (rfc6962("TrustAsia", "log2026a"), 2),
];

/// Logs that accept no more certificates, and one that never did. The first is the example of the API's
/// documentation.
pub(crate) const PAST_LOGS: &[(NamedLog, State)] = &[
    (rfc6962("Google", "argon2024"), State::Retired),
    (rfc6962("Cloudflare", "nimbus2025"), State::ReadOnly),
    (tiled("Example Log Operator", "example2025h2"), State::Rejected),
];

pub(crate) const TLDS: &[(&str, u64)] = &[
    ("com", 450),
    ("net", 60),
    ("org", 55),
    ("de", 50),
    ("io", 40),
    ("dev", 35),
    ("app", 35),
    ("uk", 30),
    ("ru", 28),
    ("br", 26),
    ("nl", 24),
    ("fr", 22),
    ("in", 18),
    ("au", 16),
    ("jp", 14),
    ("it", 14),
    ("pl", 13),
    ("eu", 12),
    ("ca", 12),
    ("es", 11),
    ("cn", 11),
    ("info", 10),
    ("xyz", 10),
    ("online", 9),
    ("shop", 9),
    ("us", 8),
    ("ch", 8),
    ("co", 8),
    ("se", 7),
    ("me", 6),
    ("pt", 5),
];

// Only values that real CAs still issue: the legacy owner provides the volume of all others.
pub(crate) const DURATIONS: &[(Days, u64)] = &[
    (Days::Gt3dLte7d, 4),
    (Days::Gt10dLte47d, 8),
    (Days::Gt47dLte100d, 66),
    (Days::Gt100dLte200d, 10),
    (Days::Gt200d, 12),
];
pub(crate) const ENTRY_TYPES: &[(EntryType, u64)] =
    &[(EntryType::Precertificate, 6), (EntryType::Certificate, 5)];
pub(crate) const EXPIRATION: &[(ExpirationStatus, u64)] =
    &[(ExpirationStatus::Valid, 7), (ExpirationStatus::Expired, 3)];
pub(crate) const KEYS: &[(Key, u64)] = &[(Key::Ecdsa, 6), (Key::Rsa, 5)];
pub(crate) const UNIQUE: &[(UniqueEntries, u64)] = &[(UniqueEntries::True, 2), (UniqueEntries::False, 3)];
pub(crate) const LEVELS: &[(Level, u64)] =
    &[(Level::Domain, 5), (Level::Organization, 4), (Level::Extended, 1)];
pub(crate) const WITH_IPS: &[(bool, u64)] = &[(true, 1), (false, 30)];
pub(crate) const WITH_WILDCARDS: &[(bool, u64)] = &[(true, 3), (false, 7)];
