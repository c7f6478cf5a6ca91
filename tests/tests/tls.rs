//! TLS: which certificates are trusted, and how errors describe the others.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test panics")]

use std::error::Error as _;
use std::time::{Duration, Instant};

use radar_ct::Credentials;
use radar_ct::transport::{ProxyChoice, TransportConfig, TransportErrorKind as Kind};
use radar_ct_tests::tls::{Authority, Behavior, CLIENTS, TlsServer, all_texts, certificate, self_sign};
use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};

const TOKEN: &str = "s3cr3t-token-of-the-test";
const HOSTS: &[&str] = &["localhost", "127.0.0.1"];
/// The timeout of calls that time out.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(20);

/// The expected end of a call.
#[derive(Debug, PartialEq)]
enum End {
    Data,
    /// An error of this kind, a text in its source, and the number of connections.
    Error(Kind, &'static str, usize),
}

struct Case {
    name: &'static str,
    behavior: Behavior,
    host: &'static str,
    /// The trusted certificates as PEM, if not the bundled roots.
    trust: Option<String>,
    end: End,
}

/// A TLS error, which is not retried.
fn refused(text: &'static str) -> End {
    End::Error(Kind::Tls, text, 1)
}

fn cases() -> Vec<Case> {
    let ours = Authority::new("ours");
    let other = Authority::new("another");
    let namesake = Authority::new("ours");
    let good = || certificate(HOSTS);
    let case = |name, behavior, end| Case {
        name,
        behavior,
        host: "localhost",
        trust: Some(ours.pem().to_owned()),
        end,
    };
    let signed = |name, params, end| case(name, Behavior::Tls(ours.sign(&params)), end);
    let answers = |name, bytes: &[u8], end| case(name, Behavior::Answer(bytes.to_vec()), end);
    let trusting = |pem: Option<String>, case: Case| Case { trust: pem, ..case };
    let at = |host, case: Case| Case { host, ..case };

    let mut expired = good();
    (expired.not_before, expired.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
    let mut not_yet_valid = good();
    (not_yet_valid.not_before, not_yet_valid.not_after) =
        (date_time_ymd(2998, 1, 1), date_time_ymd(2999, 1, 1));
    let mut for_clients = good();
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let mut for_a_ca = good();
    for_a_ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (self_signed, self_signed_pem) = self_sign(&good());
    let (self_signed_ca, self_signed_ca_pem) = self_sign(&for_a_ca);

    let untrusted = "the server's certificate is not signed by a trusted authority";
    let other_host = "the server's certificate is for another host";
    let too_old = "the server supports neither TLS 1.2 nor TLS 1.3";
    let no_tls = "the server does not speak TLS on this port";
    let ends = End::Error(Kind::Interrupted, "unexpected end of file", 3);
    vec![
        signed("a trusted certificate, by name", good(), End::Data),
        at("127.0.0.1", signed("a trusted certificate, by address", good(), End::Data)),
        trusting(
            Some(format!("{}{}", other.pem(), ours.pem())),
            signed("one of two trusted authorities", good(), End::Data),
        ),
        trusting(
            Some(self_signed_pem),
            case("a self-signed certificate that is trusted", Behavior::Tls(self_signed.clone()), End::Data),
        ),
        trusting(Some(other.pem().to_owned()), signed("another authority", good(), refused(untrusted))),
        trusting(
            Some(namesake.pem().to_owned()),
            signed(
                "an authority of the same name",
                good(),
                refused("the server's certificate is not signed by the authority that it names"),
            ),
        ),
        trusting(None, signed("the bundled roots", good(), refused(untrusted))),
        case("a self-signed certificate", Behavior::Tls(self_signed), refused(untrusted)),
        signed("an expired certificate", expired, refused("the server's certificate has expired")),
        signed(
            "a certificate that is not valid yet",
            not_yet_valid,
            refused("the server's certificate is not valid yet"),
        ),
        signed("a certificate for another name", certificate(&["example.com"]), refused(other_host)),
        signed("a certificate for a subdomain", certificate(&["*.localhost"]), refused(other_host)),
        signed("a certificate for the address only", certificate(&["127.0.0.1"]), refused(other_host)),
        at(
            "127.0.0.1",
            signed("a certificate for the name only", certificate(&["localhost"]), refused(other_host)),
        ),
        signed("a certificate without a name", certificate(&[]), refused(other_host)),
        signed(
            "a certificate for clients",
            for_clients,
            refused("the server's certificate is not meant for servers"),
        ),
        trusting(
            Some(self_signed_ca_pem),
            case(
                "a CA certificate",
                Behavior::Tls(self_signed_ca),
                refused("the server's certificate is a CA certificate and cannot be used by a server"),
            ),
        ),
        answers("plain HTTP", b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n", refused(no_tls)),
        answers("SSH", b"SSH-2.0-OpenSSH_9.6\r\n", refused(no_tls)),
        // The alerts of a server that needs an older version, and of one with other ciphers.
        answers("an alert about the version", &[21, 3, 1, 0, 2, 2, 70], refused(too_old)),
        answers(
            "an alert about the handshake",
            &[21, 3, 3, 0, 2, 2, 40],
            refused("the server refused the TLS connection with the alert HandshakeFailure"),
        ),
        answers("a TLS 1.1 server", &hello_of_tls_1_1(), refused(too_old)),
        case("a closed connection", Behavior::Close, ends),
        case("no answer", Behavior::Hang, End::Error(Kind::Timeout, "", 1)),
    ]
}

/// Returns the `ServerHello` of TLS 1.1: the version, 32 random bytes, no session, a cipher, no compression.
fn hello_of_tls_1_1() -> Vec<u8> {
    let hello = [&[3, 2][..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let message = [&[2, 0, 0, length(&hello)][..], &hello].concat();
    [&[22, 3, 2, 0, length(&message)][..], &message].concat()
}

fn config(trust: Option<&str>) -> TransportConfig {
    // The environment may have a proxy.
    let config = TransportConfig::new().proxy(ProxyChoice::Direct);
    match trust {
        Some(pem) => config.trust_only_pem(pem.as_bytes()).unwrap(),
        None => config,
    }
}

/// Runs a case with both clients and returns what is wrong.
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn problems(case: &Case) -> Vec<String> {
    let timeout = if matches!(case.behavior, Behavior::Hang) { SHORT } else { LONG };
    let mut problems = Vec::new();
    let mut errors = Vec::new();
    for (name, call) in CLIENTS {
        let server = TlsServer::start(case.behavior.clone());
        let began = Instant::now();
        let base_url = server.base_url("https", case.host);
        let credentials = Credentials::token(TOKEN).unwrap();
        let result = call(&base_url, &credentials, timeout, &config(case.trust.as_deref()));
        let mut wrong = |problem: String| problems.push(format!("{name}, {}: {problem}", case.name));
        if began.elapsed() > timeout + SHORT {
            wrong(format!("took {:?}", began.elapsed()));
        }
        let error = match (&case.end, result) {
            (End::Data, Ok(data)) => {
                assert_eq!(data.series[0].values().get(0), Some(7.5));
                if !server.received().contains(TOKEN) {
                    wrong("sent no credentials".to_owned());
                }
                continue;
            }
            (End::Data, Err(error)) => {
                wrong(all_texts(&error));
                continue;
            }
            (End::Error(..), Ok(_)) => {
                wrong("trusted".to_owned());
                continue;
            }
            (End::Error(..), Err(error)) => error,
        };
        let End::Error(kind, text, connections) = case.end else { unreachable!() };
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        if error.transport_kind() != Some(kind) || !source.contains(text) {
            wrong(format!("{:?}, not {kind:?}: {}", error.transport_kind(), all_texts(&error)));
        }
        if server.connections() != connections {
            wrong(format!("{} connections, not {connections}", server.connections()));
        }
        let received = server.received();
        if received.contains(TOKEN) || received.contains("GET") || all_texts(&error).contains(TOKEN) {
            wrong(format!("sent a secret: {received}"));
        }
        if matches!(case.behavior, Behavior::Tls(_)) && !received.is_empty() {
            wrong(format!("received {received:?}"));
        }
        errors.push((error.to_string(), source));
    }
    if let [one, other] = &errors[..]
        && one != other
    {
        problems.push(format!("{}: they differ: {one:?} {other:?}", case.name));
    }
    problems
}

#[test]
fn a_server_is_trusted_only_with_a_valid_certificate() {
    let cases = cases();
    let wrong = std::thread::scope(|scope| {
        let threads: Vec<_> = cases.iter().map(|case| scope.spawn(|| problems(case))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{} cases, wrong:\n{}", cases.len(), wrong.join("\n"));
}

#[test]
fn an_unresolvable_host_name_is_retried() {
    let ends = CLIENTS.map(|(_, call)| {
        let error = call("https://no-host.invalid", &Credentials::token(TOKEN).unwrap(), LONG, &config(None));
        let error = error.unwrap_err();
        (error.transport_kind(), error.attempts(), error.to_string(), error.source().map(ToString::to_string))
    });
    let [one, other] = ends;
    assert_eq!(one, other);
    assert_eq!((one.0, one.1), (Some(Kind::Resolve), 3), "{one:?}");
}

#[test]
fn pem_of_trusted_certificates_is_parsed_completely_or_refused() {
    let good = Authority::new("ours").pem().to_owned();
    let broken = good.replacen("MII", "!!!", 1);
    // Valid PEM, but not a certificate.
    let nonsense = "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
    let key = "-----BEGIN PRIVATE KEY-----\nczNjcjN0\n-----END PRIVATE KEY-----\n";
    for (pem, expected) in [
        (String::new(), Some("holds no certificate to trust")),
        ("s3cr3t".to_owned(), Some("holds no certificate to trust")),
        (key.to_owned(), Some("holds no certificate to trust")),
        (broken, Some("the PEM text is broken")),
        (good.replace("-----END", "-----"), Some("the PEM text is broken")),
        (nonsense.to_owned(), Some("is invalid")),
        (format!("{good}{nonsense}"), Some("is invalid")),
        (format!("{key}text around it\n{good}"), None),
    ] {
        let config = TransportConfig::new().trust_only_pem(pem.as_bytes());
        let message = config.err().map(|error| {
            assert_eq!(error.kind(), Kind::InvalidRequest);
            error.source().map(ToString::to_string).unwrap_or_default()
        });
        match (&message, expected) {
            (None, None) => {}
            (Some(message), Some(text)) => {
                assert!(message.contains(text) && !message.contains("s3cr3t"), "{message}");
            }
            _ => panic!("{pem}: {message:?}, not {expected:?}"),
        }
    }
}
