//! `cargo xtask release`: a new version, from the checks to the registry; rehearsed unless it is executed.
//!
//! Everything is done in a copy, up to the commit. Only when all of it has gone well does that very commit come to the
//! branch, is the tag made, and is anything published: a release that is cut before that has left nothing behind, and one that
//! is cut later is finished by the same command.

mod api;
mod asked;
mod away;
mod bump;
mod changelog;
mod consumers;
mod copy;
mod dist;
mod ground;
mod packages;
mod packed;
mod publish;
mod registry;
mod self_test;
mod version;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use asked::Asked;
use ground::{Plan, State};

use crate::process::{cargo, run as run_command};
use crate::tools::{self, Missing};
use crate::workspace::{Workspace, target_folder};
use crate::{Command, USAGE};

pub(crate) const COMMAND: Command = Command {
    name: "release",
    about: "rehearses a release: `release <patch|minor|major|VERSION>`; does it with `--execute`",
    run,
};

/// A release on its way.
struct Release {
    workspace: Workspace,
    asked: Asked,
    plan: Plan,
    /// For all that is made on the way.
    folder: PathBuf,
    /// Where it happens until all is well.
    copy: Workspace,
    /// For what is handed out.
    dist: PathBuf,
}

impl Release {
    /// The target folder of what is built in the copy.
    fn build(&self) -> PathBuf {
        self.folder.join("build")
    }
}

/// One step.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    run: fn(&Release) -> Result<String, Missing>,
}

/// In the order in which they run, behind the first, `ground`, which finds out what there is to do.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "version", about: "the version and the changelog, as a commit in a copy", run: copy::make },
    Step { name: "ci", about: "every check of `cargo xtask ci --all`, the tests among them", run: ci },
    Step { name: "semver", about: "nothing breaks that must not, by the rules", run: api::semver },
    Step { name: "api", about: "what is public, line by line", run: api::public },
    Step {
        name: "packages",
        about: "the packages build, and hold what is committed",
        run: packages::run_step,
    },
    Step {
        name: "consumers",
        about: "projects of strangers build from the packages",
        run: consumers::run_step,
    },
    Step { name: "dist", about: "the program, completions, manual pages, checksums", run: dist::run_step },
    Step { name: "publish", about: "the commit, the tag, the registry", run: publish::run_step },
];

fn run(args: &[String]) -> ExitCode {
    let parsed = Workspace::find().and_then(|workspace| Ok((workspace, asked::parse(args)?)));
    let outcome = match parsed {
        Ok((workspace, Some(asked))) => release(workspace, asked),
        Ok((workspace, None)) => self_test::run(&workspace),
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(USAGE);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nrelease: {message}");
            ExitCode::FAILURE
        }
    }
}

fn release(workspace: Workspace, asked: Asked) -> Result<(), String> {
    println!("==> ground: what there is to release");
    let plan = ground::look(&workspace, &asked).map_err(Missing::why)?;
    println!("<== ground: {}", Release::described(&plan));
    let folder = target_folder("releasing")?;
    let copy = Workspace::at(folder.join("copy"));
    // What a rehearsal builds has a version that may never be.
    let dist = if asked.execute { workspace.root().join("dist") } else { folder.join("dist") };
    let release = Release { workspace, asked, plan, folder, copy, dist };

    let mut summary = Vec::new();
    for step in STEPS {
        let left_out = release.plan.state == State::Tagged && step.name != "publish";
        if left_out {
            continue;
        }
        if release.asked.skip.iter().any(|name| name == step.name) {
            println!("\n!!!!!!!! LEFT OUT, as asked for: {}", step.name);
            summary.push(format!("  {:<10}LEFT OUT, as asked for", step.name));
            continue;
        }
        summary.push(format!("  {:<10}{}", step.name, one(step, &release)?));
    }
    let title = if release.asked.execute {
        "done"
    } else {
        "rehearsed; nothing outside the target folder has changed"
    };
    println!("\n==> {}: {title}", Release::described(&release.plan));
    for line in summary {
        println!("{line}");
    }
    if release.asked.execute {
        println!("  now       git push --atomic origin HEAD {}", release.plan.target.tag());
    }
    Ok(())
}

/// Takes one step. Its summary, also where it could not be taken and that is allowed.
fn one(step: &Step, release: &Release) -> Result<String, String> {
    let Step { name, about, run } = step;
    println!("\n==> {name}: {about}");
    let began = Instant::now();
    let outcome = run(release);
    let took = began.elapsed().as_secs_f64();
    match outcome {
        Ok(said) => {
            println!("<== {name}: {said} ({took:.1} s)");
            Ok(said)
        }
        Err(Missing::Skip(why)) if !release.asked.strict => {
            println!("!!!!!!!! SKIPPED: {name} was NOT checked\n!!!!!!!! because {why}");
            Ok("SKIPPED: this was not checked".to_owned())
        }
        Err(Missing::Skip(why) | Missing::Broken(why)) => {
            println!("<== {name}: FAILED in {took:.1} s");
            let untouched =
                if *name == "publish" { "" } else { "\nnothing has changed but in the target folder" };
            Err(format!("{name}: {why}{untouched}"))
        }
    }
}

fn ci(release: &Release) -> Result<String, Missing> {
    let mut command = cargo(&release.copy, &["run", "--quiet", "--package", "xtask", "--", "ci", "--all"]);
    command.env("CARGO_TARGET_DIR", release.build()).env(tools::FOLDER_VARIABLE, tools::folder()?);
    run_command(command)?;
    Ok("all passed".to_owned())
}
