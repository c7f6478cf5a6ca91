//! The API's enumerations, which a request writes and an answer reads.
//!
//! They are closed for what is sent and open for what is received. An answer with a value that this version
//! does not know decodes: the value is kept in `Unknown` and serialises back unchanged. A *request* with such
//! a value is refused by `validate()` before anything is sent.

mod answers;
mod open_enum;
mod requests;
#[cfg(feature = "schema")]
mod schema;

pub use answers::{
    CertificateRecordType, EventType, LogState, Normalization, ReportedInterval, RevocationStatus, RootStatus,
};
pub use requests::{
    AggInterval, CertificateDuration, Dimension, EntryType, ExpirationStatus, Format, GroupNormalization,
    LogApi, PublicKeyAlgorithm, SignatureAlgorithm, UniqueEntries, ValidationLevel,
};

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug + for<'t> From<&'t str>>(
        values: &[&str],
    ) {
        // Texts that need an escape are read from a buffer and not from the input.
        for text in values.iter().chain(&["ML_DSA_65", "", "a\"b\\c\nd", "é"]) {
            let value = T::from(text);
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(json, serde_json::to_string(text).unwrap());
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
            assert_eq!(serde_json::from_value::<T>(serde_json::to_value(&value).unwrap()).unwrap(), value);
            let ron = ron::to_string(&value).unwrap();
            assert_eq!(ron::from_str::<T>(&ron).unwrap(), value, "{ron}");
            let binary = postcard::to_allocvec(&value).unwrap();
            assert_eq!(postcard::from_bytes::<T>(&binary).unwrap(), value);
        }
        serde_json::from_str::<T>("7").unwrap_err();
        serde_json::from_str::<T>("null").unwrap_err();
    }

    #[test]
    fn every_enumeration_round_trips_in_every_format() {
        macro_rules! all {
            ($($name:ident),* $(,)?) => { $( round_trips::<$name>($name::VALUES); )* };
        }
        all!(
            AggInterval,
            CertificateDuration,
            CertificateRecordType,
            Dimension,
            EntryType,
            EventType,
            ExpirationStatus,
            Format,
            GroupNormalization,
            LogApi,
            LogState,
            Normalization,
            PublicKeyAlgorithm,
            ReportedInterval,
            RevocationStatus,
            RootStatus,
            SignatureAlgorithm,
            UniqueEntries,
            ValidationLevel,
        );
    }
}
