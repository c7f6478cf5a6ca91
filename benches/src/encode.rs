//! Writing a query string, by the model and by hand.

use std::fmt::Write;
use std::hint::black_box;

use radar_ct_model::{DateRange, Endpoint, TimeseriesParams};

use crate::Task;

/// The window and the certification authority of each series.
const WINDOW: &str = "7d";
const OWNERS: [&str; 8] = [
    "Let's Encrypt",
    "DigiCert",
    "Google Trust Services",
    "Sectigo",
    "GoDaddy",
    "Amazon",
    "GlobalSign",
    "Microsoft Corporation",
];

/// Returns a task that checks and writes a query of this many series.
pub fn task(how: &str, series: &str) -> Task {
    let owners = &OWNERS[..series.parse().unwrap()];
    match how {
        "ours" => {
            let params = params(owners);
            Box::new(move || drop(black_box(black_box(&params).prepare().unwrap().to_string())))
        }
        "naive" => Box::new(move || drop(black_box(naive(black_box(owners))))),
        other => panic!("no way of encoding {other}"),
    }
}

fn params(owners: &[&str]) -> TimeseriesParams {
    let mut params = TimeseriesParams::new();
    for (index, owner) in owners.iter().enumerate() {
        if index > 0 {
            params = params.vs();
        }
        params = params.date_range(DateRange::LAST_7_DAYS).ca_owner(*owner).name(format!("series {index}"));
    }
    params
}

/// Writes a loop for each parameter, and checks nothing.
fn naive(owners: &[&str]) -> String {
    let mut query = String::new();
    for index in 0..owners.len() {
        let separator = if index == 0 { "" } else { "&" };
        write!(query, "{separator}name=").unwrap();
        escape(&format!("series {index}"), &mut query);
    }
    for _ in owners {
        write!(query, "&dateRange={WINDOW}").unwrap();
    }
    for owner in owners {
        query.push_str("&caOwner=");
        escape(owner, &mut query);
    }
    query
}

fn escape(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => into.push(byte.into()),
            byte => write!(into, "%{byte:02X}").unwrap(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The comparison is fair only if this holds.
    #[test]
    fn both_ways_write_the_same() {
        for count in [1, 8] {
            let owners = &OWNERS[..count];
            let mut ours: Vec<_> =
                params(owners).prepare().unwrap().to_string().split('&').map(str::to_owned).collect();
            let mut naive: Vec<_> = naive(owners).split('&').map(str::to_owned).collect();
            // The order matters within one parameter only.
            ours.sort();
            naive.sort();
            assert_eq!(ours, naive);
        }
    }
}
