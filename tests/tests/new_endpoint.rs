//! CONTRIBUTING's list of files to touch for a new endpoint, tried out in a copy of the workspace.
//!
//! The copy gets an eighth endpoint with series and a ninth with a list, which do not exist. Everything else
//! must follow: commands with all outputs, routes of the emulator, JSON Schemas, and the tests of every
//! endpoint.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a failed test panics")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A new endpoint: the name of its file and row, the row, and the method of a client without its visibility.
struct New {
    name: &'static str,
    row: &'static str,
    params: &'static str,
    answer: &'static str,
}

const NEW: [New; 2] = [
    New {
        name: "issuance",
        row: "issuance: series<types::IssuanceOptions>, \"Certificates issued over time\";",
        params: "IssuanceParams",
        answer: "Issuance",
    },
    New {
        name: "mirrors",
        row: "mirrors: list<types::Mirrors>, \"Mirrors of logs\";",
        params: "MirrorsParams",
        answer: "Mirrors",
    },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Copies a file or folder, and leaves files that are the same untouched, so that they are not compiled
/// again.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        let entries = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().file_name());
        let entries: BTreeSet<_> = entries.filter(|name| name != "target").collect();
        for left_over in fs::read_dir(to).unwrap().map(|entry| entry.unwrap()) {
            if !entries.contains(&left_over.file_name()) {
                let path = left_over.path();
                if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
            }
        }
        for name in entries {
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        write(to, fs::read(from).unwrap());
    }
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    if fs::read(path).ok().as_deref() != Some(bytes.as_ref()) {
        fs::write(path, bytes).unwrap();
    }
}

/// Inserts lines behind the first occurrence of a marker.
fn insert(text: &str, marker: &str, lines: &str) -> String {
    let at = text.find(marker).unwrap_or_else(|| panic!("no `{marker}`")) + marker.len();
    format!("{}{lines}{}", &text[..at], &text[at..])
}

/// Adds an endpoint to the sources of the copy, as CONTRIBUTING says, and returns the files that it touches.
fn add(copy: &Path, new: &New) -> BTreeSet<String> {
    let mut touched = BTreeSet::new();
    let mut edit = |path: String, change: &dyn Fn(Option<String>) -> String| {
        let file = copy.join(&path);
        let before = fs::read_to_string(&file).ok();
        fs::write(&file, change(before)).unwrap();
        touched.insert(path);
    };
    let New { name, row, params, answer } = new;
    let source = root().join(format!("tests/new_endpoints/{name}.rs"));
    edit(format!("crates/radar-ct-model/src/endpoints/{name}.rs"), &|_| fs::read_to_string(&source).unwrap());
    edit("crates/radar-ct-model/src/endpoints.rs".to_owned(), &|table| {
        let table = table.unwrap();
        let table = insert(&table, "mod authorities;\n", &format!("mod {name};\n"));
        let table = insert(
            &table,
            "    pub use super::authorities::*;\n",
            &format!("    pub use super::{name}::*;\n"),
        );
        insert(&table, "\nendpoints! {\n", &format!("    {row}\n"))
    });
    for (file, asynchronous, wait) in [("client.rs", "async ", ".await"), ("blocking/client.rs", "", "")] {
        edit(format!("crates/radar-ct/src/{file}"), &|client| {
            let method = format!(
                "    /// Calls the endpoint.\n    ///\n    /// # Errors\n    /// Returns an error if the call fails.\n    \
                 pub {asynchronous}fn {name}(&self, params: &crate::{params}) -> Result<crate::{answer}, Error> {{\n        \
                 self.call(params){wait}.map(|answer| answer.data)\n    }}\n\n"
            );
            insert(&client.unwrap(), "\nimpl Client {\n", &method)
        });
    }
    touched
}

/// The files that CONTRIBUTING lists for a new endpoint of that name.
fn listed(name: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let section = text.split("## Adding an endpoint").nth(1).unwrap().split("\n## ").next().unwrap();
    let items = section.lines().filter(|line| line.starts_with("- `"));
    items.map(|line| line.split('`').nth(1).unwrap().replace("NAME", name)).collect()
}

fn cargo(folder: &Path, args: &[&str]) -> Output {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .args(args)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

fn succeed(folder: &Path, args: &[&str]) -> String {
    let output = cargo(folder, args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {args:?}: {errors}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn new_endpoints_need_the_files_that_contributing_lists_and_no_others() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new_endpoint");
    for part in [
        ".cargo",
        "Cargo.lock",
        "Cargo.toml",
        "README.md",
        "CONTRIBUTING.md",
        "crates",
        "docs",
        "tests",
        "xtask",
    ] {
        fs::create_dir_all(&folder).unwrap();
        copy(&root().join(part), &folder.join(part));
    }
    for new in &NEW {
        assert_eq!(add(&folder, new), listed(new.name));
    }
    let calls = fs::read_to_string(root().join("tests/new_endpoints/calls.rs")).unwrap();
    write(&folder.join("tests/tests/new_endpoint_calls.rs"), calls);

    // The clients, the emulator, the schemas, and the tests of every endpoint.
    succeed(
        &folder,
        &[
            "test",
            "--offline",
            "--package",
            "radar-ct-tests",
            "--all-features",
            "--test",
            "new_endpoint_calls",
            "--test",
            "every_endpoint",
        ],
    );

    // The command line.
    let run = |args: &[&str]| {
        succeed(
            &folder,
            &[&["run", "--offline", "--quiet", "--package", "radar-ct-cli", "--"], args].concat(),
        )
    };
    let series = ["issuance", "--emulator", "--date-range", "2d", "--with-revoked", "true"];
    for (output, part) in [
        ("json", "\"timestamps\""),
        ("ndjson", "{\"series\":\"serie_0\",\"timestamp\":"),
        ("csv", "series,timestamp,value\n"),
        ("table", "serie_0"),
        ("chart", "┤"),
        ("svg", "<svg"),
        ("html", "<html"),
    ] {
        let written = run(&[&series[..], &["--output", output]].concat());
        assert!(written.contains(part), "{output}: {written}");
    }
    let request = run(&[&series[..], &["--vs", "--ca-owner", "DigiCert", "--dry-run"]].concat());
    assert!(request.contains("/radar/ct/issuance?name="), "{request}");
    assert!(request.contains("&withRevoked=true"), "{request}");
    let refused = cargo(
        &folder,
        &[
            "run",
            "--offline",
            "--quiet",
            "--package",
            "radar-ct-cli",
            "--",
            "issuance",
            "--with-revoked",
            "maybe",
        ],
    );
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");

    assert_eq!(run(&["mirrors", "--emulator", "--output", "csv"]), "slug,log\nargon2026h1-eu,argon2026h1\n");
    assert!(run(&["mirrors", "--emulator", "--all", "--output", "json"]).contains("\"logMirrors\":["));
    assert!(run(&["mirrors", "list", "--emulator", "--output", "table"]).contains("argon2026h1-eu"));
    let help = run(&["help"]);
    assert!(help.contains("Certificates issued over time") && help.contains("Mirrors of logs"), "{help}");
}
