//! Refused requests for `timeseries`, and valid ones that look similar.

use serde_json::json;

use crate::http_client::{BEARER, PATH, builder, emulator, get, send};

const DAYS: &str = "dateRange=7d";

#[test]
fn broken_rules_return_status_code_and_parameter() {
    let emulator = emulator();
    let fifty_one = "dateRange=1d&".repeat(51);
    let costly = "dateRange=364d&".repeat(12) + "aggInterval=1h";
    for (query, status, code, about) in [
        ("dateRange=0d", 400, 2001, "dateRange"),
        ("dateRange=365d", 400, 2001, "dateRange"),
        ("dateRange=53w", 400, 2001, "dateRange"),
        ("dateRange=07d", 400, 2001, "dateRange"),
        ("dateRange=7", 400, 2001, "dateRange"),
        ("dateRange=7dcontrolcontrol", 400, 2001, "dateRange"),
        ("dateRange=7d,7dcontrol", 400, 2001, "dateRange"),
        ("dateRange=%2B7d", 400, 2001, "dateRange"),
        ("dateRange=99999999999999999999d", 400, 2001, "dateRange"),
        ("dateRange=7d&dateStart=2026-01-01T00:00:00Z&dateEnd=2026-01-02T00:00:00Z", 400, 2001, "dateStart"),
        ("dateStart=2026-01-01T00:00:00Z", 400, 2001, "dateEnd"),
        ("dateEnd=2026-01-01T00:00:00Z", 400, 2001, "dateStart"),
        ("dateStart=2026-01-02T00:00:00Z&dateEnd=2026-01-01T00:00:00Z", 400, 2001, "dateEnd"),
        ("dateStart=2026-01-01T00:00:00Z&dateEnd=2026-01-01T00:00:00Z", 400, 2001, "dateEnd"),
        // An instant has an offset, and an unescaped `+` is a space.
        ("dateStart=2026-01-01T00:00:00&dateEnd=2026-01-02T00:00:00", 400, 2001, "dateStart"),
        ("dateStart=2026-01-01T00:00:00+05:30&dateEnd=2026-01-02T00:00:00Z", 400, 2001, "dateStart"),
        ("dateStart=2026-02-30T00:00:00Z&dateEnd=2026-03-02T00:00:00Z", 400, 2001, "dateStart"),
        ("dateStart=%2B262000-01-01T00:00:00Z&dateEnd=%2B262001-01-01T00:00:00Z", 400, 2001, "dateStart"),
        (
            "dateStart=0000-01-01T00:00:00%2B23:59&dateEnd=0000-01-01T01:00:00%2B23:59",
            400,
            2001,
            "date range",
        ),
        ("dateStart=9999-12-31T00:00:00-23:59&dateEnd=9999-12-31T23:59:59-23:59", 400, 2001, "date range"),
        // The documentation's example of windows of almost the same length.
        (
            "dateStart=2026-01-01T00:01:00Z&dateEnd=2026-01-02T00:16:00Z\
             &dateStart=2026-01-01T00:14:00Z&dateEnd=2026-01-02T00:10:00Z",
            400,
            2001,
            "dateEnd",
        ),
        ("dateRange=7d&dateRange=6dcontrol", 400, 2001, "dateRange"),
        ("dateRange=30d&ca=a&ca=b", 400, 2001, "without dates"),
        ("tld=com&log=argon2026h1", 400, 2001, "tld"),
        ("tld=com&logApi=STATIC", 400, 2001, "tld"),
        ("tld=com&logOperator=Google", 400, 2001, "tld"),
        ("tld=com&entryType=CERTIFICATE", 400, 2001, "tld"),
        ("hasIps=TRUE", 400, 2001, "hasIps"),
        ("hasWildcards=1", 400, 2001, "hasWildcards"),
        ("uniqueEntries=True", 400, 2001, "uniqueEntries"),
        ("duration=LTE_4D", 400, 2001, "duration"),
        ("entryType=certificate", 400, 2001, "entryType"),
        ("expirationStatus=-VALID", 400, 2001, "expirationStatus"),
        ("logApi=RFC9162", 400, 2001, "logApi"),
        ("publicKeyAlgorithm=RSA,ECDSA", 400, 2001, "publicKeyAlgorithm"),
        ("signatureAlgorithm=RSA_SHA_1024", 400, 2001, "signatureAlgorithm"),
        ("validationLevel=EV", 400, 2001, "validationLevel"),
        ("aggInterval=2h", 400, 2001, "aggInterval"),
        ("aggInterval=1h&aggInterval=1h", 400, 2001, "aggInterval"),
        ("format=XML", 400, 2001, "format"),
        ("dateRange=52w&aggInterval=15m", 400, 2001, "aggInterval"),
        (
            "dateStart=0001-01-01T00:00:00Z&dateEnd=9999-01-01T00:00:00Z&aggInterval=1w",
            400,
            2001,
            "aggInterval",
        ),
        ("name=a&dateRange=7d&name=a&dateRange=7d", 400, 2001, "name"),
        ("name=meta", 400, 2001, "name"),
        ("caOwner=%ff", 400, 2001, "caOwner"),
        ("%c3%28=1", 400, 2001, "UTF-8"),
        (&fifty_one, 422, 2002, "51 series"),
        (&costly, 422, 2002, "cost"),
    ] {
        let reply = get(&emulator, query);
        let body = reply.json();
        assert_eq!((reply.status, &body["errors"][0]["code"]), (status, &json!(code)), "{query}: {body}");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(about), "{query}: {message}");
        let expected =
            json!({ "success": false, "errors": [{ "code": code, "message": message }], "result": {} });
        assert_eq!(body, expected, "{query}");
    }
}

