//! The lists, their pages, and the records that they lead to.

use std::collections::HashSet;

use radar_ct_emulator::Emulator;
use radar_ct_model::{AuthorityParams, Endpoint, LogParams};
use serde_json::Value;

use crate::http_client::{emulator, fetch, get, values};

/// Path, member of the rows, member of a single record, and the member that identifies a record.
const LISTS: [(&str, &str, &str, &str); 2] = [
    ("authorities", "certificateAuthorities", "certificateAuthority", "sha256Fingerprint"),
    ("logs", "certificateLogs", "certificateLog", "slug"),
];

fn rows(emulator: &Emulator, path: &str, member: &str, query: &str) -> Vec<Value> {
    match fetch(emulator, &format!("{path}?{query}")).result()[member].take() {
        Value::Array(rows) => rows,
        other => panic!("{path}?{query}: {other}"),
    }
}

#[test]
fn pages_of_any_size_add_up_to_the_list() {
    let emulator = emulator();
    for (path, member, _, key) in LISTS {
        let all = rows(&emulator, path, member, "limit=1000");
        let keys: HashSet<_> = all.iter().map(|row| row[key].as_str().unwrap()).collect();
        assert_eq!(keys.len(), all.len(), "{path}");
        for size in [1, 7, all.len() - 1, all.len()] {
            let mut paged = Vec::new();
            loop {
                let page = rows(&emulator, path, member, &format!("limit={size}&offset={}", paged.len()));
                let is_last = page.len() < size;
                paged.extend(page);
                if is_last {
                    break;
                }
            }
            assert_eq!(paged, all, "{path} by {size}");
        }
        assert_eq!(rows(&emulator, path, member, "")[..], all[..20.min(all.len())], "{path}");
        assert!(rows(&emulator, path, member, "offset=4000000000").is_empty(), "{path}");
    }
}

#[test]
fn every_row_has_a_record_that_agrees_with_it() {
    let emulator = emulator();
    for (path, member, one, key) in LISTS {
        let all = rows(&emulator, path, member, "limit=1000");
        let keys: HashSet<_> = all.iter().map(|row| row[key].as_str().unwrap()).collect();
        for row in &all {
            let slug = row[key].as_str().unwrap();
            let found = fetch(&emulator, &format!("{path}/{slug}")).result()[one].take();
            let details = found.as_object().unwrap();
            assert!(row.as_object().unwrap().iter().all(|(name, value)| details[name] == *value), "{slug}");
            assert!(details.len() > row.as_object().unwrap().len(), "{slug}");
            for other in found["related"].as_array().unwrap() {
                assert!(keys.contains(other[key].as_str().unwrap()), "{slug}: {other}");
                assert_ne!(other[key], row[key]);
            }
            // Keys match in any case.
            assert_eq!(fetch(&emulator, &format!("{path}/{}", slug.to_lowercase())).result()[one], found);
        }
    }
}

#[test]
fn authorities_have_a_parent_unless_they_are_roots() {
    let emulator = emulator();
    let all = rows(&emulator, "authorities", "certificateAuthorities", "limit=1000");
    for ca in &all {
        let is_root = ca["certificateRecordType"] == "ROOT_CERTIFICATE";
        assert_eq!(is_root, ca["parentSha256Fingerprint"] == "", "{ca}");
        let slug = ca["sha256Fingerprint"].as_str().unwrap();
        let details = AuthorityParams::new(slug.parse().unwrap());
        let body = fetch(&emulator, details.path().trim_start_matches("/radar/ct/")).body;
        let details = details.decode(body.as_bytes()).unwrap();
        let day = |at: Option<radar_ct_model::Timestamp>| at.unwrap().as_str().to_owned();
        let (from, to) = (day(details.valid_from), day(details.valid_to));
        assert!(from < to && from.len() == 10, "{from} {to}");
        if is_root {
            assert_eq!(details.authority_key_identifier, details.subject_key_identifier);
            continue;
        }
        let parent = all.iter().find(|other| other["sha256Fingerprint"] == ca["parentSha256Fingerprint"]);
        let parent = parent.unwrap();
        assert_eq!((&parent["name"], &parent["owner"]), (&ca["parentName"], &ca["owner"]));
        let print = parent["sha256Fingerprint"].as_str().unwrap();
        let parent =
            fetch(&emulator, &format!("authorities/{print}")).result()["certificateAuthority"].take();
        assert_eq!(parent["subjectKeyIdentifier"], details.authority_key_identifier.unwrap());
        assert!(parent["validFrom"].as_str().unwrap() <= from.as_str(), "{from}");
        assert!(parent["validTo"].as_str().unwrap() >= to.as_str(), "{to}");
    }
}

