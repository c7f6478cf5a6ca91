//! `cargo xtask release --self-test`: a real release, of a clone, to a registry on this machine.
//!
//! Cut between two crates and finished by the same command; and before that, changes that break users, each of which has to
//! be stopped by the check that is meant for it.

mod breaks;
mod loopback;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use loopback::Loopback;

use super::away::Away;
use super::changelog::released;
use super::consumers::{Reach, all};
use super::copy::clone;
use super::ground::{current, read_file, subject};
use super::version::{Version, Wanted};
use crate::git::{does, said};
use crate::process::program;
use crate::today::today;
use crate::tools::{AUDITABLE, CYCLONEDX, HTTP_REGISTRY, Missing, PUBLIC_API, SEMVER_CHECKS};
use crate::workspace::{Workspace, target_folder};

/// A release takes minutes, most of them for building; one that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(3600);

/// What there is to play with.
struct Stage {
    workspace: Workspace,
    /// The clone that is released.
    clone: Workspace,
    folder: PathBuf,
    /// What cargo keeps at home, apart from the user's: what comes from here must not be found there later.
    home: PathBuf,
    registry: Loopback,
    version: Version,
}

pub(super) fn run(workspace: &Workspace) -> Result<(), String> {
    if !said(workspace.root(), &["status", "--porcelain"])?.is_empty() {
        return Err("what is tested is what is committed: commit or remove what is in the tree".to_owned());
    }
    for tool in [HTTP_REGISTRY, SEMVER_CHECKS, PUBLIC_API, AUDITABLE, CYCLONEDX] {
        tool.program(workspace).map_err(Missing::why)?;
    }
    timed("changes that break users are stopped", || breaks::run(workspace))?;
    let stage = set(workspace)?;
    timed("a release is cut between two crates", || cut(&stage))?;
    timed("the same command finishes it", || finish(&stage))?;
    timed("once more, it has nothing left to do", || again(&stage))?;
    timed("strangers build from the registry", || strangers(&stage))?;
    println!("\n==> self-test: all passed");
    Ok(())
}