#[test]
fn similar_valid_queries_are_answered() {
    let emulator = emulator();
    for query in [
        "dateRange=364d",
        "dateRange=52WCONTROL",
        "dateRange=7dControl",
        "dateRange=90d&aggInterval=15m",
        "dateRange=364d&aggInterval=1h",
        "dateRange=7d&dateRange=1w",
        "dateRange=7d&ca=a&ca=b",
        "dateStart=2026-01-01T00:00:00Z&dateEnd=2026-01-02T00:00:00Z&dateRange=&dateRange=1dcontrol",
        "dateStart=2026-01-01T00:01:00Z&dateEnd=2026-01-02T00:14:00Z\
         &dateStart=2026-01-01T00:14:00Z&dateEnd=2026-01-02T00:00:00Z",
        // The rule on domains and logs applies within one series.
        "dateRange=7d&dateRange=7d&tld=com&tld=&log=&log=argon2026h1",
        "tld=com&caOwner=DigiCert&signatureAlgorithm=RSA_SHA_256",
        "format=&aggInterval=&hasIps=",
        "format=json",
        "&&&",
        "=",
        "ca",
        "ca=100%&ca=",
        "ca=%00",
    ] {
        assert_eq!(get(&emulator, query).status, 200, "{query}");
    }
    assert_eq!(get(&emulator, &"dateRange=1d&".repeat(50)).status, 200);
}

#[test]
fn max_points_can_be_configured() {
    let emulator = builder().max_points(169).start().unwrap();
    assert_eq!(get(&emulator, DAYS).status, 200);
    assert_eq!(get(&emulator, "dateRange=7d&dateRange=7d").status, 422);
    // A point of a week costs as much as seven of a day.
    assert_eq!(get(&emulator, "dateRange=22w&aggInterval=1w").status, 200);
    assert_eq!(get(&emulator, "dateRange=26w&aggInterval=1w").status, 422);
}

#[test]
fn extreme_queries_are_answered_or_refused() {
    let emulator = emulator();
    let long = "caOwner=".to_owned() + &"%F0%9F%A6%80".repeat(3000);
    let many = "tld=a&log=&".repeat(5000);
    let names = SERIES_NAMES.map(|name| format!("{name}=%00&{name}=1e999&{name}=-1")).join("&");
    for (query, status) in [(long.as_str(), 200), (many.as_str(), 422), (names.as_str(), 400)] {
        assert_eq!(get(&emulator, query).status, status);
    }
    assert_eq!(get(&emulator, DAYS).status, 200);
}

const SERIES_NAMES: [&str; 6] = ["name", "dateRange", "dateStart", "duration", "hasIps", "aggInterval"];

#[test]
fn unknown_paths_and_methods_are_refused_before_authentication() {
    let emulator = emulator();
    let host = format!("http://{}", emulator.address());
    let failure = |method: &str, path: &str, status: u16, code: u32| {
        for credential in [&[BEARER][..], &[]] {
            let reply = send(method, &format!("{host}{path}"), credential);
            let body = reply.json();
            assert_eq!(reply.status, status, "{method} {path}");
            assert_eq!(body["errors"][0]["code"], code, "{method} {path}");
            assert_eq!(body["success"], false);
            assert_eq!((&body["messages"], &body["result"]), (&json!([]), &json!(null)), "{method} {path}");
            assert_eq!(reply.header("allow"), if status == 405 { "GET, HEAD" } else { "" });
        }
    };
    for path in
        ["/", "/client/v4", "/client/v4/radar/ct", "/radar/ct/timeseries", "/client/v4/radar/ct/timeseries/"]
    {
        failure("GET", path, 404, 7003);
        failure("DELETE", path, 404, 7003);
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        failure(method, PATH, 405, 10405);
    }
}