#[test]
fn lists_contain_every_group_of_the_series() {
    let emulator = emulator();
    let authorities = rows(&emulator, "authorities", "certificateAuthorities", "limit=1000");
    let logs = rows(&emulator, "logs", "certificateLogs", "limit=1000");
    for (dimension, list, key) in [
        ("CA", &authorities, "name"),
        ("CA_OWNER", &authorities, "owner"),
        ("LOG", &logs, "slug"),
        ("LOG_OPERATOR", &logs, "operator"),
    ] {
        let result = fetch(&emulator, &format!("summary/{dimension}?dateRange=7d")).result();
        for group in result["summary_0"].as_object().unwrap().keys() {
            assert!(list.iter().any(|row| row[key] == **group), "{dimension}: {group}");
        }
    }
    for ca in &authorities {
        let volume = |value: &str| {
            let query = format!("dateRange=1d&ca={}", value.replace(' ', "+").replace('&', "%26"));
            values(&get(&emulator, &query).result(), "serie_0")
        };
        assert_eq!(
            volume(ca["name"].as_str().unwrap()),
            volume(ca["sha256Fingerprint"].as_str().unwrap()),
            "{ca}"
        );
    }
}

#[test]
fn log_counts_are_text_or_null_and_throughput_matches_the_series() {
    let emulator = emulator();
    let (mut measured, mut counted) = (HashSet::new(), HashSet::new());
    for row in rows(&emulator, "logs", "certificateLogs", "limit=1000") {
        let slug = row["slug"].as_str().unwrap();
        let found = fetch(&emulator, &format!("logs/{slug}"));
        let log = LogParams::new(slug.parse().unwrap()).decode(found.body.as_bytes()).unwrap();
        let found = found.result()["certificateLog"].take();
        assert!(found["performance"].is_object() || found["performance"].is_null(), "{slug}");
        assert_eq!(found["submittedCertCount"].is_null(), found["submittableCertCount"].is_null());
        assert!(found["submittedCertCount"].is_string() || found["submittedCertCount"].is_null(), "{slug}");
        measured.insert(log.performance.is_some());
        counted.insert(log.submitted_cert_count.is_some());
        assert!(log.start_inclusive.unwrap().to_utc() < log.end_exclusive.unwrap().to_utc(), "{slug}");
        // The last bucket begins now, and so lies outside the last seven days.
        let week = get(&emulator, &format!("dateRange=7d&aggInterval=15m&log={slug}")).result();
        let week = values(&week, "serie_0");
        let volume = week[..week.len() - 1].iter().sum::<u64>();
        let hourly = f64::from(u32::try_from(volume).unwrap()) / 168.0;
        assert!((log.avg_throughput.unwrap() - hourly).abs() < 0.006, "{slug}");
    }
    assert_eq!((measured.len(), counted.len()), (2, 2));
}

#[test]
fn documented_examples_exist() {
    let emulator = emulator();
    let slug = "24EDD4E503A8D3FDB5FFB4AF66C887359901CBE687A5A0760D10A08EED99A7C3";
    let found = fetch(&emulator, &format!("authorities/{slug}")).result();
    assert_eq!(found["certificateAuthority"]["owner"], "MULTICERT");
    let found = fetch(&emulator, "logs/argon2024").result();
    assert_eq!(found["certificateLog"]["description"], "Google 'Argon2024' log");
}

#[test]
fn csv_has_a_line_for_each_row() {
    let emulator = emulator();
    for (path, member, _, key) in LISTS {
        let all = rows(&emulator, path, member, "limit=3");
        let reply = fetch(&emulator, &format!("{path}?limit=3&format=CSV"));
        assert_eq!(reply.header("content-type"), "text/csv");
        assert_eq!(reply.body.matches("\r\n").count(), 4, "{path}");
        assert!(all.iter().all(|row| reply.body.contains(row[key].as_str().unwrap())), "{path}");
        let slug = all[0][key].as_str().unwrap();
        let one = fetch(&emulator, &format!("{path}/{slug}?format=csv")).body;
        assert_eq!(one.matches("\r\n").count(), 2, "{path}");
    }
}
