//! `cargo xtask docs`: the pictures in the README, drawn by the program from the emulator's data.

mod screen;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::emulator::Emulator;
use crate::process::built;
use crate::workspace::Workspace;
use crate::{Command as Task, conclude, no_arguments};

pub(crate) const COMMAND: Task = Task { name: "docs", about: "draws the pictures in the README anew", run };

const FOLDER: &str = "docs/images";
const PACKAGE: &str = "radar-ct-cli";
const PROGRAM: &str = "radar-ct";
/// How wide the terminal is.
const COLUMNS: u32 = 106;

/// A picture: its file, and what is typed for it.
struct Picture {
    file: &'static str,
    args: &'static [&'static str],
    /// Whether it shows a terminal, and not what the program writes.
    is_terminal: bool,
}

const PICTURES: &[Picture] = &[
    Picture {
        file: "chart.svg",
        args: &[
            "timeseries",
            "--date-range",
            "7d",
            "--ca-owner",
            "Let's Encrypt",
            "--vs",
            "--ca-owner",
            "Google Trust Services",
        ],
        is_terminal: true,
    },
    Picture {
        file: "groups.svg",
        args: &[
            "timeseries-groups",
            "ca-owner",
            "--date-range",
            "14d",
            "--limit-per-group",
            "3",
            "--normalization",
            "raw_values",
            "--output",
            "svg",
        ],
        is_terminal: false,
    },
];

fn run(args: &[String]) -> ExitCode {
    conclude("docs", no_arguments("docs", args), |workspace, ()| draw(workspace).map(|()| true))
}

fn draw(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.root().join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    for (file, text) in drawn(workspace)? {
        fs::write(folder.join(file), text).map_err(|error| format!("{FOLDER}/{file}: {error}"))?;
        println!("{FOLDER}/{file}");
    }
    Ok(())
}

/// Which pictures are not what would be drawn now.
pub(crate) fn differences(workspace: &Workspace) -> Result<Vec<String>, String> {
    let folder = workspace.root().join(FOLDER);
    let differs =
        |(file, text): &(&str, String)| fs::read_to_string(folder.join(file)).ok().as_ref() != Some(text);
    let differing = drawn(workspace)?.into_iter().filter(differs);
    Ok(differing
        .map(|(file, _)| format!("{FOLDER}/{file} is another picture: run `cargo xtask docs`"))
        .collect())
}

fn drawn(workspace: &Workspace) -> Result<Vec<(&'static str, String)>, String> {
    let program = built(workspace, PACKAGE, PROGRAM)?;
    let emulator = Emulator::start(workspace, &[])?;
    PICTURES.iter().map(|picture| Ok((picture.file, picture.drawn(&program, &emulator)?))).collect()
}

impl Picture {
    fn drawn(&self, program: &Path, emulator: &Emulator) -> Result<String, String> {
        let mut command = Command::new(program);
        command
            .args(self.args)
            .env("CLOUDFLARE_BASE_URL", emulator.base_url())
            .env("CLOUDFLARE_API_TOKEN", "any");
        if self.is_terminal {
            command
                .args(["--output", "chart", "--color", "always"])
                .env("COLUMNS", COLUMNS.to_string())
                .env("LINES", "26");
        }
        let output = command
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("{PROGRAM} did not start: {error}"))?;
        let text = String::from_utf8(output.stdout).map_err(|_| format!("{PROGRAM} wrote no UTF-8"))?;
        if !output.status.success() {
            return Err(format!("{PROGRAM} ended with {}", output.status));
        }
        if !self.is_terminal {
            return Ok(text);
        }
        screen::drawn(&format!("$ {PROGRAM} {}\n{text}", typed(self.args)), COLUMNS)
    }
}

/// Arguments as one would type them.
fn typed(args: &[&str]) -> String {
    let word = |arg: &&str| if arg.contains([' ', '\'']) { format!("\"{arg}\"") } else { (*arg).to_owned() };
    args.iter().map(word).collect::<Vec<_>>().join(" ")
}
