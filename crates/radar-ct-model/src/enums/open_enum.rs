//! The macro that declares an enumeration.

/// Declares an enumeration from a table of its variants and their texts on the wire.
///
/// A value of a request is accepted if it is one of those texts; `Name compared by eq_ignore_ascii_case`
/// relaxes that.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident $(compared by $comparison:ident)? {
            $( $(#[$variant_meta:meta])* $variant:ident = $wire:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A value that this version does not know, as the API wrote it.
            Unknown(Box<str>),
        }

        impl $name {
            /// The documented values in the API's order, as they are written on the wire.
            pub const VALUES: &'static [&'static str] = &[$($wire),*];

            /// The value as it is written on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Unknown(text) => text,
                }
            }

            /// Returns whether the value is one of the documented [`VALUES`](Self::VALUES).
            pub fn is_known(&self) -> bool {
                Self::VALUES.contains(&self.as_str())
            }
        }

        /// Compares the texts on the wire, so that `Unknown` with a documented text equals its variant.
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
                crate::text::deserialize(deserializer)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                crate::enums::schema::open_enum(stringify!($name), Self::VALUES)
            }
        }

        impl crate::request::parameter::Value for $name {
            const KIND: crate::request::parameter::Kind =
                crate::request::parameter::Kind::Enum(Self::VALUES);

            fn parse(
                text: &str,
                _: crate::request::parameter::Kind,
            ) -> Result<Self, crate::request::problem::Problem> {
                Ok(Self::from(text))
            }

            fn to_wire(&self) -> crate::request::parameter::WireValue<'_> {
                crate::request::parameter::WireValue::Text(self.as_str())
            }

            fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }

            fn check(
                &self,
                _: crate::request::parameter::Kind,
            ) -> Result<(), crate::request::problem::Problem> {
                let is_accepted = $crate::enums::open_enum::open_enum!(@comparison $($comparison)?);
                if Self::VALUES.iter().any(|known| is_accepted(known, self.as_str())) {
                    Ok(())
                } else {
                    let value = self.as_str().into();
                    Err(crate::request::problem::Problem::UnknownValue { value, known: Self::VALUES })
                }
            }
        }
    };
    (@comparison) => { str::eq };
    (@comparison $comparison:ident) => { str::$comparison };
}

pub(crate) use open_enum;
