//! The emulator's seven endpoints agree with each other, through both clients.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failed test panics")]

use radar_ct::{
    AggInterval, AuthoritiesParams, Authority, AuthorityParams, BaseUrl, Client, Credentials, DateRange,
    Dimension, Endpoint, Error, GroupNormalization, Log, LogParams, LogsParams, Summary, SummaryParams,
    Timeseries, TimeseriesGroups, TimeseriesGroupsParams, TimeseriesParams, blocking,
};
use radar_ct_emulator::Emulator;
use tokio::runtime::Runtime;

/// Both clients of one emulator. They must receive the same answers.
struct Both {
    blocking: blocking::Client,
    asynchronous: Client,
    runtime: Runtime,
    _emulator: Emulator,
}

impl Both {
    fn new() -> Self {
        let now = "2026-10-08T12:34:56Z".parse().unwrap();
        let emulator = Emulator::builder().now(now).start().unwrap();
        let url = BaseUrl::parse(&emulator.base_url()).unwrap();
        let credentials = || Credentials::token("any").unwrap();
        Self {
            blocking: blocking::Client::builder(credentials()).base_url(url.clone()).build().unwrap(),
            asynchronous: Client::builder(credentials()).base_url(url).build().unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            _emulator: emulator,
        }
    }

    fn call<E: Endpoint>(&self, endpoint: &E) -> E::Answer
    where
        E::Answer: PartialEq + std::fmt::Debug,
    {
        let first = self.blocking.call(endpoint).unwrap().data;
        let second = self.runtime.block_on(self.asynchronous.call(endpoint)).unwrap().data;
        assert_eq!(first, second);
        first
    }

    fn all_authorities(&self, params: &AuthoritiesParams) -> Vec<Authority> {
        let first: Vec<_> = self.blocking.all(params).collect::<Result<_, _>>().unwrap();
        let second = self.runtime.block_on(async {
            let (mut rows, mut walk) = (Vec::new(), self.asynchronous.all(params));
            while let Some(row) = walk.next().await {
                rows.push(row.unwrap());
            }
            rows
        });
        assert_eq!(first, second);
        first
    }

    fn all_logs(&self) -> Vec<Log> {
        self.blocking.all(&LogsParams::new()).collect::<Result<_, _>>().unwrap()
    }
}

fn total(values: &radar_ct::Values) -> f64 {
    values.iter().map(Option::unwrap).sum()
}

#[test]
fn groups_sum_to_the_total_and_to_the_summary() {
    let both = Both::new();
    let (week, day) = (DateRange::LAST_7_DAYS, AggInterval::OneDay);
    let all: Timeseries =
        both.call(&TimeseriesParams::new().date_range(week).agg_interval(day.clone()).name("all"));
    for dimension in Dimension::VALUES {
        let groups =
            TimeseriesGroupsParams::by(*dimension).date_range(week).agg_interval(day.clone()).name("all");
        let groups: TimeseriesGroups = both.call(&groups.normalization(GroupNormalization::RawValues));
        let groups = groups.get("all").unwrap();
        let whole = all.get("all").unwrap();
        assert_eq!(groups.timestamps(), whole.timestamps(), "{dimension}");
        for (at, value) in whole.values().iter().enumerate() {
            let sum: f64 = groups.groups().map(|(_, values)| values.get(at).unwrap()).sum();
            // Whole numbers far below 2^53 add up exactly.
            assert_eq!(Some(sum), value, "{dimension} {at}");
        }
        let summary = SummaryParams::by(*dimension).date_range(week).name("all");
        let shares: Summary = both.call(&summary.clone().normalization(GroupNormalization::Percentage));
        let sum: f64 = shares.get("all").unwrap().groups().map(|(_, value)| value.unwrap()).sum();
        assert!((sum - 100.0).abs() < 1e-3, "{dimension} {sum}");
        // A summary without an interval covers the same period as a time series with the default one.
        let hourly = TimeseriesGroupsParams::by(*dimension).date_range(week).name("all");
        let hourly: TimeseriesGroups = both.call(&hourly.normalization(GroupNormalization::RawValues));
        let counts: Summary = both.call(&summary.normalization(GroupNormalization::RawValues));
        for (key, value) in counts.get("all").unwrap().groups() {
            let sum = total(hourly.get("all").unwrap().get(key).unwrap());
            assert_eq!(value, Some(sum), "{dimension} {key}");
        }
    }
}

#[test]
fn groups_beyond_the_limit_are_summed_as_other() {
    let both = Both::new();
    let counted = |limit: Option<u32>| {
        let params =
            SummaryParams::by(Dimension::CaOwner).date_range(DateRange::LAST_7_DAYS).limit_per_group(limit);
        both.call(&params.normalization(GroupNormalization::RawValues)).series.remove(0)
    };
    let (all, few) = (counted(None), counted(Some(3)));
    let sum = |distribution: &radar_ct::Distribution| -> f64 {
        distribution.groups().map(|(_, value)| value.unwrap()).sum()
    };
    assert_eq!(sum(&all).to_bits(), sum(&few).to_bits());
    assert_eq!((few.len(), few.groups().last().unwrap().0), (4, "other"));
}

#[test]
fn listed_records_can_be_fetched_and_paged() {
    let both = Both::new();
    for limit in [None, Some(1), Some(7), Some(1000)] {
        let rows = both.all_authorities(&AuthoritiesParams::new().limit(limit));
        assert_eq!(rows, both.all_authorities(&AuthoritiesParams::new()), "{limit:?}");
    }
    for row in both.all_authorities(&AuthoritiesParams::new()) {
        let one: Authority =
            both.call(&AuthorityParams::new(row.sha256_fingerprint.to_lowercase().parse().unwrap()));
        assert_eq!(
            (&one.name, &one.owner, &one.sha256_fingerprint),
            (&row.name, &row.owner, &row.sha256_fingerprint)
        );
    }
    for row in both.all_logs() {
        let one: Log = both.call(&LogParams::new(row.slug.parse().unwrap()));
        assert_eq!((&one.slug, &one.operator, &one.state), (&row.slug, &row.operator, &row.state));
    }
    let busiest: Summary = both.call(&SummaryParams::by(Dimension::Log).date_range(DateRange::LAST_DAY));
    let slugs: Vec<_> = both.all_logs().into_iter().map(|log| log.slug).collect();
    assert!(busiest.series[0].groups().all(|(key, _)| slugs.iter().any(|slug| slug == key)));
}

#[test]
fn unknown_logs_are_not_found() {
    let both = Both::new();
    let missing = LogParams::new("no-such-log".parse().unwrap());
    let is_missing = |error: &Error| error.status().is_some_and(|status| status.as_u16() == 404);
    assert!(is_missing(&both.blocking.log(&missing).unwrap_err()));
    assert!(is_missing(&both.runtime.block_on(both.asynchronous.log(&missing)).unwrap_err()));
}
