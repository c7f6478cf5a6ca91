//! The daily and weekly rhythm of the volumes, and their growth.

use chrono::{Datelike, Timelike};

use crate::http_client::{emulator, get, timestamps, values};

/// Returns the mean of the values in each class of timestamps.
fn means(
    result: &serde_json::Value,
    classes: u32,
    class: impl Fn(&chrono::DateTime<chrono::Utc>) -> u32,
) -> Vec<u64> {
    let points: Vec<_> = timestamps(result, "serie_0").into_iter().zip(values(result, "serie_0")).collect();
    (0..classes)
        .map(|wanted| {
            let of_class: Vec<_> =
                points.iter().filter(|(at, _)| class(at) == wanted).map(|(_, v)| *v).collect();
            of_class.iter().sum::<u64>() / u64::try_from(of_class.len()).unwrap()
        })
        .collect()
}

#[test]
fn volume_is_lowest_at_night() {
    let emulator = emulator();
    for filter in ["", "&caOwner=Amazon", "&hasWildcards=true"] {
        let hours = get(&emulator, &format!("dateRange=28d&aggInterval=1h{filter}")).result();
        let hours = means(&hours, 24, Timelike::hour);
        let (busiest, quietest) = (hours.iter().max().unwrap(), hours.iter().min().unwrap());
        let at = |wanted| hours.iter().position(|value| value == wanted).unwrap();
        assert!((12..=17).contains(&at(busiest)) && (2..=7).contains(&at(quietest)), "{filter}: {hours:?}");
        assert!((130..=200).contains(&(busiest * 100 / quietest)), "{filter}: {hours:?}");
    }
}

#[test]
fn volume_is_lower_at_weekends() {
    let emulator = emulator();
    let days = get(&emulator, "dateRange=84d&aggInterval=1d").result();
    let days = means(&days, 7, |at| at.weekday().num_days_from_monday());
    let (week, weekend) = days.split_at(5);
    assert!(week.iter().min().unwrap() * 100 > weekend.iter().max().unwrap() * 105, "{days:?}");
}

#[test]
fn volume_grows_over_the_years_and_is_zero_before_2013() {
    let emulator = emulator();
    let years = get(&emulator, "dateRange=52w&dateRange=52wcontrol&aggInterval=1w").result();
    let [now, before] = ["serie_0", "serie_1"].map(|label| values(&years, label).iter().sum::<u64>());
    assert!((108..=130).contains(&(now * 100 / before)), "{now} {before}");
    let early = get(&emulator, "dateStart=2010-01-01T00:00:00Z&dateEnd=2012-12-31T00:00:00Z").result();
    assert!(values(&early, "serie_0").iter().all(|value| *value == 0), "there were no logs then");
}
