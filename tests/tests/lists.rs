//! Both clients walk through every list to its end, even if it changes or its server misbehaves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod cases;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{Request, Response};
use proptest::prelude::*;
use proptest::sample::Index;
use radar_ct::endpoints::{Listing, Record};
use radar_ct::transport::{AsyncTransport, BlockingTransport, TransportError};
use radar_ct::{
    Authorities, AuthoritiesParams, ClientBuilder, Credentials, Error, ListParams, Logs, LogsParams, Problem,
    Query, RetryPolicy,
};
use radar_ct_tests::wire::{by_name, read_strictly};
use serde_json::json;

use crate::cases::cases;

fn set_up<C>(builder: ClientBuilder<C>) -> ClientBuilder<C> {
    builder.retry(RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO))
}

fn token() -> Credentials {
    Credentials::token("token-of-a-test").unwrap()
}

/// The reply of a list server.
enum Reply {
    /// A page with rows of these keys. An empty key stands for a row without a key.
    Page(Vec<String>),
    /// An error with that status.
    Status(u16),
}

/// A request for a page: the number of requests before it, its limit and its offset.
struct PageRequest {
    before: usize,
    limit: usize,
    offset: usize,
}

type Rule = dyn Fn(&PageRequest) -> Reply + Send + Sync;

/// A server of lists, as a transport for both clients. Each async request is pending once.
#[derive(Clone)]
struct ListServer {
    rule: Arc<Rule>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A limit on requests, above what any test needs, to stop an endless walk.
const MAX_REQUESTS: usize = 200;

impl ListServer {
    fn new(rule: impl Fn(&PageRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self { rule: Arc::new(rule), requests: Arc::default() }
    }

    /// Creates a server with these rows that honours limit and offset.
    fn with_rows(rows: Vec<String>) -> Self {
        Self::new(move |request| Reply::Page(page_of(&rows, request)))
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn serve(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap());
        let columns = by_name(&read_strictly(query).unwrap());
        let number = |name: &str| columns[name][0].parse::<usize>().unwrap();
        let mut requests = self.requests.lock().unwrap();
        let request =
            PageRequest { before: requests.len(), limit: number("limit"), offset: number("offset") };
        requests.push(format!("{path}?{query}"));
        assert!(requests.len() < MAX_REQUESTS, "the walk does not end");
        let (list, key) = match path.rsplit_once('/').unwrap().1 {
            "logs" => ("certificateLogs", "slug"),
            "authorities" => ("certificateAuthorities", "sha256Fingerprint"),
            other => panic!("{other}"),
        };
        let (status, body) = match (self.rule)(&request) {
            Reply::Page(keys) => {
                let row = |(at, row): (usize, &String)| match row.as_str() {
                    "" => json!({"operator": format!("without a key {at}"), key: null}),
                    row => json!({key: row}),
                };
                let rows: Vec<_> = keys.iter().enumerate().map(row).collect();
                (200, json!({"success": true, "errors": [], "result": {list: rows}}))
            }
            Reply::Status(status) => {
                (status, json!({"success": false, "errors": [{"code": 7, "message": "no luck"}]}))
            }
        };
        Response::builder().status(status).body(body.to_string().into()).unwrap()
    }
}

fn page_of(rows: &[String], request: &PageRequest) -> Vec<String> {
    rows.iter().skip(request.offset).take(request.limit).cloned().collect()
}

impl BlockingTransport for ListServer {
    fn send(&self, request: Request<Bytes>, _: Duration) -> Result<Response<Bytes>, TransportError> {
        Ok(self.serve(&request))
    }

    fn sleep(&self, _: Duration) {}
}

impl AsyncTransport for ListServer {
    async fn send(&self, request: Request<Bytes>, _: Duration) -> Result<Response<Bytes>, TransportError> {
        let response = self.serve(&request);
        wait_once().await;
        Ok(response)
    }

