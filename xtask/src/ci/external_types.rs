//! Types of other crates in our interface: each is a promise to follow that crate's versions, so each is on a list, with the
//! reason why it is worth it.
//!
//! Read from the text that the step `public-api` holds to the code.

use std::collections::BTreeSet;

use super::Outcome;
use crate::api::written;
use crate::workspace::Workspace;

/// What may stand in the interface of a package: a path, with all that is below it, and why.
struct Allowed {
    package: &'static str,
    path: &'static str,
    why: &'static str,
}

const fn allow(package: &'static str, path: &'static str, why: &'static str) -> Allowed {
    Allowed { package, path, why }
}

/// Whatever is in the standard library, in our own crates that version together with the one that shows them.
const EVERYWHERE: &[&str] = &["core", "alloc", "std"];

#[rustfmt::skip]
const ALLOWED: &[Allowed] = &[
    allow("radar-ct-model", "chrono::Duration", "lengths of ranges and intervals"),
    allow("radar-ct-model", "chrono::datetime::DateTime", "instants, with arithmetic that is right"),
    allow("radar-ct-model", "chrono::offset::fixed::FixedOffset", "instants as they were written"),
    allow("radar-ct-model", "chrono::offset::utc::Utc", "instants"),
    allow("radar-ct-model", "serde_core::de", "what is answered can be read from anywhere"),
    allow("radar-ct-model", "serde_core::ser", "what is answered can be kept anywhere"),

    allow("radar-ct-transport", "bytes::bytes::Bytes", "bodies, which are cloned for each attempt"),
    allow("radar-ct-transport", "http::request::Request", "the language of every HTTP client"),
    allow("radar-ct-transport", "http::response::Response", "the same"),
    allow("radar-ct-transport", "http::uri::Uri", "where a proxy is"),
    allow("radar-ct-transport", "ureq::agent::Agent", "a transport on an agent that is there already; this crate is where backends end"),
    allow("radar-ct-transport", "reqwest::async_impl::client::Client", "the same"),

    allow("radar-ct", "radar_ct_model", "shown again as a whole, and of the same version"),
    allow("radar-ct", "radar_ct_transport", "the same"),
    allow("radar-ct", "bytes::bytes::Bytes", "the transport traits have them"),
    allow("radar-ct", "http::request::Request", "the same"),
    allow("radar-ct", "http::response::Response", "the same"),
    allow("radar-ct", "http::status::StatusCode", "of an answer that is no success"),
    allow("radar-ct", "chrono::Duration", "after how long points are settled"),
    allow("radar-ct", "chrono::datetime::DateTime", "the window of an export"),
    allow("radar-ct", "chrono::offset::utc::Utc", "the same"),
    allow("radar-ct", "futures_core::stream::Stream", "rows and parts of the async client; until the standard library has one"),

    allow("radar-ct-emulator", "chrono::datetime::DateTime", "where its clock is stopped"),
    allow("radar-ct-emulator", "chrono::offset::utc::Utc", "the same"),
];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    written(workspace)
        .map(|all| -> Vec<String> {
            all.iter().flat_map(|(package, text)| against(package, text, ALLOWED)).collect()
        })
        .into()
}

/// What is in the text of a package and not on the list, and the other way round.
fn against(package: &str, text: &str, list: &[Allowed]) -> Vec<String> {
    let own = package.replace('-', "_");
    let found: BTreeSet<&str> = text.lines().flat_map(paths).collect();
    let foreign = |path: &&str| {
        let first = path.split("::").next().unwrap_or_default();
        first != own && !EVERYWHERE.contains(&first)
    };
    let list: Vec<&Allowed> = list.iter().filter(|allowed| allowed.package == package).collect();
    let is_allowed = |path: &&str| list.iter().any(|allowed| is_below(path, allowed.path));
    let mut problems: Vec<_> = found
        .iter()
        .copied()
        .filter(foreign)
        .filter(|path| !is_allowed(path))
        .map(|path| {
            format!("{package} shows `{path}`: take it back, or allow it with a reason in xtask/src/ci/external_types.rs")
        })
        .collect();
    for allowed in list.iter().filter(|allowed| !found.iter().any(|path| is_below(path, allowed.path))) {
        problems.push(format!(
            "{package} shows no `{}` any more ({}): strike it from the list",
            allowed.path, allowed.why
        ));
    }
    problems
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The paths in a line that begin with a crate. What is behind a `::` of something else, as in `<S as a::B>::Ok`, is none.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = line.split(move |c| !is_part(c));
    words
        .filter(|word| word.contains("::") && word.starts_with(|c: char| c.is_lowercase() || c == '_'))
        .map(|word| word.trim_end_matches(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "pub fn own::Thing::new<S: a::b::C>(&self, S) -> core::result::Result<<S as a::b::C>::Ok, x::Y>";
    const LIST: &[Allowed] = &[allow("own", "a::b", "needed")];

    #[test]
    fn paths_are_found_wherever_they_stand() {
        let found: Vec<_> = paths(LINE).collect();
        assert_eq!(found, ["own::Thing::new", "a::b::C", "core::result::Result", "a::b::C", "x::Y"]);
        assert_eq!(paths("pub own::Moment::wall: std::time::SystemTime").count(), 2);
    }

    #[test]
    fn what_is_not_on_the_list_is_found() {
        let problems = against("own", LINE, LIST);
        assert_eq!(problems.len(), 1);
        assert!(problems.iter().all(|problem| problem.contains("`x::Y`")), "{problems:?}");
    }

    #[test]
    fn what_is_gone_is_struck_from_the_list() {
        assert_eq!(against("own", "pub mod own", LIST).len(), 1);
        assert_eq!(against("other", "pub mod other", LIST), [""; 0]);
    }

    #[test]
    fn a_path_is_compared_as_a_whole() {
        assert!(is_below("a::b", "a::b") && is_below("a::b::c", "a::b"));
        assert!(!is_below("a::bc", "a::b"));
    }

    #[test]
    fn the_client_shows_no_backend() {
        let backends = ["ureq", "reqwest", "rustls", "tokio", "hyper"];
        let shown = ALLOWED.iter().filter(|allowed| allowed.package != "radar-ct-transport");
        for allowed in shown {
            assert!(!backends.iter().any(|backend| is_below(allowed.path, backend)), "{}", allowed.path);
        }
    }
}
