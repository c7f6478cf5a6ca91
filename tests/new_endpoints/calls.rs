//! Calls of the endpoints that do not exist, with both clients.

use radar_ct::{
    BaseUrl, Client, Credentials, Dimension, IssuanceParams, MirrorsParams, SummaryParams, blocking,
};
use radar_ct_emulator::Emulator;

fn builder<C>(emulator: &Emulator, new: fn(Credentials) -> radar_ct::ClientBuilder<C>) -> radar_ct::ClientBuilder<C> {
    new(Credentials::token("any").unwrap()).base_url(BaseUrl::parse(&emulator.base_url()).unwrap())
}

#[test]
fn both_clients_call_the_new_endpoints() {
    let emulator = Emulator::builder().now("2026-10-08T12:00:00Z".parse().unwrap()).start().unwrap();
    let issuance = IssuanceParams::new().date_range("2d".parse().unwrap()).agg_interval("1h").with_revoked(true);
    let mirrors = MirrorsParams::new().limit(1);

    let blocking = builder(&emulator, blocking::Client::builder).build().unwrap();
    let series = blocking.issuance(&issuance).unwrap();
    assert!(series.series[0].len() > 40);
    assert_eq!(emulator.requests()[0].query, "dateRange=2d&aggInterval=1h&withRevoked=true");
    let page = blocking.mirrors(&mirrors).unwrap();
    assert_eq!(page.log_mirrors[0].log_slug, "argon2026h1");
    assert_eq!(blocking.all(&MirrorsParams::new()).count(), 1);

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let client = builder(&emulator, Client::builder).build().unwrap();
    assert_eq!(runtime.block_on(client.issuance(&issuance)).unwrap(), series);
    assert_eq!(runtime.block_on(client.mirrors(&mirrors)).unwrap(), page);

    // The other endpoints are where they were.
    assert!(blocking.summary(&SummaryParams::by(Dimension::Tld)).unwrap().series[0].len() > 1);
}
