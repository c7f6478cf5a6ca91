//! Strangers: small projects that ask for our crates as anybody would, built from what is uploaded.

use std::collections::BTreeSet;
use std::path::Path;

use super::away::Away;
use super::{Release, packed};
use crate::emulator::Emulator;
use crate::process::{cargo_in, read, run};
use crate::tools::Missing;
use crate::workspace::Workspace;

/// One of them: its folder in `tests/consumers`, and what it must and must not pull in.
struct Consumer {
    name: &'static str,
    needs: &'static [&'static str],
    never: &'static [&'static str],
}

const CONSUMERS: &[Consumer] = &[
    Consumer {
        name: "blocking",
        needs: &["radar-ct", "ureq", "rustls", "ring"],
        never: &["tokio", "hyper", "reqwest", "aws-lc-rs", "native-tls"],
    },
    Consumer {
        name: "async",
        needs: &["radar-ct", "reqwest", "tokio", "rustls", "ring"],
        never: &["ureq", "ureq-proto", "aws-lc-rs", "native-tls"],
    },
    Consumer {
        name: "models",
        needs: &["radar-ct-model"],
        never: &[
            "radar-ct",
            "radar-ct-transport",
            "http",
            "hyper",
            "reqwest",
            "ureq",
            "tokio",
            "rustls",
            "url",
        ],
    },
    Consumer {
        name: "own-transport",
        needs: &["radar-ct", "radar-ct-transport"],
        never: &["ureq", "ureq-proto", "reqwest", "hyper", "tokio", "rustls", "ring", "native-tls"],
    },
];

const TOKEN: &str = "consumer-token";

/// Builds them from the packed files, with nothing else within reach, and lets them do their work.
pub(super) fn run_step(release: &Release) -> Result<String, Missing> {
    let configuration = packed::lay_out(release)?;
    let away = Away::new("consumers", &configuration)?;
    // An empty one: nothing that was fetched before can help.
    let home = away.folder.join("home");
    let projects = release.copy.root().join("tests/consumers");
    let build = release.folder.join("consumers");
    all(&release.workspace, &projects, &away, &Reach { home: &home, offline: true, build: &build })?;
    Ok(format!("{} projects of strangers build from the packed files and work", CONSUMERS.len()))
}

/// What cargo has when it builds them.
pub(super) struct Reach<'r> {
    pub(super) home: &'r Path,
    pub(super) offline: bool,
    pub(super) build: &'r Path,
}

/// Builds, looks at and runs each of them.
pub(super) fn all(
    workspace: &Workspace,
    projects: &Path,
    away: &Away,
    reach: &Reach<'_>,
) -> Result<(), String> {
    packed::forget_ours(reach.build)?;
    let emulator = Emulator::start(workspace, &["--token", TOKEN])?;
    for consumer in CONSUMERS {
        let Consumer { name, .. } = consumer;
        let folder = away.bring(&projects.join(name), name)?;
        let prepared = |args: &[&str]| {
            let mut command = cargo_in(&folder, args);
            command.env("CARGO_TARGET_DIR", reach.build).env("CARGO_HOME", reach.home);
            if reach.offline {
                command.arg("--offline");
            }
            command
        };
        run(prepared(&["build", "--quiet"]))?;
        let tree = read(prepared(&["tree", "--edges", "normal,no-proc-macro", "--prefix", "none"]))?;
        let crates: BTreeSet<_> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
        let problems = against(consumer, &crates);
        if !problems.is_empty() {
            return Err(problems.join("\n"));
        }
        let mut work = prepared(&["run", "--quiet"]);
        work.env("CLOUDFLARE_BASE_URL", emulator.base_url()).env("CLOUDFLARE_API_TOKEN", TOKEN);
        for variable in ["CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"] {
            work.env_remove(variable);
        }
        let said = read(work)?;
        println!("  {name}: {} crates, `{}`", crates.len(), said.trim());
    }
    Ok(())
}

fn against(consumer: &Consumer, crates: &BTreeSet<&str>) -> Vec<String> {
    let Consumer { name, needs, never } = consumer;
    let lacks = needs.iter().filter(|needed| !crates.contains(**needed));
    let has = never.iter().filter(|forbidden| crates.contains(**forbidden));
    lacks
        .map(|needed| format!("{name} does not pull in {needed}"))
        .chain(has.map(|forbidden| format!("{name} pulls in {forbidden}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn there_is_a_project_for_each_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/consumers");
        let mut there: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let mut wanted: Vec<_> = CONSUMERS.iter().map(|consumer| consumer.name).collect();
        wanted.sort_unstable();
        assert_eq!(there, wanted);
    }

    #[test]
    fn what_is_lacking_and_what_is_too_much_is_found() {
        let consumer = Consumer { name: "x", needs: &["a", "b"], never: &["c", "d"] };
        assert_eq!(against(&consumer, &["a", "b", "e"].into()), [""; 0]);
        assert_eq!(against(&consumer, &["a", "d"].into()), ["x does not pull in b", "x pulls in d"]);
    }
}
