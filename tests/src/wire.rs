//! A strict parser of query strings. It shares no code with the model, so that a mistake of the model in
//! writing a query cannot be hidden by the same mistake in parsing one.

use std::collections::BTreeMap;

/// The parameters of a series, from the API's description. Every one is an array on the wire.
pub const SERIES_PARAMETERS: [&str; 19] = [
    "name",
    "dateRange",
    "dateStart",
    "dateEnd",
    "ca",
    "caOwner",
    "duration",
    "entryType",
    "expirationStatus",
    "hasIps",
    "hasWildcards",
    "log",
    "logApi",
    "logOperator",
    "publicKeyAlgorithm",
    "signatureAlgorithm",
    "tld",
    "uniqueEntries",
    "validationLevel",
];

/// The parameters of the whole request, which are not arrays.
pub const REQUEST_PARAMETERS: [&str; 2] = ["aggInterval", "format"];

/// One series as a server sees it: its parameters that are not empty, by name.
pub type SeriesOnTheWire = BTreeMap<String, String>;

/// Parses a query into its decoded pairs, in order.
///
/// # Errors
/// Returns an error unless the query is in its canonical form: reserved characters are escaped in upper case,
/// unreserved ones are not, and each pair has a name and a `=`.
pub fn read_strictly(query: &str) -> Result<Vec<(String, String)>, String> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    query
        .split('&')
        .map(|pair| match pair.split('=').collect::<Vec<_>>().as_slice() {
            [name, value] => Ok((unescape(name)?, unescape(value)?)),
            _ => Err(format!("{pair:?} is not one name and one value")),
        })
        .collect()
}

fn unescape(text: &str) -> Result<String, String> {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let hex = |byte: Option<u8>| match byte {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(letter @ b'A'..=b'F') => Ok(letter - b'A' + 10),
        other => Err(format!("{other:?} is not an upper-case hexadecimal digit, in {text:?}")),
    };
    let mut decoded = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let value = hex(bytes.next())? * 16 + hex(bytes.next())?;
            if is_unreserved(value) {
                return Err(format!("{:?} is escaped without need in {text:?}", char::from(value)));
            }
            decoded.push(value);
        } else if is_unreserved(byte) {
            decoded.push(byte);
        } else {
            return Err(format!("{:?} is not escaped in {text:?}", char::from(byte)));
        }
    }
    String::from_utf8(decoded).map_err(|error| error.to_string())
}

/// Groups the values by name, in order.
pub fn by_name(pairs: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        columns.entry(name.clone()).or_default().push(value.clone());
    }
    columns
}

/// Returns the series that a server sees: as many as the longest array, each with the values at its position.
/// An empty or missing value is no filter.
pub fn series_by_position(pairs: &[(String, String)]) -> Vec<SeriesOnTheWire> {
    let columns = by_name(pairs);
    let arrays = || columns.iter().filter(|(name, _)| SERIES_PARAMETERS.contains(&name.as_str()));
    let count = arrays().map(|(_, values)| values.len()).max().unwrap_or(1);
    (0..count)
        .map(|position| {
            arrays()
                .filter_map(|(name, values)| Some((name.clone(), values.get(position)?.clone())))
                .filter(|(_, value)| !value.is_empty())
                .collect()
        })
        .collect()
}

/// Writes pairs with every byte escaped, for the model to parse.
pub fn write_escaped<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let written: Vec<_> =
        pairs.into_iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    written.join("&")
}
