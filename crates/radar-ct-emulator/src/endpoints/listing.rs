//! The answers of every list endpoint, and of the endpoint of a single record.

use radar_ct_model::endpoints::{ItemKey, Listing, Record};
use radar_ct_model::{ItemParams, ListParams, Logs, ParamError, Query};
use serde::Serialize;
use serde_json::{Value, json};

use crate::endpoints::context::RequestContext;
use crate::endpoints::csv::Table;
use crate::reply::Reply;

/// The rows of a page without `limit`. The API's default is undocumented: an assumption, and less than the
/// list of authorities has, so that a client that takes the first page for the whole list is found out.
const DEFAULT_LIMIT: u32 = 20;

/// Answers a page of a list that consists of these rows.
///
/// # Errors
/// Returns the API's answer to a request that breaks a rule.
pub(crate) fn page<L: Listing>(context: &RequestContext<'_>, rows: Vec<Value>) -> Result<Reply, Reply> {
    let params = ListParams::<L>::from_query(parse(context)?).map_err(|error| invalid(&error))?;
    params.validate().map_err(|error| invalid(&error))?;
    let options = params.options();
    let rows: Vec<_> = rows
        .into_iter()
        .skip(index(options.offset.unwrap_or(0)))
        .take(index(options.limit.unwrap_or(DEFAULT_LIMIT)))
        .collect();
    if params.is_csv() {
        return Ok(Reply::csv(table(&rows).into_text()));
    }
    // The model knows which member of `result` holds the page.
    let mut result = to_value(L::from_records(Vec::new()))?;
    if let Some(member) = result.as_object_mut().and_then(|members| members.values_mut().next()) {
        *member = Value::Array(rows);
    }
    Ok(Reply::result(&result.to_string()))
}

/// Answers a single record.
///
/// # Errors
/// Returns the API's answer to a request that breaks a rule.
pub(crate) fn record<K: ItemKey>(context: &RequestContext<'_>, record: Value) -> Result<Reply, Reply> {
    // Its parameters are among those of a list; the others of a list are ignored here.
    let known = ItemParams::<K>::parameters();
    let mut query = Query::new();
    for (name, value) in parse(context)?.pairs() {
        if known.iter().any(|parameter| parameter.name == name) {
            query.push(name.to_owned(), value);
        }
    }
    let params = ListParams::<Logs>::from_query(query).map_err(|error| invalid(&error))?;
    params.validate().map_err(|error| invalid(&error))?;
    if params.is_csv() {
        return Ok(Reply::csv(table(&[record]).into_text()));
    }
    Ok(Reply::result(&json!({ K::MEMBER: record }).to_string()))
}

/// Returns the documented example of a record, for lists of which the emulator has no data.
pub(crate) fn example<R: Record>() -> Result<Value, Reply> {
    serde_json::from_str(R::EXAMPLE).map_err(|_| Reply::internal())
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
