//! The proxy rule: what a proxy receives, how its failures are reported, and the environment variables.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

use std::collections::BTreeSet;
use std::error::Error as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use radar_ct::transport::{
    ProxyChoice, ReqwestTransport, TransportConfig, TransportErrorKind as Kind, UreqTransport,
};
use radar_ct::{Credentials, Error, Timeseries};
use radar_ct_tests::proxy::{Behavior as ProxyBehavior, Proxy};
use radar_ct_tests::tls::{Authority, Behavior, CLIENTS, TlsServer, all_texts, certificate};

/// Secrets that only the server may receive.
const SECRETS: [&str; 3] = ["s3cr3t-token", "s3cr3t-key-of-the-test", "s3cr3t@example.com"];
/// Credentials that only the proxy may receive: Basic authentication with `user:p4ss w0rd`.
const BASIC: &str = "Basic dXNlcjpwNHNzIHcwcmQ=";
const HOSTS: &[&str] = &["localhost", "127.0.0.1", "api.example"];
/// The timeout of calls that time out.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(20);

/// A server, and the authority that signs its certificate.
struct World {
    authority: Authority,
    server: TlsServer,
}

impl World {
    fn new() -> Self {
        let authority = Authority::new("ours");
        let server = TlsServer::start(Behavior::Tls(authority.sign(&certificate(HOSTS))));
        Self { authority, server }
    }

    fn config(&self, proxy: &str) -> TransportConfig {
        let proxy = ProxyChoice::Url(proxy.parse().unwrap());
        TransportConfig::new().proxy(proxy).trust_only_pem(self.authority.pem().as_bytes()).unwrap()
    }
}

/// Both kinds of credentials.
fn credentials() -> [Credentials; 2] {
    let [token, key, email] = SECRETS;
    [Credentials::token(token).unwrap(), Credentials::email_and_key(email, key).unwrap()]
}

fn token() -> Credentials {
    let [token, _] = credentials();
    token
}

/// Asserts that an error shows no secret. Returns its kind, its text and its source.
fn describe(result: Result<Timeseries, Error>) -> (Option<Kind>, String, String) {
    let error = result.unwrap_err();
    let texts = all_texts(&error);
    assert!(!texts.contains("s3cr3t") && !texts.contains("p4ss") && !texts.contains("dXNlc"), "{texts}");
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    (error.transport_kind(), error.to_string(), cause)
}

#[test]
fn a_proxy_receives_the_authority_and_nothing_else() {
    let world = World::new();
    for (name, call) in CLIENTS {
        for credentials in credentials() {
            let proxy = Proxy::start(ProxyBehavior::Forward, world.server.address());
            let config = world.config(&format!("http://{}", proxy.address()));
            // The last name can be resolved by the proxy only.
            for (host, authority) in [
                ("localhost:4443", "localhost:4443"),
                ("127.0.0.1:4443", "127.0.0.1:4443"),
                ("api.example", "api.example:443"),
            ] {
                call(&format!("https://{host}/client/v4"), &credentials, LONG, &config)
                    .unwrap_or_else(|error| panic!("{name} {host}: {}", all_texts(&error)));
                let heads = proxy.heads();
                let head = heads.last().unwrap();
                assert!(head.starts_with(&format!("CONNECT {authority} HTTP/1.1\r\n")), "{name}: {head}");
            }
            let heads = proxy.heads();
            assert_eq!(heads.len(), 3, "{name}: {heads:?}");
            let allowed = BTreeSet::from(["host", "user-agent", "proxy-connection"]);
            for head in heads {
                let names = head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0));
                let names: BTreeSet<String> = names.map(str::to_ascii_lowercase).collect();
                assert!(names.iter().all(|name| allowed.contains(name.as_str())), "{name}: {head}");
                assert!(!head.contains("s3cr3t") && !head.contains("timeseries"), "{name}: {head}");
                // The user agent that the server receives.
                assert!(head.to_lowercase().contains("user-agent: radar-ct/"), "{name}: {head}");
            }
            let forwarded = String::from_utf8_lossy(&proxy.forwarded()).into_owned();
            assert!(
                !forwarded.is_empty() && !forwarded.contains("s3cr3t") && !forwarded.contains("GET"),
                "{name}"
            );
        }
    }
    let received = world.server.received();
    assert!(SECRETS.iter().all(|secret| received.contains(secret)), "{received}");
    assert!(!received.to_lowercase().contains("proxy-"), "{received}");
}

