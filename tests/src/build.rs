//! The setters of a series by the wire names of their parameters.

use chrono::{DateTime, FixedOffset};
use radar_ct_model::{SeriesParams, TimeseriesParams};

/// Sets one parameter of a series by its wire name. Use [`window`] for the dates.
///
/// # Panics
/// Panics if there is no such parameter, or the value cannot be parsed.
pub fn set(series: SeriesParams, wire_name: &str, value: &str) -> SeriesParams {
    let boolean = || value.parse::<bool>().expect("true or false");
    let series = TimeseriesParams::from(series);
    let request = match wire_name {
        "name" => series.name(value),
        "dateRange" => series.date_range(value.parse().expect("a date range")),
        "ca" => series.ca(value),
        "caOwner" => series.ca_owner(value),
        "duration" => series.duration(value),
        "entryType" => series.entry_type(value),
        "expirationStatus" => series.expiration_status(value),
        "hasIps" => series.has_ips(boolean()),
        "hasWildcards" => series.has_wildcards(boolean()),
        "log" => series.log(value),
        "logApi" => series.log_api(value),
        "logOperator" => series.log_operator(value),
        "publicKeyAlgorithm" => series.public_key_algorithm(value),
        "signatureAlgorithm" => series.signature_algorithm(value),
        "tld" => series.tld(value),
        "uniqueEntries" => series.unique_entries(value),
        "validationLevel" => series.validation_level(value),
        other => panic!("no setter for {other:?}"),
    };
    newest(&request)
}

fn newest(request: &TimeseriesParams) -> SeriesParams {
    request.series().last().cloned().expect("a request has at least one series")
}

/// Sets the window of a series.
///
/// # Panics
/// Panics if a text is not a timestamp.
pub fn window(series: SeriesParams, start: &str, end: &str) -> SeriesParams {
    newest(&TimeseriesParams::from(series).window(instant(start), instant(end)))
}

/// Parses a timestamp.
///
/// # Panics
/// Panics if the text is not a timestamp.
pub fn instant(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a timestamp")
}

/// Returns a request with these series, in order.
///
/// # Panics
/// Panics if there are none.
pub fn request(series: impl IntoIterator<Item = SeriesParams>) -> TimeseriesParams {
    let mut series = series.into_iter();
    let first = series.next().expect("a request has at least one series");
    series.fold(TimeseriesParams::from(first), TimeseriesParams::and)
}
