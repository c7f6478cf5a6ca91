//! The answers of every list endpoint, and of the endpoint of a single record.

use radar_ct_model::{Format, ListParams, ParamError, Query};
use serde::Serialize;
use serde_json::{Value, json};

use crate::endpoints::context::RequestContext;
use crate::endpoints::csv::Table;
use crate::reply::Reply;

/// The rows of a page without `limit`. The API's default is undocumented: an assumption, and less than the
/// list of authorities has, so that a client that takes the first page for the whole list is found out.
const DEFAULT_LIMIT: u32 = 20;

/// Answers a page of a list that consists of these rows; `member` of `result` holds the page.
///
/// # Errors
/// Returns the API's answer to a request that breaks a rule.
pub(crate) fn page(context: &RequestContext<'_>, member: &str, rows: Vec<Value>) -> Result<Reply, Reply> {
    let params = checked_params(parse(context)?)?;
    let rows: Vec<_> = rows
        .into_iter()
        .skip(index(params.asked_offset().unwrap_or(0)))
        .take(index(params.asked_limit().unwrap_or(DEFAULT_LIMIT)))
        .collect();
    if params.asked_format().is_some_and(Format::is_csv) {
        return Ok(Reply::csv(table(&rows).into_text()));
    }
    Ok(Reply::result(&json!({ member: rows }).to_string()))
}

/// Answers a single record; `member` of `result` holds it.
///
/// # Errors
/// Returns the API's answer to a request that breaks a rule.
pub(crate) fn record(context: &RequestContext<'_>, member: &str, record: Value) -> Result<Reply, Reply> {
    // `format` is its only parameter, and one of a list's parameters: those of a page are ignored here.
    let mut query = Query::new();
    for (name, value) in parse(context)?.pairs().filter(|(name, _)| *name == "format") {
        query.push(name.to_owned(), value);
    }
    if checked_params(query)?.asked_format().is_some_and(Format::is_csv) {
        return Ok(Reply::csv(table(&[record]).into_text()));
    }
    Ok(Reply::result(&json!({ member: record }).to_string()))
}

/// Converts a record to JSON.
pub(crate) fn to_value(record: impl Serialize) -> Result<Value, Reply> {
    serde_json::to_value(record).map_err(|_| Reply::internal())
}

/// Converts a record to JSON, and adds the members that it leaves out although the API writes them.
pub(crate) fn to_complete_value(record: impl Serialize, members: &[(&str, Value)]) -> Result<Value, Reply> {
    let mut value = to_value(record)?;
    if let Value::Object(object) = &mut value {
        for (name, default) in members {
            object.entry(*name).or_insert_with(|| default.clone());
        }
    }
    Ok(value)
}

fn parse(context: &RequestContext<'_>) -> Result<Query, Reply> {
    Query::parse(context.query).map_err(|error| invalid(&error))
}

fn checked_params(query: Query) -> Result<ListParams<()>, Reply> {
    let params = ListParams::from_query(query).map_err(|error| invalid(&error))?;
    params.validate().map_err(|error| invalid(&error))?;
    Ok(params)
}

fn invalid(error: &ParamError) -> Reply {
    Reply::invalid(&error.to_string())
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns a column for each member and a line for each row. Text is written as it is, null as an empty cell,
/// and every other value as JSON.
fn table(rows: &[Value]) -> Table {
    let mut table = Table::default();
    let names = rows.first().and_then(Value::as_object).into_iter().flat_map(|first| first.keys());
    for name in names {
        let cells = rows.iter().map(|row| match row.get(name) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        });
        table.column(&[name], cells.collect());
    }
    table
}
