//! The series for all values of a filter add up to the unfiltered series.

use radar_ct_emulator::Emulator;
use radar_ct_model::{AggInterval, Kind, SeriesParams};

use crate::http_client::{emulator, get, values};

/// Returns every parameter of a series that has a closed set of values, with its values.
fn dimensions() -> Vec<(&'static str, Vec<&'static str>)> {
    let closed = |kind| match kind {
        Kind::Boolean => Some(vec!["true", "false"]),
        Kind::Enum(values) => Some(values.to_vec()),
        _ => None,
    };
    SeriesParams::parameters().filter_map(|one| Some((one.name, closed(one.kind)?))).collect()
}

/// Returns the values of the whole, and those for each value of a dimension.
fn split(
    emulator: &Emulator,
    name: &str,
    parts: &[&str],
    among: &str,
    dates: &str,
) -> (Vec<u64>, Vec<Vec<u64>>) {
    let (range, interval) = dates.split_once('@').unwrap();
    let each = format!("&dateRange={range}&{among}");
    let series: Vec<_> = parts.iter().map(|value| format!("{each}&{name}={value}")).collect();
    let query = format!("aggInterval={interval}{each}&{name}={}", series.concat());
    let result = get(emulator, &query).result();
    let whole = values(&result, "serie_0");
    (whole, (1..=parts.len()).map(|index| values(&result, &format!("serie_{index}"))).collect())
}

fn assert_adds_up(whole: &[u64], parts: &[Vec<u64>], about: &str) {
    assert!(whole.len() > 1, "{about}");
    for (index, total) in whole.iter().enumerate() {
        assert_eq!(parts.iter().map(|part| part[index]).sum::<u64>(), *total, "{about}, point {index}");
    }
}

#[test]
fn values_add_up_at_every_interval_and_none_is_empty() {
    let emulator = emulator();
    let spans = ["1d@15m", "7d@1h", "30d@1d", "52w@1w"];
    assert!(AggInterval::VALUES.iter().all(|interval| spans.iter().any(|span| span.ends_with(interval))));
    assert_eq!(dimensions().len(), 10);
    for (name, parts) in dimensions() {
        for span in spans {
            let (whole, split) = split(&emulator, name, &parts, "", span);
            assert_adds_up(&whole, &split, &format!("{name} over {span}"));
            assert!(split.iter().all(|part| part.iter().all(|value| value > &0)), "{name} over {span}");
        }
    }
}

#[test]
fn values_add_up_beside_other_filters() {
    let emulator = emulator();
    let clash_with_tld = ["entryType", "logApi"];
    for among in [
        "caOwner=DigiCert",
        "ca=R12",
        "hasWildcards=true",
        "duration=GT_200D",
        "logOperator=Google",
        "tld=com",
        "publicKeyAlgorithm=RSA&expirationStatus=VALID&uniqueEntries=true",
        "ca=nobody",
    ] {
        for (name, parts) in dimensions() {
            let filters_twice = among.split('&').any(|filter| filter.starts_with(&format!("{name}=")));
            if filters_twice || (among.starts_with("tld") && clash_with_tld.contains(&name)) {
                continue;
            }
            let (whole, split) = split(&emulator, name, &parts, among, "2d@1h");
            assert_adds_up(&whole, &split, &format!("{name} among {among}"));
            assert_eq!(whole.iter().all(|value| *value > 0), among != "ca=nobody", "{among}");
        }
    }
}