    async fn sleep(&self, _: Duration) {}
}

/// A future that is ready when it is polled for the second time.
async fn wait_once() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The key of a row, or the text of an error.
type Row = Result<String, String>;

/// A walk through a list: the rows that it yields, and the requests that it sends.
#[derive(Debug, PartialEq)]
struct Walk {
    rows: Vec<Row>,
    requests: Vec<String>,
}

impl Walk {
    fn keys(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.as_deref().unwrap_or_else(|error| panic!("{error}"))).collect()
    }
}

fn key_or_error<L: Listing>(row: Result<L::Record, Error>) -> Row {
    row.map(|row| row.key().to_owned()).map_err(|error| format!("{error} {:?}", error.status()))
}

fn block_on<F: Future>(mut future: Pin<&mut F>) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn walk_blocking<L: Listing>(server: &ListServer, params: &ListParams<L>) -> Vec<Row> {
    let client = set_up(radar_ct::blocking::Client::builder(token())).with_transport(server.clone());
    let mut rows = client.all(params);
    let found = rows.by_ref().map(key_or_error::<L>).collect();
    // The iterator is fused.
    assert!(rows.next().is_none() && rows.next().is_none());
    found
}

fn rows_async<L: Listing + Send + 'static>(server: &ListServer, params: &ListParams<L>) -> radar_ct::Rows<L> {
    // The client is dropped: the rows do not need it.
    set_up(radar_ct::Client::builder(token())).with_transport(server.clone()).all(params)
}

fn walk_async<L: Listing + Send + 'static>(server: &ListServer, params: &ListParams<L>) -> Vec<Row> {
    let mut rows = rows_async(server, params);
    let mut found = Vec::new();
    while let Some(row) = block_on(pin!(rows.next())) {
        found.push(key_or_error::<L>(row));
    }
    assert!(block_on(pin!(rows.next())).is_none());
    found
}

/// Drops every future as soon as it is pending.
fn walk_dropping_futures<L: Listing + Send + 'static>(
    server: &ListServer,
    params: &ListParams<L>,
) -> Vec<Row> {
    let mut rows = rows_async(server, params);
    let mut context = Context::from_waker(Waker::noop());
    let (mut found, mut dropped) = (Vec::new(), 0);
    loop {
        let polled = pin!(rows.next()).poll(&mut context);
        match polled {
            Poll::Pending => dropped += 1,
            Poll::Ready(Some(row)) => found.push(key_or_error::<L>(row)),
            Poll::Ready(None) => break,
        }
    }
    assert_eq!(dropped, server.requests().len());
    found
}

fn walk_stream<L: Listing + Send + 'static>(server: &ListServer, params: &ListParams<L>) -> Vec<Row> {
    let mut rows = pin!(rows_async(server, params));
    let mut context = Context::from_waker(Waker::noop());
    let mut found = Vec::new();
    loop {
        match Stream::poll_next(rows.as_mut(), &mut context) {
            Poll::Pending => {}
            Poll::Ready(Some(row)) => found.push(key_or_error::<L>(row)),
            Poll::Ready(None) => return found,
        }
    }
}

/// Walks through a new list in every way, and returns the walk that all of them must equal.
fn walk<L: Listing + Send + 'static>(list: impl Fn() -> ListServer, params: &ListParams<L>) -> Walk {
    let ways = [walk_blocking, walk_async, walk_dropping_futures, walk_stream];
    let mut walks = ways.map(|way: fn(&ListServer, &ListParams<L>) -> Vec<Row>| {
        let server = list();
        Walk { rows: way(&server, params), requests: server.requests() }
    });
    for other in &walks[1..] {
        assert_eq!(other, &walks[0]);
    }
    std::mem::replace(&mut walks[0], Walk { rows: Vec::new(), requests: Vec::new() })
}

fn keys(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("row {number}")).collect()
}

