//! The API's CSV: the series side by side, under headers that cannot be undone.

use chrono::{DateTime, SecondsFormat, Utc};
use radar_ct_model::Values;

/// Columns side by side, each under a header.
#[derive(Default)]
pub(crate) struct Table {
    columns: Vec<(String, Vec<String>)>,
}

impl Table {
    /// Adds a column, named by the path that leads to it in the JSON.
    pub(crate) fn column(&mut self, path: &[&str], cells: impl Iterator<Item = String>) {
        self.columns.push((header(path), cells.collect()));
    }

    /// Adds a column of timestamps.
    pub(crate) fn timestamps(&mut self, name: &str, timestamps: &[DateTime<Utc>]) {
        let cells = timestamps.iter().map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        self.column(&[name, "timestamps"], cells);
    }

    /// Adds a column of values, a missing one empty.
    pub(crate) fn values(&mut self, path: &[&str], values: &Values) {
        self.column(
            path,
            values.iter().map(|value| value.map(|value| value.to_string()).unwrap_or_default()),
        );
    }

    /// The text; a shorter column is padded with empty cells.
    ///
    /// Line ends are not known of the API; these are RFC 4180's.
    pub(crate) fn into_text(self) -> String {
        let (headers, mut columns): (Vec<_>, Vec<_>) =
            self.columns.into_iter().map(|(header, cells)| (header, cells.into_iter())).unzip();
        let rows = columns.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        let mut text = line(headers.into_iter());
        for _ in 0..rows {
            text.push_str(&line(columns.iter_mut().map(|cells| cells.next().unwrap_or_default())));
        }
        text
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.map(quoted).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// The path to a column joined by spaces, a space before every capital, the first character in upper case.
///
/// A label that begins with a capital thus gets a space in front. No recorded header has such a label, so that is the rule
/// applied to the letter rather than an observation.
fn header(path: &[&str]) -> String {
    let mut spaced = String::new();
    for letter in path.join(" ").chars() {
        if letter.is_ascii_uppercase() {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    let mut letters = spaced.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Quoted where RFC 4180 asks for it.
fn quoted(cell: String) -> String {
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn headers_are_mangled_as_the_recorded_ones_are() {
        for (path, mangled) in [
            (["serie_0", "timestamps"], "Serie_0 timestamps"),
            (["sa", "mobile"], "Sa mobile"),
            (["serie_0", "IPv4"], "Serie_0  I Pv4"),
            (["serie_0", "TLS QUIC"], "Serie_0  T L S  Q U I C"),
            (["mobile", "clientCountryAlpha2"], "Mobile client Country Alpha2"),
            (["Let's", "values"], " Let's values"),
            (["école", "values"], "École values"),
        ] {
            assert_eq!(header(&path), mangled);
        }
    }

    #[test]
    fn shorter_series_are_padded_and_labels_quoted_where_needed() {
        let mut table = Table::default();
        for (name, values) in [("a,\"b\"", vec![1.0]), ("c", vec![2.0, 1e15])] {
            let times = (0..).map(|n| DateTime::from_timestamp(900 * n, 0).unwrap()).take(values.len());
            table.timestamps(name, &times.collect::<Vec<_>>());
            table.values(&[name, "values"], &values.into_iter().collect());
        }
        assert_eq!(
            table.into_text(),
            "\"A,\"\"b\"\" timestamps\",\"A,\"\"b\"\" values\",C timestamps,C values\r\n\
             1970-01-01T00:00:00Z,1,1970-01-01T00:00:00Z,2\r\n\
             ,,1970-01-01T00:15:00Z,1000000000000000\r\n"
        );
    }
}
