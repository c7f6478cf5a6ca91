//! `cargo xtask release --self-test`: changes that break users are stopped, and a release that is killed
//! between two crates is finished by the same command.

use std::env;
use std::fs::File;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use super::loopback::{Loopback, NAME};
use super::version::after;
use super::{by_the_rules, clone, line_by_line};
use crate::api;
use crate::shell::{cargo_home, git, published, target};

/// A change, and the text of the error that must stop it.
type Break = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const BREAKS: &[Break] = &[
    // A public field is removed.
    ("crates/radar-ct-transport/src/traits.rs", "    pub monotonic: Instant,", "    pub(crate) monotonic: Instant,",
        "struct_pub_field_missing"),
    // A feature is dropped.
    ("crates/radar-ct/Cargo.toml", "\ntracing = [\"dep:tracing\"]", "\nanother = [\"dep:tracing\"]", "feature_missing"),
    // A public function takes another type, to which the rules are blind.
    ("crates/radar-ct-transport/src/config.rs", "pub fn max_body_bytes(mut self, bytes: usize) -> Self {",
        "pub fn max_body_bytes(mut self, bytes: u16) -> Self {\n        let bytes = usize::from(bytes);",
        "public items removed or changed"),
];

pub(super) fn run(sh: &Shell) -> Result<()> {
    let dirty = git(sh, "status --porcelain").read()?;
    ensure!(dirty.is_empty(), "the commit is what is tested: commit or remove what is in the tree");
    let folder = target("releasing/self-test")?;
    // A branch of an earlier test would be in the way.
    sh.remove_path(&folder)?;
    let copy = clone(sh, &folder, "HEAD")?;
    git(&copy, "switch --quiet --create self-test").run()?;
    let current = published(&copy)?.first().context("there are no packages")?.version.clone();
    git(&copy, &format!("tag --force v{current}")).run()?;

    for (file, from, to, expected) in BREAKS {
        println!("\n==> {file}: `{}` is changed", from.trim());
        let text = copy.read_file(file)?;
        ensure!(text.contains(from), "{file} no longer has `{from}`: name another change");
        copy.write_file(file, text.replacen(from, to, 1))?;
        let next = after("patch", &current)?;
        let outcome = if expected.contains(' ') {
            ensure!(api::check(&copy).is_err(), "docs/api does not show the change");
            api::write(&copy)?;
            line_by_line(&copy, &current, &next, false)
        } else {
            by_the_rules(&copy, &current)
        };
        let error = outcome.err().context("it was NOT stopped")?;
        ensure!(format!("{error:#}").contains(expected), "stopped for another reason: {error:#}");
        println!("<== stopped by `{expected}`");
        git(&copy, "checkout --quiet -- .").run()?;
    }

    let crates = published(&copy)?.len();
    let manifest = copy.read_file("Cargo.toml")?;
    let registry = format!("{{ registry = \"{NAME}\", path = \"crates/");
    copy.write_file("Cargo.toml", manifest.replace("{ path = \"crates/", &registry))?;
    let news = copy.read_file("CHANGELOG.md")?.replacen("Unreleased]\n", "Unreleased]\n\n- A test.\n", 1);
    copy.write_file("CHANGELOG.md", news)?;
    git(&copy, "commit --quiet --all --message Test").run()?;
    let registry = Loopback::start(sh)?;
    let outcome = cut_and_finish(&copy, &registry, crates);
    // Cargo keeps what it has downloaded, by the host of the registry, and a folder has none.
    for kept in ["index", "cache", "src"] {
        let kept = cargo_home()?.join("registry").join(kept);
        for entry in sh.read_dir(kept).unwrap_or_default() {
            if entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('-')) {
                sh.remove_path(entry)?;
            }
        }
    }
    outcome?;
    println!("\n==> self-test: all passed");
    Ok(())
}

fn cut_and_finish(copy: &Shell, registry: &Loopback, crates: usize) -> Result<()> {
    println!("\n==> a release is killed between two crates");
    let before = git(copy, "rev-parse HEAD").read()?;
    let mut child = start(copy, registry, "cut")?;
    let began = Instant::now();
    while registry.uploads(copy)? == 0 {
        ensure!(child.try_wait()?.is_none(), "it ended before anything was published: see cut.log");
        ensure!(began.elapsed() < Duration::from_secs(1800), "it hangs: see cut.log");
        sleep(Duration::from_millis(10));
    }
    // The whole group: cargo is below, and would go on.
    copy.cmd("sh").args(["-c", &format!("kill -KILL -{}", child.id())]).quiet().run()?;
    child.wait()?;
    let uploads = registry.uploads(copy)?;
    println!("<== killed after {uploads} of {crates} crates");
    ensure!(uploads < crates, "it was killed too late");
    ensure!(git(copy, "rev-parse HEAD~1").read()? == before, "the branch is not at the release");
    let head = git(copy, "rev-parse HEAD").read()?;

    println!("==> the same command finishes it");
    ensure!(start(copy, registry, "finish")?.wait()?.success(), "it failed: see finish.log");
    ensure!(git(copy, "rev-parse HEAD").read()? == head, "it made another commit");
    ensure!(registry.uploads(copy)? == crates, "the registry lacks crates");
    println!("==> the same command has nothing left to do");
    ensure!(start(copy, registry, "again")?.wait()?.success(), "it failed: see again.log");
    let log = copy.read_file(target("releasing/again.log")?)?;
    ensure!(log.contains("there is nothing left to do"), "{log}");
    Ok(())
}

/// Starts a release of the clone in a process group of its own.
fn start(copy: &Shell, registry: &Loopback, name: &str) -> Result<Child> {
    let log = File::create(target(&format!("releasing/{name}.log"))?)?;
    let mut command = Command::new(env::current_exe()?);
    command.args(["release", "patch", "--execute", "--registry", NAME]);
    for step in ["ci", "semver", "api", "consumers", "dist"] {
        command.args(["--skip", step]);
    }
    command.current_dir(copy.current_dir()).env("CARGO_MANIFEST_DIR", copy.current_dir().join("xtask"));
    command.envs(registry.variables()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().context("the release did not start")
}
