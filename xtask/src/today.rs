//! The date, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Today as in 2026-01-31.
pub(crate) fn today() -> Result<String, String> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|since| date(since.as_secs() / 86_400)).map_err(|_| "the clock is before 1970".to_owned())
}

fn date(mut day: u64) -> String {
    let mut year = 1970;
    loop {
        let long = u64::from(is_leap(year)) + 365;
        if day < long {
            break;
        }
        day -= long;
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for long in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < long {
            break;
        }
        day -= long;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", day + 1)
}

fn is_leap(year: u64) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (day, wanted) in [
            (0, "1970-01-01"),
            (364, "1970-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (19_783, "2024-03-01"),
            (20_454, "2026-01-01"),
            (20_788, "2026-12-01"),
        ] {
            assert_eq!(date(day), wanted, "{day}");
        }
    }
}
