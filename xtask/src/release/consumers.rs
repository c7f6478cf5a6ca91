//! Projects that know only what is published, built from the packed crates.

use std::env;

use anyhow::{Result, ensure};

use super::Release;
use super::packages::Unpacked;
use crate::emulator::Emulator;
use crate::shell::{at, capture, cargo, target};
use crate::trees::crates;

/// A folder in tests/consumers, the crates that it must pull in, and those that it must not.
type Consumer = (&'static str, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
const CONSUMERS: &[Consumer] = &[
    ("blocking", &["radar-ct", "ureq", "rustls", "ring"], &["tokio", "hyper", "reqwest", "aws-lc-rs", "native-tls"]),
    ("async", &["radar-ct", "reqwest", "tokio", "rustls", "ring"], &["ureq", "ureq-proto", "aws-lc-rs", "native-tls"]),
    ("models", &["radar-ct-model"], &[
        "radar-ct", "radar-ct-transport", "http", "hyper", "reqwest", "ureq", "tokio", "rustls", "url",
    ]),
    ("own-transport", &["radar-ct", "radar-ct-transport"], &[
        "ureq", "ureq-proto", "reqwest", "hyper", "tokio", "rustls", "ring", "native-tls",
    ]),
];

const TOKEN: &str = "consumer-token";

pub(super) fn check(release: &Release<'_>) -> Result<String> {
    let projects = release.copy.current_dir().join("tests/consumers");
    let listed = release.copy.read_dir(&projects)?.len();
    ensure!(listed == CONSUMERS.len(), "tests/consumers has {listed} projects, not {}", CONSUMERS.len());
    let unpacked = Unpacked::new(release)?;
    let emulator = Emulator::start(release.sh, &["--token", TOKEN])?;
    for (name, needed, forbidden) in CONSUMERS {
        let folder = unpacked.folder.join(name);
        for file in ["Cargo.toml", "src/main.rs"] {
            unpacked.sh.create_dir(folder.join("src"))?;
            unpacked.sh.copy_file(projects.join(name).join(file), folder.join(file))?;
        }
        unpacked.sh.copy_file(release.copy.current_dir().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let sh = at(&folder)?;
        capture(cargo(&sh, "build --quiet"))?;
        let work = sh.cmd(target(&format!("debug/consumer-{name}{}", env::consts::EXE_SUFFIX))?);
        let work = work.quiet().env("CLOUDFLARE_BASE_URL", &emulator.url);
        let work = work.env("CLOUDFLARE_API_TOKEN", TOKEN);
        println!(
            "  {name}: {}",
            work.env_remove("CLOUDFLARE_EMAIL").env_remove("CLOUDFLARE_API_KEY").read()?
        );
        let found = crates(cargo(&sh, "tree").ignore_stderr())?;
        let has = |crate_: &&&str| found.iter().any(|(found, _)| found == **crate_);
        let lacking: Vec<_> = needed.iter().filter(|crate_| !has(crate_)).collect();
        let unwanted: Vec<_> = forbidden.iter().filter(has).collect();
        ensure!(
            lacking.is_empty() && unwanted.is_empty(),
            "{name} lacks {lacking:?} and pulls in {unwanted:?}"
        );
    }
    Ok(format!("{} projects build from the packed crates and work", CONSUMERS.len()))
}
