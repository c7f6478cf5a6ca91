//! The `control` ranges, against the windows that they stand for.

use chrono::{Duration, SecondsFormat};

use crate::http_client::{builder, emulator, get, now, values};

/// Ranges, with the start and end of their control in days before now, and an interval other than the
/// default.
const RANGES: [(&str, i64, i64, &str); 8] = [
    ("1d", 8, 7, "1h"),
    ("7d", 14, 7, "15m"),
    ("1w", 14, 7, "1d"),
    ("10d", 24, 14, "1w"),
    ("14d", 28, 14, "1d"),
    ("2w", 28, 14, "15m"),
    ("30d", 65, 35, "1d"),
    ("52w", 728, 364, "1w"),
];

fn window(from: i64, to: i64) -> String {
    let at = |days| (now() - Duration::days(days)).to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("dateStart={}&dateEnd={}", at(from), at(to))
}

#[test]
fn ranges_equal_their_windows() {
    let emulator = emulator();
    for (range, from, to, interval) in RANGES {
        for options in [String::new(), format!("&aggInterval={interval}"), "&caOwner=Sectigo".to_owned()] {
            let control = get(&emulator, &format!("dateRange={range}control{options}")).result();
            let absolute = get(&emulator, &format!("{}{options}", window(from, to))).result();
            assert_eq!(control, absolute, "{range}{options}");
            let plain = get(&emulator, &format!("dateRange={range}{options}")).result();
            let present = get(&emulator, &format!("{}{options}", window(from - to, 0)));
            assert_eq!(plain, present.result(), "{range}{options}");
            assert_ne!(values(&plain, "serie_0"), values(&control, "serie_0"), "{range}{options}");
        }
    }
}

#[test]
fn control_and_current_ranges_share_an_answer() {
    let emulator = emulator();
    for (range, ..) in RANGES {
        let both =
            get(&emulator, &format!("name=now&dateRange={range}&name=before&dateRange={range}CONTROL"));
        let (both, alone) = (both.result(), get(&emulator, &format!("dateRange={range}control")).result());
        assert_eq!(both["before"], alone["serie_0"], "{range}");
        assert_eq!(both["meta"]["dateRange"][1], alone["meta"]["dateRange"][0], "{range}");
        assert_eq!(
            both["now"]["values"].as_array().map(Vec::len),
            both["before"]["values"].as_array().map(Vec::len)
        );
    }
}

#[test]
fn past_values_do_not_change_later() {
    let later = builder().now(now() + Duration::days(7)).start().unwrap();
    let [then, after] = [(emulator(), "7d"), (later, "7dcontrol")]
        .map(|(emulator, range)| get(&emulator, &format!("dateRange={range}")).result()["serie_0"].take());
    assert_eq!(then, after);
}
