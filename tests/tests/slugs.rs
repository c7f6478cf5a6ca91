//! Slugs and fingerprints are refused or stay within their path segment.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod cases;

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use radar_ct::{
    AuthorityParams, BaseUrl, ClientBuilder, Credentials, Endpoint, Fingerprint, LogParams, LogSlug, Problem,
    RetryPolicy,
};
use radar_ct_tests::faults::{Faulty, answer, response};
use radar_ct_tests::wire::read_strictly;

use crate::cases::cases;

/// Slugs with a special meaning in a URL or a request.
const HOSTILE: [&str; 28] = [
    "..",
    ".",
    "../../zones",
    "..\\..\\zones",
    "%2e%2e",
    "%2E",
    "..%2f..",
    "...",
    "a/b",
    "/",
    "//evil.example",
    "https://evil.example/",
    "@evil.example",
    ":80",
    "x?limit=1",
    "x#y",
    "?",
    "#",
    "x;y=z",
    "a b",
    " ",
    "\t",
    "x HTTP/1.1\r\nx-injected: yes\r\n\r\n",
    "\0",
    "100%",
    "日本 é",
    "\u{202e}x",
    "a+b&c=d",
];

fn slug_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        2 => select(HOSTILE.to_vec()).prop_map(str::to_owned),
        2 => "[a-z0-9-]{1,12}",
        1 => any::<String>(),
        1 => "[./%?#\\\\2eEfF]{0,5}",
    ];
    let long = (95_usize..106, select(vec!["a", "é", "🔒", "/", "."])).prop_map(|(count, c)| c.repeat(count));
    prop_oneof![4 => piece.clone(), 2 => prop::collection::vec(piece, 0..4).prop_map(|all| all.concat()), 1 => long]
}

/// Returns the last segment of a path as a server decodes it, with a parser that accepts canonical escapes
/// only.
fn last_segment(path: &str, above: &[&str]) -> String {
    assert!(!path.contains(['?', '#', '\\']), "{path}");
    let segments: Vec<_> = path.split('/').collect();
    let (last, found) = segments.split_last().unwrap();
    assert_eq!(found, [&[""], above].concat(), "{path}");
    assert!(!matches!(*last, "" | "." | ".."), "{path}");
    let pairs = read_strictly(&format!("slug={last}")).unwrap();
    let [(_, slug)] = pairs.as_slice() else { panic!("{path}") };
    slug.clone()
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn slugs_are_refused_or_stay_one_segment(text in slug_text()) {
        let is_valid = !matches!(text.as_str(), "" | "." | "..") && text.chars().count() <= 100;
        match text.parse::<LogSlug>() {
            Err(problem) => {
                prop_assert!(!is_valid, "{:?} is refused", text);
                prop_assert_eq!(problem, Problem::NotLogSlug(text.into()));
            }
            Ok(slug) => {
                prop_assert!(is_valid, "{:?} is accepted", text);
                prop_assert_eq!(slug.as_str(), &text);
                let params = LogParams::new(slug.clone());
                prop_assert_eq!(last_segment(&params.path(), &["radar", "ct", "logs"]), text);
                prop_assert!(params.prepare().unwrap().is_empty());
                let written = serde_json::to_string(&slug).unwrap();
                prop_assert_eq!(serde_json::from_str::<LogSlug>(&written).unwrap(), slug);
            }
        }
    }

    #[test]
    fn fingerprints_are_64_hex_digits_in_any_case(text in "[0-9a-fA-F]{64}") {
        let fingerprint: Fingerprint = text.parse().unwrap();
        prop_assert_eq!(fingerprint.as_str(), text.to_uppercase());
        prop_assert_eq!(&text.to_lowercase().parse::<Fingerprint>().unwrap(), &fingerprint);
        let path = AuthorityParams::new(fingerprint.clone()).path();
        prop_assert_eq!(last_segment(&path, &["radar", "ct", "authorities"]), fingerprint.as_str());
    }

    #[test]
    fn other_text_is_not_a_fingerprint(
        text in prop_oneof![any::<String>(), slug_text(), "[0-9a-fA-F]{0,63}", "[0-9a-fA-F]{65,130}"],
    ) {
        prop_assume!(text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        prop_assert_eq!(text.parse::<Fingerprint>(), Err(Problem::NotFingerprint(text.clone().into())));
        let written = serde_json::to_string(&text).unwrap();
        prop_assert!(serde_json::from_str::<Fingerprint>(&written).is_err());
    }

    #[test]
    fn one_wrong_character_makes_a_fingerprint_invalid(
        text in "[0-9a-fA-F]{64}",
        at in 0..64_usize,
        wrong in select(vec!["g", "G", "/", ":", "@", "`", " ", "é", "\u{ff11}", "%41", ""]),
    ) {
        let text = format!("{}{wrong}{}", &text[..at], &text[at + 1..]);
        prop_assert!(text.parse::<Fingerprint>().is_err(), "{:?}", text);
    }
}

#[test]
fn empty_dot_and_overlong_slugs_are_refused() {
    for refused in ["", ".", "..", &"a".repeat(101), &"é".repeat(101)] {
        assert_eq!(refused.parse::<LogSlug>(), Err(Problem::NotLogSlug(refused.into())));
    }
    for accepted in ["a", "...", "argon2026h1", &"a".repeat(100), &"é".repeat(100)] {
        assert_eq!(accepted.parse::<LogSlug>().unwrap().as_str(), accepted);
    }
}

fn set_up<C>(builder: fn(Credentials) -> ClientBuilder<C>, server: &Faulty) -> ClientBuilder<C> {
    builder(Credentials::token("token-of-a-test").unwrap())
        .base_url(BaseUrl::parse(&server.base_url()).unwrap())
        .timeout(Duration::from_secs(20))
        .retry(RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO))
}

#[test]
fn hostile_slugs_reach_the_server_as_one_segment() {
    let body = r#"{"success":true,"errors":[],"result":{"certificateLog":{"slug":"x"}}}"#;
    let server = Faulty::play(vec![answer(response("200 OK", &[], body))]);
    let blocking = set_up(radar_ct::blocking::Client::builder, &server).build().unwrap();
    let asynchronous = set_up(radar_ct::Client::builder, &server).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut expected = Vec::new();
    for text in HOSTILE {
        let Ok(slug) = text.parse::<LogSlug>() else { continue };
        let params = LogParams::new(slug);
        assert_eq!(blocking.log(&params).unwrap().slug, "x");
        assert_eq!(runtime.block_on(asynchronous.log(&params)).unwrap().slug, "x");
        expected.extend([text, text]);
    }
    assert_eq!(expected.len(), 2 * (HOSTILE.len() - 2), "all but the two refused ones");
    let heads = server.heads();
    assert_eq!(heads.len(), expected.len());
    let host = server.base_url().replace("http://", "").replace("/client/v4", "");
    for (head, slug) in heads.iter().zip(expected) {
        let target = head.lines().next().and_then(|line| line.strip_prefix("GET ")).unwrap();
        let target = target.strip_suffix(" HTTP/1.1").unwrap();
        assert_eq!(last_segment(target, &["client", "v4", "radar", "ct", "logs"]), slug);
        let head = head.to_ascii_lowercase();
        assert!(head.contains(&format!("host: {host}\r\n")) && !head.contains("x-injected:"), "{head}");
    }
}
