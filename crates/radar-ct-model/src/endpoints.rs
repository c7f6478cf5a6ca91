//! Code for every endpoint: the table of endpoints, and the traits of their types.
//!
//! [`ENDPOINTS`] describes the endpoints as data. An [`EndpointVisitor`] works with the types of each one:
//!
//! ```
//! use radar_ct_model::endpoints::{
//!     ENDPOINTS, EndpointInfo, EndpointVisitor, ItemKey, Listing, Record, SeriesOptions,
//! };
//!
//! /// Returns the number of columns of a table of the answer's records.
//! struct Columns;
//!
//! impl EndpointVisitor for Columns {
//!     type Output = usize;
//!
//!     fn series<O: SeriesOptions>(self, _: &EndpointInfo) -> usize {
//!         0
//!     }
//!
//!     fn list<L: Listing>(self, _: &EndpointInfo) -> usize {
//!         L::Record::COLUMNS.len()
//!     }
//!
//!     fn item<K: ItemKey>(self, _: &EndpointInfo) -> usize {
//!         K::Record::COLUMNS.len()
//!     }
//! }
//!
//! let logs = ENDPOINTS.iter().find(|endpoint| endpoint.name == "logs").unwrap();
//! assert_eq!(logs.visit(Columns), Some(8));
//! ```
// Adding an endpoint is one file in `endpoints/`, named in the two lists below, one row in the table, and one
// method in each client. Flags, routes, schemas and tests follow from the row.

mod authorities;
mod logs;
mod summary;
mod timeseries;
mod timeseries_groups;

/// The types of the endpoints, which the crate exports at its root.
pub(crate) mod types {
    pub use super::authorities::*;
    pub use super::logs::*;
    pub use super::summary::*;
    pub use super::timeseries::*;
    pub use super::timeseries_groups::*;
}

use types::{Authorities, Logs, SummaryOptions, TimeseriesOptions};

use crate::ids::{Fingerprint, LogSlug};
use crate::request::grouping::Grouped;
pub use crate::request::grouping::{LIMIT_PER_GROUP, NORMALIZATION};
pub use crate::request::item::ItemKey;
use crate::request::item::ItemParams;
pub use crate::request::options::AGG_INTERVAL;
use crate::request::page::ListParams;
pub use crate::request::page::Listing;
use crate::request::parameter::Parameter;
use crate::request::series_params::SeriesParams;
pub use crate::request::series_request::SeriesOptions;
use crate::request::series_request::SeriesRequest;
pub use crate::response::frame::{TIMESTAMPS, VALUES};
pub use crate::response::record::{Record, RecordColumn};
pub use crate::response::series::SeriesView;

/// Declares the table: its rows as data, and a visit to the types behind a row.
macro_rules! endpoints {
    ($( $name:ident: $kind:ident<$type:ty>, $about:literal; )*) => {
        /// Every endpoint of the API.
        ///
        /// ```
        /// use radar_ct_model::endpoints::ENDPOINTS;
        /// let timeseries = ENDPOINTS.iter().find(|endpoint| endpoint.name == "timeseries").unwrap();
        /// assert_eq!(timeseries.path, "/radar/ct/timeseries");
        /// assert_eq!(timeseries.series_parameters().len() + timeseries.request_parameters().len(), 21);
        /// ```
        pub const ENDPOINTS: &[EndpointInfo] =
            &[$( EndpointInfo::$kind::<$type>(stringify!($name), $about) ),*];

        impl EndpointInfo {
            /// Calls the method of `visitor` for the kind of this endpoint, with its types.
            ///
            /// Returns `None` if the endpoint is not in [`ENDPOINTS`].
            pub fn visit<V: EndpointVisitor>(&self, visitor: V) -> Option<V::Output> {
                match self.name {
                    $( stringify!($name) => Some(visitor.$kind::<$type>(self)), )*
                    _ => None,
                }
            }

            /// Returns the JSON Schema of the answer's `result`; `None` if the endpoint is not in
            /// [`ENDPOINTS`].
            #[cfg(feature = "schema")]
            pub fn schema(&self) -> Option<schemars::Schema> {
                match self.name {
                    $( stringify!($name) => Some(schema::$kind::<$type>()), )*
                    _ => None,
                }
            }
        }
    };
}

endpoints! {
    timeseries: series<TimeseriesOptions>, "Certificate volume over time";
    timeseries_groups: series<Grouped<TimeseriesOptions>>, "Certificate volume over time, by a dimension";
    summary: series<Grouped<SummaryOptions>>, "Distribution of certificates over a dimension";
    authorities: list<Authorities>, "Certification authorities";
    authority: item<Fingerprint>, "One certification authority";
    logs: list<Logs>, "Certificate Transparency logs";
    log: item<LogSlug>, "One Certificate Transparency log";
}

