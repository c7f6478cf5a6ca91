//! The queries that flags become.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a panic fails the test")]

mod common;

use common::{dry_run, series, timeseries};

/// The parameters of a series without its name and its window: wire name, flag and four values.
const FILTERS: [(&str, &str, [&str; 4]); 16] = [
    ("dateRange", "--date-range", ["7d", "7dcontrol", "1w", "1wcontrol"]),
    ("ca", "--ca", ["E7", "C=US, O=\"A & B\"", "100%", "-x"]),
    ("caOwner", "--ca-owner", ["Let's Encrypt", "DigiCert, Inc.", "a+b=c#d?", "Ünïcode 漢"]),
    ("duration", "--duration", ["LTE_3D", "GT_3D_LTE_7D", "GT_47D_LTE_100D", "GT_200D"]),
    ("entryType", "--entry-type", ["PRECERTIFICATE", "CERTIFICATE", "PRECERTIFICATE", "CERTIFICATE"]),
    ("expirationStatus", "--expiration-status", ["EXPIRED", "VALID", "EXPIRED", "VALID"]),
    ("hasIps", "--has-ips", ["true", "false", "true", "false"]),
    ("hasWildcards", "--has-wildcards", ["false", "true", "false", "true"]),
    ("log", "--log", ["argon2026h1", "nimbus2026", "x", "-US,PT"]),
    ("logApi", "--log-api", ["RFC6962", "STATIC", "RFC6962", "STATIC"]),
    ("logOperator", "--log-operator", ["Google", "Cloudflare", "Let's Encrypt", "a\nb"]),
    ("publicKeyAlgorithm", "--public-key-algorithm", ["DSA", "ECDSA", "RSA", "DSA"]),
    ("signatureAlgorithm", "--signature-algorithm", ["RSA_MD2", "PSS_SHA_512", "ECDSA_SHA_384", "DSA_SHA_1"]),
    ("tld", "--tld", ["com", "рф", "co.uk", "--"]),
    ("uniqueEntries", "--unique-entries", ["true", "false", "true", "false"]),
    ("validationLevel", "--validation-level", ["DOMAIN", "ORGANIZATION", "EXTENDED", "DOMAIN"]),
];

/// Iterates over the ways in which one to four series can have a value or not.
fn shapes() -> impl Iterator<Item = Vec<bool>> {
    (1..=4)
        .flat_map(|count| (0..1 << count).map(move |mask| (0..count).map(|i| mask >> i & 1 == 1).collect()))
}

#[test]
fn filters_stay_with_their_series_across_gaps() {
    for (wire, flag, values) in FILTERS {
        for shape in shapes() {
            let mut args = Vec::new();
            for (position, has) in shape.iter().enumerate() {
                args.extend((position > 0).then(|| "--vs".to_owned()));
                if *has {
                    args.push(format!("{flag}={}", values[position]));
                } else if position > 0 && shape[0] {
                    // Inherited from the first series otherwise.
                    args.push(format!("{flag}="));
                }
            }
            let read = series(&dry_run(&args));
            assert_eq!(read.len(), shape.len(), "{args:?}");
            for (position, has) in shape.iter().enumerate() {
                let wanted = has.then_some(values[position]);
                assert_eq!(read[position].get(wire).map(String::as_str), wanted, "{args:?}");
                let others = read[position].keys().filter(|key| *key != wire && *key != "name");
                assert_eq!(others.count(), 0, "{args:?}");
            }
            let mut labels: Vec<_> = read.iter().filter_map(|one| one.get("name")).collect();
            labels.sort();
            labels.dedup();
            assert_eq!(labels.len(), if shape.len() > 1 { shape.len() } else { 0 }, "{args:?}");
        }
    }
}

