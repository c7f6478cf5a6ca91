//! The invented logs, as the API describes them.

use chrono::{DateTime, Duration, TimeZone, Utc};
use radar_ct_model::{
    EndpointPerformance, Log, LogApi, LogPerformance, LogState, RelatedLog, TimeseriesParams,
};

use crate::data::names::{LOGS, NamedLog, PAST_LOGS};
use crate::data::random::{mix, mix_text};
use crate::data::slot::{SLOTS_PER_DAY, Slot};
use crate::data::volume;
use crate::data::world::World;

/// The longest validity of a certificate. No certificate is logged earlier than this before its expiry.
const LONGEST_VALIDITY: Duration = Duration::days(398);
/// The days over which the throughput is averaged.
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

/// Returns all logs in the order of the list, without the members that lists leave out.
pub(crate) fn all() -> Vec<Log> {
    let present = LOGS.iter().map(|(log, _)| (log, state(log.slug)));
    present.chain(PAST_LOGS.iter().map(|(log, state)| (log, state.clone()))).filter_map(row).collect()
}

/// Returns the state of a log that has certificates.
fn state(slug: &str) -> LogState {
    match slug {
        "willow2026h2" => LogState::Qualified,
        "log2026a" => LogState::Pending,
        _ => LogState::Usable,
    }
}

fn row((named, state): (&NamedLog, LogState)) -> Option<Log> {
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
    // A log leaves service after its last certificate has expired, and enters it before the first is issued.
    let since = match state {
        LogState::Retired | LogState::ReadOnly => end + Duration::days(30),
        _ => start - LONGEST_VALIDITY,
    };
    log.state = Some(state);
    log.state_timestamp = Some(since.into());
    // A reserved top-level domain, since the log is not real.
    log.url = format!("https://{}.ct.example/{}/", host.to_ascii_lowercase(), named.slug);
    Some(log)
}

/// Returns the range of expiry dates that a log accepts. Its slug says which: a year, or half a year.
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

/// Returns a log of the list with its details; `None` if chrono cannot represent a date.
pub(crate) fn detailed(mut log: Log, all: &[Log], world: &World, now: DateTime<Utc>) -> Option<Log> {
    let (start, end) = expiry(&log.slug)?;
    let updated = Slot::containing(now).start()?;
    let volume = |from: DateTime<Utc>, to: DateTime<Utc>| volume_of(world, &log.slug, from, to);
    let hours = f64::from(DAYS_OF_THROUGHPUT * 24);
    let recent = volume(updated - Duration::days(DAYS_OF_THROUGHPUT.into()), updated);
    #[expect(clippy::cast_precision_loss, reason = "a week has far less than 2^53 certificates")]
    let throughput = (recent as f64 / hours * 100.0).round() / 100.0;
    log.avg_throughput = Some(throughput);
    // Logs that are not in service have no counts, which the API writes as null.
    let in_service = !matches!(log.state, Some(LogState::Pending | LogState::Rejected));
    if in_service {
        let submitted = volume(start - LONGEST_VALIDITY, end.min(updated));
        log.submitted_cert_count = Some(submitted);
        log.submittable_cert_count = Some(submitted / 3);
    }
    // The measured endpoints are those of RFC 6962, which tiled logs do not have.
    log.performance = (log.api == Some(LogApi::Rfc6962) && in_service).then(|| performance(&log.slug));
    log.last_update = Some(updated.into());
    log.related = related(&log, all);
    Some(log)
}

/// Returns the number of certificates in a log, counted like any series.
fn volume_of(world: &World, slug: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> u64 {
    let request = TimeseriesParams::new().log(slug);
    let strata: Vec<_> = request.series().flat_map(|series| world.matching(series)).collect();
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
            // Between 99.00 and 100.00 percent.
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

/// Returns the other logs of the same operator.
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
