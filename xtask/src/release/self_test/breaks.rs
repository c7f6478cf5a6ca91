//! Changes that break users, made in a clone: each has to be stopped, and by the check that is meant for it.

use std::fs;

use super::super::api::{Comparison, by_the_rules, line_by_line};
use super::super::copy::clone;
use super::super::ground::current;
use super::super::version::Wanted;
use crate::git::does;
use crate::tools::Missing;
use crate::workspace::{Workspace, target_folder};

/// Which check stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// The rules, with the name of the one that is broken.
    Rule(&'static str),
    /// The list of what is public.
    Lines,
}

struct Break {
    what: &'static str,
    package: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    by: By,
}

const BREAKS: &[Break] = &[
    Break {
        what: "a public field is removed",
        package: "radar-ct-transport",
        file: "crates/radar-ct-transport/src/traits.rs",
        from: "    pub monotonic: Instant,",
        to: "    pub(crate) monotonic: Instant,",
        by: By::Rule("struct_pub_field_missing"),
    },
    Break {
        what: "a public function takes another type",
        package: "radar-ct-transport",
        file: "crates/radar-ct-transport/src/config.rs",
        from: "pub fn max_body_bytes(mut self, bytes: usize) -> Self {",
        to: "pub fn max_body_bytes(mut self, bytes: u16) -> Self {\n        let bytes = usize::from(bytes);",
        by: By::Lines,
    },
    Break {
        what: "a feature is dropped",
        package: "radar-ct",
        file: "crates/radar-ct/Cargo.toml",
        from: "\ntracing = [\"dep:tracing\"]",
        to: "\nanother = [\"dep:tracing\"]",
        by: By::Rule("feature_missing"),
    },
];

pub(super) fn run(workspace: &Workspace) -> Result<(), String> {
    let folder = target_folder("releasing")?;
    let broken = Workspace::at(folder.join("self-test").join("broken"));
    clone(workspace, broken.root(), "HEAD")?;
    let previous = current(&broken)?;
    does(broken.root(), &["tag", "--force", &previous.tag()])?;
    let target = previous.next(Wanted::Patch);
    for change in BREAKS {
        println!("\n  -- {}: {}", change.package, change.what);
        does(broken.root(), &["checkout", "--quiet", "--", "."])?;
        make(&broken, change)?;
        let libraries = vec![change.package.to_owned()];
        let comparison = Comparison { new: &broken, target, previous, libraries, folder: &folder };
        let outcome = match change.by {
            By::Rule(_) => by_the_rules(&comparison),
            By::Lines => line_by_line(&comparison, false),
        };
        println!("  -> {}", judge(change, outcome)?);
    }
    Ok(())
}

fn make(broken: &Workspace, change: &Break) -> Result<(), String> {
    let path = broken.root().join(change.file);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", change.file))?;
    let changed = text.replacen(change.from, change.to, 1);
    if changed == text {
        return Err(format!("{} has no `{}` to change any more", change.file, change.from.trim()));
    }
    fs::write(&path, changed).map_err(|error| format!("{}: {error}", change.file))
}

/// Stopped for another reason is not stopped: the change may not even compile.
fn judge(change: &Break, outcome: Result<String, Missing>) -> Result<String, String> {
    let meant = match change.by {
        By::Rule(rule) => rule,
        By::Lines => "public items gone or changed",
    };
    match outcome {
        Err(Missing::Broken(why)) if why.contains(meant) => Ok(format!("stopped: {why}")),
        Err(Missing::Broken(why) | Missing::Skip(why)) => {
            Err(format!("{}: not stopped by `{meant}`, but: {why}", change.what))
        }
        Ok(said) => Err(format!("{}: NOT stopped: {said}", change.what)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_changed_is_there() {
        for change in BREAKS {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(change.file);
            let text = fs::read_to_string(path).unwrap();
            assert_eq!(text.matches(change.from).count(), 1, "{}", change.what);
        }
    }

    #[test]
    fn stopped_for_another_reason_is_not_stopped() {
        let change = &BREAKS[0];
        assert!(judge(change, Err(Missing::Broken("struct_pub_field_missing: x".to_owned()))).is_ok());
        assert!(judge(change, Err(Missing::Broken("it does not compile".to_owned()))).is_err());
        assert!(judge(change, Ok(String::new())).is_err());
    }
}
