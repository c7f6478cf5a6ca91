//! Promises that hold for every row of the table of endpoints, so that a new endpoint is tested by its row.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a failed test panics")]

use radar_ct::blocking::Client;
use radar_ct::endpoints::{
    ENDPOINTS, EndpointInfo, EndpointVisitor, ItemKey, Listing, Record, SeriesOptions,
};
use radar_ct::{
    BaseUrl, Credentials, Csv, Endpoint, ItemParams, Kind, ListParams, ParamError, Parameter, Query,
    SeriesRequest,
};
use radar_ct_emulator::Emulator;

/// A value that the documentation allows.
fn good_value(parameter: Parameter) -> &'static str {
    match parameter.kind {
        Kind::Enum(values) => values.last().unwrap(),
        Kind::Boolean => "true",
        Kind::DateRange => "7d",
        Kind::DateTime => "2026-10-01T00:00:00Z",
        Kind::Integer { .. } => "7",
        _ => "x",
    }
}

/// Values that the documentation rules out.
fn bad_values(parameter: Parameter) -> &'static [&'static str] {
    match parameter.kind {
        Kind::Enum(_) => &["NO_SUCH_VALUE", "%"],
        Kind::Boolean => &["TRUE", "1", "maybe"],
        Kind::DateRange => &["7h", "0d", "365d"],
        Kind::DateTime => &["yesterday", "2026-10-01"],
        Kind::Integer { min: 0 } => &["-1", "+1", "1.5", "x"],
        Kind::Integer { .. } => &["0", "-1", "+1", "1.5", "x"],
        _ => &[],
    }
}

/// The segments that an endpoint's path is tried with.
fn segment(endpoint: &EndpointInfo) -> &'static str {
    match endpoint.path_parameter {
        Some(Parameter { kind: Kind::Enum(values), .. }) => values[0],
        Some(_) => "24EDD4E503A8D3FDB5FFB4AF66C887359901CBE687A5A0760D10A08EED99A7C3",
        None => "",
    }
}

/// Reads a query, checks it, and writes it again.
struct Rewrite {
    query: Query,
}

impl EndpointVisitor for Rewrite {
    type Output = Result<String, ParamError>;

    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) -> Self::Output {
        let params = SeriesRequest::<O>::from_parts(segment(endpoint), self.query)?;
        params.validate()?;
        assert_eq!(params.path(), endpoint.path.replace("{dimension}", segment(endpoint)));
        Ok(params.to_query().to_string())
    }

    fn list<L: Listing>(self, endpoint: &EndpointInfo) -> Self::Output {
        let params = ListParams::<L>::from_query(self.query)?;
        params.validate()?;
        assert_eq!(params.path(), endpoint.path);
        Ok(params.to_query().to_string())
    }

    fn item<K: ItemKey>(self, _: &EndpointInfo) -> Self::Output {
        Ok(self.query.to_string())
    }
}

fn rewrite(endpoint: &EndpointInfo, pairs: &[(&'static str, &str)]) -> Result<String, ParamError> {
    let mut query = Query::new();
    for (name, value) in pairs {
        query.push(*name, *value);
    }
    endpoint.visit(Rewrite { query }).unwrap()
}

fn parameters(endpoint: &EndpointInfo) -> Vec<Parameter> {
    [endpoint.series_parameters(), endpoint.request_parameters()].concat()
}

#[test]
fn every_parameter_round_trips_alone() {
    for endpoint in ENDPOINTS {
        for parameter in parameters(endpoint) {
            // Half a window is no window.
            let window = ["dateStart", "dateEnd"].contains(&parameter.name);
            if window {
                continue;
            }
            let value = good_value(parameter);
            let expected = format!("{}={value}", parameter.name);
            let rewritten = rewrite(endpoint, &[(parameter.name, value)]);
            // By top-level domain there is nothing by log, and this is the dimension that is tried.
            assert_eq!(rewritten, Ok(expected), "{} of {}", parameter.name, endpoint.name);
        }
    }
}

#[test]
fn every_parameter_refuses_what_its_kind_rules_out() {
    for endpoint in ENDPOINTS.iter().filter(|endpoint| !parameters(endpoint).is_empty()) {
        // An item has no parameter but the format, which the call sets.
        if endpoint.kind == radar_ct::endpoints::EndpointKind::Item {
            continue;
        }
        for parameter in parameters(endpoint) {
            for value in bad_values(parameter) {
                let window = [("dateStart", *value), ("dateEnd", *value)];
                let alone = [(parameter.name, *value)];
                let pairs =
                    if window.iter().any(|(name, _)| *name == parameter.name) { &window[..] } else { &alone };
                let error = rewrite(endpoint, pairs).unwrap_err();
                assert!(
                    pairs.iter().any(|(name, _)| *name == error.parameter()),
                    "{value} for {} of {}: {error}",
                    parameter.name,
                    endpoint.name
                );
            }
        }
    }
}

/// Calls an endpoint of the emulator, as JSON and as CSV.
struct Call<'c> {
    client: &'c Client,
}

impl Call<'_> {
    fn both<E: Endpoint>(&self, endpoint: &EndpointInfo, request: &E) -> E::Answer {
        let name = endpoint.name;
        let csv = self.client.call(Csv(request)).unwrap_or_else(|error| panic!("CSV of {name}: {error}"));
        assert!(csv.data.contains(&b','), "CSV of {name}");
        self.client.call(request).unwrap_or_else(|error| panic!("{name}: {error}")).data
    }

    fn records<R: Record>(endpoint: &EndpointInfo, records: &[R]) {
        assert!(!records.is_empty(), "{} has no records", endpoint.name);
        for record in records {
            assert!(!record.key().is_empty(), "{} has a record without a key", endpoint.name);
            let key_is_shown = R::COLUMNS.iter().any(|column| (column.text)(record) == record.key());
            assert!(key_is_shown, "{} shows no key", endpoint.name);
        }
        let example: R = serde_json::from_str(R::EXAMPLE).unwrap();
        let written = serde_json::to_value(&example).unwrap();
        let read: serde_json::Value = serde_json::from_str(R::EXAMPLE).unwrap();
        assert_eq!(written, read, "the example of {} loses a member", endpoint.name);
    }
}