#[test]
fn credentials_of_the_proxy_go_to_the_proxy_only() {
    let world = World::new();
    for (userinfo, expected) in [
        ("user:p4ss%20w0rd", BASIC),
        ("user", "Basic dXNlcjo="),
        ("user:", "Basic dXNlcjo="),
        (":p4ss", "Basic OnA0c3M="),
        ("us@r:p@ss", "Basic dXNAcjpwQHNz"),
        ("u%40r:p%3A%2F%25+%C3%9F", "Basic dUByOnA6LyUrw58="),
    ] {
        for (name, call) in CLIENTS {
            let proxy = Proxy::start(ProxyBehavior::RequireAuthorization(expected), world.server.address());
            let config = world.config(&format!("http://{userinfo}@{}", proxy.address()));
            let base_url = world.server.base_url("https", "localhost");
            let result = call(&base_url, &token(), LONG, &config);
            result.unwrap_or_else(|_| panic!("{name} {userinfo}: {:?}", proxy.heads()));
            for shown in [
                format!("{config:?}"),
                format!("{:?}", UreqTransport::new(config.clone()).unwrap()),
                format!("{:?}", ReqwestTransport::new(config.clone()).unwrap()),
            ] {
                assert!(!shown.contains("p4ss") && !shown.contains("dXNl"), "{shown}");
            }
        }
    }
    let received = world.server.received().to_lowercase();
    assert!(received.contains("s3cr3t") && !received.contains("proxy-authorization"), "{received}");
}

#[test]
fn a_proxy_may_use_tls() {
    let world = World::new();
    for (name, call) in CLIENTS {
        let certificate = world.authority.sign(&certificate(HOSTS));
        let proxy = Proxy::start(ProxyBehavior::Tls(certificate), world.server.address());
        let config = world.config(&format!("https://user:p4ss%20w0rd@localhost:{}", proxy.address().port()));
        let result = call("https://api.example", &token(), LONG, &config);
        result.unwrap_or_else(|error| panic!("{name}: {}", all_texts(&error)));
        let head = proxy.heads().concat();
        assert!(head.starts_with("CONNECT api.example:443 ") && head.contains(BASIC), "{name}: {head}");
        let forwarded = String::from_utf8_lossy(&proxy.forwarded()).into_owned();
        assert!(!forwarded.is_empty() && !forwarded.contains("s3cr3t") && !head.contains("s3cr3t"), "{name}");
    }
}

/// A failing proxy, and the error that it causes.
struct Failing {
    case: &'static str,
    behavior: ProxyBehavior,
    kind: Kind,
    /// The start of the source of the error.
    source: &'static str,
    requests: usize,
}

