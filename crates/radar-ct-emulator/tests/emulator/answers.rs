//! The form of answers, and the effect of names and filters.

use serde_json::{Value, json};

use crate::http_client::{BEARER, PATH, emulator, get, send, timestamps, values};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn envelope_and_metadata_are_complete() {
    let emulator = emulator();
    let reply = get(&emulator, "dateRange=1d");
    let body = reply.json();
    assert_eq!((&body["success"], &body["errors"]), (&json!(true), &json!([])));
    assert_eq!(
        body["result"]["meta"],
        json!({
            "aggInterval": "FIFTEEN_MINUTES",
            "confidenceInfo": { "annotations": [], "level": 5 },
            "dateRange": [{ "startTime": "2026-10-07T12:30:00Z", "endTime": "2026-10-08T12:30:00Z" }],
            "lastUpdated": "2026-10-08T12:30:00Z",
            "normalization": "RAW_VALUES",
            "units": [{ "name": "*", "value": "certificates" }],
        })
    );
    // The order of recorded answers.
    assert!(reply.body.find("\"meta\"") > reply.body.find("\"serie_0\""));
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("date"), "Thu, 08 Oct 2026 12:34:56 GMT");
    assert!(reply.header("cf-ray").ends_with("-EMU"));
}

#[test]
fn series_are_labelled_by_name_or_by_position() {
    let emulator = emulator();
    for (query, labels) in [
        ("dateRange=7d", vec!["meta", "serie_0"]),
        ("name=main&dateRange=7d", vec!["main", "meta"]),
        ("dateRange=7d&dateRange=7dcontrol&dateRange=7d", vec!["meta", "serie_0", "serie_1", "serie_2"]),
        // Clients that leave out empty values send fewer names than series.
        ("dateRange=7d&name=first&dateRange=7d", vec!["first", "meta", "serie_1"]),
        ("name=Let%27s+Encrypt&caOwner=Let's%20Encrypt&&", vec!["Let's Encrypt", "meta"]),
        ("name=%E2%98%83%22%5C%0A", vec!["meta", "☃\"\\\n"]),
    ] {
        let result = get(&emulator, query).result();
        assert_eq!(keys(&result), labels, "{query}");
        assert_eq!(result["meta"]["dateRange"].as_array().unwrap().len(), labels.len() - 1, "{query}");
    }
}

#[test]
fn filters_apply_to_the_series_at_their_position() {
    let emulator = emulator();
    let alone = |filter: &str| values(&get(&emulator, &format!("dateRange=2d&{filter}")).result(), "serie_0");
    let query =
        "dateRange=2d&dateRange=2d&dateRange=2d&caOwner=DigiCert&caOwner=&caOwner=Sectigo&hasIps=true";
    let result = get(&emulator, query).result();
    for (label, filter) in
        [("serie_0", "caOwner=DigiCert&hasIps=true"), ("serie_1", ""), ("serie_2", "caOwner=Sectigo")]
    {
        assert_eq!(values(&result, label), alone(filter), "{label}");
    }
    assert!(values(&result, "serie_1")[0] > values(&result, "serie_2")[0]);
}

#[test]
fn names_match_in_any_case_and_by_their_aliases() {
    let emulator = emulator();
    let volume = |filter: &str| {
        let query = format!("dateRange=7d&{filter}");
        values(&get(&emulator, &query).result(), "serie_0").iter().sum::<u64>()
    };
    for (name, others) in [
        ("caOwner=Internet+Security+Research+Group", ["caOwner=let%27s%20encrypt", "caOwner=ISRG"]),
        ("caOwner=DigiCert", ["caOwner=DIGICERT", "caOwner=DigiCert%2C+Inc."]),
        ("caOwner=Google+Trust+Services+LLC", ["caOwner=google+trust+services", "caOwner=Google"]),
        ("tld=de", ["tld=DE", "tld=De"]),
        ("log=argon2026h1", ["log=ARGON2026H1", "log=Argon2026h1"]),
    ] {
        assert!(volume(name) > 0, "{name}");
        assert_eq!(others.map(volume), [volume(name); 2], "{name}");
    }
    for nothing in
        ["ca=nobody", "caOwner=Let", "log=%20", "tld=invalid", "caOwner=DigiCert,Sectigo", "tld=-com"]
    {
        assert_eq!(volume(nothing), 0, "{nothing}");
    }
}

