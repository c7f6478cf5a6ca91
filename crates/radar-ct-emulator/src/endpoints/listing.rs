//! What the endpoints have in common that answer rows instead of series.

use radar_ct_model::{Format, ListParams, Listing, Query};
use serde_json::{Value, json};

use super::Asked;
use super::series::invalid;
use crate::csv::Table;
use crate::reply::Reply;

/// How many rows a page has where nobody says. What the API takes is not known: an assumption, and fewer than the list
/// of authorities has, so that who reads one page for all of them notices.
const ROWS: u32 = 20;

/// A page of a list, in the format that was asked for.
pub(crate) fn page<L: Listing>(
    asked: &Asked<'_>,
    member: &str,
    rows: impl Iterator<Item = serde_json::Result<Value>>,
) -> Result<Reply, Reply> {
    let query = Query::parse(asked.query).map_err(|error| invalid(&error))?;
    let params = ListParams::<L>::from_query(query).map_err(|error| invalid(&error))?;
    params.validate().map_err(|error| invalid(&error))?;
    let rows = rows
        .skip(size(params.asked_offset().unwrap_or(0)))
        .take(size(params.asked_limit().unwrap_or(ROWS)))
        .collect::<serde_json::Result<Vec<_>>>()
        .map_err(|_| Reply::internal())?;
    if params.asked_format().is_some_and(Format::is_csv) {
        return Ok(Reply::csv(table(&rows).into_text()));
    }
    Ok(Reply::result(&json!({ member: rows }).to_string()))
}

/// One thing with its details, in the format that was asked for. What it may lack must have its member all the same.
pub(crate) fn one<L: Listing>(
    asked: &Asked<'_>,
    member: &str,
    found: serde_json::Result<Value>,
    always: &[(&str, Value)],
) -> Result<Reply, Reply> {
    let query = Query::parse(asked.query).map_err(|error| invalid(&error))?;
    // Its only parameter is one that a list has too.
    let mut only_format = Query::new();
    for (name, value) in query.pairs().filter(|(name, _)| *name == "format") {
        only_format.push(name.to_owned(), value);
    }
    let params = ListParams::<L>::from_query(only_format).map_err(|error| invalid(&error))?;
    params.validate().map_err(|error| invalid(&error))?;
    let mut found = found.map_err(|_| Reply::internal())?;
    if let Value::Object(members) = &mut found {
        for (name, value) in always {
            members.entry(*name).or_insert_with(|| value.clone());
        }
    }
    if params.asked_format().is_some_and(Format::is_csv) {
        return Ok(Reply::csv(table(&[found]).into_text()));
    }
    Ok(Reply::result(&json!({ member: found }).to_string()))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A column for each member, a line for each row. A member that is no text is in its cell as JSON; a null is empty.
fn table(rows: &[Value]) -> Table {
    let mut table = Table::default();
    let names = rows.first().and_then(Value::as_object).into_iter().flat_map(|first| first.keys());
    for name in names {
        let cells = rows.iter().map(|row| match row.get(name) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        });
        table.column(&[name], cells);
    }
    table
}
