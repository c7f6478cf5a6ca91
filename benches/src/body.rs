//! Answers of any size in the form of the API: compact, series before `meta`, values as decimal text.

use std::fmt::Write;

/// The size of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// The number of series.
    pub series: usize,
    /// The number of points in each series.
    pub points: usize,
}

impl Size {
    /// Reads `8x35040`.
    pub fn parse(text: &str) -> Self {
        let (series, points) = text.split_once('x').unwrap();
        Self { series: series.parse().unwrap(), points: points.parse().unwrap() }
    }
}

/// Returns an answer of this size.
pub fn body(size: Size) -> Vec<u8> {
    let mut text = String::from(r#"{"success":true,"errors":[],"result":{"#);
    let start = chrono::DateTime::from_timestamp(1_735_689_600, 0).unwrap();
    for series in 0..size.series {
        write!(text, r#""series {series}":{{"timestamps":["#).unwrap();
        for point in 0..size.points {
            let at = start + chrono::Duration::minutes(15 * i64::try_from(point).unwrap());
            let comma = if point == 0 { "" } else { "," };
            write!(text, "{comma}\"{}\"", at.format("%Y-%m-%dT%H:%M:%SZ")).unwrap();
        }
        text.push_str(r#"],"values":["#);
        for point in 0..size.points {
            // At most six decimals without trailing zeros, as in recorded answers.
            let mixed = (point * 2_654_435_761 + series * 97) % 1_000_003;
            let value = f64::from(u32::try_from(mixed).unwrap()) / 1e6;
            let comma = if point == 0 { "" } else { "," };
            write!(text, "{comma}\"{value}\"").unwrap();
        }
        text.push_str("]},");
    }
    text.push_str(r#""meta":{"dateRange":["#);
    for series in 0..size.series {
        let comma = if series == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"startTime":"2025-01-01T00:00:00Z","endTime":"2026-01-01T00:00:00Z"}}"#)
            .unwrap();
    }
    text.push_str(
        r#"],"aggInterval":"FIFTEEN_MINUTES","confidenceInfo":{"annotations":[],"level":null},"lastUpdated":"2026-01-02T03:00:00Z","normalization":"MIN0_MAX","units":[{"name":"*","value":"certificates"}]}}}"#,
    );
    text.into_bytes()
}
