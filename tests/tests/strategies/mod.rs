//! Strategies for the parameters of a series, shared by the tests of all endpoints that take series.

use chrono::{DateTime, FixedOffset, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use radar_ct_model::{
    CertificateDuration, DateRange, EntryType, ExpirationStatus, LogApi, Period, PublicKeyAlgorithm,
    SeriesParams, SignatureAlgorithm, TimeseriesParams, UniqueEntries, ValidationLevel,
};
use radar_ct_tests::build::set;
use radar_ct_tests::wire::{SERIES_PARAMETERS, SeriesOnTheWire};

/// Text of a parameter, from plain to hostile. Never empty, since empty text means no value.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Za-z0-9 .-]{1,12}",
        2 => "[&=+%#;,?/:@!'\"<>\\[\\]{}|^`~*()$ ]{1,8}",
        1 => select(vec![
            "\0", "a\0b", " ", "\t", "\r\n", "\u{feff}", "\u{a0}", "\u{200b}", "%", "%2", "%zz", "%00", "%26", "%2B",
            "&", "=", "&&", "+", "a+b", "a&b=c", "name=meta", "\u{202e}com\u{202c}", "שלום", "日本", "🔒👩‍👩‍👧", "e\u{301}",
            "null", "true", "-com,org", "'; --", "..", "7d", "serie_0", "\u{10ffff}",
        ]).prop_map(str::to_owned),
        2 => any::<String>().prop_filter("empty", |text| !text.is_empty()),
    ]
}

/// A documented value of an enum, or an unknown one.
pub(crate) fn enum_value(known: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => text()]
}

fn date_range() -> impl Strategy<Value = DateRange> {
    let days = (1_u16..=364).prop_map(|count| DateRange::days(count).unwrap());
    let weeks = (1_u16..=52).prop_map(|count| DateRange::weeks(count).unwrap());
    (prop_oneof![days, weeks], any::<bool>())
        .prop_map(|(range, control)| if control { range.control() } else { range })
}

/// An instant that RFC 3339 can represent: a year of four digits, any offset in minutes, up to nanoseconds.
pub(crate) fn any_instant() -> impl Strategy<Value = DateTime<FixedOffset>> {
    let last = "9999-12-30T23:59:59Z".parse::<DateTime<Utc>>().unwrap().timestamp();
    let first = "0000-01-02T00:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp();
    let seconds = prop_oneof![3 => 1_500_000_000_i64..1_900_000_000, 1 => first..=last];
    let nanos = prop_oneof![Just(0), (0..1000_u32).prop_map(|ms| ms * 1_000_000), 0..1_000_000_000_u32];
    let offset = prop_oneof![Just(0), -1439_i32..=1439];
    (seconds, nanos, offset).prop_map(|(seconds, nanos, offset)| {
        let offset = FixedOffset::east_opt(offset * 60).unwrap();
        DateTime::from_timestamp(seconds, nanos).unwrap().with_timezone(&offset)
    })
}

fn period() -> impl Strategy<Value = Option<Period>> {
    prop_oneof![
        2 => Just(None),
        2 => date_range().prop_map(|range| Some(range.into())),
        2 => (any_instant(), any_instant()).prop_map(|(start, end)| Some(Period::window(start, end))),
    ]
}

/// A value of this parameter of a series.
pub(crate) fn parameter_value(wire_name: &'static str) -> BoxedStrategy<String> {
    match wire_name {
        "hasIps" | "hasWildcards" => any::<bool>().prop_map(|value| value.to_string()).boxed(),
        "duration" => enum_value(CertificateDuration::VALUES).boxed(),
        "entryType" => enum_value(EntryType::VALUES).boxed(),
        "expirationStatus" => enum_value(ExpirationStatus::VALUES).boxed(),
        "logApi" => enum_value(LogApi::VALUES).boxed(),
        "publicKeyAlgorithm" => enum_value(PublicKeyAlgorithm::VALUES).boxed(),
        "signatureAlgorithm" => enum_value(SignatureAlgorithm::VALUES).boxed(),
        "uniqueEntries" => enum_value(UniqueEntries::VALUES).boxed(),
        "validationLevel" => enum_value(ValidationLevel::VALUES).boxed(),
        "dateRange" => date_range().prop_map(|range| range.to_string()).boxed(),
        _ => text().boxed(),
    }
}

/// The parameters of a series without its dates.
pub(crate) fn parameters_without_dates() -> impl Iterator<Item = &'static str> {
    SERIES_PARAMETERS.into_iter().filter(|name| !name.starts_with("date"))
}

pub(crate) fn series() -> impl Strategy<Value = SeriesParams> {
    let values: Vec<_> = parameters_without_dates()
        .map(|name| prop::option::weighted(0.3, parameter_value(name)).prop_map(move |value| (name, value)))
        .collect();
    // A series without any filter is a gap in every array.
    let unfiltered = Just(SeriesParams::new());
    let filtered = (values, period()).prop_map(|(values, period)| {
        let given = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let unfiltered = TimeseriesParams::new().period(period);
        let unfiltered = unfiltered.series().next().cloned().unwrap_or_default();
        given.fold(unfiltered, |series, (name, value)| set(series, name, &value))
    });
    prop_oneof![1 => unfiltered, 4 => filtered]
}

/// The parameters of a series by their wire names.
pub(crate) fn wire_values(series: &SeriesParams) -> SeriesOnTheWire {
    let values = SERIES_PARAMETERS
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), series.get(name)?.into_owned())));
    values.collect()
}
