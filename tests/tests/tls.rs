//! Is a server believed only where its certificate says so, and does an error say plainly why it is not?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::error::Error as _;
use std::time::{Duration, Instant};

use radar_ct::Credentials;
use radar_ct::transport::{ProxyChoice, TransportConfig, TransportErrorKind as Kind};
use radar_ct_tests::tls::{Authority, CLIENTS, Manner, TlsServer, certificate, everything_said, sign_itself};
use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};

const TOKEN: &str = "s3cr3t-token-of-the-test";
const HOSTS: &[&str] = &["localhost", "127.0.0.1"];
/// The deadline of the calls that are to run into it.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(20);

/// How a call has to end.
#[derive(Debug, PartialEq)]
enum End {
    Data,
    /// In an error of this kind whose cause is told in these words, after so many connections.
    Fault(Kind, &'static str, usize),
}

struct Case {
    what: &'static str,
    manner: Manner,
    host: &'static str,
    /// The only certificates to be trusted, where it is not those that come along.
    trust: Option<String>,
    end: End,
}

/// A fault that is there to stay: one connection.
fn refused(words: &'static str) -> End {
    End::Fault(Kind::Tls, words, 1)
}

fn cases() -> Vec<Case> {
    let ours = Authority::new("ours");
    let other = Authority::new("another");
    let namesake = Authority::new("ours");
    let good = || certificate(HOSTS);
    let case =
        |what, manner, end| Case { what, manner, host: "localhost", trust: Some(ours.pem().to_owned()), end };
    let signed = |what, params, end| case(what, Manner::Tls(ours.sign(&params)), end);
    let says = |what, words: &[u8], end| case(what, Manner::Say(words.to_vec()), end);
    let trusting = |pem: Option<String>, case: Case| Case { trust: pem, ..case };
    let at = |host, case: Case| Case { host, ..case };

    let mut expired = good();
    (expired.not_before, expired.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
    let mut early = good();
    (early.not_before, early.not_after) = (date_time_ymd(2998, 1, 1), date_time_ymd(2999, 1, 1));
    let mut of_client = good();
    of_client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let mut of_authority = good();
    of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (itself, itself_pem) = sign_itself(&good());
    let (authority_itself, authority_pem) = sign_itself(&of_authority);

    let unknown = "the server's certificate is not signed by a trusted authority";
    let elsewhere = "the server's certificate is for another host";
    let too_old = "the server speaks no version of TLS that is still safe";
    let no_tls = "what the server speaks on this port is not TLS";
    let ends = End::Fault(Kind::Interrupted, "unexpected end of file", 3);
    vec![
        signed("a trusted certificate, by name", good(), End::Data),
        at("127.0.0.1", signed("a trusted certificate, by address", good(), End::Data)),
        trusting(
            Some(format!("{}{}", other.pem(), ours.pem())),
            signed("one of two trusted authorities", good(), End::Data),
        ),
        trusting(
            Some(itself_pem),
            case("a certificate of its own that is trusted", Manner::Tls(itself.clone()), End::Data),
        ),
        trusting(Some(other.pem().to_owned()), signed("another authority", good(), refused(unknown))),
        trusting(
            Some(namesake.pem().to_owned()),
            signed(
                "an authority of the same name",
                good(),
                refused("the server's certificate is not signed by the authority that it names"),
            ),
        ),
        trusting(None, signed("the bundled roots", good(), refused(unknown))),
        case("a certificate of its own", Manner::Tls(itself), refused(unknown)),
        signed("an expired certificate", expired, refused("the server's certificate has expired")),
        signed("a certificate of the future", early, refused("the server's certificate is not valid yet")),
        signed("a certificate for another name", certificate(&["example.com"]), refused(elsewhere)),
        signed("a certificate for a name below", certificate(&["*.localhost"]), refused(elsewhere)),
        signed("a certificate for the address alone", certificate(&["127.0.0.1"]), refused(elsewhere)),
        at(
            "127.0.0.1",
            signed("a certificate for the name alone", certificate(&["localhost"]), refused(elsewhere)),
        ),
        signed("a certificate for nobody", certificate(&[]), refused(elsewhere)),
        signed(
            "a certificate for clients",
            of_client,
            refused("the server's certificate is not meant for servers"),
        ),
        trusting(
            Some(authority_pem),
            case(
                "an authority's own certificate",
                Manner::Tls(authority_itself),
                refused("the server's certificate is an authority's own and cannot be a server's"),
            ),
        ),
        says("plain HTTP", b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n", refused(no_tls)),
        says("SSH", b"SSH-2.0-OpenSSH_9.6\r\n", refused(no_tls)),
        // An alert as of a server that wants an older version, and as of one with other ciphers.
        says("an alert about the version", &[21, 3, 1, 0, 2, 2, 70], refused(too_old)),
        says(
            "an alert about the handshake",
            &[21, 3, 3, 0, 2, 2, 40],
            refused("the server refused TLS with the alert HandshakeFailure"),
        ),
        says("a server of TLS 1.1", &hello_of_tls_1_1(), refused(too_old)),
        case("the connection ends", Manner::Close, ends),
        case("silence", Manner::Hang, End::Fault(Kind::Timeout, "", 1)),
    ]
}

/// What a server of TLS 1.1 greets with: the version, 32 random bytes, no session, a cipher, no compression.
fn hello_of_tls_1_1() -> Vec<u8> {
    let hello = [&[3, 2][..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let message = [&[2, 0, 0, length(&hello)][..], &hello].concat();
    [&[22, 3, 2, 0, length(&message)][..], &message].concat()
}

fn config(trust: Option<&str>) -> TransportConfig {
    // Not the environment's proxy, which might be anywhere.
    let config = TransportConfig::new().proxy(ProxyChoice::Direct);
    match trust {
        Some(pem) => config.trust_only_pem(pem.as_bytes()).unwrap(),
        None => config,
    }
}

/// What is wrong with how the clients fare in a case.
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn problems(case: &Case) -> Vec<String> {
    let timeout = if matches!(case.manner, Manner::Hang) { SHORT } else { LONG };
    let mut problems = Vec::new();
    let mut said = Vec::new();
    for (name, ask) in CLIENTS {
        let server = TlsServer::start(case.manner.clone());
        let began = Instant::now();
        let base_url = server.base_url("https", case.host);
        let credentials = Credentials::token(TOKEN).unwrap();
        let result = ask(&base_url, &credentials, timeout, &config(case.trust.as_deref()));
        let mut wrong = |what: String| problems.push(format!("{name}, {}: {what}", case.what));
        if began.elapsed() > timeout + SHORT {
            wrong(format!("took {:?}", began.elapsed()));
        }
        let error = match (&case.end, result) {
            (End::Data, Ok(data)) => {
                assert_eq!(data.series[0].values().get(0), Some(7.5));
                if !server.heard().contains(TOKEN) {
                    wrong("data without a credential".to_owned());
                }
                continue;
            }
            (End::Data, Err(error)) => {
                wrong(everything_said(&error));
                continue;
            }
            (End::Fault(..), Ok(_)) => {
                wrong("believed".to_owned());
                continue;
            }
            (End::Fault(..), Err(error)) => error,
        };
        let End::Fault(kind, words, connections) = case.end else { unreachable!() };
        let reason = error.source().map(ToString::to_string).unwrap_or_default();
        if error.transport_kind() != Some(kind) || !reason.contains(words) {
            wrong(format!("{:?}, not {kind:?}: {}", error.transport_kind(), everything_said(&error)));
        }
        if server.connections() != connections {
            wrong(format!("{} connections, not {connections}", server.connections()));
        }
        let heard = server.heard();
        if heard.contains(TOKEN) || heard.contains("GET") || everything_said(&error).contains(TOKEN) {
            wrong(format!("told too much: {heard}"));
        }
        if matches!(case.manner, Manner::Tls(_)) && !heard.is_empty() {
            wrong(format!("heard {heard:?}"));
        }
        said.push((error.to_string(), reason));
    }
    if let [one, other] = &said[..]
        && one != other
    {
        problems.push(format!("{}: they differ: {one:?} {other:?}", case.what));
    }
    problems
}

#[test]
fn a_server_is_believed_where_its_certificate_says_so_and_nowhere_else() {
    let cases = cases();
    let wrong = std::thread::scope(|scope| {
        let threads: Vec<_> = cases.iter().map(|case| scope.spawn(|| problems(case))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{} cases, wrong:\n{}", cases.len(), wrong.join("\n"));
}

#[test]
fn a_name_without_an_address_is_looked_up_again() {
    let ends = CLIENTS.map(|(_, ask)| {
        let error = ask("https://no-host.invalid", &Credentials::token(TOKEN).unwrap(), LONG, &config(None));
        let error = error.unwrap_err();
        (error.transport_kind(), error.attempts(), error.to_string(), error.source().map(ToString::to_string))
    });
    let [one, other] = ends;
    assert_eq!(one, other);
    assert_eq!((one.0, one.1), (Some(Kind::Resolve), 3), "{one:?}");
}

#[test]
fn what_to_trust_is_read_whole_or_refused() {
    let good = Authority::new("ours").pem().to_owned();
    let broken = good.replacen("MII", "!!!", 1);
    // PEM that can be read, of bytes that are no certificate.
    let nonsense = "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
    let key = "-----BEGIN PRIVATE KEY-----\nczNjcjN0\n-----END PRIVATE KEY-----\n";
    for (text, words) in [
        (String::new(), Some("there is no certificate to trust")),
        ("s3cr3t".to_owned(), Some("there is no certificate to trust")),
        (key.to_owned(), Some("there is no certificate to trust")),
        (broken, Some("the PEM text is broken")),
        (good.replace("-----END", "-----"), Some("the PEM text is broken")),
        (nonsense.to_owned(), Some("is none")),
        (format!("{good}{nonsense}"), Some("is none")),
        (format!("{key}words around it\n{good}"), None),
    ] {
        let read = TransportConfig::new().trust_only_pem(text.as_bytes());
        let said = read.err().map(|error| {
            assert_eq!(error.kind(), Kind::InvalidRequest);
            error.source().map(ToString::to_string).unwrap_or_default()
        });
        match (&said, words) {
            (None, None) => {}
            (Some(said), Some(words)) => assert!(said.contains(words) && !said.contains("s3cr3t"), "{said}"),
            _ => panic!("{text}: {said:?}, not {words:?}"),
        }
    }
}
