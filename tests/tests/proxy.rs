//! Does a proxy get to see what it must and nothing else, and does an error say so where it fails?

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

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
use radar_ct_tests::proxy::{Proxy, Temper};
use radar_ct_tests::tls::{Authority, CLIENTS, Manner, TlsServer, certificate, everything_said};

/// What only the server may see.
const SECRETS: [&str; 3] = ["s3cr3t-token", "s3cr3t-key-of-the-test", "s3cr3t@example.com"];
/// What only a proxy may see: `user:p4ss w0rd`, as Basic authentication writes it.
const BASIC: &str = "Basic dXNlcjpwNHNzIHcwcmQ=";
const HOSTS: &[&str] = &["localhost", "127.0.0.1", "api.example"];
/// The deadline of the calls that are to run into it.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(20);

/// A server, and the authority that vouches for it.
struct World {
    authority: Authority,
    server: TlsServer,
}

impl World {
    fn new() -> Self {
        let authority = Authority::new("ours");
        let server = TlsServer::start(Manner::Tls(authority.sign(&certificate(HOSTS))));
        Self { authority, server }
    }

    fn config(&self, proxy: &str) -> TransportConfig {
        let proxy = ProxyChoice::Url(proxy.parse().unwrap());
        TransportConfig::new().proxy(proxy).trust_only_pem(self.authority.pem().as_bytes()).unwrap()
    }
}

/// Both ways to say who is asking.
fn credentials() -> [Credentials; 2] {
    let [token, key, email] = SECRETS;
    [Credentials::token(token).unwrap(), Credentials::email_and_key(email, key).unwrap()]
}

fn token() -> Credentials {
    let [token, _] = credentials();
    token
}

/// That an error shows nothing that is secret; its kind, its text and its cause.
fn told(result: Result<Timeseries, Error>) -> (Option<Kind>, String, String) {
    let error = result.unwrap_err();
    let said = everything_said(&error);
    assert!(!said.contains("s3cr3t") && !said.contains("p4ss") && !said.contains("dXNlc"), "{said}");
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    (error.transport_kind(), error.to_string(), cause)
}

#[test]
fn a_proxy_sees_where_to_and_nothing_else() {
    let world = World::new();
    for (name, ask) in CLIENTS {
        for credentials in credentials() {
            let proxy = Proxy::start(Temper::Willing, world.server.address());
            let config = world.config(&format!("http://{}", proxy.address()));
            // A name that only the proxy can resolve, too.
            for (host, authority) in [
                ("localhost:4443", "localhost:4443"),
                ("127.0.0.1:4443", "127.0.0.1:4443"),
                ("api.example", "api.example:443"),
            ] {
                ask(&format!("https://{host}/client/v4"), &credentials, LONG, &config)
                    .unwrap_or_else(|error| panic!("{name} {host}: {}", everything_said(&error)));
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
                // The same that the server is told.
                assert!(head.to_lowercase().contains("user-agent: radar-ct/"), "{name}: {head}");
            }
            let carried = String::from_utf8_lossy(&proxy.carried()).into_owned();
            assert!(!carried.is_empty() && !carried.contains("s3cr3t") && !carried.contains("GET"), "{name}");
        }
    }
    let heard = world.server.heard();
    assert!(SECRETS.iter().all(|secret| heard.contains(secret)), "{heard}");
    assert!(!heard.to_lowercase().contains("proxy-"), "{heard}");
}

