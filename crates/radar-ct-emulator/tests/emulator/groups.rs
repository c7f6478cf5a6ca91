//! The groups of a dimension add up to the series, and summaries are their sums.

use radar_ct_emulator::Emulator;
use radar_ct_model::{Dimension, Endpoint, SummaryParams, TimeseriesGroupsParams};
use serde_json::{Value, json};

use crate::http_client::{emulator, fetch, get, values};

const MANY_VALUES: [&str; 5] = ["CA", "CA_OWNER", "LOG", "LOG_OPERATOR", "TLD"];

/// Returns the groups of a series with their raw values.
fn raw_groups(emulator: &Emulator, dimension: &str, query: &str) -> Vec<(String, Vec<u64>)> {
    let query = format!("timeseries_groups/{dimension}?normalization=RAW_VALUES&{query}");
    let series = fetch(emulator, &query).result()["serie_0"].take();
    let points = series["timestamps"].as_array().unwrap().len();
    let groups = series.as_object().unwrap().iter().filter(|(key, _)| *key != "timestamps");
    let number = |value: &Value| value.as_str().unwrap().parse().unwrap();
    let groups: Vec<(_, Vec<u64>)> = groups
        .map(|(key, column)| (key.clone(), column.as_array().unwrap().iter().map(number).collect()))
        .collect();
    assert!(groups.iter().all(|(_, column)| column.len() == points), "{query}");
    groups
}

fn assert_adds_up(emulator: &Emulator, dimension: &str, query: &str) {
    let whole = values(&get(emulator, query).result(), "serie_0");
    let groups = raw_groups(emulator, dimension, query);
    for (point, total) in whole.iter().enumerate() {
        let sum: u64 = groups.iter().map(|(_, column)| column[point]).sum();
        assert_eq!(sum, *total, "{dimension} over {query}, point {point}");
    }
}

fn by_log(dimension: &str) -> bool {
    dimension.starts_with("LOG") || dimension == "ENTRY_TYPE"
}

#[test]
fn groups_add_up_to_the_series_at_every_interval() {
    let emulator = emulator();
    for dimension in Dimension::VALUES {
        for query in [
            "dateRange=1d",
            "dateRange=7d",
            "dateRange=7d&aggInterval=1d",
            "dateRange=8w&aggInterval=1w",
            "dateRange=90dcontrol",
        ] {
            assert_adds_up(&emulator, dimension, query);
        }
    }
}

#[test]
fn groups_add_up_to_filtered_series() {
    let emulator = emulator();
    for dimension in Dimension::VALUES {
        for filter in [
            "caOwner=digicert",
            "hasWildcards=true&publicKeyAlgorithm=RSA",
            "uniqueEntries=true",
            "tld=com",
            "logOperator=Google",
            "ca=nobody",
        ] {
            let clashes = (filter.starts_with("tld") && by_log(dimension))
                || (filter.starts_with("log") && *dimension == "TLD");
            if !clashes {
                assert_adds_up(&emulator, dimension, &format!("dateRange=2d&{filter}"));
            }
        }
    }
}

#[test]
fn groups_equal_the_series_filtered_by_their_value() {
    let emulator = emulator();
    for (dimension, filter) in [
        ("CA", "ca"),
        ("ca_owner", "caOwner"),
        ("Duration", "duration"),
        ("LOG", "log"),
        ("TLD", "tld"),
        ("LOG_OPERATOR", "logOperator"),
        ("VALIDATION_LEVEL", "validationLevel"),
        ("HAS%5FIPS", "hasIps"),
    ] {
        for (key, column) in raw_groups(&emulator, dimension, "dateRange=1d&aggInterval=1h") {
            let value = match key.as_str() {
                "POSITIVE" => "true".to_owned(),
                "NEGATIVE" => "false".to_owned(),
                _ => key.replace(' ', "+").replace('&', "%26"),
            };
            let alone = get(&emulator, &format!("dateRange=1d&aggInterval=1h&{filter}={value}")).result();
            assert_eq!(values(&alone, "serie_0"), column, "{dimension} {key}");
        }
    }
}

#[test]
fn summaries_are_the_sums_of_the_groups() {
    let emulator = emulator();
    for dimension in Dimension::VALUES {
        for query in ["", "dateRange=1d", "dateRange=40d", "dateRange=7dcontrol&caOwner=Sectigo"] {
            for limit in ["", "&limitPerGroup=2"] {
                if !limit.is_empty() && !MANY_VALUES.contains(dimension) {
                    continue;
                }
                let query = format!("{query}{limit}");
                let summary =
                    fetch(&emulator, &format!("summary/{dimension}?normalization=RAW_VALUES&{query}"));
                let mut summary = summary.result();
                let sums: serde_json::Map<_, _> = raw_groups(&emulator, dimension, &query)
                    .into_iter()
                    .map(|(key, column)| (key, Value::from(column.iter().sum::<u64>().to_string())))
                    .collect();
                assert_eq!(summary["summary_0"].take(), Value::Object(sums), "{dimension} {query}");
            }
        }
    }
}

