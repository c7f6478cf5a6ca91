//! The logs of the world, as the API describes them.

use chrono::{DateTime, Duration, TimeZone, Utc};
use radar_ct_model::{EndpointPerformance, Log, LogApi, LogPerformance, LogState, RelatedLog, SeriesParams};

use crate::data::names::{LOGS, Log as Named, PAST_LOGS};
use crate::data::random::{mix, mix_text};
use crate::data::slot::{SLOTS_PER_DAY, Slot};
use crate::data::volume;
use crate::data::world::World;

/// How long before a certificate expires it may be logged: the longest that one is valid.
const LONGEST_VALIDITY: Duration = Duration::days(398);
/// Over how many days throughput is taken.
const DAYS_OF_THROUGHPUT: u32 = 7;

const ENDPOINTS: [&str; 7] = [
    "add-chain (new)",
    "add-chain (old)",
    "add-pre-chain (new)",
    "add-pre-chain (old)",
    "get-entries",
    "get-roots",
    "get-sth",
];

/// All of them in the order of the list, as a list has them: without the details.
pub(crate) fn all() -> Vec<Log> {
    let present = LOGS.iter().map(|(log, _)| (log, state(log.slug)));
    present.chain(PAST_LOGS.iter().map(|(log, state)| (log, state.clone()))).filter_map(row).collect()
}

/// Those that have certificates in this world take them, in one state or another.
fn state(slug: &str) -> LogState {
    match slug {
        "willow2026h2" => LogState::Qualified,
        "log2026a" => LogState::Pending,
        _ => LogState::Usable,
    }
}

fn row((named, state): (&Named, LogState)) -> Option<Log> {
    let (start, end) = expiry(named.slug)?;
    let mut letters = named.slug.chars();
    let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let host: String = named.operator.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut log = Log::default();
    log.api = Some(named.api.clone());
    log.description = format!("{} '{title}' log", named.operator);
    named.operator.clone_into(&mut log.operator);
    named.slug.clone_into(&mut log.slug);
    log.start_inclusive = Some(start.into());
    log.end_exclusive = Some(end.into());
    // A past state begins when nothing can be logged any more, a present one before the first is.
    let since = match state {
        LogState::Retired | LogState::ReadOnly => end + Duration::days(30),
        _ => start - LONGEST_VALIDITY,
    };
    log.state = Some(state);
    log.state_timestamp = Some(since.into());
    // A domain that nobody can have: none of this is real.
    log.url = format!("https://{}.ct.example/{}/", host.to_ascii_lowercase(), named.slug);
    Some(log)
}

/// When the certificates expire that a log takes, which its slug says: a year, or a half of one.
fn expiry(slug: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (_, from_year) = slug.split_at_checked(slug.find(|letter: char| letter.is_ascii_digit())?)?;
    let (year, half) = from_year.split_at_checked(4)?;
    let year: i32 = year.parse().ok()?;
    let first = |year, month| Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).single();
    match half {
        "h1" => Some((first(year, 1)?, first(year, 7)?)),
        "h2" => Some((first(year, 7)?, first(year + 1, 1)?)),
        _ => Some((first(year, 1)?, first(year + 1, 1)?)),
    }
}

/// All there is to say about a log of the list.
pub(crate) fn detailed(mut log: Log, all: &[Log], world: &World, now: DateTime<Utc>) -> Option<Log> {
    let (start, end) = expiry(&log.slug)?;
    let updated = Slot::containing(now).start()?;
    let takes = |from: DateTime<Utc>, to: DateTime<Utc>| counted(world, &log.slug, from, to);
    let hours = f64::from(DAYS_OF_THROUGHPUT * 24);
    let lately = takes(updated - Duration::days(DAYS_OF_THROUGHPUT.into()), updated);
    #[expect(clippy::cast_precision_loss, reason = "no week comes near 2^53 certificates")]
    let throughput = (lately as f64 / hours * 100.0).round() / 100.0;
    log.avg_throughput = Some(throughput);
    // What is not in force is not counted, which the API writes as null.
    let counts = !matches!(log.state, Some(LogState::Pending | LogState::Rejected));
    if counts {
        let submitted = takes(start - LONGEST_VALIDITY, end.min(updated));
        log.submitted_cert_count = Some(submitted);
        log.submittable_cert_count = Some(submitted / 3);
    }
    // What is measured are the endpoints of RFC 6962, which a log of tiles has not.
    log.performance = (log.api == Some(LogApi::Rfc6962) && counts).then(|| performance(&log.slug));
    log.last_update = Some(updated.into());
    log.related = related(&log, all);
    Some(log)
}

/// How many certificates of this world are in a log, by the same count as any series.
fn counted(world: &World, slug: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
    let strata = world.matching(&SeriesParams::new().log(slug));
    let slots = (to - from).num_minutes() / (24 * 60 / SLOTS_PER_DAY);
    if slots <= 0 {
        return 0;
    }
    volume::buckets(&strata, Slot::containing(from), slots, 1).into_iter().sum()
}

fn performance(slug: &str) -> LogPerformance {
    let name = mix_text(slug);
    let endpoints: Vec<_> = ENDPOINTS
        .iter()
        .zip(0..)
        .map(|(endpoint, number)| {
            let chance = mix(&[name, number]);
            let mut one = EndpointPerformance::default();
            (*endpoint).clone_into(&mut one.endpoint);
            one.response_time = Some(f64::from(u32::try_from(80 + chance % 320).unwrap_or_default()));
            // From 99.00 to 100.00 percent.
            one.uptime =
                Some(f64::from(u32::try_from(9900 + (chance >> 16) % 101).unwrap_or_default()) / 100.0);
            one
        })
        .collect();
    let mean = |of: fn(&EndpointPerformance) -> Option<f64>| {
        let number = u32::try_from(endpoints.len()).unwrap_or(1).max(1);
        let mean = endpoints.iter().filter_map(of).sum::<f64>() / f64::from(number);
        Some((mean * 100.0).round() / 100.0)
    };
    let mut performance = LogPerformance::default();
    performance.response_time = mean(|one| one.response_time);
    performance.uptime = mean(|one| one.uptime);
    performance.endpoints = endpoints;
    performance
}

/// The others of the same operator.
fn related(log: &Log, all: &[Log]) -> Vec<RelatedLog> {
    let others = all.iter().filter(|other| other.operator == log.operator && other.slug != log.slug);
    let brief = |other: &Log| {
        let mut brief = RelatedLog::default();
        brief.description.clone_from(&other.description);
        brief.end_exclusive.clone_from(&other.end_exclusive);
        brief.slug.clone_from(&other.slug);
        brief.start_inclusive.clone_from(&other.start_inclusive);
        brief.state.clone_from(&other.state);
        brief
    };
    others.map(brief).collect()
}