#[test]
fn additional_filters_reduce_the_volume() {
    let emulator = emulator();
    let filters = [
        "",
        "&caOwner=DigiCert",
        "&validationLevel=ORGANIZATION",
        "&publicKeyAlgorithm=RSA",
        "&hasIps=false",
    ];
    let volumes: Vec<u64> = (0..filters.len())
        .map(|last| {
            let query = format!("dateRange=7d{}", filters[..=last].concat());
            values(&get(&emulator, &query).result(), "serie_0").iter().sum()
        })
        .collect();
    assert!(volumes.windows(2).all(|pair| pair[0] > pair[1]), "{volumes:?}");
    assert!(volumes.iter().all(|volume| *volume > 0), "{volumes:?}");
}

#[test]
fn csv_has_the_series_side_by_side_under_spaced_headers() {
    let emulator = emulator();
    for format in ["CSV", "csv"] {
        let query = "name=main&name=oneYear&dateRange=7d&dateRange=7dcontrol";
        let reply = get(&emulator, &format!("{query}&format={format}"));
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/csv"));
        let result = get(&emulator, &format!("{query}&format=JSON")).result();
        let columns = ["main", "oneYear"].map(|label| {
            let times = timestamps(&result, label).into_iter();
            times.map(|at| at.format("%FT%TZ").to_string()).zip(values(&result, label)).collect::<Vec<_>>()
        });
        let mut expected = "Main timestamps,Main values,One Year timestamps,One Year values\r\n".to_owned();
        for ((at, value), (before, control)) in columns[0].iter().zip(&columns[1]) {
            expected += &[at.as_str(), &value.to_string(), before, &control.to_string()].join(",");
            expected += "\r\n";
        }
        assert_eq!(reply.body, expected);
    }
    let refused = get(&emulator, "format=csv&dateRange=8x");
    assert_eq!((refused.status, refused.header("content-type")), (400, "application/json"));
}

#[test]
fn unknown_parameters_and_headers_are_ignored() {
    let emulator = emulator();
    let url = format!("http://{}{PATH}?dateRange=1d&limit=3&newFilter=x", emulator.address());
    let headers = [
        BEARER,
        ("api-version", "2026-04-14"),
        ("Accept", "application/json"),
        ("Accept-Encoding", "gzip, deflate"),
        ("X-Stainless-Retry-Count", "0"),
        ("User-Agent", "Cloudflare/Python 5.9.0"),
    ];
    let reply = send("GET", &url, &headers);
    assert_eq!(reply.body, get(&emulator, "dateRange=1d").body);
}

#[test]
fn head_is_answered_like_get_without_the_body() {
    let emulator = emulator();
    let url = format!("http://{}{PATH}", emulator.address());
    let (head, get) = (send("HEAD", &url, &[BEARER]), send("GET", &url, &[BEARER]));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
}

#[test]
fn recorded_requests_contain_no_credential() {
    let emulator = emulator();
    let url = format!("http://{}{PATH}?caOwner=a+b", emulator.address());
    send("GET", &url, &[("Authorization", "Bearer very-secret"), ("api-version", "1")]);
    send("POST", &url, &[("X-Auth-Email", "very@secret"), ("X-Auth-Key", "very-secret")]);
    let requests = emulator.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].method.as_str(), requests[1].method.as_str()), ("GET", "POST"));
    assert_eq!((requests[0].path.as_str(), requests[0].query.as_str()), (PATH, "caOwner=a+b"));
    assert_eq!(requests[0].header("API-Version"), Some("1"));
    assert!(!format!("{requests:?}{emulator:?}").contains("secret"));
}