fn timed(what: &str, part: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("\n==> self-test: {what}");
    let began = Instant::now();
    part().map_err(|error| format!("self-test: {what}: {error}"))?;
    println!("<== self-test: {what}: passed in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Folder, registry, and a clone that has been released once and has something new.
fn set(workspace: &Workspace) -> Result<Stage, String> {
    let folder = target_folder("releasing")?.join("self-test");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let home = folder.join("home");
    fs::create_dir_all(&home).map_err(failed)?;
    loopback::forget(&home).map_err(failed)?;
    let program = HTTP_REGISTRY.program(workspace).map_err(Missing::why)?;
    let registry = Loopback::start(&program, &folder.join("registry"))?;
    let clone_of = Workspace::at(folder.join("repository"));
    clone(workspace, clone_of.root(), "HEAD")?;
    let root = clone_of.root();
    does(root, &["switch", "--quiet", "--create", "self-test"])?;

    let version = current(&clone_of)?;
    write(&clone_of, "Cargo.toml", &loopback::depend_on(&read_file(&clone_of, "Cargo.toml")?))?;
    let line = "## [Unreleased]\n\n- A line of the self-test.\n";
    let text = read_file(&clone_of, "CHANGELOG.md")?.replacen("## [Unreleased]\n", line, 1);
    let text = released(&text, version, &today()?)?;
    write(&clone_of, "CHANGELOG.md", &text)?;
    does(root, &["commit", "--quiet", "--all", "--message", &subject(version)])?;
    does(root, &["tag", "--force", &version.tag()])?;
    write(&clone_of, "CHANGELOG.md", &text.replacen("## [Unreleased]\n", line, 1))?;
    does(root, &["commit", "--quiet", "--all", "--message", "Write down something new"])?;
    let version = version.next(Wanted::Patch);
    let workspace = Workspace::at(workspace.root().to_owned());
    Ok(Stage { workspace, clone: clone_of, folder, home, registry, version })
}

fn write(workspace: &Workspace, name: &str, text: &str) -> Result<(), String> {
    fs::write(workspace.root().join(name), text).map_err(|error| format!("{name}: {error}"))
}

/// Kills everything as soon as the registry has the first crate.
fn cut(stage: &Stage) -> Result<(), String> {
    let before = said(stage.clone.root(), &["rev-parse", "HEAD"])?;
    let (mut release, log) = start(stage, "cut")?;
    let began = Instant::now();
    let status = loop {
        if !stage.registry.crates()?.is_empty() {
            break None;
        }
        match release.try_wait() {
            Ok(None) if began.elapsed() < PATIENCE => sleep(Duration::from_millis(100)),
            Ok(status) => break status,
            Err(error) => return Err(error.to_string()),
        }
    };
    if let Some(status) = status {
        return Err(format!("it ended with {status} before anything was published\n{}", end_of(&log)));
    }
    kill_all(&mut release)?;
    let there = stage.registry.crates()?;
    let all = stage.clone.published()?;
    println!("  killed; the registry has {} of {}: {}", there.len(), all.len(), there.join(", "));
    if there.is_empty() || there.len() >= all.len() {
        return Err("that is not between two crates".to_owned());
    }
    let root = stage.clone.root();
    let tagged = said(root, &["rev-parse", &format!("{}^{{commit}}", stage.version.tag())])?;
    let (head, parent) = (said(root, &["rev-parse", "HEAD"])?, said(root, &["rev-parse", "HEAD~1"])?);
    if tagged != head || parent != before {
        return Err(format!(
            "the branch is at {head}, the tag at {tagged}, on top of {parent} and not of {before}"
        ));
    }
    Ok(())
}

fn finish(stage: &Stage) -> Result<(), String> {
    let head = said(stage.clone.root(), &["rev-parse", "HEAD"])?;
    let log = to_its_end(stage, "finish")?;
    println!("{}", end_of(&log));
    if said(stage.clone.root(), &["rev-parse", "HEAD"])? != head {
        return Err("another commit was made".to_owned());
    }
    let there = stage.registry.crates()?;
    let wanted: Vec<_> =
        stage.clone.published()?.iter().map(|name| format!("{name}-{}", stage.version)).collect();
    if there != wanted {
        return Err(format!("the registry has {}", there.join(", ")));
    }
    stage.registry.each_once(&wanted)
}

fn again(stage: &Stage) -> Result<(), String> {
    let log = to_its_end(stage, "again")?;
    let said = fs::read_to_string(&log).unwrap_or_default();
    if said.contains("there is nothing left to do") { Ok(()) } else { Err(end_of(&log)) }
}

fn strangers(stage: &Stage) -> Result<(), String> {
    let away = Away::new("self-test", &stage.registry.configuration())?;
    let projects = stage.clone.root().join("tests/consumers");
    let listed = said(&projects, &["ls-files", "--", "*/Cargo.toml"])?;
    for name in listed.lines() {
        let name = format!("tests/consumers/{name}");
        write(&stage.clone, &name, &loopback::ask_for(&read_file(&stage.clone, &name)?))?;
    }
    let build = stage.folder.join("consumers");
    all(&stage.workspace, &projects, &away, &Reach { home: &stage.home, offline: false, build: &build })
}

/// Starts a release of the clone, with this very program, in a group of processes of its own.
fn start(stage: &Stage, name: &str) -> Result<(Child, PathBuf), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let log = stage.folder.join(format!("{name}.log"));
    let output = File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    let errors = output.try_clone().map_err(|error| format!("{}: {error}", log.display()))?;
    let mut command = program(own.as_os_str(), stage.clone.root());
    command.args(["release", "patch", "--execute", "--registry", loopback::NAME]);
    command.env("CARGO_MANIFEST_DIR", stage.clone.root().join("xtask")).env("CARGO_HOME", &stage.home);
    command.envs(stage.registry.variables()).stdout(output).stderr(errors);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    println!("  all that it says goes to {}", stage.workspace.short(&log));
    Ok((command.spawn().map_err(|error| format!("it did not start: {error}"))?, log))
}

fn to_its_end(stage: &Stage, name: &str) -> Result<PathBuf, String> {
    let (mut release, log) = start(stage, name)?;
    let status = release.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(log) } else { Err(format!("it ended with {status}\n{}", end_of(&log))) }
}

/// As a machine that loses its power would: it, and cargo below it, at once.
fn kill_all(release: &mut Child) -> Result<(), String> {
    // The group, which a process cannot be asked to kill through the standard library.
    let group = format!("kill -KILL -{}", release.id());
    let status = Command::new("sh").args(["-c", &group]).stdin(Stdio::null()).status();
    let _ = release.kill();
    let _ = release.wait();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err("its processes cannot be killed as a group here".to_owned()),
    }
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().rev().take(12).map(|line| format!("    | {line}")).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