#[test]
fn windows_stay_with_their_series() {
    for shape in shapes() {
        let mut args = Vec::new();
        for (position, has) in shape.iter().enumerate() {
            args.extend((position > 0).then(|| "--vs".to_owned()));
            let day = position + 1;
            if *has {
                args.push(format!("--date-start=2026-01-0{day}T00:00:00Z"));
                args.push(format!("--date-end=2026-01-0{day}T06:00:00+05:30"));
            } else if position > 0 && shape[0] {
                args.extend(["--date-start=".to_owned(), "--date-end=".to_owned()]);
            }
        }
        // The other end is 30 minutes after the start in UTC.
        let read = series(&dry_run(&args));
        for (position, has) in shape.iter().enumerate() {
            let instant = |name: &str| {
                let text = read[position].get(name)?;
                Some(chrono::DateTime::parse_from_rfc3339(text).unwrap())
            };
            let minutes =
                instant("dateStart").zip(instant("dateEnd")).map(|(from, to)| (to - from).num_minutes());
            assert_eq!(minutes, has.then_some(30), "{args:?}");
        }
    }
}

#[test]
fn names_stay_with_their_series_and_missing_ones_are_generated() {
    for shape in shapes() {
        let mut args = Vec::new();
        for (position, has) in shape.iter().enumerate() {
            args.extend((position > 0).then(|| "--vs".to_owned()));
            args.extend(has.then(|| format!("--name=n{position} & co")));
        }
        let read = series(&dry_run(&args));
        assert_eq!(read.len(), shape.len());
        for (position, has) in shape.iter().enumerate() {
            let name = read[position].get("name");
            match has {
                true => assert_eq!(name.unwrap(), &format!("n{position} & co")),
                false => assert_eq!(name.is_some(), shape.len() > 1, "{args:?}"),
            }
        }
    }
}

#[test]
fn parameters_of_the_request_can_be_anywhere_and_are_sent_once() {
    let once = [
        ["--agg-interval", "1d", "--ca", "a", "--vs", "--ca", "b"],
        ["--ca", "a", "--agg-interval", "1d", "--vs", "--ca", "b"],
        ["--ca", "a", "--vs", "--ca", "b", "--agg-interval", "1d"],
    ];
    for args in once {
        let pairs = dry_run(args);
        assert_eq!(pairs.iter().filter(|(name, value)| name == "aggInterval" && value == "1d").count(), 1);
        assert_eq!(series(&pairs).len(), 2);
    }
    assert_eq!(dry_run(["--format", "CSV"]), [("format".to_owned(), "CSV".to_owned())]);
    assert_eq!(dry_run(["--format", "json"]), [("format".to_owned(), "JSON".to_owned())]);
    let before =
        common::program().args(["--dry-run", "--base-url", "http://[::1]:1/v4", "timeseries"]).output();
    let url = common::url_of_dry_run(&common::stdout(&before.unwrap()));
    assert_eq!(url, "http://[::1]:1/v4/radar/ct/timeseries");
}

#[test]
fn a_later_series_is_a_changed_copy_of_the_first() {
    let args = [
        "--ca-owner",
        "Let's Encrypt",
        "--date-range",
        "7d",
        "--name",
        "now",
        "--has-ips",
        "true",
        "--vs",
        "--date-range",
        "7dControl",
        "--vs",
        "--ca-owner",
        "",
        "--date-start",
        "2026-01-01T00:00:00Z",
        "--date-end",
        "2026-01-08T00:00:00Z",
        "--vs",
        "--date-range",
        "",
        "--has-ips",
        "false",
    ];
    let read = series(&dry_run(args));
    let get = |position: usize, name: &str| read[position].get(name).map_or("", String::as_str);
    assert_eq!(read.len(), 4);
    assert_eq!((get(0, "name"), get(0, "dateRange"), get(0, "caOwner")), ("now", "7d", "Let's Encrypt"));
    assert_eq!(
        (get(1, "dateRange"), get(1, "caOwner"), get(1, "hasIps")),
        ("7dcontrol", "Let's Encrypt", "true")
    );
    assert_eq!((get(2, "dateRange"), get(2, "caOwner"), get(2, "dateEnd")), ("", "", "2026-01-08T00:00:00Z"));
    assert_eq!((get(3, "dateRange"), get(3, "caOwner"), get(3, "hasIps")), ("", "Let's Encrypt", "false"));
}

