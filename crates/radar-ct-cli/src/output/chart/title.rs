//! The title of a picture: what the values count, whose they are, and over what time.

use std::fmt;

use radar_ct::{Meta, Normalization};

use super::align::Window;
use super::time::{DAY, HOUR, MINUTE, WEEK, length, moment_of_year};
use crate::screen::harmless_cell;

/// How many names a title takes.
const MOST: usize = 3;

/// What the values count.
pub(super) fn unit(meta: &Meta) -> String {
    let of_all = meta.units.iter().find(|unit| unit.name == "*");
    let unit = of_all.or(meta.units.first()).map_or("", |unit| unit.value.trim());
    if unit.is_empty() { "certificates".to_owned() } else { harmless_cell(unit) }
}

/// A title, which the answer says all of but what it was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Title {
    pub(super) counted: String,
    /// What is between the two: ` by tld`, or `, DigiCert`.
    pub(super) asked: String,
    pub(super) rest: Vec<String>,
}

/// `Certificates, DigiCert, 7 days to 25 Nov 2026 10:00 UTC, hourly`.
impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.counted, self.asked)?;
        self.rest.iter().try_for_each(|part| write!(f, ", {part}"))
    }
}

pub(super) fn title(meta: &Meta, names: &[&str], window: Option<Window>, interval: Option<i64>) -> Title {
    let mut parts = Vec::new();
    let given: Vec<String> =
        names.iter().filter(|name| !is_made_up(name)).map(|name| harmless_cell(name)).collect();
    if !given.is_empty() {
        parts.push(listed(&given));
    }
    if let Some(window) = window {
        parts.push(covered(window));
    }
    parts.extend(interval.map(every));
    Title { counted: capital(&subject(meta)), asked: String::new(), rest: parts }
}

fn subject(meta: &Meta) -> String {
    let unit = unit(meta);
    match &meta.normalization {
        None | Some(Normalization::RawValues) => unit,
        Some(Normalization::Percentage | Normalization::OverlappedPercentage) => format!("share of {unit}"),
        Some(Normalization::PercentageChange) => format!("change of {unit}"),
        Some(Normalization::RollingAverage) => format!("rolling average of {unit}"),
        Some(Normalization::Ratio) => format!("ratio of {unit}"),
        Some(Normalization::Min0Max | Normalization::MinMax) => format!("{unit}, scaled to 1"),
        Some(other) => format!("{unit}, {}", harmless_cell(other.as_str())),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// Whether a label is the API's own, for a series that nobody named.
fn is_made_up(name: &str) -> bool {
    let number = name.strip_prefix("serie_").or_else(|| name.strip_prefix("summary_"));
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

fn listed(names: &[String]) -> String {
    match names {
        [one, other] => format!("{one} and {other}"),
        names if names.len() > MOST => {
            let first: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
            format!("{} and {} more", first.join(", "), names.len() - MOST)
        }
        names => names.join(", "),
    }
}

pub(super) fn covered(window: Window) -> String {
    if window.is_stated && window.end > window.start {
        format!("{} to {} UTC", length(window.end - window.start), moment_of_year(window.end))
    } else if window.end == window.start {
        format!("{} UTC", moment_of_year(window.start))
    } else {
        format!("{} to {} UTC", moment_of_year(window.start), moment_of_year(window.end))
    }
}

pub(super) fn every(interval: i64) -> String {
    const QUARTER: i64 = 15 * MINUTE;
    const MONTH: i64 = 31 * DAY;
    match interval {
        QUARTER => "every 15 minutes".to_owned(),
        HOUR => "hourly".to_owned(),
        DAY => "daily".to_owned(),
        WEEK => "weekly".to_owned(),
        MONTH => "monthly".to_owned(),
        other => format!("every {}", length(other)),
    }
}

#[cfg(test)]
mod tests {
    use radar_ct::Unit;

    use super::*;

    #[test]
    fn a_title_says_what_is_known_and_no_more() {
        let mut meta = Meta::default();
        assert_eq!(title(&meta, &["serie_0"], None, None).to_string(), "Certificates");
        meta.units = vec![Unit::of_all("precertificates")];
        meta.normalization = Some(Normalization::Percentage);
        let end = 1_791_460_800_000;
        let window = Window { start: end - WEEK, end, is_stated: true };
        assert_eq!(
            title(&meta, &["DigiCert"], Some(window), Some(HOUR)).to_string(),
            "Share of precertificates, DigiCert, 7 days to 8 Oct 2026 12:00 UTC, hourly"
        );
        assert_eq!(
            title(&meta, &["a", "b", "c", "d\u{1b}"], None, None).to_string(),
            "Share of precertificates, a, b, c and 1 more"
        );
    }
}