fn walk_lists_of_sizes_around_the_limit<L: Listing + Send + 'static>() {
    let mut walked = 0;
    for limit in [None, Some(1), Some(2), Some(7)] {
        let size = limit.unwrap_or(100);
        for count in [0, 1, size - 1, size, size + 1, 3 * size] {
            for offset in [None, Some(0), Some(1), Some(3)] {
                let rows = keys(count as usize);
                let expected: Vec<_> = rows[rows.len().min(offset.unwrap_or(0) as usize)..].to_vec();
                let params = ListParams::<L>::new().limit(limit).offset(offset).format("JSON");
                let found = walk(|| ListServer::with_rows(rows.clone()), &params);
                assert_eq!(found.keys(), expected, "{params:?} of {count}");
                // The first page that is not full is the last one. If all are full, an empty page follows.
                let pages = u32::try_from(expected.len()).unwrap() / size + 1;
                let request = |page: u32| {
                    let offset = offset.unwrap_or(0) + page * size;
                    format!("/client/v4{}?limit={size}&offset={offset}&format=JSON", L::PATH)
                };
                assert_eq!(found.requests, (0..pages).map(request).collect::<Vec<_>>(), "{count}");
                walked += 1;
            }
        }
    }
    assert_eq!(walked, 96);
}

#[test]
fn every_log_is_yielded_once_and_in_order() {
    walk_lists_of_sizes_around_the_limit::<Logs>();
}

#[test]
fn every_authority_is_yielded_once_and_in_order() {
    walk_lists_of_sizes_around_the_limit::<Authorities>();
}

#[test]
fn a_call_for_one_page_sends_its_limit_and_offset() {
    let server = ListServer::with_rows(keys(10));
    let client = set_up(radar_ct::blocking::Client::builder(token())).with_transport(server.clone());
    let page = client.logs(&LogsParams::new().limit(3).offset(2)).unwrap();
    assert!(page.certificate_logs.iter().map(|log| log.slug.as_str()).eq(["row 2", "row 3", "row 4"]));
    let page = client.authorities(&AuthoritiesParams::new().limit(3).offset(9)).unwrap();
    assert_eq!(page.certificate_authorities[0].sha256_fingerprint, "row 9");
    let paths =
        ["/client/v4/radar/ct/logs?limit=3&offset=2", "/client/v4/radar/ct/authorities?limit=3&offset=9"];
    assert_eq!(server.requests(), paths);
}

#[test]
fn pages_are_requested_lazily() {
    let server = ListServer::with_rows(keys(5));
    let client = set_up(radar_ct::blocking::Client::builder(token())).with_transport(server.clone());
    let mut rows = client.all(&LogsParams::new().limit(2));
    let mut counts = vec![server.requests().len()];
    for row in rows.by_ref() {
        drop(row.unwrap());
        counts.push(server.requests().len());
    }
    assert_eq!(counts, [0, 1, 1, 2, 2, 3]);

    let server = ListServer::with_rows(keys(5));
    let mut rows = rows_async(&server, &LogsParams::new().limit(2));
    let mut counts = vec![server.requests().len()];
    // A future that is not polled sends nothing.
    drop(rows.next());
    while block_on(pin!(rows.next())).is_some() {
        counts.push(server.requests().len());
    }
    assert_eq!(counts, [0, 1, 1, 2, 2, 3]);
}

