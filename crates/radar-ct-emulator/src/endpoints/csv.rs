//! The API's CSV: columns side by side, under headers that cannot be parsed back.

use chrono::SecondsFormat;
use radar_ct_model::Frame;
use radar_ct_model::endpoints::TIMESTAMPS;

/// Returns series side by side, as the API's CSV has them: without `meta`.
pub(crate) fn of_frames<'f>(frames: impl Iterator<Item = &'f Frame>) -> Table {
    let mut table = Table::default();
    for frame in frames {
        if let Some(timestamps) = frame.timestamps() {
            let texts = timestamps.iter().map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
            table.column(&[frame.label(), TIMESTAMPS], texts.collect());
        }
        for (key, values) in frame.columns() {
            let texts = values.iter().map(|value| value.map(|value| value.to_string()).unwrap_or_default());
            table.column(&[frame.label(), key], texts.collect());
        }
    }
    table
}

/// Columns side by side, each under a header.
#[derive(Default)]
pub(crate) struct Table {
    columns: Vec<(String, Vec<String>)>,
}

impl Table {
    /// Adds a column, named by its path in the JSON.
    pub(crate) fn column(&mut self, path: &[&str], cells: Vec<String>) {
        self.columns.push((header(path), cells));
    }

    /// Returns the text. Shorter columns are padded with empty cells.
    ///
    /// The API's line ends are unknown; these follow RFC 4180.
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

/// Returns the path of a column joined by spaces, with a space before every capital and the first character
/// in upper case.
///
/// A label that begins with a capital thus gets a leading space. No recorded header has such a label: there
/// the rule is extrapolated.
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

/// Quotes a cell if RFC 4180 requires it.
fn quoted(cell: String) -> String {
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_spaced_like_recorded_ones() {
        for (path, spaced) in [
            (["serie_0", "timestamps"], "Serie_0 timestamps"),
            (["sa", "mobile"], "Sa mobile"),
            (["serie_0", "IPv4"], "Serie_0  I Pv4"),
            (["serie_0", "TLS QUIC"], "Serie_0  T L S  Q U I C"),
            (["mobile", "clientCountryAlpha2"], "Mobile client Country Alpha2"),
            (["Let's", "values"], " Let's values"),
            (["école", "values"], "École values"),
        ] {
            assert_eq!(header(&path), spaced);
        }
    }

    #[test]
    fn shorter_columns_are_padded_and_cells_quoted_if_necessary() {
        let mut table = Table::default();
        let times = ["1970-01-01T00:00:00Z", "1970-01-01T00:15:00Z"];
        for (label, values) in [("a,\"b\"", &["1"][..]), ("c", &["2", "1000000000000000"])] {
            let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
            table.column(&[label, "timestamps"], cells(&times[..values.len()]));
            table.column(&[label, "values"], cells(values));
        }
        assert_eq!(
            table.into_text(),
            "\"A,\"\"b\"\" timestamps\",\"A,\"\"b\"\" values\",C timestamps,C values\r\n\
             1970-01-01T00:00:00Z,1,1970-01-01T00:00:00Z,2\r\n\
             ,,1970-01-01T00:15:00Z,1000000000000000\r\n"
        );
    }
}