#[test]
fn the_credentials_of_a_proxy_go_to_the_proxy_alone() {
    let world = World::new();
    for (userinfo, wanted) in [
        ("user:p4ss%20w0rd", BASIC),
        ("user", "Basic dXNlcjo="),
        ("user:", "Basic dXNlcjo="),
        (":p4ss", "Basic OnA0c3M="),
        ("us@r:p@ss", "Basic dXNAcjpwQHNz"),
        ("u%40r:p%3A%2F%25+%C3%9F", "Basic dUByOnA6LyUrw58="),
    ] {
        for (name, ask) in CLIENTS {
            let proxy = Proxy::start(Temper::Asking(wanted), world.server.address());
            let config = world.config(&format!("http://{userinfo}@{}", proxy.address()));
            let base_url = world.server.base_url("https", "localhost");
            let result = ask(&base_url, &token(), LONG, &config);
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
    let heard = world.server.heard().to_lowercase();
    assert!(heard.contains("s3cr3t") && !heard.contains("proxy-authorization"), "{heard}");
}

#[test]
fn a_proxy_may_speak_tls_itself() {
    let world = World::new();
    for (name, ask) in CLIENTS {
        let certificate = world.authority.sign(&certificate(HOSTS));
        let proxy = Proxy::start(Temper::Secure(certificate), world.server.address());
        let config = world.config(&format!("https://user:p4ss%20w0rd@localhost:{}", proxy.address().port()));
        let result = ask("https://api.example", &token(), LONG, &config);
        result.unwrap_or_else(|error| panic!("{name}: {}", everything_said(&error)));
        let head = proxy.heads().concat();
        assert!(head.starts_with("CONNECT api.example:443 ") && head.contains(BASIC), "{name}: {head}");
        let carried = String::from_utf8_lossy(&proxy.carried()).into_owned();
        assert!(!carried.is_empty() && !carried.contains("s3cr3t") && !head.contains("s3cr3t"), "{name}");
    }
}

/// How a proxy fails, and what an error then says.
struct Failing {
    what: &'static str,
    temper: Temper,
    kind: Kind,
    /// How the cause begins.
    words: &'static str,
    requests: usize,
}

fn failing() -> Vec<Failing> {
    let refusal = |what, words: &'static str, cause| Failing {
        what,
        temper: Temper::Saying(words),
        kind: Kind::Proxy,
        words: cause,
        requests: 3,
    };
    let refused = "it refused to connect to the host";
    vec![
        refusal("403", "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", refused),
        refusal("502", "HTTP/1.1 502 Bad Gateway\r\n\r\n", refused),
        refusal("a redirect", "HTTP/1.1 302 Found\r\nlocation: https://login.example\r\n\r\n", refused),
        Failing {
            what: "407",
            temper: Temper::Asking(BASIC),
            kind: Kind::Proxy,
            words: "it asks for a user name and a password",
            requests: 3,
        },
        Failing {
            what: "the end",
            temper: Temper::Closing,
            kind: Kind::Proxy,
            words: "it ended the connection",
            requests: 3,
        },
        Failing { what: "silence", temper: Temper::Hanging, kind: Kind::Timeout, words: "", requests: 1 },
        Failing {
            what: "a proxy with TLS that is not trusted",
            temper: Temper::Secure(Authority::new("another").sign(&certificate(HOSTS))),
            kind: Kind::Tls,
            words: "the server's certificate is not signed by a trusted authority",
            requests: 0,
        },
    ]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn a_proxy_that_fails_is_what_the_error_is_about() {
    let world = World::new();
    for failing in failing() {
        let what = failing.what;
        let timeout = if failing.kind == Kind::Timeout { SHORT } else { LONG };
        let scheme = if matches!(failing.temper, Temper::Secure(_)) { "https" } else { "http" };
        let ends = CLIENTS.map(|(name, ask)| {
            let proxy = Proxy::start(failing.temper.clone(), world.server.address());
            let place = format!("localhost:{}", proxy.address().port());
            // Wrong for the one that asks.
            let config = world.config(&format!("{scheme}://user:p4ss@{place}"));
            let began = Instant::now();
            let result = ask(&world.server.base_url("https", "localhost"), &token(), timeout, &config);
            assert!(began.elapsed() < timeout + SHORT, "{name}, {what}: took {:?}", began.elapsed());
            let (kind, text, cause) = told(result);
            assert_eq!(kind, Some(failing.kind), "{name}, {what}: {text}: {cause}");
            assert!(cause.starts_with(failing.words), "{name}, {what}: {text}: {cause}");
            assert_eq!(proxy.heads().len(), failing.requests, "{name}, {what}: {text}: {cause}");
            assert!(kind != Some(Kind::Proxy) || text.contains("check the proxy"), "{name}, {what}: {text}");
            text
        });
        let [one, other] = ends;
        assert_eq!(one, other, "{what}");
    }
    assert_eq!(world.server.connections(), 0);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a deadline is about real time")]
fn connecting_has_a_deadline_of_its_own() {
    let world = World::new();
    let ends = CLIENTS.map(|(name, ask)| {
        let proxy = Proxy::start(Temper::Hanging, world.server.address());
        let config = world.config(&proxy.address().to_string()).connect_timeout(Duration::from_millis(200));
        let began = Instant::now();
        let end = told(ask("https://api.example", &token(), LONG, &config));
        assert!(began.elapsed() < LONG / 2, "{name}");
        assert_eq!(proxy.heads().len(), 3, "{name}: {end:?}");
        end
    });
    let [one, other] = ends;
    assert_eq!(one, other);
    assert_eq!((one.0, one.2.as_str()), (Some(Kind::Timeout), "connecting took too long"));
}

#[test]
fn a_proxy_that_is_not_there_is_what_the_error_is_about() {
    let world = World::new();
    // Nobody listens on a port that was just given back.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (what, proxy) in [
        ("no proxy", format!("http://user:p4ss@{gone}")),
        ("no such host", "http://no-host.invalid:1".to_owned()),
    ] {
        let ends = CLIENTS.map(|(_, ask)| {
            told(ask(&world.server.base_url("https", "localhost"), &token(), LONG, &world.config(&proxy)))
        });
        let [(one, text, _), (other, other_text, _)] = &ends;
        assert_eq!((*one, *other), (Some(Kind::Proxy), Some(Kind::Proxy)), "{what}: {ends:?}");
        assert_eq!(text, other_text, "{what}");
        assert!(text.contains("check the proxy"), "{what}: {text}");
    }
    assert_eq!(world.server.connections(), 0);
}

#[test]
fn plain_http_to_loopback_never_takes_a_proxy() {
    let authority = Authority::new("ours");
    let server = radar_ct_tests::faults::Faulty::play(vec![radar_ct_tests::faults::answer(
        radar_ct_tests::faults::response("200 OK", &[], radar_ct_tests::tls::GOOD),
    )]);
    for (name, ask) in CLIENTS {
        let proxy = Proxy::start(Temper::Willing, ([127, 0, 0, 1], 1).into());
        let config = TransportConfig::new()
            .proxy(ProxyChoice::Url(format!("http://{}", proxy.address()).parse().unwrap()))
            .trust_only_pem(authority.pem().as_bytes())
            .unwrap();
        ask(&server.base_url(), &token(), LONG, &config).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(proxy.heads(), [""; 0], "{name}");
    }
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_before_anything_is_sent() {
    let world = World::new();
    let proxy = Proxy::start(Temper::Willing, world.server.address());
    for (url, words) in [
        (format!("socks5://user:p4ss@{}", proxy.address()), "has the scheme `socks5`"),
        (format!("socks5h://{}", proxy.address()), "has the scheme `socks5h`"),
        (format!("ftp://{}", proxy.address()), "has the scheme `ftp`"),
        ("http://user:p4ss@localhost:port".to_owned(), "a port that is no number"),
        ("/p4ss".to_owned(), "cannot be read"),
    ] {
        let ends = CLIENTS.map(|(_, ask)| {
            let result =
                ask(&world.server.base_url("https", "localhost"), &token(), LONG, &world.config(&url));
            assert!(result.as_ref().is_err_and(Error::is_usage), "{url}: {result:?}");
            told(result)
        });
        let [one, other] = ends;
        assert_eq!(one, other);
        assert!(one.1.contains(words), "{url}: {}", one.1);
    }
    assert_eq!((proxy.heads().len(), world.server.connections()), (0, 0));
}

#[test]
fn a_user_agent_that_no_header_can_carry_is_refused_at_once() {
    let config = TransportConfig::new().proxy(ProxyChoice::Direct).user_agent("a\r\nx: y");
    let kinds = [
        UreqTransport::new(config.clone()).map(drop).unwrap_err().kind(),
        ReqwestTransport::new(config).map(drop).unwrap_err().kind(),
    ];
    assert_eq!(kinds, [Kind::InvalidRequest; 2]);
}

/// What the environment has for a child, where `$P` is the proxy and `$S` the server's port, and how its calls then have to end.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    /// Through the proxy.
    Carried,
    /// Straight to the server.
    Direct,
    /// Nowhere, with an error that says this.
    Refused(&'static str),
}

/// A case: where the calls go, the variables that are set, and what has to come of it.
type OfEnvironment = (&'static str, &'static [(&'static str, &'static str)], Way);

const OF_ENVIRONMENT: &[OfEnvironment] = &[
    ("localhost", &[], Way::Direct),
    ("localhost", &[("HTTP_PROXY", "http://$P"), ("http_proxy", "http://$P")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "http://$P")], Way::Carried),
    ("localhost", &[("https_proxy", "http://$P")], Way::Carried),
    ("localhost", &[("ALL_PROXY", "http://$P")], Way::Carried),
    ("localhost", &[("all_proxy", "http://$P")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", "$P")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", "http://user:p4ss%20w0rd@$P/")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", "http://$P"), ("ALL_PROXY", "socks5://localhost")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", ""), ("ALL_PROXY", "http://$P")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", "")], Way::Direct),
    (
        "localhost",
        &[("HTTPS_PROXY", "socks5://user:p4ss@$P")],
        Way::Refused("in HTTPS_PROXY has the scheme `socks5`"),
    ),
    ("localhost", &[("ALL_PROXY", "socks5h://$P")], Way::Refused("in ALL_PROXY has the scheme `socks5h`")),
    ("localhost", &[("https_proxy", "http://p4ss w0rd")], Way::Refused("in https_proxy cannot be read")),
    ("localhost", &[("https_proxy", "localhost:p4ss")], Way::Refused("a port that is no number")),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "*")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("no_proxy", "*")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "example.com, LOCALHOST")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "example.com localhost")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", ".localhost")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "localhost:$S")], Way::Direct),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "localhost:1")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "host,127.0.0.1,example")], Way::Carried),
    ("localhost", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "")], Way::Carried),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.1")], Way::Direct),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.0/8")], Way::Direct),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.1:$S")], Way::Direct),
    ("127.0.0.1", &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "127.0.0.2,localhost,.0.0.1")], Way::Carried),
    (
        "api.example",
        &[("HTTPS_PROXY", "$P"), ("NO_PROXY", "other.example,pi.example,example.com")],
        Way::Carried,
    ),
];

