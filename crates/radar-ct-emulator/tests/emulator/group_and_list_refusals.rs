//! Refused requests for groups, summaries and lists, and valid ones that look similar.

use serde_json::json;

use crate::http_client::{builder, emulator, fetch};

#[test]
fn broken_rules_return_status_code_and_parameter() {
    let emulator = emulator();
    let fifty_one = format!("summary/CA?{}", "dateRange=1d&".repeat(51));
    for (target, status, code, about) in [
        ("timeseries_groups/NOPE", 400, 2001, "dimension"),
        ("summary/caowner", 400, 2001, "dimension"),
        ("summary/%ff", 400, 2001, "dimension"),
        ("summary/CA%2FCA", 400, 2001, "dimension"),
        ("summary/CA?limitPerGroup=1", 400, 2001, "limitPerGroup"),
        ("summary/CA?limitPerGroup=0", 400, 2001, "limitPerGroup"),
        ("summary/CA?limitPerGroup=-2", 400, 2001, "limitPerGroup"),
        ("summary/CA?limitPerGroup=two", 400, 2001, "limitPerGroup"),
        ("summary/CA?limitPerGroup=2&limitPerGroup=2", 400, 2001, "limitPerGroup"),
        ("summary/DURATION?limitPerGroup=2", 400, 2001, "limitPerGroup"),
        ("summary/LOG_API?limitPerGroup=9", 400, 2001, "limitPerGroup"),
        ("timeseries_groups/SIGNATURE_ALGORITHM?limitPerGroup=2", 400, 2001, "limitPerGroup"),
        ("summary/CA?normalization=MIN0_MAX", 400, 2001, "normalization"),
        ("summary/CA?normalization=percentage", 400, 2001, "normalization"),
        ("summary/TLD?log=argon2026h1", 400, 2001, "log"),
        ("summary/TLD?logApi=STATIC", 400, 2001, "logApi"),
        ("summary/TLD?logOperator=Google", 400, 2001, "logOperator"),
        ("timeseries_groups/tld?entryType=CERTIFICATE", 400, 2001, "entryType"),
        ("timeseries_groups/LOG?tld=com", 400, 2001, "tld"),
        ("timeseries_groups/LOG_API?tld=com", 400, 2001, "tld"),
        ("timeseries_groups/LOG_OPERATOR?tld=com", 400, 2001, "tld"),
        ("timeseries_groups/ENTRY_TYPE?tld=com", 400, 2001, "tld"),
        ("summary/CA?dateRange=0d", 400, 2001, "dateRange"),
        ("summary/CA?dateRange=7d&dateRange=8d", 400, 2001, "dateRange"),
        ("summary/CA?format=XML", 400, 2001, "format"),
        ("timeseries_groups/CA?dateRange=52w&aggInterval=15m", 400, 2001, "aggInterval"),
        ("timeseries_groups/CA?aggInterval=2h", 400, 2001, "aggInterval"),
        ("timeseries_groups/TLD?dateRange=90d&aggInterval=15m", 422, 2002, "cost"),
        (&fifty_one, 422, 2002, "51 series"),
        ("authorities?limit=0", 400, 2001, "limit"),
        ("authorities?limit=-1", 400, 2001, "limit"),
        ("authorities?limit=1.5", 400, 2001, "limit"),
        ("authorities?limit=1&limit=1", 400, 2001, "limit"),
        ("logs?offset=-1", 400, 2001, "offset"),
        ("logs?offset=x", 400, 2001, "offset"),
        ("logs?format=XML", 400, 2001, "format"),
        ("logs/argon2026h1?format=XML", 400, 2001, "format"),
        ("logs?a=%ff", 400, 2001, "UTF-8"),
    ] {
        let reply = fetch(&emulator, target);
        let body = reply.json();
        assert_eq!((reply.status, &body["errors"][0]["code"]), (status, &json!(code)), "{target}: {body}");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(about), "{target}: {message}");
        let expected =
            json!({ "success": false, "errors": [{ "code": code, "message": message }], "result": {} });
        assert_eq!(body, expected, "{target}");
    }
}

#[test]
fn unknown_records_return_radars_404_and_unknown_paths_the_apis() {
    let emulator = emulator();
    let unknown = format!("authorities/{}", "0".repeat(64));
    for target in
        [&unknown, "authorities/24ED", "authorities/%20", "logs/nope", "logs/..%2Fx", "logs/nope?format=csv"]
    {
        let reply = fetch(&emulator, target);
        assert_eq!((reply.status, reply.json()), (404, json!({ "error": "Not Found" })), "{target}");
        assert_eq!(reply.header("content-type"), "application/json");
    }
    for target in ["authorities/", "logs/", "summary", "summary/", "timeseries_groups", "logs/a/b"] {
        let reply = fetch(&emulator, target);
        assert_eq!((reply.status, reply.json()["errors"][0]["code"].as_u64()), (404, Some(7003)), "{target}");
    }
}

#[test]
fn similar_valid_queries_are_answered() {
    let emulator = emulator();
    for target in [
        "summary/CA?aggInterval=2h",
        "summary/cA_oWnEr",
        "summary/TLD?caOwner=DigiCert&limitPerGroup=2",
        "summary/CA?tld=com",
        "summary/CA?limitPerGroup=&normalization=&format=",
        "timeseries_groups/TLD?dateRange=90d&aggInterval=15m&limitPerGroup=2",
        "logs?limit=&offset=&format=json&dateRange=nonsense",
        "logs/argon2026h1?limit=0",
    ] {
        assert_eq!(fetch(&emulator, target).status, 200, "{target}");
    }
}

#[test]
fn groups_cost_as_much_as_series() {
    let emulator = builder().max_points(2 * 169).start().unwrap();
    assert_eq!(fetch(&emulator, "timeseries_groups/LOG_API").status, 200);
    assert_eq!(fetch(&emulator, "timeseries_groups/CA").status, 422);
    assert_eq!(fetch(&emulator, "summary/CA").status, 200);
}