impl EndpointVisitor for Call<'_> {
    type Output = ();

    fn series<O: SeriesOptions>(self, endpoint: &EndpointInfo) {
        let query = Query::parse("name=a&name=b&dateRange=2d&dateRange=2dcontrol").unwrap();
        let request = SeriesRequest::<O>::from_parts(segment(endpoint), query).unwrap();
        let answer = self.both(endpoint, &request);
        assert_eq!(answer.frames().map(radar_ct::Frame::label).collect::<Vec<_>>(), ["a", "b"]);
        for frame in answer.frames() {
            assert!(frame.columns().len() > 0 && !frame.is_empty(), "{} is empty", endpoint.name);
            assert!(frame.columns().all(|(_, values)| values.len() == frame.len()), "{}", endpoint.name);
        }
    }

    fn list<L: Listing>(self, endpoint: &EndpointInfo) {
        let page = self.both(endpoint, &ListParams::<L>::new().limit(2));
        Self::records(endpoint, page.records());
        let all = self.client.all(&ListParams::<L>::new()).collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(&all[..page.records().len()], page.records(), "{}", endpoint.name);
    }

    fn item<K: ItemKey>(self, endpoint: &EndpointInfo) {
        let key = first_key(self.client, endpoint);
        let record = self.both(endpoint, &ItemParams::<K>::new(key.parse().unwrap()));
        Self::records(endpoint, &[record]);
    }
}

/// Returns the first key of the list that an item belongs to.
fn first_key(client: &Client, item: &EndpointInfo) -> String {
    struct FirstKey<'c>(&'c Client);

    impl EndpointVisitor for FirstKey<'_> {
        type Output = Option<String>;

        fn series<O: SeriesOptions>(self, _: &EndpointInfo) -> Option<String> {
            None
        }

        fn list<L: Listing>(self, _: &EndpointInfo) -> Option<String> {
            let first = self.0.all(&ListParams::<L>::new()).next().unwrap().unwrap();
            Some(first.key().to_owned())
        }

        fn item<K: ItemKey>(self, _: &EndpointInfo) -> Option<String> {
            None
        }
    }

    let list_path = item.path.split("/{").next().unwrap();
    let list = ENDPOINTS.iter().find(|list| list.path == list_path).unwrap();
    list.visit(FirstKey(client)).flatten().unwrap()
}

#[test]
fn the_emulator_answers_every_endpoint_in_json_and_csv() {
    let emulator = Emulator::start().unwrap();
    let client = Client::builder(Credentials::token("any").unwrap())
        .base_url(BaseUrl::parse(&emulator.base_url()).unwrap())
        .build()
        .unwrap();
    for endpoint in ENDPOINTS {
        endpoint.visit(Call { client: &client }).unwrap();
    }
}

#[test]
fn both_clients_have_a_method_for_every_endpoint() {
    for file in ["client.rs", "blocking/client.rs"] {
        let path = format!("{}/../crates/radar-ct/src/{file}", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).unwrap();
        for endpoint in ENDPOINTS {
            assert!(
                source.contains(&format!("fn {}(", endpoint.name)),
                "crates/radar-ct/src/{file} lacks the method `{}`",
                endpoint.name
            );
        }
    }
}
