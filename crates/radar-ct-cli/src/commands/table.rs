//! The rows of the table of endpoints, and the commands that they become.

use radar_ct::endpoints::{ENDPOINTS, EndpointInfo, EndpointKind};

use crate::names::kebab;

/// The command below a list that gets one record.
pub(super) const GET: &str = "get";

/// Returns the endpoint with that path.
pub(super) fn row(path: &str) -> Option<&'static EndpointInfo> {
    ENDPOINTS.iter().find(|endpoint| endpoint.path == path)
}

/// Returns the list that a record is from: its path is the record's without the last segment.
pub(super) fn list_of(item: &EndpointInfo) -> Option<&'static EndpointInfo> {
    let (path, _) = item.path.rsplit_once('/').filter(|_| item.kind == EndpointKind::Item)?;
    row(path).filter(|list| list.kind == EndpointKind::List)
}

/// Returns the endpoint of one record of a list.
pub(super) fn item_of(list: &EndpointInfo) -> Option<&'static EndpointInfo> {
    ENDPOINTS.iter().find(|item| list_of(item).is_some_and(|other| other.path == list.path))
}

/// Returns the command of the endpoint with that path, such as `radar-ct logs get`.
pub(super) fn command_line(path: &str) -> String {
    let Some(endpoint) = row(path) else { return "radar-ct".to_owned() };
    match list_of(endpoint) {
        Some(list) => format!("radar-ct {} {GET}", kebab(list.name)),
        None => format!("radar-ct {}", kebab(endpoint.name)),
    }
}