fn failing() -> Vec<Failing> {
    let refusal = |case, answer: &'static str, source| Failing {
        case,
        behavior: ProxyBehavior::Answer(answer),
        kind: Kind::Proxy,
        source,
        requests: 3,
    };
    let refused = "it refused to connect to the host";
    vec![
        refusal("403", "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", refused),
        refusal("502", "HTTP/1.1 502 Bad Gateway\r\n\r\n", refused),
        refusal("a redirect", "HTTP/1.1 302 Found\r\nlocation: https://login.example\r\n\r\n", refused),
        Failing {
            case: "407",
            behavior: ProxyBehavior::RequireAuthorization(BASIC),
            kind: Kind::Proxy,
            source: "it requires a user name and a password",
            requests: 3,
        },
        Failing {
            case: "the end",
            behavior: ProxyBehavior::Close,
            kind: Kind::Proxy,
            source: "it closed the connection",
            requests: 3,
        },
        Failing {
            case: "silence",
            behavior: ProxyBehavior::Hang,
            kind: Kind::Timeout,
            source: "",
            requests: 1,
        },
        Failing {
            case: "a proxy with TLS that is not trusted",
            behavior: ProxyBehavior::Tls(Authority::new("another").sign(&certificate(HOSTS))),
            kind: Kind::Tls,
            source: "the server's certificate is not signed by a trusted authority",
            requests: 0,
        },
    ]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn failures_of_a_proxy_are_attributed_to_it() {
    let world = World::new();
    for failing in failing() {
        let case = failing.case;
        let timeout = if failing.kind == Kind::Timeout { SHORT } else { LONG };
        let scheme = if matches!(failing.behavior, ProxyBehavior::Tls(_)) { "https" } else { "http" };
        let ends = CLIENTS.map(|(name, call)| {
            let proxy = Proxy::start(failing.behavior.clone(), world.server.address());
            let address = format!("localhost:{}", proxy.address().port());
            // The wrong password for the proxy that requires one.
            let config = world.config(&format!("{scheme}://user:p4ss@{address}"));
            let began = Instant::now();
            let result = call(&world.server.base_url("https", "localhost"), &token(), timeout, &config);
            assert!(began.elapsed() < timeout + SHORT, "{name}, {case}: took {:?}", began.elapsed());
            let (kind, text, source) = describe(result);
            assert_eq!(kind, Some(failing.kind), "{name}, {case}: {text}: {source}");
            assert!(source.starts_with(failing.source), "{name}, {case}: {text}: {source}");
            assert_eq!(proxy.heads().len(), failing.requests, "{name}, {case}: {text}: {source}");
            assert!(kind != Some(Kind::Proxy) || text.contains("check the proxy"), "{name}, {case}: {text}");
            text
        });
        let [one, other] = ends;
        assert_eq!(one, other, "{case}");
    }
    assert_eq!(world.server.connections(), 0);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn connecting_has_its_own_timeout() {
    let world = World::new();
    let ends = CLIENTS.map(|(name, call)| {
        let proxy = Proxy::start(ProxyBehavior::Hang, world.server.address());
        let config = world.config(&proxy.address().to_string()).connect_timeout(Duration::from_millis(200));
        let began = Instant::now();
        let end = describe(call("https://api.example", &token(), LONG, &config));
        assert!(began.elapsed() < LONG / 2, "{name}");
        assert_eq!(proxy.heads().len(), 3, "{name}: {end:?}");
        end
    });
    let [one, other] = ends;
    assert_eq!(one, other);
    assert_eq!((one.0, one.2.as_str()), (Some(Kind::Timeout), "connecting took too long"));
}

#[test]
fn an_unreachable_proxy_is_reported_as_the_cause() {
    let world = World::new();
    // Nothing listens on a port that was just released.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (case, proxy) in [
        ("no proxy", format!("http://user:p4ss@{gone}")),
        ("no such host", "http://no-host.invalid:1".to_owned()),
    ] {
        let ends = CLIENTS.map(|(_, call)| {
            describe(call(
                &world.server.base_url("https", "localhost"),
                &token(),
                LONG,
                &world.config(&proxy),
            ))
        });
        let [(one, text, _), (other, other_text, _)] = &ends;
        assert_eq!((*one, *other), (Some(Kind::Proxy), Some(Kind::Proxy)), "{case}: {ends:?}");
        assert_eq!(text, other_text, "{case}");
        assert!(text.contains("check the proxy"), "{case}: {text}");
    }
    assert_eq!(world.server.connections(), 0);
}

#[test]
fn plain_http_to_loopback_never_uses_a_proxy() {
    let authority = Authority::new("ours");
    let server = radar_ct_tests::faults::Faulty::play(vec![radar_ct_tests::faults::answer(
        radar_ct_tests::faults::response("200 OK", &[], radar_ct_tests::tls::GOOD),
    )]);
    for (name, call) in CLIENTS {
        let proxy = Proxy::start(ProxyBehavior::Forward, ([127, 0, 0, 1], 1).into());
        let config = TransportConfig::new()
            .proxy(ProxyChoice::Url(format!("http://{}", proxy.address()).parse().unwrap()))
            .trust_only_pem(authority.pem().as_bytes())
            .unwrap();
        call(&server.base_url(), &token(), LONG, &config).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(proxy.heads(), [""; 0], "{name}");
    }
    assert_eq!(server.requests(), 2);
}

#[test]
fn an_unusable_proxy_is_refused_before_anything_is_sent() {
    let world = World::new();
    let proxy = Proxy::start(ProxyBehavior::Forward, world.server.address());
    for (url, expected) in [
        (format!("socks5://user:p4ss@{}", proxy.address()), "has the scheme `socks5`"),
        (format!("socks5h://{}", proxy.address()), "has the scheme `socks5h`"),
        (format!("ftp://{}", proxy.address()), "has the scheme `ftp`"),
        ("http://user:p4ss@localhost:port".to_owned(), "an invalid port"),
        ("/p4ss".to_owned(), "is malformed"),
    ] {
        let ends = CLIENTS.map(|(_, call)| {
            let result =
                call(&world.server.base_url("https", "localhost"), &token(), LONG, &world.config(&url));
            assert!(result.as_ref().is_err_and(Error::is_usage), "{url}: {result:?}");
            describe(result)
        });
        let [one, other] = ends;
        assert_eq!(one, other);
        assert!(one.1.contains(expected), "{url}: {}", one.1);
    }
    assert_eq!((proxy.heads().len(), world.server.connections()), (0, 0));
}

#[test]
fn an_invalid_user_agent_is_refused_when_the_transport_is_built() {
    let config = TransportConfig::new().proxy(ProxyChoice::Direct).user_agent("a\r\nx: y");
    let kinds = [
        UreqTransport::new(config.clone()).map(drop).unwrap_err().kind(),
        ReqwestTransport::new(config).map(drop).unwrap_err().kind(),
    ];
    assert_eq!(kinds, [Kind::InvalidRequest; 2]);
}