/// What is wrong with how a child fares.
fn problems(world: &Authority, pem: &Path, (host, variables, way): &OfEnvironment) -> Vec<String> {
    let server = TlsServer::start(Manner::Tls(world.sign(&certificate(HOSTS))));
    let proxy = Proxy::start(Temper::Willing, server.address());
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
    let (said, failed) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let lines: Vec<_> = said.lines().filter_map(|line| line.split_once(' ')).collect();
    let is_right = |end: &str| match way {
        Way::Carried | Way::Direct => end == "data",
        Way::Refused(words) => end.contains(words) && !end.contains("p4ss"),
    };
    let carried = if *way == Way::Carried { 2 } else { 0 };
    let connections = if matches!(way, Way::Refused(_)) { 0 } else { 2 };
    let mut problems = Vec::new();
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    if names != ["blocking", "async"] || !lines.iter().all(|(_, end)| is_right(end)) {
        problems.push(format!("{said} {failed}"));
    }
    if proxy.heads().len() != carried || server.connections() != connections {
        problems.push(format!("{} carried, {} connections", proxy.heads().len(), server.connections()));
    }
    problems.into_iter().map(|problem| format!("{host} {variables:?}: {problem}")).collect()
}

#[test]
fn the_environment_says_which_proxy_and_which_hosts_go_without() {
    let authority = Authority::new("ours");
    let pem = Path::new(env!("CARGO_TARGET_TMPDIR")).join("proxy-root.pem");
    std::fs::write(&pem, authority.pem()).unwrap();
    let wrong = std::thread::scope(|scope| {
        let threads: Vec<_> =
            OF_ENVIRONMENT.iter().map(|case| scope.spawn(|| problems(&authority, &pem, case))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{} cases, wrong:\n{}", OF_ENVIRONMENT.len(), wrong.join("\n"));
}
