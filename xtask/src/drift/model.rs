//! The model: a description of its endpoints, and its verdict on a request.

use anyhow::{Context, Result};
use radar_ct_model::endpoints::{ENDPOINTS, EndpointInfo, EndpointVisitor, ItemKey, Listing, SeriesOptions};
use radar_ct_model::{Kind, ListParams, Query, SeriesRequest};
use serde_json::{Value, json};

use super::facts::{Endpoint, Endpoints, Parameter};

pub(super) fn endpoints() -> Result<Endpoints> {
    ENDPOINTS.iter().map(|info| Ok((format!("GET {}", info.path), endpoint(info)?))).collect()
}

fn endpoint(info: &EndpointInfo) -> Result<Endpoint> {
    let series = info.series_parameters();
    let series = series.iter().map(|one| (one.name, json!({ "type": "array", "items": schema(one.kind) })));
    let request = info.request_parameters();
    let request = request.iter().chain(&info.path_parameter).map(|one| (one.name, schema(one.kind)));
    let parameter =
        |(name, schema): (&str, Value)| (name.to_owned(), Parameter { schema, ..Parameter::default() });
    let answer = info.schema().with_context(|| format!("{} has no schema", info.name))?.to_value();
    Ok(Endpoint { parameters: series.chain(request).map(parameter).collect(), answer, ..Endpoint::default() })
}

fn schema(kind: Kind) -> Value {
    match kind {
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer { min } => json!({ "type": "integer", "minimum": min }),
        Kind::Enum(values) => json!({ "type": "string", "enum": values }),
        _ => json!({ "type": "string" }),
    }
}

/// Checks a request, such as `/radar/ct/timeseries?tld=com`, as the clients do before they send it.
///
/// # Errors
/// Returns an error if the path is none of the model's. The inner result is the model's verdict.
pub(super) fn check(request: &str) -> Result<Result<(), String>> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let find = |info: &'static EndpointInfo| match info.path.split_once('{') {
        Some((before, _)) => Some((info, path.strip_prefix(before)?)),
        None => (info.path == path).then_some((info, "")),
    };
    let (info, segment) = ENDPOINTS.iter().find_map(find).with_context(|| format!("unknown path: {path}"))?;
    info.visit(Check { segment, query: Query::parse(query)? }).context("the endpoint has no type")
}

struct Check<'a> {
    segment: &'a str,
    query: Query,
}

impl EndpointVisitor for Check<'_> {
    type Output = Result<(), String>;

    fn series<O: SeriesOptions>(self, _: &EndpointInfo) -> Self::Output {
        let params = SeriesRequest::<O>::from_parts(self.segment, self.query);
        params.and_then(|params| params.validate()).map_err(|error| error.to_string())
    }

    fn list<L: Listing>(self, _: &EndpointInfo) -> Self::Output {
        let params = ListParams::<L>::from_query(self.query);
        params.and_then(|params| params.validate()).map_err(|error| error.to_string())
    }

    fn item<K: ItemKey>(self, _: &EndpointInfo) -> Self::Output {
        self.segment.parse::<K>().map(drop).map_err(|problem| problem.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare::model_differences;
    use super::super::facts::facts;
    use super::*;

    #[test]
    fn every_parameter_is_a_fact() {
        let facts = facts(&endpoints().unwrap()).unwrap();
        let names = |path: &str| facts[path].keys().filter(|subject| subject.starts_with("parameter "));
        let own = |path: &str| names(path).filter(|subject| !subject.ends_with("[]")).count();
        assert_eq!(facts.len(), ENDPOINTS.len());
        assert_eq!(own("GET /radar/ct/timeseries"), 21);
        assert_eq!(own("GET /radar/ct/logs/{log_slug}"), 2);
        let interval = &facts["GET /radar/ct/timeseries"]["parameter aggInterval"];
        assert_eq!(
            interval.iter().collect::<Vec<_>>(),
            ["type string", "value 15m", "value 1d", "value 1h", "value 1w"]
        );
    }

    #[test]
    fn a_value_or_member_that_the_model_lacks_is_found() {
        let sdk = facts(&endpoints().unwrap()).unwrap();
        let mut model = sdk.clone();
        let members = model.get_mut("GET /radar/ct/timeseries").unwrap();
        assert!(members.get_mut("answer.meta.normalization").unwrap().remove("value PERCENTAGE"));
        members.retain(|subject, _| !subject.starts_with("answer.meta.units"));
        let lines = ["answer.meta.normalization: value PERCENTAGE", "answer.meta.units"];
        assert_eq!(
            model_differences(&model, &sdk),
            lines.map(|line| format!("+ GET /radar/ct/timeseries {line}"))
        );
    }

    #[test]
    fn the_model_may_read_more_types_and_no_fewer() {
        let model = facts(&endpoints().unwrap()).unwrap();
        let mut sdk = model.clone();
        let members = sdk.get_mut("GET /radar/ct/timeseries").unwrap();
        let values = members.get_mut("answer.<other>.values[]").unwrap();
        assert!(values.remove("type null") && values.remove("type number"));
        assert!(model_differences(&model, &sdk).is_empty());
        assert_eq!(model_differences(&sdk, &model).len(), 2);
    }
}