#[test]
fn labels_are_the_filters_that_differ() {
    let labels = |args: &[&str]| -> Vec<String> {
        series(&dry_run(args)).iter().map(|one| one["name"].clone()).collect()
    };
    assert_eq!(
        labels(&["--ca-owner", "X", "--date-range", "7d", "--vs", "--date-range", "7dcontrol"]),
        ["7d", "7dcontrol"]
    );
    assert_eq!(
        labels(&["--vs", "--ca-owner", "X", "--vs", "--has-ips", "true"]),
        ["all", "X", "hasIps=true"]
    );
    assert_eq!(labels(&["--tld", "meta", "--vs", "--tld", "com"]), ["meta (2)", "com"]);
    assert_eq!(labels(&["--tld", "com", "--vs"]), ["series 1", "series 2"]);
    assert_eq!(labels(&["--tld", "com", "--vs", "--tld", "de", "--name", "com"]), ["com (2)", "com"]);
    assert_eq!(
        labels(&[
            "--date-start",
            "2026-01-01T00:00:00Z",
            "--date-end",
            "2026-01-02T00:00:00Z",
            "--vs",
            "--date-start",
            "2025-01-01T00:00:00Z",
            "--date-end",
            "2025-01-02T00:00:00Z",
        ]),
        ["2026-01-01 to 2026-01-02", "2025-01-01 to 2025-01-02"]
    );
}

#[test]
fn values_match_in_any_case_and_may_start_with_a_hyphen() {
    let pairs = dry_run(["--validation-level", "extended", "--unique-entries", "True", "--tld", "-com"]);
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(pairs, ["tld=-com", "uniqueEntries=true", "validationLevel=EXTENDED"]);
    assert_eq!(dry_run(["--query", "x=y=z&"]), [("x".to_owned(), "y=z&".to_owned())]);
}

#[test]
fn a_dry_run_needs_no_credentials_and_shows_none() {
    let mut command = common::program();
    command.args(["timeseries", "--dry-run"]).env("CLOUDFLARE_API_TOKEN", "s3cr3t-token");
    assert!(!common::stdout(&command.output().unwrap()).contains("s3cr3t"));
    assert_eq!(timeseries(["--dry-run"]).status.code(), Some(0));
}

#[test]
fn every_command_has_a_dry_run() {
    let url = |args: &[&str]| {
        let output =
            common::program().args(args).args(["--dry-run", "--base-url", "https://h"]).output().unwrap();
        assert_eq!((output.status.code(), common::stderr(&output).as_str()), (Some(0), ""), "{args:?}");
        common::url_of_dry_run(&common::stdout(&output))
    };
    let fingerprint = "24edd4e503a8d3fdb5ffb4af66c887359901cbe687a5a0760d10a08eed99a7c3";
    let table: &[(&[&str], &str)] = &[
        (&["summary", "ca"], "summary/CA"),
        (
            &["summary", "Validation_Level", "--normalization", "raw_values"],
            "summary/VALIDATION_LEVEL?normalization=RAW_VALUES",
        ),
        (
            &[
                "timeseries-groups",
                "ca-owner",
                "--limit-per-group",
                "3",
                "--agg-interval",
                "1w",
                "--tld",
                "de",
            ],
            "timeseries_groups/CA_OWNER?tld=de&aggInterval=1w&limitPerGroup=3",
        ),
        (&["authorities"], "authorities"),
        (&["authorities", "list", "--limit", "2", "--offset", "4"], "authorities?limit=2&offset=4"),
        (&["authorities", "get", fingerprint], &format!("authorities/{}", fingerprint.to_uppercase())),
        (&["logs", "--format", "csv"], "logs?format=CSV"),
        (&["logs", "get", "a/../b?c#d%2e"], "logs/a%2F..%2Fb%3Fc%23d%252e"),
    ];
    for (args, wanted) in table {
        assert_eq!(url(args), format!("https://h/radar/ct/{wanted}"));
    }
}