#[test]
fn percentages_are_the_default_and_add_up_to_a_hundred() {
    let emulator = emulator();
    for dimension in Dimension::VALUES {
        let params = TimeseriesGroupsParams::by(*dimension);
        let target = format!("timeseries_groups/{dimension}?dateRange=1d");
        let reply = fetch(&emulator, &target);
        let explicit = fetch(&emulator, &format!("{target}&normalization=PERCENTAGE"));
        assert_eq!(reply.body, explicit.body);
        let answer = params.decode(reply.body.as_bytes()).unwrap();
        assert_eq!(answer.meta.normalization.unwrap().as_str(), "PERCENTAGE");
        let series = &answer.series[0];
        for point in 0..series.len() {
            let sum: f64 = series.groups().map(|(_, column)| column.get(point).unwrap()).sum();
            assert!((sum - 100.0).abs() < 1e-9, "{dimension}, point {point}: {sum}");
        }

        let reply = fetch(&emulator, &format!("summary/{dimension}"));
        let answer = SummaryParams::by(*dimension).decode(reply.body.as_bytes()).unwrap();
        let shares: Vec<_> = answer.series[0].groups().map(|(_, share)| share.unwrap()).collect();
        assert!((shares.iter().sum::<f64>() - 100.0).abs() < 1e-9, "{dimension}: {shares:?}");
        assert!(shares.is_sorted_by(|a, b| a >= b), "{dimension}: {shares:?}");
    }
}

#[test]
fn percentages_of_an_empty_window_are_zero() {
    let emulator = emulator();
    let before_there_were_logs = "dateStart=2010-01-01T00:00:00Z&dateEnd=2010-01-02T00:00:00Z";
    let result = fetch(&emulator, &format!("summary/LOG_API?{before_there_were_logs}")).result();
    assert_eq!(result["summary_0"], json!({ "RFC6962": "0", "STATIC": "0" }));
    for future in ["dateStart=2030-01-01T00:00:00Z&dateEnd=2030-01-02T00:00:00Z", "ca=nobody"] {
        assert_eq!(fetch(&emulator, &format!("summary/LOG_API?{future}")).status, 200);
        assert_eq!(fetch(&emulator, &format!("timeseries_groups/LOG_API?{future}")).status, 200);
    }
}

#[test]
fn groups_beyond_the_limit_are_summed_up_as_other() {
    let emulator = emulator();
    for dimension in MANY_VALUES {
        let params = SummaryParams::by(dimension);
        let of = |limit: &str| {
            let target = format!("summary/{dimension}?normalization=RAW_VALUES{limit}");
            let answer = params.decode(fetch(&emulator, &target).body.as_bytes()).unwrap();
            let groups = answer.series[0].groups().map(|(key, value)| (key.to_owned(), value.unwrap()));
            groups.collect::<Vec<_>>()
        };
        let all = of("");
        assert!(all.len() > 5, "{dimension}");
        for limit in [2, 3, all.len() - 1, all.len(), all.len() + 1, 4_000_000_000] {
            let limited = of(&format!("&limitPerGroup={limit}"));
            if limit >= all.len() {
                assert_eq!(limited, all, "{dimension}, {limit}");
                continue;
            }
            assert_eq!(limited[..limit], all[..limit], "{dimension}, {limit}");
            let rest = all[limit..].iter().map(|(_, value)| value).sum::<f64>();
            assert_eq!(limited[limit..], [("other".to_owned(), rest)], "{dimension}, {limit}");
        }
        assert_adds_up(&emulator, dimension, "dateRange=1d&aggInterval=1h");
    }
}

#[test]
fn labels_and_metadata_follow_the_series() {
    let emulator = emulator();
    let query = "dateRange=7d&dateRange=7dcontrol&name=a+b";
    let groups = fetch(&emulator, &format!("timeseries_groups/LOG_API?{query}")).result();
    let summary = fetch(&emulator, &format!("summary/LOG_API?{query}")).result();
    for (result, second) in [(&groups, "serie_1"), (&summary, "summary_1")] {
        assert_eq!(result.as_object().unwrap().keys().collect::<Vec<_>>(), ["a b", "meta", second]);
        assert_eq!(result["meta"]["dateRange"].as_array().unwrap().len(), 2);
    }
    assert_eq!(groups["meta"]["aggInterval"], "ONE_HOUR");
    assert_eq!(summary["meta"].get("aggInterval"), None);
    assert_eq!(groups["meta"]["dateRange"], summary["meta"]["dateRange"]);
}

#[test]
fn csv_has_a_column_for_each_group() {
    let emulator = emulator();
    let reply = fetch(&emulator, "summary/LOG_API?format=CSV&name=main&normalization=RAW_VALUES");
    let result = fetch(&emulator, "summary/LOG_API?name=main&normalization=RAW_VALUES").result();
    let cell = |key: &str| result["main"][key].as_str().unwrap().to_owned();
    let expected = format!("Main  R F C6962,Main  S T A T I C\r\n{},{}\r\n", cell("RFC6962"), cell("STATIC"));
    assert_eq!((reply.header("content-type"), reply.body.as_str()), ("text/csv", expected.as_str()));

    let reply = fetch(&emulator, "timeseries_groups/LOG_API?format=csv&dateRange=1d&aggInterval=1d");
    let lines: Vec<_> = reply.body.lines().collect();
    assert_eq!(lines[0], "Serie_0 timestamps,Serie_0  R F C6962,Serie_0  S T A T I C");
    assert!(lines[1].starts_with("2026-10-07T00:00:00Z,"));
    assert_eq!(lines.len(), 3);
}