/// The expected route of the calls of a child process.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Route {
    /// Through the proxy.
    Forwarded,
    /// Straight to the server.
    Direct,
    /// An error that contains this.
    Refused(&'static str),
}

/// A case: the host of the server, the environment variables, and the expected route. In the variables, `$P`
/// is the proxy and `$S` the port of the server.
type EnvironmentCase = (&'static str, &'static [(&'static str, &'static str)], Route);

const ENVIRONMENT_CASES: &[EnvironmentCase] = &[
    ("localhost", &[], Route::Direct),
    ("localhost", &[("HTTP_PROXY", "http://$P"), ("http_proxy", "http://$P")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "http://$P")], Route::Forwarded),
    ("localhost", &[("https_proxy", "http://$P")], Route::Forwarded),
    ("localhost", &[("ALL_PROXY", "http://$P")], Route::Forwarded),
    ("localhost", &[("all_proxy", "http://$P")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", "$P")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", "http://user:p4ss%20w0rd@$P/")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", "http://$P"), ("ALL_PROXY", "socks5://localhost")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", ""), ("ALL_PROXY", "http://$P")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", "")], Route::Direct),
    (
        "localhost",
        &[("HTTPS_PROXY", "socks5://user:p4ss@$P")],
        Route::Refused("in HTTPS_PROXY has the scheme `socks5`"),
    ),
    ("localhost", &[("ALL_PROXY", "socks5h://$P")], Route::Refused("in ALL_PROXY has the scheme `socks5h`")),
    ("localhost", &[("https_proxy", "http://p4ss w0rd")], Route::Refused("in https_proxy is malformed")),
    ("localhost", &[("https_proxy", "localhost:p4ss")], Route::Refused("an invalid port")),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "*")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("no_proxy", "*")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "example.com, LOCALHOST")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "example.com localhost")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", ".localhost")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "localhost:$S")], Route::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "localhost:1")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "host,127.0.0.1,example")], Route::Forwarded),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "")], Route::Forwarded),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.1")], Route::Direct),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.0/8")], Route::Direct),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.1:$S")], Route::Direct),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.2,localhost,.0.0.1")], Route::Forwarded),
    (
        "api.example",
        &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "other.example,pi.example,example.com")],
        Route::Forwarded,
    ),
];

/// Runs a case in a child process and returns what is wrong.
fn problems(authority: &Authority, pem: &Path, (host, variables, route): &EnvironmentCase) -> Vec<String> {
    let server = TlsServer::start(Behavior::Tls(authority.sign(&certificate(HOSTS))));
    let proxy = Proxy::start(ProxyBehavior::Forward, server.address());
    let port = |address: SocketAddr| address.port().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ask"));
    for name in ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
        child.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    for (name, value) in *variables {
        let value = value.replace("$P", &proxy.address().to_string()).replace("$S", &port(server.address()));
        child.env(name, value);
    }
    child.env("CLOUDFLARE_API_TOKEN", SECRETS[0]).arg(server.base_url("https", host)).arg(pem);
    let output = child.output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let lines: Vec<_> = stdout.lines().filter_map(|line| line.split_once(' ')).collect();
    let is_expected = |result: &str| match route {
        Route::Forwarded | Route::Direct => result == "data",
        Route::Refused(text) => result.contains(text) && !result.contains("p4ss"),
    };
    let forwarded = if *route == Route::Forwarded { 2 } else { 0 };
    let connections = if matches!(route, Route::Refused(_)) { 0 } else { 2 };
    let mut problems = Vec::new();
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    if names != ["blocking", "async"] || !lines.iter().all(|(_, result)| is_expected(result)) {
        problems.push(format!("{stdout} {stderr}"));
    }
    if proxy.heads().len() != forwarded || server.connections() != connections {
        problems.push(format!("{} forwarded, {} connections", proxy.heads().len(), server.connections()));
    }
    problems.into_iter().map(|problem| format!("{host} {variables:?}: {problem}")).collect()
}

#[test]
fn environment_variables_choose_the_proxy_and_its_exceptions() {
    let authority = Authority::new("ours");
    let pem = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proxy-root.pem");
    std::fs::write(&pem, authority.pem()).unwrap();
    let wrong = std::thread::scope(|scope| {
        let threads: Vec<_> =
            ENVIRONMENT_CASES.iter().map(|case| scope.spawn(|| problems(&authority, &pem, case))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{} cases, wrong:\n{}", ENVIRONMENT_CASES.len(), wrong.join("\n"));
}