/// An endpoint as data: a row of [`ENDPOINTS`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EndpointInfo {
    /// The name of the endpoint, which is that of its method in the clients.
    pub name: &'static str,
    /// One line of help.
    pub about: &'static str,
    /// The path below the base URL, its variable segment in braces.
    pub path: &'static str,
    /// The variable segment of the path, if there is one.
    pub path_parameter: Option<Parameter>,
    /// The kind of answer.
    pub kind: EndpointKind,
    /// The label prefix of a series without a name, which its position follows; `None` for records.
    pub label_prefix: Option<&'static str>,
    request_parameters: fn() -> Vec<Parameter>,
}

/// The kinds of endpoints, by their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointKind {
    /// One or more series.
    Series,
    /// A page of a list of records.
    List,
    /// One record.
    Item,
}

/// Code that works with every endpoint: one generic method for each kind.
pub trait EndpointVisitor {
    /// The result of a visit.
    type Output;

    /// Visits an endpoint that answers series.
    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) -> Self::Output;

    /// Visits an endpoint that answers a page of a list.
    fn list<L: Listing>(self, endpoint: &EndpointInfo) -> Self::Output;

    /// Visits an endpoint that answers one record.
    fn item<K: ItemKey>(self, endpoint: &EndpointInfo) -> Self::Output;
}

impl EndpointInfo {
    const fn series<O: SeriesOptions>(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            path: O::PATH,
            path_parameter: O::PATH_PARAMETER,
            kind: EndpointKind::Series,
            label_prefix: Some(O::LABEL_PREFIX),
            request_parameters: SeriesRequest::<O>::request_parameters,
        }
    }

    const fn list<L: Listing>(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            path: L::PATH,
            path_parameter: None,
            kind: EndpointKind::List,
            label_prefix: None,
            request_parameters: ListParams::<L>::parameters,
        }
    }

    const fn item<K: ItemKey>(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            path: K::PATH,
            path_parameter: Some(K::PARAMETER),
            kind: EndpointKind::Item,
            label_prefix: None,
            request_parameters: ItemParams::<K>::parameters,
        }
    }

    /// Returns the parameters of each series, in the order in which they are written; none for records.
    pub fn series_parameters(&self) -> Vec<Parameter> {
        match self.kind {
            EndpointKind::Series => SeriesParams::parameters().collect(),
            EndpointKind::List | EndpointKind::Item => Vec::new(),
        }
    }

    /// Returns the parameters of the whole request, in the order in which they are written.
    pub fn request_parameters(&self) -> Vec<Parameter> {
        (self.request_parameters)()
    }
}

/// JSON Schemas of the `result` of each kind of endpoint.
#[cfg(feature = "schema")]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use crate::request::item::ItemKey;
    use crate::request::page::Listing;
    use crate::request::series_request::SeriesOptions;
    use crate::response::series_answer::SeriesAnswer;

    pub(super) fn series<O: SeriesOptions>() -> Schema
    where
        SeriesAnswer<O::Series>: JsonSchema,
    {
        SchemaGenerator::default().into_root_schema_for::<SeriesAnswer<O::Series>>()
    }

    pub(super) fn list<L: Listing + JsonSchema>() -> Schema {
        SchemaGenerator::default().into_root_schema_for::<L>()
    }

    pub(super) fn item<K: ItemKey>() -> Schema
    where
        K::Record: JsonSchema,
    {
        let mut generator = SchemaGenerator::default();
        let record = generator.subschema_for::<K::Record>();
        json_schema!({
            "type": "object",
            "properties": { K::MEMBER: record },
            "required": [K::MEMBER],
            "$defs": generator.take_definitions(true),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_row() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/endpoints");
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let source = std::fs::read_to_string(&path).unwrap();
            let paths: Vec<&str> = source.split("PATH: &'static str = \"").skip(1).collect();
            assert!(!paths.is_empty(), "src/endpoints/{module}.rs has no endpoint");
            for path in paths {
                let path = path.split('"').next().unwrap();
                assert!(
                    ENDPOINTS.iter().any(|endpoint| endpoint.path == path),
                    "{path} of src/endpoints/{module}.rs has no row in src/endpoints.rs"
                );
            }
        }
    }

    #[test]
    fn rows_differ_in_name_and_path() {
        for (index, one) in ENDPOINTS.iter().enumerate() {
            for other in &ENDPOINTS[..index] {
                assert!(one.name != other.name && one.path != other.path, "{} twice", one.name);
            }
        }
    }

    #[test]
    fn a_path_parameter_is_named_in_the_path() {
        for endpoint in ENDPOINTS {
            let segment = endpoint.path_parameter.map(|parameter| format!("/{{{}}}", parameter.name));
            assert!(endpoint.path.ends_with(segment.as_deref().unwrap_or("")), "{}", endpoint.name);
            assert_eq!(endpoint.path.contains('{'), segment.is_some(), "{}", endpoint.name);
        }
    }
}