/// A change of a list between two requests.
#[derive(Debug, Clone)]
enum Change {
    Insert(Index),
    Remove(Index),
    Swap(Index, Index),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<Index>().prop_map(Change::Insert),
        any::<Index>().prop_map(Change::Remove),
        any::<(Index, Index)>().prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

/// Returns the list after a number of requests.
fn changed(start: usize, changes: &[Vec<Change>], requests: usize) -> Vec<String> {
    let mut rows = keys(start);
    let mut next = start;
    for change in changes.iter().take(requests).flatten() {
        match change {
            Change::Insert(at) => {
                rows.insert(at.index(rows.len() + 1), format!("row {next}"));
                next += 1;
            }
            Change::Remove(at) if !rows.is_empty() => drop(rows.remove(at.index(rows.len()))),
            Change::Swap(one, other) if !rows.is_empty() => {
                let count = rows.len();
                rows.swap(one.index(count), other.index(count));
            }
            Change::Remove(_) | Change::Swap(..) => {}
        }
    }
    rows
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_list_that_changes_between_pages_ends_and_yields_no_row_twice(
        start in 0..30_usize,
        limit in 1..8_u32,
        changes in prop::collection::vec(prop::collection::vec(any_change(), 0..12), 0..12),
    ) {
        let list = || {
            let changes = changes.clone();
            ListServer::new(move |request| Reply::Page(page_of(&changed(start, &changes, request.before), request)))
        };
        let found = walk(list, &LogsParams::new().limit(limit));
        let keys = found.keys();
        let different: BTreeSet<_> = keys.iter().collect();
        prop_assert_eq!(different.len(), keys.len(), "{:?}", keys);
        prop_assert!(found.requests.len() <= keys.len() + 1, "{:?}", found);
    }

    #[test]
    fn rows_inserted_at_the_front_hide_no_others(
        start in 0..30_usize,
        limit in 2..8_usize,
        new in prop::collection::vec(0..2_usize, 0..12),
    ) {
        // Fewer rows than a page between two requests: rows that moved back come again, and are skipped.
        let changes: Vec<_> =
            new.iter().map(|count| vec![Change::Insert(front()); (*count).min(limit - 1)]).collect();
        let list = || {
            let changes = changes.clone();
            ListServer::new(move |request| Reply::Page(page_of(&changed(start, &changes, request.before), request)))
        };
        let found = walk(list, &LogsParams::new().limit(u32::try_from(limit).unwrap()));
        let old: Vec<_> = found
            .keys()
            .into_iter()
            .filter(|key| key.trim_start_matches("row ").parse::<usize>().unwrap() < start)
            .map(str::to_owned)
            .collect();
        prop_assert_eq!(old, keys(start));
    }
}

/// Returns the index of the first position.
fn front() -> Index {
    use proptest::strategy::ValueTree;
    // Every index shrinks to the first one.
    let mut tree = any::<Index>().new_tree(&mut proptest::test_runner::TestRunner::deterministic()).unwrap();
    while tree.simplify() {}
    tree.current()
}

#[test]
fn a_server_that_repeats_pages_does_not_cause_an_endless_walk() {
    let params = AuthoritiesParams::new().limit(4);
    // It ignores the offset.
    let found = walk(|| ListServer::new(|request| Reply::Page(keys(request.limit))), &params);
    assert_eq!((found.keys(), found.requests.len()), (vec!["row 0", "row 1", "row 2", "row 3"], 2));
    // It ignores the limit, too: rows beyond the requested ones are kept.
    let found = walk(|| ListServer::new(|_| Reply::Page(keys(9))), &params);
    assert_eq!((found.rows.len(), found.requests.len()), (9, 2));
    // It ignores the limit only.
    let found =
        walk(|| ListServer::new(|request| Reply::Page(keys(9)[request.offset.min(9)..].to_vec())), &params);
    assert_eq!((found.rows.len(), found.requests.len()), (9, 2));
    // One page of identical rows.
    let found =
        walk(|| ListServer::new(|request| Reply::Page(vec!["same".to_owned(); request.limit])), &params);
    assert_eq!((found.keys(), found.requests.len()), (vec!["same"], 2));
    // It starts over at the end.
    let cycle = |request: &PageRequest| {
        let all = keys(12);
        Reply::Page(all.iter().cycle().skip(request.offset % 12).take(request.limit).cloned().collect())
    };
    let found = walk(|| ListServer::new(cycle), &params);
    assert_eq!((found.keys(), found.requests.len()), (keys(12).iter().map(String::as_str).collect(), 4));
    // Only rows without a key, which cannot be told apart: the second page may be the first one again.
    let found = walk(|| ListServer::new(|request| Reply::Page(vec![String::new(); request.limit])), &params);
    assert_eq!((found.rows.len(), found.requests.len()), (8, 2));
}

/// Any member of a row may be missing, its key included.
#[test]
fn rows_without_a_key_are_not_merged() {
    let rows: Vec<_> = ["a", "", "b", "", "", "c", ""].map(str::to_owned).to_vec();
    for limit in [1, 2, 3, 7, 100] {
        // A second full page without any key may be the first one again, which ends the walk.
        let expected: Vec<_> = if limit == 1 { rows[..4].to_vec() } else { rows.clone() };
        let found = walk(|| ListServer::with_rows(rows.clone()), &LogsParams::new().limit(limit));
        assert_eq!(found.keys(), expected, "{limit}");
    }
}

#[test]
fn an_error_is_yielded_once_and_ends_the_walk() {
    for (status, requests) in [(404, 2), (400, 2), (500, 4)] {
        let fails_after_a_page = move |request: &PageRequest| match request.offset {
            0 => Reply::Page(keys(request.limit)),
            _ => Reply::Status(status),
        };
        let found = walk(|| ListServer::new(fails_after_a_page), &LogsParams::new().limit(3));
        let [rows @ .., Err(error)] = found.rows.as_slice() else { panic!("{found:?}") };
        assert!(rows.iter().cloned().map(Result::unwrap).eq(keys(3)), "{found:?}");
        assert!(error.contains("no luck") && error.contains(&status.to_string()), "{error}");
        assert_eq!(found.requests.len(), requests, "retryable errors are tried three times");
    }
    // On the first page.
    let found = walk(|| ListServer::new(|_| Reply::Status(404)), &AuthoritiesParams::new());
    assert!(matches!(found.rows.as_slice(), [Err(_)]), "{found:?}");
}

#[test]
fn retried_errors_lose_no_row() {
    let fails_every_other_time = |request: &PageRequest| match request.before % 2 {
        0 => Reply::Status(503),
        _ => Reply::Page(page_of(&keys(8), request)),
    };
    let found = walk(|| ListServer::new(fails_every_other_time), &LogsParams::new().limit(3));
    assert_eq!(found.keys(), keys(8));
    assert_eq!(found.requests.len(), 6);
}

#[test]
fn invalid_parameters_are_one_error_and_no_request() {
    for params in [
        LogsParams::new().limit(0),
        LogsParams::new().format("CSV"),
        LogsParams::new().format("csv"),
        LogsParams::new().format("xml"),
    ] {
        let found = walk(|| ListServer::with_rows(keys(3)), &params);
        assert!(matches!(found.rows.as_slice(), [Err(_)]), "{found:?}");
        assert!(found.requests.is_empty(), "{found:?}");
    }
}

#[test]
fn the_walk_ends_at_the_largest_offset() {
    let endless = |request: &PageRequest| {
        Reply::Page((0..request.limit).map(|at| format!("{}", request.offset + at)).collect())
    };
    let params = LogsParams::new().limit(2).offset(u32::MAX - 3);
    let found = walk(|| ListServer::new(endless), &params);
    assert_eq!((found.rows.len(), found.requests.len()), (4, 2));
}

#[test]
fn list_parameters_survive_a_round_trip() {
    for params in [
        LogsParams::new(),
        LogsParams::new().limit(1),
        LogsParams::new().limit(u32::MAX).offset(0),
        LogsParams::new().offset(u32::MAX).format("csv"),
        LogsParams::new().limit(0).format("tsv"),
    ] {
        let text = params.to_query().to_string();
        let read = LogsParams::from_query(Query::parse(&text).unwrap()).unwrap();
        assert_eq!((&read, read.to_query().to_string()), (&params, text));
    }
    let refused = |query: &str| LogsParams::from_query(Query::parse(query).unwrap()).unwrap_err();
    for (query, parameter, least) in [
        ("limit=x", "limit", 1),
        ("limit=-1", "limit", 1),
        ("limit=+1", "limit", 1),
        ("limit=1.0", "limit", 1),
        ("limit=4294967296", "limit", 1),
        ("offset=-1", "offset", 0),
        ("offset=%D9%A1", "offset", 0),
    ] {
        let error = refused(query);
        assert_eq!(error.parameter(), parameter);
        let problem = error.problem();
        assert!(matches!(problem, Problem::NotInteger { min, .. } if *min == least), "{error}");
    }
    for query in ["limit=1&limit=2", "offset=1&offset=1", "format=JSON&format=JSON"] {
        assert_eq!(refused(query).problem(), &Problem::Repeated(2), "{query}");
    }
    let error = LogsParams::new().limit(0).validate().unwrap_err();
    assert_eq!(
        (error.parameter(), error.problem()),
        ("limit", &Problem::NotInteger { value: "0".into(), min: 1 })
    );
}
