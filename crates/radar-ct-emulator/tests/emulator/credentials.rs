//! Accepted and refused credentials.

use radar_ct_emulator::Emulator;
use serde_json::{Value, json};

use crate::http_client::{PATH, builder, emulator, send};

type Headers = &'static [(&'static str, &'static str)];

/// Returns the status, the code of the error, and the code of its cause.
fn authenticate(emulator: &Emulator, headers: Headers) -> (u16, Value, Value) {
    let reply = send("GET", &format!("http://{}{PATH}", emulator.address()), headers);
    let body = reply.json();
    let error = &body["errors"][0];
    assert_eq!(body["success"], reply.status == 200);
    assert_eq!(error.is_null(), reply.status == 200);
    (reply.status, error["code"].clone(), error["error_chain"][0]["code"].clone())
}

const TOKEN: Headers = &[("Authorization", "Bearer good")];
const PAIR: Headers = &[("X-Auth-Email", "a@example.com"), ("X-Auth-Key", "0123456789abcdef")];

#[test]
fn well_formed_credentials_are_accepted_unless_a_token_is_required() {
    let (open, closed) = (emulator(), builder().token("good").start().unwrap());
    let good = (200, json!(null), json!(null));
    let bad = (401, json!(10000), json!(null));
    for (headers, expected) in [
        (TOKEN, [&good, &good]),
        (&[("authorization", "bearer good")], [&good, &good]),
        (&[("Authorization", "Bearer other")], [&good, &bad]),
        (&[("Authorization", "Bearer goo")], [&good, &bad]),
        (&[("Authorization", "Bearer goodd")], [&good, &bad]),
        (&[("Authorization", "Bearer Good")], [&good, &bad]),
        (PAIR, [&good, &bad]),
        // A client that is configured with both sends both: the token takes precedence.
        (&[("Authorization", "Bearer good"), ("X-Auth-Email", "a@example.com")], [&good, &good]),
    ] as [(Headers, _); 8]
    {
        assert_eq!([&authenticate(&open, headers), &authenticate(&closed, headers)], expected, "{headers:?}");
    }
}

#[test]
fn missing_and_malformed_credentials_are_refused() {
    let (open, closed) = (emulator(), builder().token("good").start().unwrap());
    let missing = (400, json!(9106), json!(null));
    let malformed = |cause: u32| (400, json!(6003), json!(cause));
    for (headers, expected) in [
        (&[], missing.clone()),
        (&[("X-Auth-Email", "a@example.com")], missing.clone()),
        (&[("X-Auth-Key", "0123456789abcdef")], missing),
        (&[("Authorization", "")], malformed(6111)),
        (&[("Authorization", "good")], malformed(6111)),
        (&[("Authorization", "Bearer")], malformed(6111)),
        (&[("Authorization", "Bearer  good")], malformed(6111)),
        (&[("Authorization", "Bearer go od")], malformed(6111)),
        (&[("Authorization", "Basic good")], malformed(6111)),
        (&[("X-Auth-Email", "nobody"), ("X-Auth-Key", "0123456789abcdef")], malformed(6102)),
        (&[("X-Auth-Email", "a@example.com"), ("X-Auth-Key", "0123 4567")], malformed(6103)),
        (&[("X-Auth-Email", "a@example.com"), ("X-Auth-Key", "")], malformed(6103)),
    ] as [(Headers, _); 12]
    {
        assert_eq!(
            [authenticate(&open, headers), authenticate(&closed, headers)],
            [expected.clone(), expected],
            "{headers:?}"
        );
    }
}

#[test]
fn refusals_never_contain_the_credential() {
    let emulator = builder().token("good").start().unwrap();
    for header in
        [("Authorization", "Bearer hunter2"), ("Authorization", "hunter2"), ("X-Auth-Key", "hunter2")]
    {
        let reply = send("GET", &format!("http://{}{PATH}", emulator.address()), &[header]);
        assert!(reply.status >= 400 && !format!("{reply:?}").contains("hunter2"));
    }
}

#[test]
fn invalid_tokens_and_clocks_are_refused_at_start() {
    for token in ["", "a b", "a\n", "é"] {
        let error = builder().token(token).start().unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{token:?}");
    }
    for now in [chrono::DateTime::<chrono::Utc>::MAX_UTC, chrono::DateTime::<chrono::Utc>::MIN_UTC] {
        assert_eq!(builder().now(now).start().unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    }
}
