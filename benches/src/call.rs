//! Whole calls with our clients, and with their backends alone.

use std::hint::black_box;
use std::time::Duration;

use radar_ct::transport::{ProxyChoice, TransportConfig};
use radar_ct::{BaseUrl, Client, ClientBuilder, Credentials, TimeseriesParams, blocking};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION};

use crate::Task;

/// The defaults of our clients.
const TOKEN: &str = "benchmark-token";
const ACCEPTED: &str = "application/json, text/csv;q=0.9";
const USER_AGENT: &str = "radar-ct/0.1.0";
const CONNECTING: Duration = Duration::from_secs(10);
const ATTEMPT: Duration = Duration::from_secs(30);
const LARGEST: u64 = 64 << 20;

/// Calls the API at a base URL and reads the whole answer. The connection is kept between calls.
pub fn task(backend: &str, base_url: &str) -> Task {
    let url = format!("{base_url}/radar/ct/timeseries");
    match backend {
        "ours-blocking" => {
            let (client, params) = (set_up(blocking::Client::builder(token()), base_url), params());
            let client = client.build().unwrap();
            Box::new(move || drop(black_box(client.timeseries(black_box(&params)).unwrap())))
        }
        "ours-async" => {
            let client = set_up(Client::builder(token()), base_url).build().unwrap();
            let (runtime, params) = (runtime(), params());
            Box::new(move || {
                drop(black_box(runtime.block_on(client.timeseries(black_box(&params))).unwrap()));
            })
        }
        "bare-ureq" => bare_ureq(url),
        "bare-reqwest" => bare_reqwest(url),
        other => panic!("no backend {other}"),
    }
}

fn token() -> Credentials {
    Credentials::token(TOKEN).unwrap()
}

fn params() -> TimeseriesParams {
    TimeseriesParams::new()
}

/// Sets the base URL, and ignores proxies of the environment.
fn set_up<C>(builder: ClientBuilder<C>, base_url: &str) -> ClientBuilder<C> {
    builder
        .base_url(BaseUrl::parse(base_url).unwrap())
        .transport(TransportConfig::new().proxy(ProxyChoice::Direct))
}

fn bare_ureq(url: String) -> Task {
    let agent = ureq::Agent::config_builder()
        .timeout_connect(Some(CONNECTING))
        .timeout_global(Some(ATTEMPT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(USER_AGENT)
        .build()
        .new_agent();
    Box::new(move || {
        let mut response = agent
            .get(black_box(&url))
            .header(ACCEPT, ACCEPTED)
            .header(AUTHORIZATION, format!("Bearer {TOKEN}"))
            .call()
            .unwrap();
        drop(black_box(response.body_mut().with_config().limit(LARGEST).read_to_vec().unwrap()));
    })
}

fn bare_reqwest(url: String) -> Task {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECTING)
        .timeout(ATTEMPT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .user_agent(USER_AGENT)
        .build()
        .unwrap();
    let runtime = runtime();
    Box::new(move || {
        let body = runtime.block_on(async {
            let request = client
                .get(black_box(&url))
                .header(ACCEPT, ACCEPTED)
                .header(ACCEPT_ENCODING, "gzip")
                .header(AUTHORIZATION, format!("Bearer {TOKEN}"));
            request.send().await.unwrap().bytes().await.unwrap()
        });
        drop(black_box(body));
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
